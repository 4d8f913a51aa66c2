"""Snapshots of lists in a workspace folder: content-addressed, checked, never overwritten.

Layout under the folder: ``originals/ab/<sha256>`` holds every file as it came;
``<list>/<snapshot>.jsonl`` its entries, ``<list>/<snapshot>.set_aside.jsonl`` the rows set aside,
and ``<list>/snapshots.json`` the record of all imports, the last of which is in force. A refused
import writes nothing there, so the snapshot in force stays.
"""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import msgspec

from nameplate.catalogue.watchlists import registry
from nameplate.catalogue.watchlists.entry import ListEntry, Reading, SetAside
from nameplate.catalogue.watchlists.registry import ListSpec
from nameplate.model.errors import InputError, StoreError, UsageError

READER_VERSION: Final = 1
"""Raised when a reader understands more: the same file is then read again."""

JUMP: Final = 5.0
"""A list that grows fivefold between two imports is the wrong file until a person says not."""
FALL: Final = 0.7
"""A list that loses three in ten entries is cut off until a person says not: of the lists seen,
none has lost more than one in twenty in one edition."""
ASIDE: Final = 0.05
"""Share of rows set aside above which a file is refused whole."""


class File(msgspec.Struct, frozen=True):
    """One original: its role in the import, its own name, SHA-256 and length in bytes."""

    role: str
    name: str
    sha256: str
    bytes: int


class Snapshot(msgspec.Struct, frozen=True, kw_only=True):
    """The record of one import.

    ``snapshot_id`` is the SHA-256 of the file (of all files' hashes where there are several).
    ``published`` is the publisher's date of the file, ``received`` the day it was imported here:
    the second clock. ``unknown`` counts, by field, what the reader does not understand.
    """

    list_key: str
    snapshot_id: str
    title: str
    basis: str
    files: tuple[File, ...]
    published: str
    received: str
    reader_version: int
    rows: int
    entries: int
    set_aside: int
    by_watchlist: dict[str, int]
    unknown: dict[str, int]
    auxiliary: dict[str, int]
    notes: tuple[str, ...]
    entries_file: str
    entries_sha256: str


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """One difference between two snapshots: ``added``, ``changed`` (which fields) or ``ended``."""

    kind: str
    entry_id: str
    name: str
    valid_from: str
    valid_to: str
    fields: tuple[str, ...] = ()


class Imported(msgspec.Struct, frozen=True, kw_only=True):
    """What an import did: the snapshot now in force, whether it is new, and what changed."""

    snapshot: Snapshot
    is_new: bool
    previous: Snapshot | None
    changes: tuple[Change, ...]
    set_aside: tuple[SetAside, ...]


def sha256_of(path: Path) -> str:
    """SHA-256 of a file, read in blocks."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


class Store:
    """The lists kept in one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def history(self, list_key: str) -> list[Snapshot]:
        """All snapshots of a list in the order of import; raises StoreError on a damaged record."""
        path = self.folder / list_key / "snapshots.json"
        if not path.is_file():
            return []
        try:
            return msgspec.json.decode(path.read_bytes(), type=list[Snapshot])
        except msgspec.DecodeError as error:
            raise StoreError(
                f"the record of snapshots is damaged ({error})",
                where=f"{list_key}/snapshots.json",
                do="restore it, or import the originals again into a new folder",
            ) from error

    def lists(self) -> list[str]:
        """Keys of all lists that have a snapshot here, sorted."""
        return sorted(path.parent.name for path in self.folder.glob("*/snapshots.json"))

    def in_force(self, list_key: str) -> Snapshot | None:
        """The last snapshot of a list, or None where there is none."""
        history = self.history(list_key)
        return history[-1] if history else None

    def find(self, list_key: str, start: str) -> Snapshot:
        """The snapshot whose id begins with ``start``; raises UsageError where not exactly one."""
        found = [s for s in self.history(list_key) if s.snapshot_id.startswith(start)]
        if len(found) != 1:
            raise UsageError(
                f"{len(found)} snapshots of {list_key} begin with {start!r}",
                do="`nameplate catalogue lists --into DIR` names them",
            )
        return found[0]

    def entries(self, snapshot: Snapshot) -> Iterator[ListEntry]:
        """The entries of a snapshot; raises StoreError where the file was altered or is gone."""
        path = self.folder / snapshot.list_key / snapshot.entries_file
        if not path.is_file() or sha256_of(path) != snapshot.entries_sha256:
            raise StoreError(
                "the entries of this snapshot are missing or were altered",
                where=f"{snapshot.list_key}/{snapshot.entries_file}",
                do="import the original again into a new folder",
            )
        decoder = msgspec.json.Decoder(ListEntry)
        with path.open("rb") as stream:
            for line in stream:
                yield decoder.decode(line)

    def bring_in(
        self,
        list_key: str,
        path: Path,
        *,
        received: str,
        published: str = "",
        accept: bool = False,
    ) -> Imported:
        """Import a file as the newest snapshot of a list.

        The same file again changes nothing. Raises InputError, LimitError or UsageError where the
        file is not the list, is cut off, or has an unlikely number of entries (``accept`` waives
        the comparison with the snapshot in force, never the list's own bounds).
        """
        spec = registry.spec(list_key)
        form = registry.form(spec, path)
        files = tuple(
            File(role, one.name, sha256_of(one), one.stat().st_size)
            for role, one in registry.files(spec, path).items()
        )
        snapshot_id = _snapshot_id(files)
        history = self.history(list_key)
        current = history[-1] if history else None
        same = current and current.snapshot_id == snapshot_id
        if current and same and current.reader_version == READER_VERSION:
            return Imported(
                snapshot=current, is_new=False, previous=current, changes=(), set_aside=()
            )
        if not accept and not same and any(s.snapshot_id == snapshot_id for s in history):
            raise InputError(
                "this file was imported before and is older than the snapshot in force",
                where=path.name,
                do="give --accept-change to go back to it",
            )
        folder = self.folder / list_key
        self.folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=self.folder, prefix=".import-") as scratch:
            reading = Reading()
            draft = Path(scratch) / "entries"
            counts = _write(draft, form.read(path, reading, spec.max_bytes), spec, path)
            _sane(spec, path, reading, counts.total(), current, accept=accept)
            snapshot = Snapshot(
                list_key=list_key,
                snapshot_id=snapshot_id,
                title=spec.title,
                basis=form.basis,
                files=files,
                published=published or reading.published,
                received=received,
                reader_version=READER_VERSION,
                rows=reading.rows,
                entries=counts.total(),
                set_aside=len(reading.set_aside),
                by_watchlist=dict(sorted(counts.items())),
                unknown=dict(sorted(reading.unknown.items())),
                auxiliary=dict(sorted(reading.auxiliary.items())),
                notes=tuple(reading.notes),
                entries_file=f"{snapshot_id[:16]}-r{READER_VERSION}.jsonl",
                entries_sha256=sha256_of(draft),
            )
            folder.mkdir(exist_ok=True)
            self._keep(list(registry.files(spec, path).values()), files)
            aside = Path(scratch) / "aside"
            aside.write_bytes(b"".join(msgspec.json.encode(r) + b"\n" for r in reading.set_aside))
            aside.replace(folder / f"{snapshot_id[:16]}.set_aside.jsonl")
            draft.replace(folder / snapshot.entries_file)
            log = Path(scratch) / "log"
            text = msgspec.json.encode([*history, snapshot])
            log.write_bytes(msgspec.json.format(text, indent=1) + b"\n")
            log.replace(folder / "snapshots.json")
        changes = tuple(self.diff(current, snapshot)) if current else ()
        return Imported(
            snapshot=snapshot,
            is_new=True,
            previous=current,
            changes=changes,
            set_aside=tuple(reading.set_aside),
        )

    def _keep(self, paths: list[Path], files: tuple[File, ...]) -> None:
        for path, file in zip(paths, files, strict=True):
            home = self.folder / "originals" / file.sha256[:2] / file.sha256
            if home.exists():
                continue
            home.parent.mkdir(parents=True, exist_ok=True)
            copy = home.with_suffix(".part")
            shutil.copyfile(path, copy)
            if sha256_of(copy) != file.sha256:
                copy.unlink()
                raise InputError("the file changed while it was read", where=path.name, do="retry")
            copy.replace(home)

    def diff(self, old: Snapshot, new: Snapshot) -> Iterator[Change]:
        """What changed from one snapshot to another: added, changed, ended, in order of name.

        An entry has ended where it is gone, or where it has got an end that it had not.
        """
        before = {entry.entry_id: entry for entry in self.entries(old)}
        changes = []
        for entry in self.entries(new):
            was = before.pop(entry.entry_id, None)
            if was is None:
                changes.append(_change("added", entry))
                continue
            fields = tuple(
                name
                for name in ListEntry.__struct_fields__
                if name != "locator" and getattr(was, name) != getattr(entry, name)
            )
            if entry.valid_to and not was.valid_to:
                changes.append(_change("ended", entry, fields))
            elif fields:
                changes.append(_change("changed", entry, fields))
        changes += [_change("ended", entry, ("gone",)) for entry in before.values()]
        yield from sorted(changes, key=lambda c: (c.kind, c.name.casefold(), c.entry_id))


def _change(kind: str, entry: ListEntry, fields: tuple[str, ...] = ()) -> Change:
    return Change(
        kind=kind,
        entry_id=entry.entry_id,
        name=entry.name,
        valid_from=entry.valid_from,
        valid_to=entry.valid_to,
        fields=fields,
    )


def _snapshot_id(files: tuple[File, ...]) -> str:
    if len(files) == 1:
        return files[0].sha256
    key = msgspec.json.encode([[file.role, file.sha256] for file in files])
    return hashlib.sha256(key).hexdigest()


def _write(draft: Path, entries: Iterator[ListEntry], spec: ListSpec, path: Path) -> Counter[str]:
    """Write entries as they come, ids made unique; returns how many by watchlist."""
    counts: Counter[str] = Counter()
    seen: Counter[str] = Counter()
    encoder = msgspec.json.Encoder(order="sorted")
    total = 0
    with draft.open("wb") as stream:
        for entry in entries:
            total += 1
            if total > spec.most:
                raise InputError(
                    f"the file has more than {spec.most:,} entries, as many as {spec.key} can have",
                    where=path.name,
                    do="check that it is the list itself; the snapshot in force stays",
                )
            seen[entry.entry_id] += 1
            if seen[entry.entry_id] > 1:
                again = f"{entry.entry_id}#{seen[entry.entry_id]}"
                entry = msgspec.structs.replace(entry, entry_id=again)
            counts[entry.watchlist or entry.source_list] += 1
            stream.write(encoder.encode(entry) + b"\n")
    return counts


def _sane(
    spec: ListSpec,
    path: Path,
    reading: Reading,
    entries: int,
    current: Snapshot | None,
    *,
    accept: bool,
) -> None:
    aside = len(reading.set_aside)
    stays = "the snapshot in force stays"
    if aside > max(3, ASIDE * reading.rows):
        first = reading.set_aside[0]
        raise InputError(
            f"{aside} of {reading.rows} rows can't be read, the first because it {first.reason}"
            if first.reason.startswith("has ")
            else f"{aside} of {reading.rows} rows can't be read, the first because {first.reason}",
            where=f"{path.name}, {first.locator}",
            do=stays,
        )
    if entries < spec.least:
        raise InputError(
            f"the file has {entries} entries, {spec.key} has at least {spec.least}",
            where=path.name,
            do=f"check that it is whole and the list you named; {stays}",
        )
    if current is None or accept:
        return
    if entries < FALL * current.entries:
        raise InputError(
            f"the file has {entries} entries, the snapshot in force {current.entries}: it is "
            "probably cut off",
            where=path.name,
            do=f"give --accept-change where the list did shrink; {stays}",
        )
    if entries > JUMP * current.entries and entries > 20:
        raise InputError(
            f"the file has {entries} entries, the snapshot in force {current.entries}: it is "
            "probably another list",
            where=path.name,
            do=f"give --accept-change where the list did grow; {stays}",
        )
