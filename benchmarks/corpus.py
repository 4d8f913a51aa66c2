"""Big files for the benchmarks, made from real published text laid beside the checkout."""

from __future__ import annotations

import json
import re
import tarfile
from pathlib import Path

SHARED = Path(__file__).resolve().parent.parent.parent / "shared"
_RELEASES = SHARED / "data/notices/contracts_finder_ocds"


def require_shared() -> Path:
    if not _RELEASES.is_dir():
        raise SystemExit("needs the real data beside the checkout (shared/data is missing)")
    return SHARED


def releases() -> list[dict[str, object]]:
    """Every real release: 201 lines and the packages."""
    require_shared()
    lines = (_RELEASES / "EnglishData.jsonl").read_text(encoding="utf-8").splitlines()
    found = [json.loads(line) for line in lines if line.strip()]
    for path in sorted(_RELEASES.glob("package_*.json")):
        found += json.loads(path.read_text(encoding="utf-8")).get("releases", [])
    return [release for release in found if release.get("ocid")]


def ocds_lines(path: Path, size: int) -> Path:
    """Write at least ``size`` bytes of releases as JSON lines; each copy has ocids of its own."""
    if path.exists() and path.stat().st_size >= size:
        return path
    raw = [json.dumps(release, ensure_ascii=False).encode() for release in releases()]
    cut = [re.split(rb'(?<="ocid": ")(ocds-\w+-)', line, maxsplit=1) for line in raw]
    path.parent.mkdir(parents=True, exist_ok=True)
    written = copy = 0
    with path.open("wb", buffering=1 << 22) as stream:
        while written < size:
            for parts in cut:
                line = b"%sc%07d-%s\n" % (parts[0] + parts[1], copy, parts[2])
                written += stream.write(line)
            copy += 1
    return path


def devon(folder: Path) -> Path:
    """Unpack the 183 spending files of 1.5 million rows."""
    if not folder.is_dir():
        folder.mkdir(parents=True)
        with tarfile.open(require_shared() / "data/scale/devon-183-csv.tar.gz") as tar:
            tar.extractall(folder, filter="data")
    return folder
