"""Two names laid beside each other, word by word, as numbers that a scorer can weigh."""

from __future__ import annotations

from typing import Final

from rapidfuzz.distance import OSA, JaroWinkler, Levenshtein

from nameplate.names.normalise import Prepared
from nameplate.names.weights import facts, is_number

FEATURES: Final = (
    "shared",
    "conflict",
    "surplus",
    "rarest_shared",
    "typo",
    "edits",
    "letters",
    "first",
    "place_swap",
    "place_extra",
    "number_swap",
    "number_extra",
    "same_core",
    "contained",
    "rarest_left",
    "short_typo",
    "length",
)
"""What each number of :func:`align` says, in order; ``docs/reference/parties.md`` explains each."""

_SAME_WORD: Final = 0.72
"""Two words at least this alike (1 - edits / longer length, or a shortening) are one word."""
_EQUAL: Final = (0.0, 0.0, 1.0, 1.0, 0.0, 0.0, 0.0, 0.0, 1.0, 1.0, 0.0, 0.0)
"""The features from ``typo`` to ``short_typo`` of two names with the same words."""
_ACRONYM_LETTERS: Final = 2
_STEM: Final = 4
_LONG: Final = 5

_edits = Levenshtein.distance
_damage = OSA.distance  # a swap of neighbours is one change
_winkler = JaroWinkler.similarity


def _alike(left: str, right: str) -> tuple[float, int]:
    """How alike two different words are (0-1), and how many letters must change."""
    longer, shorter = (left, right) if len(left) >= len(right) else (right, left)
    if len(shorter) <= 1:
        return (0.75, 1) if longer[:1] == shorter else (0.0, 9)
    if len(shorter) >= _STEM and longer.startswith(shorter):
        return (0.8, 1)
    cutoff = 1 + len(longer) // 4
    edits = _edits(left, right, score_cutoff=cutoff)
    if edits > cutoff:
        return (0.0, edits)
    if edits == 2 and len(left) == len(right) and sorted(left) == sorted(right):
        edits = 1  # two letters changed places
    return (1.0 - edits / len(longer), edits)


def _is_acronym(short: str, words: tuple[str, ...] | list[str]) -> bool:
    """Whether ``short`` is the first letters of ``words``, which are as many as it has letters."""
    return (
        len(short) >= _ACRONYM_LETTERS
        and len(words) == len(short)
        and all(word[0] == letter for word, letter in zip(words, short, strict=True))
    )


def _respaced(left: list[str], right: list[str]) -> list[tuple[str, str]]:
    """Words of one side that are two neighbours of the other, written as one; taken out of both.

    One letter may differ where the word has ten or more.
    """
    found: list[tuple[str, str]] = []
    for few, many in ((left, right), (right, left)):
        for word in list(few):
            if len(word) < _LONG or len(many) < 2:
                continue
            slack = len(word) // 10
            for at in range(len(many) - 1):
                both = many[at] + many[at + 1]
                if both == word or (
                    slack
                    and abs(len(both) - len(word)) <= 1
                    and _damage(both, word, score_cutoff=1) <= 1
                ):
                    found.append((word, f"{many[at]} {many[at + 1]}"))
                    few.remove(word)
                    del many[at : at + 2]
                    break
    return found


class Aligned:
    """The outcome of :func:`align`: the features, and the words they stand on, for reasons.

    ``evidence`` is the summed weight of what both names have: equal names of four rare words say
    more than equal names of one.
    """

    __slots__ = ("evidence", "left", "right", "shared", "typos", "values")

    def __init__(  # noqa: PLR0917
        self,
        values: list[float],
        shared: list[str],
        typos: list[tuple[str, str]],
        left: list[str],
        right: list[str],
        evidence: float,
    ) -> None:
        self.evidence = evidence
        self.values = values
        self.shared = shared
        self.typos = typos
        self.left = left
        self.right = right


def align(a: Prepared, b: Prepared) -> Aligned:
    """Lay two organisations' names beside each other; symmetric in its arguments.

    Words that both have pair first, then words split or joined differently, then words one or two
    letters apart, heaviest first; what is left on each side speaks against the match.
    """
    if b.core < a.core:
        a, b = b, a
    tokens_a, tokens_b = a.tokens, b.tokens
    length = float(min(len(a.joined), len(b.joined), 24)) / 24
    if a.core == b.core or a.joined == b.joined:
        shared = list(tokens_a)
        rarest = max([facts(token)[0] for token in shared])
        return Aligned(
            [1.0, 0.0, 0.0, rarest, *_EQUAL, length],
            shared,
            [],
            [],
            [],
            sum([facts(token)[0] for token in shared]),
        )
    shared = []
    left: list[str] = []
    right = list(tokens_b)
    for token in tokens_a:
        if token in right:
            right.remove(token)
            shared.append(token)
        else:
            left.append(token)
    shared_weight = rarest = typo = edits_sum = short_typo = 0.0
    for token in shared:
        heavy = facts(token)[0]
        shared_weight += heavy
        rarest = heavy if heavy > rarest else rarest
    typos: list[tuple[str, str]] = []
    if left and right:
        joined_left, joined_right = "".join(left), "".join(right)
        if joined_left == joined_right:
            shared_weight += max(facts(joined_left)[0], 0.5)
            rarest = max(rarest, facts(joined_left)[0])
            typos.append((" ".join(left), " ".join(right)))
            left, right = [], []
        else:
            if len(left) != len(right):
                for one, two in _respaced(left, right):
                    heavy = facts(one)[0]
                    shared_weight += heavy
                    rarest = heavy if heavy > rarest else rarest
                    typos.append((one, two))
            pairs: list[tuple[float, int, str, str]] = []
            for one in left:
                for other in right:
                    if one[0] != other[0] and (one[-1] != other[-1] or len(one) < _STEM):
                        continue  # both ends differ: no typo, and most pairs of words
                    alike, edits = _alike(one, other)
                    if alike >= _SAME_WORD or (edits == 1 and len(one) >= 2 and len(other) >= 2):
                        pairs.append((alike, edits, one, other))
            if len(pairs) > 1:
                pairs.sort(key=lambda pair: (-pair[0], pair[1], pair[2], pair[3]))
            for alike, edits, one, other in pairs:
                if one not in left or other not in right:
                    continue
                if is_number(one) or is_number(other):
                    continue
                left.remove(one)
                right.remove(other)
                typos.append((one, other))
                heavy = max(facts(one)[0], facts(other)[0])
                shared_weight += heavy * alike
                rarest = max(rarest, heavy * alike)
                typo += heavy * (1.0 - alike)
                edits_sum += edits
                if min(len(one), len(other)) <= 3:
                    short_typo = 1.0
            if (len(left) == 1 and len(right) > 1 and _is_acronym(left[0], right)) or (
                len(right) == 1 and len(left) > 1 and _is_acronym(right[0], left)
            ):
                shared_weight += 1.0
                typos.append((" ".join(left), " ".join(right)))
                left, right = [], []
    left_weight = right_weight = rarest_left = 0.0
    place_left = place_right = number_left = number_right = False
    for token in left:
        heavy, place, number = facts(token)
        left_weight += heavy
        rarest_left = heavy if heavy > rarest_left else rarest_left
        place_left = place_left or place
        number_left = number_left or number
    for token in right:
        heavy, place, number = facts(token)
        right_weight += heavy
        rarest_left = heavy if heavy > rarest_left else rarest_left
        place_right = place_right or place
        number_right = number_right or number
    total = shared_weight + left_weight + right_weight
    letters = _winkler(a.joined, b.joined)
    head_a, head_b = tokens_a[0], tokens_b[0]
    return Aligned(
        [
            shared_weight / total if total else 0.0,
            min(left_weight, right_weight, 2.0),
            min(abs(left_weight - right_weight), 3.0),
            rarest,
            typo,
            min(edits_sum, 4.0),
            letters,
            1.0 if head_a == head_b else _winkler(head_a, head_b),
            float(place_left and place_right),
            float(place_left != place_right),
            float(number_left and number_right),
            float(number_left != number_right),
            0.0,
            float(bool(shared or typos) and not (left and right)),
            rarest_left,
            short_typo,
            length,
        ],
        shared,
        typos,
        left,
        right,
        shared_weight,
    )
