"""Numbers as people write and scanners misread them, with their place in the text.

Covers digits with separators (``1,150``), words (``nine hundred and four``, ``a dozen``,
``seventy-odd``), counts with a tail (``x4``, ``12nr``, ``31 no.``, ``c35``) and, in scanned text
only, letters read for digits (``l8``, ``I04``, ``2O25``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import Final

import msgspec

UNITS: Final = {
    w: i
    for i, w in enumerate(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
        ]
    )
}
TENS: Final = {
    w: 10 * (i + 2)
    for i, w in enumerate(
        ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
    )
}
SCALES: Final = {"hundred": 100, "thousand": 1000, "million": 1_000_000}
_SPECIAL: Final = {
    "a pair": 2,
    "a couple": 2,
    "a dozen": 12,
    "half a dozen": 6,
    "two dozen": 24,
    "three dozen": 36,
    "a single": 1,
    "a score": 20,
}

_WORD: Final = "|".join([*sorted(UNITS, key=len, reverse=True), *TENS, *SCALES])
_SPELLED: Final = re.compile(
    rf"\b(?:(?:half\s+)?(?:a|two|three)\s+(?:pair|couple|dozen|score)\b"
    rf"|a\s+single\b"
    rf"|(?:(?:a\s+)(?=hundred|thousand|million))?(?:{_WORD})(?:(?:[\s-]+|\s+and\s+)(?:{_WORD}))*)\b",
    re.I,
)
_DIGITS: Final = re.compile(
    r"(?<![\w.,£$€/:-])"
    r"(?P<pre>(?:[x×]\s?|c\.?\s?|ca\.?\s?|circa\s|approx\.?\s|approximately\s|about\s|around\s"
    r"|over\s|under\s|some\s|nearly\s|almost\s|more\sthan\s|at\sleast\s|up\sto\s|~\s?)?)"
    r"(?P<num>\d{1,3}(?:,\d{3})+|\d{1,6})(?P<dec>\.\d+)?"
    r"(?P<post>\s?(?:nr|no|nos|off|[x×]|pcs)\b\.?)?"
    r"(?![\w£$€%/]|[-:]\d|,\d{3}|\.\d)",
    re.I,
)
_SCANNED: Final = re.compile(
    r"(?<![\w.,£$€/:-])(?P<num>[0-9lIOoSB]{1,4})(?P<post>\s?n\s?o?\s?[ro]\b\.?)?(?![\w£$€%/]|[-:.]\d)"
)
_CONFUSED: Final = str.maketrans(
    {"l": "1", "I": "1", "|": "1", "O": "0", "o": "0", "S": "5", "B": "8"}
)


class Number(msgspec.Struct, frozen=True):
    """A number found at ``start:end``; ``core`` is where its digits or words alone stand."""

    value: int
    start: int
    end: int
    core: tuple[int, int]
    spelled: bool
    tail: str
    """What is joined to it in lower case: ``x``, ``nr``, ``no.``; empty where nothing is."""
    head: str = ""
    scanned: bool = False


def digits_of(text: str) -> str:
    """``text`` with the letters that scanners read for digits turned back into digits."""
    return text.translate(_CONFUSED)


def spelled_value(words: str) -> int | None:
    """Value of a number in words (``one hundred and twelve``), or None where it is none."""
    text = re.sub(r"\s+", " ", words.lower().strip())
    if text in _SPECIAL:
        return _SPECIAL[text]
    total = group = 0
    seen = False
    for word in re.split(r"[\s-]+", text):
        if word in {"and", "a", "odd"}:
            continue
        if word in UNITS:
            group += UNITS[word]
        elif word in TENS:
            group += TENS[word]
        elif word == "hundred":
            group = (group or 1) * 100
        elif word in SCALES:
            total += (group or 1) * SCALES[word]
            group = 0
        else:
            return None
        seen = True
    return total + group if seen else None


def decimal_of(text: str) -> Decimal | None:
    """Decimal of digits with separators, or None."""
    try:
        return Decimal(text.replace(",", "").replace(" ", ""))
    except InvalidOperation:
        return None


def find_numbers(text: str, *, scanned: bool = False) -> Iterator[Number]:
    """Yield the numbers of ``text`` in order. Years, dates and sums are the caller's to drop."""
    found: list[Number] = []
    for match in _DIGITS.finditer(text):
        if match["dec"]:
            continue
        value = int(match["num"].replace(",", ""))
        found.append(
            Number(
                value,
                match.start(),
                match.end(),
                match.span("num"),
                False,
                (match["post"] or "").strip().lower(),
                match["pre"].strip().lower(),
            )
        )
    for match in _SPELLED.finditer(text):
        parsed = spelled_value(match.group())
        if parsed is None:
            continue
        end = match.end()
        odd = re.match(r"[-\s]odd\b", text[end:])
        end += odd.end() if odd else 0
        nr = re.match(r"\s+(?:no\.|nr\b|nos?\b\.?)", text[end:])
        tail = nr.group().strip().lower() if nr else ""
        found.append(Number(parsed, match.start(), end, match.span(), True, tail))
    if scanned:
        taken = [(n.start, n.end) for n in found]
        for match in _SCANNED.finditer(text):
            raw = match["num"]
            if raw.isdigit() and not match["post"]:
                continue
            if any(s < match.end() and match.start() < e for s, e in taken):
                continue
            if not raw.isdigit() and not any(c.isdigit() for c in raw):
                before = text[max(0, match.start() - 1) : match.start()]
                after = text[match.end() : match.end() + 1]
                if not (before == "(" and after == ")"):
                    continue
            found.append(
                Number(
                    int(digits_of(raw)),
                    match.start(),
                    match.end(),
                    match.span("num"),
                    False,
                    (match["post"] or "").strip().lower(),
                    "",
                    True,
                )
            )
    found.sort(key=lambda n: (n.start, -n.end))
    last = -1
    for number in found:
        if number.start >= last:
            yield number
            last = number.end
