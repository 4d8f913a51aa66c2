"""The fast paths find exactly what the careful path finds, on generated tables."""

import csv
import io
import multiprocessing
import os
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nameplate.model.purchase import Purchase
from nameplate.sources.api import Mode, Profile, ReadOptions, SetAside, SourceFile
from nameplate.sources.tables import reader as module
from nameplate.sources.tables.blocks import blocks
from nameplate.sources.tables.reader import TableReader
from nameplate.tabular import open_table

sys.path.insert(0, str(Path(__file__).parent))

from finder import WordFinder

Found = tuple[Profile, list[Purchase], list[SetAside]]


def read(path: Path, mode: Mode) -> Found:
    profile = Profile()
    purchases: list[Purchase] = []
    aside: list[SetAside] = []
    source = SourceFile(path.name, path, path.stat().st_size, "0" * 64)
    for chunk in TableReader().read(source, WordFinder(), ReadOptions(mode=mode), profile):
        purchases += chunk.purchases
        aside += chunk.set_aside
    return profile, purchases, aside


AMOUNTS = st.one_of(
    st.decimals(-(10**7), 10**7, places=2).map(str),
    st.decimals(-(10**7), 10**7, places=2).map(lambda value: f" {value:,.2f} "),
    st.sampled_from(
        ["", "-", "(35.00)", "£1,200", "1.234,56", "5.00-", "1E+3", "1.23456", "n/a", "1,2,3", " ",
         "12345678901234567890", "+5", "1,200 CR", "1.00005"]
    ),
)  # fmt: skip
DATES = st.one_of(
    st.dates().map(lambda day: day.strftime("%d/%m/%Y")),
    st.sampled_from(
        ["", "2020-01-02", "01-Feb-20", "Apr-17", "soon", "31/02/2020", "42830", "1/2/20", " "]
    ),
)
TEXTS = st.one_of(
    st.sampled_from(
        ["CCTV, new", "Hikvision", "Total", "Grand Total", "Paper", "", "Two\nlines CCTV",
         '12" pipe',
         "café camera", "£5 – off", "Total Gas Ltd"]
    ),
    st.text(alphabet='abc "\',é', max_size=8),
)  # fmt: skip
HEADER = ["Supplier Name", "Net Amount", "Payment Date", "Description", "Ref No", "Department"]


def compare(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fast = read(path, Mode.FULL)
    quick = read(path, Mode.QUICK)
    with monkeypatch.context() as patch:
        patch.setattr(module, "can_block", lambda _table: False)
        careful = read(path, Mode.FULL)
    assert fast[1] == careful[1]
    assert fast[2] == careful[2]
    assert repr(fast[0]) == repr(careful[0])
    assert quick[1] == careful[1]


@settings(
    max_examples=80,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    rows=st.lists(
        st.one_of(
            st.tuples(TEXTS, AMOUNTS, DATES, TEXTS, st.integers(0, 99).map(str), TEXTS),
            st.just(tuple(HEADER)),
            st.just(("", "", "", "", "", "")),
            st.just(("Total", "1,234.50", "", "", "", "")),
            st.just(("", "1,234.50", "", "", "", "")),
        ),
        min_size=1,
        max_size=30,
    ),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "cp1252", "utf-16"]),
    ending=st.sampled_from(["\r\n", "\n"]),
    width=st.sampled_from([6, 3, 2]),
    plain=st.booleans(),
)
def test_fast_quick_and_careful_agree(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    rows: list[tuple[str, ...]],
    encoding: str,
    ending: str,
    width: int,
    plain: bool,
) -> None:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator=ending)
    writer.writerow(HEADER[:width])
    for n in range(4):
        writer.writerow([f"Firm {n}", "10.00", "25/04/2020", "Paper", "1", "Place"][:width])
    for row in rows:
        cells = [cell.replace("\n", " ").replace('"', "") if plain else cell for cell in row]
        writer.writerow(cells[:width])
    path = tmp_path / "t.csv"
    path.write_bytes(out.getvalue().encode(encoding))
    compare(path, monkeypatch)


@pytest.mark.parametrize(
    "line",
    [
        b'A,"unclosed,1,x,y,z',
        b'A,5" pipe,1.00,x,y,z',
        b'"A"B,1.00,01/01/2020,x,y,z',
        b"A,1.00",
        b"A,1.00,01/01/2020,x,y,z,more,and more CCTV",
        b"A,1\0.00,01/01/2020,CCTV,y,z",
        b"A,1.00,01/01/2020,CCTV\xff\xfe,y,z",
        b"\x1a",
        b"A,1.00,01/01/2020,cr\rB,2.00,02/02/2020,CCTV,y,z",
    ],
)
def test_odd_lines_are_read_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: bytes
) -> None:
    good = b"Firm,10.00,25/04/2020,CCTV works,1,Place"
    path = tmp_path / "t.csv"
    path.write_bytes(b"\n".join([",".join(HEADER).encode(), *[good] * 5, line, *[good] * 5]))
    compare(path, monkeypatch)


@pytest.mark.parametrize("size", [7, 40, 1000])
def test_blocks_are_whole_lines_and_all_of_them(tmp_path: Path, size: int) -> None:
    path = tmp_path / "t.csv"
    lines = [f"row {n},é{n}" for n in range(50)]
    path.write_bytes("\r\n".join(lines).encode("cp1252"))
    table = open_table(path)
    found = list(blocks(table, 3, size=size))
    assert b"".join(block.data for block in found).decode() == "\r\n".join(lines[2:])
    assert sum(block.lines for block in found) == 48
    line = 3
    for block in found:
        assert block.first_line == line
        line += block.lines
    assert found[-1].done == path.stat().st_size


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
def test_a_forked_process_does_not_wait_for_threads_it_has_not(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("Supplier,Amount,Paid Date\n" + "CCTV Ltd,1.00,25/04/2020\n" * 300)
    before = read(path, Mode.FULL)
    with multiprocessing.get_context("fork").Pool(1) as pool:
        assert pool.apply_async(read, (path, Mode.FULL)).get(timeout=30) == before
