"""Reading spending files: Nameplate against Polars and DuckDB making the same sums.

    python benchmarks/bench_tables.py [FOLDER or TAR.GZ]

Default: the 183 files of ../shared/data/scale/devon-183-csv.tar.gz (1.5 million rows, 261 MB),
unpacked to a temporary folder; where that is missing, a generated folder of the same shape. Each
contender is a process of its own, timed whole (start-up included), best of three, with its
processor time and its peak memory. All print rows, sum of amounts, first and last date. The peers
are told the column names and the form of the dates; Nameplate finds them, hashes each file and
looks for the catalogue's names besides.
"""

# ruff: noqa: E501
from __future__ import annotations

import os
import resource
import subprocess
import sys
import tarfile
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT.parent / "shared" / "data" / "scale" / "devon-183-csv.tar.gz"
RUNS = 3

POLARS = """
import sys, pathlib, polars as pl
rows, total, days = 0, 0, []
for path in sorted(pathlib.Path(sys.argv[1]).rglob("*.csv")):
    frame = pl.read_csv(path, infer_schema=False, encoding="utf8-lossy")
    frame = frame.rename({c: c.strip().lower() for c in frame.columns})
    text = pl.col("amount").str.strip_chars().str.replace_all(",", "", literal=True)
    day = pl.coalesce(
        pl.col("date").str.to_date("%d/%m/%Y", strict=False),
        pl.col("date").str.slice(0, 10).str.to_date("%Y-%m-%d", strict=False),
    )
    made = frame.select(
        n=pl.len(), s=text.cast(pl.Decimal(38, 4), strict=False).sum(), a=day.min(), b=day.max()
    ).row(0)
    rows, total = rows + made[0], total + made[1]
    days += [d for d in made[2:] if d]
print(rows, round(total, 2), min(days), max(days))
"""

DUCKDB = """
import sys, pathlib, duckdb
rows, total, days = 0, 0, []
for path in sorted(pathlib.Path(sys.argv[1]).rglob("*.csv")):
    n, s, a, b = duckdb.execute('''
        select count(*), sum(try_cast(replace(trim(columns('(?i)^ *amount *$')), ',', '') as decimal(38, 4))),
          min(coalesce(try_strptime("Date", '%d/%m/%Y'), try_strptime("Date"[1:10], '%Y-%m-%d'))),
          max(coalesce(try_strptime("Date", '%d/%m/%Y'), try_strptime("Date"[1:10], '%Y-%m-%d')))
        from read_csv(?, all_varchar=true, header=true, delim=',', quote='"', escape='"',
          encoding=?, strict_mode=false)''',
        [str(path), sys.argv[2] if len(sys.argv) > 2 else "utf-8"]).fetchone()
    rows, total = rows + n, total + (s or 0)
    days += [d.date() for d in (a, b) if d]
print(rows, round(total, 2), min(days), max(days))
"""

NAMEPLATE = """
import sys, pathlib, hashlib, decimal
from nameplate.sources.api import Mode, Profile, ReadOptions, SourceFile
from nameplate.sources.tables.reader import TableReader
from nameplate.tracing.finder import load_finder
finder, reader = load_finder(), TableReader()
rows, total, days, hits = 0, decimal.Decimal(0), [], 0
for path in sorted(pathlib.Path(sys.argv[1]).rglob("*.csv")):
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    profile = Profile()
    source = SourceFile(path.name, path, path.stat().st_size, digest)
    for chunk in reader.read(source, finder, ReadOptions(mode=Mode(MODE)), profile):
        hits += len(chunk.purchases)
    rows += profile.records_read
    total += sum(profile.amount_sum.values())
    days += [d for d in (profile.first_date, profile.last_date) if d]
print(rows, total, *((min(days), max(days)) if days else ()), "hits", hits)
"""


def timed(label: str, code: str, folder: Path) -> tuple[float, float, float]:
    """Best wall seconds, its processor seconds, and the peak memory in MB of one contender."""
    best, cpu, peak, said = 1e9, 0.0, 0.0, ""
    for _ in range(RUNS):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        start = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, "-c", code, str(folder)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert process.stdout is not None
        assert process.stderr is not None
        out, err = process.stdout.read(), process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        del before
        if status:
            print(f"{label:28} failed: {err.strip().splitlines()[-1] if err else status}")
            return float("nan"), 0.0, 0.0
        said = out.strip()
        peak = max(peak, usage.ru_maxrss / 1024)
        if wall < best:
            best, cpu = wall, usage.ru_utime + usage.ru_stime
    print(f"{label:28}{best:7.2f} s {cpu:7.2f} s cpu {peak:7.0f} MB   {said}")
    return best, cpu, peak


def generated(folder: Path, files: int = 60, rows: int = 8000) -> None:
    """Files of the same shape, with invented rows."""
    head = (
        "Body,Name of Body,Date,Transaction Number,Invoice Number,Amount,Supplier Name,Expense Area"
    )
    for number in range(files):
        lines = [
            f"18,Northmoor Council,{1 + n % 28:02}/{1 + number % 12:02}/{2011 + number // 12},T{n},I{n},"
            f'"{n % 4000 + 500:,}.{n % 100:02}","FIRM {n % 900}, LIMITED",{("PAPER", "CCTV")[n % 300 == 0]}'
            for n in range(rows)
        ]
        (folder / f"{number:03}.csv").write_text("\r\n".join([head, *lines, ""]))


def main() -> None:
    """Unpack, time the contenders, print the ratios."""
    given = Path(sys.argv[1]) if len(sys.argv) > 1 else DATA
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        if given.is_dir():
            folder = given
        elif given.is_file():
            with tarfile.open(given) as archive:
                archive.extractall(folder, filter="data")
        else:
            print(f"{given.name} is missing: a generated folder instead")
            generated(folder)
        size = sum(path.stat().st_size for path in folder.rglob("*.csv"))
        print(f"{size / 1e6:.0f} MB in {sum(1 for _ in folder.rglob('*.csv'))} files")
        polars = timed("Polars", POLARS, folder)
        duck = timed("DuckDB", DUCKDB, folder)
        full = timed("Nameplate, full", NAMEPLATE.replace("MODE", "'full'"), folder)
        quick = timed("Nameplate, quick", NAMEPLATE.replace("MODE", "'quick'"), folder)
        for name, mine in (("full", full), ("quick", quick)):
            print(
                f"{name}: {mine[0] / polars[0]:.2f} x the time of Polars,"
                f" {mine[0] / duck[0]:.2f} x of DuckDB; processor time"
                f" {mine[1] / polars[1]:.2f} x and {mine[1] / duck[1]:.2f} x"
            )


if __name__ == "__main__":
    main()
