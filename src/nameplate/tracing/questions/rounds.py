"""Survey rounds: one question to many bodies, and shares that name their base.

What was not answered is bounded, never assumed: with ``y`` yes and ``n`` no out of ``N`` asked,
the share among all lies between ``y / N`` (all others would say no) and ``(N - n) / N`` (all would
say yes). Of a random sample a 95 % interval (Wilson) is given too, on top of those bounds; of a
sample that was not drawn at random there is none.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import Final

import msgspec

from nameplate.model.errors import UsageError
from nameplate.tracing.infer.calibration import wilson


class Outcome(StrEnum):
    """What one body's answer comes to."""

    YES = "yes"
    NO = "no"
    DOES_NOT_KNOW = "does_not_know"
    REFUSED = "refused"
    NO_ANSWER = "no_answer"


TELLING: Final = frozenset({Outcome.YES, Outcome.NO})


class Share(msgspec.Struct, frozen=True, kw_only=True):
    """A share with its base. ``among_answers`` is None where nobody gave a telling answer."""

    question: str
    population: int
    asked: int
    answered: int
    counts: dict[str, int]
    among_answers: float | None
    lowest: float
    highest: float
    interval: tuple[float, float] | None
    says: str


def drawn(bodies: Sequence[str], size: int, seed: str) -> list[str]:
    """A sample of bodies by the hash of seed and name: anyone can draw it again, nobody can steer it.

    Raises UsageError where more are wanted than there are.
    """
    unique = sorted(set(bodies))
    if size > len(unique):
        raise UsageError(f"{size} are wanted out of {len(unique)}", do="draw fewer")
    order = sorted(unique, key=lambda b: hashlib.sha256(f"{seed}\0{b}".encode()).digest())
    return sorted(order[:size])


def share(
    question: str, outcomes: Iterable[Outcome], *, population: int = 0, sampled: bool = False
) -> Share:
    """The share of ``yes``, among telling answers and bounded over all asked.

    ``population`` is how many bodies the sample was drawn from (0: all were asked).
    """
    held = list(outcomes)
    counts = {o.value: sum(h is o for h in held) for o in Outcome}
    asked = len(held)
    yes, no = counts["yes"], counts["no"]
    telling = yes + no
    answered = asked - counts["no_answer"]
    lowest = yes / asked if asked else 0.0
    highest = (asked - no) / asked if asked else 1.0
    interval = None
    if sampled and asked:
        interval = (wilson(yes, asked)[0], wilson(asked - no, asked)[1])
    return Share(
        question=question, population=population or asked, asked=asked, answered=answered,
        counts=counts, among_answers=yes / telling if telling else None, lowest=lowest,
        highest=highest, interval=interval,
        says=_said(question, asked, answered, counts, lowest, highest),
    )  # fmt: skip


def _said(  # noqa: PLR0917
    question: str, asked: int, answered: int, counts: dict[str, int], low: float, high: float
) -> str:
    telling = counts["yes"] + counts["no"]
    base = f"{asked} asked, {answered} answered"
    if not asked:
        return f"{question}: nobody was asked"
    if not telling:
        return f"{question}: {base}, none with a yes or no; the share is not computable"
    part = f"{counts['yes']} of {telling} telling answers ({100 * counts['yes'] / telling:.0f} %)"
    return (
        f"{question}: {part}; {base}; over all asked between {100 * low:.0f} % and "
        f"{100 * high:.0f} %, for {asked - telling} gave no telling answer"
    )


OF_ANSWERS: Final = {
    "not_held": Outcome.DOES_NOT_KNOW,
    "refused_exempt": Outcome.REFUSED,
    "no_maker_stated": Outcome.DOES_NOT_KNOW,
    "not_asked": Outcome.NO_ANSWER,
}
"""Kind of answer (``nameplate statements``) → outcome, where the answer names no maker."""


def outcome_of(kind: str, roles: Iterable[str]) -> Outcome:
    """A body's outcome for one maker: from the kind of its answer and the maker's roles in it."""
    held = set(roles)
    if held & {"in_use", "supplied", "maintained", "to_be_replaced"}:
        return Outcome.YES
    if held & {"not_used", "removed"}:
        return Outcome.NO
    if kind == "yes":
        return Outcome.DOES_NOT_KNOW
    return OF_ANSWERS.get(kind, Outcome.NO_ANSWER)
