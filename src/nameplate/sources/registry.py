"""Which class reads which family of files; nothing is imported before a file needs it."""

from __future__ import annotations

import importlib
from typing import Final

from nameplate.sources.api import Reader

READERS: Final[dict[str, str]] = {
    "json": "nameplate.sources.notices:JsonReader",
    "xml": "nameplate.sources.ted:TedReader",
    "csv": "nameplate.sources.tables.reader:TableReader",
    "xlsx": "nameplate.sources.tables.reader:TableReader",
    "xls": "nameplate.sources.tables.reader:TableReader",
    "ods": "nameplate.sources.tables.reader:TableReader",
}
"""Family (see :mod:`nameplate.sources.sniff`) → ``module:Class`` of its Reader."""


def reader_for(family: str) -> Reader | None:
    """Return a fresh reader for ``family``, or None where records are not read from it."""
    spec = READERS.get(family)
    if spec is None:
        return None
    module, _, name = spec.partition(":")
    reader: Reader = getattr(importlib.import_module(module), name)()
    return reader
