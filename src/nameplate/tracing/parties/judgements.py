"""A person's word on whether two names are one party: kept apart, append-only, always winning.

One JSON-lines file of ``Statement``s (predicates ``same_party``, ``different_party``,
``unsure_party``). Judging again adds a statement; the last one that is not withdrawn holds. Nothing
here is ever rewritten, and clustering only reads it.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Final

import msgspec

from nameplate.model.errors import StoreError, UsageError
from nameplate.model.ids import make_id
from nameplate.model.statement import Asserter, SourceRef, Statement, made
from nameplate.names.normalise import prepare


class Verdict(StrEnum):
    """What a person said of two names."""

    SAME = "same"
    DIFFERENT = "different"
    UNSURE = "unsure"


_PREDICATES: Final = {f"{verdict.value}_party": verdict for verdict in Verdict}


def name_key(name: str) -> str:
    """What a judgement is about: the name in Latin lower case, its spaces made single.

    The legal form stays: ``Acme Ltd`` and ``Acme LLP`` may be judged apart.
    """
    return " ".join(prepare(name).plain.split())


def _pair(one: str, other: str) -> tuple[str, str]:
    first, second = sorted((name_key(one), name_key(other)))
    return first, second


class Judgements:
    """Judgements in force, read from statements. ``damaged`` counts lines set aside."""

    def __init__(self, statements: Iterable[Statement] = (), damaged: int = 0) -> None:
        self.damaged = damaged
        self.statements: dict[str, Statement] = {}
        withdrawn: set[str] = set()
        for statement in statements:
            self.statements[statement.statement_id] = statement
            if statement.withdraws:
                withdrawn.add(statement.withdraws)
        self.withdrawn = frozenset(withdrawn)
        self._verdicts: dict[tuple[str, str], tuple[Verdict, Statement]] = {}
        for statement in self.statements.values():
            verdict = _PREDICATES.get(statement.predicate)
            value = statement.value
            if verdict is None or statement.statement_id in withdrawn or statement.withdraws:
                continue
            if isinstance(value, dict) and "a" in value and "b" in value:
                self._verdicts[_pair(str(value["a"]), str(value["b"]))] = (verdict, statement)

    def __len__(self) -> int:
        return len(self._verdicts)

    def verdict(self, one: str, other: str) -> Verdict | None:
        """What holds between the two names, or None where nobody judged."""
        if not self._verdicts:
            return None
        found = self._verdicts.get(_pair(one, other))
        return found[0] if found else None

    def pairs(self) -> Iterator[tuple[str, str, Verdict, Statement]]:
        """All in force: the two names' keys in order, the verdict and its statement."""
        for (one, other), (verdict, statement) in sorted(self._verdicts.items()):
            yield one, other, verdict, statement


def load_judgements(path: Path) -> Judgements:
    """Read a file of judgements; one that is not there is empty.

    A line that is no statement (a crash tore it) is set aside and counted, never dropped from the
    file. Raises StoreError where the file cannot be read.
    """
    if not path.exists():
        return Judgements()
    found: list[Statement] = []
    damaged = 0
    try:
        with path.open("rb") as stream:
            for line in stream:
                if not line.strip():
                    continue
                try:
                    found.append(msgspec.json.decode(line, type=Statement))
                except msgspec.DecodeError:
                    damaged += 1
    except OSError as error:
        raise StoreError(f"cannot be read ({error.strerror})", where=str(path)) from error
    return Judgements(found, damaged)


def judge(
    path: Path, one: str, other: str, verdict: Verdict, *, by: str, reason: str, on: date
) -> Statement:
    """Add a judgement to the file and return its statement.

    Raises UsageError where a name, the person or the reason is missing, or the two names are one.
    """
    if not by.strip() or not reason.strip():
        raise UsageError("a judgement needs who made it and why", do="give --by and --reason")
    first, second = _pair(one, other)
    if not first or not second or first == second:
        raise UsageError("a judgement needs two different names", do="give both in full")
    statement = made(
        Statement(
            statement_id="",
            subject=make_id("s", first),
            predicate=f"{verdict.value}_party",
            value={"a": one, "b": other},
            source=SourceRef(title="judgement on two names"),
            asserter=Asserter.PERSON,
            asserted_by=by.strip(),
            observed=on.isoformat(),
            recorded=on.isoformat(),
            reason=reason.strip(),
        )
    )
    _append(path, statement)
    return statement


def withdraw(path: Path, statement_id: str, *, by: str, reason: str, on: date) -> Statement:
    """Take a judgement back by adding a statement that does; raises UsageError if not there."""
    judgements = load_judgements(path)
    old = judgements.statements.get(statement_id)
    if old is None or old.withdraws:
        raise UsageError(
            f"no judgement has the id {statement_id!r}", do="see `nameplate parties judgements`"
        )
    if statement_id in judgements.withdrawn:
        raise UsageError(f"{statement_id} is withdrawn already")
    if not by.strip() or not reason.strip():
        raise UsageError("a withdrawal needs who made it and why", do="give --by and --reason")
    statement = made(
        msgspec.structs.replace(
            old,
            asserted_by=by.strip(),
            reason=reason.strip(),
            observed=on.isoformat(),
            recorded=on.isoformat(),
            withdraws=statement_id,
        )
    )
    _append(path, statement)
    return statement


def _append(path: Path, statement: Statement) -> None:
    """Add one line under a lock and push it to the disk; a torn last line is closed first."""
    import fcntl

    line = msgspec.json.encode(statement) + b"\n"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("ab+") as stream:
            fcntl.flock(stream, fcntl.LOCK_EX)
            stream.seek(0, os.SEEK_END)
            if stream.tell():
                stream.seek(-1, os.SEEK_END)
                if stream.read(1) != b"\n":
                    line = b"\n" + line
            stream.write(line)
            stream.flush()
            os.fsync(stream.fileno())
    except OSError as error:
        raise StoreError(
            f"cannot be written ({error.strerror})", where=str(path), do="free the disk or move it"
        ) from error
