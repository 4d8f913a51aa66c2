"""Reading the file to be screened: any table, its name column, and the day asked about."""

from __future__ import annotations

import datetime
import itertools
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import msgspec

from nameplate.catalogue.dates import partial_date_fault, span
from nameplate.model.errors import UsageError
from nameplate.names import identifiers
from nameplate.tabular import open_table
from nameplate.tabular.dates import DateOrder, is_month_only, order_of, read_date
from nameplate.tabular.table import row_locator

NAME_HEADERS: Final = (
    "supplier", "supplier name", "suppliername", "name", "vendor", "vendor name", "payee", "maker",
    "manufacturer", "company", "company name", "firm", "beneficiary", "contractor",
)  # fmt: skip
"""Headings of the name column, tried in this order, letters and blanks only."""
_ID_HEADER: Final = re.compile(
    r"(company|companies house|registration|reg|crn|lei|vat|ppon|org)\W*(no|num|id|number)?\b.*"
)
_SCHEMES: Final = (
    ("compan", "GB-COH"), ("crn", "GB-COH"), ("lei", "LEI"), ("vat", "GB-VAT"), ("ppon", "GB-PPON")
)  # fmt: skip
"""What a heading's words say of the scheme of the numbers under it."""
_SAMPLE: Final = 2_000
"""Rows looked at to settle the order of day and month."""


class Ask(msgspec.Struct, frozen=True, kw_only=True):
    """One row: the name to look up and the day asked about.

    ``first`` and ``last`` bound the day (equal where it is whole); both None where the file gives
    none, and then nothing can be computed for it. ``said`` is the cell as written.
    """

    locator: str
    name: str
    identifiers: tuple[str, ...] = ()
    first: datetime.date | None = None
    last: datetime.date | None = None
    said: str = ""


class Columns(msgspec.Struct, frozen=True, kw_only=True):
    """Which column is what, as headed; ``order`` says how bare numbers in dates were read."""

    name: str
    as_of: str = ""
    identifiers: tuple[str, ...] = ()
    order: str = ""


def plain(header: str) -> str:
    """A heading in small letters with single blanks."""
    return " ".join(re.sub(r"[^a-z0-9]+", " ", header.lower()).split())


def _choose(header: Sequence[str], wanted: str, option: str) -> int:
    for position, cell in enumerate(header):
        if plain(cell) == plain(wanted):
            return position
    named = ", ".join(cell for cell in header if cell)
    raise UsageError(f"there is no column {wanted!r} among {named}", do=f"name one with {option}")


def _header(path: Path, name_column: str | None) -> tuple[str, int, list[str]]:
    """Sheet, row number and cells of the header: the first row with the name column in it."""
    wanted = [plain(name_column)] if name_column else list(NAME_HEADERS)
    seen: list[str] = []
    for sheet in open_table(path).sheets():
        for row in itertools.islice(sheet.rows, 30):
            cells = [plain(cell) for cell in row.cells]
            if any(word in cells for word in wanted):
                return sheet.name, row.number, [cell.strip() for cell in row.cells]
            seen = seen or [cell for cell in row.cells if cell.strip()]
        for _ in sheet.rows:
            pass
    raise UsageError(
        f"no column of names found; the first row is {', '.join(seen) or 'empty'}",
        do="name it with --name-column",
    )


class Asks:
    """A file to be screened; iterating gives its rows, as often as needed."""

    def __init__(
        self,
        path: Path,
        *,
        name_column: str | None = None,
        as_of: datetime.date | None = None,
        as_of_column: str | None = None,
    ) -> None:
        """Find the columns; raises UsageError where one is missing, InputError where unreadable."""
        self.path = path
        self.as_of = as_of
        self._sheet, self._row, header = _header(path, name_column)
        words = [plain(cell) for cell in header]
        wanted = [plain(name_column)] if name_column else [w for w in NAME_HEADERS if w in words]
        self._name = words.index(wanted[0])
        self._date = _choose(header, as_of_column, "--as-of-column") if as_of_column else None
        self._ids = [
            (position, next((code for word, code in _SCHEMES if word in cell), ""))
            for position, cell in enumerate(words)
            if position not in (self._name, self._date) and _ID_HEADER.fullmatch(cell)
        ]
        self._order = self._settle()
        self.columns = Columns(
            name=header[self._name],
            as_of="" if self._date is None else header[self._date],
            identifiers=tuple(header[position] for position, _ in self._ids),
            order=self._order.why if self._date is not None else "",
        )

    def _rows(self) -> Iterator[tuple[str, list[str]]]:
        for sheet in open_table(self.path).sheets():
            for row in sheet.rows:
                if sheet.name == self._sheet and row.number > self._row:
                    yield row_locator(sheet.name, row.number), row.cells

    def _settle(self) -> DateOrder:
        if self._date is None:
            return DateOrder()
        column = self._date
        some = itertools.islice(self._rows(), _SAMPLE)
        values = [cells[column] for _, cells in some if len(cells) > column]
        return order_of(values, file_name=self.path.name)

    def __iter__(self) -> Iterator[Ask]:
        """Every row that is not blank; a row without a name has an empty one."""
        for place, cells in self._rows():
            if not any(cell.strip() for cell in cells):
                continue

            def cell(position: int, cells: list[str] = cells) -> str:
                return cells[position].strip() if position < len(cells) else ""

            said = "" if self._date is None else cell(self._date)
            first, last = (self.as_of, self.as_of) if self._date is None else self._day(said)
            found = [identifiers.parse(cell(p), scheme) for p, scheme in self._ids if cell(p)]
            yield Ask(
                locator=place,
                name=" ".join(cell(self._name).split()),
                identifiers=tuple(str(one) for one in found if one),
                first=first,
                last=last,
                said=said,
            )

    def _day(self, said: str) -> tuple[datetime.date | None, datetime.date | None]:
        """The span of days that a cell can mean; a month or year is a span, not its first day."""
        if said and not partial_date_fault(said):
            return span(said)
        day = read_date(said, self._order)
        if day is None:
            return None, None
        if is_month_only(said):
            return span(day.isoformat()[:7])
        return day, day
