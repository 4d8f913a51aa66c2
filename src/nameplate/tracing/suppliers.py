"""Which distributors a supplier is: by its number, its name, or a name it trades under."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Final

from nameplate.catalogue.dates import reached
from nameplate.catalogue.schema import Confidence, Distributor
from nameplate.catalogue.store import Catalogue
from nameplate.model.purchase import Party

if TYPE_CHECKING:
    from nameplate.tracing.parties.known import KnownParties

_KNOWN: Final[dict[str, tuple[Catalogue, KnownParties]]] = {}


def distributors_of(
    party: Party, day: datetime.date | None, catalogue: Catalogue
) -> list[Distributor]:
    """Distributor facts with a maker that ``party`` is, and that held on ``day`` as far as known.

    The supplier must be the known party beyond doubt (:meth:`KnownParties.exactly`): by company
    number in any of its forms, by its whole name without legal form, or by a trading name. A name
    that merely resembles one is no party.
    """
    found = _known(catalogue).exactly(party.name, party.identifiers, day)
    if found is None:
        return []
    return [
        fact
        for fact in sorted(catalogue.distributors, key=lambda fact: fact.id)
        if fact.id in found.refs
        and fact.maker
        and fact.confidence is not Confidence.LEAD
        and _held(fact, day)
    ]


def _known(catalogue: Catalogue) -> KnownParties:
    held = _KNOWN.get(catalogue.version)
    if held is not None and held[0] is catalogue:
        return held[1]
    from nameplate.tracing.parties.known import KnownParties

    known = KnownParties(catalogue)
    _KNOWN[catalogue.version] = (catalogue, known)
    return known


def _held(fact: Distributor, day: datetime.date | None) -> bool:
    """Whether the claim covers ``day``; an unknown day or an unknown end leaves it standing."""
    if day is None or not fact.valid_to:
        return True
    return reached(fact.valid_to, day) is not True
