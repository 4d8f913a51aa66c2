"""Totals over a run, one purchase at a time: three numbers a measure, and never two measures added.

A total counts contracts that include a maker's equipment; it is never what was spent on it.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final, NamedTuple

from nameplate.model.attribution import CONFIRMED_GRADES, Attribution, Grade
from nameplate.tracing.api import Traced

LARGEST: Final = 20
"""How many of the largest exposures are kept."""


class Measure(NamedTuple):
    """What a sum measures; sums of two measures never add up."""

    currency: str
    amount_kind: str
    amount_tax: str


@dataclass(slots=True)
class Sum:
    """A sum of purchases, and how many of them have an amount."""

    amount: Decimal = Decimal(0)
    purchases: int = 0
    about: bool = False

    def add(self, amount: Decimal, note: str) -> None:
        """Count one purchase; ``note`` is how its source qualifies the amount."""
        self.amount += amount
        self.purchases += 1
        self.about = self.about or bool(note)


@dataclass(slots=True)
class Totals:
    """Confirmed, and what inference and open questions would add, by measure.

    ``expected`` is None for a measure as soon as one inferred purchase has no calibrated
    probability: the likely total is then not computable. ``no_amount`` counts purchases that
    belong in the totals but publish no amount.
    """

    confirmed: dict[Measure, Sum] = field(default_factory=dict)
    inferred: dict[Measure, Sum] = field(default_factory=dict)
    open: dict[Measure, Sum] = field(default_factory=dict)
    expected: dict[Measure, Decimal | None] = field(default_factory=dict)
    no_amount: int = 0

    def add(self, strongest: Attribution) -> None:
        """Count one purchase by its strongest attribution."""
        if not strongest.in_totals:
            return
        if strongest.amount is None:
            self.no_amount += 1
            return
        measure = Measure(strongest.currency, strongest.amount_kind, strongest.amount_tax)
        if strongest.grade in CONFIRMED_GRADES:
            into = self.confirmed
        else:
            into = self.open if strongest.grade is Grade.OPEN else self.inferred
        into.setdefault(measure, Sum()).add(strongest.amount, strongest.amount_note)
        if strongest.grade is Grade.INFERRED:
            so_far = self.expected.get(measure, Decimal(0))
            # A band stands where the probability is not calibrated: nothing is expected of it.
            chance = strongest.probability if strongest.band is None else None
            self.expected[measure] = (
                None
                if chance is None or so_far is None
                else so_far + strongest.amount * Decimal(str(chance))
            )

    def measures(self) -> list[Measure]:
        """All measures that have a sum, in a fixed order."""
        return sorted({*self.confirmed, *self.inferred, *self.open})


@dataclass(slots=True)
class MakerTally:
    """What was found of one maker. Sets of bodies are bounded by how many bodies there are."""

    maker: str
    grades: dict[str, int] = field(default_factory=dict)
    roles: dict[str, int] = field(default_factory=dict)
    purchases: int = 0
    bodies: set[str] = field(default_factory=set)
    totals: Totals = field(default_factory=Totals)
    constructed: int = 0


class Tally:
    """Adds up traced purchases; memory is bounded by makers, bodies and kinds."""

    def __init__(self) -> None:
        self.makers: dict[str, MakerTally] = {}
        self.all = Totals()
        self.kinds: dict[str, int] = {}
        self.grades: dict[str, int] = {}
        self.open_purchases = 0
        self.mentions = 0
        self.attributed = 0
        self.constructed: dict[str, int] = {}
        self._largest: list[tuple[Decimal, int, Attribution]] = []
        self._seen = 0

    def add(self, traced: Traced) -> None:
        """Count one purchase, once for each maker it names and once across makers."""
        self.kinds[traced.trade_kind] = self.kinds.get(traced.trade_kind, 0) + 1
        self.mentions += len(traced.mentions)
        if traced.purchase.constructed:
            said = traced.purchase.constructed
            self.constructed[said] = self.constructed.get(said, 0) + 1
        if not traced.attributions:
            return
        by_maker: dict[str | None, list[Attribution]] = {}
        for attribution in traced.attributions:
            by_maker.setdefault(attribution.maker, []).append(attribution)
            self.grades[attribution.grade] = self.grades.get(attribution.grade, 0) + 1
        for maker, group in by_maker.items():
            if maker is None:
                self.open_purchases += 1
                continue
            self._add_maker(maker, group)
        if any(maker is not None for maker in by_maker):
            self.attributed += 1
        self.all.add(strongest(list(traced.attributions)))

    def _add_maker(self, maker: str, group: list[Attribution]) -> None:
        tally = self.makers.setdefault(maker, MakerTally(maker))
        tally.purchases += 1
        best = strongest(group)
        tally.grades[best.grade] = tally.grades.get(best.grade, 0) + 1
        role = best.role or "none"
        tally.roles[role] = tally.roles.get(role, 0) + 1
        tally.constructed += bool(best.constructed)
        if best.body:
            tally.bodies.add(best.body)
        tally.totals.add(best)
        if best.amount is not None and best.in_totals:
            self._seen += 1
            # The counter breaks ties by order of input, so that a run is the same each time.
            heapq.heappush(self._largest, (best.amount, -self._seen, best))
            if len(self._largest) > LARGEST:
                heapq.heappop(self._largest)

    def largest(self) -> list[Attribution]:
        """The largest exposures, largest first; equal ones in the order of the input."""
        return [item[2] for item in sorted(self._largest, key=lambda item: item[:2], reverse=True)]


def strongest(group: list[Attribution]) -> Attribution:
    """Of attributions of one purchase, the one to count: in totals first, then by grade."""
    order = list(Grade)
    return min(group, key=lambda a: (not a.in_totals, order.index(a.grade), a.attribution_id))
