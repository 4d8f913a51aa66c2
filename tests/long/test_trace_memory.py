"""Peak memory of a whole trace does not grow with its input."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

LIMIT_MIB = 400


def _release(number: int, title: str) -> str:
    return json.dumps(
        {
            "ocid": f"ocds-000000-long-{number}",
            "id": f"r{number}",
            "date": "2020-03-01T00:00:00Z",
            "tag": ["award"],
            "buyer": {"name": "Leeds City Council"},
            "tender": {"id": "t", "description": "Resurfacing of roads and footways. " * 150},
            "awards": [{"id": "a", "title": title, "value": {"amount": 1.5, "currency": "GBP"}}],
        }
    )


def _write(path: Path, size: int, before: str, between: str, after: str) -> int:
    count = written = 0
    with path.open("w") as stream:
        stream.write(before)
        while written < size:
            title = "Roads" if count % 5000 else "Hikvision CCTV cameras"
            written += stream.write(_release(count, title)) + stream.write(between)
            count += 1
        stream.write(_release(count, "Roads") + after)
    return count + 1


@pytest.mark.long
@pytest.mark.parametrize("mode", [[], ["--quick"]], ids=["full", "quick"])
@pytest.mark.parametrize(
    ("size", "before", "between", "after"),
    [(4_000_000_000, "", "\n", "\n"), (5_000_000_000, '{"releases": [', ", ", "]}")],
    ids=["4 GB of lines", "5 GB on one line"],
)
def test_peak_memory_stays_below_400_mib(
    tmp_path: Path, size: int, before: str, between: str, after: str, mode: list[str]
) -> None:
    path = tmp_path / "big.json"
    count = _write(path, size, before, between, after)
    args = ["trace", str(path), "--out", str(tmp_path / "out"), "--workers", "1", *mode]
    code = (
        "import resource\n"
        "from nameplate.cli.main import cli\n"
        f"try:\n    cli({args!r}, standalone_mode=False)\n"
        "except SystemExit as stop:\n    assert not stop.code\n"
        "print(next(l.split()[1] for l in open('/proc/self/status') if l.startswith('VmHWM')))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=3600
    )
    path.unlink()
    peak = int(done.stdout.splitlines()[-1]) / 1024
    record = json.loads((tmp_path / "out/run.json").read_text())
    assert record["counts"]["records_read"] == count
    assert peak <= LIMIT_MIB, f"{peak:.0f} MiB"
