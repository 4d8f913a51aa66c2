"""One task of a run: read a file, or a stretch of one, judge what it holds, keep the result.

A task's results are a folder that is whole once ``done.json`` stands in it, so a run that was
stopped, however hard, loses at most the tasks it was in the middle of.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Final

import msgspec

from nameplate.model.errors import InputError, NameplateError, StoreError
from nameplate.model.ids import make_id
from nameplate.model.purchase import Purchase
from nameplate.model.statement import Statement
from nameplate.sources.api import Chunk, Finder, Part, Profile, ReadOptions, SetAside, SourceFile
from nameplate.sources.files import why
from nameplate.sources.registry import reader_for
from nameplate.tracing.api import Judge, Traced
from nameplate.tracing.run.mapping import load_mapping, mapping_for
from nameplate.tracing.run.options import RunOptions
from nameplate.tracing.run.spill import Spill

DONE: Final = "done.json"
TRACED: Final = "traced.bin"
SET_ASIDE: Final = "set_aside.bin"
SPILL: Final = "spill"
CHANGED: Final = "it changed while it was being read: run again when it is whole"
OUR_DISK: Final = frozenset({errno.ENOSPC, errno.EFBIG, errno.EDQUOT})
"""System errors that speak of the disk written to, whatever was being read."""
_HASHING: Final = frozenset({"json"})
"""Families whose reader hands over every block, so that reading and hashing are one pass."""
_BATCH: Final = 256
"""Purchases judged at once: enough for the batch to pay, few enough to stay small."""
_REPORT_SECONDS: Final = 0.1


@dataclass(frozen=True, slots=True)
class Task:
    """A file or a stretch of one. ``folder`` is where its results go."""

    number: int
    source: SourceFile
    family: str
    mtime_ns: int
    folder: Path
    part: Part | None = None

    @property
    def bytes(self) -> int:
        """Bytes this task reads."""
        return self.source.size if self.part is None else self.part.end - self.part.start


@dataclass(slots=True)
class Done:
    """What a finished task says of itself. ``reason`` tells why it was not, or not wholly, read."""

    sha256: str = ""
    profile: Profile = field(default_factory=Profile)
    hits: int = 0
    reason: str = ""
    failed: bool = False


@dataclass
class Workshop:
    """What every worker needs, loaded once: options and statements travel, the rest is rebuilt."""

    options: RunOptions
    statements: dict[str, tuple[Statement, ...]]

    @cached_property
    def finder(self) -> Finder:
        """The catalogue's patterns."""
        from nameplate.catalogue.store import load
        from nameplate.tracing.finder import load_finder

        finder: Finder = load_finder(load())
        return finder

    @cached_property
    def judge(self) -> Judge:
        """The function from purchases to what they say."""
        from nameplate.catalogue.store import load
        from nameplate.tracing.derive import make_judge

        options = self.options
        judge: Judge = make_judge(load(), as_of=options.as_of, statements=self.statements)
        return judge

    @cached_property
    def mapping(self) -> dict[str, dict[str, str]]:
        """The user's column mapping: body's name (or ``*``) → standard name → header."""
        return load_mapping(self.options.mapping) if self.options.mapping else {}

    def read_options(
        self,
        name: str = "",
        spill: Path | None = None,
        part: Part | None = None,
        on_bytes: Callable[[bytes | memoryview], object] | None = None,
    ) -> ReadOptions:
        """How a reader is to read in this run."""
        return ReadOptions(
            mode=self.options.mode,
            body=self.options.body,
            spill=spill,
            mapping=mapping_for(self.mapping, name, self.options.body) if self.mapping else None,
            part=part,
            on_bytes=on_bytes,
        )


def task_folder(root: Path, name: str, family: str, stamp: str, part: Part | None) -> Path:
    """Folder of a task's results; ``stamp`` is a member's hash or a file's size and time."""
    cut = (part.start, part.end) if part else (None, None)
    return root / make_id("t", name, family, stamp, *cut)


def do_task(task: Task, shop: Workshop, report: Callable[[int], None]) -> Done:
    """Read and judge; returns what is also in the task's ``done.json``.

    ``report`` is told, now and then, how many more bytes were read. Whatever is wrong with the
    file ends up in ``Done.reason``; raises StoreError only where results cannot be written.
    """
    shutil.rmtree(task.folder, ignore_errors=True)
    try:
        task.folder.mkdir(parents=True)
        spill = task.folder / SPILL
        spill.mkdir()
        done = _read(task, shop, spill, report)
        if task.part is None:
            _check_unchanged(task, done)
        write_done(task.folder, done)
    except OSError as error:
        raise StoreError(
            f"results cannot be written: {why(error)}",
            where="the output folder",
            do="free space and run the same command again, which goes on from here",
        ) from error
    return done


def write_done(folder: Path, done: Done) -> None:
    """Mark a task's results as whole."""
    half = folder / (DONE + ".half")
    half.write_bytes(msgspec.json.encode(done))
    half.rename(folder / DONE)


def read_done(folder: Path) -> Done | None:
    """Return a finished task's result, or None where there is none to be trusted."""
    try:
        return msgspec.json.decode((folder / DONE).read_bytes(), type=Done)
    except (OSError, msgspec.DecodeError):
        return None


class _Hasher:
    """SHA-256 of the blocks a reader hands over, and how many bytes they were."""

    def __init__(self) -> None:
        self._digest = hashlib.sha256()
        self.seen = 0

    def __call__(self, block: bytes | memoryview) -> None:
        self.seen += len(block)
        self._digest.update(block)

    def hexdigest(self) -> str:
        return self._digest.hexdigest()


class _ReadError(Exception):
    """A fault of the input, as opposed to one in writing our own results."""


def _read(task: Task, shop: Workshop, spill: Path, report: Callable[[int], None]) -> Done:
    done = Done(sha256=task.source.sha256)
    traced: Spill[Traced] = Spill(task.folder / TRACED)
    set_aside: Spill[SetAside] = Spill(task.folder / SET_ASIDE)
    try:
        for purchases, aside in _records(task, shop, spill, done, report):
            for record in aside:
                set_aside.add(record)
            results, refused = judged(purchases, shop.judge) if purchases else ([], [])
            for result in results:
                traced.add(result)
            for record in refused:
                set_aside.add(record)
    except _ReadError as error:
        done.reason = str(error)
        done.failed = True
    finally:
        traced.close()
        set_aside.close()
    done.hits = traced.count
    return done


def judged(purchases: Sequence[Purchase], judge: Judge) -> tuple[list[Traced], list[SetAside]]:
    """Judge a batch; where one record defeats the judge, it alone is set aside."""
    try:
        return judge(purchases), []
    except Exception:
        results: list[Traced] = []
        refused: list[SetAside] = []
        for purchase in purchases:
            try:
                results += judge([purchase])
            except Exception as error:
                refused.append(
                    SetAside(
                        source_file=purchase.source_file,
                        locator=purchase.locator,
                        reason=f"it could not be judged ({type(error).__name__}: {error})",
                        excerpt=purchase.title[:200],
                    )
                )
        return results, refused


def _records(
    task: Task, shop: Workshop, spill: Path, done: Done, report: Callable[[int], None]
) -> Iterator[tuple[list[Purchase], list[SetAside]]]:
    """Yield what the reader found in batches; what came before a fault is kept, then it raises."""
    waiting: list[Purchase] = []
    told, last = 0, time.monotonic()
    begin = task.part.start if task.part else 0
    try:
        for chunk in _chunks(task, shop, spill, done):
            waiting += chunk.purchases
            if len(waiting) >= _BATCH or chunk.set_aside:
                yield waiting, chunk.set_aside
                waiting = []
            now = time.monotonic()
            if now - last > _REPORT_SECONDS:
                last = now
                so_far = max(told, min(chunk.bytes_done - begin, task.bytes))
                report(so_far - told)
                told = so_far
    except _ReadError:
        yield waiting, []
        raise
    finally:
        report(task.bytes - told)
    yield waiting, []


def _chunks(task: Task, shop: Workshop, spill: Path, done: Done) -> Iterator[Chunk]:
    """Iterate the reader and hash the file; every fault of the input becomes _ReadError."""
    source = task.source
    hasher = _Hasher()
    hash_here = task.part is None and not source.sha256
    try:
        reader = reader_for(task.family)
        if reader is None:
            raise _ReadError(f"{task.family} files are not read")
        if hash_here and task.family not in _HASHING:
            source = replace(source, sha256=sha256_of(source.path))
            done.sha256 = source.sha256
            hash_here = False
        options = shop.read_options(source.name, spill, task.part, hasher if hash_here else None)
        yield from reader.read(source, shop.finder, options, done.profile)
        if hash_here:
            whole = hasher.seen == source.size
            done.sha256 = hasher.hexdigest() if whole else sha256_of(source.path)
    except InputError as error:
        raise _ReadError(error.what) from error
    except MemoryError as error:
        raise _ReadError("reading it takes more memory than there is") from error
    except OSError as error:
        if error.errno in OUR_DISK:
            raise
        raise _ReadError(f"it could not be read: {why(error)}") from error
    except (NameplateError, _ReadError):
        raise
    except Exception as error:
        kind = type(error).__name__
        raise _ReadError(f"the reader failed on it ({kind}: {str(error)[:200]})") from error
    finally:
        if not done.sha256 and task.part is None:
            with contextlib.suppress(OSError):
                done.sha256 = sha256_of(source.path)


def _check_unchanged(task: Task, done: Done) -> None:
    """Refuse what was read from a file that was being written meanwhile."""
    if changed(task.source.path, task.source.size, task.mtime_ns):
        done.reason = CHANGED
        done.failed = True
        done.profile = Profile(format=done.profile.format)
        done.hits = 0
        for name in (TRACED, SET_ASIDE):
            (task.folder / name).unlink(missing_ok=True)
        shutil.rmtree(task.folder / SPILL, ignore_errors=True)


def changed(path: Path, size: int, mtime_ns: int) -> bool:
    """Whether a file is no longer what it was when it was found."""
    try:
        stat = path.stat()
    except OSError:
        return True
    return (stat.st_size, stat.st_mtime_ns) != (size, mtime_ns)


def sha256_of(path: Path) -> str:
    """Hash of a whole file, read in blocks; raises OSError."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
