"""What Nameplate is measured against, each as a process of its own: ``peers.py WHAT PATH [N]``."""

from __future__ import annotations

import itertools
import multiprocessing
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

WORDS = ("cctv", "surveillance", "hikvision", "dahua", "anpr")


def _cut(path: Path, parts: int) -> list[tuple[int, int]]:
    size = path.stat().st_size
    with path.open("rb") as stream:
        ends = []
        for number in range(1, parts):
            stream.seek(size * number // parts)
            stream.readline()
            ends.append(stream.tell())
    edges = [0, *ends, size]
    return list(itertools.pairwise(edges))


def decode(job: tuple[str, int, int]) -> int:
    import orjson

    path, start, end = job
    count = 0
    with Path(path).open("rb") as stream:
        stream.seek(start)
        while stream.tell() < end:
            for line in stream.readlines(1 << 22):
                orjson.loads(line)
                count += 1
                start += len(line)
                if start >= end:
                    return count
    return count


def sums(job: tuple[str, int, int]) -> tuple[int, dict[str, Decimal], str, str]:
    """Decode every line and make the sums of coverage: count, amounts, first and last date."""
    import orjson

    path, start, end = job
    count, totals, first, last = 0, {}, "9999", ""
    with Path(path).open("rb") as stream:
        stream.seek(start)
        for line in stream:
            if start >= end:
                break
            start += len(line)
            release = orjson.loads(line)
            count += 1
            date = release.get("date") or ""
            if date:
                first, last = min(first, date), max(last, date)
            for award in release.get("awards") or ():
                value = award.get("value") or {}
                if value.get("amount") is not None:
                    currency = value.get("currency", "")
                    amount = Decimal(str(value["amount"]))
                    totals[currency] = totals.get(currency, Decimal(0)) + amount
    return count, totals, first, last


def parallel(work: object, path: str, processes: int) -> None:
    jobs = [(path, start, end) for start, end in _cut(Path(path), processes)]
    if processes == 1:
        print(work(jobs[0]))  # type: ignore[operator]
        return
    with multiprocessing.get_context("fork").Pool(processes) as pool:
        print(pool.map(work, jobs))  # type: ignore[arg-type]


def polars(folder: str) -> None:
    """Read every file, sum its amounts and search all text for the words, one thread."""
    import polars as pl

    rows, total, hits = 0, 0.0, 0
    for path in sorted(Path(folder).rglob("*.csv")):
        frame = pl.read_csv(
            path,
            infer_schema=False,
            encoding="utf8-lossy",
            truncate_ragged_lines=True,
            quote_char='"',
        )
        rows += frame.height
        amount = next((name for name in frame.columns if "amount" in name.lower()), None)
        if amount:
            cleaned = frame[amount].str.replace_all("[£, ]", "").cast(pl.Float64, strict=False)
            total += cleaned.sum() or 0
        found = pl.any_horizontal(
            pl.col(pl.String)
            .str.to_lowercase()
            .str.contains_any(list(WORDS))
            .fill_null(value=False)
        )
        hits += frame.filter(found).height
    print(rows, total, hits)


def duckdb(folder: str) -> None:
    import duckdb as db

    connection = db.connect(config={"threads": 1})
    rows, total, hits = 0, 0.0, 0
    for path in sorted(Path(folder).rglob("*.csv")):
        for encoding in ("utf-8", "latin-1"):
            source = (
                f"read_csv('{path}', all_varchar=true, ignore_errors=true, null_padding=true, "
                f"encoding='{encoding}', strict_mode=false, parallel=false)"
            )
            try:
                row = _duckdb_file(connection, source)
                break
            except db.Error:
                row = (0, 0, 0)
        rows, total, hits = rows + row[0], total + float(row[1] or 0), hits + row[2]
    print(rows, total, hits)


def _duckdb_file(connection: Any, source: str) -> tuple[Any, ...]:
    like = " OR ".join(f"contains(lower(t::VARCHAR), '{word}')" for word in WORDS)
    described = connection.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()
    amount = next((row[0] for row in described if "amount" in row[0].lower()), None)
    cleaned = f"""try_cast(regexp_replace("{amount}", '[£, ]', '', 'g') AS DECIMAL(18,2))"""
    row: tuple[Any, ...] = connection.execute(
        f"SELECT count(*), sum({cleaned if amount else 0}), count(*) FILTER ({like}) "
        f"FROM {source} t"
    ).fetchone()
    return row


if __name__ == "__main__":
    what, where = sys.argv[1:3]
    if what == "polars":
        import os

        os.environ["POLARS_MAX_THREADS"] = "1"
        polars(where)
    elif what == "duckdb":
        duckdb(where)
    else:
        parallel({"orjson": decode, "sums": sums}[what], where, int(sys.argv[3]))
