"""1,000,000 inventory rows identified and matched against known vulnerabilities, on one core.

The floor it is compared with is a plain join of the same file with the OUI table: read each row
with the csv module and look its address block up in a dictionary. Rows are constructed: a few
hundred models and versions as an estate repeats them, every address and serial number different.

    python benchmarks/bench_estate.py [ROWS]
"""

from __future__ import annotations

import csv
import os
import random
import resource
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

MAKES = [
    ("Hikvision", "4419B6", ["DS-2CD2{}42FWD-I", "DS-2CD2{}43G0-I", "DS-7{}08NI-K2"],
     ["V5.4.{} build 16{:02}01", "V5.5.{} build 18{:02}15"]),
    ("", "14A78B", ["IPC-HFW3{}41E-SA", "IPC-HDBW2{}31E", "DHI-NVR42{}6-4KS2"],
     ["2.800.0000000.{}.R.21{:02}01", "4.001.0000005.{}.R.21{:02}09"]),
    ("Axis", "ACCC8E", ["P13{}5", "P3{}18-PVE", "Q60{}5-E"], ["{}.80.{}", "11.{}.{}"]),
    ("Uniview", "E4F14C", ["IPC32{}2LB-SF28-A"], ["NVR-B3801.{}.17.24{:02}07"]),
    ("", "0A1234", ["Cam {}"], [""]),
    ("Honeywell", "AABBCC", ["H4W{}PRV2"], ["1.{}.{}"]),
]  # fmt: skip


def write_rows(path: Path, rows: int) -> None:
    """A register of ``rows`` devices, the same at every run."""
    from nameplate.estate.mac import shown

    chance = random.Random(7)
    with path.open("w", newline="") as stream:
        out = csv.writer(stream)
        out.writerow(["Site", "Make", "Model", "MAC Address", "IP", "Serial No", "Firmware"])
        for number in range(rows):
            make, oui, models, versions = chance.choice(MAKES)
            model = chance.choice(models).format(chance.randrange(1, 10))
            version = chance.choice(versions).format(
                chance.randrange(1, 10), chance.randrange(1, 13)
            )
            mac = f"{oui}{number & 0xFFFFFF:06X}"
            address = f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
            out.writerow(
                [f"Site {number % 500}", make, model, shown(mac),
                 address, f"SN{number:09}", version]
            )  # fmt: skip


def floor(path: Path) -> int:
    """The plain join: rows whose address block is in the table."""
    from nameplate.estate.mac import registrant

    registrant("4419b6000000")
    known = 0
    with path.open(newline="") as stream:
        rows = csv.reader(stream)
        next(rows)
        for row in rows:
            if registrant(row[3].replace(":", "").lower()):
                known += 1
    return known


def whole(path: Path) -> tuple[Counter[str], int]:
    """Identify and match every row, as ``estate identify`` and ``estate findings`` do."""
    from nameplate.estate.identify import firmware_of, identify, model_of
    from nameplate.estate.readers.open import sightings
    from nameplate.estate.vulns.library import bundled
    from nameplate.estate.vulns.match import Index, Subject
    from nameplate.estate.vulns.schema import Status

    index = Index(bundled())
    makers: Counter[str] = Counter()
    affected = 0
    for sighting in sightings([path], lambda *_: None):
        found = identify(sighting)
        makers[found.maker] += 1
        subject = Subject(
            maker=found.maker_key,
            model=model_of(sighting),
            firmware=firmware_of(sighting),
            brand=found.brand,
        )
        affected += any(f.status is Status.AFFECTED for f in index.match(subject))
    return makers, affected


def main() -> None:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "register.csv"
        write_rows(path, rows)
        size = path.stat().st_size
        start = time.process_time()
        known = floor(path)
        base = time.process_time() - start
        start = time.process_time()
        makers, affected = whole(path)
        took = time.process_time() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{rows:,} rows, {size / 1e6:.0f} MB, one core, processor seconds")
    print(f"plain join with the OUI table: {base:.1f} s ({known:,} blocks known)")
    print(f"identified and matched:        {took:.1f} s = {rows / took * 60:,.0f} rows a minute")
    print(f"ratio to the floor:            {took / base:.1f}")
    print(f"named: {rows - makers['unknown']:,}; affected: {affected:,}; peak {peak:.0f} MB")


if __name__ == "__main__":
    main()
