"""The user's own word on which column is which, per body."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import msgspec

from nameplate.model.errors import UsageError
from nameplate.sources.files import why

ANY_BODY: Final = "*"
STANDARD: Final = frozenset(
    {
        "body",
        "supplier",
        "amount",
        "date",
        "description",
        "department",
        "reference",
        "currency",
    }
)
Mapping = dict[str, dict[str, str]]


def load_mapping(path: Path) -> Mapping:
    """Read ``{"Body's name": {"amount": "header as written", …}, "*": {…}}``.

    Raises UsageError where the file is no such thing or names an unknown standard column.
    """
    try:
        mapping = msgspec.json.decode(path.read_bytes(), type=Mapping)
    except OSError as error:
        raise UsageError(f"the mapping cannot be read: {why(error)}", where=path.name) from error
    except msgspec.DecodeError as error:
        raise UsageError(
            f"the mapping is not JSON of the documented form ({error})",
            where=path.name,
            do="see docs/reference/trace.md",
        ) from error
    for body, columns in mapping.items():
        unknown = sorted(set(columns) - STANDARD)
        if unknown:
            raise UsageError(
                f"{unknown[0]!r} under {body!r} is no standard column",
                where=path.name,
                do=f"use {', '.join(sorted(STANDARD))}",
            )
    return mapping


def mapping_for(mapping: Mapping, name: str, body: str | None) -> dict[str, str] | None:
    """Return the columns told for a file: its body's, or those for any body, or None.

    The body is the one given for the run or, failing that, the one the file's path tells.
    """
    from nameplate.sources.tables.body import body_of

    found, _ = body_of(name, body)
    folded = {key.casefold(): columns for key, columns in mapping.items()}
    return folded.get((found or "").casefold(), mapping.get(ANY_BODY))
