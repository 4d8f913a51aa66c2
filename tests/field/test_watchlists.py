"""All rows of the real lists import, are counted, and nothing is dropped in silence."""

from __future__ import annotations

import csv
from pathlib import Path

import msgspec
import pytest

from nameplate.catalogue.watchlists.days import iso
from nameplate.catalogue.watchlists.snapshots import Store

pytestmark = pytest.mark.field

LISTS = [
    ("us-dod-1260h", "us_dod_chinese_milcorps.csv", ",", True),
    ("us-889", "us_section_889.csv", ",", True),
    ("us-fcc-covered", "us_fcc_covered_list.csv", ",", True),
    ("us-denied-persons", "us_gov/dpl.txt", "\t", True),
    ("us-csl", "us_gov/csl.csv", ",", True),
    ("us-ofac-consolidated", "us_gov/cons_prim.csv", ",", False),
]


def independent_count(path: Path, delimiter: str, *, header: bool) -> int:
    with path.open(newline="", encoding="utf-8") as stream:
        rows = [row for row in csv.reader(stream, delimiter=delimiter) if row and row != ["\x1a"]]
    return len(rows) - header


@pytest.mark.parametrize(("key", "name", "delimiter", "header"), LISTS)
def test_every_row_is_read_or_set_aside(
    shared: Path, tmp_path: Path, key: str, name: str, delimiter: str, header: bool
) -> None:
    path = shared / "data" / "watchlists" / name
    due = independent_count(path, delimiter, header=header)
    store = Store(tmp_path)
    done = store.bring_in(key, path, received="2026-11-23")
    snapshot = done.snapshot
    assert (snapshot.rows, snapshot.entries + snapshot.set_aside) == (due, due)
    assert snapshot.set_aside == 0
    entries = list(store.entries(snapshot))
    assert len({entry.entry_id for entry in entries}) == due
    assert not store.bring_in(key, path, received="2026-11-24").is_new


@pytest.mark.parametrize(("key", "name", "delimiter", "header"), LISTS)
def test_every_cell_is_kept_or_reported(
    shared: Path, tmp_path: Path, key: str, name: str, delimiter: str, header: bool
) -> None:
    """Each word of each original row stands somewhere in its entry."""
    path = shared / "data" / "watchlists" / name
    store = Store(tmp_path)
    snapshot = store.bring_in(key, path, received="2026-11-23").snapshot
    if not header:
        assert all(field.startswith("remark: ") for field in snapshot.unknown)
        return
    assert snapshot.unknown == {}
    lost = []
    with path.open(newline="", encoding="utf-8") as stream:
        for row, entry in zip(
            csv.reader(stream, delimiter=delimiter), [None, *store.entries(snapshot)], strict=True
        ):
            if entry is None:
                continue
            kept = words(msgspec.json.encode(entry).decode())
            for cell in row:
                day = iso(cell, "mdy") or iso(cell)
                if day in kept if day else words(cell) in kept:
                    continue
                lost += [part for part in cell.split(";") if words(part) not in kept]
    if key == "us-fcc-covered":
        lost = [cell for cell in lost if "Updated:" not in cell]
    translated = {"Y", "Individual", "Entity", "Vessel", "Aircraft"}
    assert set(lost) <= translated


def words(text: str) -> str:
    """Text with no marks of JSON or spacing, dashes kept, for looking one up in the other."""
    return "".join(char for char in text.replace("\\", "") if char.isalnum() or char == "-")


def test_the_story_s_maker_on_the_real_lists(shared: Path, tmp_path: Path) -> None:
    store = Store(tmp_path)
    folder = shared / "data" / "watchlists"
    snapshot = store.bring_in(
        "us-dod-1260h", folder / "us_dod_chinese_milcorps.csv", received="2026-11-23"
    ).snapshot
    mine = [e for e in store.entries(snapshot) if e.name.startswith("Hangzhou Hikvision")]
    assert [e.valid_from for e in mine] == ["2021-06-03", "2025-01-07", "2026-06-08"]
    ofac = store.bring_in(
        "us-ofac-consolidated", folder / "us_gov" / "cons_prim.csv", received="2026-11-23"
    ).snapshot
    (one,) = [e for e in store.entries(ofac) if "HIKVISION" in e.name]
    assert (one.valid_from, one.announced, one.watchlist) == (
        "2021-08-02",
        "2021-06-03",
        "us-ns-cmic",
    )
    assert not [e for e in store.entries(ofac) if "DAHUA" in e.name.upper()]
