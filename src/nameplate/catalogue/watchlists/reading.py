"""Opening what claims to be a list: size, encoding, shape; a refusal is one clear sentence.

A list decides who may be accused, so these readers are stricter than those of spending files: a
file that is cut off, wrongly encoded or a web page is refused whole, and a row with a formula or
with damaged letters is set aside, never guessed at.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from nameplate.catalogue.watchlists.entry import Reading
from nameplate.model import locator
from nameplate.model.errors import InputError, LimitError

MAX_CELL: Final = 200_000
"""Characters of one cell: the longest address list of a published entry is under 20,000."""

_DAMAGED: Final = re.compile("\ufffd|Ã[\u0080-\u00bf¡-¿]|â€[™œ\u009d“”˜]|ï»¿|Â[\u0080-\u00bf]")
"""Signs that UTF-8 was once read as Windows-1252: no published name holds them."""


def read_bytes(path: Path, max_bytes: int) -> bytes:
    """Return the file's bytes; raises LimitError where it is longer than ``max_bytes``."""
    size = path.stat().st_size
    if size > max_bytes:
        raise LimitError(
            f"the file has {size:,} bytes, the list has never had more than {max_bytes:,}",
            where=path.name,
            do="check that it is the list itself; the snapshot in force stays",
        )
    if size == 0:
        raise InputError("the file is empty", where=path.name, do="download it again")
    return path.read_bytes()


def read_text(path: Path, max_bytes: int) -> str:
    """Return the text of a UTF-8 file (with or without BOM).

    Raises InputError where it is encoded otherwise, is binary, or is a web page.
    """
    raw = read_bytes(path, max_bytes)
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise InputError(
            "the file is in UTF-16, the list is published in UTF-8",
            where=path.name,
            do="download it again and do not open it in a spreadsheet first",
        )
    if raw[:2] == b"PK" or b"\0" in raw[:4096]:
        raise InputError("the file is binary, not text", where=path.name, do="download it again")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(
            f"byte {error.start} is not UTF-8, in which the list is published",
            where=path.name,
            do="download it again and do not save it from a spreadsheet",
        ) from error
    if re.match(r"\s*<(?:!doctype html|html)", text[:200], re.IGNORECASE):
        raise InputError("the file is a web page", where=path.name, do="download the list itself")
    return text


def table(
    path: Path,
    text: str,
    reading: Reading,
    required: Sequence[str],
    *,
    delimiter: str = ",",
    skip_to: str = "",
) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield (locator, row) of a table with a header; keys are the header's cells as written.

    ``skip_to`` names a column by which the header is found under title lines. Raises InputError
    where a required column is missing (the wrong list) or the table is cut off in its last row.
    """
    buffer = io.StringIO(text, newline="")
    header, rows = _open(path, buffer, delimiter, skip_to)
    missing = [name for name in required if name not in header]
    if missing:
        raise InputError(
            f"the column {missing[0]!r} is missing",
            where=path.name,
            do="check that this file is the list you named",
        )
    if len(set(header)) < len(header):
        twice = next(name for name in header if header.count(name) > 1)
        raise InputError(f"the column {twice!r} stands twice", where=path.name, do="mend the file")
    yield from _rows(path, header, rows, reading)


def _open(
    path: Path, buffer: io.StringIO, delimiter: str, skip_to: str
) -> tuple[list[str], Iterator[tuple[int, list[str]]]]:
    csv.field_size_limit(MAX_CELL)
    reader = csv.reader(buffer, delimiter=delimiter, strict=True)

    def numbered() -> Iterator[tuple[int, list[str]]]:
        start = reader.line_num + 1
        try:
            for row in reader:
                yield start, row
                start = reader.line_num + 1
        except csv.Error as error:
            what = "the file is cut off" if "end of data" in str(error) else f"unreadable: {error}"
            raise InputError(
                what, where=f"{path.name}, line {start}", do="download it again"
            ) from error

    rows = numbered()
    for number, row in rows:
        cells = [cell.strip() for cell in row]
        if not skip_to or skip_to in cells:
            return cells, rows
        if number > 20:
            break
    raise InputError(
        f"the column {skip_to!r} is missing" if skip_to else "the file has no header",
        where=path.name,
        do="check that this file is the list you named",
    )


def _rows(
    path: Path, header: list[str], rows: Iterator[tuple[int, list[str]]], reading: Reading
) -> Iterator[tuple[str, dict[str, str]]]:
    short: tuple[int, list[str]] | None = None
    for number, row in rows:
        if short is not None:
            _set_short_aside(reading, short, len(header))
            short = None
        if not row or row == ["\x1a"] or not any(cell.strip() for cell in row):
            continue
        reading.rows += 1
        if len(row) < len(header):
            short = (number, row)
            continue
        place = locator.line(number)
        reason = fault(row)
        if len(row) > len(header) and any(cell.strip() for cell in row[len(header) :]):
            reason = f"has {len(row)} cells under {len(header)} columns"
        if reason:
            reading.aside(place, reason, " | ".join(row))
            continue
        yield place, dict(zip(header, (cell.strip() for cell in row), strict=False))
    if short is not None:
        raise InputError(
            f"the file is cut off: its last row has {len(short[1])} of {len(header)} cells",
            where=f"{path.name}, line {short[0]}",
            do="download it again; the snapshot in force stays",
        )


def _set_short_aside(reading: Reading, row: tuple[int, list[str]], columns: int) -> None:
    reason = f"has {len(row[1])} cells under {columns} columns"
    reading.aside(locator.line(row[0]), reason, " | ".join(row[1]))


def fault(cells: Sequence[str]) -> str:
    """Why a row can't be taken as published: a formula or damaged letters; empty where it can."""
    for cell in cells:
        if cell.lstrip("\t\r\n ").startswith("="):
            return "a cell begins with '=': a formula, which no published list holds"
        if _DAMAGED.search(cell):
            return "its letters are damaged: it was saved in the wrong encoding"
    return ""
