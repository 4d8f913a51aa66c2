"""A supplier leads to a known seller by number or name, never by likeness."""

import datetime

import msgspec
import pytest

from nameplate.catalogue.schema import Confidence, Distributor, Source
from nameplate.catalogue.store import Catalogue, load
from nameplate.model.purchase import Party
from nameplate.tracing.suppliers import distributors_of

SELLER = Distributor(
    id="distributor/test",
    sources=(Source(title="its own page", read="2026-11-23"),),
    confidence=Confidence.CLAIM,
    recorded="2026-11-23",
    name="Keen Eye Distribution Limited",
    role="distributor",
    maker="hikvision",
    claim="authorised distributor",
    claimed_by="itself",
    aliases=("Keen Eye",),
    identifiers=("GB-COH:01234567",),
    valid_to="2020-01-01",
)


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    whole = load()
    return msgspec.structs.replace(
        whole, version="test", distributors=(*whole.distributors, SELLER)
    )


@pytest.mark.parametrize(
    ("name", "identifiers", "found"),
    [
        ("KEEN EYE DISTRIBUTION LTD", (), True),
        ("J Smith Ltd t/a Keen Eye", (), True),
        ("Another name", ("GB-COH:1234567",), True),
        ("Keen Eyes Distribution Ltd", (), False),
        ("Keen Eye Opticians Limited", (), False),
    ],
)
def test_a_supplier_is_a_known_seller_beyond_doubt_or_not_at_all(
    catalogue: Catalogue, name: str, identifiers: tuple[str, ...], *, found: bool
) -> None:
    party = Party(name=name, role="supplier", identifiers=identifiers)
    facts = distributors_of(party, datetime.date(2019, 5, 1), catalogue)
    assert ([fact.id for fact in facts] == [SELLER.id]) is found


def test_a_claim_that_ended_says_nothing_of_a_later_day(catalogue: Catalogue) -> None:
    party = Party(name=SELLER.name, role="supplier")
    assert distributors_of(party, datetime.date(2021, 5, 1), catalogue) == []
