"""Which literals a regular expression cannot match without."""

from __future__ import annotations

import re
from collections.abc import Iterable
from re import _constants as _c  # type: ignore[attr-defined]
from re import _parser  # type: ignore[attr-defined]
from typing import Any, Final

_LITERAL_MIN: Final = 3
_CLASS_MAX: Final = 12
_CHOICES_MAX: Final = 128
"""Alternative literals one pattern may be filed under."""


def literals_of(pattern: str) -> set[bytes] | None:
    """Lower-case literals of which one is in every match of ``pattern``; None where none is.

    The best set is the one whose shortest literal is longest, then the smallest.
    """
    best = _best(_candidates(_parser.parse(pattern, re.IGNORECASE | re.DOTALL)))
    if best is None or min(map(len, best)) < _LITERAL_MIN:
        return None
    return {text.encode("latin-1") for text in best}


def _best(sets: Iterable[set[str]]) -> set[str] | None:
    useful = [s for s in sets if s and len(s) <= _CHOICES_MAX and min(map(len, s)) > 0]
    return max(useful, key=lambda s: (min(map(len, s)), -len(s), sorted(s)), default=None)


def _candidates(items: Any) -> list[set[str]]:
    """Sets of literals of which one is in every match of a sequence of parsed items."""
    found: list[set[str]] = []
    run: set[str] = {""}
    for op, argument in items:
        choices = _choices(op, argument)
        if choices is not None and len(run) * len(choices) <= _CHOICES_MAX:
            run = {a + b for a in run for b in choices}
            continue
        found.append(run)
        run = choices if choices is not None else {""}
        if choices is None:
            found.extend(_inner(op, argument))
    found.append(run)
    return found


def _choices(op: Any, argument: Any) -> set[str] | None:
    """All the strings an item can be, where they are few; None where they are not."""
    if op is _c.LITERAL:
        return {chr(argument).lower()} if argument < 0x80 else {chr(argument)}
    if op is _c.IN and all(kind is _c.LITERAL for kind, _ in argument):
        return {chr(value).lower() if value < 0x80 else chr(value) for _, value in argument}
    if op is _c.IN and argument and argument[0][0] is not _c.NEGATE:
        return _members(argument)
    if op is _c.MAX_REPEAT and argument[0] == argument[1]:
        return _whole(list(argument[2]) * int(argument[0]))
    if op is _c.SUBPATTERN:
        return _whole(argument[-1])
    if op is _c.BRANCH:
        wholes = [_whole(branch) for branch in argument[1]]
        if all(w is not None for w in wholes):
            return {text for w in wholes if w for text in w}
    return None


def _members(argument: Any) -> set[str] | None:
    """The characters of a class of letters and digits, where they are few."""
    found: set[str] = set()
    for kind, value in argument:
        if kind is _c.LITERAL and value < 0x80:
            found.add(chr(value).lower())
        elif kind is _c.RANGE and value[1] < 0x80:
            found.update(chr(c).lower() for c in range(value[0], value[1] + 1))
        elif kind is _c.CATEGORY and value is _c.CATEGORY_DIGIT:
            found.update("0123456789")
        else:
            return None
    return found if len(found) <= _CLASS_MAX else None


def _whole(items: Any) -> set[str] | None:
    """All strings that a sequence of items can be, where they are few."""
    run = {""}
    for op, argument in items:
        choices = _choices(op, argument)
        if choices is None or len(run) * len(choices) > _CHOICES_MAX:
            return None
        run = {a + b for a in run for b in choices}
    return run


def _inner(op: Any, argument: Any) -> list[set[str]]:
    """Candidate sets from inside an item that is no plain choice."""
    if op is _c.SUBPATTERN:
        return _candidates(argument[-1])
    if op is _c.BRANCH:
        each = [_best(_candidates(branch)) for branch in argument[1]]
        if all(e is not None for e in each):
            return [{text for e in each if e for text in e}]
    if op is _c.MAX_REPEAT and argument[0] >= 1:
        return _candidates(argument[2])
    return []
