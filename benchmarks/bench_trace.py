"""Nameplate's whole trace beside ripgrep, orjson, Polars and DuckDB, in one run, on the same files.

Usage: python benchmarks/bench_trace.py [--mb 400] [--runs 2] [--keep FOLDER]

Each figure is the best of ``--runs`` whole processes, start-up, hashing and writing included.
Nameplate's peers do less: they neither hash, nor judge, nor write evidence.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from corpus import devon, ocds_lines

BIN = Path(sys.executable).parent
PEER = Path(__file__).parent / "peers.py"


def timed(command: list[str], runs: int, out: Path | None = None) -> tuple[float, float]:
    """Best wall time in seconds and highest peak memory (MiB, largest process) of ``runs``."""
    best, peak = float("inf"), 0.0
    for _ in range(runs):
        if out is not None:
            shutil.rmtree(out, ignore_errors=True)
        start = time.perf_counter()
        pid = os.posix_spawnp(
            command[0],
            command,
            os.environ,
            file_actions=[(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)],
        )
        _, status, usage = os.wait4(pid, 0)
        best = min(best, time.perf_counter() - start)
        peak = max(peak, usage.ru_maxrss / 1024)
        code = os.waitstatus_to_exitcode(status)
        if code not in (0, 1):
            raise SystemExit(f"{command[0]} ended with {code}")
    return best, peak


def literals(path: Path) -> Path:
    """Write what the byte scan looks for as plain words, one a line: what ripgrep is given."""
    from nameplate.catalogue.store import load
    from nameplate.tracing.lexicon import TRADE_KINDS

    catalogue = load()
    found = {name.text.lower() for name in catalogue.names if len(name.text) > 3}
    terms = [term for term in catalogue.terms if term.kind in TRADE_KINDS]
    found |= {literal for term in terms for literal in term.literals if len(literal) > 3}
    found |= {code.prefix for code in catalogue.cpv if code.sure}
    path.write_text("\n".join(sorted(found)) + "\n", encoding="utf-8")
    return path


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mb", type=int, default=400, help="size of the OCDS file, 10**6 bytes")
    parser.add_argument("--runs", type=int, default=2)
    parser.add_argument("--keep", type=Path, help="keep the generated files in this folder")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        bench(options.keep or Path(scratch), options.mb, options.runs)


def bench(folder: Path, mb: int, runs: int) -> None:
    size = mb * 1_000_000
    lines = ocds_lines(folder / f"ocds-{mb}.jsonl", size)
    words = literals(folder / "literals.txt")
    count = words.read_text(encoding="utf-8").count("\n")
    out = folder / "out"
    trace = [str(BIN / "nameplate"), "trace", str(lines), "--out", str(out), "--json"]
    peer = [sys.executable, str(PEER)]
    print(f"{lines.stat().st_size / 1e6:.0f} MB of OCDS lines, {count} literals, best of {runs}")
    rg, _ = timed(["rg", "-j1", "-i", "-F", "-c", "-f", str(words), "--no-mmap", str(lines)], runs)
    rg_mmap, _ = timed(
        ["rg", "-j1", "-i", "-F", "-c", "-f", str(words), "--mmap", str(lines)], runs
    )
    rg = min(rg, rg_mmap)
    orjson1, _ = timed([*peer, "orjson", str(lines), "1"], runs)
    orjson2, _ = timed([*peer, "orjson", str(lines), "2"], runs)
    sums, _ = timed([*peer, "sums", str(lines), "1"], runs)
    quick, quick_rss = timed([*trace, "--quick", "--workers", "1"], runs, out)
    quick2, _ = timed([*trace, "--quick", "--workers", "2"], runs, out)
    full, full_rss = timed([*trace, "--workers", "1"], runs, out)
    full2, _ = timed([*trace, "--workers", "2"], runs, out)
    found = json.loads((out / "run.json").read_text())["counts"]
    print(f"  records {found['records_read']:,}, purchases {found['purchases']:,}")
    line("ripgrep, same literals, one thread", rg)
    line("orjson, decode every line", orjson1)
    line("orjson, decode every line, two processes", orjson2)
    line("orjson, decode and make the same sums", sums)
    line("nameplate --quick, 1 worker", quick, f"{rg / quick:.2f} x ripgrep (aim >= 1.0)")
    line("", quick, f"{orjson1 / quick:.2f} x orjson (aim >= 3)")
    line("nameplate full, 1 worker", full, f"{full / sums:.2f} of orjson with sums (aim <= 1.0)")
    gain = orjson1 / orjson2
    for name, one, two in (("--quick", quick, quick2), ("full", full, full2)):
        line(
            f"nameplate {name}, 2 workers",
            two,
            f"gains {one / two:.2f}; plain decoding gains {gain:.2f}: "
            f"{one / two / gain:.2f} (aim >= 0.95)",
        )
    print(
        f"  peak memory of a process: quick {quick_rss:.0f} MiB, full {full_rss:.0f} MiB (aim 400)"
    )
    tables(folder, runs)


def tables(folder: Path, runs: int) -> None:
    spending = devon(folder / "devon")
    out = folder / "out-devon"
    trace = [str(BIN / "nameplate"), "trace", str(spending), "--out", str(out), "--json"]
    peer = [sys.executable, str(PEER)]
    print("1.5 million rows in 183 spending files")
    polars, _ = timed([*peer, "polars", str(spending)], runs)
    duck, _ = timed([*peer, "duckdb", str(spending)], runs)
    full, rss = timed([*trace, "--workers", "1"], runs, out)
    full2, _ = timed(trace, runs, out)
    quick, _ = timed([*trace, "--quick", "--workers", "1"], runs, out)
    found = json.loads((out / "run.json").read_text())["counts"]
    print(f"  records {found['records_read']:,}, purchases {found['purchases']:,}")
    line("Polars, read, sum, plain substring search", polars)
    line("DuckDB, the same", duck)
    line("nameplate full, 1 worker", full, f"{full / polars:.2f} x Polars' time (aim <= 2)")
    line("nameplate full, all workers", full2, f"{full2 / polars:.2f} x Polars' time")
    line("nameplate --quick, 1 worker", quick, f"{quick / polars:.2f} x Polars' time")
    print(f"  peak memory of a process: {rss:.0f} MiB (aim 400)")


def line(name: str, seconds: float, says: str = "") -> None:
    print(f"  {name:44} {seconds:7.2f} s   {says}" if name else f"  {'':44} {'':7}     {says}")


if __name__ == "__main__":
    if shutil.which("rg") is None:
        raise SystemExit("needs ripgrep: scripts/install-system-test-tools installs it")
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    subprocess.run([BIN / "nameplate", "--version"], check=True, stdout=subprocess.DEVNULL)
    main()
