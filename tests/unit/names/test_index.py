from __future__ import annotations

from nameplate.catalogue.aliases import bundled_aliases
from nameplate.names.index import NameIndex

KNOWN = [
    ("a", "Zhejiang Dahua Technology Co., Ltd."),
    ("a", "Dahua"),
    ("b", "Hangzhou Hikvision Digital Technology Co., Ltd."),
    ("c", "Quetzal Lighthouse Security Limited"),
    ("d", "Secure Services Limited"),
]


def test_a_misspelt_reordered_name_is_found() -> None:
    index = NameIndex(KNOWN)
    assert [hit.key for hit in index.search("Lighthouse Quetzel Security Ltd")] == ["c"]


def test_one_hit_a_key_best_first() -> None:
    index = NameIndex(KNOWN)
    hits = index.search("Dahua", threshold=0.0)
    assert [hit.key for hit in hits].count("a") == 1
    assert hits[0].name == "Dahua"


def test_nothing_alike_finds_nothing() -> None:
    assert NameIndex(KNOWN).search("Borchester Drainage") == []
    assert NameIndex(KNOWN).search("") == []


def test_aliases_reach_where_letters_do_not() -> None:
    index = NameIndex(KNOWN, aliases=bundled_aliases())
    assert [hit.key for hit in index.search("Hikvision UK Limited")] == ["b"]


def test_the_look_alike_is_not_found() -> None:
    index = NameIndex(KNOWN, aliases=bundled_aliases())
    assert index.search("DAHUA ELECTRONICS CORPORATION") == []


def test_two_words_written_as_one_are_found_even_misspelt() -> None:
    index = NameIndex(KNOWN)
    assert [hit.key for hit in index.search("QuetzalLighthuose Security")] == ["c"]


def test_a_name_in_another_script_is_found_by_its_owner() -> None:
    index = NameIndex(KNOWN, aliases=bundled_aliases())
    assert [hit.key for hit in index.search("海康威视")] == ["b"]
