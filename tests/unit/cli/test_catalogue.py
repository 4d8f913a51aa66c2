"""``nameplate catalogue`` reads well, and says what it does not know."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner, Result

from nameplate.cli.main import cli


def run(*args: str) -> Result:
    return CliRunner().invoke(cli, ["catalogue", *args])


def test_check_passes_and_counts() -> None:
    result = run("check")
    assert result.exit_code == 0
    assert "Whole: no fault found." in result.output


def test_check_json() -> None:
    told = json.loads(run("check", "--json").output)
    assert told["faults"] == []
    assert told["facts"]["makers"] >= 60


def test_show_before_any_listing() -> None:
    page = run("show", "Hikvision", "--as-of", "2019-06-01").output
    then, _, since = page.partition("Listed since then")
    assert "nothing found on the lists in the catalogue" in then
    assert "2019-10-09" in since
    assert "in public from 2018-08-13" in " ".join(page.split())
    assert "does not bind UK councils" in page
    assert max(len(line) for line in page.split("\nSources")[0].splitlines()) <= 100


def test_show_before_anything_was_public() -> None:
    page = run("show", "Hikvision", "--as-of", "2018-06-01").output
    assert "no listing in the catalogue was public by 2018-06-01" in page


def test_show_says_that_silence_is_no_clearance() -> None:
    page = run("show", "Axis Communications", "--as-of", "2026-01-01").output
    assert "Silence here clears nobody." in page


@pytest.mark.parametrize(
    "asked", ["海康威视", "HIK VISION", "hik-vision", "hikvision", "ＨＩＫＶＩＳＩＯＮ"]
)
def test_show_finds_a_maker_by_any_spelling(asked: str) -> None:
    told = json.loads(run("show", asked, "--json").output)
    assert told["subject"] == "hikvision"


def test_show_finds_a_maker_by_brand() -> None:
    told = json.loads(run("show", "EZVIZ", "--json").output)
    assert (told["subject"], told["brand_asked"]) == ("hikvision", "Hikvision (EZVIZ)")
    wrong = [line for line in told["rebrands"] if line["says"].endswith(": wrong")]
    assert len(wrong) == 1


def test_show_keeps_the_denied_person_apart_from_the_maker() -> None:
    denied = json.loads(run("show", "Dahua Electronics Corporation", "--json").output)
    maker = json.loads(run("show", "Dahua", "--json").output)
    assert [e["watchlist"] for e in denied["listings"]] == ["us-denied-persons"]
    assert "us-denied-persons" not in [e["watchlist"] for e in maker["listings"]]


def test_each_line_of_a_card_has_a_source() -> None:
    told = json.loads(run("show", "Dahua", "--json").output)
    kinds = ("names", "brands", "grammars", "rebrands", "distributors", "listings", "ownership")
    lines = [line for kind in kinds for line in told[kind]]
    assert lines
    assert all(line["sources"] and line["confidence"] != "lead" for line in lines)


def test_unknown_maker_is_one_sentence_with_a_hint() -> None:
    result = run("show", "Hikvisn")
    assert result.exit_code == 1
    assert "perhaps it is Hikvision" in str(result.exception)


def test_a_date_that_is_none_is_a_wrong_call() -> None:
    result = run("show", "Hikvision", "--as-of", "1 June")
    assert result.exit_code == 2
    assert "write YYYY-MM-DD" in result.output


def test_list_names_makers_and_their_lists() -> None:
    page = run("list").output
    assert "Axis Communications" in page
    rows = json.loads(run("list", "--json").output)
    lists = {row["key"]: row["lists"] for row in rows}
    assert "us-bis-entity" in lists["hikvision"]
    assert lists["axis"] == []
