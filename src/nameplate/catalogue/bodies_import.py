"""Bodies of one's own from a CSV: NHS trusts, schools' trusts, a region's parishes.

Columns (the first two are needed; any order; UTF-8): ``name``, ``kind``, ``key`` (made from the
name where missing), ``type``, ``place``, ``gss``, ``org_id``, ``valid_from``, ``valid_to``
(exclusive; ISO dates), ``replaced_by`` (keys, split by ``;``), ``nation``, ``region``, ``lat``,
``lon``, ``aliases`` (split by ``;``). A column not named here is reported, and a row that cannot be
read is set aside with its number: neither stops the rest.
"""

from __future__ import annotations

import csv
import re
from datetime import date
from pathlib import Path
from typing import Final

import msgspec

from nameplate.catalogue.bodies import Bodies, Body
from nameplate.catalogue.schema import Source
from nameplate.model.errors import InputError

COLUMNS: Final = (
    "name",
    "kind",
    "key",
    "type",
    "place",
    "gss",
    "org_id",
    "valid_from",
    "valid_to",
    "replaced_by",
    "nation",
    "region",
    "lat",
    "lon",
    "aliases",
)
KINDS: Final = frozenset(
    {
        "council",
        "combined authority",
        "police",
        "fire",
        "department",
        "transport",
        "nhs",
        "school trust",
        "other",
    }
)
_LISTS: Final = frozenset({"replaced_by", "aliases"})
_DATES: Final = frozenset({"valid_from", "valid_to"})
MAX_ROWS: Final = 200_000
"""More bodies than the United Kingdom has, schools included: a longer file is another file."""


class Imported(msgspec.Struct, frozen=True):
    """What a file gave: bodies, rows set aside as (row, why), and columns not understood."""

    bodies: tuple[Body, ...]
    set_aside: tuple[tuple[int, str], ...]
    unknown_columns: tuple[str, ...]


def slug(name: str) -> str:
    """``name`` in lower case with hyphens: the key of a body that comes without one."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower().replace("'", "").replace("&", "and")).strip("-")


def read_bodies(path: Path) -> Imported:
    """Read a CSV of bodies; raises InputError where it is none at all."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            return _read(csv.DictReader(stream), str(path.name))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InputError(
            f"cannot be read as a CSV in UTF-8 ({error})", where=path.name, do="save it so"
        ) from error


def _read(reader: csv.DictReader[str], where: str) -> Imported:
    columns = [column.strip() for column in reader.fieldnames or []]
    if "name" not in columns or "kind" not in columns:
        raise InputError(
            f"has no columns name and kind but {', '.join(columns) or 'none'}",
            where=where,
            do="name the columns as docs/reference/bodies.md does",
        )
    bodies: list[Body] = []
    aside: list[tuple[int, str]] = []
    keys: set[str] = set()
    for number, row in enumerate(reader, start=2):
        if number > MAX_ROWS:
            raise InputError(
                f"has more than {MAX_ROWS:,} rows",
                where=where,
                do="check that it is the right file",
            )
        try:
            body = _body({(key or "").strip(): value for key, value in row.items()}, where)
            if body.key in keys:
                raise ValueError(f"the key {body.key!r} stands twice")
        except ValueError as error:
            aside.append((number, str(error)))
            continue
        keys.add(body.key)
        bodies.append(body)
    unknown = tuple(column for column in columns if column and column not in COLUMNS)
    return Imported(tuple(bodies), tuple(aside), unknown)


def _body(row: dict[str, str | None], where: str) -> Body:
    values: dict[str, object] = {}
    for column in COLUMNS:
        text = row.get(column)
        text = text.strip() if isinstance(text, str) else ""
        if not text:
            continue
        if column in _LISTS:
            values[column] = tuple(part.strip() for part in text.split(";") if part.strip())
        elif column in _DATES:
            values[column] = date.fromisoformat(text).isoformat()
        elif column in ("lat", "lon"):
            values[column] = float(text)
        else:
            values[column] = text
    name = values.get("name")
    if not isinstance(name, str):
        raise ValueError("the name is empty")
    if values.get("kind") not in KINDS:
        raise ValueError(f"the kind {values.get('kind')!r} is none of {', '.join(sorted(KINDS))}")
    values.setdefault("key", slug(name))
    values["source"] = where
    return msgspec.convert(values, Body)


def with_imported(bodies: Bodies, *imported: Imported) -> Bodies:
    """``bodies`` and the imported ones together; an imported key replaces a bundled one."""
    merged = {body.key: body for body in bodies}
    sources = dict(bodies.sources)
    for one in imported:
        for body in one.bodies:
            merged[body.key] = body
            sources.setdefault(body.source, Source(title=body.source, read=""))
    return Bodies(merged.values(), sources)
