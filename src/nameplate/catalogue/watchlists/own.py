"""A body's own list: a CSV with a name column, and whatever else of the known ones it has."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from nameplate.catalogue.watchlists.days import iso
from nameplate.catalogue.watchlists.entry import ListEntry, Reading, own_id, split
from nameplate.catalogue.watchlists.reading import read_text, table

COLUMNS: Final = (
    "name", "aliases", "kind", "valid_from", "valid_to", "scope", "citation", "identifiers",
    "countries", "note", "url",
)  # fmt: skip
"""Columns of an own list; only ``name`` is needed. Several values are parted by ``;``."""


def read_own(path: Path, reading: Reading, max_bytes: int) -> Iterator[ListEntry]:
    """An own list; dates are ISO or day/month/year, and one that is none sets its row aside."""
    for place, row in table(path, read_text(path, max_bytes), reading, ("name",)):
        bad = [
            field for field in ("valid_from", "valid_to") if row.get(field) and not iso(row[field])
        ]
        if bad or not row["name"]:
            reason = f"{bad[0]} {row[bad[0]]!r} is no date" if bad else "has no name"
            reading.aside(place, reason, " | ".join(row.values()))
            continue
        yield ListEntry(
            entry_id=own_id("own", row["name"], row.get("valid_from", "")),
            name=row["name"],
            kind=row.get("kind") or "LegalEntity",
            aliases=split(row.get("aliases", "")),
            source_list="own list",
            valid_from=iso(row.get("valid_from", "")),
            valid_to=iso(row.get("valid_to", "")),
            scope=row.get("scope", ""),
            citation=row.get("citation", ""),
            identifiers=split(row.get("identifiers", "")),
            countries=split(row.get("countries", "")),
            note=row.get("note", ""),
            url=row.get("url", ""),
            other=reading.unknown_fields(row, COLUMNS),
            locator=place,
        )
