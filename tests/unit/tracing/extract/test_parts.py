"""Dates, money, suppliers, answers and scanned words, piece by piece."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nameplate.model.mention import Mention, Role
from nameplate.tracing.extract.answers import Detail, exemption_of, find_answer
from nameplate.tracing.extract.dates import find_dates, values
from nameplate.tracing.extract.money import find_money, spend_row
from nameplate.tracing.extract.reading import Passage, kind_of, read_with
from nameplate.tracing.extract.roles import assign_roles
from nameplate.tracing.extract.scanning import repair
from nameplate.tracing.extract.segments import split
from nameplate.tracing.extract.suppliers import find_suppliers


def mention(text: str, surface: str, maker: str = "") -> Mention:
    at = text.index(surface)
    return Mention(
        maker=maker or surface, maker_key=(maker or surface).lower(), surface=surface, start=at,
        end=at + len(surface), role=Role.OTHER,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("installed between 2015 and 2018", ["2015", "2018"]),
        ("FY 2019/20", ["2019-04/2020-03"]),
        ("academic year 2023/24", ["2023-09/2024-08"]),
        ("Q3 2024", ["2024-07/2024-09"]),
        ("Q3 2024/25", ["2024-10/2024-12"]),
        ("on 09/11/2020", ["2020-11-09"]),
        ("1.10.19 - 30.9.22", ["2019-10-01", "2022-09-30"]),
        ("due 31/O3/2O25", ["2025-03-31"]),
        ("the Freedom of Information Act 2000", []),
        ("in April\n2019", ["2019-04"]),
    ],
)
def test_dates(text: str, found: list[str]) -> None:
    assert values(find_dates(text)) == found


@pytest.mark.parametrize(
    ("text", "amounts"),
    [
        ("£1.36m over three years", ["1360000"]),
        ("£92k per annum", ["92000"]),
        ("between £40k and £60k", ["40000", "60000"]),
        ("£32,45O", ["32450"]),
        ("£40-60k", ["40", "60000"]),
        ("9,690 pounds", ["9690"]),
    ],
)
def test_money(text: str, amounts: list[str]) -> None:
    assert [s.amount for s in find_money(text)] == [Decimal(a) for a in amounts]


def test_a_threshold_in_a_question_is_no_sum() -> None:
    assert find_money("List suppliers paid over £10,000?", kind="foi_request") == []


def test_spending_row_reads_columns_by_header() -> None:
    row = spend_row(
        "Date,Supplier Name,Supplier ID,Net Amount\n2019-01-02,Hill Alarms Ltd,77,12.50"
    )
    assert row is not None
    assert (row.supplier, row.amount, row.date) == ("Hill Alarms Ltd", "12.50", "2019-01-02")
    assert spend_row("We have none.") is None


def test_payee_alone_names_no_goods() -> None:
    text = "Date,Supplier,Net\n2019-01-02,Bosch Security Systems,Equipment,12.50"
    found = assign_roles(text, [mention(text, "Bosch Security Systems", "Bosch")], "spend")
    assert [m.role for m in found] == [Role.OTHER]


def test_suppliers_keep_their_legal_form() -> None:
    text = "The contract was awarded to Northfell Integrated Systems Ltd. It starts in May."
    assert [s.name for s in find_suppliers(text, [], "award")] == [
        "Northfell Integrated Systems Ltd"
    ]


@pytest.mark.parametrize(
    ("text", "detail"),
    [
        ("We neither confirm nor deny that we hold this.", Detail.NCND),
        ("Refused under section 14(1) as vexatious.", Detail.VEXATIOUS),
        ("This would exceed the cost limit; section 12 applies.", Detail.COST_LIMIT),
        ("The make is exempt under section 31(1)(a).", Detail.EXEMPT),
        ("Information not held.", Detail.NOT_HELD),
        ("We aim to respond within twenty working days.", Detail.HOLDING),
        ("Please clarify what you mean by surveillance.", Detail.CLARIFY),
    ],
)
def test_answer_details(text: str, detail: Detail) -> None:
    assert find_answer(text, [], "foi_response").detail is detail


def test_exemption_names_its_law() -> None:
    assert exemption_of("refused under section 12(1) of FOISA", "") == "FOISA s.12(1)"
    assert exemption_of("withheld, s31(1)(a)", "Anyborough Council") == "FOIA s.31(1)(a)"
    assert exemption_of("We have none.", "") is None


def test_question_and_answer_are_told_apart() -> None:
    text = "Do you use Hikvision?\nThe network is secure."
    segments = split(text, "foi_response")
    assert [s.asks for s in segments] == [True, False]
    found = assign_roles(text, [mention(text, "Hikvision")], "foi_response")
    assert [m.role for m in found] == [Role.OTHER]


def test_repair_keeps_every_place() -> None:
    text = "Tlie carneras were repla ced."
    mended = repair(text)
    assert len(mended) == len(text)
    assert mended.split() == ["The", "cameras", "were", "replaced", "."]


def test_kind_is_told_from_the_text() -> None:
    assert kind_of("Thank you for your request for information.") == "foi_response"
    assert kind_of("RESOLVED that the Committee approve the report.") == "committee_report"


@settings(max_examples=60, deadline=None)
@given(
    st.text(
        alphabet=st.sampled_from(list("Hikvision QA1.?:;,()£ \n-|no yes removed will be 47")),
        max_size=160,
    ),
    st.sampled_from(["foi_response", "committee_report", "notice", "spend", "other", ""]),
)
def test_any_text_is_read(tail: str, kind: str) -> None:
    text = f"Hikvision {tail}"
    reading = read_with(Passage(text=text, kind=kind), [mention(text, "Hikvision")])
    for item in (*reading.device_counts, *reading.money, *reading.dates, *reading.suppliers):
        assert 0 <= item.start < item.end <= len(text)
    assert len(reading.mentions) >= 1
