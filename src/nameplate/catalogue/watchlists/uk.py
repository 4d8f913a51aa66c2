"""United Kingdom lists: the UK Sanctions List (CSV, ODS, XML) and the debarment list (CSV, ODS).

Both readers are written from documentation. The sanctions list's fields are those of the FCDO's
format guide (gov.uk, "Format guide for the UK Sanctions List"; one row, or one ``Name`` element,
for each name of a designation), as public readers of the list name them too. The debarment
list's are what section 62(3) of the Procurement Act 2023 says that an entry must state; no copy
was at hand, so its headings are met by their words, and a heading not understood is reported.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from nameplate.catalogue.watchlists.days import iso
from nameplate.catalogue.watchlists.entry import ListEntry, Reading, own_id, split
from nameplate.catalogue.watchlists.ofac import parse_xml
from nameplate.catalogue.watchlists.ofac import place as place_of
from nameplate.catalogue.watchlists.reading import fault, read_text, table
from nameplate.catalogue.watchlists.sheets import sheet_rows
from nameplate.model.errors import InputError

if TYPE_CHECKING:
    from lxml.etree import _Element

Row = tuple[str, dict[str, str]]

_KINDS: Final = {"individual": "Person", "entity": "LegalEntity", "ship": "Vessel"}
_NAME_PARTS: Final = ("Name 1", "Name 2", "Name 3", "Name 4", "Name 5", "Name 6")
_ADDRESS: Final = (
    *(f"Address Line {n}" for n in range(1, 7)),
    "Address Postal Code",
    "Address Country",
)
_ID_COLUMNS: Final = (
    "Business registration number (s)", "Business Registration Number", "IMO number",
    "National Identifier number", "Passport number", "OFSI Group ID", "UN Reference Number",
)  # fmt: skip
_UK_KNOWN: Final = frozenset(
    {*_NAME_PARTS, *_ADDRESS, *_ID_COLUMNS, "Last Updated", "Unique ID", "Name type"}
    | {"Alias strength", "Title", "Name non-latin script", "Non-latin script type"}
    | {"Non-latin script language", "Regime Name", "Designation Type", "Designation source"}
    | {"Sanctions Imposed", "Other Information", "UK Statement of Reasons", "Date Designated"}
    | {"Individual, Entity, Ship", "Parent company", "Subsidiaries", "Type of entity", "Website"}
    | {"Phone number", "Email address", "D.O.B", "Nationality(/ies)", "Gender", "Position"}
    | {"Town of birth", "Country of birth", "National Identifier additional information"}
    | {"Passport additional information", "Current owner/operator (s)", "Flag of ship"}
    | {"Type of ship", "Tonnage of ship", "Length of ship", "Year Built"}
    | {"Hull identification number (HIN)"}
    | {"Current believed flag of ship", "Previous flags", "Previous owner/operator (s)"}
)
_HEADINGS: Final = {name.casefold(): name for name in _UK_KNOWN}
"""Headings by their letters: published files differ in case (Parent company, Parent Company)."""


def read_sanctions_table(path: Path, reading: Reading, max_bytes: int) -> Iterator[ListEntry]:
    """The CSV or ODS form: rows of one ``Unique ID`` are one designation."""
    yield from _grouped(_rows(path, reading, max_bytes, "Unique ID"), reading)


def _rows(path: Path, reading: Reading, max_bytes: int, key: str) -> Iterator[Row]:
    if path.suffix.lower() in (".ods", ".xlsx", ".xls"):
        yield from sheet_rows(path, reading, max_bytes, key)
        return
    text = read_text(path, max_bytes)
    if match := re.search(r"Report Date:?\s*,?\s*([\w/ -]+)", text[:300]):
        reading.published = iso(match[1].strip())
    yield from table(path, text, reading, (key,), skip_to=key)


def _grouped(rows: Iterable[Row], reading: Reading) -> Iterator[ListEntry]:
    groups: dict[str, list[Row]] = {}
    first = True
    for place, published in rows:
        row = {_HEADINGS.get(key.casefold(), key): cell for key, cell in published.items()}
        if first and not {"Name 6", "Regime Name"} <= row.keys():
            raise InputError(
                "the columns 'Name 6' and 'Regime Name' are not both there",
                where="UK Sanctions List",
                do="check that this file is the list you named",
            )
        first = False
        if not row["Unique ID"]:
            reading.aside(place, "has no unique id", " | ".join(row.values()))
            continue
        groups.setdefault(row["Unique ID"], []).append((place, row))
    for key, group in groups.items():
        entry = _designation(key, group, reading)
        if entry:
            yield entry


def _whole_name(row: dict[str, str]) -> str:
    return " ".join(row[part] for part in _NAME_PARTS if row.get(part))


def _designation(key: str, group: list[Row], reading: Reading) -> ListEntry | None:
    rows = [row for _, row in group]
    ranked = sorted(rows, key=lambda row: row.get("Name type", "").casefold() != "primary name")
    names = [_whole_name(row) for row in ranked]
    names += [row.get("Name non-latin script", "") for row in rows]
    names = [name for name in dict.fromkeys(names) if name]
    place, first = group[0]
    if not names:
        reading.aside(place, "has no name", key)
        return None
    other: dict[str, str] = {}
    for row in rows:
        other |= reading.unknown_fields(row, _UK_KNOWN)
    kept = ("Designation source", "Other Information", "Type of entity", "Subsidiaries", "Position")
    other |= {k: first[k] for k in kept if first.get(k)}
    kind = first.get("Designation Type") or first.get("Individual, Entity, Ship", "")
    addresses = [", ".join(r[p] for p in _ADDRESS if r.get(p)) for r in rows]
    return ListEntry(
        entry_id=f"uk:{key}",
        name=names[0],
        kind=_KINDS.get(kind.lower(), "LegalEntity"),
        aliases=tuple(names[1:]),
        watchlist="uk-sanctions",
        source_list="UK Sanctions List",
        programs=(first["Regime Name"],) if first.get("Regime Name") else (),
        valid_from=iso(first.get("Date Designated", "")),
        scope=first.get("Sanctions Imposed", ""),
        citation=first.get("Regime Name", ""),
        identifiers=tuple(
            dict.fromkeys(f"{c}:{r[c]}" for r in rows for c in _ID_COLUMNS if r.get(c))
        ),
        countries=tuple(
            dict.fromkeys(r["Address Country"] for r in rows if r.get("Address Country"))
        ),
        addresses=tuple(dict.fromkeys(a for a in addresses if a)),
        parents=split(first.get("Parent company", "")),
        note=first.get("UK Statement of Reasons", ""),
        other=other,
        locator=place,
    )


_XML_FIELDS: Final = {
    "LastUpdated": "Last Updated",
    "DateDesignated": "Date Designated",
    "UniqueID": "Unique ID",
    "OFSIGroupID": "OFSI Group ID",
    "UNReferenceNumber": "UN Reference Number",
    "RegimeName": "Regime Name",
    "IndividualEntityShip": "Designation Type",
    "DesignationSource": "Designation source",
    "SanctionsImposed": "Sanctions Imposed",
    "OtherInformation": "Other Information",
    "UKStatementofReasons": "UK Statement of Reasons",
}
_XML_GROUPS: Final = frozenset(
    {"Names", "NonLatinNames", "Addresses", "SanctionsImposedIndicators", "PhoneNumbers"}
    | {"EmailAddresses", "Websites", "IndividualDetails", "EntityDetails", "ShipDetails", "Titles"}
)


def read_sanctions_xml(path: Path, reading: Reading, max_bytes: int) -> Iterator[ListEntry]:
    """The XML form: ``Designations`` of ``Designation``."""
    root = parse_xml(path, max_bytes)
    if root.tag != "Designations":
        raise InputError(
            f"the root element is {root.tag!r}, the UK Sanctions List's is 'Designations'",
            where=path.name,
            do="check that this file is the list you named",
        )
    reading.published = iso(root.findtext("DateGenerated") or "")
    for element in root.iterfind("Designation"):
        reading.rows += 1
        place = place_of(element)
        rows = list(_xml_rows(element, reading))
        if reason := fault([cell for row in rows for cell in row.values()]):
            reading.aside(place, reason, rows[0].get("Unique ID", ""))
        elif not rows[0].get("Unique ID"):
            reading.aside(place, "has no unique id", _whole_name(rows[0]))
        elif entry := _designation(rows[0]["Unique ID"], [(place, r) for r in rows], reading):
            yield entry


def _xml_rows(element: _Element, reading: Reading) -> Iterator[dict[str, str]]:
    base: dict[str, str] = {}
    for child in element:
        if child.tag in _XML_FIELDS:
            base[_XML_FIELDS[child.tag]] = (child.text or "").strip()
        elif child.tag not in _XML_GROUPS:
            reading.unknown[child.tag] += 1
    for detail in element.iterfind("EntityDetails//*"):
        text = (detail.text or "").strip()
        if text and detail.tag in ("ParentCompany", "BusinessRegistrationNumber", "TypeOfEntity"):
            column = {
                "ParentCompany": "Parent company",
                "BusinessRegistrationNumber": "Business Registration Number",
                "TypeOfEntity": "Type of entity",
            }[str(detail.tag)]
            base[column] = text
        elif text:
            reading.unknown[f"EntityDetails {detail.tag}"] += 1
    names = element.findall("Names/Name")
    addresses = element.findall("Addresses/Address")
    native = element.findall("NonLatinNames/NonLatinName")
    for number in range(max(len(names), len(addresses), len(native), 1)):
        row = dict(base)
        if number < len(names):
            for part in _NAME_PARTS:
                row[part] = (names[number].findtext(part.replace(" ", "")) or "").strip()
            row["Name type"] = (names[number].findtext("NameType") or "").strip()
        if number < len(native):
            text = native[number].findtext("NameNonLatinScript") or ""
            row["Name non-latin script"] = text.strip()
        if number < len(addresses):
            for column in _ADDRESS:
                row[column] = (addresses[number].findtext(column.replace(" ", "")) or "").strip()
        yield row


_DEBARMENT: Final[tuple[tuple[str, str], ...]] = (
    ("name", r"supplier|name|organisation|company(?! ?(?:no|number|reg))"),
    ("number", r"(?:company|registration|identif|ppon|companies house).*"),
    ("ground", r".*ground.*"),
    ("mandatory", r".*(?:mandatory|discretionary|type of).*"),
    ("from", r".*(?:added|entered|entry date|date of entry|start).*"),
    ("to", r".*(?:remov|expir|end date|until).*"),
    ("scope", r".*(?:contracts|scope|description|applies).*"),
    ("address", r".*address.*"),
    ("url", r".*(?:link|url|report|notice).*"),
)
"""Field → the words by which its heading is known (section 62(3) of the Act, in order)."""


def read_debarment(path: Path, reading: Reading, max_bytes: int) -> Iterator[ListEntry]:
    """The debarment list as a table; each entry is also scoped by what its row says."""
    columns: dict[str, str] = {}
    first = True
    for place, row in _debarment_rows(path, reading, max_bytes):
        if first:
            columns = _debarment_columns(path, row)
            first = False
        got: dict[str, Any] = {field: row.get(column, "") for field, column in columns.items()}
        if not got["name"]:
            reading.aside(place, "has no name", " | ".join(row.values()))
            continue
        start, end = iso(got.get("from", "")), iso(got.get("to", ""))
        other = reading.unknown_fields(row, columns.values())
        for field, found in (("from", start), ("to", end)):
            if got.get(field) and not found:
                other[columns[field]] = got[field]
        ground = "; ".join(t for t in (got.get("mandatory"), got.get("ground")) if t)
        yield ListEntry(
            entry_id=own_id("uk-debarment", got["name"], got.get("number", ""), start),
            name=got["name"],
            watchlist="uk-debarment",
            source_list="Debarment list",
            valid_from=start,
            valid_to=end,
            scope="; ".join(t for t in (ground, got.get("scope")) if t),
            citation="Procurement Act 2023, s. 62",
            identifiers=split(got.get("number", "")),
            addresses=tuple(a for a in (got.get("address"),) if a),
            url=got.get("url", ""),
            other=other,
            locator=place,
        )


def _debarment_rows(path: Path, reading: Reading, max_bytes: int) -> Iterator[Row]:
    if path.suffix.lower() in (".ods", ".xlsx", ".xls"):
        yield from sheet_rows(path, reading, max_bytes, "")
    else:
        yield from table(path, read_text(path, max_bytes), reading, ())


def _debarment_columns(path: Path, row: dict[str, str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for header in row:
        words = " ".join(header.lower().split())
        for field, pattern in _DEBARMENT:
            if field not in found and header not in found.values() and re.match(pattern, words):
                found[field] = header
                break
    missing = [field for field in ("name", "ground") if field not in found]
    if missing:
        raise InputError(
            f"no column for the {'supplier' if missing[0] == 'name' else 'exclusion ground'} found",
            where=path.name,
            do="check that this file is the debarment list",
        )
    return found
