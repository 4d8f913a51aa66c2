"""Dates of facts: ISO, possibly shortened, compared without inventing a day.

A shortened date stands for a span: ``2019`` is any day of that year. So a question about a day
has three answers: before, on or after, or *unknown* where the day falls inside the span.
"""

from __future__ import annotations

import calendar
import datetime
import re
from typing import Final

_FORM: Final = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")


def partial_date_fault(text: str) -> str:
    """Say what is wrong with a possibly shortened ISO date; empty where nothing is."""
    if not text:
        return ""
    try:
        span(text)
    except ValueError:
        return "is no ISO date (2019, 2019-10 or 2019-10-09)"
    return ""


def span(text: str) -> tuple[datetime.date, datetime.date]:
    """First and last day that ``text`` can mean; raises ValueError where it is no ISO date."""
    match = _FORM.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is no ISO date")
    year, month, day = (int(part) if part else None for part in match.groups())
    if year is None:
        raise ValueError(f"{text!r} has no year")
    if month is None:
        return datetime.date(year, 1, 1), datetime.date(year, 12, 31)
    if day is None:
        last = calendar.monthrange(year, month)[1] if 1 <= month <= 12 else 0
        return datetime.date(year, month, 1), datetime.date(year, month, last)
    whole = datetime.date(year, month, day)
    return whole, whole


def starts_after(later: str, earlier: str) -> bool:
    """Whether ``later`` can lie after ``earlier``: their spans allow it."""
    return span(later)[1] > span(earlier)[0] and later != earlier


def reached(text: str, day: datetime.date) -> bool | None:
    """Whether the date ``text`` has come by ``day``; None where the shortened date leaves it open.

    An empty text is an unknown date: None.
    """
    if not text:
        return None
    first, last = span(text)
    if last <= day:
        return True
    return False if first > day else None
