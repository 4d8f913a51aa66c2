"""Version ranges out of the words that advisories use for them."""

from __future__ import annotations

import datetime
import re
from typing import Final

from nameplate.estate.vulns.schema import Range

_V: Final = (
    r"(?:AXIS OS\s*)*((?:[A-Z]+[-_])?[A-Z]*\d[\w.]*?(?:[.-]\d+)*(?:[\s_]*build[\s_]*\d{6})?"
    r"(?:\.[A-Z0-9]+)*)"
)
_MONTHS: Final = {
    name: number
    for number, name in enumerate(
        [
            "january",
            "february",
            "march",
            "april",
            "may",
            "june",
            "july",
            "august",
            "september",
            "october",
            "november",
            "december",
        ],
        1,
    )
}
_OPERATOR: Final = re.compile(rf"^\s*(>=|<=|<|>|=)\s*(?:version\s*)?{_V}\s*$", re.IGNORECASE)
_SPAN: Final = re.compile(rf"^\s*{_V}\s*(?:[–—-]|\bto\b|<=)\s*{_V}\s*$", re.IGNORECASE)
_BETWEEN: Final = re.compile(rf"between\s+{_V}\s+and\s+{_V}", re.IGNORECASE)
_AFTER_BEFORE: Final = re.compile(
    rf"after\s+{_V}\s*(?P<low>[(（]\s*including[^)）]*[)）])?\s*(?:,|and)?\s*before\s+{_V}"
    r"\s*(?P<high>[(（]\s*(?:not\s+)?including[^)）]*[)）])?",
    re.IGNORECASE,
)
_BELOW: Final = re.compile(
    rf"(?:below|before|prior to)(?: version)?\s+{_V}\s*(?P<incl>[(（]\s*including[^)）]*[)）])?",
    re.IGNORECASE,
)
_UP_TO: Final = re.compile(
    rf"^\s*(?:firmware\s*)?(?:version[s]?\s*)?{_V}\s*(?:or earlier|or prior|or below|and (?:the )?"
    r"(?:previous|prior|earlier|older)|and versions? (?:before|prior)|and the versions prior)",
    re.IGNORECASE,
)
_BUILT: Final = re.compile(
    r"build\s*time[s]?\s+(?:is\s+)?before\s+(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})", re.IGNORECASE
)
_BUILT_MONTH: Final = re.compile(
    r"build\s*time[s]?\s+(?:is\s+)?before\s+([A-Z][a-z]+),?\s+(\d{4})", re.IGNORECASE
)
_ALL: Final = re.compile(r"^(?:vers:all/\*|\*|all(?: firmware)? versions?|all)$", re.IGNORECASE)
_VERSION_ONLY: Final = re.compile(rf"^\s*{_V}\s*$", re.IGNORECASE)
_NOTHING: Final = frozenset({"", "-", "n/a", "unspecified", "unknown", "various"})


def parse_range(text: str) -> tuple[Range, ...]:
    """Ranges in the words of an advisory; none where they give no bound that can be read.

    >>> parse_range(">=5.3.1 build 150410|<=5.4.4 Build 161125")[0].high
    '5.4.4 Build 161125'
    """
    words = " ".join(text.replace("\t", " ").split())
    if words.lower() in _NOTHING:
        return ()
    if _ALL.match(words):
        return (Range(everything=True, text=text),)
    for builder in (_built, _operators, _worded):
        if found := builder(words):
            return found
    if only := _VERSION_ONLY.match(words):
        version = only[1]
        return (Range(low=version, high=version, high_included=True, text=text),)
    return ()


def _built(words: str) -> tuple[Range, ...]:
    if found := _BUILT.search(words):
        try:
            day = datetime.date(int(found[1]), int(found[2]), int(found[3]))
        except ValueError:
            return ()
        return (Range(built_before=day.isoformat(), text=words),)
    if (found := _BUILT_MONTH.search(words)) and found[1].lower() in _MONTHS:
        day = datetime.date(int(found[2]), _MONTHS[found[1].lower()], 1)
        return (Range(built_before=day.isoformat(), text=words),)
    return ()


def _operators(words: str) -> tuple[Range, ...]:
    plain = re.sub(r"^vers:\w+/", "", words)
    low = high = ""
    low_in = high_in = True
    for part in re.split(r"[|;]", plain):
        found = _OPERATOR.match(part)
        if found is None:
            return ()
        sign, version = found[1], found[2]
        if sign in (">=", ">"):
            low, low_in = version, sign == ">="
        elif sign in ("<=", "<"):
            high, high_in = version, sign == "<="
        else:
            low = high = version
    return (Range(low=low, low_included=low_in, high=high, high_included=high_in, text=words),)


def _worded(words: str) -> tuple[Range, ...]:
    if found := _AFTER_BEFORE.search(words):
        note = (found["high"] or "").lower()
        return (
            Range(
                low=found[1],
                low_included=bool(found["low"]),
                high=found[3],
                high_included="including" in note and "not" not in note,
                text=words,
            ),
        )
    if found := _BETWEEN.search(words):
        return (Range(low=found[1], high=found[2], high_included=True, text=words),)
    if found := _UP_TO.match(words):
        return (Range(high=found[1], high_included=True, text=words),)
    if found := _BELOW.search(words):
        return (Range(high=found[1], high_included=bool(found["incl"]), text=words),)
    if found := _SPAN.match(words):
        return (Range(low=found[1], high=found[2], high_included=True, text=words),)
    return ()
