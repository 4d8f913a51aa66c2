"""Every ``cases/*.csv`` is read and compared with the ``.json`` beside it, in both modes."""

import json
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from nameplate.model.errors import InputError
from nameplate.model.purchase import Purchase
from nameplate.sources.api import Mode, Profile, ReadOptions, SetAside, SourceFile
from nameplate.sources.tables.reader import TableReader

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

from finder import WordFinder  # noqa: E402

CASES = sorted((HERE / "cases").glob("*.csv"))


def read(
    path: Path, *, name: str = "", options: ReadOptions | None = None
) -> tuple[Profile, list[Purchase], list[SetAside]]:
    profile = Profile()
    purchases: list[Purchase] = []
    aside: list[SetAside] = []
    source = SourceFile(name or path.name, path, path.stat().st_size, "0" * 64)
    for chunk in TableReader().read(source, WordFinder(), options or ReadOptions(), profile):
        purchases += chunk.purchases
        aside += chunk.set_aside
    return profile, purchases, aside


def shown(value: object, like: object) -> object:
    if isinstance(value, Decimal):
        assert value == Decimal(str(like))
        return like
    return value if value is None or isinstance(value, str | int | list | dict) else str(value)


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_case(path: Path) -> None:
    expected: dict[str, Any] = json.loads(path.with_suffix(".json").read_text("utf-8"))
    profile, purchases, aside = read(path)
    wanted = expected.pop("purchases")
    assert [p.locator for p in purchases] == [p["locator"] for p in wanted]
    for found, fields in zip(purchases, wanted, strict=True):
        for field, value in fields.items():
            assert shown(getattr(found, field), value) == value, field
    if "set_aside" in expected:
        assert [[s.locator, s.reason] for s in aside] == expected.pop("set_aside")
    for note in expected.pop("notes", []):
        assert note in profile.notes
    sums = {key: Decimal(value) for key, value in expected.pop("amount_sum").items()}
    assert profile.amount_sum == sums
    for field, value in expected.items():
        assert shown(getattr(profile, field), value) == value, field


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_quick_finds_the_same_purchases_and_computes_nothing(path: Path) -> None:
    _, full, _ = read(path)
    profile, quick, _ = read(path, options=ReadOptions(mode=Mode.QUICK))
    assert quick == full
    assert profile.computed is False
    assert (profile.first_date, profile.amount_sum, profile.amounts_unread) == (None, {}, 0)


def test_a_mapping_overrules(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("Supplier,Gross,Net,When\nCCTV Ltd,12,10,2020-01-02\nB,24,20,2020-01-03\n")
    assert read(path)[0].amount_sum == {"GBP payment gross": Decimal(36)}
    options = ReadOptions(mapping={"amount": "Net", "date": "When", "department": "Nowhere"})
    profile, purchases, _ = read(path, options=options)
    assert profile.amount_sum == {"GBP payment net": Decimal(30)}
    assert str(purchases[0].date) == "2020-01-02"
    assert "the mapping's department column 'Nowhere' is not in this file" in profile.notes


def test_the_body_comes_from_the_row_then_the_option_then_the_path(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("Council name,Supplier,Amount\nNorthmoor Council,CCTV Ltd,1\n,CCTV Ltd,2\n")
    told = ReadOptions(body="Eastmoor Council")
    name = "spend/Westmoor District Council.csv"
    _, (first, second), _ = read(path, name=name, options=told)
    assert (first.body, first.body_source) == ("Northmoor Council", "record")
    assert (second.body, second.body_source) == ("Eastmoor Council", "option")
    _, (_, second), _ = read(path, name=name)
    assert (second.body, second.body_source) == ("Westmoor District Council", "path")


def test_a_file_that_changes_while_read_is_reported(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("Supplier,Amount\n" + "CCTV Ltd,1\n" * 5000)
    source = SourceFile("t.csv", path, path.stat().st_size, "")
    chunks = TableReader().read(source, WordFinder(), ReadOptions(), Profile())
    next(chunks)
    with path.open("a") as stream:
        stream.write("more,2\n")
    with pytest.raises(InputError, match=r"t\.csv: the file changed while it was read; run again"):
        list(chunks)


def test_a_refusal_names_the_file(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("<html><body>sorry</body></html>")
    with pytest.raises(InputError, match=r"^spend/t\.csv: the file is named as a table"):
        read(path, name="spend/t.csv")
