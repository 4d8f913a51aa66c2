"""Evidence and its weight: natural-log likelihood ratios, a prior, a band instead of a percentage.

The weights are judgements, stated here so that anyone can quarrel with them one by one. Fewer
than 200 real labelled records stand behind them, so no percentage is shown: ``band`` is, and
*likely* totals are not computable (docs/reference/tracing.md, "Weights").
"""

from __future__ import annotations

import math
from typing import Final

from nameplate.catalogue.schema import Distributor, Grammar, Name
from nameplate.catalogue.store import Catalogue
from nameplate.model.attribution import Band, Evidence, Grade
from nameplate.model.mention import Mention, Role
from nameplate.model.statement import Asserter, Statement

PRIOR: Final = -2.5
"""Log-odds that a surveillance purchase is a given maker's before anything is read (about 8 %)."""
LIKELY: Final = 0.75
UNLIKELY: Final = 0.25
CALIBRATED_FROM: Final = 200
"""Real labelled records from which a percentage may stand in the place of a band."""
LABELLED_RECORDS: Final = 0
"""Real records whose true maker is known to those who set these weights."""

NAME: Final = 6.0
NAME_IN_CONTEXT: Final = 4.5
"""An ordinary word (Axis, Bosch) that counts only beside a word of the trade."""
SLIP: Final = 4.0
OWN_COMPANY: Final = 3.0
"""The supplier bears the maker's name: it sells little else, but the goods are not named."""
DISTRIBUTOR: Final = 1.5
DISTRIBUTOR_ROLE: Final = {"distributor": 1.5, "reseller": 1.2, "installer": 0.8, "integrator": 0.6}
NOT_TRADE: Final = -2.0
"""The record reads as no surveillance purchase, and names the maker all the same."""
STATED: Final = {
    Asserter.BODY: 6.0,
    Asserter.SUPPLIER: 5.0,
    Asserter.MAKER: 5.0,
    Asserter.NEWSPAPER: 4.0,
    Asserter.PERSON: 6.0,
    Asserter.DEVICE: 6.0,
}
OBSERVED: Final = 6.0


def probability(prior: float, evidence: tuple[Evidence, ...]) -> float:
    """Probability (0-1) of the sum of ``prior`` and all weights, as log-odds."""
    total = prior + math.fsum(e.weight for e in evidence)
    return 1 / (1 + math.exp(-total)) if total >= 0 else 1 - 1 / (1 + math.exp(total))


def band_of(chance: float) -> Band | None:
    """The band that is shown while too few labelled records stand behind the percentage."""
    if LABELLED_RECORDS >= CALIBRATED_FROM:
        return None
    if chance >= LIKELY:
        return Band.LIKELY
    return Band.UNLIKELY if chance < UNLIKELY else Band.POSSIBLE


def weakest(evidence: tuple[Evidence, ...]) -> Grade:
    """The grade of a chain: each link is as strong as its best evidence, the chain as its weakest.

    Raises ValueError where there is no evidence.
    """
    order = list(Grade)
    links: dict[str, int] = {}
    for piece in evidence:
        place = order.index(piece.grade)
        links[piece.link] = min(place, links.get(piece.link, place))
    return order[max(links.values())]


def of_mention(mention: Mention, catalogue: Catalogue, maker: str) -> Evidence:
    """Evidence of a mention with an attributing role in a purchase record."""
    fact = _fact(catalogue, mention.name_id)
    if isinstance(fact, Grammar):
        weight, says = fact.weight, f"model number “{mention.surface}” has the form of {maker}'s"
        if fact.shared_with:
            says += f" (shared with {', '.join(fact.shared_with)})"
    elif mention.via == "misspelling":
        weight, says = SLIP, f"“{mention.surface}” reads as {maker}, misspelt"
    else:
        ordinary = isinstance(fact, Name) and fact.needs_context
        weight = NAME_IN_CONTEXT if ordinary else NAME
        says = f"“{mention.surface}” names {maker}"
    return Evidence(
        kind="mention",
        says=f"{says}, in {mention.field}: {mention.role_reason or mention.role}",
        weight=weight,
        ref=mention.name_id,
        link="record",
        grade=Grade.NAMED,
    )


def of_role(role: Role) -> str:
    """A role in words."""
    return role.value.replace("_", " ")


def of_statement(statement: Statement, maker: str) -> Evidence:
    """Evidence of a statement that a purchase's equipment is ``maker``'s."""
    device = statement.asserter is Asserter.DEVICE
    via = statement.via if statement.via != statement.asserted_by else ""
    via = f", reported by {via}" if via else ""
    because = f": {statement.reason}" if statement.reason else ""
    return Evidence(
        kind="statement",
        says=f"{statement.asserted_by} says that it is {maker} equipment{via}{because}",
        weight=STATED.get(statement.asserter, NAME),
        ref=statement.statement_id,
        link="record",
        grade=Grade.OBSERVED if device else Grade.STATED,
    )


def of_own_company(supplier: str, maker: str, mention: Mention) -> Evidence:
    """Evidence of a supplier that bears the maker's name."""
    return Evidence(
        kind="supplier",
        says=f"the supplier, {supplier}, bears the name of {maker}; the goods are not named",
        weight=OWN_COMPANY,
        ref=mention.name_id,
        link="supplier",
        grade=Grade.INFERRED,
    )


def of_distributor(fact: Distributor, supplier: str, maker: str) -> Evidence:
    """Evidence of a supplier that is said to sell the maker's equipment on."""
    return Evidence(
        kind="distributor",
        says=f"{fact.claimed_by} says that the supplier, {supplier}, is a {fact.role} of {maker}",
        weight=DISTRIBUTOR_ROLE.get(fact.role, DISTRIBUTOR),
        ref=fact.id,
        link="distributor",
        grade=Grade.INFERRED,
    )


def _fact(catalogue: Catalogue, fact_id: str) -> Name | Grammar | None:
    for name in catalogue.names:
        if name.id == fact_id:
            return name
    for grammar in catalogue.grammars:
        if grammar.id == fact_id:
            return grammar
    return None
