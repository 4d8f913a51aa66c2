"""Real suppliers against real lists: nobody is called listed who is merely called alike."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from nameplate.catalogue.store import load
from nameplate.catalogue.watchlists.snapshots import Store
from nameplate.tracing.screening.asking import Asks
from nameplate.tracing.screening.finding import Asker
from nameplate.tracing.screening.known import Known
from nameplate.tracing.screening.record import Run

pytestmark = pytest.mark.field

LISTS = [
    ("us-dod-1260h", "us_dod_chinese_milcorps.csv"),
    ("us-889", "us_section_889.csv"),
    ("us-fcc-covered", "us_fcc_covered_list.csv"),
    ("us-denied-persons", "us_gov/dpl.txt"),
    ("us-csl", "us_gov/csl.csv"),
    ("us-ofac-consolidated", "us_gov/cons_prim.csv"),
]
PLANTED = [
    "HANGZHOU HIKVISION DIGITAL TECHNOLOGY CO LTD",
    "Hikvision",
    "Zhejiang Dahua Technology Co., Ltd.",
    "Dahua Technology Company",
    "HUAWEI TECHNOLOGIES CO. LTD",
    "海康威视",
]


def test_real_suppliers_and_planted_ones(shared: Path, tmp_path: Path) -> None:
    store = Store(tmp_path / "lists")
    for key, name in LISTS:
        store.bring_in(key, shared / "data" / "watchlists" / name, received="2026-11-23")
    names = set()
    path = shared / "data/notices/contracts_finder_flattened/suppliers.csv"
    with path.open(newline="", encoding="utf-8") as stream:
        for row in csv.DictReader(stream):
            name = (row.get("name") or list(row.values())[3] or "").strip()
            if name:
                names.add(name)
    file = tmp_path / "suppliers.csv"
    with file.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(["Supplier", "signed"])
        writer.writerows([name, "2026-01-01"] for name in [*sorted(names), *PLANTED])
    run = Run(Asks(file, as_of_column="signed"), Known(load(), store), asker=Asker())
    results = list(run.results())
    record = run.record()
    print(f"{len(names)} real names; then {record.listed_then}, now {record.listed_now}")
    planted = results[-len(PLANTED) :]
    assert [r.listed_now.value for r in planted] == ["listed"] * len(PLANTED)
    real = results[: -len(PLANTED)]
    assert [r.name for r in real if r.listed_now.value == "listed"] == []
    possible = [r.name for r in real if r.listed_now.value == "possible"]
    assert len(possible) <= 0.003 * len(names)
