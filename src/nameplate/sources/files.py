"""Finding the files of a run: what was given, in a fixed order, under names fit to be shown."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from nameplate.model.errors import UsageError

STDIN = "-"


@dataclass(frozen=True, slots=True)
class Found:
    """A file to be read. ``name`` holds no absolute path; sizes in bytes."""

    name: str
    path: Path
    size: int
    mtime_ns: int


@dataclass(frozen=True, slots=True)
class Unread:
    """Something that was given but could not be opened, and why, for the list of coverage."""

    name: str
    reason: str
    failed: bool = True
    """False where it was left alone on purpose (a device, a link to a folder)."""


def discover(paths: Sequence[str], *, leave_out: Path | None = None) -> Iterator[Found | Unread]:
    """Yield every file under ``paths`` in the order given, folders walked by name.

    Shown names start at the folder given; a file given by a relative path keeps its folder's
    name, because that may say whose it is. Hidden entries of folders are passed over.
    ``leave_out`` (the folder of outputs) is never read. Raises UsageError where a path is missing.
    """
    taken: set[str] = set()
    for given in paths:
        path = Path(given)
        if not path.exists() and not path.is_symlink():
            raise UsageError("there is no such file or folder", where=given, do="check the path")
    for given in paths:
        path = Path(given)
        base = path.name or path.resolve().name
        if path.is_dir():
            entries = _walk(path, "" if given in (".", "./") else base, leave_out)
        else:
            parent = "" if path.is_absolute() else path.parent.name
            entries = iter([_look(path, f"{parent}/{base}".lstrip("/.") or base)])
        for entry in entries:
            yield _renamed(entry, taken)


def _renamed(entry: Found | Unread, taken: set[str]) -> Found | Unread:
    """Number a name that a file before it has already."""
    name, count = entry.name, 1
    while name in taken:
        count += 1
        name = f"{entry.name}~{count}"
    taken.add(name)
    if name == entry.name:
        return entry
    if isinstance(entry, Found):
        return Found(name, entry.path, entry.size, entry.mtime_ns)
    return Unread(name, entry.reason, entry.failed)


def _walk(folder: Path, name: str, leave_out: Path | None) -> Iterator[Found | Unread]:
    """Walk a folder depth first, entries by name, without following links to folders."""
    if leave_out is not None and folder.resolve() == leave_out:
        return
    try:
        with os.scandir(folder) as scan:
            entries = sorted(scan, key=lambda entry: entry.name)
    except OSError as error:
        yield Unread(name or ".", f"the folder could not be opened: {why(error)}")
        return
    for entry in entries:
        if entry.name.startswith("."):
            continue
        shown = f"{name}/{entry.name}" if name else entry.name
        if entry.is_dir(follow_symlinks=False):
            yield from _walk(Path(entry.path), shown, leave_out)
        elif entry.is_symlink() and entry.is_dir():
            yield Unread(shown, "it is a link to a folder: give that folder itself", failed=False)
        else:
            yield _look(Path(entry.path), shown)


def _look(path: Path, name: str) -> Found | Unread:
    """Stat one file; anything but a plain file is left alone."""
    try:
        stat = path.stat()
    except OSError as error:
        return Unread(name, f"the file could not be opened: {why(error)}")
    if not path.is_file():
        return Unread(name, "it is no plain file", failed=False)
    if not os.access(path, os.R_OK):
        return Unread(name, "the file could not be opened: permission denied")
    return Found(name, path, stat.st_size, stat.st_mtime_ns)


def why(error: OSError) -> str:
    """The cause of a system error in plain words, without this machine's paths."""
    if error.errno == errno.ENOSPC:
        return "the disk is full"
    return (error.strerror or type(error).__name__).lower()
