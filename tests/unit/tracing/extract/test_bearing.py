"""An answer turns an open purchase into a stated one, and only where it bears on it."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest

from nameplate.catalogue.store import load
from nameplate.model.attribution import Attribution, Evidence, Grade, attribution_id
from nameplate.model.purchase import Party, Purchase, TradeKind
from nameplate.model.statement import SourceRef
from nameplate.tracing.api import Traced
from nameplate.tracing.extract.bearing import bearing, by_body
from nameplate.tracing.extract.claims import statements_of
from nameplate.tracing.extract.reading import Passage, read_passage

ANSWER = (
    "Between 2015 and 2018 the council bought 47 static and 9 PTZ Hikvision cameras for £9,690 in "
    "all. It no longer buys from the company."
)


def opened(
    *, amount: str = "4500", year: int = 2017, supplier: str = "", grade: Grade = Grade.OPEN
) -> Traced:
    purchase = Purchase(
        purchase_id="p_test", body="Thurrock Council", title="CCTV cameras",
        amount=Decimal(amount), date=datetime.date(year, 5, 1),
        suppliers=(Party(name=supplier, role="supplier"),) if supplier else (),
        source_file="x", source_sha256="", locator="line:1", constructed="written for this test",
    )  # fmt: skip
    held = Attribution(
        attribution_id=attribution_id("p_test", None, None), purchase_id="p_test",
        body=purchase.body, supplier=None, maker=None, brand=None, role=None, grade=grade,
        probability=None, band=None, prior=None, amount=purchase.amount, currency="GBP",
        amount_kind="payment", amount_tax="net", in_totals=True, date=purchase.date,
        date_kind="paid", title="", trade_kind="equipment",
        evidence=(Evidence(kind="trade", says="", weight=0.0),), wording="", source_file="x",
        source_sha256="", locator="line:1",
    )  # fmt: skip
    return Traced(
        purchase=purchase, trade_kind=TradeKind.EQUIPMENT, trade_reason="", mentions=(),
        attributions=(held,),
    )  # fmt: skip


def stated(text: str = ANSWER) -> list:
    passage = Passage(text=text, kind="foi_response", body="Thurrock Council")
    reading = read_passage(passage, load())
    return statements_of(reading, SourceRef(title="answer", sha256="0" * 64, locator="line:1"))


def test_an_answer_bears_on_a_purchase_of_its_period() -> None:
    (found,) = bearing(opened(), by_body(stated()))
    assert found.subject == "p_test"
    assert found.predicate == "equipment_maker"
    assert found.value == {"maker": "hikvision", "role": "supplied"}
    assert found.asserted_by == "Thurrock Council"
    assert "covers this purchase's day" in found.reason


@pytest.mark.parametrize(
    "case",
    [opened(year=2021), opened(amount="50000"), opened(grade=Grade.NAMED)],
    ids=["outside the period", "more than was paid in all", "names a maker itself"],
)
def test_it_does_not_bear_on_others(case: Traced) -> None:
    assert bearing(case, by_body(stated())) == []


def test_an_answer_with_two_makers_settles_no_single_purchase() -> None:
    two = "Between 2015 and 2018 the council bought 47 Hikvision and 12 Axis cameras."
    assert bearing(opened(), by_body(stated(two))) == []
