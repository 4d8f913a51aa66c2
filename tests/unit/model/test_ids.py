import re

from hypothesis import given
from hypothesis import strategies as st

from nameplate.model.ids import make_id


def test_an_id_is_its_prefix_and_26_base32_characters() -> None:
    assert re.fullmatch(r"p_[a-z2-7]{26}", make_id("p", "ocds", "ocds-1", "a"))


@given(st.lists(st.text(), min_size=1, max_size=4), st.lists(st.text(), min_size=1, max_size=4))
def test_different_keys_give_different_ids(left: list[str], right: list[str]) -> None:
    assert (make_id("p", *left) == make_id("p", *right)) == (left == right)


def test_none_is_not_the_empty_string() -> None:
    assert make_id("p", "x", None) != make_id("p", "x", "")
