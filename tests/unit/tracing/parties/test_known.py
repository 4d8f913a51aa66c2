from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from nameplate.catalogue.store import load
from nameplate.tracing.parties import resolve_supplier
from nameplate.tracing.parties.judgements import Verdict, judge, load_judgements
from nameplate.tracing.parties.known import KnownParties


@pytest.mark.parametrize(
    ("name", "identifiers", "key", "how"),
    [
        ("Whatever Ltd", ("GB-COH:2999285",), "seller:dynamic-cctv", "identifier"),
        ("DYNAMIC CCTV LTD", (), "seller:dynamic-cctv", "same name"),
        ("Weston Communications (Networks) Ltd t/a Weston Distribution", (),
         "seller:weston-communications-networks", "same name"),
        ("HIKVISION UK LTD", (), "maker:hikvision", "same name"),
        ("Hikvision Europe B.V.", (), "maker:hikvision", "alias"),
        ("浙江大华技术股份有限公司", (), "maker:dahua", "same name"),
    ],
)  # fmt: skip
def test_known_parties(name: str, identifiers: tuple[str, ...], key: str, how: str) -> None:
    found = resolve_supplier(name, identifiers)
    assert found.party is not None, found
    assert (found.party.key, found.how) == (key, how)


@pytest.mark.parametrize(
    "name", ["DAHUA ELECTRONICS CORPORATION", "Borchester Drainage", "Axis", "", "Capita plc"]
)
def test_others_are_unknown(name: str) -> None:
    assert resolve_supplier(name).status == "unknown"


def test_a_likeness_is_a_question_and_no_party() -> None:
    found = resolve_supplier("Dinamic CCTV Limited")
    assert found.status == "unsure"
    assert found.party is None
    assert found.candidates[0].key == "seller:dynamic-cctv"


def test_a_judgement_wins_over_names(tmp_path: Path) -> None:
    path = tmp_path / "judgements.jsonl"
    day = date(2026, 11, 23)
    judge(path, "Dinamic CCTV Limited", "Dynamic CCTV", Verdict.SAME, by="A", reason="r", on=day)
    judge(path, "Norbain", "Norbain SD", Verdict.DIFFERENT, by="A", reason="r", on=day)
    parties = KnownParties(load(), load_judgements(path))
    assert parties.resolve("Dinamic CCTV Limited").how == "judgement"
    assert parties.resolve("Norbain").status != "known"
