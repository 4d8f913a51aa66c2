"""The fixed wording of each grade: no page words a claim more strongly than this."""

from __future__ import annotations

from typing import Final

from nameplate.model.attribution import Grade

GRADE_WORDING: Final[dict[Grade, str]] = {
    Grade.STATED: "{asserter} says that it is {maker} equipment",
    Grade.OBSERVED: "equipment on the estate identifies itself as {maker}",
    Grade.NAMED: "the purchase record names {maker}",
    Grade.INFERRED: "the record does not name a maker; evidence points to {maker}",
    Grade.OPEN: "surveillance equipment, maker unknown: a question to ask",
}
"""One sentence a grade. ``{asserter}`` is who says it; a press report reads "reported by"."""


def wording(grade: Grade, *, maker: str = "", asserter: str = "", via: str = "") -> str:
    """Return the sentence for ``grade``; ``via`` adds "reported by" for second-hand speech."""
    sentence = GRADE_WORDING[grade].format(maker=maker, asserter=asserter)
    return f"{sentence} (reported by {via})" if via else sentence
