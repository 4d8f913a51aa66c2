from __future__ import annotations

import datetime
import math

import pytest

from nameplate.model.attribution import Band, Grade
from nameplate.tracing.infer.model import (
    MIN_REAL,
    Asked,
    Knowledge,
    Labelled,
    infer,
    one_more_answer,
    shown,
)


def label(number: int, maker: str, supplier: str, *, real: bool = True) -> Labelled:
    return Labelled(
        purchase_id=f"p_{number:04}", maker=maker, supplier=supplier, kind="equipment",
        day=datetime.date(2019, 5, 1), constructed=not real,
    )  # fmt: skip


def market(size: int = 60, *, real: bool = True) -> list[Labelled]:
    return [
        label(n, "hikvision" if n % 3 else "axis", f"supplier {n % 20}", real=real)
        for n in range(size)
    ]


def chance(asked: Asked, knowledge: Knowledge, maker: str) -> float:
    return next(i.probability for i in infer(asked, knowledge) if i.maker == maker)


def test_three_sightings_are_no_certainty() -> None:
    records = [*market(), *(label(900 + n, "axis", "new firm") for n in range(3))]
    asked = Asked(purchase_id="p", supplier="new firm")
    base = chance(Asked(purchase_id="p"), Knowledge(records), "axis")
    assert base < chance(asked, Knowledge(records), "axis") < 0.9


def test_more_sightings_say_more() -> None:
    asked = Asked(purchase_id="p", supplier="new firm")
    seen = [
        chance(
            asked,
            Knowledge([*market(), *(label(900 + k, "axis", "new firm") for k in range(n))]),
            "axis",
        )
        for n in (1, 3, 10, 30)
    ]
    assert seen == sorted(seen)


def test_lines_add_up_to_the_result() -> None:
    asked = Asked(purchase_id="p", supplier="supplier 3", kind="equipment")
    for found in infer(asked, Knowledge(market())):
        total = found.prior + math.fsum(e.weight for e in found.evidence)
        assert 1 / (1 + math.exp(-total)) == pytest.approx(found.probability)
        assert all(e.grade is Grade.INFERRED for e in found.evidence)


def test_shares_leave_room_for_another_maker() -> None:
    total = sum(i.probability for i in infer(Asked(purchase_id="p"), Knowledge(market())))
    assert 0.9 < total < 1


def test_a_claim_to_sell_counts_like_two_sightings() -> None:
    knowledge = Knowledge(market())
    asked = Asked(purchase_id="p", supplier="unknown firm")
    claimed = Asked(
        purchase_id="p", supplier="unknown firm", claims=(("dahua", "distributor.x"),)
    )  # fmt: skip
    found = {i.maker: i for i in infer(claimed, knowledge)}
    assert "dahua" not in {i.maker for i in infer(asked, knowledge)}
    assert found["dahua"].probability > 0
    assert any(e.ref == "distributor.x" for e in found["dahua"].evidence)


@pytest.mark.parametrize("size", [0, 1, MIN_REAL - 1])
def test_no_percentage_under_200_real_labelled_purchases(size: int) -> None:
    records = [*market(size), *(label(5000 + n, "axis", "x", real=False) for n in range(500))]
    for found in infer(Asked(purchase_id="p", supplier="supplier 1"), Knowledge(records)):
        assert found.percentage_may_be_shown is False
        assert found.band in set(Band)
        assert "%" not in shown(found)


def test_percentage_from_200_real_labelled_purchases_on() -> None:
    found = infer(Asked(purchase_id="p"), Knowledge(market(MIN_REAL)))
    assert all(i.percentage_may_be_shown and i.band is None for i in found)
    assert shown(found[0]).endswith(" %")


@pytest.mark.parametrize("grade", [Grade.INFERRED, Grade.OPEN])
def test_never_learns_from_its_own_output(grade: Grade) -> None:
    with pytest.raises(ValueError, match="cannot be learned from"):
        Knowledge([Labelled(purchase_id="p", maker="axis", grade=grade)])


def test_what_one_more_answer_would_change() -> None:
    asked = Asked(purchase_id="p", supplier="new firm")
    changes = one_more_answer(asked, Knowledge(market()))
    assert len(changes) == 2
    assert all(after.probability > before.probability for _, before, after in changes)


def test_order_of_records_does_not_matter() -> None:
    asked = Asked(purchase_id="p", supplier="supplier 4")
    assert infer(asked, Knowledge(market())) == infer(asked, Knowledge(reversed(market())))
