from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nameplate.catalogue.aliases import bundled_aliases
from nameplate.names.score import THRESHOLD, score

SAME = [
    ("DV Limited", "D.V. LTD"),
    ("Weston Communications (Networks) Ltd t/a Weston Distribution", "Weston Distribution"),
    ("Hikvision UK Limited", "Hangzhou Hikvision Digital Technology Co., Ltd."),
    ("Hikvision UK Limited", "海康威视"),
    ("浙江大华技术股份有限公司", "Zhejiang Dahua Technology Co., Ltd."),
    ("HIK Vision", "Hikvision"),
    ("PricewaterhouseCoopers LLP", "Pricewaterhouse Coopers"),
    ("Smith &amp; Jones Ltd", "Smith and Jones Limited"),
]
DIFFERENT = [
    ("Hikvision UK Limited", "Dahua Technology UK Limited"),
    ("DAHUA ELECTRONICS CORPORATION", "Zhejiang Dahua Technology Co., Ltd."),
    ("Dahua Electronics Corp", "Dahua"),
    ("Capita Security Services UK Ltd", "Serco Security Services UK Ltd"),
    ("Bank of China (Hong Kong) Limited", "Bank of China (Australia) Limited"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_names_of_one_party_match(one: str, other: str) -> None:
    scored = score(one, other, aliases=bundled_aliases())
    assert scored.match, scored


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_names_of_two_parties_do_not(one: str, other: str) -> None:
    scored = score(one, other, aliases=bundled_aliases())
    assert not scored.match, scored


def test_a_rival_never_scores_above_the_true_parent() -> None:
    aliases = bundled_aliases()
    parent = score("Hikvision UK Limited", "Hangzhou Hikvision Digital Technology", aliases=aliases)
    rival = score("Hikvision UK Limited", "Dahua Technology UK Limited", aliases=aliases)
    assert parent.score > 0.9
    assert rival.score < 0.1


def test_persons_names_may_be_reordered_and_shortened() -> None:
    assert score("Frost, William W.", "William W Frost", "Person").match
    assert score("A. Khamenei", "Ali Khamenei", "Person").match
    assert not score("Ihab Makhlouf", "Rami Makhlouf", "Person").match


def test_a_vessels_prefix_says_nothing() -> None:
    assert score("MV Hellenic Spirit", "Hellenic Spirit", "Vessel").match


def test_scores_do_not_saturate() -> None:
    one = score("Acme Ltd", "Acme Limited").score
    more = score("Acme Quetzal Lighthouse Ltd", "Acme Quetzal Lighthouse Limited").score
    assert THRESHOLD < one < more < 1.0


names = st.text(min_size=1, max_size=40)


@given(names, names, st.sampled_from(["Company", "Person", "Vessel"]))
def test_any_two_texts_get_the_same_score_either_way(one: str, other: str, schema: str) -> None:
    there, back = score(one, other, schema), score(other, one, schema)
    assert 0.0 <= there.score <= 1.0
    assert there.score == pytest.approx(back.score)
