from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nameplate.tabular.amounts import currency_of, decimal_comma, parse_amount


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (" 2,947.86 ", "2947.86"),
        ("£1,200", "1200"),
        ("(35.00)", "-35.00"),
        ("£(1,035.00)", "-1035.00"),
        ("(£1,035.00)", "-1035.00"),
        ("1.234,56", "1234.56"),
        ("1 234,56", "1234.56"),
        ("1'234.56", "1234.56"),
        ("35.00-", "-35.00"),
        ("- 35.00", "-35.00"),
        ("\u221235.00", "-35.00"),
        ("£-35.00", "-35.00"),
        ("1,200.00 CR", "-1200.00"),
        ("1,200.00DR", "1200.00"),
        ("-", "0"),
        (" -   ", "0"),
        ("£ -", "0"),
        ("1.2E+05", "120000"),
        ("5.5E-03", "0.0055"),
        ("£0.5m", "500000"),
        ("12k", "12000"),
        ("1.5 million", "1500000"),
        ("12,34,567.89", "1234567.89"),
        ("1\u00a0000.00", "1000.00"),
        ("\ufffd1,200.00", "1200.00"),
        ("GBP 12.50", "12.50"),
        (".50", "0.50"),
        ("5.", "5"),
        ("582", "582"),
    ],
)
def test_reads_amounts_as_people_write_them(text: str, expected: str) -> None:
    assert parse_amount(text) == Decimal(expected)


@pytest.mark.parametrize(
    "text",
    ["", " ", "n/a", "REDACTED", "12/04/2017", "12 High Street", "1,2,3", "--5-", "(-5", "£"],
)
def test_what_is_no_amount_is_none(text: str) -> None:
    assert parse_amount(text) is None


def test_a_column_settles_its_decimal_mark() -> None:
    assert decimal_comma(["1.234,56", "12,50", "1.000"])
    assert not decimal_comma(["1,234.56", "12.50", "1,000"])
    assert parse_amount("1.000", comma=True) == 1000
    assert parse_amount("1.000") == 1
    assert parse_amount("1,000") == 1000
    assert parse_amount("12.50", comma=True) == Decimal("12.50")


def test_names_the_currency() -> None:
    assert currency_of("Net Amount(£)") == "GBP"
    assert currency_of("Amount EUR") == "EUR"
    assert currency_of("Amount") == ""


@given(
    st.decimals(min_value=-(10**12), max_value=10**12, places=2),
    st.sampled_from(["plain", "grouped", "brackets", "trailing", "comma", "pound", "cr"]),
)
def test_every_written_form_reads_back_exactly(value: Decimal, form: str) -> None:
    size = abs(value)
    minus = "-" if value < 0 else ""
    written = {
        "plain": f"{value:f}",
        "grouped": f"{minus}{size:,.2f}",
        "brackets": f"({size:,.2f})" if minus else f"{size:,.2f}",
        "trailing": f"{size:,.2f}{minus}",
        "comma": f"{value:,.2f}".translate(str.maketrans(",.", ".,")),
        "pound": f" {minus}£{size:,.2f} ",
        "cr": f"{size:,.2f} CR" if minus else f"{size:,.2f}",
    }[form]
    assert parse_amount(written, comma=form == "comma") == value
