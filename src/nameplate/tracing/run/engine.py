"""One run from the paths given to the folder of outputs."""

from __future__ import annotations

import fcntl
import shutil
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Final

from nameplate.catalogue.store import load
from nameplate.model.errors import StoreError, UsageError
from nameplate.model.statement import Statement
from nameplate.sources.api import Chunk, Profile, SetAside, SourceFile
from nameplate.sources.files import why
from nameplate.sources.registry import reader_for
from nameplate.tracing.api import Traced
from nameplate.tracing.run.options import RunOptions, run_key
from nameplate.tracing.run.plan import Input, make_plan
from nameplate.tracing.run.pool import run_tasks
from nameplate.tracing.run.prefix_hash import PrefixHash
from nameplate.tracing.run.spill import Spill, read_spill
from nameplate.tracing.run.statements import in_force, statements_key, unique
from nameplate.tracing.run.work import (
    CHANGED,
    SET_ASIDE,
    SPILL,
    TRACED,
    Done,
    Task,
    Workshop,
    changed,
    judged,
    read_done,
    sha256_of,
    task_folder,
)

STATE: Final = ".nameplate-run"
"""Folder in the folder of outputs that an interrupted run leaves and the next one resumes."""
PART_BYTES: Final = 64 << 20
"""Stretch of a big file that is one task: what an interruption can lose at most, per worker."""


@dataclass(slots=True)
class Progress:
    """Counts for a progress bar, in bytes and files; ``stage`` says what is being done."""

    stage: str = "looking"
    bytes_done: int = 0
    bytes_total: int = 0
    files_done: int = 0
    files_total: int = 0
    resumed: int = 0


@dataclass(slots=True)
class FileResult:
    """An input and what became of it."""

    input: Input
    profile: Profile = field(default_factory=Profile)
    sha256: str = ""
    size: int = 0
    hits: int = 0
    status: str = "not read"
    """``read``, ``read in part``, ``not read`` (it holds no records for us), ``failed``,
    ``statements`` or ``duplicate`` (the same bytes as an earlier file, counted once)."""
    reason: str = ""
    folders: list[Path] = field(default_factory=list)


@dataclass(slots=True)
class Results:
    """All that a run found, ready to be written: files in order, records still on disk."""

    options: RunOptions
    catalogue_version: str
    files: list[FileResult]
    compiled: Path
    statements: list[Statement]

    def traced(self) -> Iterator[Traced]:
        """Every judged purchase once, in an order that depends on the inputs only."""
        for file in self.files:
            if file.status in ("read", "read in part"):
                for folder in file.folders:
                    yield from read_spill(folder / TRACED, Traced)
        yield from read_spill(self.compiled / TRACED, Traced)

    def set_aside(self) -> Iterator[SetAside]:
        """Every record that could not be read, file by file."""
        for file in self.files:
            for folder in file.folders:
                yield from read_spill(folder / SET_ASIDE, SetAside)
        yield from read_spill(self.compiled / SET_ASIDE, SetAside)


@contextmanager
def run(
    options: RunOptions,
    *,
    stdin: IO[bytes] | None = None,
    notify: Callable[[Progress], None] = lambda _: None,
) -> Iterator[Results]:
    """Read and judge everything; yields results that live until the block ends without error.

    Raises UsageError for a wrong call and StoreError where the folder of outputs cannot be
    written; anything wrong with an input is in the results. Interrupted, it leaves its state in
    ``options.out`` and the next call with the same inputs goes on from there.
    """
    with _locked(options.out) as state:
        try:
            yield _run(options, state, stdin, notify)
        except OSError as error:
            raise StoreError(
                f"results cannot be written: {why(error)}",
                where="the output folder",
                do="free space and run the same command again, which goes on from here",
            ) from error
        shutil.rmtree(state, ignore_errors=True)


@contextmanager
def _locked(out: Path) -> Iterator[Path]:
    """Make the folder of outputs and keep a second run out of it."""
    state = out / STATE
    try:
        state.mkdir(parents=True, exist_ok=True)
        lock = (state / "lock").open("w")
    except OSError as error:
        raise StoreError(
            f"the folder cannot be written: {why(error)}", where=str(out), do="choose another"
        ) from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise UsageError(
                "another run is writing here", where=str(out), do="wait for it or choose another"
            ) from error
        yield state


def _run(
    options: RunOptions,
    state: Path,
    stdin: IO[bytes] | None,
    notify: Callable[[Progress], None],
) -> Results:
    progress = Progress()
    notify(progress)
    unpacked = state / "unpacked"
    shutil.rmtree(unpacked, ignore_errors=True)
    plan = make_plan(options.paths, options.out, unpacked, stdin)
    catalogue = load()
    _keep_or_drop(state, run_key(options, catalogue.version, statements_key(plan.statements)))
    shop = Workshop(options, in_force(plan.statements))
    root = state / "tasks"
    root.mkdir(exist_ok=True)
    files = [_start(item) for item in plan.inputs]
    by_task: dict[int, FileResult] = {}
    tasks: list[Task] = []
    prefixes: dict[str, PrefixHash] = {}
    dones: dict[int, Done] = {}
    for file in files:
        own = list(_tasks(file, root, len(tasks)))
        by_task.update((task.number, file) for task in own)
        tasks += own
        if len(file.folders) > 1 and file.input.path is not None:
            stored = file.folders[0].with_suffix(".prefixes")
            ends = [task.part.end for task in own if task.part]
            prefixes[file.input.name] = PrefixHash(file.input.path, stored, ends)
    progress.stage = "reading"
    progress.bytes_total = sum(task.bytes for task in tasks)
    progress.files_total = len(tasks)
    todo: list[Task] = []
    for task in tasks:
        done = _resumed(task, prefixes.get(task.source.name))
        if done is None:
            todo.append(task)
            continue
        dones[task.number] = done
        progress.resumed += 1
        progress.files_done += 1
        progress.bytes_done += task.bytes
    notify(progress)

    def report(count: int) -> None:
        progress.bytes_done += count
        notify(progress)

    beside = threading.Thread(target=_hash_all, args=(prefixes.values(),), daemon=True)
    begin = beside.start if options.workers > 1 and prefixes else _nothing
    for task, done in run_tasks(todo, shop, options.workers, report, begin):
        dones[task.number] = done
        if begin is _nothing and task.part is not None:
            prefixes[task.source.name].to(task.part.end)
        progress.files_done += 1
        notify(progress)
    if beside.ident is not None:
        beside.join()
    _hash_all(prefixes.values())
    for task in tasks:
        _add(by_task[task.number], dones[task.number], task)
    for file in files:
        _settle(file, prefixes.get(file.input.name))
    _count_once(files)
    progress.stage = "compiling"
    notify(progress)
    compiled = state / "compiled"
    _compile(files, shop, compiled)
    progress.stage = "writing"
    notify(progress)
    return Results(options, catalogue.version, files, compiled, unique(plan.statements))


def _keep_or_drop(state: Path, key: str) -> None:
    """Keep the state of an interrupted run only where it would come out the same."""
    path = state / "key"
    if not (path.exists() and path.read_text() == key):
        shutil.rmtree(state / "tasks", ignore_errors=True)
        path.write_text(key)
    shutil.rmtree(state / "compiled", ignore_errors=True)


def _start(item: Input) -> FileResult:
    file = FileResult(item, size=item.size, sha256=item.sha256, reason=item.reason)
    if item.reason:
        file.status = "failed" if item.failed else "not read"
    elif item.family == "statements":
        file.status = "statements"
    file.profile.format = item.family
    return file


def _tasks(file: FileResult, root: Path, first: int) -> Iterator[Task]:
    """Yield the tasks of a file: one, or several where it is big and its reader can cut it."""
    item = file.input
    if file.reason or item.path is None or file.status == "statements":
        if item.path is not None and not file.sha256:
            file.sha256 = _hash_or_nothing(item.path)
        return
    source = SourceFile(item.name, item.path, item.size, item.sha256)
    stamp = item.sha256 or f"{item.size} {item.mtime_ns}"
    parts = None
    if item.size > PART_BYTES:
        splitter = getattr(reader_for(item.family), "split", None)
        if splitter is not None:
            parts = splitter(source, -(-item.size // PART_BYTES))
    for number, part in enumerate(parts if parts and len(parts) > 1 else [None], first):
        folder = task_folder(root, item.name, item.family, stamp, part)
        file.folders.append(folder)
        yield Task(number, source, item.family, item.mtime_ns, folder, part)


def _hash_or_nothing(path: Path) -> str:
    try:
        return sha256_of(path)
    except OSError:
        return ""


def _resumed(task: Task, prefix: PrefixHash | None) -> Done | None:
    """Return an interrupted run's result for this task if the bytes it read still stand there."""
    done = read_done(task.folder)
    if done is None or done.reason == CHANGED:
        return None
    if task.part is None:
        return done if done.sha256 == _hash_or_nothing(task.source.path) else None
    if prefix is None:
        return None
    same = prefix.was(task.part.end) == prefix.to(task.part.end)
    return done if same else None


def _nothing() -> None:
    """Begin nothing."""


def _hash_all(prefixes: Iterable[PrefixHash]) -> None:
    for prefix in prefixes:
        prefix.whole()


def _add(file: FileResult, done: Done, task: Task) -> None:
    """Add a task's counts to its file's."""
    if task.part is None or not file.profile.records_read:
        given, file.profile = file.profile, done.profile
        file.profile.format = done.profile.format or given.format
    else:
        file.profile.merge(done.profile)
    file.sha256 = file.sha256 or done.sha256
    file.hits += done.hits
    if done.reason:
        file.reason = file.reason or done.reason


def _settle(file: FileResult, prefix: PrefixHash | None) -> None:
    """Give a file its status, and its hash where it was read in stretches."""
    if not file.folders:
        return
    item = file.input
    if prefix is not None:
        file.sha256 = prefix.whole()
    if item.path is not None and changed(item.path, item.size, item.mtime_ns):
        file.reason = CHANGED
    if file.reason == CHANGED:
        file.status = "failed"
        file.profile = Profile(format=file.profile.format)
        file.folders = []
    elif file.reason:
        file.status = "read in part" if file.profile.records_read else "failed"
    else:
        file.status = "read"


def _count_once(files: list[FileResult]) -> None:
    """Of files with the same bytes the first is counted, the others say which that is."""
    first: dict[str, FileResult] = {}
    for file in files:
        if file.status not in ("read", "read in part") or not file.size:
            continue
        earlier = first.setdefault(file.sha256, file)
        if earlier is not file:
            file.status = "duplicate"
            file.reason = f"the same bytes as {earlier.input.name}, counted once"
            file.hits = 0
            file.folders = []


def _compile(files: list[FileResult], shop: Workshop, folder: Path) -> None:
    """Bring the releases of each ocid together over all files, and judge what they make."""
    spills = [f / SPILL for file in files for f in file.folders]
    spills = [spill for spill in spills if spill.is_dir() and any(spill.iterdir())]
    folder.mkdir()
    if not spills:
        return
    from nameplate.sources.compile import (
        compile_run,
    )

    sources = {
        file.input.name: SourceFile(file.input.name, file.input.path, file.size, file.sha256)
        for file in files
        if file.folders and file.input.path is not None
    }
    own = folder / SPILL
    own.mkdir()
    traced: Spill[Traced] = Spill(folder / TRACED)
    aside: Spill[SetAside] = Spill(folder / SET_ASIDE)
    hits = {file.input.name: file for file in files}
    try:
        chunk: Chunk
        for chunk in compile_run(spills, sources, shop.finder, shop.read_options(spill=own)):
            results, refused = judged(chunk.purchases, shop.judge)
            for result in results:
                traced.add(result)
                if result.purchase.source_file in hits:
                    hits[result.purchase.source_file].hits += 1
            for record in chunk.set_aside:
                # It was counted as read when it was only framed.
                profile = hits[record.source_file].profile
                profile.records_read -= 1
                profile.records_set_aside += 1
            for record in (*chunk.set_aside, *refused):
                aside.add(record)
    finally:
        traced.close()
        aside.close()
