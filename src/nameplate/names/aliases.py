"""Curated spellings of known parties: what no likeness of letters can tell.

``Hangzhou Hikvision Digital Technology`` and ``海康威视`` share nothing with ``Hikvision UK`` that
a general scorer may rely on, and ``Dahua Electronics`` shares with ``Dahua Technology`` all that
it relies on. So a spelling stands for its owner when the rest of the name adds nothing but the
firm's form, place or trade as the owner itself uses them; a spelling recorded as another firm's
never does.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import msgspec

from nameplate.names.normalise import Prepared, prepare
from nameplate.names.weights import is_place, weight
from nameplate.names.words import words

_SAYS_NOTHING: Final = words(
    """
    technology digital company corporation group holdings international limited uk
    overseas official sales europe systems network networks
    """
)
_LONGEST_ALIAS: Final = 8


class Alias(msgspec.Struct, frozen=True):
    """A spelling and whose it is. ``kind``: registered, short, brand, former, native, trading,
    or ``not``: this very firm is *not* the owner. ``valid_from``/``valid_to`` (exclusive) are ISO
    dates, empty where unknown.
    """

    owner: str
    text: str
    kind: str = "registered"
    valid_from: str = ""
    valid_to: str = ""
    ref: str = ""


class Found(msgspec.Struct, frozen=True):
    """Whose name it is: ``exact`` when the alias is the whole name, legal form apart."""

    alias: Alias
    exact: bool
    rest: tuple[str, ...]


class Aliases:
    """A lookup from a prepared name to the curated alias in it."""

    def __init__(self, aliases: Iterable[Alias]) -> None:
        self._cores: dict[str, list[Alias]] = {}
        self._joined: dict[str, list[Alias]] = {}
        self._denied: dict[str, Alias] = {}
        self._heads: dict[str, list[tuple[tuple[str, ...], Alias]]] = {}
        for alias in aliases:
            prepared = prepare(alias.text)
            if not prepared.tokens:
                continue
            if alias.kind == "not":
                self._denied[prepared.core] = alias
                continue
            self._cores.setdefault(prepared.core, []).append(alias)
            self._joined.setdefault(prepared.joined, []).append(alias)
            if alias.kind in {"short", "brand", "native"} and len(prepared.joined) >= 4:
                head = self._heads.setdefault(prepared.tokens[0], [])
                head.append((prepared.tokens, alias))
        self.words: frozenset[str] = frozenset(self._heads)

    def __len__(self) -> int:
        return sum(len(found) for found in self._cores.values())

    def find(self, name: Prepared, on: str = "") -> Found | None:
        """The alias that ``name`` is, as of the ISO date ``on`` (empty: at any time), or None.

        None also where it is recorded as another firm's, or where aliases of two owners fit.
        """
        if name.core in self._denied:
            return None
        whole = [
            alias
            for alias in self._cores.get(name.core) or self._joined.get(name.joined) or []
            if _holds(alias, on)
        ]
        if whole:
            owners = {alias.owner for alias in whole}
            return Found(whole[0], True, ()) if len(owners) == 1 else None
        if self.words.isdisjoint(name.tokens):
            return None
        best: list[Found] = []
        for start, token in enumerate(name.tokens):
            for tokens, alias in self._heads.get(token, ()):
                if name.tokens[start : start + len(tokens)] != tokens or not _holds(alias, on):
                    continue
                rest = name.tokens[:start] + name.tokens[start + len(tokens) :]
                if all(self._says_nothing(word) for word in rest):
                    best.append(Found(alias, False, rest))
        owners = {found.alias.owner for found in best}
        return best[0] if len(owners) == 1 else None

    def denied(self, name: Prepared) -> Alias | None:
        """The record that this very name is *not* the owner's, or None."""
        return self._denied.get(name.core)

    @staticmethod
    def _says_nothing(word: str) -> bool:
        return word in _SAYS_NOTHING or is_place(word) or weight(word) <= 0.25


def _holds(alias: Alias, on: str) -> bool:
    return not on or (
        (not alias.valid_from or alias.valid_from <= on)
        and (not alias.valid_to or on < alias.valid_to)
    )
