from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from nameplate.model.errors import StoreError
from nameplate.model.statement import Asserter, SourceRef, Statement, made
from nameplate.tracing.statement_log import StatementLog, load_logs


def claim(value: object, **more: str) -> Statement:
    return made(
        Statement(
            statement_id="",
            subject="b_x",
            predicate="equipment",
            value=value,
            source=SourceRef(title="answer"),
            asserter=Asserter.BODY,
            asserted_by="Anyborough Council",
            **more,  # type: ignore[arg-type]
        )
    )


def test_the_same_claim_is_written_once(tmp_path: Path) -> None:
    log = StatementLog(tmp_path / "statements.jsonl")
    assert log.append([claim(1, recorded="2024-01-01"), claim(2)]) == 2
    assert StatementLog(log.path).append([claim(1, recorded="2025-01-01"), claim(3)]) == 1
    assert [s.value for s in log.load().statements] == [1, 2, 3]


def test_two_logs_merge_by_id(tmp_path: Path) -> None:
    one, two = StatementLog(tmp_path / "a"), StatementLog(tmp_path / "b")
    one.append([claim(1), claim(2)])
    two.append([claim(2), claim(3)])
    assert [s.value for s in load_logs([one.path, two.path]).statements] == [1, 2, 3]


def test_withdrawal_is_a_statement_and_can_itself_be_withdrawn(tmp_path: Path) -> None:
    log = StatementLog(tmp_path / "log")
    first = claim(1)
    taken = claim(None, withdraws=first.statement_id, reason="corrected by the body")
    log.append([first, claim(2), taken])
    assert [s.value for s in log.load().standing()] == [2]
    log.append([claim(None, withdraws=taken.statement_id, reason="withdrawn in error")])
    assert [s.value for s in log.load().standing()] == [1, 2]
    assert len(log.load().statements) == 4


def test_altered_and_torn_lines_are_set_aside(tmp_path: Path) -> None:
    log = StatementLog(tmp_path / "log")
    log.append([claim(1)])
    altered = msgspec.structs.replace(claim(2), value=99)
    with log.path.open("ab") as stream:
        stream.write(msgspec.json.encode(altered) + b'\n{"statement_id": "st_')
    assert StatementLog(log.path).append([claim(3)]) == 1
    loaded = log.load()
    assert [s.value for s in loaded.statements] == [1, 3]
    assert len(loaded.set_aside) == 2
    assert "altered" in loaded.set_aside[0]


def test_a_later_schema_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "log"
    path.write_bytes(msgspec.json.encode(msgspec.structs.replace(claim(1), schema_version=99)))
    with pytest.raises(StoreError, match="schema 99"):
        load_logs([path])
