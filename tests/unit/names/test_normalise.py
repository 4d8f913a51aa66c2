from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nameplate.names.normalise import core, prepare, split_trading_names


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("J.P. Morgan & Co.", ("jp", "morgan", "company")),
        ("BP p.l.c.", ("bp",)),
        ("SA Recycling Ltd", ("sa", "recycling")),
        ("Limited", ("limited",)),
        ("Volkswagen Gesellschaft mit beschränkter Haftung", ("volkswagen",)),
        ('ООО "БАЙКАЛ"', ("baikal",)),
        ("浙江大华技术股份有限公司", ("zhejiang", "dahua", "technology")),
        ("Brigade Forty-Four", ("brigade", "44")),
        ("Fund II (U.K.) Limited", ("fund", "uk", "ii")),
    ],
)
def test_tokens(text: str, tokens: tuple[str, ...]) -> None:
    assert prepare(text).tokens == tokens


def test_legal_forms_and_order_do_not_change_the_core() -> None:
    assert core("Acme Security Systems Limited") == core("ACME SECURITY SYSTEM LTD.")


def test_trading_and_former_names_are_split_off() -> None:
    assert split_trading_names("Acme Ltd T/A Bolt") == ("Acme Ltd", (("trading", "Bolt"),))
    assert split_trading_names("Acme (formerly Bolt Ltd)") == ("Acme", (("former", "Bolt Ltd"),))
    assert split_trading_names("t/a Bolt") == ("t/a Bolt", ())


@given(st.text(max_size=60))
def test_every_text_has_a_form_and_no_text_breaks_it(text: str) -> None:
    prepared = prepare(text)
    assert prepared.joined == "".join(prepared.tokens)
    assert prepare(text.upper().upper()).text == text.upper()
