"""Buyers' names and folders' names of the real data against labels made by hand.

``labels/body_names.csv``: 500 of the 2,439 distinct buyers' names (a random sample), as hashes with
the latest notice's date; ``unknown`` where the name is of no bundled body.
"""

from __future__ import annotations

import csv
import hashlib
import json
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from nameplate.catalogue.bodies_names import body_from_path, resolve_body

pytestmark = pytest.mark.field
LABELS = Path(__file__).parent / "labels" / "body_names.csv"

FOLDERS = {
    "hyndburn": "hyndburn-borough-council",
    "devon": "devon-county-council",
    "leeds": "leeds-city-council",
    "manchester": "manchester-city-council",
    "newcastle": "ambiguous",
    "darlington": "darlington-borough-council",
    "salford": "salford-city-council",
    "tfl": "transport-for-london",
    "cabinetoffice": "cabinet-office",
    "networkrail": "network-rail",
    "lambeth": "london-borough-of-lambeth",
    "babergh": "babergh-district-council",
    "nhs": "unknown",
}


def buyers(value: Any) -> set[str]:
    """Names of buyers anywhere in a decoded JSON value."""
    if isinstance(value, list):
        return {name for entry in value for name in buyers(entry)}
    if not isinstance(value, dict):
        return set()
    found = set()
    for key, entry in value.items():
        if key.lower() in ("organisationname", "buyername", "organisation"):
            if isinstance(entry, str):
                found.add(entry.strip())
        elif key == "buyer" and isinstance(entry, dict) and isinstance(entry.get("name"), str):
            found.add(entry["name"].strip())
        else:
            found |= buyers(entry)
    return found


def all_buyers(shared: Path) -> set[str]:
    notices = shared / "data" / "notices"
    found = set()
    table = notices / "contracts_finder_flattened" / "buyer.csv"
    with table.open(encoding="utf-8", newline="") as stream:
        found |= {row["name"].strip() for row in csv.DictReader(stream)}
    for path in sorted((notices / "contracts_finder_lancashire").glob("*.json")):
        found |= buyers(json.loads(path.read_text(encoding="utf-8")))
    lines = notices / "contracts_finder_ocds" / "EnglishData.jsonl"
    for line in lines.read_text(encoding="utf-8", errors="replace").splitlines():
        try:
            found |= buyers(json.loads(line))
        except ValueError:
            continue
    return found - {""}


def test_buyers_resolve_to_the_right_body_or_to_unknown(shared: Path) -> None:
    names = {hashlib.sha256(name.encode()).hexdigest()[:16]: name for name in all_buyers(shared)}
    counts: Counter[str] = Counter()
    wrong = []
    with LABELS.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            name = names[row["name_sha256"]]
            on = date.fromisoformat(row["on"]) if row["on"] else None
            found = resolve_body(name, on)
            got = found.body.key if found.body else "unknown"
            if got == row["body"]:
                counts["right" if found.body else "rightly unknown"] += 1
            elif found.body is None:
                counts["missed"] += 1
            else:
                counts["wrong"] += 1
                wrong.append((name, got, row["body"]))
    assert sum(counts.values()) == 500
    assert wrong == []
    assert counts["right"] >= 105, counts


def test_every_buyer_gets_an_answer(shared: Path) -> None:
    statuses = Counter(resolve_body(name).status for name in all_buyers(shared))
    assert set(statuses) <= {"resolved", "unknown", "ambiguous"}
    assert statuses["resolved"] > 500


def test_spend_folders(shared: Path) -> None:
    for folder in sorted((shared / "data" / "spend").iterdir()):
        for path in sorted(folder.rglob("*")):
            if not path.is_file() or path.suffix in (".json", ".md"):
                continue
            found = body_from_path(str(path.relative_to(shared / "data")))
            got = found.body.key if found.body else found.status
            assert got in (FOLDERS[folder.name], "unknown"), (path.name, got)
            assert got == FOLDERS[folder.name], (path.name, got)
