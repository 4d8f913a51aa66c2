"""Every real spending file: counts and sums against an independent reading, columns against
hand-made maps.

The independent reading uses the csv module and rules of its own, and shares no code with what it
tests. It takes the amount's column by a name listed here for each folder.
"""

import csv
import io
import json
import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from pathlib import Path

import pytest

from nameplate.model.purchase import Purchase
from nameplate.sources.api import Mode, Profile, ReadOptions, SetAside, SourceFile
from nameplate.sources.tables import reader as module
from nameplate.sources.tables.reader import TableReader

pytestmark = pytest.mark.field

AMOUNTS = {
    "hyndburn": r"Net Amount.*", "devon": r"\s*Amount\s*", "leeds": r"\s*Net ?amount.*",
    "manchester": r"(Net )?Amount", "newcastle": r"Total.*", "darlington": r"Invoice Line Value.*",
    "salford": r"Gross", "tfl": r"Amount.*", "cabinetoffice": r"Amount.*", "networkrail": r"Spend",
    "lambeth": r"\s*(Total|Sum of Invoice Nett Amount|Invoice Nett Amount)\s*", "nhs": r"amount",
}  # fmt: skip
SUPPLIER = re.compile(r"\s*(supplier|vendor|name$).*", re.IGNORECASE)


class Words:
    """Hits in a few rows of every body: enough to compare purchases."""

    _text = re.compile("cctv|camera|security", re.IGNORECASE)
    _raw = re.compile(b"cctv|camera|security", re.IGNORECASE)

    def scan(self, block: bytes | memoryview) -> list[int]:
        return [match.start() for match in self._raw.finditer(block)]

    def matches(self, text: str) -> bool:
        return bool(self._text.search(text))

    def matches_cpv(self, codes: tuple[str, ...]) -> bool:
        return False


def files(shared: Path) -> Iterator[Path]:
    yield from sorted((shared / "data" / "spend").rglob("*.csv"))


def read(
    path: Path, shared: Path, mode: Mode = Mode.FULL
) -> tuple[Profile, list[Purchase], list[SetAside]]:
    profile = Profile()
    purchases: list[Purchase] = []
    aside: list[SetAside] = []
    source = SourceFile(str(path.relative_to(shared)), path, path.stat().st_size, "0" * 64)
    for chunk in TableReader().read(source, Words(), ReadOptions(mode=mode), profile):
        purchases += chunk.purchases
        aside += chunk.set_aside
    return profile, purchases, aside


def independent(path: Path) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """Header and filled rows below it, with their physical lines, by rules of this test's own."""
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("cp850" if b"\x9c" in raw else "cp1252", "replace")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    rows = csv.reader(io.StringIO(text))
    amount = re.compile(AMOUNTS[path.parts[path.parts.index("spend") + 1]], re.IGNORECASE)
    header: list[str] = []
    found: list[tuple[int, list[str]]] = []
    line = 1
    for row in rows:
        cells = [cell.strip() for cell in row]
        if not header:
            if any(map(SUPPLIER.fullmatch, cells)) and any(map(amount.fullmatch, cells)):
                header = cells
        elif any(cells) and cells != header:
            found.append((line, cells))
        line = rows.line_num + 1
    return header, found


def money(text: str) -> Decimal | None:
    negative = text.startswith("(") or text.startswith("-") or text.endswith("-")
    try:
        value = Decimal(re.sub(r"[^0-9.Ee+]", "", text) if text != "-" else "0")
    except InvalidOperation:
        return None
    value = round(value, 4)  # What the schema keeps: some files publish 23.090000000000003.
    return -value if negative else value


def test_counts_and_sums_equal_an_independent_reading(shared: Path) -> None:
    checked = with_amount = unread_amounts = with_date = unread_dates = 0
    for path in files(shared):
        profile, _, aside = read(path, shared)
        header, rows = independent(path)
        assert profile.records_read + profile.records_set_aside == len(rows), path
        folder = path.parts[path.parts.index("spend") + 1]
        at = next(i for i, c in enumerate(header) if re.fullmatch(AMOUNTS[folder], c, re.I))
        skipped = {int(entry.locator.removeprefix("line:")) for entry in aside}
        mended = any("lack the delimiter" in note for note in profile.notes)
        cells = [row[at] for line, row in rows if line not in skipped and at < len(row) and row[at]]
        values = [money(cell) for cell in cells if re.search(r"\d", cell) or cell.strip() == "-"]
        if not mended:  # There the columns have slipped, and this simple reading cannot sum them.
            assert sum(profile.amount_sum.values()) == sum(v for v in values if v is not None), path
        checked += 1
        with_amount += len(cells)
        unread_amounts += profile.amounts_unread
        with_date += profile.records_read if "date" in profile.columns else 0
        unread_dates += profile.dates_unread
    assert checked >= 200
    print(f"{checked} files, {with_amount} amounts, {unread_amounts} unread,", end=" ")
    print(f"{with_date} dates, {unread_dates} unread")
    assert unread_amounts <= 0.001 * with_amount
    assert unread_dates <= 0.001 * with_date


STANDARD = {
    "Amount": "amount",
    "Beneficiary Name": "supplier",
    "Organisation Label": "body",
    "Organisational Unit": "department",
    "Payment Date": "date",
}


def plain(header: str) -> str:
    return re.sub(r"[^a-z]", "", header.lower())


def test_columns_agree_with_hand_made_maps(shared: Path) -> None:
    agreed, differing = 0, []
    for index in sorted((shared / "data" / "spend").rglob("index.json")):
        told = json.loads(index.read_text("utf-8"))["columns"]["map"]
        for path in sorted(index.parent.glob("*.csv")):
            profile, _, _ = read(path, shared)
            header, _ = independent(path)
            there = {plain(cell) for cell in header if cell}
            for name, headers in told.items():
                wanted = {plain(text) for text in headers} & there
                if not wanted:
                    continue
                found = plain(profile.columns.get(STANDARD[name], ""))
                if found in wanted:
                    agreed += 1
                else:
                    differing.append((path.name, name, wanted, found))
    total = agreed + len(differing)
    print(f"{agreed} of {total} columns agree; differing: {differing}")
    assert total >= 250
    assert differing == []


def test_fast_careful_and_quick_find_the_same(
    shared: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hits = 0
    for path in files(shared):
        fast = read(path, shared)
        quick = read(path, shared, Mode.QUICK)
        with monkeypatch.context() as patch:
            patch.setattr(module, "can_block", lambda _table: False)
            careful = read(path, shared)
        assert repr(fast[0]) == repr(careful[0]), path
        assert fast[1:] == careful[1:], path
        assert quick[1] == careful[1], path
        counted = careful[0].records_read + careful[0].records_set_aside
        assert abs(quick[0].records_read - counted) <= 0.001 * counted + 2, path
        hits += len(fast[1])
    assert hits > 1000


def test_the_workbook_too(shared: Path) -> None:
    path = shared / "data" / "spend" / "babergh" / "Babergh District Council.xlsx"
    profile, purchases, _ = read(path, shared)
    assert profile.records_read + profile.records_set_aside == 19_769
    assert profile.columns["body"] == "Council name"
    assert profile.amounts_unread == profile.dates_unread == 0
    assert all(purchase.body == "Babergh District Council" for purchase in purchases)
