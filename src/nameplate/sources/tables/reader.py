"""The reader of spending files and contract registers."""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Iterator
from typing import Final

from nameplate.model.errors import InputError, LimitError
from nameplate.sources.api import Chunk, Finder, Mode, Profile, ReadOptions, SetAside, SourceFile
from nameplate.sources.tables.blocks import blocks, can_block
from nameplate.sources.tables.body import body_of
from nameplate.sources.tables.fast import (
    FastReader,
    IrregularError,
    dates_in_blocks,
    fast_chunks,
    glance,
    take_row,
)
from nameplate.sources.tables.plan import LOOK_AHEAD, SheetPlan, make_plan
from nameplate.sources.tables.rows import RowReader, Tally
from nameplate.tabular.dates import order_of
from nameplate.tabular.table import Table, open_table
from nameplate.tabular.types import Row, Sheet

_BATCH: Final = 2000
"""Rows whose text is scanned in one go for hits."""


class TableReader:
    """Reads CSV, TSV, XLSX, XLS and ODS row by row; see ``docs/reference/sources-tables.md``."""

    def read(
        self, source: SourceFile, finder: Finder, options: ReadOptions, profile: Profile
    ) -> Iterator[Chunk]:
        """Yield chunks; raises InputError or LimitError where the file cannot be read as a table.

        The file's size and time of change are compared before and after: a file that changed
        while it was read raises InputError at the end.
        """
        before = source.path.stat()
        try:
            yield from self._read(source, finder, options, profile)
        except (InputError, LimitError) as error:
            raise type(error)(error.what, where=error.where or source.name, do=error.do) from error
        after = source.path.stat()
        if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
            raise InputError(
                "the file changed while it was read", where=source.name, do="run again"
            )

    def _read(
        self, source: SourceFile, finder: Finder, options: ReadOptions, profile: Profile
    ) -> Iterator[Chunk]:
        table = open_table(source.path)
        profile.format, profile.encoding = table.info.format, table.info.encoding
        profile.computed = options.mode is Mode.FULL
        tally = Tally()
        seen = 0
        for sheet in table.sheets():
            ahead = list(itertools.islice(sheet.rows, LOOK_AHEAD))
            if not any(any(cell.strip() for cell in row.cells) for row in ahead):
                if sheet.name and len(ahead) == LOOK_AHEAD:
                    ahead = _first_filled(sheet)
                if not ahead:
                    continue
            seen += 1
            plan = plan_sheet(table, sheet.name, ahead, source, options)
            _describe(plan, profile, first=seen == 1)
            reader = RowReader(plan, source, *body_of(source.name, options.body), finder)
            below = _below(plan, ahead)
            full = options.mode is Mode.FULL
            if below and can_block(table):
                yield from self._read_blocks(table, reader, below, tally, full=full)
                continue
            yield from read_rows(itertools.chain(below, sheet.rows), reader, tally, full=full)
        tally.into(profile)
        profile.notes.extend(note for note in table.info.notes if note not in profile.notes)
        if not seen:
            raise InputError("the file holds no rows", do="fetch it again from its publisher")

    def _read_blocks(
        self, table: Table, reader: RowReader, below: list[Row], tally: Tally, *, full: bool
    ) -> Iterator[Chunk]:
        """The fast path as far as the file is regular, then the careful one."""
        line: int | None = below[0].number
        fast = FastReader(reader, table.dialect, below, tally)
        if fast.usable:
            line = None
            for found in fast_chunks(blocks(table, below[0].number), fast, full=full):
                if isinstance(found, int):
                    line = found
                else:
                    yield found
        if line is not None:
            yield from read_rows(table.rows_from(line), reader, tally, full=full)


def plan_sheet(
    table: Table, sheet: str, ahead: list[Row], source: SourceFile, options: ReadOptions
) -> SheetPlan:
    """The plan of a sheet; asks its whole date column where day and month are open."""
    plan = make_plan(sheet, ahead, mapping=options.mapping, file_name=source.name)
    if plan.order_open and len(ahead) >= LOOK_AHEAD and plan.date is not None:
        plan.order = order_of(_all_dates(table, plan, ahead), file_name=source.name)
    return plan


def _all_dates(table: Table, plan: SheetPlan, ahead: list[Row]) -> set[str]:
    """Distinct cells of a sheet's date column, read in a pass of its own."""
    position, below = plan.date, _below(plan, ahead)
    if position is None or not below:
        return set()
    first = below[0].number
    if can_block(table) and plan.header:
        with contextlib.suppress(IrregularError):
            width = len(plan.layout.header)
            return dates_in_blocks(blocks(table, first), table.dialect, width, position)
    sheets = (s.rows for s in table.sheets() if s.name == plan.sheet)
    rows = table.rows_from(first) if table.is_text else next(sheets)
    return {row.cells[position] for row in rows if position < len(row.cells)}


def read_rows(
    rows: Iterator[Row], reader: RowReader, tally: Tally, *, full: bool
) -> Iterator[Chunk]:
    """The careful path: every row by itself, from below the header to the end of the sheet."""
    while batch := list(itertools.islice(rows, _BATCH)):
        chunk = Chunk()
        hits = _hit_rows(batch, reader)
        for index, row in enumerate(batch):
            if full:
                take_row(row, reader, tally, chunk, count=True, hit=index in hits)
            else:
                glance(row, reader, tally, chunk, hit=index in hits)
        yield chunk


def _hit_rows(batch: list[Row], reader: RowReader) -> set[int]:
    """Indices of rows in ``batch`` that the byte scan hits: a superset of those that match."""
    lines = [" \n".join(row.cells).encode("utf-8", "replace") for row in batch]
    hits = reader.finder.scan(b"\n\n".join(lines))
    found: set[int] = set()
    index, end = 0, len(lines[0])
    for offset in hits:
        while offset >= end + 2 and index + 1 < len(lines):
            index += 1
            end += 2 + len(lines[index])
        found.add(index)
    return found


def _below(plan: SheetPlan, ahead: list[Row]) -> list[Row]:
    index = plan.layout.header_index
    return ahead if index is None else ahead[index + 1 :]


def _first_filled(sheet: Sheet) -> list[Row]:
    """The first rows of a sheet that begins with many blank ones."""
    for row in sheet.rows:
        if any(cell.strip() for cell in row.cells):
            return [row, *itertools.islice(sheet.rows, LOOK_AHEAD)]
    return []


def _describe(plan: SheetPlan, profile: Profile, *, first: bool) -> None:
    """Write what was found about the first sheet into ``profile``; later ones as notes."""
    standard = {n: h for n, h in plan.layout.written().items() if n != "currency"}
    if first:
        profile.header_row = plan.layout.header_row
        profile.columns = standard
        profile.columns_confidence = {n: plan.layout.confidence[n] for n in standard}
    elif standard != profile.columns:
        shown = ", ".join(f"{name}: {header}" for name, header in standard.items())
        profile.notes.append(f"sheet {plan.sheet!r} has its own columns: {shown or 'none known'}")
    profile.notes.extend(note for note in plan.notes if note not in profile.notes)
    for name in ("amount", "date"):
        if name not in standard and first:
            profile.notes.append(f"no {name} column found: {name}s are not computable")
    if not plan.currency_stated and "amount" in standard and first:
        profile.notes.append("currency not stated: taken as GBP")


__all__ = ["SetAside", "TableReader", "plan_sheet", "read_rows"]
