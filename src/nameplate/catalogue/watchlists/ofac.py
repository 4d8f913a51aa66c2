"""OFAC's lists: the CSV triple (primary, addresses, other names) and the SDN-style XML.

The CSV files have no header; their columns are documented by OFAC ("Specification of delimited
files") and ``-0-`` is their empty cell. Addresses and other names stand in files of their own,
which are read when they lie beside the primary one.
"""

from __future__ import annotations

import csv
import io
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

from nameplate.catalogue.watchlists.days import iso
from nameplate.catalogue.watchlists.entry import ListEntry, Reading
from nameplate.catalogue.watchlists.reading import fault, read_bytes, read_text
from nameplate.catalogue.watchlists.us_tables import FTM_KINDS
from nameplate.model import locator
from nameplate.model.errors import InputError

if TYPE_CHECKING:
    from lxml.etree import _Element

PRIM: Final = (
    "ent_num", "SDN_Name", "SDN_Type", "Program", "Title", "Call_Sign", "Vess_type", "Tonnage",
    "GRT", "Vess_flag", "Vess_owner", "Remarks",
)  # fmt: skip
ADD: Final = ("ent_num", "add_num", "address", "city", "country", "remarks")
ALT: Final = ("ent_num", "alt_num", "alt_type", "alt_name", "remarks")

_ID_REMARK: Final = re.compile(
    r"(?:alt\. )?(?P<scheme>ISIN|Equity Ticker|Unified Social Credit Code \(USCC\)|Tax ID No\.|"
    r"Registration (?:Number|ID)|Company Number|Legal Entity Number|National ID No\.|Passport|"
    r"SWIFT/BIC|Vessel Registration Identification|Government Gazette Number|Chinese Commercial "
    r"Code|Identification Number|V\.A\.T\. Number|Enterprise Number|D-U-N-S Number|"
    r"Organization Code|Business (?:Registration|Number)[^:]*?) (?P<value>.+)"
)
_NAME_REMARK: Final = re.compile(r"(?:alt\. )?Issuer Name (.+)|[anf]\.k\.a\. '(.+)'")
_KNOWN_REMARKS: Final = re.compile(
    r"(?:alt\. )?(?:DOB|POB|nationality|citizen|Gender|Target Type|Issuer Name|Website|Email|"
    r"Phone|Organization (?:Established|Type)|Linked To|Directive|Executive Order|Secondary|"
    r"Additional Sanctions|For more information|\(Linked|Effective Date|Listing Date|"
    r"Purchase/Sales|a\.k\.a\.|f\.k\.a\.|n\.k\.a\.|UK is|Bank Identifier|All offices|"
    r"Transactions Prohibited|Aircraft|Vessel|subject to|Nationality of|Digital Currency|"
    r"CAATSA|BIK|MMSI|Other Vessel|Identification of|Company Number)",
    re.IGNORECASE,
)


def siblings(path: Path) -> dict[str, Path]:
    """The address and other-names files that lie beside a primary file: role → path."""
    found = {}
    for role in ("add", "alt"):
        name = re.sub(r"prim|(?<![a-z])sdn(?=\.)", role, path.name, flags=re.IGNORECASE)
        beside = path.with_name(name)
        if beside != path and beside.is_file():
            found[role] = beside
    return found


def _rows(
    path: Path, columns: tuple[str, ...], reading: Reading, max_bytes: int, *, main: bool
) -> Iterator[tuple[str, dict[str, str]]]:
    text = read_text(path, max_bytes).rstrip("\x1a\r\n ") + "\n"
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    start, good = 1, 0
    try:
        for row in reader:
            place = f"{path.name} {locator.line(start)}" if not main else locator.line(start)
            start = reader.line_num + 1
            cells = ["" if cell.strip() == "-0-" else cell.strip() for cell in row]
            if len(cells) != len(columns) or not cells[0].isdigit():
                last = start > text.count("\n")
                if last or not good:
                    what = "is cut off" if good else "is not this OFAC file"
                    raise InputError(
                        f"the file {what}: a row has {len(cells)} cells, {len(columns)} are due",
                        where=f"{path.name}, {place}",
                        do="give the primary file of the CSV set (cons_prim.csv or sdn.csv)",
                    )
                reading.rows += main
                reading.aside(
                    place, f"has {len(cells)} cells under {len(columns)} columns", str(row)
                )
                continue
            reading.rows += main
            if reason := fault(cells):
                reading.aside(place, reason, " | ".join(cells))
                continue
            good += 1
            yield place, dict(zip(columns, cells, strict=True))
    except csv.Error as error:
        what = "the file is cut off" if "end of data" in str(error) else f"unreadable: {error}"
        raise InputError(
            what, where=f"{path.name}, line {start}", do="download it again"
        ) from error


def read_csv_set(path: Path, reading: Reading, max_bytes: int) -> Iterator[ListEntry]:
    """The primary file, with the addresses and other names that lie beside it."""
    beside = siblings(path)
    names: dict[str, list[str]] = defaultdict(list)
    places: dict[str, list[str]] = defaultdict(list)
    countries: dict[str, list[str]] = defaultdict(list)
    for role, what in (("alt", "other names"), ("add", "addresses")):
        if role not in beside:
            reading.notes.append(f"{what} not read: no {role} file lies beside {path.name}")
    if "alt" in beside:
        for _, row in _rows(beside["alt"], ALT, reading, max_bytes, main=False):
            names[row["ent_num"]].append(row["alt_name"])
            reading.auxiliary["other name"] += 1
    if "add" in beside:
        for _, row in _rows(beside["add"], ADD, reading, max_bytes, main=False):
            reading.auxiliary["address"] += 1
            text = ", ".join(row[key] for key in ("address", "city", "country") if row[key])
            if text:
                places[row["ent_num"]].append(text)
            if row["country"]:
                countries[row["ent_num"]].append(row["country"])
    for place, row in _rows(path, PRIM, reading, max_bytes, main=True):
        number = row["ent_num"]
        found = _remarks(row["Remarks"], reading)
        programs = tuple(p.strip("[] ") for p in row["Program"].split("] ["))
        yield ListEntry(
            entry_id=f"ofac:{number}",
            name=row["SDN_Name"],
            kind=FTM_KINDS.get(row["SDN_Type"].lower(), "LegalEntity"),
            aliases=tuple(dict.fromkeys((*names[number], *found["names"]))),
            watchlist="us-ns-cmic" if "CMIC-EO13959" in programs else "",
            source_list="OFAC consolidated non-SDN list",
            programs=programs,
            valid_from=found["from"][0] if found["from"] else "",
            announced=found["listed"][0] if found["listed"] else "",
            citation=", ".join(programs),
            identifiers=tuple(found["ids"]),
            countries=tuple(dict.fromkeys(countries[number])),
            addresses=tuple(places[number]),
            parents=tuple(found["parents"]),
            note=row["Remarks"],
            other={
                key: row[key]
                for key in PRIM[4:11]
                if row[key]
            },
            locator=place,
        )  # fmt: skip


def _remarks(text: str, reading: Reading) -> dict[str, list[str]]:
    """What the remarks say, by kind; remarks of a kind not known are counted, and all are kept."""
    found: dict[str, list[str]] = {
        "ids": [], "names": [], "parents": [], "from": [], "listed": []
    }  # fmt: skip
    for part in text.rstrip(".").split("; "):
        if match := _ID_REMARK.fullmatch(part):
            found["ids"].append(f"{match['scheme']}:{match['value']}")
        elif (match := re.fullmatch(r"(?:alt\. )?Issuer Name (.+)", part)) or (
            match := re.fullmatch(r"[anf]\.k\.a\. '(.+)'", part)
        ):
            found["names"].append(match[1])
        elif match := re.fullmatch(r"\(?Linked To:? (.+?)\)?", part):
            found["parents"].append(match[1])
        elif match := re.fullmatch(r"Effective Date \(CMIC\) (.+)", part):
            found["from"].append(iso(match[1]))
        elif match := re.fullmatch(r"Listing Date \(CMIC\) (.+)", part):
            found["listed"].append(iso(match[1]))
        elif part and not _KNOWN_REMARKS.match(part):
            reading.unknown[f"remark: {' '.join(part.split()[:2])}"] += 1
    return found


_XML_KNOWN: Final = frozenset(
    {"uid", "firstName", "lastName", "title", "sdnType", "remarks", "programList", "idList"}
    | {"akaList", "addressList", "nationalityList", "citizenshipList", "dateOfBirthList"}
    | {"placeOfBirthList", "vesselInfo"}
)


def read_xml(path: Path, reading: Reading, max_bytes: int) -> Iterator[ListEntry]:
    """An SDN-style XML file: ``sdnList`` of ``sdnEntry``, checked against its own record count."""
    root = parse_xml(path, max_bytes)
    if _tag(root) != "sdnList":
        raise InputError(
            f"the root element is {_tag(root)!r}, OFAC's is 'sdnList'",
            where=path.name,
            do="check that this file is the list you named",
        )
    due = ""
    for child in root:
        if _tag(child) == "publshInformation":
            reading.published = iso(_text(child, "Publish_Date"), "mdy")
            due = _text(child, "Record_Count")
        elif _tag(child) == "sdnEntry":
            reading.rows += 1
            yield _xml_entry(child, reading)
        else:
            reading.unknown[_tag(child)] += 1
    if due.isdigit() and int(due) != reading.rows:
        raise InputError(
            f"the file says that it has {due} entries and has {reading.rows}",
            where=path.name,
            do="download it again; the snapshot in force stays",
        )


def parse_xml(path: Path, max_bytes: int) -> _Element:
    """Parse XML with no entities, DTD or network; raises InputError where it is cut off."""
    from lxml import etree

    raw = read_bytes(path, max_bytes)
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(raw, parser)
    except etree.XMLSyntaxError as error:
        first = re.search(rb"<([A-Za-z][\w:.-]*)", raw)
        cut = first is not None and not raw.rstrip().endswith(b"</" + first[1] + b">")
        raise InputError(
            "the file is cut off" if cut else f"the file is no whole XML ({error.msg})",
            where=path.name,
            do="download it again; the snapshot in force stays",
        ) from error
    if b"<!DOCTYPE" in raw[:4096]:
        raise InputError(
            "the file declares a document type, which no published list does",
            where=path.name,
            do="download it again from the publisher",
        )
    return root


def place(element: _Element) -> str:
    """Locator of the line on which an element begins."""
    return locator.line(int(getattr(element, "sourceline", 0) or 0))


def _tag(element: _Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _text(element: _Element, name: str) -> str:
    for child in element:
        if _tag(child) == name:
            return (child.text or "").strip()
    return ""


def _xml_entry(element: _Element, reading: Reading) -> ListEntry:
    kids = {_tag(child): child for child in element}
    for name in kids:
        if name not in _XML_KNOWN:
            reading.unknown[name] += 1
    name = ", ".join(t for t in (_text(element, "lastName"), _text(element, "firstName")) if t)

    def each(name: str) -> list[_Element]:
        return list(kids[name]) if name in kids else []

    programs = tuple((p.text or "").strip() for p in each("programList"))
    addresses = tuple(
        ", ".join((part.text or "").strip() for part in a if _tag(part) != "uid" and part.text)
        for a in each("addressList")
    )
    found = _remarks(_text(element, "remarks"), reading)
    return ListEntry(
        entry_id=f"ofac:{_text(element, 'uid')}",
        name=name,
        kind=FTM_KINDS.get(_text(element, "sdnType").lower(), "LegalEntity"),
        aliases=tuple(
            ", ".join(t for t in (_text(a, "lastName"), _text(a, "firstName")) if t)
            for a in each("akaList")
        ),
        watchlist="us-ns-cmic" if "CMIC-EO13959" in programs else "",
        source_list="OFAC list (XML)",
        programs=programs,
        valid_from=found["from"][0] if found["from"] else "",
        announced=found["listed"][0] if found["listed"] else "",
        citation=", ".join(programs),
        identifiers=tuple(f"{_text(i, 'idType')}:{_text(i, 'idNumber')}" for i in each("idList")),
        countries=tuple(
            dict.fromkeys(c for a in each("addressList") if (c := _text(a, "country")))
        ),
        addresses=addresses,
        parents=tuple(found["parents"]),
        note=_text(element, "remarks"),
        other={
            key: " ".join(str(text) for text in kids[key].itertext()).strip()
            for key in kids
            if key not in _XML_KNOWN
            or key in ("title", "nationalityList", "citizenshipList", "dateOfBirthList")
            or key in ("placeOfBirthList", "vesselInfo")
        },
        locator=place(element),
    )
