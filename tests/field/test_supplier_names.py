"""The matcher on real suppliers' names, labelled by hand (``labels/supplier_pairs.csv``)."""

from __future__ import annotations

import csv
import hashlib
import html
from pathlib import Path

import pytest

from nameplate.names.score import THRESHOLD, score

pytestmark = pytest.mark.field
LABELS = Path(__file__).parent / "labels" / "supplier_pairs.csv"


def test_real_pairs_are_told_apart(shared: Path) -> None:
    """A floor, not the measure: the weights saw these pairs; bench_match cross-validates."""
    names = {}
    table = shared / "data" / "notices" / "contracts_finder_flattened" / "suppliers.csv"
    with table.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            name = html.unescape(row["name"]).strip()
            names[hashlib.sha256(name.encode()).hexdigest()[:16]] = name
    true = wrong = pairs = 0
    with LABELS.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            if row["label"] == "unsure":
                continue
            pairs += 1
            scored = score(names[row["name1_sha256"]], names[row["name2_sha256"]])
            same = row["label"] == "same"
            true += same and scored.score >= THRESHOLD
            wrong += same != (scored.score >= THRESHOLD)
    assert pairs == 194
    assert 2 * true / (2 * true + wrong) > 0.9


def test_ties_are_rare(shared: Path) -> None:
    """Scores do not saturate: ties among different pairs are rare."""
    table = shared / "data" / "names" / "name_pairs_part.csv"
    with table.open(encoding="utf-8", newline="") as stream:
        rows = {(row["schema"], row["name1"], row["name2"]) for row in csv.DictReader(stream)}
    scores = {round(score(one, two, schema).score, 6) for schema, one, two in rows}
    assert len(scores) > 0.93 * len(rows)
    assert max(scores) < 1.0
