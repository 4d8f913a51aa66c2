"""Amounts as people write them, into exact decimals.

Read are, in any mixture: currency signs and codes, thousands parted by comma, space or
apostrophe, a decimal comma where the column has one, brackets or a trailing minus for negative,
``CR`` (credit: negative) and ``DR``, the exponents spreadsheets export, ``k``, ``m`` and ``bn``,
and the bare dash of accounting formats, which stands for nil.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Final

_MINUS: Final = str.maketrans(
    {
        "\u2212": "-",
        "\u2013": "-",
        "\u2014": "-",
        "\u2010": "-",
        "\u2011": "-",
        "\ufe63": "-",
        "\uff0d": "-",
        "\u00a0": " ",
        "\u202f": " ",
        "\u2009": " ",
        "\ufffd": " ",
        "\u2019": "'",
    }
)
CURRENCY_SIGNS: Final = {"£": "GBP", "€": "EUR", "$": "USD"}
_CURRENCY: Final = re.compile(r"£|€|\$|\b(?:GBP|EUR|USD|STG)\b", re.IGNORECASE)
_SCALE: Final = {"k": 3, "m": 6, "mn": 6, "million": 6, "bn": 9, "billion": 9, "thousand": 3}
_SHAPE: Final = re.compile(
    r"(?P<number>\d[\d,.' ]*|[.,]\d+)(?:[eE](?P<exponent>[+-]?\d{1,3}))?"
    r"\s*(?P<scale>k|mn?|bn|million|billion|thousand)?",
    re.IGNORECASE,
)
_NIL: Final = re.compile(r"-{1,3}")
_PLAIN: Final = re.compile(r"-?\d+(?:\.\d+)?")
_POINT: Final = re.compile(
    r"\d*\.\d+|\d+(?:[ ']\d{3})+(?:\.\d*)?|\d{1,3}(?:,\d{2,3})*,\d{3}(?:\.\d*)?|\d+\.?"
)
_COMMA: Final = re.compile(r"\d*,\d+|\d{1,3}(?:[. ']\d{3})+(?:,\d*)?|\d+,?")
_POINT_WITNESS: Final = re.compile(r"\d,\d{3}\.\d|\d\.\d{1,2}\D*$|\d,\d{3},\d{3}")
_COMMA_WITNESS: Final = re.compile(r"\d\.\d{3},\d|\d,\d{1,2}\D*$|\d\.\d{3}\.\d{3}")


def decimal_comma(values: Iterable[str]) -> bool:
    """Whether a column of amounts has decimal commas: more witnesses for them than for points."""
    point = comma = 0
    for value in values:
        point += bool(_POINT_WITNESS.search(value))
        comma += bool(_COMMA_WITNESS.search(value))
    return comma > point


def parse_amount(text: str, *, comma: bool = False) -> Decimal | None:
    """The amount that ``text`` writes, exactly, or None where it writes none.

    ``comma``: the column has decimal commas. A value that can only be read the other way
    (``1.234,56`` in a column of points) is read so.
    """
    text = text.strip()
    if _PLAIN.fullmatch(text) and not (comma and "." in text):
        return Decimal(text)
    text = _CURRENCY.sub("", text.translate(_MINUS)).replace('"', "").strip(" *'=+?\t")
    if not text:
        return None
    if _NIL.fullmatch(text):
        return Decimal(0)
    negative = False
    if text[0] in "([" and text[-1] in ")]":
        negative, text = True, text[1:-1].strip()
    upper = text.upper()
    if upper.endswith("CR"):
        negative, text = not negative, text[:-2].strip()
    elif upper.endswith("DR"):
        text = text[:-2].strip()
    if text[:1] == "-" or text[-1:] == "-":
        if text[0] == text[-1] or negative:
            return None if text[0] == text[-1] else _number(text.strip("- "), comma, negative=True)
        negative, text = True, text.strip("- ")
    return _number(text.strip(), comma, negative=negative)


def _number(text: str, comma: bool, *, negative: bool) -> Decimal | None:
    match = _SHAPE.fullmatch(text)
    if match is None:
        return None
    number = match["number"].strip()
    digits = _digits(number, comma)
    if digits is None or len(digits) > 40:
        return None
    value = Decimal(digits)
    value = value.scaleb(
        int(match["exponent"] or 0) + _SCALE.get((match["scale"] or "").lower(), 0)
    )
    if value.as_tuple().exponent > 0:  # type: ignore[operator]
        value = Decimal(f"{value:f}")
    return -value if negative else value


def _digits(number: str, comma: bool) -> str | None:
    """``number`` with a decimal point and no thousands marks, or None where it fits no style."""
    first, second = (_COMMA, _POINT) if comma else (_POINT, _COMMA)
    if first.fullmatch(number):
        as_comma = comma
    elif second.fullmatch(number):
        as_comma = not comma
    else:
        return None
    if as_comma:
        number = number.replace(".", "").replace(",", ".")
    return re.sub(r"[,' ]", "", number).rstrip(".") or None


def currency_of(text: str) -> str:
    """The ISO 4217 code that a header or cell names (``£``, ``(EUR)``), or an empty string."""
    match = _CURRENCY.search(text)
    if match is None:
        return ""
    found = match.group().upper()
    return CURRENCY_SIGNS.get(found, "GBP" if found == "STG" else found)
