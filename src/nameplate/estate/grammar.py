"""Model numbers: whose form a string has."""

from __future__ import annotations

import functools
import re
from typing import Final

import msgspec

from nameplate.catalogue import store as catalogue_store
from nameplate.catalogue.schema import Grammar
from nameplate.estate.facts import store as facts

_BRACKETS: Final = re.compile(r"\s*[(（][^()（）]*[)）]?|\s*[(（].*$")
_SPACE: Final = re.compile(r"\s+")
_MAX_TOKENS: Final = 12


class GrammarHit(msgspec.Struct, frozen=True):
    """A form that a model string has: the maker's key, brand (a name), weight and fact."""

    maker: str
    brand: str
    weight: float
    ref: str
    device: str


@functools.cache
def _compiled() -> tuple[tuple[re.Pattern[str], Grammar, str], ...]:
    catalogue = catalogue_store.load()
    brands = {brand.key: brand.name for brand in catalogue.brands}
    every = (*catalogue.grammars, *facts.grammars())
    return tuple((re.compile(g.pattern, re.IGNORECASE), g, brands.get(g.brand, "")) for g in every)


def candidates(model: str) -> tuple[str, ...]:
    """The forms in which a model string is tried: whole, without brackets or spaces, by word."""
    text = _SPACE.sub(" ", model[:200]).strip()
    bare = _BRACKETS.sub("", text).strip()
    found = dict.fromkeys((text, bare, bare.replace(" ", "")))
    found.update(dict.fromkeys(bare.split(" ")[:_MAX_TOKENS]))
    return tuple(token for token in found if token)


@functools.lru_cache(maxsize=131072)
def match_model(model: str) -> tuple[GrammarHit, ...]:
    """For each maker, the heaviest form that ``model`` has; heaviest first, then by maker."""
    best: dict[str, GrammarHit] = {}
    for token in candidates(model):
        for pattern, grammar, brand in _compiled():
            seen = best.get(grammar.maker)
            if seen is not None and seen.weight >= grammar.weight:
                continue
            if pattern.fullmatch(token):
                best[grammar.maker] = GrammarHit(
                    grammar.maker, brand, grammar.weight, grammar.id, grammar.device
                )
    return tuple(sorted(best.values(), key=lambda hit: (-hit.weight, hit.maker)))
