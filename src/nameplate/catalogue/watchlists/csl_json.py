"""The US Consolidated Screening List as JSON: an object with ``results``, or the bare array.

Written from the API's documentation (``developer.trade.gov``) and the CSV form, which carries the
same fields; no real JSON file was at hand, so a field met for the first time is reported.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import msgspec

from nameplate.catalogue.watchlists.entry import ListEntry, Reading
from nameplate.catalogue.watchlists.reading import fault, read_text
from nameplate.catalogue.watchlists.us_tables import csl_entry
from nameplate.model.errors import InputError

_ENVELOPE: Final = frozenset({"results", "total", "sources_used", "sources", "offset", "size"})


def read_csl_json(path: Path, reading: Reading, max_bytes: int) -> Iterator[ListEntry]:
    """Every result, its lists and nested objects joined as the CSV joins them."""
    text = read_text(path, max_bytes)
    try:
        value = msgspec.json.decode(text)
    except msgspec.DecodeError as error:
        cut = "truncated" in str(error)
        raise InputError(
            "the file is cut off" if cut else f"the file is no JSON: {error}",
            where=path.name,
            do="download it again; the snapshot in force stays",
        ) from error
    rows = value.get("results") if isinstance(value, dict) else value
    if not isinstance(rows, list):
        raise InputError(
            "there is no array 'results'",
            where=path.name,
            do="check that this file is the Consolidated Screening List",
        )
    if isinstance(value, dict):
        for key in value.keys() - _ENVELOPE:
            reading.unknown[key] += 1
        total = value.get("total")
        if isinstance(total, int) and total != len(rows):
            raise InputError(
                f"the file says that it has {total} entries and has {len(rows)}",
                where=path.name,
                do="download all pages; the snapshot in force stays",
            )
    for number, item in enumerate(rows):
        reading.rows += 1
        place = f"/results/{number}"
        if not isinstance(item, dict) or not item.get("name") or not item.get("source"):
            reading.aside(place, "has no name or no source", str(item))
            continue
        row: dict[str, str] = {}
        for key, entry in item.items():
            row[_KEYS.get(key, str(key))] = _flat(key, entry)
        if reason := fault(list(row.values())):
            reading.aside(place, reason, row["name"])
            continue
        row.setdefault("_id", str(item.get("id", "")))
        yield csl_entry(row, reading, place)


_KEYS: Final = {"id": "_id", "federal_register_notices": "federal_register_notice"}
_ADDRESS: Final = ("address", "city", "state", "postal_code", "country")


def _flat(key: str, value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return "; ".join(text for text in (_flat(key, part) for part in value) if text)
    if isinstance(value, dict):
        if key == "addresses":
            parts = [str(value[name]) for name in _ADDRESS if value.get(name)]
        elif key == "ids":
            kind = value.get("type") or ""
            return f"{kind}:{value.get('number') or ''}".strip(":")
        else:
            parts = [str(part) for part in value.values() if part]
        return ", ".join(parts)
    return str(value)
