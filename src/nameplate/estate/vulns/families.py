"""Product names of advisories against model numbers: exact, families, and wildcards.

Advisories write families with ``x`` for one character (``DS-2CD2xx2FWD Series``,
``IPC-HX3XXX``). Where a name mixes cases only the small letters are wildcards
(``DS-76xxNXI-Ix``). Otherwise an ``x`` is one when it stands beside a digit, beside another
``x``, or at the end (``DS-2DFx``), but not in ``DS-2X…``, which is a real series, nor as the
first letter (``XVR``). ``H`` and an ``x`` before a digit stand for up to three letters (Dahua's
``IPC-HX3XXX`` holds ``IPC-HFW3441E``); three or more in a row may stand for one character more
(Hikvision's ``DS-2DE4xxxW`` holds ``DS-2DE4225IW``); at the end they stand for any ending.
"""

from __future__ import annotations

import functools
import re
from enum import IntEnum
from typing import Final

_LEADING: Final = re.compile(
    r"^(?:hikvision|dahua|uniview|axis(?! os)|hanwha|ezviz|amcrest|ip camera|ip_camera)[\s_]+",
    re.IGNORECASE,
)
_TRAILING: Final = re.compile(
    r"(?:[\s_]+(?:series|firmware|devices?|cameras?|versions?|network door controller|network"
    r" video door station|, and|and)|[,;])+\s*$",
    re.IGNORECASE,
)
_SERIES: Final = re.compile(r"\bseries\b|\bfamily\b", re.IGNORECASE)
_LENS: Final = re.compile(
    r"\((?:[\d.,/ -]*mm|[A-Z-]*STD|EU|US|UK|RU|BLACK|WHITE|\+?GPS)[^()]*\)?", re.I
)
_REAL_2X: Final = re.compile(r"^I?DS-?2X[A-Z]")
_DH: Final = re.compile(r"^DHI?-?(?=[A-Z])")


class Fit(IntEnum):
    """How a model fits a product's name."""

    NO = 0
    VARIANT = 1
    """A hardware variant (``(B)``) of an exact model that the source names without it."""
    YES = 2


def tidy(name: str) -> str:
    """A product's name or model without maker's name, series, spaces and escapes; upper case
    only where it is all one case."""
    text = name.replace("\\", "").strip()
    text = _LEADING.sub("", text)
    while (shorter := _TRAILING.sub("", text)) != text:
        text = shorter
    text = _LEADING.sub("", text)
    return re.sub(r"\s+", "", text)


def _wild(text: str, at: int, mixed: bool) -> bool:
    if text[at] not in "xX":
        return False
    if mixed:
        return text[at] == "x"
    upper = text.upper()
    if at == 0 or (_REAL_2X.match(upper) and at == upper.index("X")):
        return False
    before, after = upper[at - 1], upper[at + 1] if at + 1 < len(upper) else ""
    return before.isdigit() or after.isdigit() or "X" in (before, after) or after == ""


@functools.lru_cache(maxsize=16384)
def _pattern(product: str) -> tuple[re.Pattern[str], bool]:
    """The pattern for a product's name, and whether it names a family."""
    series = bool(_SERIES.search(product))
    text = tidy(product)
    letters = [c for c in text if c.isalpha()]
    mixed = any(c == "x" for c in letters) and any(c.isupper() for c in letters)
    wild = [_wild(text, at, mixed) for at in range(len(text))]
    end = len(text)
    while end and wild[end - 1]:
        end -= 1
    out: list[str] = []
    body = _DH.sub("", text.upper())
    skipped = len(text) - len(body)
    at = skipped - 1
    while at + 1 < end:
        at += 1
        char = text[at].upper()
        if wild[at]:
            before = text[at - 1].upper() if at else ""
            after = text[at + 1] if at + 1 < len(text) else ""
            run = 1
            while wild[at + 1] and at + 1 < end:
                at += 1
                run += 1
            if before == "H" and after.isdigit():
                out.append("[A-Z]{1,3}")
            else:
                out.append(f"[A-Z0-9]{{{run},{run + (run > 2)}}}")
        elif char == "-":
            out.append("-?")
        else:
            out.append(re.escape(char))
    family = series or any(wild)
    loose = end < len(text) or (series and not any(wild))
    tail = ".*" if loose else r"(?![0-9]).*" if family else ""
    return re.compile("".join(out) + tail), family


@functools.lru_cache(maxsize=65536)
def fits(product: str, model: str) -> Fit:
    """Whether ``model`` is of the product or family that ``product`` names."""
    if product == "*":
        return Fit.YES
    if not tidy(product):
        return Fit.NO
    pattern, family = _pattern(product)
    plain = _DH.sub("", _LENS.sub("", tidy(model)).upper())
    if not plain:
        return Fit.NO
    if pattern.fullmatch(plain):
        return Fit.YES
    bare = re.sub(r"\([^()]*\)?$", "", plain)
    if not family and bare != plain and pattern.fullmatch(bare):
        return Fit.VARIANT
    return Fit.NO
