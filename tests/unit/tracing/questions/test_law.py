from __future__ import annotations

import datetime

import pytest

from nameplate.model.errors import UsageError
from nameplate.tracing.questions.law import (
    Regime,
    add_working_days,
    deadline,
    estimate,
    is_working,
    largest_bundle,
    law_for,
    working_days_between,
)

DAY = datetime.date
COUNCIL = law_for("Thurrock Council", "England")
SCOTTISH = law_for("Falkirk Council", "Scotland")


@pytest.mark.parametrize(
    ("body", "nation", "regime", "limit"),
    [
        ("Thurrock Council", "England", Regime.FOIA, 450),
        ("Falkirk Council", "", Regime.FOISA, 600),
        ("Powys County Council", "Wales", Regime.FOIA, 450),
        ("Belfast City Council", "Northern Ireland", Regime.FOIA, 450),
        ("Department for Work and Pensions", "", Regime.FOIA, 600),
        ("British Transport Police", "Scotland", Regime.FOIA, 450),
    ],
)
def test_law(body: str, nation: str, regime: Regime, limit: int) -> None:
    law = law_for(body, nation)
    assert (law.regime, law.limit) == (regime, limit)


def test_limits_in_hours() -> None:
    assert COUNCIL.hours == 18
    assert law_for("Home Office").hours == 24
    assert SCOTTISH.hours == 40


def test_foia_takes_a_bank_holiday_of_any_part_of_the_kingdom() -> None:
    st_andrews, st_patricks, january_2 = DAY(2023, 11, 30), DAY(2023, 3, 17), DAY(2024, 1, 2)
    for day in (st_andrews, st_patricks, january_2):
        assert not is_working(day, COUNCIL)
    assert is_working(st_patricks, SCOTTISH)
    assert not is_working(january_2, SCOTTISH)
    assert is_working(DAY(2024, 4, 1), SCOTTISH)
    assert not is_working(DAY(2024, 4, 1), COUNCIL)


def test_twenty_working_days() -> None:
    assert deadline(DAY(2024, 4, 29), COUNCIL) == DAY(2024, 5, 29)
    assert deadline(DAY(2023, 12, 18), COUNCIL) == DAY(2024, 1, 19)
    assert working_days_between(DAY(2024, 4, 29), DAY(2024, 5, 29), COUNCIL) == 20


def test_public_interest_extension_is_foia_only() -> None:
    assert deadline(DAY(2024, 4, 29), COUNCIL, extended=True) == add_working_days(
        DAY(2024, 4, 29), 40, COUNCIL
    )
    with pytest.raises(UsageError, match="no extension"):
        deadline(DAY(2024, 4, 29), SCOTTISH, extended=True)


def test_a_school_counts_school_days_but_never_beyond_sixty_working_days() -> None:
    school = law_for("Hillside Primary School", "England")
    assert school.school
    received = DAY(2024, 7, 15)
    summer = ((DAY(2024, 7, 22), DAY(2024, 9, 2)),)
    longest = add_working_days(received, 60, school)
    assert deadline(received, school) == longest
    assert add_working_days(received, 20, school) < deadline(received, school, closures=summer)
    assert deadline(received, school, closures=summer) == DAY(2024, 9, 24)


def test_estimate_and_bundle_agree_with_the_limit() -> None:
    most = largest_bundle(COUNCIL)
    assert estimate(most, COUNCIL).within
    assert not estimate(most + 1, COUNCIL).within
    assert largest_bundle(COUNCIL, recent=10) < most
    assert estimate(3, COUNCIL, recent=4).hours > estimate(3, COUNCIL).hours
