"""United States lists that are plain tables: DoD 1260H, section 889, FCC, BIS, CSL."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from nameplate.catalogue.watchlists.days import iso
from nameplate.catalogue.watchlists.entry import ListEntry, Reading, own_id, split
from nameplate.catalogue.watchlists.reading import read_text, table

DOD_COLUMNS: Final = (
    "Name", "Clean Name", "Alias", "Previous Name", "Parent Name", "Note", "Start date",
    "End date", "Source Url",
)  # fmt: skip
"""Columns of OpenSanctions' curated copy of the section 1260H lists."""


def read_dod(path: Path, reading: Reading, max_bytes: int) -> Iterator[ListEntry]:
    """The section 1260H lists, one row for each firm and edition."""
    text = read_text(path, max_bytes)
    for place, row in table(path, text, reading, ("Name", "Clean Name", "Start date")):
        start, end = iso(row["Start date"]), iso(row.get("End date", ""))
        name = row["Clean Name"] or row["Name"].rstrip("*").strip()
        if not start or not name:
            reading.aside(place, "has no name or no start date", " | ".join(row.values()))
            continue
        aliases = (row["Name"].rstrip("*").strip(), *split(row.get("Alias", "")))
        former = split(row.get("Previous Name", ""))
        yield ListEntry(
            entry_id=own_id("us-dod-1260h", name, start),
            name=name,
            kind="Company",
            aliases=tuple(dict.fromkeys(a for a in (*aliases, *former) if a != name)),
            watchlist="us-dod-1260h",
            source_list="Section 1260H",
            valid_from=start,
            valid_to=end,
            countries=("cn",),
            parents=split(row.get("Parent Name", "")),
            note=row.get("Note", ""),
            url=row.get("Source Url", ""),
            citation="NDAA FY2021 s. 1260H, list of " + start,
            other=reading.unknown_fields(row, DOD_COLUMNS),
            locator=place,
        )


S889_COLUMNS: Final = (
    "schema", "name", "aliases", "topics", "program", "authority", "reason", "report-date",
    "start-date", "end-date", "country", "notes", "source_url",
)  # fmt: skip


def read_section_889(path: Path, reading: Reading, max_bytes: int) -> Iterator[ListEntry]:
    """The firms that section 889 names, as OpenSanctions curates them; it gives no dates."""
    text = read_text(path, max_bytes)
    for place, row in table(path, text, reading, ("schema", "name", "program", "authority")):
        yield ListEntry(
            entry_id=own_id("us-889", row["name"]),
            name=row["name"],
            kind=row["schema"] or "LegalEntity",
            aliases=split(row.get("aliases", "")),
            watchlist="us-889",
            source_list=row["program"],
            programs=split(row.get("topics", "")),
            valid_from=iso(row.get("start-date", "")),
            valid_to=iso(row.get("end-date", "")),
            announced=iso(row.get("report-date", "")),
            scope=row.get("reason", ""),
            citation=row["authority"],
            countries=split(row.get("country", "")),
            note=row.get("notes", ""),
            url=row.get("source_url", ""),
            other=reading.unknown_fields(row, S889_COLUMNS),
            locator=place,
        )


_MAKER: Final = re.compile(
    r"(?:produced(?: or provided)?|supplied, directly or indirectly,|provided) by (?P<name>[^,]+?"
    r"(?:, (?:Inc|Ltd)\.?)?)(?=,| or any| subject| to the extent|\.?$)"
)
_FCC_SERVICE: Final = re.compile(
    r"services provided by (?P<name>.+?)(?:,? subject to| and its|\.?$)", re.IGNORECASE
)


def read_fcc(path: Path, reading: Reading, max_bytes: int) -> Iterator[ListEntry]:
    """The FCC's Covered List: each row covers equipment or services, by maker or by class.

    Where the text names a maker, that is the entry's name; a row that covers a whole class of
    goods (routers, drones) has the text itself as name, and kind ``Thing``.
    """
    columns = ("covered_equipment_or_services", "date_of_inclusion_on_covered_list")
    text = read_text(path, max_bytes)
    for place, row in table(path, text, reading, columns):
        what, when = row[columns[0]], row[columns[1]]
        first, *updates = re.split(r"\s*Updated:\s*", when)
        start = iso(first)
        if not start:
            reading.aside(place, f"the date {when!r} is none", what)
            continue
        match = _MAKER.search(what) or _FCC_SERVICE.search(what)
        name = match["name"].strip() if match else what
        again = " ".join(iso(update) or update for update in updates)
        yield ListEntry(
            entry_id=own_id("us-fcc-covered", what, start),
            name=name if match else what[:160],
            kind="Company" if match else "Thing",
            watchlist="us-fcc-covered",
            source_list="FCC Covered List",
            valid_from=start,
            scope=what,
            citation=f"FCC Covered List, inclusion of {first}",
            note=f"updated {again}" if again else "",
            other=reading.unknown_fields(row, columns),
            locator=place,
        )


DPL_COLUMNS: Final = (
    "Name", "Street_Address", "City", "State", "Country", "Postal_Code", "Effective_Date",
    "Expiration_Date", "Standard_Order", "Last_Update", "Action", "FR_Citation",
)  # fmt: skip


def read_denied_persons(path: Path, reading: Reading, max_bytes: int) -> Iterator[ListEntry]:
    """BIS's Denied Persons List: tab-separated text; it does not say who is a firm."""
    text = read_text(path, max_bytes)
    required = ("Name", "Effective_Date", "Expiration_Date", "FR_Citation")
    for place, row in table(path, text, reading, required, delimiter="\t"):
        start = iso(row["Effective_Date"], "mdy")
        end = iso(row["Expiration_Date"], "mdy")
        parts = ("Street_Address", "City", "State", "Postal_Code", "Country")
        address = ", ".join(row[part] for part in parts if row.get(part))
        other = reading.unknown_fields(row, DPL_COLUMNS)
        for field, found in (("Effective_Date", start), ("Expiration_Date", end)):
            if row[field] and not found:
                other[field] = row[field]
                reading.notes.append(f"{place}: {field} {row[field]!r} is no date")
        yield ListEntry(
            entry_id=own_id("us-denied-persons", row["Name"], row["Effective_Date"], address),
            name=row["Name"],
            watchlist="us-denied-persons",
            source_list="Denied Persons List",
            valid_from=start,
            valid_to=end,
            scope="standard order" if row.get("Standard_Order") == "Y" else "",
            citation=row["FR_Citation"],
            countries=tuple(c for c in (row.get("Country", "").lower(),) if c),
            addresses=(address,) if address else (),
            note=f"{row.get('Action', '')} {row.get('Last_Update', '')}".strip(),
            other=other,
            locator=place,
        )


CSL_COLUMNS: Final = (
    "_id", "source", "entity_number", "type", "programs", "name", "title", "addresses",
    "federal_register_notice", "start_date", "end_date", "standard_order", "license_requirement",
    "license_policy", "call_sign", "vessel_type", "gross_tonnage", "gross_registered_tonnage",
    "vessel_flag", "vessel_owner", "remarks", "source_list_url", "alt_names", "citizenships",
    "dates_of_birth", "nationalities", "places_of_birth", "source_information_url", "ids",
)  # fmt: skip
_CSL_KEPT: Final = (
    "title", "standard_order", "call_sign", "vessel_type", "gross_tonnage",
    "gross_registered_tonnage", "vessel_flag", "vessel_owner", "citizenships", "dates_of_birth",
    "nationalities", "places_of_birth",
)  # fmt: skip
"""Columns of the Consolidated Screening List kept as published beside the entry."""

SUBLISTS: Final = (
    ("Denied Persons", "us-denied-persons"),
    ("Entity List", "us-bis-entity"),
    ("Chinese Military-Industrial Complex", "us-ns-cmic"),
    ("Section 1260H", "us-dod-1260h"),
)
"""How a sub-list's own name begins or contains → the catalogue's key."""

FTM_KINDS: Final = {
    "entity": "LegalEntity",
    "individual": "Person",
    "vessel": "Vessel",
    "aircraft": "Airplane",
}


def sublist(name: str) -> str:
    """The catalogue's key of a sub-list named as its publisher names it; empty where unknown."""
    return next((key for words, key in SUBLISTS if words in name), "")


def csl_entry(row: dict[str, str], reading: Reading, place: str) -> ListEntry:
    """An entry from one row of the Consolidated Screening List, CSV or flattened JSON."""
    other = reading.unknown_fields(row, CSL_COLUMNS)
    other |= {key: row[key] for key in _CSL_KEPT if row.get(key)}
    if row.get("source_information_url") and row.get("source_list_url"):
        other["source_list_url"] = row["source_list_url"]
    source = row["source"]
    key = row.get("_id") or row.get("entity_number", "")
    start = row.get("start_date", "")
    return ListEntry(
        entry_id=f"{source.partition(' ')[0]}:{key}" if key else own_id(source, row["name"], start),
        name=row["name"],
        kind=FTM_KINDS.get(row.get("type", "").lower(), "LegalEntity"),
        aliases=split(row.get("alt_names", "")),
        watchlist=sublist(source),
        source_list=source,
        programs=split(row.get("programs", "")),
        valid_from=iso(start),
        valid_to=iso(row.get("end_date", "")),
        scope="; ".join(
            text for text in (row.get("license_requirement"), row.get("license_policy")) if text
        ),
        citation=row.get("federal_register_notice", ""),
        identifiers=split(row.get("ids", "")),
        addresses=split(row.get("addresses", "")),
        note=row.get("remarks", ""),
        url=row.get("source_information_url") or row.get("source_list_url", ""),
        other=other,
        locator=place,
    )


def read_csl_csv(path: Path, reading: Reading, max_bytes: int) -> Iterator[ListEntry]:
    """The Consolidated Screening List as CSV."""
    text = read_text(path, max_bytes)
    for place, row in table(path, text, reading, ("source", "name", "alt_names", "programs")):
        if not row["name"]:
            reading.aside(place, "has no name", " | ".join(row.values()))
            continue
        yield csl_entry(row, reading, place)
