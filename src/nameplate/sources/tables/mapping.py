"""The mapping file: which column is which, told by a person, body by body.

TOML or JSON. Each table's key is a body's name, or a pattern (``*`` and ``?``) for the source's
path; its values map standard names to the header as written::

    ["Hyndburn Borough Council"]
    amount = "Net Amount(£)"
    supplier = "Name"

    ["spend/lambeth/*"]
    amount = "Total"
"""

from __future__ import annotations

import fnmatch
import json
import tomllib
from collections.abc import Mapping
from pathlib import Path

from nameplate.model.errors import UsageError
from nameplate.sources.tables.standards import STANDARDS

Mappings = Mapping[str, Mapping[str, str]]


def load_mappings(path: Path) -> dict[str, dict[str, str]]:
    """Read a mapping file. Raises UsageError where it is unreadable, malformed or names no such
    standard column."""
    known = {standard.name for standard in STANDARDS}
    try:
        text = path.read_text(encoding="utf-8-sig")
        data = json.loads(text) if text.lstrip().startswith("{") else tomllib.loads(text)
    except OSError as error:
        raise UsageError(
            f"the mapping file cannot be read: {error.strerror}", where=path.name
        ) from None
    except ValueError as error:
        raise UsageError(
            f"the mapping file is neither TOML nor JSON ({error})", where=path.name
        ) from None
    if not isinstance(data, dict):
        raise UsageError("the mapping file has no table per body", where=path.name)
    for body, columns in data.items():
        if not isinstance(columns, dict) or not all(isinstance(v, str) for v in columns.values()):
            raise UsageError(
                f"{body!r} does not map standard names to headers",
                where=path.name,
                do='write e.g. amount = "Net Amount"',
            )
        if unknown := sorted(set(columns) - known):
            raise UsageError(
                f"{body!r} maps unknown names: {', '.join(unknown)}",
                where=path.name,
                do=f"use {', '.join(sorted(known))}",
            )
    return data


def mapping_for(mappings: Mappings, source_name: str, body: str | None) -> dict[str, str] | None:
    """The mapping of ``body``, else of the first pattern that fits ``source_name``, else None."""
    if body is not None:
        for key, columns in mappings.items():
            if key.casefold() == body.casefold():
                return dict(columns)
    for key, columns in mappings.items():
        if fnmatch.fnmatchcase(source_name.casefold(), key.casefold()):
            return dict(columns)
    return None
