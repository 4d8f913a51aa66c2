"""Statement logs among the files given: one Statement a line, as JSON."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import msgspec

from nameplate.model.ids import make_id
from nameplate.model.statement import Statement, statement_id


def read_statements(path: Path, into: list[Statement]) -> str:
    """Add the file's statements to ``into``; return what is wrong with it, or nothing.

    A statement whose id is not that of its content was altered: the file is then not taken.
    """
    taken: list[Statement] = []
    decode = msgspec.json.Decoder(Statement).decode
    try:
        with path.open("rb") as stream:
            for number, line in enumerate(stream, 1):
                if not line.strip():
                    continue
                statement = decode(line)
                if statement_id(statement) != statement.statement_id:
                    return f"line {number}: the statement's id is not that of its content"
                taken.append(statement)
    except (msgspec.DecodeError, OSError) as error:
        return f"it is no statement log: {error}"
    into.extend(taken)
    return ""


def in_force(statements: Iterable[Statement]) -> dict[str, tuple[Statement, ...]]:
    """Return published statements by subject: merged by id, withdrawn ones left out."""
    by_id = {s.statement_id: s for s in statements}
    gone = {s.withdraws for s in by_id.values() if s.withdraws}
    result: dict[str, tuple[Statement, ...]] = {}
    for key in sorted(by_id):
        statement = by_id[key]
        if key not in gone and not statement.withdraws:
            result[statement.subject] = (*result.get(statement.subject, ()), statement)
    return result


def unique(statements: Iterable[Statement]) -> list[Statement]:
    """Each statement once, by id, in the order of ids."""
    by_id = {s.statement_id: s for s in statements}
    return [by_id[key] for key in sorted(by_id)]


def statements_key(statements: Iterable[Statement]) -> str:
    """Key over the ids of all statements of a run."""
    return make_id("sts", *sorted({s.statement_id for s in statements}))
