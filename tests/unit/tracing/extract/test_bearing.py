"""An answer turns an open purchase into a stated one, and only where it bears on it."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest

from nameplate.catalogue.store import load
from nameplate.model.attribution import Grade
from nameplate.model.purchase import Party, Purchase
from nameplate.model.statement import SourceRef
from nameplate.tracing.extract.bearing import bearing, by_body
from nameplate.tracing.extract.claims import statements_of
from nameplate.tracing.extract.reading import Passage, read_passage

ANSWER = (
    "Between 2015 and 2018 the council bought 47 static and 9 PTZ Hikvision cameras for £9,690 in "
    "all. It no longer buys from the company."
)


def opened(*, amount: str = "4500", year: int = 2017, supplier: str = "") -> Purchase:
    return Purchase(
        purchase_id="p_test",
        body="Thurrock Council",
        title="CCTV cameras",
        amount=Decimal(amount),
        date=datetime.date(year, 5, 1),
        suppliers=(Party(name=supplier, role="supplier"),) if supplier else (),
        source_file="x",
        source_sha256="",
        locator="line:1",
        constructed="written for this test",
    )


def borne(case: Purchase, text: str = ANSWER, grade: Grade = Grade.OPEN) -> list:
    return bearing(case, "equipment", [grade], by_body(stated(text)))


def stated(text: str = ANSWER) -> list:
    passage = Passage(text=text, kind="foi_response", body="Thurrock Council")
    reading = read_passage(passage, load())
    return statements_of(reading, SourceRef(title="answer", sha256="0" * 64, locator="line:1"))


def test_an_answer_bears_on_a_purchase_of_its_period() -> None:
    (found,) = borne(opened())
    assert found.subject == "p_test"
    assert found.predicate == "equipment_maker"
    assert found.value == {"maker": "hikvision", "role": "supplied"}
    assert found.asserted_by == "Thurrock Council"
    assert "covers this purchase's day" in found.reason


@pytest.mark.parametrize(
    "case",
    [opened(year=2021), opened(amount="50000")],
    ids=["outside the period", "more than was paid in all"],
)
def test_it_does_not_bear_on_others(case: Purchase) -> None:
    assert borne(case) == []


def test_it_does_not_overrule_a_record_that_names_its_maker() -> None:
    assert borne(opened(), grade=Grade.NAMED) == []


def test_an_answer_with_two_makers_settles_no_single_purchase() -> None:
    two = "Between 2015 and 2018 the council bought 47 Hikvision and 12 Axis cameras."
    assert borne(opened(), two) == []


def test_an_answer_that_names_the_supplier_bears_on_its_purchases() -> None:
    told = "The cameras are Hikvision and were supplied by Fellside Alarms Ltd."
    (found,) = borne(opened(supplier="FELLSIDE ALARMS LIMITED", year=2022), told)
    assert "supplier" in found.reason
    assert borne(opened(supplier="Other Alarms Ltd"), told) == []
