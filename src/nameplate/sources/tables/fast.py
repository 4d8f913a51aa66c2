"""The fast paths: whole blocks of a regular file at once.

Full mode parses the amount, the date and three more columns of a block with Polars and sums by
expressions. Only rows that need a look go through the careful path's own functions: rows in which
a key cell is blank, rows whose amount or date the exact slow parser cannot read either, and rows
that the byte scan hits. Quick mode does not parse at all. A block that is not regular (a
record over several lines, quotation marks that do not pair, NULs, cells beyond what Polars takes)
ends the fast path: the careful path reads on from that block's first line.

What is found is the same either way; ``tests/unit/sources/tables/test_fast.py`` holds the two
together on generated tables, ``tests/field/test_spend.py`` on real ones.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from nameplate.sources.api import Chunk
from nameplate.sources.tables.blocks import Block
from nameplate.sources.tables.plan import exact_amount
from nameplate.sources.tables.rows import RowReader, Tally, count_row, mend
from nameplate.tabular.dates import is_month_only, read_date
from nameplate.tabular.delimited import Dialect
from nameplate.tabular.types import Row

if TYPE_CHECKING:
    import polars as pl

_KEYS: Final = 4
"""A row with so many filled cells is a record whatever they say (``plan.sort_row``)."""
_SAMPLE: Final = 50
"""Rows that say which columns are filled most."""
_LOOK_SHARE: Final = 0.5
"""Above this share of rows that need a look, the careful path is the faster one."""
_BLANK_LINE: Final = re.compile(rb"\n[,;|\t \"\r]*(?=\n)|\n[,;|\t \"\r]+\Z")
_GROUPED: Final = r"^-?\d{1,3}(,\d{3})+(\.\d+)?$"
_LARGEST: Final = 10**15


class _Engine:
    """Whether Polars may be used here: its threads do not survive a fork, and waiting for them
    would never end. A process forked from one that has used it reads carefully instead."""

    used = False
    lost = False

    @classmethod
    def forked(cls) -> None:
        """Called in a child after a fork."""
        cls.lost = cls.lost or cls.used


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_Engine.forked)


class IrregularError(Exception):
    """The block is not one record a line: read on carefully from its first line."""


@dataclass
class FastReader:
    """Reads blocks of one file. ``ahead`` are rows already seen below the header."""

    reader: RowReader
    dialect: Dialect
    ahead: Sequence[Row]
    tally: Tally
    _keys: tuple[int, ...] = field(init=False)

    def __post_init__(self) -> None:
        plan = self.reader.plan
        width = len(plan.header)
        filled = [
            sum(bool(row.cells[p].strip()) for row in self.ahead[:_SAMPLE] if p < len(row.cells))
            for p in range(width)
        ]
        order = sorted(range(width), key=lambda p: (p != plan.amount, -filled[p], p))
        self._keys = tuple(order[:_KEYS])

    @property
    def usable(self) -> bool:
        """Whether this sheet's plan allows the fast path: known columns and one currency."""
        plan = self.reader.plan
        return bool(plan.header) and "currency" not in plan.layout.columns and not plan.comma

    def quick(self, block: Block) -> Chunk:
        """Find the hits of a block and count its records by framing. Raises IrregularError."""
        data = block.data
        if b"\0" in data:
            raise IrregularError
        if b'"' in data:
            pieces = data.split(b'"')
            if len(pieces) % 2 == 0 or any(b"\n" in piece for piece in pieces[1::2]):
                raise IrregularError
        blank = len(_BLANK_LINE.findall(b"\n" + data))
        self.tally.read += block.lines - blank
        hits = self._hit_lines(data)
        chunk = Chunk(bytes_done=block.done)
        if hits:
            lines = data.split(b"\n")
            for index in hits:
                row = self._row(lines[index], block.first_line + index)
                _buy(row, self.reader, chunk)
        return chunk

    def full(self, block: Block) -> Chunk:
        """Profile a block and find its hits. Raises IrregularError, with nothing counted."""
        if not block.regular:
            raise IrregularError
        plan = self.reader.plan
        columns = sorted({*self._keys, *(p for p in (plan.amount, plan.date) if p is not None)})
        frame = _frame(block, self.dialect, len(plan.layout.header), columns)
        look = self._need_look(frame)
        amounts = readable_amounts(frame, plan.amount, comma=plan.comma)
        if plan.amount is not None and amounts is not None:
            look = look | (amounts.is_null() & frame[str(plan.amount)].is_not_null())
        days: list[str] = []
        if plan.date is not None:
            days = [text for text in frame[str(plan.date)].unique().to_list() if text]
            bad = [text for text in days if not text.strip() or read_date(text, plan.order) is None]
            if bad:
                look = look | frame[str(plan.date)].is_in(bad).fill_null(value=False)
        looked = look.arg_true().to_list()
        if len(looked) > max(50, _LOOK_SHARE * block.lines):
            raise IrregularError
        self._add(frame, look, amounts, days, looked=bool(looked))
        del frame
        return self._look_at(block, looked)

    def _need_look(self, frame: pl.DataFrame) -> pl.Series:
        """Rows that may be blank, a total, a repeat of the header or text beside the table."""
        import polars as pl

        plan = self.reader.plan
        blank = [
            pl.col(str(p)).is_null() | (pl.col(str(p)).str.strip_chars() == "") for p in self._keys
        ]
        if len(self._keys) < _KEYS:
            blank += [pl.col(str(p)).str.contains("(?i)total") for p in self._keys]
        header = plan.layout.header
        first = self._keys[0]
        blank.append(pl.col(str(first)).str.strip_chars() == header[first].strip())
        return frame.select(pl.any_horizontal(blank).fill_null(value=False)).to_series()

    def _add(
        self,
        frame: pl.DataFrame,
        look: pl.Series,
        amounts: pl.Series | None,
        days: list[str],
        *,
        looked: bool,
    ) -> None:
        """Add the rows that need no look to the tally."""
        plan, tally = self.reader.plan, self.tally
        kept = ~look
        tally.read += int(kept.sum())
        if amounts is not None:
            wanted = amounts.filter(kept) if looked else amounts
            if wanted.len() > wanted.null_count():
                tally.add_sum(self.reader.sum_key(()), Decimal(str(wanted.sum())))
        if plan.date is None:
            return
        column = frame[str(plan.date)]
        if looked:
            column = column.filter(kept)
            days = [text for text in column.unique().to_list() if text]
        months = {text for text in days if is_month_only(text)}
        for text in days:
            tally.add_date(text, 0, plan, str)
        if months:
            tally.months_only += int(column.is_in(sorted(months)).sum())

    def _look_at(self, block: Block, looked: list[int]) -> Chunk:
        """Rows that need a look, and rows that hit, in their order, by the careful functions."""
        chunk = Chunk(bytes_done=block.done)
        hits = set(self._hit_lines(block.data))
        needed = set(looked)
        if not hits and not needed:
            return chunk
        lines = block.data.split(b"\n")
        for index in sorted(hits | needed):
            row = self._row(lines[index], block.first_line + index)
            take_row(
                row, self.reader, self.tally, chunk,
                count=index in needed, hit=index in hits,
            )  # fmt: skip
        return chunk

    def _hit_lines(self, data: bytes) -> list[int]:
        """Indices of the lines that the byte scan hits, ascending, each once."""
        found: list[int] = []
        line = last = 0
        for offset in self.reader.finder.scan(data):
            line += data.count(b"\n", last, offset)
            last = max(last, offset)
            if not found or found[-1] != line:
                found.append(line)
        return found

    def _row(self, line: bytes, number: int) -> Row:
        text = line.decode("utf-8", "replace").removesuffix("\r")
        return Row(number, next(iter(self.dialect.reader([text])), []))


def dates_in_blocks(
    found: Iterator[Block], dialect: Dialect, width: int, position: int
) -> set[str]:
    """Distinct cells of one column over regular blocks. Raises IrregularError at another."""
    values: set[str] = set()
    for block in found:
        if not block.regular:
            raise IrregularError
        column = _frame(block, dialect, width, [position])[str(position)]
        values.update(text for text in column.unique().to_list() if text)
    return values


def _frame(block: Block, dialect: Dialect, width: int, columns: list[int]) -> pl.DataFrame:
    """Some columns of a block as text, named by position. Raises IrregularError."""
    if _Engine.lost:
        raise IrregularError
    _Engine.used = True
    import polars as pl

    try:
        frame = pl.read_csv(
            block.data,
            has_header=False,
            schema={str(position): pl.String for position in range(width)},
            columns=columns,
            separator=dialect.delimiter,
            quote_char='"' if b'"' in block.data else None,
        )
    except (pl.exceptions.PolarsError, UnicodeDecodeError):
        raise IrregularError from None
    if frame.height != block.lines:
        raise IrregularError
    return frame


def take_row(
    row: Row, reader: RowReader, tally: Tally, chunk: Chunk, *, count: bool, hit: bool
) -> None:
    """One row, carefully: told apart, counted into ``tally`` if ``count``, made a purchase if it
    hits."""
    sort = reader.plan.sort(row.cells)
    if sort == "record":
        if (mended := mend(row, reader.plan)) is not None:
            tally.mended += count
            row = mended
        if count:
            count_row(row, reader, tally)
        if hit and reader.hit(row.cells):
            chunk.purchases.append(reader.purchase(row))
    elif sort in ("total", "aside"):
        tally.aside += 1
        chunk.set_aside.append(reader.aside(row, sort))
    elif sort == "header":
        tally.repeats += 1


def glance(row: Row, reader: RowReader, tally: Tally, chunk: Chunk, *, hit: bool) -> None:
    """One row in quick mode: every row that is not blank counts; a hit becomes a purchase."""
    if any(cell.strip() for cell in row.cells):
        tally.read += 1
        if hit:
            _buy(row, reader, chunk)


def _buy(row: Row, reader: RowReader, chunk: Chunk) -> None:
    if reader.plan.sort(row.cells) == "record" and reader.hit(row.cells):
        chunk.purchases.append(reader.purchase(mend(row, reader.plan) or row))


def readable_amounts(frame: pl.DataFrame, position: int | None, *, comma: bool) -> pl.Series | None:
    """The amounts of a column as decimals of four places; null where none can be read."""
    import polars as pl

    if position is None:
        return None
    kind = pl.Decimal(38, 4)
    text = frame[str(position)].str.strip_chars()
    values = text.cast(kind, strict=False)
    if values.null_count() > text.null_count():
        grouped = text.str.contains(_GROUPED)
        if grouped.any():
            plain = text.str.replace_all(",", "", literal=True).cast(kind, strict=False)
            values = values.zip_with(values.is_not_null() | ~grouped.fill_null(value=False), plain)
    large = (values.abs() >= _LARGEST).fill_null(value=False)
    open_cells = (values.is_null() & text.is_not_null()) | large
    if open_cells.any():
        left = text.filter(open_cells).unique().to_list()
        exact = {value: exact_amount(value, comma=comma) for value in left}
        known = {value: amount for value, amount in exact.items() if amount is not None}
        slow = text.replace_strict(
            pl.Series(list(known), dtype=pl.String),
            pl.Series(list(known.values()), dtype=kind),
            default=None,
            return_dtype=kind,
        ) if known else pl.Series(values=[None] * len(text), dtype=kind)  # fmt: skip
        values = values.zip_with(~open_cells, slow)
    return values


def fast_chunks(blocks: Iterator[Block], fast: FastReader, *, full: bool) -> Iterator[Chunk | int]:
    """Yield the chunks of regular blocks; at an irregular one, its first line, and no more."""
    for block in blocks:
        try:
            yield fast.full(block) if full else fast.quick(block)
        except IrregularError:
            yield block.first_line
            return
