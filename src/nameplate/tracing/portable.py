"""The portable engine: an Aho-Corasick automaton on literals, and :mod:`re` behind it.

For machines on which Hyperscan cannot be installed. Each pattern is filed under a literal that is
in every match of it; where the literal stands in the block, the patterns filed under it are tried
on the bytes around it. Patterns without such a literal (the oddities) are one regular expression.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from re import _constants as _c  # type: ignore[attr-defined]
from re import _parser  # type: ignore[attr-defined]
from typing import Any, Final

import ahocorasick_rs

_WINDOW: Final = 160
"""Bytes on either side of a literal within which its pattern matches."""
_LITERAL_MIN: Final = 3
_CHOICES_MAX: Final = 64
"""Alternative literals one pattern may be filed under."""


def portable_engine(
    patterns: list[str],
) -> Callable[[bytes | memoryview, Callable[[int, int], None]], None]:
    """An engine for ``patterns`` (Latin-1 regular expressions for the flags ``(?is)``)."""
    filed: dict[bytes, list[int]] = {}
    unfiled: list[int] = []
    for number, pattern in enumerate(patterns):
        literals = literals_of(pattern)
        if literals is None:
            unfiled.append(number)
        for literal in literals or ():
            filed.setdefault(literal, []).append(number)
    keys = sorted(filed)
    automaton = ahocorasick_rs.BytesAhoCorasick(
        keys, implementation=ahocorasick_rs.Implementation.DFA
    )
    behind = [_together([patterns[n] for n in filed[key]]) for key in keys]
    numbers = [min(filed[key]) for key in keys]
    rest = [(n, re.compile(patterns[n].encode("latin-1"), re.I | re.S)) for n in unfiled]

    def run(block: bytes | memoryview, report: Callable[[int, int], None]) -> None:
        raw = bytes(block)
        for which, start, end in automaton.find_matches_as_indexes(raw.lower(), overlapping=True):
            low = max(0, start - _WINDOW)
            found = behind[which].search(raw, low, min(len(raw), end + _WINDOW))
            if found:
                report(numbers[which] or 1, end)
        for number, pattern in rest:
            for match in pattern.finditer(raw):
                report(number, match.end())
                if number == 0:
                    break

    return run


def _together(patterns: list[str]) -> re.Pattern[bytes]:
    union = "|".join(f"(?:{p})" for p in patterns)
    return re.compile(union.encode("latin-1"), re.IGNORECASE | re.DOTALL)


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
    if op is _c.SUBPATTERN:
        return _whole(argument[-1])
    if op is _c.BRANCH:
        wholes = [_whole(branch) for branch in argument[1]]
        if all(w is not None for w in wholes):
            return {text for w in wholes if w for text in w}
    return None


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
