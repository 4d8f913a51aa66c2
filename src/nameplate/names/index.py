"""Blocking and search: which of many known names may be this one, without comparing with all.

Every name is filed under a few keys: its sorted tokens, its letters without spaces, its rare
words, the beginnings and word sounds of those, and pairs of its commoner words. A search gathers
the names that share a key with the query, ranks them by the weight of what is shared, lets a fast
scorer of letters drop the hopeless and scores the rest in full. Memory is about 1 kB a name.
"""

from __future__ import annotations

import heapq
import zlib
from array import array
from collections.abc import Iterable, Iterator
from typing import Final

import msgspec
from rapidfuzz import fuzz, process
from rigour._core import metaphone

from nameplate.names.aliases import Aliases
from nameplate.names.normalise import Prepared, prepare
from nameplate.names.score import THRESHOLD, compare, score
from nameplate.names.weights import facts

_RARE: Final = 0.6
_READ: Final = 4000
"""Entries of blocks read for one search, the smallest blocks first: what a crowd shares says
little, and reading it is what would make a search slower as the list grows."""
_LOOKED_AT: Final = 200
"""Candidates that the fast scorer looks at, those that share most first."""
_SURVIVORS: Final = 20
"""Candidates of each fast scorer (all letters, shared words) that are scored in full."""
_FAST: Final = 55.0
"""Names whose letters are less alike than this (0-100, best of plain and word-set) are dropped."""


class Hit(msgspec.Struct, frozen=True):
    """A known name that the searched one may be. ``key`` is the caller's own."""

    key: str
    name: str
    score: float
    reasons: tuple[str, ...] = ()


def block_keys(name: Prepared) -> Iterator[str]:
    """Keys under which equal, reordered, respaced and slightly misspelt names meet."""
    yield "c" + name.core
    yield "j" + name.joined
    words = sorted(set(name.tokens), key=lambda token: (-facts(token)[0], token))
    heavy = [token for token in words if facts(token)[0] >= _RARE][:4]
    for token in heavy:
        yield "t" + token
        if len(token) >= 5:
            yield "b" + token[:4]
            yield "e" + token[-4:]
            sound = metaphone(token)
            if len(sound) >= 3:
                yield "m" + sound
    if len(name.joined) >= 8:
        yield "h" + name.joined[:6]
        yield "f" + name.joined[-6:]
    if len(heavy) >= 2:
        # Two rare words say which of many firms that share one of them; either may be misspelt.
        one, other = sorted(heavy[:2])
        yield f"p{one} {other}"
        yield f"x{one} {other[:3]}"
        yield f"x{other} {one[:3]}"
    common = [token for token in words if token not in heavy][:4]
    for position, one in enumerate(common):
        for other in common[position + 1 :]:
            yield "p" + min(one, other) + " " + max(one, other)


class NameIndex:
    """Known names to search in. ``schema`` says how they are read (a FollowTheMoney schema)."""

    def __init__(
        self,
        entries: Iterable[tuple[str, str]],
        *,
        schema: str = "Company",
        aliases: Aliases | None = None,
    ) -> None:
        """File ``entries`` (key, name); a key may come with several names."""
        self._schema = schema
        self._aliases = aliases
        self._keys: list[str] = []
        self._names: list[str] = []
        self._cores: list[str] = []
        self._blocks: dict[int, array[int] | int] = {}
        for key, name in entries:
            self.add(key, name)

    def __len__(self) -> int:
        return len(self._names)

    def add(self, key: str, name: str) -> None:
        """File one more name under the caller's ``key``."""
        prepared = prepare(name, self._schema)
        if not prepared.joined:
            return
        number = len(self._names)
        self._keys.append(key)
        self._names.append(name)
        self._cores.append(prepared.core)
        blocks = self._blocks
        owner = self._owner(prepared)
        for text in {*block_keys(prepared), *(["o" + owner] if owner else [])}:
            hashed = _hashed(text)
            block = blocks.get(hashed)
            if block is None:
                blocks[hashed] = number
            elif isinstance(block, int):
                blocks[hashed] = array("I", (block, number))
            else:
                block.append(number)

    def candidates(self, name: Prepared) -> list[int]:
        """Numbers of the names that share a key with ``name``, most and rarest shared first."""
        found: list[tuple[int, str, array[int] | int]] = []
        owner = self._owner(name)
        for text in {*block_keys(name), *(["o" + owner] if owner else [])}:
            block = self._blocks.get(_hashed(text))
            if block is not None:
                found.append((1 if isinstance(block, int) else len(block), text, block))
        found.sort(key=lambda entry: entry[:2])
        tally: dict[int, float] = {}
        read = 0
        for crowd, text, block in found:
            if isinstance(block, int):
                tally[block] = tally.get(block, 0.0) + 1.0
                continue
            if read + crowd > _READ and text[0] not in "cjo":
                continue
            read += crowd
            worth = 1.0 / crowd**0.25
            for number in block:
                tally[number] = tally.get(number, 0.0) + worth
        if len(tally) <= _LOOKED_AT:
            return sorted(tally, key=lambda number: (-tally[number], number))
        return heapq.nsmallest(_LOOKED_AT, tally, key=lambda number: (-tally[number], number))

    def search(self, name: str, limit: int = 5, threshold: float = THRESHOLD) -> list[Hit]:
        """The up to ``limit`` known names scoring at least ``threshold``, best first.

        One hit a key: the best of a party's names. Ties fall in the order of filing.
        """
        query = prepare(name, self._schema)
        if not query.joined:
            return []
        scored: dict[str, tuple[float, int]] = {}
        for number in self._survivors(query):
            known = prepare(self._names[number], self._schema)
            value = self._score(name, query, number, known)
            key = self._keys[number]
            if value >= threshold and value > scored.get(key, (0.0, 0))[0]:
                scored[key] = (value, number)
        best = sorted(scored.items(), key=lambda item: (-item[1][0], item[1][1]))[:limit]
        return [
            Hit(
                key,
                self._names[number],
                value,
                score(name, self._names[number], self._schema, self._aliases).reasons,
            )
            for key, (value, number) in best
        ]

    def _survivors(self, query: Prepared) -> list[int]:
        """The candidates whose letters or words are most like the query's, in order of filing."""
        candidates = self.candidates(query)
        if len(candidates) <= _SURVIVORS // 4:
            return candidates
        cores = [self._cores[number] for number in candidates]
        kept: set[int] = set()
        for scorer in (fuzz.ratio, fuzz.token_set_ratio):
            close = process.extract(
                query.core, cores, scorer=scorer, limit=_SURVIVORS, score_cutoff=_FAST
            )
            kept.update(candidates[position] for _, _, position in close)
        owner = self._owner(query)
        if owner:
            kept.update(self._numbers("o" + owner)[:_SURVIVORS])
        return sorted(kept)

    def _numbers(self, text: str) -> list[int]:
        block = self._blocks.get(_hashed(text))
        if block is None:
            return []
        return [block] if isinstance(block, int) else list(block)

    def _owner(self, name: Prepared) -> str:
        """Whose name it is by a curated spelling, or an empty text."""
        found = self._aliases.find(name) if self._aliases is not None else None
        return found.alias.owner if found else ""

    def _score(self, name: str, query: Prepared, number: int, known: Prepared) -> float:
        if self._aliases is None:
            return compare(query, known)
        return score(name, self._names[number], self._schema, self._aliases).score


def _hashed(text: str) -> int:
    """32-bit key of a block: a collision costs one more comparison, never an answer."""
    return zlib.crc32(text.encode())
