"""How sums, dates and counts are written: as GOV.UK writes them, absence in words."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from django.utils import timezone

CURRENCY_SIGNS = {"GBP": "£", "EUR": "€", "USD": "$"}


def money(amount: Decimal | None, currency: str = "GBP") -> str:
    """``£450,000`` or ``£2,947.86``; "not computable" where there is no amount."""
    if amount is None:
        return "not computable"
    text = f"{amount:,.2f}"
    text = text.removesuffix(".00")
    sign = CURRENCY_SIGNS.get(currency)
    if sign:
        return f"-{sign}{text[1:]}" if text.startswith("-") else f"{sign}{text}"
    return f"{text} {currency}".strip()


def day(value: date | datetime | None) -> str:
    """``9 October 2019``, as GOV.UK writes dates; "no date" where there is none."""
    if value is None:
        return "no date"
    if isinstance(value, datetime):
        value = timezone.localtime(value)
    return f"{value.day} {value:%B %Y}"


def moment(value: datetime | None) -> str:
    """``9 October 2019 at 14:05`` in London."""
    if value is None:
        return "no time"
    value = timezone.localtime(value)
    return f"{value.day} {value:%B %Y} at {value:%H:%M}"


def number(value: int | None) -> str:
    """``1,234``; "not counted" where there is none."""
    return "not counted" if value is None else f"{value:,}"


def plain_number(value: Decimal | int) -> str:
    """``1,234.50``: pence where there are any, for columns that name the currency apart."""
    return f"{value:,.2f}".removesuffix(".00")
