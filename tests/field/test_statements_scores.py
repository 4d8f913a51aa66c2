"""Scores on the labelled passages laid beside the checkout, never under what the issue asks."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from types import ModuleType

import pytest

from nameplate.catalogue.store import load
from nameplate.tracing.extract.reading import Passage, as_line, read_passage

pytestmark = pytest.mark.field


@pytest.fixture(scope="module")
def scorer() -> ModuleType:
    path = Path(__file__).resolve().parents[2] / "benchmarks" / "score_statements.py"
    spec = importlib.util.spec_from_file_location("score_statements", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def results(shared: Path, scorer: ModuleType) -> list:
    catalogue = load()
    found = []
    for raw in (shared / "data/text/dev.jsonl").read_text(encoding="utf-8").splitlines():
        record = json.loads(raw)
        given = {key: record.get(key) for key in ("id", "kind", "title", "body", "text")}
        line = as_line(read_passage(Passage(**given), catalogue))
        for part in ("mentions", "device_counts", "money", "dates", "suppliers"):
            assert all(item["surface"] in record["text"] for item in line[part])
        found.append((record, *scorer.score(record, line)))
    return found


@pytest.mark.parametrize(
    ("measure", "least"),
    [("mention", 0.97), ("counts", 0.90), ("money", 0.90), ("suppliers", 0.90)],
)
def test_f1(results: list, scorer: ModuleType, measure: str, least: float) -> None:
    sums = [sum(r[1][measure][i] for r in results) for i in range(3)]
    assert scorer.f1(*sums) >= least


def test_roles(results: list, scorer: ModuleType) -> None:
    assert scorer.macro(results) >= 0.92


def test_kind_of_answer(results: list) -> None:
    assert sum(r[2] for r in results) / len(results) >= 0.95
