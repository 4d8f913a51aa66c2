"""Dates as lists write them, to ISO text; what is no date stays out and is said."""

from __future__ import annotations

import datetime
import re
from typing import Final

_MONTHS: Final = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1
    )
}


def iso(text: str, order: str = "dmy") -> str:
    """ISO form of a date as published, empty where the text is none or impossible.

    Reads ``2021-06-03`` (also with a time after it), ``2021-06``, ``2021``, ``03/06/2021`` in
    ``order`` (``dmy`` or ``mdy``), ``03 Jun 2021``, ``March 12, 2021``. Nothing is guessed from
    the numbers: the publisher's order is the caller's to know.
    """
    text = text.strip()
    if match := re.fullmatch(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?(?:[T ][\d:.Z+-]*)?", text):
        year, month, day = match.groups()
        if month and day:
            return _day(int(year), int(month), int(day))
        return text[:7] if month and 1 <= int(month) <= 12 else "" if month else year
    if match := re.fullmatch(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})(?:[T ][\d:]*)?", text):
        first, second, year = (int(part) for part in match.groups())
        day, month = (second, first) if order == "mdy" else (first, second)
        return _day(year, month, day)
    if match := re.fullmatch(r"(\d{1,2})[ -]([A-Za-z]{3,9})[ -](\d{4})", text):
        number, word, year = match.groups()
        return _day(int(year), _MONTHS.get(word[:3].lower(), 0), int(number))
    if match := re.fullmatch(r"([A-Za-z]{3,9})\.? (\d{1,2}),? (\d{4})", text):
        word, number, year = match.groups()
        return _day(int(year), _MONTHS.get(word[:3].lower(), 0), int(number))
    return ""


def _day(year: int, month: int, day: int) -> str:
    try:
        return datetime.date(year, month, day).isoformat()
    except ValueError:
        return ""
