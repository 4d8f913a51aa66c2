"""Dates as people write them; day and month settled by the column as a whole.

``03/04/2020`` means nothing by itself. :class:`DateOrder` gathers the whole column's evidence:
a first number above 12 speaks for day first, a second for month first; failing both, the month
in the file's name, then the order that keeps a periodical file within fewer months, then the
British one. A single cell that can only be read one way is read that way.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

_MONTHS: Final = {
    name: index
    for index, names in enumerate(
        (
            "jan january",
            "feb february",
            "mar march",
            "apr april",
            "may",
            "jun june",
            "jul july",
            "aug august",
            "sep sept september",
            "oct october",
            "nov november",
            "dec december",
        ),
        start=1,
    )
    for name in names.split()
}
_CLOCK: Final = r"(?:[T ,]+\d{1,2}[:.]\d{2}(?:[:.]\d{2}(?:\.\d+)?)?\s*(?:[AaPp]\.?[Mm]\.?)?(?:Z|[+-]\d{2}:?\d{2})?)?"  # noqa: E501
_ISO: Final = re.compile(rf"(\d{{4}})[-/.](\d{{1,2}})[-/.](\d{{1,2}}){_CLOCK}")
_SLASHED: Final = re.compile(
    rf"(\d{{1,2}})\s*[-/. ]\s*(\d{{1,2}})\s*[-/. ]\s*(\d{{4}}|\d{{2}}){_CLOCK}"
)
_NAMED: Final = re.compile(
    rf"(?:[A-Za-z]{{3,9}},?\s+)?(\d{{1,2}})(?:st|nd|rd|th)?[-/. ]*(?:of )?([A-Za-z]{{3,9}})\.?,?[-/. ]*(\d{{4}}|\d{{2}}){_CLOCK}"  # noqa: E501
)
_NAMED_FIRST: Final = re.compile(
    rf"(?:[A-Za-z]{{3,9}},?\s+)?([A-Za-z]{{3,9}})\.?[-/. ]+(\d{{1,2}})(?:st|nd|rd|th)?,?[-/. ]+(\d{{4}}){_CLOCK}"  # noqa: E501
)
_COMPACT: Final = re.compile(r"(\d{4})(\d{2})(\d{2})")
_SERIAL: Final = re.compile(r"(\d{5})(?:\.\d+)?")
_MONTH: Final = re.compile(r"([A-Za-z]{3,9})\.?[-/. ']*(\d{4}|\d{2})")
_ISO_MONTH: Final = re.compile(r"(\d{4})[-/.](\d{1,2})")
_PERIOD: Final = re.compile(r"(.{4,20}?)\s*(?:-|to|–)\s*(.{4,20})")
_EPOCH: Final = datetime.date(1899, 12, 30)
_FIRST_YEAR, _LAST_YEAR = 1970, 2079
"""Days outside are no dates of published spending; 20170405 as a number is not a serial."""
_NAME_MONTH: Final = re.compile(r"(?<!\d)(20\d{2})[-_. ]?(0[1-9]|1[0-2])(?!\d)")


@dataclass(frozen=True, slots=True)
class DateOrder:
    """Whether the first of two bare numbers is the day, and what settled it."""

    day_first: bool = True
    why: str = "British order"


@lru_cache(maxsize=32768)
def read_date(text: str, order: DateOrder = DateOrder()) -> datetime.date | None:
    """The day that ``text`` writes, or None. A month or a period is read as its first day."""
    text = " ".join(text.split())
    if not text:
        return None
    if found := _ISO.fullmatch(text):
        return _day(int(found[1]), int(found[2]), int(found[3]))
    if found := _SLASHED.fullmatch(text):
        first, second, year = int(found[1]), int(found[2]), _year(found[3])
        day_first = order.day_first if max(first, second) <= 12 else first > 12
        return _day(year, second, first) if day_first else _day(year, first, second)
    if found := _NAMED.fullmatch(text):
        return _day(_year(found[3]), _MONTHS.get(found[2].lower(), 0), int(found[1]))
    if found := _NAMED_FIRST.fullmatch(text):
        return _day(int(found[3]), _MONTHS.get(found[1].lower(), 0), int(found[2]))
    if found := _COMPACT.fullmatch(text):
        return _day(int(found[1]), int(found[2]), int(found[3]))
    if found := _SERIAL.fullmatch(text):
        day = _EPOCH + datetime.timedelta(days=int(found[1]))
        return day if _FIRST_YEAR <= day.year <= _LAST_YEAR else None
    if found := _MONTH.fullmatch(text):
        return _day(_year(found[2]), _MONTHS.get(found[1].lower(), 0), 1)
    if found := _ISO_MONTH.fullmatch(text):
        return _day(int(found[1]), int(found[2]), 1)
    if found := _PERIOD.fullmatch(text):
        start, end = read_date(found[1], order), read_date(found[2], order)
        return start if start and end and start <= end else None
    return None


@lru_cache(maxsize=32768)
def is_month_only(text: str) -> bool:
    """Whether ``text`` gives a month or a longer period and no day."""
    text = " ".join(text.split())
    if any(
        shape.fullmatch(text) for shape in (_ISO, _SLASHED, _NAMED, _NAMED_FIRST, _COMPACT, _SERIAL)
    ):
        return False
    return any(shape.fullmatch(text) for shape in (_MONTH, _ISO_MONTH, _PERIOD))


def order_of(values: Iterable[str], *, file_name: str = "") -> DateOrder:
    """Settle day and month by the distinct ``values`` of a column, then by the file's name."""
    pairs: set[tuple[int, int, int]] = set()
    day_first = month_first = 0
    for value in values:
        found = _SLASHED.fullmatch(" ".join(value.split()))
        if not found:
            continue
        first, second = int(found[1]), int(found[2])
        day_first += first > 12 >= second
        month_first += second > 12 >= first
        if max(first, second) <= 12:
            pairs.add((first, second, _year(found[3])))
    if day_first or month_first:
        return DateOrder(day_first >= month_first, "numbers above 12 in the column")
    told = _NAME_MONTH.search(file_name)
    if told and pairs:
        year, month = int(told[1]), int(told[2])
        as_day = sum((second, y) == (month, year) for _, second, y in pairs)
        as_month = sum((first, y) == (month, year) for first, _, y in pairs)
        if as_day != as_month:
            return DateOrder(as_day > as_month, "the month in the file's name")
    if len(pairs) > 2:
        months_day_first = len({(second, year) for _, second, year in pairs})
        months_month_first = len({(first, year) for first, _, year in pairs})
        if months_day_first != months_month_first:
            return DateOrder(months_day_first < months_month_first, "fewer months in the file")
    return DateOrder()


def needs_order(value: str) -> bool:
    """Whether ``value`` can be read with either number as the day."""
    found = _SLASHED.fullmatch(" ".join(value.split()))
    if found is None:
        return False
    first, second = int(found[1]), int(found[2])
    return max(first, second) <= 12 and first != second


def _year(text: str) -> int:
    """Two digits are of 1970 to 2069, as spreadsheets' pivots put most business dates."""
    year = int(text)
    if len(text) > 2:
        return year
    return 2000 + year if year < 70 else 1900 + year


def _day(year: int, month: int, day: int) -> datetime.date | None:
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        return None
    try:
        return datetime.date(year, month, day)
    except ValueError:
        return None
