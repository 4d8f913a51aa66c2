"""Finding the names of makers in decoded text: exact, with surface and place, without a role."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from nameplate.catalogue.schema import Grammar, NameKind
from nameplate.catalogue.store import Catalogue
from nameplate.model.mention import Mention, Role
from nameplate.tracing.folding import Folded, fold
from nameplate.tracing.lexicon import (
    ANYWHERE_MIN,
    BREAK_MAX,
    FUZZY_FREE,
    FUZZY_MIN,
    MODEL_FREE,
    NATIVE_BREAKS,
    Key,
    Lexicon,
    Spelling,
    lexicon,
)

CONTEXT_REACH: Final = 240
"""Characters to either side within which a word of the trade makes an ordinary name count."""
SHORT_TEXT: Final = 600
"""A text (field or row) of at most so many characters is one context."""
BESIDE: Final = 16
"""Characters within which the trade word must stand when the name is not capitalised."""

_WORD: Final = re.compile(r"[^\W_]+")
_BREAK: Final = re.compile(r"[\s\x00-\x1f]*[-_./'&,()]?[\s\x00-\x1f]*\Z")
_TIGHT_BREAK: Final = re.compile(r"(?:\s+|[-_.]|\s*-\s*)\Z")


@dataclass(frozen=True, slots=True)
class _Found:
    start: int
    end: int
    name_id: str
    maker: str
    brand: str
    via: str
    native: bool = False


def find_mentions(text: str, catalogue: Catalogue, *, context: str = "") -> list[Mention]:
    """Names of makers, brands and models in ``text``, in order, without overlaps.

    ``context`` is the rest of the record: names that are ordinary words (Axis, Bosch) count only
    with a word of the trade in ``text`` near them or, in a short text, in ``context``. Every
    mention's role is ``other``: roles are another question. ``start`` and ``end`` are code points
    of ``text``, and ``surface`` is ``text[start:end]``.
    """
    compiled = lexicon(catalogue)
    folded = fold(text)
    found = _search(text, folded, compiled, context)
    mentions = []
    for item in found:
        start, end = folded.span(item.start, item.end)
        mentions.append(
            Mention(
                maker=_label(catalogue, item),
                maker_key=item.maker,
                surface=text[start:end],
                start=start,
                end=end,
                role=Role.OTHER,
                brand=item.brand or None,
                via=item.via,
                name_id=item.name_id,
            )
        )
    return mentions


def names_a_maker(text: str, catalogue: Catalogue, folded: Folded | None = None) -> bool:
    """Whether ``text`` names a maker, brand or model: :func:`find_mentions` is not empty.

    ``folded`` is ``fold(text)`` where the caller has it already.
    """
    return bool(_search(text, folded or fold(text), lexicon(catalogue), ""))


def _label(catalogue: Catalogue, item: _Found) -> str:
    return catalogue.brand(item.brand).label if item.brand else catalogue.maker(item.maker).name


def _search(text: str, folded: Folded, compiled: Lexicon, context: str) -> list[_Found]:
    words = [(m.start(), m.end()) for m in _WORD.finditer(folded.text)]
    if not words:
        return []
    look = _Context(text, folded, compiled, context)
    found = [
        *_by_name(folded.text, words, compiled, look),
        *_by_slip(folded.text, words, compiled, look),
    ]
    named = {item.maker for item in found}
    found += _by_model(folded.text, compiled, look, named)
    # The longest name wins where two overlap; of equals, the one found as a name.
    found.sort(key=lambda f: (-(f.end - f.start), f.start, f.via != "name"))
    kept: list[_Found] = []
    for item in found:
        if all(item.end <= k.start or item.start >= k.end for k in kept):
            kept.append(item)
    return sorted(kept, key=lambda f: f.start)


class _Context:
    """Whether a word of the trade stands near, asked lazily."""

    def __init__(self, text: str, folded: Folded, compiled: Lexicon, context: str) -> None:
        self._folded = folded
        self._text = text
        self._compiled = compiled
        self._pattern = compiled.context
        self._rest = context
        self._places: list[tuple[int, int]] | None = None
        self._rest_says: bool | None = None

    def near(self, start: int, end: int, reach: int = CONTEXT_REACH) -> bool:
        """A word of the trade within ``reach`` of ``start:end`` (the whole of a short text)."""
        if self._places is None:
            self._places = [m.span() for m in self._pattern.finditer(self._folded.text)]
        if reach == CONTEXT_REACH and len(self._folded.text) <= SHORT_TEXT:
            reach = SHORT_TEXT
        for a, b in self._places:
            if b <= start and start - b <= reach:
                return True
            if a >= end and a - end <= reach:
                return True
        if reach == BESIDE or not self._rest or len(self._folded.text) > SHORT_TEXT:
            return False
        if self._rest_says is None:
            self._rest_says = self._pattern.search(fold(self._rest).text) is not None
        return self._rest_says

    def trade(self) -> bool:
        """Whether the text or the rest of its record holds a word of the trade."""
        return self._compiled.holds_trade(self._folded.text) or (
            bool(self._rest) and self._compiled.holds_trade(fold(self._rest).text)
        )

    def counts(self, start: int, end: int) -> bool:
        """Whether an ordinary word at ``start:end`` is a maker's name here."""
        first, _ = self._folded.span(start, end)
        capital = self._text[first].isupper() or not self._text[first].isalpha()
        if capital or self._text.islower():
            return self.near(start, end)
        return self.near(start, end, BESIDE)


def _by_name(
    folded: str, words: list[tuple[int, int]], compiled: Lexicon, look: _Context
) -> list[_Found]:
    squeezed = "".join(folded[a:b] for a, b in words)
    hits = compiled.exact_hits(squeezed)
    if not hits:
        return []
    place: list[int] = []
    starts: set[int] = set()
    for a, b in words:
        starts.add(len(place))
        place.extend(range(a, b))
    found = []
    for key, s, e in hits:
        start, end = place[s], place[e - 1] + 1
        if not (key.native or _bounded(folded, start, end, key)):
            continue
        gaps = frozenset(p - s for p in starts if s < p < e) if e - s > 1 else frozenset()
        spelling, free = _fitting(key, gaps, folded, [place[s + g] for g in sorted(gaps)])
        if spelling is None or _something_else(spelling, folded, start, end):
            continue
        if not free and not look.counts(start, end):
            continue
        name = spelling.name
        slip = name.kind is NameKind.MISSPELLING or (gaps and not spelling.breaks)
        via = "chinese" if name.script.startswith("Han") else "misspelling" if slip else "name"
        found.append(_Found(start, end, name.id, name.maker, name.brand, via))
    return found


def _bounded(folded: str, start: int, end: int, key: Key) -> bool:
    if len(key.text) >= ANYWHERE_MIN and not key.needs_context():
        return True
    before = folded[start - 1] if start else " "
    after = folded[end] if end < len(folded) else " "
    if len(key.text) >= FUZZY_MIN:
        # "Dahua4K": a digit ends a word that a letter would carry on.
        return not before.isalpha() and not after.isalpha()
    return not before.isalnum() and not after.isalnum()


def _fitting(
    key: Key, gaps: frozenset[int], folded: str, gap_ends: list[int]
) -> tuple[Spelling | None, bool]:
    """The spelling that fits what stands between the words, and whether it counts by itself."""
    between = [_before(folded, end) for end in gap_ends]
    if any(len(b) > BREAK_MAX or not _BREAK.match(b) for b in between):
        return None, False
    for spelling in key.spellings:
        if spelling.breaks == gaps:
            loose = spelling.hyphenated and len(key.text) <= ANYWHERE_MIN
            free = not (loose and any(b.isspace() for b in between))
            return spelling, free and not spelling.name.needs_context
    best = key.best()
    if not gaps or (gaps < best.breaks):
        # Written together where the catalogue writes it apart.
        long = len(key.text) >= ANYWHERE_MIN
        return best, long and not best.name.needs_context
    extra = gaps - best.breaks
    if len(key.text) < ANYWHERE_MIN or len(extra) != 1 or key.native:
        near = key.native and len(key.text) <= NATIVE_BREAKS
        return (best, not best.name.needs_context) if near else (None, False)
    (place,) = extra
    where = sorted(gaps).index(place)
    if min(place, len(key.text) - place) < 2 or not _TIGHT_BREAK.match(between[where]):
        return None, False
    return best, key.fuzzy and not best.name.needs_context


def _before(folded: str, end: int) -> str:
    start = end
    while start and not folded[start - 1].isalnum():
        start -= 1
    return folded[start:end]


def _something_else(spelling: Spelling, folded: str, start: int, end: int) -> bool:
    if spelling.before is not None and spelling.before.search(folded[max(0, start - 80) : start]):
        return True
    return spelling.after is not None and spelling.after.match(folded, end) is not None


def _by_slip(
    folded: str, words: list[tuple[int, int]], compiled: Lexicon, look: _Context
) -> list[_Found]:
    found = []
    for i, (start, end) in enumerate(words):
        word = folded[start:end]
        key = compiled.near(word)
        if key is None and i + 1 < len(words):
            second, stop = words[i + 1]
            key = _split_slip(word, folded[second:stop], compiled)
            between = folded[end:second]
            if len(between) > BREAK_MAX or not _TIGHT_BREAK.match(between):
                key = None
            end = stop
        if key is None:
            continue
        spelling = key.best()
        if _something_else(spelling, folded, start, end):
            continue
        free = len(key.text) >= FUZZY_FREE and not spelling.name.needs_context
        if free or look.counts(start, end):
            name = spelling.name
            found.append(_Found(start, end, name.id, name.maker, name.brand, "misspelling"))
    return found


def _split_slip(first: str, second: str, compiled: Lexicon) -> Key | None:
    """A two-word spelling with a slip in its second word, beyond that word's first letter."""
    for key, place in compiled.split_starts.get(first, ()):
        known = len(key.text) - place >= FUZZY_MIN and second[0] == key.text[place]
        if known and compiled.near(first + second) is key:
            return key
    return None


def _by_model(folded: str, compiled: Lexicon, look: _Context, named: set[str]) -> list[_Found]:
    found = []
    for grammar, start, end in compiled.models(folded):
        if not _counts(grammar, look, named):
            continue
        found.append(_Found(start, end, grammar.id, grammar.maker, grammar.brand, "model"))
    return found


def _counts(grammar: Grammar, look: _Context, named: set[str]) -> bool:
    if grammar.maker in named:
        return True
    if not grammar.in_text:
        return False
    return grammar.weight >= MODEL_FREE or look.trade()
