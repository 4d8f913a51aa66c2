"""From the paths given to the files to read: archives opened, kinds judged, statements taken."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from nameplate.model.errors import StoreError
from nameplate.model.statement import Statement
from nameplate.sources import registry
from nameplate.sources.archives import Member, unpack
from nameplate.sources.files import STDIN, Found, Unread, discover, why
from nameplate.sources.sniff import ARCHIVES, PROSE, sniff


@dataclass(slots=True)
class Input:
    """One line of coverage: a file with a reader, or one that is not read and says why.

    ``sha256`` is known beforehand for what was unpacked. ``unpacked`` files belong to the run.
    """

    name: str
    path: Path | None
    size: int = 0
    mtime_ns: int = 0
    sha256: str = ""
    family: str = ""
    reason: str = ""
    failed: bool = False
    unpacked: bool = False


@dataclass(slots=True)
class Plan:
    """All inputs in order, and what the statement files among them say."""

    inputs: list[Input] = field(default_factory=list)
    statements: list[Statement] = field(default_factory=list)


def make_plan(paths: tuple[str, ...], out: Path, work: Path, stdin: IO[bytes] | None) -> Plan:
    """Look at everything given; nothing is read yet but statements. Raises UsageError."""
    from nameplate.tracing.run.statements import read_statements

    plan = Plan()
    for item in _inputs(paths, out, work, stdin):
        if item.path is not None and item.family == "statements":
            item.reason = read_statements(item.path, plan.statements)
        elif item.path is not None and not item.reason and item.family not in registry.READERS:
            item.reason = _unread_reason(item.family)
        plan.inputs.append(item)
    return plan


def _unread_reason(family: str) -> str:
    if family in PROSE:
        return f"it is prose ({family}), which holds no purchase records"
    return f"{family} files are not read"


def _inputs(
    paths: tuple[str, ...], out: Path, work: Path, stdin: IO[bytes] | None
) -> Iterator[Input]:
    plain = [path for path in paths if path != STDIN]
    if STDIN in paths:
        yield from _expand(_spool(stdin or sys.stdin.buffer, work), work, 0)
    for number, entry in enumerate(discover(plain, leave_out=out.resolve()), 1):
        if isinstance(entry, Unread):
            yield Input(entry.name, None, reason=entry.reason, failed=entry.failed)
            continue
        yield from _expand(entry, work, number)


def _spool(stdin: IO[bytes], work: Path) -> Found:
    """Keep what comes in by standard input, so that it can be read as any file."""
    work.mkdir(parents=True, exist_ok=True)
    path = work / "stdin"
    try:
        with path.open("wb") as stream:
            shutil.copyfileobj(stdin, stream, 1 << 20)
    except OSError as error:
        raise StoreError(
            why(error), where="standard input", do="free space and run again"
        ) from error
    stat = path.stat()
    return Found("stdin", path, stat.st_size, stat.st_mtime_ns)


def _expand(found: Found, work: Path, number: int) -> Iterator[Input]:
    """Yield the file itself, or the members of an archive."""
    try:
        kind = sniff(found.path, found.name)
    except OSError as error:
        reason = f"the file could not be opened: {why(error)}"
        yield Input(found.name, None, found.size, reason=reason, failed=True)
        return
    if kind.family not in ARCHIVES or kind.reason:
        yield Input(
            found.name,
            found.path,
            found.size,
            found.mtime_ns,
            family=kind.family,
            reason=kind.reason,
            unpacked=found.name == "stdin" and found.path.parent == work,
        )
        return
    into = work / f"{number:06d}"
    members = 0
    try:
        for member in unpack(found.path, found.name, kind.family, into):
            members += 1
            if isinstance(member, Member):
                yield Input(
                    member.name,
                    member.path,
                    member.size,
                    member.path.stat().st_mtime_ns,
                    member.sha256,
                    member.family,
                    member.reason,
                    unpacked=True,
                )
            else:
                yield Input(member.name, None, reason=member.reason, failed=member.failed)
    except OSError as error:
        raise StoreError(why(error), where=found.name, do="free space and run again") from error
    if not members:
        yield Input(found.name, None, found.size, family=kind.family, reason="the archive is empty")
