from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nameplate.tracing.extract.numbers import find_numbers, spelled_value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("one hundred and twelve", 112),
        ("nine hundred and four", 904),
        ("fifty-two", 52),
        ("two thousand three hundred", 2300),
        ("a dozen", 12),
        ("half a dozen", 6),
        ("a pair", 2),
        ("camera", None),
    ],
)
def test_spelled(text: str, value: int | None) -> None:
    assert spelled_value(text) == value


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("1,150 cameras", [1150]),
        ("Redvision (x26)", [26]),
        ("12nr and c35", [12, 35]),
        ("£1,150 and 14%", []),
        ("seventy-odd cameras", [70]),
    ],
)
def test_found(text: str, values: list[int]) -> None:
    assert [n.value for n in find_numbers(text)] == values


def test_letters_are_digits_only_in_scans() -> None:
    assert [n.value for n in find_numbers("cameras (l8)", scanned=True)] == [18]
    assert [n.value for n in find_numbers("cameras (l8)")] == []


@given(st.text(max_size=200))
def test_never_fails_and_stays_inside(text: str) -> None:
    for number in find_numbers(text, scanned=True):
        assert 0 <= number.start <= number.core[0] < number.core[1] <= number.end <= len(text)
