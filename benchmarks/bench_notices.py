"""Reading and compiling OCDS lines, against orjson decoding every line and making the same sums.

    python benchmarks/bench_notices.py [MEGABYTES]

One process, one core; the file is hashed as it is read, and the finder is the product's own.
Best of three, each with a warm file cache. Peak memory is of a process that does nothing else.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from ocds_corpus import make

WORK = """
import sys, time, resource, hashlib, tempfile
from pathlib import Path
from nameplate.catalogue.store import load
from nameplate.tracing.finder import load_finder
from nameplate.sources.api import Mode, Profile, ReadOptions, SourceFile
from nameplate.sources.notices import JsonReader
from nameplate.sources.compile import compile_run
path, mode = Path(sys.argv[1]), Mode(sys.argv[2])
finder = load_finder(load())
finder.scan(b"warm")
best = 99.0
for _ in range(3):
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        profile, digest = Profile(), hashlib.sha256()
        source = SourceFile("a.jsonl", path, path.stat().st_size)
        options = ReadOptions(mode=mode, spill=Path(folder), on_bytes=digest.update)
        for _ in JsonReader().read(source, finder, options, profile): pass
        read = time.perf_counter() - start
        made = compile_run([Path(folder)], {"a.jsonl": source}, finder, options)
        found = sum(len(chunk.purchases) for chunk in made)
        took = time.perf_counter() - start
        best = min(best, took)
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
print(best, read, found, profile.records_read, peak)
"""


def orjson_sums(path: Path) -> float:
    """Seconds orjson takes to decode every line and add up count, dates and amounts."""
    import orjson

    start = time.perf_counter()
    count = 0
    first, last = "9", ""
    sums = {"tender": 0.0, "award": 0.0, "contract": 0.0}
    with path.open("rb") as file:
        for line in file:
            release = orjson.loads(line)
            count += 1
            day = release.get("date") or ""
            first, last = min(first, day), max(last, day)
            if value := release.get("tender", {}).get("value"):
                sums["tender"] += value.get("amount") or 0
            for name in ("award", "contract"):
                for item in release.get(name + "s", ()):
                    if value := item.get("value"):
                        sums[name] += value.get("amount") or 0
    return time.perf_counter() - start


def main() -> None:
    """Print one line a mode: seconds, MB/s, the ratio to orjson, and peak memory."""
    megabytes = int(sys.argv[1]) if len(sys.argv) > 1 else 400
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "corpus.jsonl"
        try:
            make(path, megabytes)
        except FileNotFoundError:
            print("skipped: the real notices are not beside the checkout")
            return
        size = path.stat().st_size / 1e6
        hashlib.sha256(path.read_bytes()).hexdigest()
        peer = min(orjson_sums(path) for _ in range(3))
        print(f"{size:.0f} MB of OCDS lines; orjson, every line, same sums: {peer:.2f} s")
        for mode in ("full", "quick"):
            out = subprocess.run(
                [sys.executable, "-c", WORK, str(path), mode],
                capture_output=True,
                text=True,
                check=True,
            )
            took, read, found, count, peak = out.stdout.split()
            print(
                f"{mode:5}: {float(took):.2f} s ({size / float(took):.0f} MB/s; reading alone "
                f"{float(read):.2f} s), {float(took) / peer:.2f} x orjson's time; {count} records, "
                f"{found} purchases, peak {peak} MB"
            )


if __name__ == "__main__":
    main()
