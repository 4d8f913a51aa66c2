"""Which distributors a supplier is, by company number or by the whole of its name."""

from __future__ import annotations

import datetime
from typing import Final

from nameplate.catalogue.dates import reached
from nameplate.catalogue.schema import Confidence, Distributor
from nameplate.catalogue.store import Catalogue
from nameplate.model.purchase import Party

_INDEX: Final[dict[str, tuple[Catalogue, dict[str, list[Distributor]]]]] = {}


def distributors_of(
    party: Party, day: datetime.date | None, catalogue: Catalogue
) -> list[Distributor]:
    """Distributor facts with a maker that ``party`` is, and that held on ``day`` as far as known.

    A name counts whole, without its legal form; a name that merely resembles one does not.
    """
    from nameplate.names.normalise import core

    index = _index(catalogue)
    found: dict[str, Distributor] = {}
    for key in (*party.identifiers, core(party.name)):
        for fact in index.get(key, ()):
            if _held(fact, day):
                found[fact.id] = fact
    return [found[key] for key in sorted(found)]


def _index(catalogue: Catalogue) -> dict[str, list[Distributor]]:
    known = _INDEX.get(catalogue.version)
    if known is not None and known[0] is catalogue:
        return known[1]
    from nameplate.names.normalise import core

    index: dict[str, list[Distributor]] = {}
    for fact in catalogue.distributors:
        if fact.maker and fact.confidence is not Confidence.LEAD:
            for key in {*fact.identifiers, core(fact.name), *(core(a) for a in fact.aliases)}:
                index.setdefault(key, []).append(fact)
    _INDEX[catalogue.version] = (catalogue, index)
    return index


def _held(fact: Distributor, day: datetime.date | None) -> bool:
    """Whether the claim covers ``day``; an unknown day or an unknown end leaves it standing."""
    if day is None or not fact.valid_to:
        return True
    return reached(fact.valid_to, day) is not True
