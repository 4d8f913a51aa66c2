"""The catalogue's names and model grammars, compiled for the exact decision on decoded text.

Names are compared squeezed: folded (see :mod:`nameplate.tracing.folding`) and with everything but
letters and digits taken out, so that "Hik-Vision", "HIK VISION" and "Hikvision" are one key. What
was squeezed out is looked at again afterwards, for "High. Vision" is no name.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

import ahocorasick_rs
from rapidfuzz.distance import OSA

from nameplate.catalogue.schema import Confidence, Grammar, Name, NameKind
from nameplate.catalogue.store import Catalogue
from nameplate.tracing.folding import fold

FUZZY_MIN: Final = 5
"""Letters a name must have before a spelling one letter off is taken."""
FUZZY_FREE: Final = 7
"""Letters from which such a spelling counts without a word of the trade beside it."""
ANYWHERE_MIN: Final = 7
"""Letters from which a name counts inside a longer word (``HikvisionDS``)."""
BREAK_MAX: Final = 6
"""Characters that may stand between two words of one name."""
NATIVE_BREAKS: Final = 4
"""Characters up to which a Chinese or Cyrillic name is also known across a break."""
MODEL_FREE: Final = 3.5
"""Weight (natural-log likelihood ratio) from which a model number counts without context."""
TRADE_KINDS: Final = frozenset(
    {"equipment", "installation", "maintenance", "monitoring", "body_worn", "anpr", "unclear"}
)

_WORD: Final = re.compile(r"[^\W_]+")
_MODEL_TOKEN: Final = re.compile(r"[a-z0-9][a-z0-9/().+_-]{3,60}")
_CONFUSABLE: Final = str.maketrans({"1": "l", "i": "l", "|": "l", "0": "o", "5": "s"})
_MEMO_LIMIT: Final = 200_000


def squeeze(folded: str) -> str:
    """Letters and digits of folded text, nothing else."""
    return "".join(_WORD.findall(folded))


def confusable(word: str) -> str:
    """One form for what scanners mistake for one another: l, i and 1; o and 0; s and 5."""
    return word.translate(_CONFUSABLE)


@dataclass(frozen=True, slots=True)
class Spelling:
    """One catalogue name: ``breaks`` are the places in its key where words meet."""

    name: Name
    breaks: frozenset[int]
    hyphenated: bool
    before: re.Pattern[str] | None
    after: re.Pattern[str] | None


@dataclass(slots=True)
class Key:
    """A squeezed name with all spellings that squeeze to it."""

    text: str
    spellings: list[Spelling] = field(default_factory=list)
    fuzzy: bool = False
    native: bool = False

    def best(self) -> Spelling:
        """The spelling that speaks for the key where none fits what was found better."""
        return self.spellings[0]

    def needs_context(self) -> bool:
        """Whether every spelling needs a word of the trade beside it."""
        return all(s.name.needs_context for s in self.spellings)

    def split_points(self) -> list[int]:
        """Break places at which a broken spelling may also be one letter off."""
        return sorted({b for s in self.spellings for b in s.breaks if len(s.breaks) == 1})


def _joined(patterns: Iterable[str], at_end: bool) -> re.Pattern[str] | None:
    union = "|".join(f"(?:{p})" for p in patterns)
    if not union:
        return None
    return re.compile(f"(?:{union})" + (r"\Z" if at_end else ""), re.IGNORECASE)


def _spelling(name: Name) -> tuple[str, Spelling]:
    folded = fold(name.text).text
    words = _WORD.findall(folded)
    key = "".join(words)
    places = itertools.accumulate(len(w) for w in words)
    breaks = frozenset(p for p in places if p < len(key))
    hyphenated = bool(breaks) and not re.search(r"\s", folded)
    return key, Spelling(
        name, breaks, hyphenated, _joined(name.not_before, True), _joined(name.not_after, False)
    )


def _longest_word(literal: str) -> str:
    """The longest run of plain letters in a term's literal; every match of the term holds it."""
    folded = fold(literal).text
    words: list[str] = re.findall("[a-z0-9]+", folded)
    return max(words or [folded], key=len)


def one_edit_forms(word: str) -> Iterator[str]:
    """The word and each form of it with one letter taken out (SymSpell's neighbourhood)."""
    yield word
    for i in range(len(word)):
        yield word[:i] + word[i + 1 :]


class Lexicon:
    """All that the exact decision knows of one catalogue."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self.keys: dict[str, Key] = {}
        order = {kind: place for place, kind in enumerate(NameKind)}
        for name in catalogue.names:
            if name.confidence is Confidence.LEAD:
                continue
            text, spelling = _spelling(name)
            if len(text) < 2:
                continue
            key = self.keys.setdefault(text, Key(text))
            key.spellings.append(spelling)
            key.fuzzy = key.fuzzy or (name.fuzzy and len(text) >= FUZZY_MIN)
            key.native = key.native or not text.isascii()
        for key in self.keys.values():
            key.spellings.sort(key=lambda s: (order[s.name.kind], len(s.breaks)))
        self.ordered = list(self.keys.values())
        self._automaton = ahocorasick_rs.AhoCorasick(
            [key.text for key in self.ordered],
            implementation=ahocorasick_rs.Implementation.ContiguousNFA,
        )
        self._near: dict[str, list[Key]] = {}
        self._canonical: dict[str, Key] = {}
        for key in self.ordered:
            if key.fuzzy:
                for form in one_edit_forms(key.text):
                    self._near.setdefault(form, []).append(key)
                self._canonical.setdefault(confusable(key.text), key)
        self._fuzzy_memo: dict[str, Key | None] = {}
        self._heads = {k.text[:2] for k in self.ordered if k.fuzzy}
        self._tails = {k.text[-2:] for k in self.ordered if k.fuzzy}
        lengths = [len(k.text) for k in self.ordered if k.fuzzy] or [0]
        self._shortest, self._longest = min(lengths) - 1, max(lengths) + 1
        self.split_starts: dict[str, list[tuple[Key, int]]] = {}
        for key in self.ordered:
            for place in key.split_points() if key.fuzzy else ():
                self.split_starts.setdefault(key.text[:place], []).append((key, place))
        self.context = _joined(
            (t.pattern for t in catalogue.terms if t.kind in TRADE_KINDS or t.kind == "context"),
            False,
        ) or re.compile(r"(?!)")
        trade = [t for t in catalogue.terms if t.kind in TRADE_KINDS]
        self.trade = _joined((t.pattern for t in trade), False) or re.compile(r"(?!)")
        self._trade_words = [
            (tuple({_longest_word(literal) for literal in t.literals}), re.compile(t.pattern, re.I))
            # A bare word before a word at a distance from another: the cheap question first.
            for t in sorted(trade, key=lambda t: len(t.pattern))
        ]
        self._grammars = [
            (g, re.compile(g.pattern, re.IGNORECASE))
            for g in catalogue.grammars
            if g.confidence is not Confidence.LEAD
        ]
        self._any_model = _joined((g.pattern for g, _ in self._grammars), False)
        self._model_memo: dict[str, list[tuple[Grammar, int, int]]] = {}

    def holds_trade(self, folded: str) -> bool:
        """Whether ``self.trade`` is found in folded text: asked of plain words first."""
        return any(
            any(word in folded for word in words) and pattern.search(folded)
            for words, pattern in self._trade_words
        )

    def exact_hits(self, squeezed: str) -> list[tuple[Key, int, int]]:
        """Every key in ``squeezed`` with its place, overlaps included."""
        return [
            (self.ordered[which], start, end)
            for which, start, end in self._automaton.find_matches_as_indexes(
                squeezed, overlapping=True
            )
        ]

    def near(self, word: str) -> Key | None:
        """The fuzzy key that ``word`` is exactly one edit away from, or a scan error of.

        An edit is one letter more, less or changed, or two neighbours swapped. None where none
        or more than one maker's key is that near.
        """
        if not self._shortest <= len(word) <= self._longest:
            return None
        # One edit leaves the first two letters or the last two as they were; so do scan errors
        # in all but name, which are brought to one form first.
        plain = word[:2] in self._heads or word[-2:] in self._tails
        if not plain and confusable(word) not in self._canonical:
            return None
        if word in self.keys:
            return None
        if word in self._fuzzy_memo:
            return self._fuzzy_memo[word]
        if len(self._fuzzy_memo) > _MEMO_LIMIT:
            self._fuzzy_memo.clear()
        found: dict[str, Key] = {}
        for form in one_edit_forms(word):
            for key in self._near.get(form, ()):
                if _one_off(word, key.text):
                    found[key.best().name.maker] = key
        canonical = self._canonical.get(confusable(word))
        if canonical is not None:
            found = {canonical.best().name.maker: canonical}
        result = next(iter(found.values())) if len(found) == 1 else None
        self._fuzzy_memo[word] = result
        return result

    def models(self, folded: str) -> Iterator[tuple[Grammar, int, int]]:
        """Model numbers in folded text, with their places; the likeliest maker of each."""
        for token in _MODEL_TOKEN.finditer(folded):
            text = token[0]
            if text.isalpha() or text.isdigit():
                continue
            for grammar, start, end in self._models_in(text):
                yield grammar, token.start() + start, token.start() + end

    def _models_in(self, token: str) -> list[tuple[Grammar, int, int]]:
        known = self._model_memo.get(token)
        if known is None:
            if len(self._model_memo) > _MEMO_LIMIT:
                self._model_memo.clear()
            known = self._model_memo[token] = self._look_for_model(token)
        return known

    def _look_for_model(self, token: str) -> list[tuple[Grammar, int, int]]:
        if self._any_model is None or not self._any_model.search(token):
            return []
        starts = [0] + [m.end() for m in re.finditer(r"[-/(+._]|^\d{1,3}x", token)]
        stripped = len(token.rstrip("-/(+._"))
        if token.count(")") > token.count("(") and token[:stripped].endswith(")"):
            stripped -= 1
        ends = [stripped] + [m.start() for m in re.finditer(r"[/(+_]|\.(?!\d)", token)]
        for start in starts:
            for end in sorted({e for e in ends if e > start + 3}, reverse=True):
                piece = token[start:end]
                fits = [
                    g for g, p in self._grammars if p.fullmatch(piece) and re.search(r"\d", piece)
                ]
                if fits:
                    return [(max(fits, key=lambda g: (g.weight, g.id)), start, end)]
        return []


def _one_off(word: str, key: str) -> bool:
    # A first letter that differs makes another word more often than a slip, in short names.
    if len(key) < FUZZY_FREE and word[0] != key[0]:
        return False
    return bool(OSA.distance(word, key, score_cutoff=1) == 1)


_COMPILED: dict[str, Lexicon] = {}


def lexicon(catalogue: Catalogue) -> Lexicon:
    """The lexicon of ``catalogue``, compiled once a process for each catalogue in use."""
    known = _COMPILED.get(catalogue.version)
    if known is None or known.catalogue is not catalogue:
        known = _COMPILED[catalogue.version] = Lexicon(catalogue)
    return known
