"""From a row to a purchase, and the tally of all rows: the part that both paths share."""

from __future__ import annotations

import datetime
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, localcontext
from functools import cached_property
from typing import Final

from nameplate.model.money import AmountKind
from nameplate.model.purchase import DateKind, Party, Purchase, TextField, row_purchase_id
from nameplate.sources.api import Finder, Profile, SetAside, SourceFile
from nameplate.sources.tables.plan import SheetPlan, exact_amount
from nameplate.tabular.dates import is_month_only, read_date
from nameplate.tabular.table import row_locator
from nameplate.tabular.types import Row

_LISTED: Final = 20
"""Unread amounts and dates listed by place; the rest are counted."""
EXCERPT: Final = 200
GLUED: Final = re.compile(r"(\d{1,2}/\d{1,2}/\d{4}|\d{4}-\d{2}-\d{2})(-?\d[\d,]*(?:\.\d+)?)")
"""A full date and an amount with nothing between them."""
BodyOfPath = Callable[[str], str | None]


@dataclass
class Tally:
    """What all rows of a file add up to; memory grows with the number of distinct dates only."""

    read: int = 0
    aside: int = 0
    repeats: int = 0
    mended: int = 0
    sums: dict[str, Decimal] = field(default_factory=dict)
    dates: Counter[str] = field(default_factory=Counter)
    first: datetime.date | None = None
    last: datetime.date | None = None
    amounts_unread: int = 0
    dates_unread: int = 0
    months_only: int = 0
    unread: list[str] = field(default_factory=list)

    def add_sum(self, key: str, value: Decimal) -> None:
        """Add ``value`` to the sum of its currency, kind and tax basis."""
        with localcontext(prec=60):
            self.sums[key] = self.sums.get(key, Decimal(0)) + value

    def note_unread(self, what: str, place: str, text: str) -> None:
        """List an amount or date that could not be read, up to a limit."""
        if len(self.unread) < _LISTED:
            self.unread.append(f"{what} not read at {place}: {text.strip()[:40]!r}")

    def add_date(self, text: str, count: int, plan: SheetPlan, place: Callable[[], str]) -> None:
        """Count ``count`` rows whose date cell is ``text``."""
        day = read_date(text, plan.order)
        if day is None:
            self.dates_unread += count
            self.note_unread("date", place(), text)
            return
        if is_month_only(text):
            self.months_only += count
        self.first = day if self.first is None else min(self.first, day)
        self.last = day if self.last is None else max(self.last, day)

    def into(self, profile: Profile) -> None:
        """Write the tally into ``profile``."""
        profile.records_read += self.read
        profile.records_set_aside += self.aside
        profile.amounts_unread += self.amounts_unread
        profile.dates_unread += self.dates_unread
        for key in sorted(self.sums):
            total = profile.amount_sum.get(key, Decimal(0)) + self.sums[key]
            profile.amount_sum[key] = written_sum(total)
        days = [day for day in (profile.first_date, self.first) if day]
        profile.first_date = min(days, default=None)
        days = [day for day in (profile.last_date, self.last) if day]
        profile.last_date = max(days, default=None)
        profile.notes.extend(self.unread)
        more = self.amounts_unread + self.dates_unread - len(self.unread)
        if more > 0:
            profile.notes.append(f"and {more} more amounts or dates not read")
        if self.mended:
            profile.notes.append(
                f"{self.mended} rows lack the delimiter between date and amount: parted there"
            )
        if self.repeats:
            profile.notes.append(f"{self.repeats} repeats of the header row left out")
        if self.months_only:
            profile.notes.append(
                f"{self.months_only} dates give a month or period only: read as its first day"
            )


@dataclass
class RowReader:
    """Turns rows of one sheet into purchases and set-asides."""

    plan: SheetPlan
    source: SourceFile
    body: str | None
    """The body told by option or path, for rows whose own column is blank or missing."""
    body_source: str
    finder: Finder

    @cached_property
    def _places(self) -> dict[str, int | None]:
        layout = self.plan.layout
        names = ("supplier", "body", "department", "reference", "currency", "end")
        return {name: layout.first(name) for name in names}

    @cached_property
    def _described(self) -> tuple[int, ...]:
        return self.plan.layout.columns.get("description", ())

    def place(self, row: Row) -> str:
        """Locator of a row."""
        return row_locator(self.plan.sheet, row.number)

    def hit(self, cells: Sequence[str]) -> bool:
        """Whether the row's text, as one, holds a word of the trade or could name a maker."""
        return self.finder.matches("\n".join(cell.strip() for cell in cells if cell.strip()))

    def aside(self, row: Row, sort: str) -> SetAside:
        """The entry for a row that is no record."""
        reason = (
            "a total of other rows, not a payment"
            if sort == "total"
            else "text beside the table, not a record: only one cell is filled"
        )
        text = " | ".join(cell.strip() for cell in row.cells if cell.strip())
        return SetAside(
            source_file=self.source.name,
            locator=self.place(row),
            reason=reason,
            excerpt=" ".join(text.split())[:EXCERPT],
        )

    def sum_key(self, cells: Sequence[str]) -> str:
        """The key of a row's amount in ``Profile.amount_sum``."""
        return f"{self.currency(cells)} {self.plan.kind} {self.plan.tax}"

    def currency(self, cells: Sequence[str]) -> str:
        """The row's currency: its own column, else the sheet's."""
        own = self._cell(cells, "currency").upper()
        return own if len(own) == 3 and own.isalpha() else self.plan.currency

    def purchase(self, row: Row) -> Purchase:
        """The row as a purchase."""
        plan, cells = self.plan, row.cells
        place = self.place(row)
        own_body = self._cell(cells, "body")
        body = own_body or self.body
        supplier = self._cell(cells, "supplier")
        date_text = _at(cells, plan.date)
        day = read_date(date_text, plan.order) if date_text else None
        contract = plan.kind is AmountKind.CONTRACT
        end_text = self._cell(cells, "end")
        described = [text for position in self._described if (text := _at(cells, position))]
        return Purchase(
            purchase_id=row_purchase_id(body, self.source.sha256, plan.sheet, place),
            body=body,
            body_source="record" if own_body else self.body_source if body else "unknown",
            buyer=Party(name=body, role="buyer") if body else None,
            suppliers=(Party(name=supplier, role="supplier"),) if supplier else (),
            title=described[0] if described else "",
            texts=self._texts(cells),
            amount=exact_amount(_at(cells, plan.amount), comma=plan.comma),
            currency=self.currency(cells),
            amount_kind=plan.kind,
            amount_tax=plan.tax,
            date=day,
            date_kind=(
                DateKind.UNKNOWN if day is None else DateKind.STARTED if contract else DateKind.PAID
            ),
            date_end=read_date(end_text, plan.order) if end_text else None,
            department=self._cell(cells, "department"),
            reference=self._cell(cells, "reference"),
            source_file=self.source.name,
            source_sha256=self.source.sha256,
            locator=place,
        )

    def _cell(self, cells: Sequence[str], name: str) -> str:
        return _at(cells, self._places[name])

    def _texts(self, cells: Sequence[str]) -> tuple[TextField, ...]:
        """Description columns first, then every other cell with letters, in column order.

        The supplier, the body, dates and amounts are not repeated here.
        """
        places, plan = self._places, self.plan
        skip = {places["supplier"], places["body"], plan.amount, plan.date, places["end"]}
        if places["body"] == places["department"]:
            skip.discard(None)
        found = []
        others = [p for p in range(len(cells)) if p not in self._described and p not in skip]
        for position in (*self._described, *others):
            text = _at(cells, position)
            if any(character.isalpha() for character in text):
                found.append(TextField(plan.layout.label(position), text))
        return tuple(found)


def written_sum(value: Decimal) -> Decimal:
    """``value`` with two decimals where that is exact, else four: one form for one sum."""
    with localcontext(prec=60):
        pence = value.quantize(Decimal("0.01"))
        return pence if pence == value else value.quantize(Decimal("0.0001"))


def mend(row: Row, plan: SheetPlan) -> Row | None:
    """``row`` with date and amount parted where the delimiter between them is missing, or None.

    Only where the row is one cell short, the amount's column follows the date's, and the date's
    cell is a full date with an amount run on (``25/06/2012900``).
    """
    date, amount = plan.date, plan.amount
    if date is None or amount != date + 1 or len(row.cells) != len(plan.header) - 1:
        return None
    glued = GLUED.fullmatch(row.cells[date].strip())
    if glued is None:
        return None
    cells = [*row.cells[:date], glued[1], glued[2], *row.cells[date + 1 :]]
    return Row(row.number, cells)


def _at(cells: Sequence[str], position: int | None) -> str:
    if position is None or position >= len(cells):
        return ""
    return cells[position].strip()


def count_row(row: Row, reader: RowReader, tally: Tally) -> None:
    """Add one record's amount and date to ``tally``."""
    plan, cells = reader.plan, row.cells
    tally.read += 1
    amount = _at(cells, plan.amount)
    if amount:
        value = exact_amount(amount, comma=plan.comma)
        if value is None:
            tally.amounts_unread += 1
            tally.note_unread("amount", reader.place(row), amount)
        else:
            tally.add_sum(reader.sum_key(cells), value)
    date = _at(cells, plan.date)
    if date:
        tally.add_date(date, 1, plan, lambda: reader.place(row))
