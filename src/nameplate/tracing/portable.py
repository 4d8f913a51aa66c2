"""The portable engine: an Aho-Corasick automaton on literals, and :mod:`re` behind it.

For machines on which Hyperscan cannot be installed. Each pattern is filed under a literal that is
in every match of it; where the literal stands in the block, the patterns filed under it are tried
on the bytes around it. Patterns without such a literal (the oddities) are one regular expression.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

import ahocorasick_rs

from nameplate.tracing.literals import literals_of

_WINDOW: Final = 160
"""Bytes on either side of a literal within which its pattern matches."""


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
