"""A delimited file as blocks of whole lines in UTF-8: what the fast paths work on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from nameplate.tabular.encoding import Encoding
from nameplate.tabular.table import Table

BLOCK: Final = 8 << 20
"""Bytes read at a time: the scan's cost per call vanishes, and memory stays under 100 MB."""
_SINGLE_BYTE: Final = frozenset({"cp1252", "cp850", "cp437"})


@dataclass(slots=True)
class Block:
    """Whole physical lines, ending in LF or CR LF, the file's last perhaps in neither.

    ``first_line`` is the number of the first, ``lines`` how many there are, ``done`` the file's
    bytes consumed at its end.
    """

    data: bytes
    first_line: int
    lines: int
    done: int

    @property
    def regular(self) -> bool:
        """Whether a line may be a record: no NUL, and an even number of quotation marks."""
        return b"\0" not in self.data and self.data.count(b'"') % 2 == 0


def can_block(table: Table) -> bool:
    """Whether a table's file can be read in blocks: text in a page of single bytes or UTF-8."""
    encoding = table.encoding
    if encoding is None or table.dialect.spaced:
        return False
    return encoding.name in _SINGLE_BYTE or encoding.name in ("utf-8", "utf-8-sig")


def blocks(table: Table, from_line: int, *, size: int = BLOCK) -> Iterator[Block]:
    """Yield the file from physical line ``from_line`` (counted from 1) on, in whole lines."""
    if table.encoding is None:
        raise AssertionError("a spreadsheet has no blocks")
    line, done = 1, 0
    rest = b""
    with table.path.open("rb") as stream:
        while True:
            raw = stream.read(size)
            done += len(raw)
            data = rest + raw
            if raw:
                cut = max(data.rfind(b"\n"), data.rfind(b"\r", 0, len(data) - 1)) + 1
                data, rest = data[:cut], data[cut:]
            else:
                rest = b""
            if data:
                data = _normal(data, table.encoding)
                lines = data.count(b"\n") + (not data.endswith(b"\n"))
                if line + lines > from_line:
                    skipped = max(0, from_line - line)
                    start = _offset(data, skipped)
                    first = line + skipped
                    yield Block(data[start:] if start else data, first, lines - skipped, done)
                line += lines
            if not raw:
                return


def _normal(data: bytes, encoding: Encoding) -> bytes:
    """``data`` as UTF-8 with no bare CR. Bytes of no meaning become U+FFFD, as in reading text."""
    if encoding.name in _SINGLE_BYTE:
        if not data.isascii():
            data = data.decode(encoding.name, "replace").encode()
    elif encoding.damaged:
        data = data.decode("utf-8", "replace").encode()
    if b"\r" in data and data.count(b"\r") != data.count(b"\r\n"):
        data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return data


def _offset(data: bytes, lines: int) -> int:
    """Where line ``lines`` (from 0) of ``data`` begins."""
    at = 0
    for _ in range(lines):
        at = data.index(b"\n", at) + 1
    return at
