"""Every line of passages*.jsonl is a test: what a passage states, against what it should.

A line with ``known`` is one that is not read right yet, with the reason.
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from nameplate.catalogue.store import load
from nameplate.tracing.extract.reading import Passage, as_line, read_passage

CASES = [
    json.loads(line)
    for path in sorted(Path(__file__).parent.glob("passages*.jsonl"))
    for line in path.read_text(encoding="utf-8").splitlines()
]


@pytest.mark.parametrize("case", CASES, ids=[c["id"] for c in CASES])
def test_states_what_it_should(case: dict) -> None:
    if case.get("known"):
        pytest.xfail(case["known"])
    passage = Passage(id=case["id"], kind=case["kind"], body=case["body"], text=case["text"])
    line = as_line(read_passage(passage, load()))
    assert {f"{m['maker']} {m['role']}" for m in line["mentions"]} == set(case["roles"])
    counts = Counter(f"{c['maker']} {c['count']}" for c in line["device_counts"])
    assert counts == Counter(case["counts"])
    assert line["maker_question_answered"] == case["answer"]
    assert [s["name"] for s in line["suppliers"]] == case.get("suppliers", [])
    assert [m["amount"] for m in line["money"]] == case.get("money", [])
    for key in ("mentions", "device_counts", "money", "dates", "suppliers"):
        for item in line[key]:
            assert item["surface"]
            assert item["surface"] in case["text"]
