"""What a sheet's rows mean: its columns, number style, date order, currency and kind.

A plan is made from a sheet's first rows (:data:`LOOK_AHEAD`) and, where day and month stay open
in those, from the whole of its date column.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_EVEN, Decimal
from functools import cached_property, lru_cache
from typing import Final

from nameplate.model.money import AmountKind, TaxBasis
from nameplate.sources.tables.standards import STANDARDS, settle, tax_basis
from nameplate.tabular.amounts import currency_of, decimal_comma, parse_amount
from nameplate.tabular.columns import Layout, find_columns
from nameplate.tabular.dates import DateOrder, needs_order, order_of
from nameplate.tabular.types import Row

LOOK_AHEAD: Final = 250
"""Rows read before a sheet's columns, number style and currency are settled."""
_FOUR: Final = Decimal("0.0001")
_TOTAL: Final = re.compile(
    r"(grand|sub|overall|report|running|page|sheet|column)?[- ]?totals?"
    r"( (spend|amount|paid|payments?|value|net|gross|expenditure|for .{1,40}))?\s*[:=]?",
    re.IGNORECASE,
)


@dataclass
class SheetPlan:
    """How to read one sheet. ``rows_before`` counts the title rows and the header."""

    sheet: str
    layout: Layout
    kind: AmountKind
    tax: TaxBasis
    comma: bool
    currency: str
    currency_stated: bool
    order: DateOrder
    order_open: bool
    """Day and month could not be told apart in the rows looked at: ask the whole column."""
    notes: list[str] = field(default_factory=list)

    @cached_property
    def amount(self) -> int | None:
        """Position of the amount column."""
        return self.layout.first("amount")

    @cached_property
    def date(self) -> int | None:
        """Position of the date column."""
        return self.layout.first("date")

    @cached_property
    def header(self) -> list[str]:
        """Stripped header cells, blank ones at the end dropped."""
        cells = [cell.strip() for cell in self.layout.header]
        while cells and not cells[-1]:
            cells.pop()
        return cells

    def sort(self, cells: Sequence[str]) -> str:
        """What a row below the header is: see :func:`sort_row`."""
        return sort_row(cells, self.header, self.amount)


def make_plan(
    sheet: str, rows: Sequence[Row], *, mapping: dict[str, str] | None, file_name: str
) -> SheetPlan:
    """Plan the reading of a sheet from its first rows."""
    layout = find_columns(rows, STANDARDS, mapping=mapping)
    kind = settle(layout, mapped="date" in (mapping or {}))
    below = rows[layout.header_index + 1 :] if layout.header_index is not None else rows
    amounts = _column(below, layout.first("amount"))
    dates = set(_column(below, layout.first("date")))
    currency = _currency(layout, amounts)
    plan = SheetPlan(
        sheet=sheet,
        layout=layout,
        kind=kind,
        tax=tax_basis(layout),
        comma=decimal_comma(amounts),
        currency=currency or "GBP",
        currency_stated=bool(currency) or "currency" in layout.columns,
        order=order_of(dates, file_name=file_name),
        order_open=False,
        notes=list(layout.notes),
    )
    settled = plan.order.why == "numbers above 12 in the column"
    plan.order_open = not settled and any(needs_order(value) for value in dates)
    return plan


def sort_row(cells: Sequence[str], header: Sequence[str], amount: int | None) -> str:
    """``record``, ``blank``, ``header`` (a repeat), ``total``, or ``aside`` (text beside the table).

    A total row has at most three filled cells, one of which says so; or nothing but an amount. A
    row of one filled cell that is no amount, in a table of several columns, is text beside it.
    """  # noqa: E501
    filled = [(position, cell.strip()) for position, cell in enumerate(cells) if cell.strip()]
    if not filled:
        return "blank"
    if len(filled) <= 3 and len(header) > 1:
        if any(_TOTAL.fullmatch(cell) for _, cell in filled) and _has_number(filled):
            return "total"
        if len(filled) == 1:
            position, cell = filled[0]
            if position == amount and parse_amount(cell) is not None:
                return "total"
            return "aside"
    if header and len(filled) > 1:
        stripped = [cell.strip() for cell in cells]
        while stripped and not stripped[-1]:
            stripped.pop()
        if stripped == list(header):
            return "header"
    return "record"


def _has_number(filled: Sequence[tuple[int, str]]) -> bool:
    return len(filled) == 1 or any(parse_amount(cell) is not None for _, cell in filled)


def exact_amount(text: str, *, comma: bool) -> Decimal | None:
    """The amount in ``text`` at four decimals (what the schema keeps), or None."""
    value = _parsed(text, comma)
    if value is None:
        return None
    if isinstance(exponent := value.as_tuple().exponent, int) and exponent < -4:
        return value.quantize(_FOUR, rounding=ROUND_HALF_EVEN)
    return value if abs(value) < Decimal(10) ** 19 else None


@lru_cache(maxsize=65536)
def _parsed(text: str, comma: bool) -> Decimal | None:
    return parse_amount(text, comma=comma)


def _column(rows: Iterable[Row], position: int | None) -> list[str]:
    if position is None:
        return []
    return [
        row.cells[position] for row in rows if position < len(row.cells) and row.cells[position]
    ]


def _currency(layout: Layout, amounts: Sequence[str]) -> str:
    """The currency named by the amount's header, else by most of its cells, else by the titles."""
    position = layout.first("amount")
    if position is not None and (found := currency_of(layout.label(position))):
        return found
    counted = Counter(code for value in amounts if (code := currency_of(value)))
    if counted:
        return counted.most_common(1)[0][0]
    return next((found for text in layout.titles[-3:] if (found := currency_of(text))), "")
