import datetime
from decimal import Decimal

import msgspec
import pytest

from nameplate.catalogue.store import load
from nameplate.model.attribution import Attribution, Band, Grade
from nameplate.model.money import AmountKind
from nameplate.model.purchase import Party, Purchase, TextField, TradeKind
from nameplate.model.statement import Asserter, SourceRef, Statement, made
from nameplate.tracing import weigh
from nameplate.tracing.derive import derive, trace_batch

CATALOGUE = load()


def purchase(title: str, *texts: str, supplier: str = "Acme Ltd", **more: object) -> Purchase:
    base = Purchase(
        purchase_id="p_1",
        body="Exampleton Council",
        title=title,
        texts=tuple(TextField(f"field {n}", t) for n, t in enumerate((title, *texts))),
        suppliers=(Party(name=supplier, role="supplier"),) if supplier else (),
        amount=Decimal("1000"),
        currency="GBP",
        source_file="rows.csv",
        source_sha256="0" * 64,
        locator="line:2",
    )
    return msgspec.structs.replace(base, **more)


def held(bought: Purchase, *statements: Statement) -> list[Attribution]:
    (traced,) = trace_batch([bought], catalogue=CATALOGUE, statements=statements)
    return list(traced.attributions)


def says(predicate: str, maker: str, asserter: Asserter, by: str, **more: str) -> Statement:
    return made(
        Statement(
            statement_id="",
            subject="p_1",
            predicate=predicate,
            value={"maker": maker},
            source=SourceRef(),
            asserter=asserter,
            asserted_by=by,
            **more,
        )
    )


ROLES = [
    ("Supply of 12 Hikvision cameras for CCTV", "supplied"),
    ("Replace the Hikvision cameras", "to_be_replaced"),
    ("Replacement of Dahua cameras with Hikvision CCTV", "supplied"),
    ("Maintenance of Hikvision CCTV", "maintained"),
    ("Hikvision CCTV maintenance", "maintained"),
    ("CCTV upgrade, no Hikvision equipment", None),
    ("CCTV NVR compatible with existing Hikvision", None),
    ("CCTV cameras, Hikvision or equivalent", None),
]


@pytest.mark.parametrize(("title", "role"), ROLES)
def test_only_some_roles_attribute(title: str, role: str | None) -> None:
    found = [a for a in held(purchase(title)) if a.maker == "Hikvision"]
    assert [a.role for a in found] == ([] if role is None else [role])
    assert all(a.grade is Grade.NAMED for a in found)
    assert all(a.in_totals is (role == "supplied") for a in found)


def test_surveillance_without_a_maker_is_open() -> None:
    (only,) = held(purchase("CCTV upgrade"))
    assert (only.grade, only.maker, only.probability, only.band) == (Grade.OPEN, None, None, None)
    assert only.in_totals
    assert held(purchase("CCTV DRAIN SURVEY")) == []
    (upkeep,) = held(purchase("CCTV maintenance"))
    assert not upkeep.in_totals


def test_a_framework_is_in_no_total() -> None:
    (only,) = held(purchase("CCTV upgrade", is_framework=True))
    assert not only.in_totals


@pytest.mark.parametrize("status", ["cancelled", "unsuccessful", "pending", "withdrawn"])
@pytest.mark.parametrize("title", ["CCTV upgrade", "Hikvision cameras"])
def test_an_award_that_came_to_nothing_is_in_no_total(title: str, status: str) -> None:
    (only,) = held(purchase(title, status=status))
    assert not only.in_totals
    (active,) = held(purchase(title, status="active"))
    assert active.in_totals


def test_the_sum_is_the_probability_and_a_band_is_shown() -> None:
    (only,) = held(purchase("Hikvision cameras"))
    assert only.prior is not None
    assert only.probability == weigh.probability(only.prior, only.evidence)
    assert only.band is Band.LIKELY


def test_a_persons_rejection_and_its_withdrawal() -> None:
    bought = purchase("Hikvision cameras for CCTV")
    no = says("attribution_rejected", "hikvision", Asserter.PERSON, "A. Clerk", reason="misread")
    (opened,) = held(bought, no)
    assert opened.grade is Grade.OPEN
    back = made(msgspec.structs.replace(no, statement_id="", withdraws=no.statement_id))
    (again,) = held(bought, no, back)
    assert again.maker == "Hikvision"


def test_the_body_says_so_and_a_newspaper_reports() -> None:
    bought = purchase("CCTV upgrade")
    (said,) = held(bought, says("equipment_maker", "dahua", Asserter.BODY, "Exampleton Council"))
    assert said.grade is Grade.STATED
    assert said.wording == "Exampleton Council says that it is Dahua equipment"
    press = says("equipment_maker", "dahua", Asserter.NEWSPAPER, "The Courier", via="The Courier")
    (reported,) = held(bought, press)
    assert "reported by The Courier" in reported.wording


def test_a_statement_recorded_later_is_not_known_earlier() -> None:
    late = says(
        "equipment_maker", "dahua", Asserter.BODY, "Exampleton Council", recorded="2024-05-01"
    )
    before = derive([purchase("CCTV upgrade")], [], [late], CATALOGUE, datetime.date(2023, 1, 1))
    assert [a.grade for a in before] == [Grade.OPEN]
    after = derive([purchase("CCTV upgrade")], [], [late], CATALOGUE, datetime.date(2025, 1, 1))
    assert [a.grade for a in after] == [Grade.STATED]


def test_a_supplier_that_bears_the_makers_name_only_points_to_it() -> None:
    (only,) = held(purchase("CCTV equipment", supplier="Hikvision UK Limited"))
    assert (only.grade, only.maker, only.role) == (Grade.INFERRED, "Hikvision", None)
    assert "does not name a maker" in only.wording


def test_a_notice_before_award_names_a_reference_only() -> None:
    notice = purchase("CCTV: Hikvision domes", amount_kind=AmountKind.NOTICE_ESTIMATE)
    assert [a.grade for a in held(notice)] == [Grade.OPEN]


def test_two_makers_in_one_purchase_make_two_attributions_of_one_purchase() -> None:
    found = held(purchase("Supply of Hikvision and Dahua CCTV cameras"))
    assert {a.maker for a in found} == {"Hikvision", "Dahua"}
    assert {a.purchase_id for a in found} == {"p_1"}


KINDS = [
    ("CCTV upgrade", "", TradeKind.EQUIPMENT),
    ("CCTV CAMERA INSTALLS", "", TradeKind.INSTALLATION),
    ("Maintenance of CCTV", "", TradeKind.MAINTENANCE),
    ("CCTV monitoring March", "", TradeKind.MONITORING),
    ("Body worn video cameras", "", TradeKind.BODY_WORN),
    ("ANPR cameras for bus lanes", "", TradeKind.ANPR),
    ("CCTV", "", TradeKind.UNCLEAR),
    ("CCTV drain survey", "", TradeKind.NOT_SURVEILLANCE),
    ("Electricity for CCTV", "", TradeKind.NOT_SURVEILLANCE),
    ("Padlock and keys", "Access & Surveillance by Example Ltd", TradeKind.NOT_SURVEILLANCE),
    ("Course fee", "The CCTV Training Academy", TradeKind.NOT_SURVEILLANCE),
    ("78504575CCTV", "Paper Ltd", TradeKind.NOT_SURVEILLANCE),
    ("Disease surveillance programme", "", TradeKind.NOT_SURVEILLANCE),
    ("ISO 9001 surveillance visit", "", TradeKind.NOT_SURVEILLANCE),
    ("High speed camera", "", TradeKind.NOT_SURVEILLANCE),
]


@pytest.mark.parametrize(("title", "supplier", "kind"), KINDS)
def test_kind_of_purchase(title: str, supplier: str, kind: TradeKind) -> None:
    (traced,) = trace_batch([purchase(title, supplier=supplier)], catalogue=CATALOGUE)
    assert traced.trade_kind is kind, traced.trade_reason
    assert traced.trade_reason
