"""Firmware versions: read and compared as each maker counts them.

- Hikvision: ``V5.4.4 build 161125``: three numbers, then the build's day (yymmdd).
- Dahua: ``2.820.0000000.48.R.220614``: main, sub, customer's line, revision, then the day; or
  ``…,build:2020-11-17``. Numbers of two different lines do not compare, their days do.
- Uniview: ``NVR-B3801.20.17.240507``: comparable within one line (``NVR-B3801``) only.
- Others (Axis, Hanwha, Bosch, Reolink): numbers between dots.
"""

from __future__ import annotations

import datetime
import functools
import re
from typing import Final

import msgspec

_HIKVISION: Final = re.compile(
    r"V?\s*(\d{1,3}(?:\.(?:\d{1,4}|[xX]))*)(?:[\s_,-]*build[\s_:]*(\d{6,8}))?", re.IGNORECASE
)
_DAHUA: Final = re.compile(
    r"V?(\d{1,2})\.(\d{3})\.([A-Z0-9]{4,7})\.(\d{1,3})(?:\.([A-Z]))?(?:\.(\d{6}))?", re.IGNORECASE
)
_DAHUA_DAY: Final = re.compile(
    r"build(?:\s+date)?[:\s]*(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})", re.IGNORECASE
)
_UNIVIEW: Final = re.compile(r"^\s*([A-Z]+[-_][A-Z]\d+)\.([\d.]+)", re.IGNORECASE)
_NUMBERS: Final = re.compile(r"v?(\d+(?:\.\d+)*)", re.IGNORECASE)
_ONLY_DAY: Final = re.compile(r"^(?:build\s*)?(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})$")


class Firmware(msgspec.Struct, frozen=True, kw_only=True):
    """A version as read: the line it belongs to, its numbers, and the day it was built."""

    raw: str
    line: str = ""
    numbers: tuple[int, ...] = ()
    built: datetime.date | None = None


def _day(text: str) -> datetime.date | None:
    try:
        if len(text) == 6:
            return datetime.date(2000 + int(text[:2]), int(text[2:4]), int(text[4:]))
        if len(text) == 8:
            return datetime.date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        pass
    return None


def _ymd(year: str, month: str, day: str) -> datetime.date | None:
    try:
        return datetime.date(int(year), int(month), int(day))
    except ValueError:
        return None


@functools.lru_cache(maxsize=65536)
def parse(maker: str, text: str) -> Firmware | None:
    """Read a version as ``maker`` (catalogue key) writes it; None where it holds no number."""
    raw = text.strip()[:200]
    if not raw:
        return None
    if only := _ONLY_DAY.match(raw):
        return Firmware(raw=raw, built=_ymd(only[1], only[2], only[3]))
    numbers: tuple[int, ...]
    if maker == "dahua" or (maker != "hikvision" and _DAHUA.match(raw)):
        found = _DAHUA.search(raw)
        written = _DAHUA_DAY.search(raw)
        built = _ymd(written[1], written[2], written[3]) if written else None
        if found:
            line = found[3].upper().lstrip("0") or "0"
            numbers = (int(found[1]), int(found[2]), int(found[4]))
            return Firmware(
                raw=raw, line=line, numbers=numbers, built=built or _day(found[6] or "")
            )
        if built:
            return Firmware(raw=raw, built=built)
    if maker == "uniview" and (found := _UNIVIEW.match(raw)):
        parts = tuple(int(p) for p in found[2].strip(".").split(".") if p)
        built = _day(f"{parts[-1]:06d}") if parts and 100_000 <= parts[-1] <= 999_999 else None
        return Firmware(
            raw=raw, line=found[1].upper().replace("_", "-"), numbers=parts, built=built
        )
    if found := _HIKVISION.search(raw) if "build" in raw.lower() else None:
        numbers = tuple(int(p) for p in found[1].split(".") if p.isdigit())
        return Firmware(raw=raw, numbers=numbers, built=_day(found[2] or ""))
    if found := _NUMBERS.search(raw):
        numbers = tuple(int(p) for p in found[1].split("."))
        return Firmware(raw=raw, numbers=numbers)
    return None


def compare(left: Firmware, right: Firmware, *, prefix: bool = False) -> int | None:
    """-1, 0 or 1 as ``left`` is older than, the same as or newer than ``right``; None: not known.

    Numbers decide first, then days where both are given; equal numbers with a day on one side
    only do not compare, unless neither side has one. ``prefix``: ``right`` stands for all
    versions that begin with its numbers (an upper bound "11.8" holds 11.8.61).
    """
    if left.line != right.line:
        return _by_day(left, right)
    if not left.numbers or not right.numbers:
        return _by_day(left, right)
    a, b = left.numbers, right.numbers
    if prefix and len(a) > len(b):
        a = a[: len(b)]
    width = max(len(a), len(b))
    a += (0,) * (width - len(a))
    b += (0,) * (width - len(b))
    if a != b:
        return -1 if a < b else 1
    if left.built and right.built:
        return _by_day(left, right)
    if right.built and not left.built:
        return None
    return 0


def _by_day(left: Firmware, right: Firmware) -> int | None:
    if left.built is None or right.built is None:
        return None
    return (left.built > right.built) - (left.built < right.built)
