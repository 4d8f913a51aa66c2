"""Dates and periods in prose, as ISO text shortened to what is known."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

import msgspec

from nameplate.tracing.extract.numbers import digits_of

_MONTHS: Final = {
    name: i + 1
    for i, names in enumerate(
        (
            "january jan",
            "february feb",
            "march mar",
            "april apr",
            "may",
            "june jun",
            "july jul",
            "august aug",
            "september sept sep",
            "october oct",
            "november nov",
            "december dec",
        )
    )
    for name in names.split()
}
_M: Final = "|".join(sorted(_MONTHS, key=len, reverse=True))
_D: Final = r"[0-3lIO]?[\dlIO]"
_Y: Final = r"[12][\dlIO]{3}"
_SEASONS: Final = {"spring": ("03", "05"), "summer": ("06", "08"), "autumn": ("09", "11")}

_FULL: Final = re.compile(
    rf"(?<![\w£.,/])(?P<d>{_D})(?:st|nd|rd|th)?[\s-]+(?:of\s+)?(?P<m>{_M})\.?,?[\s-]+(?P<y>{_Y}|\d\d)\b",
    re.I,
)
_US: Final = re.compile(
    rf"\b(?P<m>{_M})\.?\s+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?,\s*(?P<y>{_Y})\b", re.I
)
_MONTH: Final = re.compile(rf"\b(?P<m>{_M})\.?,?\s+(?P<y>20\d\d|19\d\d)\b", re.I)
_NUMERIC: Final = re.compile(
    rf"(?<![\w£.,/-])(?P<d>{_D})(?P<sep>[/.-])(?P<m>[01lIO]?[\dlIO])(?P=sep)(?P<y>{_Y}|[\dlIO]{{2}})(?![\w/-]|\.\d)"
)
_ISO: Final = re.compile(
    r"(?<![\w-])(?P<y>(?:19|20)\d\d)-(?P<m>[01]\d)(?:-(?P<d>[0-3]\d))?(?![\d-])"
)
_MONTH_NUM: Final = re.compile(r"(?<![\w/.-])(?P<m>0[1-9]|1[0-2])/(?P<y>20\d\d)(?![\w/])")
_FISCAL: Final = re.compile(
    r"(?:\b(?P<kind>FY|financial\s+year|academic\s+year|year)\s?)?(?<![\w/.£,-])(?P<y>20\d\d)(?P<sep>[/-–])(?P<z>(?:20)?\d\d)(?![\w/-])",
    re.I,
)
_FY: Final = re.compile(r"\bFY\s?(?P<y>\d\d)(?:[/-](?P<z>\d\d))?\b", re.I)
_QUARTER: Final = re.compile(r"\bQ(?P<q>[1-4])\s*(?:of\s+)?(?P<y>20\d\d)(?:[/-](?P<z>\d\d))?", re.I)
_SEASON: Final = re.compile(r"\b(?P<s>spring|summer|autumn)\s+(?:of\s+)?(?P<y>20\d\d)\b", re.I)
_YEAR: Final = re.compile(r"(?<![\w£$€,./-])(?P<y>(?:199\d|20[0-4]\d))(?![\w/,%-]\d|[\w%]|/\d|-\d)")
_YEAR_CUE: Final = re.compile(
    r"(?:\b(?:in|since|from|by|until|to|and|between|during|before|after|of|early|late|mid|around|to\s+end|bought|installed|fitted|for|dated?|prior\s+to|replace|end\s+of)\s*|[|(–-]\s*|,\s*)$",
    re.I,
)
_NOT_YEAR: Final = re.compile(
    r"^\s*(?:act\b|regulations\b|order\b|cameras?|units|devices|vision|code\b|defence)", re.I
)
_DROPPED: Final = re.compile(
    r"\b(?:act|regulations?|order|code)(?:\s+\(\w+\))?\s+(?:of\s+)?$", re.I
)


class DateFound(msgspec.Struct, frozen=True, kw_only=True):
    """A date or ``start/end`` period in ISO form at ``start:end``; ``what`` in a word or two."""

    what: str
    value: str
    surface: str
    start: int
    end: int


def _iso(year: str, month: int, day: str | None = None) -> str | None:
    y = digits_of(year)
    if not y.isdigit():
        return None
    if len(y) == 2:
        y = f"20{y}" if int(y) < 70 else f"19{y}"
    if not 1 <= month <= 12 or not 1980 <= int(y) <= 2049:
        return None
    if day is None:
        return f"{y}-{month:02d}"
    d = digits_of(day)
    if not d.isdigit() or not 1 <= int(d) <= 31:
        return None
    return f"{y}-{month:02d}-{int(d):02d}"


_WHAT: Final = (
    ("awarded", r"award"),
    ("contract_start", r"start|commenc|from\b.{0,20}$"),
    ("contract_end", r"contract end|expir|to$|until|ends?\b"),
    ("removed", r"remov|taken (?:down|out)|decommission|retired|destroyed|disposed"),
    ("replacement_due", r"replac|renew|due to|will be"),
    ("installed", r"install|fitted|put (?:in|up)"),
    ("bought", r"bought|purchas|order|suppl"),
    ("closing", r"clos|deadline|return by|noon"),
    ("received", r"receiv"),
    ("due", r"due|expect|target|reply by"),
    ("approved", r"approv|agreed|resolved"),
    ("payment", r"paid|payment"),
    ("period_from", r"since|from"),
)


def _what(text: str, start: int, end: int) -> str:
    """What a date is of: the nearest telling word before it, else the first after it."""
    near = re.sub(r"\s+", " ", text[max(0, start - 60) : start]).lower()
    sentence = max(near.rfind(". "), near.rfind("? "))
    near = near[sentence + 1 :]
    best, place = "", -1
    for what, pattern in _WHAT:
        for match in re.finditer(pattern, near):
            if match.start() > place:
                best, place = what, match.start()
    if best:
        return best
    after = re.split(r"[.?;]\s", re.sub(r"\s+", " ", text[end : end + 70]).lower())[0]
    for what, pattern in _WHAT[:7]:
        if re.search(pattern, after):
            return what
    return "date"


def find_dates(text: str) -> list[DateFound]:
    """Return the dates of ``text`` in order; days first in numeric dates (British usage).

    A financial year is April to March, an academic year September to August, a quarter with two
    years ("Q3 2024/25") a financial one. A date without its year is not returned.
    """
    found: list[tuple[int, int, str]] = []
    add = found.append
    for m in _FISCAL.finditer(text):
        first, second = m["y"], m["z"][-2:]
        if int(second) != (int(first) + 1) % 100:
            continue
        if re.search(r"\bQ[1-4]\s*$", text[: m.start()]):
            continue
        months = ("09", "08") if (m["kind"] or "").lower().startswith("academic") else ("04", "03")
        add((m.start(), m.end(), f"{first}-{months[0]}/{int(first) + 1}-{months[1]}"))
    for m in _FY.finditer(text):
        year = 2000 + int(m["y"]) - (0 if m["z"] else 1)
        add((m.start(), m.end(), f"{year}-04/{year + 1}-03"))
    for m in _QUARTER.finditer(text):
        quarter, year = int(m["q"]), int(m["y"])
        if m["z"]:
            first = (4, 7, 10, 1)[quarter - 1]
            year += 1 if quarter == 4 else 0
        else:
            first = 3 * quarter - 2
        add((m.start(), m.end(), f"{year}-{first:02d}/{year}-{first + 2:02d}"))
    for m in _SEASON.finditer(text):
        first_month, last_month = _SEASONS[m["s"].lower()]
        add((m.start(), m.end(), f"{m['y']}-{first_month}/{m['y']}-{last_month}"))
    for pattern in (_FULL, _US):
        for m in pattern.finditer(text):
            if value := _iso(m["y"], _MONTHS[m["m"].lower()], m["d"]):
                add((m.start(), m.end(), value))
    for m in _NUMERIC.finditer(text):
        month = digits_of(m["m"])
        if month.isdigit() and (value := _iso(m["y"], int(month), m["d"])):
            add((m.start(), m.end(), value))
    for m in _ISO.finditer(text):
        if value := _iso(m["y"], int(m["m"]), m["d"]):
            add((m.start(), m.end(), value))
    for pattern in (_MONTH,):
        for m in pattern.finditer(text):
            if value := _iso(m["y"], _MONTHS[m["m"].lower()]):
                add((m.start(), m.end(), value))
    for m in _MONTH_NUM.finditer(text):
        if value := _iso(m["y"], int(m["m"])):
            add((m.start(), m.end(), value))
    for m in _YEAR.finditer(text):
        if (
            _YEAR_CUE.search(text[max(0, m.start() - 14) : m.start()])
            and not _NOT_YEAR.match(text[m.end() : m.end() + 16])
            and not _DROPPED.search(text[max(0, m.start() - 40) : m.start()])
        ):
            add((m.start(), m.end(), m["y"]))
    found.sort(key=lambda f: (f[0], -(f[1] - f[0])))
    out: list[DateFound] = []
    last = -1
    for start, end, value in found:
        if start < last:
            continue
        last = end
        out.append(
            DateFound(
                what=_what(text, start, end),
                value=value,
                surface=text[start:end],
                start=start,
                end=end,
            )
        )
    return out


def values(dates: Sequence[DateFound]) -> list[str]:
    """The ISO values alone."""
    return [d.value for d in dates]
