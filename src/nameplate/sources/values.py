"""Dates and amounts as notices write them: exact, or None and counted."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

LONDON: Final = ZoneInfo("Europe/London")
"""A time without a zone is Europe/London (docs/architecture.md, "Time")."""

_LARGEST: Final = Decimal("1e18")
"""No contract is worth this much in any currency; larger figures do not fit the Arrow schema."""


@lru_cache(maxsize=65536)
def london_day(text: str) -> date | None:
    """Calendar day in Europe/London of an ISO 8601 date or date-time, or None if it is neither.

    A day without a time stands for itself; a time without a zone is London's own.
    """
    text = text.strip()
    try:
        if len(text) == 10:
            return date.fromisoformat(text)
        moment = datetime.fromisoformat(text)
    except ValueError:
        # "+01" alone and more than six decimals of a second are common in the wild.
        head, _, _ = text.partition(".")
        try:
            moment = datetime.fromisoformat(head)
        except ValueError:
            return None
    if moment.tzinfo is None:
        return moment.date()
    if moment.year <= 1 or moment.year >= 9999:
        return moment.date()
    return moment.astimezone(LONDON).date()


def day_key(text: str) -> str:
    """A shorter text with the same London day: minutes and seconds do not matter to it.

    Only the form ``YYYY-MM-DDTHH:MM:SSZ`` is shortened; any other is its own key.
    """
    if len(text) == 20 and text[19] == "Z" and text[10] == "T":
        return text[:13]
    return text


def midnight(day: date) -> datetime:
    """The moment a London day begins."""
    return datetime.combine(day, time(), LONDON)


def amount_of(value: object) -> Decimal | None:
    """An amount as Decimal with at most four decimals (half to even), or None if it is none."""
    if value is None or isinstance(value, bool):
        return None
    try:
        amount = Decimal(str(value).strip())
    except InvalidOperation:
        return None
    if not amount.is_finite() or abs(amount) >= _LARGEST:
        return None
    exponent = amount.as_tuple().exponent
    if isinstance(exponent, int) and exponent < -4:
        amount = amount.quantize(Decimal("0.0001"))
    return amount


def currency_of(value: object) -> str:
    """An ISO 4217 code in upper case, or an empty text where there is none of that form."""
    text = value.strip().upper() if isinstance(value, str) else ""
    return text if len(text) == 3 and text.isascii() and text.isalpha() else ""
