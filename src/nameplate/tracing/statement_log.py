"""The append-only log of statements: JSON lines, merged by id when loaded.

Nothing in it is ever changed. A correction is a new statement; a withdrawal is one whose
``withdraws`` names what it takes back. Two logs are merged by concatenation.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import msgspec

from nameplate.model import SCHEMA_VERSION
from nameplate.model.errors import StoreError
from nameplate.model.statement import Statement, statement_id


class Loaded(msgspec.Struct, frozen=True, kw_only=True):
    """A log as read: ``statements`` in the order first met, and what was set aside, with why."""

    statements: tuple[Statement, ...]
    set_aside: tuple[str, ...] = ()

    def standing(self) -> tuple[Statement, ...]:
        """The statements that nothing withdraws; withdrawals themselves are left out.

        A withdrawal that is itself withdrawn takes nothing back.
        """
        withdrawn = _withdrawn(self.statements)
        return tuple(
            s for s in self.statements if s.statement_id not in withdrawn and not s.withdraws
        )

    def by_subject(self) -> dict[str, list[Statement]]:
        """The standing statements by subject, in order of recording, then id."""
        out: dict[str, list[Statement]] = {}
        for statement in sorted(self.standing(), key=lambda s: (s.recorded, s.statement_id)):
            out.setdefault(statement.subject, []).append(statement)
        return out


def _withdrawn(statements: Iterable[Statement]) -> set[str]:
    aims: Mapping[str, set[str]] = {}
    takers: dict[str, set[str]] = dict(aims)
    for statement in statements:
        if statement.withdraws:
            takers.setdefault(statement.withdraws, set()).add(statement.statement_id)

    def stands(identity: str, seen: frozenset[str]) -> bool:
        if identity in seen:
            return True
        return not any(stands(t, seen | {identity}) for t in takers.get(identity, ()))

    return {
        target for target, by in takers.items() if any(stands(t, frozenset({target})) for t in by)
    }


class StatementLog:
    """A log file. Appending is the only way to write it; a line that is there is not doubled."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._known: set[str] | None = None

    def append(self, statements: Iterable[Statement]) -> int:
        """Append what is not in the log yet, and return how many; raises StoreError on a full disk.

        Written in one block and flushed to disk, so that a crash leaves whole lines or one torn
        last line, which loading sets aside.
        """
        if self._known is None:
            self._known = (
                {s.statement_id for s in self.load().statements} if self.path.exists() else set()
            )
        fresh: list[bytes] = []
        for statement in statements:
            if statement.statement_id not in self._known:
                self._known.add(statement.statement_id)
                fresh.append(msgspec.json.encode(statement, order="deterministic") + b"\n")
        if not fresh:
            return 0
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            torn = self._torn()
            with self.path.open("ab") as stream:
                stream.write((b"\n" if torn else b"") + b"".join(fresh))
                stream.flush()
                os.fsync(stream.fileno())
        except OSError as error:
            raise StoreError(
                f"statements could not be written ({error.strerror})",
                where=self.path.name,
                do="free some space and run it again: what is there is not doubled",
            ) from error
        return len(fresh)

    def _torn(self) -> bool:
        if not self.path.exists() or self.path.stat().st_size == 0:
            return False
        with self.path.open("rb") as stream:
            stream.seek(-1, os.SEEK_END)
            return stream.read(1) != b"\n"

    def load(self) -> Loaded:
        """Read the whole log; raises StoreError where the file is missing or of a later schema."""
        return load_logs([self.path])


def _lines(path: Path) -> Iterator[tuple[int, bytes]]:
    try:
        with path.open("rb") as stream:
            for number, line in enumerate(stream, start=1):
                if line.strip():
                    yield number, line
    except FileNotFoundError:
        raise StoreError(
            "there is no such log of statements", where=str(path.name), do="check the path"
        ) from None


def load_logs(paths: Iterable[Path]) -> Loaded:
    """Read and merge logs by id. A line that is no statement, or whose id is not that of its
    content (altered by hand), is set aside and said.
    """
    decoder = msgspec.json.Decoder(Statement)
    merged: dict[str, Statement] = {}
    aside: list[str] = []
    for path in paths:
        for number, line in _lines(path):
            try:
                statement = decoder.decode(line)
            except (msgspec.DecodeError, UnicodeDecodeError) as error:
                aside.append(f"{path.name} line {number}: no statement ({error})")
                continue
            if statement.schema_version > SCHEMA_VERSION:
                raise StoreError(
                    f"a statement of schema {statement.schema_version}, "
                    f"and this version reads {SCHEMA_VERSION}",
                    where=f"{path.name} line {number}",
                    do="update Nameplate",
                )
            if statement_id(statement) != statement.statement_id:
                aside.append(
                    f"{path.name} line {number}: altered (its id is not that of its content)"
                )
                continue
            merged.setdefault(statement.statement_id, statement)
    return Loaded(statements=tuple(merged.values()), set_aside=tuple(aside))
