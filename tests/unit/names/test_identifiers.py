from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nameplate.names.identifiers import company_number, parse


@pytest.mark.parametrize(
    ("text", "scheme", "expected"),
    [
        ("02999285", "", "GB-COH-02999285"),
        ("2999285", "GB-COH", "GB-COH-02999285"),
        ("2999285.0", "COH", "GB-COH-02999285"),
        ("SC 12345", "GB-COH", "GB-COH-SC012345"),
        ("OC301540", "", "GB-COH-OC301540"),
        ("gb-coh-ni012345", "", "GB-COH-NI012345"),
        ("IP12345R", "GB-COH", "GB-COH-IP12345R"),
        ("5493001KJTIIGC8Y1R12", "", "LEI-5493001KJTIIGC8Y1R12"),
        ("GB 980 7806 84", "", "GB-VAT-980780684"),
        ("91330000733796106P", "", "USCC-91330000733796106P"),
        ("PABC-1234-WXYZ", "GB-PPON", "GB-PPON-PABC-1234-WXYZ"),
        ("GB-PPON-PABC-1234-WXYZ", "", "GB-PPON-PABC-1234-WXYZ"),
    ],
)
def test_forms(text: str, scheme: str, expected: str) -> None:
    assert str(parse(text, scheme)) == expected


@pytest.mark.parametrize(
    ("text", "scheme"),
    [
        ("2999285", ""),
        ("ZZ123456", "GB-COH"),
        ("00000000", "GB-COH"),
        ("GB 980 7806 85", ""),
        ("5493001KJTIIGC8Y1R13", ""),
        ("03604424", "LEI"),
        ("n/a", "GB-COH"),
        ("123456789", "GB-COH"),
        ("", ""),
    ],
)
def test_what_is_no_identifier_is_none(text: str, scheme: str) -> None:
    assert parse(text, scheme) is None


@given(st.integers(1, 99_999_999))
def test_lost_zeros_come_back(number: int) -> None:
    assert company_number(str(number)) == f"{number:08d}"


@given(st.text(max_size=30), st.sampled_from(["", "GB-COH", "GB-VAT", "LEI", "XX-YYY"]))
def test_no_text_breaks_the_reader(text: str, scheme: str) -> None:
    found = parse(text, scheme)
    assert found is None or parse(found.id, found.scheme) == found
