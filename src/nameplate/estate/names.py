"""Names of makers and badges as devices write them: in a manufacturer's field or a banner."""

from __future__ import annotations

import functools
import re
from typing import Final

import msgspec

from nameplate.catalogue import store as catalogue_store
from nameplate.catalogue.schema import NameKind
from nameplate.estate.facts import store as facts

_WORD: Final = re.compile(r"[^\W_]+")
_MIN_INSIDE: Final = 5
"""A name found inside other text has at least this many letters: shorter ones clash."""


class NameHit(msgspec.Struct, frozen=True):
    """A name that was found: whose, under which brand (a name), and the fact behind it.

    ``maker`` is empty where the name is a badge whose maker it does not tell.
    """

    maker: str
    brand: str
    text: str
    ref: str
    start: bool = False


def words_of(text: str) -> tuple[str, ...]:
    """Lower-case words of letters and digits: what names are compared by."""
    return tuple(_WORD.findall(text.lower().replace("_", " ")))


class _Entry(msgspec.Struct, frozen=True):
    words: tuple[str, ...]
    hit: NameHit
    ambiguous: bool


@functools.cache
def _entries() -> dict[str, tuple[_Entry, ...]]:
    """All names by their first word, longest first."""
    catalogue = catalogue_store.load()
    brands = {brand.key: brand.name for brand in catalogue.brands}
    canonical = {maker.key: maker.name for maker in catalogue.makers}
    own_none = {badge.name.lower(): badge for badge in facts.badges() if badge.own == "no"}
    found: dict[str, list[_Entry]] = {}
    taken: set[tuple[str, ...]] = set()

    def add(words: tuple[str, ...], hit: NameHit, ambiguous: bool) -> None:
        if words and words not in taken:
            taken.add(words)
            found.setdefault(words[0], []).append(_Entry(words, hit, ambiguous))

    for badge in facts.badges():
        if badge.own == "no":
            add(
                words_of(badge.name),
                NameHit("", badge.name, badge.name, badge.id),
                len(badge.name) < _MIN_INSIDE,
            )
    for name in catalogue.names:
        if name.kind is NameKind.MISSPELLING:
            continue
        brand = brands.get(name.brand, "") if name.brand else ""
        if brand == canonical[name.maker]:
            brand = ""
        badge_of = own_none.get(canonical[name.maker].lower())
        hit = (
            NameHit("", badge_of.name, name.text, badge_of.id)
            if badge_of
            else NameHit(name.maker, brand, name.text, name.id)
        )
        add(words_of(name.text), hit, name.needs_context or len(name.text) < _MIN_INSIDE)
    return {
        first: tuple(sorted(entries, key=lambda e: -len(e.words)))
        for first, entries in found.items()
    }


@functools.lru_cache(maxsize=16384)
def find_names(text: str, *, whole: bool) -> tuple[NameHit, ...]:
    """Names in ``text``, in order, no overlap.

    ``whole``: the text stands in a field for names or models, so that a name it begins with
    counts even where the word is an ordinary one ("Axis", "Bosch"). Otherwise, and further
    inside the text, only names that are no ordinary words count. ``start`` marks a hit at the
    very beginning.
    """
    words = words_of(text[:2000])
    hits: list[NameHit] = []
    at = 0
    while at < len(words):
        for entry in _entries().get(words[at], ()):
            size = len(entry.words)
            if words[at : at + size] != entry.words:
                continue
            if entry.ambiguous and not (whole and at == 0):
                continue
            hits.append(msgspec.structs.replace(entry.hit, start=at == 0))
            at += size - 1
            break
        at += 1
    return tuple(hits)
