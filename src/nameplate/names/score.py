"""How likely two names are one party's: a fitted score with its reasons.

A fast comparison of letters rules out what cannot match; the words are laid beside each other
(``names.align``) and weighed by a logistic model whose numbers are shipped as data
(``model.json``, made by ``scripts/fit_name_model``). The score does not saturate: names that say
more, and agree in more, score higher, and equal scores are rare.
"""

from __future__ import annotations

import functools
import math
import operator
from importlib import resources
from typing import Final

import msgspec
from rapidfuzz.distance import Indel

from nameplate.names.aliases import Aliases
from nameplate.names.align import FEATURES, Aligned, align
from nameplate.names.align_person import PERSON_FEATURES, align_person
from nameplate.names.normalise import Prepared, prepare, split_trading_names

THRESHOLD: Final = 0.5
"""A score of at least this is a match: worth a person's look. It is no proof of identity."""

_ALIAS_SAME: Final = 4.5
_ALIAS_DIFFERENT: Final = -4.5
"""Log-odds given to names that curated aliases say are one owner's or two owners': chosen."""
_EVIDENCE: Final = 0.12
_LETTERS: Final = 0.6
"""Small weights that order names alike in all else: more rare words, and closer lettering."""

_similarity = Indel.normalized_similarity


class Weights(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A logistic model: log-odds = intercept + the sum of coefficient times feature."""

    features: tuple[str, ...]
    coefficients: tuple[float, ...]
    intercept: float


class Model(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Both models and how they were fitted."""

    organisation: Weights
    person: Weights
    fitted_on: str


class Scored(msgspec.Struct, frozen=True):
    """``score`` in (0, 1), whether it reaches the threshold, and why, in words."""

    score: float
    match: bool
    reasons: tuple[str, ...]


@functools.cache
def _model() -> Model:
    raw = (resources.files("nameplate.names") / "model.json").read_bytes()
    model = msgspec.json.decode(raw, type=Model)
    if model.organisation.features != FEATURES or model.person.features != PERSON_FEATURES:
        raise ValueError("model.json was fitted on other features: run scripts/fit_name_model")
    return model


def _logit(aligned: Aligned, weights: Weights, a: Prepared, b: Prepared) -> float:
    weighed = sum(map(operator.mul, weights.coefficients, aligned.values))
    return float(weights.intercept + weighed + tie_break(aligned, a, b))


def tie_break(aligned: Aligned, a: Prepared, b: Prepared) -> float:
    """Log-odds that order names which all else leaves equal."""
    return _EVIDENCE * min(aligned.evidence, 8.0) + _LETTERS * _similarity(a.plain, b.plain)


def _probability(logit: float) -> float:
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, logit))))


def compare(a: Prepared, b: Prepared) -> float:
    """Score (0-1) of two prepared names, without reasons: the inner loop."""
    if a.person and b.person:
        return _probability(_logit(align_person(a, b), _model().person, a, b))
    return _probability(_logit(align(a, b), _model().organisation, a, b))


def score(
    name1: str, name2: str, schema: str = "Company", aliases: Aliases | None = None
) -> Scored:
    """Score two names and say why. Symmetric: the order of the names does not matter.

    ``schema`` is the FollowTheMoney schema of both. Names joined by ``t/a``, ``formerly`` and the
    like are compared each with each, and the best pair counts. ``aliases`` (optional) are curated
    spellings, which outweigh likeness: two spellings of one owner match, of two owners do not.
    """
    if schema == "Person":
        return _score_one(prepare(name1, schema), prepare(name2, schema), None)
    first, second = _names(name1), _names(name2)
    best: Scored | None = None
    for one in first:
        for other in second:
            scored = _score_one(prepare(one, schema), prepare(other, schema), aliases)
            if best is None or scored.score > best.score:
                best = scored
    assert best is not None  # noqa: S101
    return best


def _names(text: str) -> tuple[str, ...]:
    name, others = split_trading_names(text)
    return (name, *(other for _, other in others))


def _score_one(a: Prepared, b: Prepared, aliases: Aliases | None) -> Scored:
    if not a.joined or not b.joined:
        return Scored(0.0, False, ("a name is empty",))
    person = a.person and b.person
    aligned = align_person(a, b) if person else align(a, b)
    weights = _model().person if person else _model().organisation
    logit = _logit(aligned, weights, a, b)
    reasons = _reasons(aligned)
    if aliases is not None and a.core != b.core:
        logit, said = _apply(aliases, a, b, logit)
        reasons = [*said, *reasons]
    probability = _probability(logit)
    return Scored(probability, probability >= THRESHOLD, tuple(reasons))


def _apply(aliases: Aliases, a: Prepared, b: Prepared, logit: float) -> tuple[float, list[str]]:
    found_a, found_b = aliases.find(a), aliases.find(b)
    denied = aliases.denied(a) or aliases.denied(b)
    if denied is not None and (found_a or found_b):
        return min(logit, 0.0) + _ALIAS_DIFFERENT, [f"recorded as not {denied.owner}"]
    if found_a is None or found_b is None:
        return logit, []
    if found_a.alias.owner == found_b.alias.owner:
        said = f"both are curated names of {found_a.alias.owner}"
        # The likeness still orders such pairs among themselves.
        return _ALIAS_SAME + logit / 20 - 0.2 * len(found_a.rest + found_b.rest), [said]
    return (
        min(logit, 0.0) + _ALIAS_DIFFERENT,
        [f"curated names of {found_a.alias.owner} and of {found_b.alias.owner}"],
    )


def _reasons(aligned: Aligned) -> list[str]:
    reasons = []
    if aligned.shared:
        reasons.append("same words: " + " ".join(aligned.shared))
    if aligned.typos:
        reasons.append("alike: " + ", ".join(f"{one}/{other}" for one, other in aligned.typos))
    if aligned.left and aligned.right:
        reasons.append(f"differ: {' '.join(aligned.left)} / {' '.join(aligned.right)}")
    elif aligned.left or aligned.right:
        reasons.append("only in one: " + " ".join(aligned.left or aligned.right))
    return reasons or ["nothing in common"]
