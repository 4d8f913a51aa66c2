"""Lists published as spreadsheets: the first sheet that has the key column, as rows of text."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from nameplate.catalogue.watchlists.entry import Reading
from nameplate.catalogue.watchlists.reading import fault
from nameplate.model import locator
from nameplate.model.errors import InputError, LimitError
from nameplate.tabular import open_table
from nameplate.tabular.workbook import Limits

LIMITS: Final = Limits(unpacked=400 * 1024 * 1024, grid=20_000_000)
"""What a list's workbook may cost; the UK Sanctions List unpacks to about 60 MB."""

_TITLE_ROWS: Final = 20
"""Rows above the header that are looked at: lists have at most a title and a date there."""


def sheet_rows(
    path: Path, reading: Reading, max_bytes: int, key: str
) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield (locator, row) of the first sheet with a cell ``key`` near its top.

    With an empty ``key`` the first row with two cells is the header. Raises LimitError where the
    workbook is larger than a list can be, InputError where it is none or has no such column.
    """
    size = path.stat().st_size
    if size > max_bytes:
        raise LimitError(
            f"the file has {size:,} bytes, the list has never had more than {max_bytes:,}",
            where=path.name,
            do="check that it is the list itself; the snapshot in force stays",
        )
    try:
        for sheet in open_table(path, limits=LIMITS).sheets():
            header: list[str] = []
            for row in itertools.islice(sheet.rows, _TITLE_ROWS):
                texts = [cell.strip() for cell in row.cells]
                filled = [text for text in texts if text]
                if (key and key in texts) or (not key and len(filled) > 1):
                    header = texts
                    break
            if not header:
                for _ in sheet.rows:
                    pass
                continue
            for row in sheet.rows:
                texts = [cell.strip() for cell in row.cells]
                if not any(texts):
                    continue
                reading.rows += 1
                place = locator.sheet_row(sheet.name, row.number)
                if reason := fault(texts):
                    reading.aside(place, reason, " | ".join(texts))
                    continue
                texts += [""] * (len(header) - len(texts))
                yield place, {h: t for h, t in zip(header, texts, strict=False) if h}
            return
    except InputError as error:
        if error.where:
            raise
        do = error.do or "download it again; the snapshot in force stays"
        raise type(error)(error.what, where=path.name, do=do) from error
    what = f"no sheet has a column {key!r}" if key else "no sheet has a header"
    raise InputError(what, where=path.name, do="check that this file is the list you named")
