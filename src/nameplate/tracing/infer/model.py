"""Which maker a surveillance purchase without one is likely to be of: an empirical-Bayes model.

Labelled purchases (whose maker is stated, observed or named; never an inferred one) are counted by
maker: over the market, by supplier, by body, by year and by kind of purchase. Each group's shares
are Dirichlet posteriors drawn towards the market's, ``(n_gm + k·p_m) / (n_g + k)``, where ``k``, in
records, is fitted by maximum marginal likelihood over the groups (at least ``MIN_PULL``), so that
three sightings at one supplier do not read as certainty. A distributor's claim adds ``CLAIM``
records to its supplier. The groups are then combined as independent evidence: the log-odds of a
maker are the market's, plus ``ln(share in the group / share in the market)`` for each group. The
market keeps ``UNSEEN`` records for makers nobody has named yet.
"""

from __future__ import annotations

import datetime
import math
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Final

import msgspec

from nameplate.model.attribution import Band, Evidence, Grade

MIN_REAL: Final = 200
"""Real labelled purchases from which a percentage may be shown (docs/architecture.md, Evidence)."""
MIN_PULL: Final = 2.0
MAX_PULL: Final = 500.0
DEFAULT_PULL: Final = 10.0
"""Records of pull towards the market where fewer than ``MIN_GROUPS`` groups can tell."""
MIN_GROUPS: Final = 5
CLAIM: Final = 2.0
"""What a claim to sell a maker weighs, in sightings: less than the third delivery seen."""
UNSEEN: Final = 1.0
LIKELY: Final = 0.75
UNLIKELY: Final = 0.25
OTHER: Final = "(another maker)"
"""The share kept for makers outside the catalogue's sightings."""

FEATURES: Final = ("supplier", "body", "year", "kind")


class Labelled(msgspec.Struct, frozen=True, kw_only=True):
    """A purchase whose maker is known. ``constructed`` is True for records that are no real ones.

    ``grade`` is how it is known; inferred ones are refused, so that the model never learns from
    itself.
    """

    purchase_id: str
    maker: str
    supplier: str = ""
    body: str = ""
    day: datetime.date | None = None
    kind: str = ""
    grade: Grade = Grade.STATED
    constructed: bool = False


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """A purchase whose maker is sought, by the same features; ``claims``: makers its supplier is
    said to sell on the day of the purchase, with the id of the fact.
    """

    purchase_id: str
    supplier: str = ""
    body: str = ""
    day: datetime.date | None = None
    kind: str = ""
    claims: tuple[tuple[str, str], ...] = ()


class Inferred(msgspec.Struct, frozen=True, kw_only=True):
    """One maker's share. ``percentage_may_be_shown`` is False under ``MIN_REAL`` real records."""

    maker: str
    probability: float
    band: Band | None
    prior: float
    evidence: tuple[Evidence, ...]
    percentage_may_be_shown: bool


def features_of(record: Labelled | Asked) -> dict[str, str]:
    """The groups a record belongs to; those it does not give are left out."""
    out = {
        "supplier": record.supplier,
        "body": record.body,
        "year": str(record.day.year) if record.day else "",
        "kind": record.kind,
    }
    return {name: value for name, value in out.items() if value}


def log_marginal(
    groups: Iterable[Mapping[str, float]], share: Mapping[str, float], pull: float
) -> float:
    """Log marginal likelihood of the groups' counts under a Dirichlet ``pull * share`` (up to a
    constant that does not depend on ``pull``).
    """
    total = 0.0
    for counts in groups:
        size = sum(counts.values())
        total += math.lgamma(pull) - math.lgamma(pull + size)
        for maker, count in sorted(counts.items()):
            alpha = max(pull * share[maker], 1e-12)
            total += math.lgamma(alpha + count) - math.lgamma(alpha)
    return total


def fitted_pull(groups: list[Mapping[str, float]], share: Mapping[str, float]) -> float:
    """The pull with the greatest marginal likelihood on a fixed grid; the default where fewer than
    ``MIN_GROUPS`` groups have two records or more, for then nothing tells it.
    """
    telling = [g for g in groups if sum(g.values()) >= 2]
    if len(telling) < MIN_GROUPS:
        return DEFAULT_PULL
    grid = [MIN_PULL * math.exp(math.log(MAX_PULL / MIN_PULL) * i / 40) for i in range(41)]
    return max(grid, key=lambda pull: (log_marginal(telling, share, pull), pull))


class Knowledge:
    """Counts of labelled purchases, fitted once; records can be hidden in turn without a refit."""

    def __init__(self, labelled: Iterable[Labelled]) -> None:
        """Raises ValueError for a label that was itself inferred."""
        self.records = sorted(labelled, key=lambda r: r.purchase_id)
        for record in self.records:
            if record.grade in {Grade.INFERRED, Grade.OPEN}:
                raise ValueError(f"{record.purchase_id} is inferred: it cannot be learned from")
        self.real = sum(not r.constructed for r in self.records)
        self.market: Counter[str] = Counter(r.maker for r in self.records)
        self.groups: dict[str, dict[str, Counter[str]]] = {name: {} for name in FEATURES}
        for record in self.records:
            for name, value in features_of(record).items():
                self.groups[name].setdefault(value, Counter())[record.maker] += 1
        share = self.shares()
        self.pull = {
            name: fitted_pull(list(self.groups[name].values()), share) for name in FEATURES
        }

    def shares(self, hidden: Labelled | None = None) -> dict[str, float]:
        """The market's shares, with room for the unseen; ``hidden`` is left out."""
        counts = Counter(self.market)
        if hidden is not None:
            counts[hidden.maker] -= 1
        makers = sorted(m for m in self.market if counts[m] > 0 or m in self.market)
        total = sum(counts.values()) + UNSEEN
        smooth = UNSEEN / (len(makers) + 1)
        shares = {m: (counts[m] + smooth) / (total + UNSEEN) for m in makers}
        shares[OTHER] = 1 - sum(shares.values())
        return shares

    def group(self, name: str, value: str, hidden: Labelled | None) -> Counter[str]:
        """Counts of one group, ``hidden`` left out."""
        counts = Counter(self.groups[name].get(value, Counter()))
        if hidden is not None and features_of(hidden).get(name) == value:
            counts[hidden.maker] -= 1
        return +counts


def infer(asked: Asked, knowledge: Knowledge, hidden: Labelled | None = None) -> list[Inferred]:
    """Each maker's share for one purchase, the most likely first; they sum to one.

    The last part, ``(another maker)``, is left out of the list. ``hidden`` is a labelled record
    to forget (its own, when the model is tested on it).
    """
    market = dict(knowledge.shares(hidden))
    for maker, _ in asked.claims:
        if maker not in market:
            given = market[OTHER] / 2
            market[maker], market[OTHER] = given, market[OTHER] - given
    scores = {maker: math.log(share) for maker, share in market.items()}
    lines: dict[str, list[Evidence]] = {maker: [] for maker in market}
    claimed = Counter(maker for maker, _ in asked.claims)
    for name, value in features_of(asked).items():
        counts = knowledge.group(name, value, hidden)
        extra = claimed if name == "supplier" else Counter()
        size = sum(counts.values()) + CLAIM * sum(extra.values())
        if not size:
            continue
        pull = knowledge.pull[name]
        for maker, share in market.items():
            seen = counts[maker] + CLAIM * extra[maker]
            weight = math.log(((seen + pull * share) / (size + pull)) / share)
            scores[maker] += weight
            lines[maker].append(_line(name, value, maker, counts, weight, asked))
    top = max(scores.values())
    total = sum(math.exp(s - top) for s in scores.values())
    may = knowledge.real >= MIN_REAL
    out = []
    for maker, score in scores.items():
        if maker == OTHER:
            continue
        chance = math.exp(score - top) / total
        prior = math.log(market[maker] / (1 - market[maker]))
        out.append(
            Inferred(
                maker=maker,
                probability=chance,
                band=None if may else band_of(chance),
                prior=prior,
                evidence=(*lines[maker], _rest(prior, lines[maker], chance)),
                percentage_may_be_shown=may,
            )
        )
    return sorted(out, key=lambda i: (-i.probability, i.maker))


def _line(  # noqa: PLR0917
    name: str, value: str, maker: str, counts: Counter[str], weight: float, asked: Asked
) -> Evidence:
    total = sum(counts.values())
    said = f"of {total} purchases with a known maker" if total else "no purchase with a known maker"
    places = {"supplier": "from {}", "body": "by {}", "year": "in {}", "kind": "of kind {}"}
    refs = [ref for m, ref in asked.claims if m == maker] if name == "supplier" else []
    claim = "; the supplier is said to sell it" if refs else ""
    return Evidence(
        kind=f"inferred_{name}",
        says=f"{said} {places[name].format(value)}, {counts[maker]} are {maker}{claim}",
        weight=weight,
        ref=refs[0] if refs else "",
        link="supplier" if name == "supplier" else "record",
        grade=Grade.INFERRED,
    )


def _rest(prior: float, lines: list[Evidence], chance: float) -> Evidence:
    """What the other makers' evidence takes away, so that the lines add up to the result."""
    chance = min(max(chance, 1e-12), 1 - 1e-12)
    rest = math.log(chance / (1 - chance)) - prior - math.fsum(e.weight for e in lines)
    return Evidence(
        kind="inferred_rivals",
        says="the same evidence speaks for or against the other makers",
        weight=rest,
        grade=Grade.INFERRED,
    )


def band_of(chance: float) -> Band:
    """The band that stands in the place of a percentage."""
    if chance >= LIKELY:
        return Band.LIKELY
    return Band.UNLIKELY if chance < UNLIKELY else Band.POSSIBLE


def shown(inferred: Inferred) -> str:
    """What may be shown of the chance: a percentage, or the band where too few records stand
    behind one.
    """
    if inferred.percentage_may_be_shown:
        return f"{100 * inferred.probability:.0f} %"
    return str((inferred.band or band_of(inferred.probability)).value)


def one_more_answer(asked: Asked, knowledge: Knowledge) -> list[tuple[str, Inferred, Inferred]]:
    """What one more answer would change: for each of the two likeliest makers, the purchase's
    chance before and after one more of its supplier's (or body's) purchases is known to be it.
    """
    out = []
    for before in infer(asked, knowledge)[:2]:
        told = Labelled(
            purchase_id=f"{asked.purchase_id}+",
            maker=before.maker,
            supplier=asked.supplier,
            body="" if asked.supplier else asked.body,
            day=asked.day,
            kind=asked.kind,
        )
        wider = Knowledge([*knowledge.records, told])
        after = next(i for i in infer(asked, wider) if i.maker == before.maker)
        out.append((before.maker, before, after))
    return out
