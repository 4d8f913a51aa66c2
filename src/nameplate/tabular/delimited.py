"""Rows out of delimited text, streaming, each with its first physical line.

A physical line ends at CR LF, LF or a bare CR. RFC 4180 quoting is followed where it is kept; a
quote that is opened and not closed within :data:`MAX_RECORD_LINES` is a stray mark, not a cell
that swallows the rest of the file, and its line is read literally.
"""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, TextIO

from nameplate.tabular.types import Row

MAX_RECORD_LINES: Final = 200
"""Physical lines one record may span: the longest seen in published files is under 30."""
MAX_LINE: Final = 1 << 24
"""Characters in one physical line beyond which the file is no table (16 Mi)."""
_CELL_LIMIT: Final = 1 << 25
_DELIMITERS: Final = (",", "\t", ";", "|")


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a file is delimited. ``spaced`` means a space follows the delimiter before a quote."""

    delimiter: str = ","
    spaced: bool = False

    def reader(self, lines: Iterable[str]) -> Iterator[list[str]]:
        """A csv reader for this dialect."""
        csv.field_size_limit(_CELL_LIMIT)
        return csv.reader(lines, delimiter=self.delimiter, skipinitialspace=self.spaced)


class _RunawayError(Exception):
    """A quoted cell has gone on longer than a cell does."""


def sniff(lines: list[str]) -> Dialect:
    """The dialect of ``lines``: the delimiter that cuts most of them into the same many cells."""
    if lines and lines[0].strip().lower().startswith("sep=") and len(lines[0].strip()) == 5:
        return Dialect(lines[0].strip()[4])
    best, best_score = ",", 0.0
    for delimiter in _DELIMITERS:
        widths = [len(row.cells) for row in rows_of(lines, Dialect(delimiter)) if any(row.cells)]
        wide = [width for width in widths if width > 1]
        if not wide:
            continue
        common = max(sorted(set(wide)), key=wide.count)
        score = wide.count(common) / len(widths) * min(common, 12) ** 0.5
        if score > best_score:
            best, best_score = delimiter, score
    text = "".join(lines)
    spaced = text.count(best + ' "') > text.count(best + '"')
    return Dialect(best, spaced)


class _Lines:
    """Physical lines with a memory of those the current record has consumed."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._source = iter(lines)
        self._pending: deque[str] = deque()
        self.taken: list[str] = []
        self.nul_lines = 0
        self.ended = False

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if len(self.taken) >= MAX_RECORD_LINES:
            raise _RunawayError
        if self._pending:
            line = self._pending.popleft()
        else:
            try:
                line = next(self._source)
            except StopIteration:
                self.ended = True
                raise
            if "\0" in line:
                self.nul_lines += 1
                line = line.replace("\0", "")
        self.taken.append(line)
        return line

    def push_back(self, lines: list[str]) -> None:
        """Give ``lines`` again before any other."""
        self._pending.extendleft(reversed(lines))


def rows_of(
    lines: Iterable[str], dialect: Dialect, notes: list[str] | None = None, *, first: int = 1
) -> Iterator[Row]:
    """Yield every row of ``lines`` with its first physical line; blank lines too, as no cells.

    ``lines`` end in ``\\n`` or in nothing; ``first`` is the number of the first. What was mended is
    added to ``notes`` at the end.
    """
    source = _Lines(lines)
    reader = dialect.reader(source)
    number = first
    stray: list[int] = []
    while True:
        source.taken = []
        broken = False
        cells: list[str] = []
        try:
            cells = next(reader)
            broken = source.ended and len(source.taken) > 1 and _open(source.taken, dialect)
        except StopIteration:
            break
        except (_RunawayError, csv.Error):
            broken = True
        if broken:
            opening = source.taken[0] if source.taken else ""
            source.push_back(source.taken[1:])
            source.ended = False
            cells = opening.rstrip("\n").split(dialect.delimiter)
            stray.append(number)
            reader = dialect.reader(source)
            yield Row(number, cells)
            number += 1
            continue
        yield Row(number, cells)
        number += len(source.taken)
    if notes is not None:
        if stray:
            shown = ", ".join(str(line) for line in stray[:5])
            notes.append(f"{len(stray)} lines with a stray quotation mark read literally: {shown}")
        if source.nul_lines:
            notes.append(f"NUL characters dropped from {source.nul_lines} lines")


def _open(taken: list[str], dialect: Dialect) -> bool:
    """Whether the record in ``taken`` ends inside quotes: a sentinel line joins its last cell."""
    mark = "\x01end"
    last = list(dialect.reader([*taken, mark]))[-1]
    return last != [mark]


def physical_lines(stream: TextIO) -> Iterator[str]:
    """Lines of ``stream``, which must be opened with ``newline=None``; refuses endless ones.

    Raises ValueError where one line is longer than :data:`MAX_LINE` characters.
    """
    while line := stream.readline(MAX_LINE):
        if len(line) >= MAX_LINE and not line.endswith("\n"):
            raise ValueError("one line is longer than 16 million characters")
        yield line
