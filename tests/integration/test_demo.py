"""The worked example: what it says, and what it must not say."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import msgspec
import pyarrow.parquet as pq
import pytest

from nameplate.model.statement import Asserter, Statement, statement_id

EXAMPLE = Path(__file__).parents[2] / "src/nameplate/examples/press_2021"
BODIES = {
    "Dudley Metropolitan Borough Council": ("450000", "DV Limited"),
    "North Warwickshire Borough Council": ("240000", "Synectics Security"),
    "Colchester Borough Council": ("143000", "not named"),
}


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str, dict[str, object]]:
    out = tmp_path_factory.mktemp("demo")
    command = [sys.executable, "-m", "nameplate.cli", "demo", "--out", str(out)]
    shown = subprocess.run(command, capture_output=True, text=True, check=True, timeout=100)
    report = subprocess.run(
        [*command, "--json"], capture_output=True, text=True, check=True, timeout=100
    )
    return out, shown.stdout, json.loads(report.stdout)


def test_confirmed_about_833_000_at_three_bodies_by_name(
    demo: tuple[Path, str, dict[str, object]],
) -> None:
    _, shown, report = demo
    (maker,) = report["makers"]  # type: ignore[misc]
    assert maker["maker"] == "Hikvision"
    assert set(maker["bodies"]) == set(BODIES)
    assert maker["grades"] == {"stated": 3}
    (measure,) = maker["totals"]["by_measure"]
    assert Decimal(measure["confirmed"]) == Decimal(833000)
    assert (measure["currency"], measure["note"]) == ("GBP", "about")
    assert "about £833,000" in " ".join(shown.split())
    assert "1,000,000" not in shown
    assert "£1m" not in shown


def test_each_contract_is_told_apart_and_nothing_is_made_up(
    demo: tuple[Path, str, dict[str, object]],
) -> None:
    out, _, report = demo
    with (out / "attributions.csv").open(encoding="utf-8", newline="") as stream:
        rows = {row["body"]: row for row in csv.DictReader(stream)}
    assert set(rows) == set(BODIES)
    for body, (amount, supplier) in BODIES.items():
        row = rows[body]
        assert Decimal(row["amount"]) == Decimal(amount)
        assert row["supplier"] == supplier
        assert (row["grade"], row["amount_note"], row["date"]) == ("stated", "about", "")
        assert "reported by" in row["wording"]
        assert "The Sunday Telegraph" in row["wording"]
    for exposure in report["largest"]:  # type: ignore[attr-defined]
        then = exposure["listed_then"]
        assert then["answer"] == "not computable"
        assert "not given" in then["says"]


def test_the_listing_is_named_and_its_order_left_open(
    demo: tuple[Path, str, dict[str, object]],
) -> None:
    _, shown, _ = demo
    flat = " ".join(shown.split())
    assert "2019-10-09" in flat
    for body in BODIES:
        assert body in flat
    assert "came to light after the contract was signed" in flat


@pytest.mark.parametrize("table", ["attributions", "purchases", "mentions"])
def test_every_row_says_that_it_is_constructed(
    demo: tuple[Path, str, dict[str, object]], table: str
) -> None:
    out, shown, _ = demo
    rows = pq.read_table(out / f"{table}.parquet").to_pylist()
    assert all("Constructed from a press report" in row["constructed"] for row in rows)
    assert table == "mentions" or len(rows) == 3
    assert "Constructed from a press report" in " ".join(shown.split())


def test_the_records_are_under_the_unregistered_prefix_without_dates() -> None:
    package = json.loads((EXAMPLE / "records.json").read_text(encoding="utf-8"))
    for record in package["records"]:
        release = record["compiledRelease"]
        assert record["ocid"].startswith("ocds-000000")
        assert "date" not in release
        assert all("date" not in award for award in release["awards"])
        assert all(award["value"]["note"] == "about" for award in release["awards"])
        assert "hikvision" not in json.dumps(release).lower()


def test_statements_are_whole_and_say_who_speaks() -> None:
    lines = (EXAMPLE / "statements.jsonl").read_bytes().splitlines()
    statements = [msgspec.json.decode(line, type=Statement) for line in lines]
    for statement in statements:
        assert statement_id(statement) == statement.statement_id
        assert statement.via == "The Sunday Telegraph"
        assert statement.constructed
    makers = [s for s in statements if s.predicate == "equipment_maker"]
    assert len(makers) == 3
    assert {s.asserter for s in makers} == {Asserter.NEWSPAPER}
    (position,) = [s for s in statements if s.asserter is Asserter.BODY]
    assert position.asserted_by == "Colchester Borough Council"
