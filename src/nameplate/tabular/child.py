"""The child process that reads one workbook: ``python -m nameplate.tabular.child``.

Arguments: path, kind (xlsx, xls, ods), bytes of memory, seconds, bytes unpacked, grid cells.
Writes frames to standard output: four bytes of length (big-endian) and a MessagePack array
(kind, text, do, first row, rows); see ``nameplate.tabular.workbook``.
"""

from __future__ import annotations

import datetime
import math
import os
import re
import sys
import zipfile
from decimal import Decimal
from typing import Final

import msgspec

_BATCH: Final = 1000
_CELL: Final = re.compile(rb'<(?:\w+:)?c\s[^>]*?\br="([A-Z]{1,3})(\d{1,7})"[^>]*?(?<!/)>')
_REPEAT: Final = re.compile(rb'number-(?:rows|columns)-repeated="(\d+)"')
_BLOCK: Final = 1 << 18
_SAVE_CSV: Final = "save the sheet as CSV and give that"
_RATIO: Final = 400
"""Unpacked over packed size that no honest workbook above 256 MiB reaches (sheets: 10 to 40)."""


class _RefusedError(Exception):
    def __init__(self, kind: str, text: str, do: str) -> None:
        super().__init__(text)
        self.kind, self.text, self.do = kind, text, do


def _send(*frame: object) -> None:
    body = msgspec.msgpack.encode(frame)
    sys.stdout.buffer.write(len(body).to_bytes(4, "big") + body)
    sys.stdout.buffer.flush()


def cell_text(value: object) -> str:
    """A cell's value as text: see :class:`nameplate.tabular.types.Row`."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        if value.is_integer() and abs(value) < 1e15:
            return str(int(value))
        return f"{Decimal(repr(value)):f}" if math.isfinite(value) else ""
    if isinstance(value, datetime.datetime):
        if (value.hour, value.minute, value.second) == (0, 0, 0):
            return value.date().isoformat()
        return value.replace(microsecond=0).isoformat()
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    return "" if value is None else str(value)


def _look_at_zip(path: str, kind: str, unpacked: int, grid: int) -> None:
    """Refuse what would cost too much, from sizes and cell references, without unpacking to it."""
    with zipfile.ZipFile(path) as archive:
        entries = archive.infolist()
        total = sum(entry.file_size for entry in entries)
        packed = max(1, sum(entry.compress_size for entry in entries))
        if total > unpacked or (total > 1 << 28 and total / packed > _RATIO):
            raise _RefusedError(
                "limit",
                f"the workbook unpacks to {total >> 20} MiB from {packed >> 10} KiB",
                _SAVE_CSV,
            )
        if any(entry.flag_bits & 1 for entry in entries):
            raise _RefusedError(
                "bad", "the workbook is protected by a password", "save a copy without one"
            )
        for entry in entries:
            if kind == "xlsx" and re.match(r"xl/worksheets/[^/]+\.xml$", entry.filename):
                _look_at_sheet(archive, entry, grid)
        if kind == "ods" and "META-INF/manifest.xml" in archive.namelist():
            with archive.open("META-INF/manifest.xml") as stream:
                if b"encryption-data" in stream.read(1 << 20):
                    raise _RefusedError(
                        "bad", "the workbook is protected by a password", "save a copy without one"
                    )


def _look_at_sheet(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, grid: int) -> None:
    last_row = last_column = 0
    tail = b""
    with archive.open(entry) as stream:
        while block := stream.read(_BLOCK):
            text = tail + block
            for column, row in _CELL.findall(text):
                last_row = max(last_row, int(row))
                if len(column) > 1 or last_column < 26:
                    number = 0
                    for letter in column:
                        number = number * 26 + letter - 64
                    last_column = max(last_column, number)
            if last_row * last_column > grid:
                raise _RefusedError(
                    "limit",
                    f"a sheet reaches to row {last_row} and column {last_column},"
                    f" {last_row * last_column:,} cells",
                    _SAVE_CSV,
                )
            cut = text.rfind(b"<")
            tail = text[cut:] if cut >= 0 and len(text) - cut < 4096 else b""


def _read(path: str) -> None:
    import python_calamine

    try:
        book = python_calamine.CalamineWorkbook.from_path(path)
    except python_calamine.PasswordError:
        raise _RefusedError(
            "bad", "the workbook is protected by a password", "save a copy without one"
        ) from None
    for name in book.sheet_names:
        sheet = book.get_sheet_by_name(name)
        _send("sheet", name, "", 0, [])
        batch: list[list[str]] = []
        first = 1
        for row in sheet.iter_rows():
            batch.append([cell_text(value) for value in row])
            if len(batch) >= _BATCH:
                _send("rows", "", "", first, batch)
                first += len(batch)
                batch = []
        if batch:
            _send("rows", "", "", first, batch)


def main(arguments: list[str]) -> int:
    """Read the workbook named in ``arguments``; the exit code is 0 when all frames were sent."""
    path, kind = arguments[:2]
    memory, seconds, unpacked, grid = (int(value) for value in arguments[2:6])
    try:
        import resource
    except ImportError:  # Windows has no such limits; dimensions and time still hold.
        pass
    else:
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        if kind != "xls":
            _look_at_zip(path, kind, unpacked, grid)
        _read(path)
    except _RefusedError as refusal:
        _send(refusal.kind, refusal.text, refusal.do, 0, [])
    except MemoryError:
        text = f"reading the workbook needs more than {memory >> 20} MiB of memory"
        _send("limit", text, _SAVE_CSV, 0, [])
    except BrokenPipeError:
        return 0
    except Exception as error:
        reason = str(error).splitlines()[0][:200] if str(error) else type(error).__name__
        _send("bad", f"the workbook cannot be read ({reason})", "open it and save it again", 0, [])
    else:
        _send("end", "", "", 0, [])
    return 0


if __name__ == "__main__":
    code = main(sys.argv[1:])
    sys.stdout.flush()
    os._exit(code)
