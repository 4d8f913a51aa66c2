"""Makes the benchmark's corpus: OCDS lines of real text, repeated with ocids made unique.

    python benchmarks/ocds_corpus.py OUT.jsonl [MEGABYTES]

The text is that of the real Contracts Finder releases laid beside the checkout. Releases that
share an ocid in the original share one in every repetition, too.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

NOTICES = Path(__file__).resolve().parent.parent.parent / "shared" / "data" / "notices"


def make(out: Path, megabytes: int = 400) -> int:
    """Write at least ``megabytes`` of lines to ``out``; returns the number of lines.

    Raises FileNotFoundError where the real notices are not beside the checkout.
    """
    text = (NOTICES / "contracts_finder_ocds" / "EnglishData.jsonl").read_bytes()
    lines = [(line, json.loads(line)["ocid"].encode()) for line in text.splitlines() if line]
    written = count = cycle = 0
    with out.open("wb", buffering=1 << 20) as file:
        while written < megabytes * 1_000_000:
            for line, ocid in lines:
                prefix, _, tail = ocid.rpartition(b"-")
                made = line.replace(ocid, b"%s-%012x" % (prefix, (int(tail, 16) + cycle) % 2**48))
                written += file.write(made + b"\n")
                count += 1
            cycle += 1
    return count


if __name__ == "__main__":
    size = int(sys.argv[2]) if len(sys.argv) > 2 else 400
    print(f"{make(Path(sys.argv[1]), size):,} lines")
