"""The byte scan against ripgrep and orjson: one file, one run, one core each.

``python benchmarks/bench_scan.py [MEGABYTES]``. The file is made of real releases laid beside the
checkout, repeated; without them the benchmark says so and stops. Times are of the processor, for
the machine may be shared; the best of three.
"""

from __future__ import annotations

import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import orjson

from nameplate.catalogue.store import load
from nameplate.tracing.finder import load_finder

SOURCE = Path(__file__).resolve().parents[2] / "shared/data/notices/contracts_finder_ocds"
BLOCK = 4 << 20


def cpu(children: bool = False) -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN if children else resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def best(work: Callable[[], object], *, children: bool = False) -> float:
    times = []
    for _ in range(3):
        start = cpu(children)
        work()
        times.append(cpu(children) - start)
    return min(times)


def main() -> None:
    megabytes = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    if not SOURCE.is_dir():
        print("bench_scan: needs the real releases beside the checkout; not run")
        return
    unit = (SOURCE / "EnglishData.jsonl").read_bytes()
    data = unit * (megabytes * 1_000_000 // len(unit) + 1)
    lines = data.splitlines()
    view = memoryview(data)
    finder = load_finder()
    hits = [0]

    def scan() -> None:
        # Blocks end at a line's end, as a reader cuts them.
        done = hits[0] = 0
        while done < len(data):
            end = data.rfind(b"\n", done, done + BLOCK) + 1 or len(data)
            hits[0] += len(finder.scan(view[done:end]))
            done = end

    literals = sorted(
        {n.text.lower() for n in load().names if n.text.isascii() and len(n.text) > 3}
        | {word for t in load().terms for word in t.literals if word.isascii() and len(word) > 3}
    )[:450]
    with tempfile.TemporaryDirectory() as folder:
        target, wanted = Path(folder) / "data.jsonl", Path(folder) / "literals"
        target.write_bytes(data)
        wanted.write_text("\n".join(literals))
        ours = best(scan)
        print(f"{len(data) / 1e6:.0f} MB, {len(literals)} literals for ripgrep")
        print(f"scan ({finder.engine_name}): {len(data) / ours / 1e6:.0f} MB/s, {hits[0]} hits")
        theirs = best(lambda: [orjson.loads(line) for line in lines])
        rate, ratio = len(data) / theirs / 1e6, theirs / ours
        print(f"orjson, every line: {rate:.0f} MB/s; scan is {ratio:.1f} x")
        if shutil.which("rg"):
            command = ["rg", "-c", "-i", "-F", "-j1", "-f", str(wanted), str(target)]
            peer = best(
                lambda: subprocess.run(command, check=False, capture_output=True), children=True
            )
            print(f"ripgrep: {len(data) / peer / 1e6:.0f} MB/s; scan is {peer / ours:.2f} x")
        else:
            print("ripgrep: not installed")


if __name__ == "__main__":
    main()
