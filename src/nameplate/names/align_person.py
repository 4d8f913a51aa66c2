"""Two persons' names laid beside each other: order, initials, shortened and respelled parts."""

from __future__ import annotations

from typing import Final

from rapidfuzz.distance import Indel, JaroWinkler, Levenshtein
from rigour._core import metaphone

from nameplate.names.align import Aligned
from nameplate.names.normalise import Prepared
from nameplate.names.words import words

PERSON_FEATURES: Final = (
    "paired",
    "paired_shorter",
    "unpaired_both",
    "unpaired_one",
    "typo",
    "worst",
    "edits",
    "initials",
    "letters",
    "joined",
    "last_same",
    "first_same",
    "same_core",
    "reordered",
    "sound",
    "words",
)
"""What each number of :func:`align_person` says, in order."""

_PARTICLES: Final = words(
    """
    al el bin ibn ben abu abd ul ur de van von der la le di da
    """
)
_SAME_PART: Final = 0.6

_edits = Levenshtein.distance
_winkler = JaroWinkler.similarity
_indel = Indel.normalized_similarity


def _part_alike(one: str, other: str) -> tuple[float, int]:
    """Likeness (0-1) of two different parts of a name and the letters that must change."""
    edits = _edits(one, other)
    longer = max(len(one), len(other))
    plain = 1.0 - edits / longer
    if plain < _SAME_PART and longer >= 4 and metaphone(one) == metaphone(other):
        return 0.7, edits
    return plain, edits


def align_person(a: Prepared, b: Prepared) -> Aligned:
    """Lay two persons' names beside each other; symmetric in its arguments."""
    if b.core < a.core or (b.core == a.core and b.tokens < a.tokens):
        a, b = b, a
    tokens_a, tokens_b = a.tokens, b.tokens
    right = list(tokens_b)
    left: list[str] = []
    shared: list[str] = []
    for token in tokens_a:
        if token in right:
            right.remove(token)
            shared.append(token)
        else:
            left.append(token)
    paired = float(len(shared))
    typo = initials = sound = 0.0
    worst = 1.0
    edits_sum = 0
    typos: list[tuple[str, str]] = []
    if left and right and a.joined != b.joined:
        pairs = []
        for one in left:
            for other in right:
                if len(one) == 1 or len(other) == 1:
                    if one[0] == other[0]:
                        pairs.append((0.65, 0, one, other))
                    continue
                alike, edits = _part_alike(one, other)
                if alike >= _SAME_PART or (edits == 1 and max(len(one), len(other)) > 2):
                    pairs.append((alike, edits, one, other))
        pairs.sort(key=lambda pair: (-pair[0], pair[1], pair[2], pair[3]))
        for alike, edits, one, other in pairs:
            if one not in left or other not in right:
                continue
            left.remove(one)
            right.remove(other)
            typos.append((one, other))
            if edits == 0:
                initials += 1.0
                paired += 0.6
                continue
            paired += alike
            typo += 1.0 - alike
            edits_sum += edits
            worst = min(worst, alike)
            sound += float(metaphone(one) == metaphone(other))
    elif a.joined == b.joined:
        paired, left, right = float(max(len(tokens_a), len(tokens_b))), [], []
    heavy_left = sum(0.4 if token in _PARTICLES or len(token) == 1 else 1.0 for token in left)
    heavy_right = sum(0.4 if token in _PARTICLES or len(token) == 1 else 1.0 for token in right)
    most, least = max(len(tokens_a), len(tokens_b)), min(len(tokens_a), len(tokens_b))
    same_core = float(a.core == b.core)
    return Aligned(
        [
            min(paired / most, 1.0),
            min(paired / least, 1.0),
            min(heavy_left, heavy_right, 3.0),
            min(abs(heavy_left - heavy_right), 4.0),
            typo,
            worst,
            float(min(edits_sum, 6)),
            initials,
            _winkler(a.core, b.core),
            _indel(a.joined, b.joined),
            _winkler(tokens_a[-1], tokens_b[-1]),
            _winkler(tokens_a[0], tokens_b[0]),
            same_core,
            float(bool(same_core) and tokens_a != tokens_b),
            sound,
            float(min(least, 5)),
        ],
        shared,
        typos,
        left,
        right,
        paired,
    )
