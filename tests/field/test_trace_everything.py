"""All real spending files and notices in one trace: the same whatever the mode and the workers."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from pathlib import Path

import pytest

SAME = ("attributions.parquet", "attributions.csv", "mentions.parquet", "purchases.parquet")


def _trace(shared: Path, out: Path, *options: str) -> None:
    data = shared / "data"
    given = [str(data / "spend"), str(data / "notices")]
    command = [sys.executable, "-m", "nameplate.cli", "trace", *given, "--out", str(out), *options]
    done = subprocess.run(command, capture_output=True, text=True, timeout=290, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""


@pytest.fixture(scope="module")
def full(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("full")
    _trace(shared, out, "--workers", "1")
    return out


@pytest.mark.field
def test_two_workers_write_the_same_bytes(shared: Path, full: Path, tmp_path: Path) -> None:
    _trace(shared, tmp_path / "two", "--workers", "2")
    for path in sorted(full.iterdir()):
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes(), path.name


@pytest.mark.field
def test_quick_finds_the_same_attributions(shared: Path, full: Path, tmp_path: Path) -> None:
    _trace(shared, tmp_path / "quick", "--quick", "--workers", "2")
    for name in SAME:
        assert (full / name).read_bytes() == (tmp_path / "quick" / name).read_bytes(), name


@pytest.mark.field
def test_every_file_is_accounted_for(shared: Path, full: Path) -> None:
    with (full / "coverage.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    given = [
        path
        for folder in ("spend", "notices")
        for path in (shared / "data" / folder).rglob("*")
        if path.is_file() and not path.name.startswith(".")
    ]
    assert len(rows) == len(given)
    for row in rows:
        assert row["status"] in ("read", "read in part", "not read", "duplicate"), row
        assert row["status"] == "read" or row["reason"], row["source_file"]
    counts = json.loads((full / "run.json").read_text())["counts"]
    counted = [row for row in rows if row["status"] in ("read", "read in part")]
    assert counts["records_read"] == sum(int(row["records_read"]) for row in counted)
