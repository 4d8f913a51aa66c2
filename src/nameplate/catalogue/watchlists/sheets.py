"""Lists published as spreadsheets: the first sheet that has the key column, as rows of text."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from nameplate.catalogue.watchlists.entry import Reading
from nameplate.catalogue.watchlists.reading import fault
from nameplate.model import locator
from nameplate.model.errors import InputError, LimitError

MAX_UNPACKED: Final = 400 * 1024 * 1024
"""Bytes that a workbook may unpack to; the UK Sanctions List unpacks to about 60 MB."""
MAX_CELLS: Final = 20_000_000
"""Cells of a sheet's declared extent: a sheet that claims more is refused before it is read."""


def sheet_rows(
    path: Path, reading: Reading, max_bytes: int, key: str
) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield (locator, row) of the sheet with a cell ``key`` in its first 20 rows.

    With an empty ``key`` the first row of the first sheet that has two cells is the header.
    Raises LimitError where the workbook is larger than a list can be, InputError where it is
    none or has no such column.
    """
    _within_limits(path, max_bytes)
    import python_calamine

    try:
        book = python_calamine.CalamineWorkbook.from_path(path)
        for name in book.sheet_names:
            sheet = book.get_sheet_by_name(name)
            if sheet.total_height * sheet.total_width > MAX_CELLS:
                raise LimitError(
                    f"the sheet {name!r} claims {sheet.total_height:,} rows and "
                    f"{sheet.total_width:,} columns",
                    where=path.name,
                    do="the snapshot in force stays",
                )
            rows = sheet.iter_rows()
            header: list[str] = []
            for number, cells in enumerate(rows, 1):
                texts = [_text(cell) for cell in cells]
                if not header:
                    filled = [text for text in texts if text]
                    if (key and key in texts) or (not key and len(filled) > 1):
                        header = texts
                    elif number > 20:
                        break
                    continue
                if not any(texts):
                    continue
                reading.rows += 1
                place = locator.sheet_row(name, number)
                if reason := fault(texts):
                    reading.aside(place, reason, " | ".join(texts))
                    continue
                yield place, {h: t for h, t in zip(header, texts, strict=False) if h}
            if header:
                return
    except python_calamine.CalamineError as error:
        raise InputError(
            f"the workbook can't be read ({error})",
            where=path.name,
            do="download it again; the snapshot in force stays",
        ) from error
    what = f"no sheet has a column {key!r}" if key else "no sheet has a header"
    raise InputError(what, where=path.name, do="check that this file is the list you named")


def _text(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


def _within_limits(path: Path, max_bytes: int) -> None:
    if path.stat().st_size > max_bytes:
        raise LimitError(
            f"the file has {path.stat().st_size:,} bytes, more than {max_bytes:,} are not read",
            where=path.name,
            do="check that it is the list itself; the snapshot in force stays",
        )
    if path.suffix.lower() == ".xls":
        return
    try:
        with zipfile.ZipFile(path) as archive:
            unpacked = sum(info.file_size for info in archive.infolist())
    except zipfile.BadZipFile as error:
        raise InputError(
            "the workbook is cut off or none",
            where=path.name,
            do="download it again; the snapshot in force stays",
        ) from error
    if unpacked > MAX_UNPACKED:
        raise LimitError(
            f"the workbook unpacks to {unpacked:,} bytes",
            where=path.name,
            do="the snapshot in force stays",
        )
