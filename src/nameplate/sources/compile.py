"""Compiles the releases of a whole run by ocid and makes purchases of those that concern us.

While files were read, every release's place went into an index on disk. Here the ocids that were
hit anywhere are found in it, with all their releases in any file; these alone are decoded whole,
merged, and turned into purchases. Memory is bounded by working through the ocids in shares.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO, Final, NamedTuple

import msgspec

from nameplate.model import locator
from nameplate.model.purchase import Purchase, TextField
from nameplate.sources.api import Chunk, Finder, ReadOptions, SetAside, SourceFile
from nameplate.sources.contracts_finder import concerns
from nameplate.sources.json_decode import UnreadableError, decode_record, decode_text
from nameplate.sources.json_frames import Container, pointer
from nameplate.sources.ocds_index import (
    HIT,
    NO_OCID,
    Entry,
    IndexMeta,
    read_entries,
    read_meta,
)
from nameplate.sources.ocds_merge import (
    Compilation,
    OCDSMergeError,
    is_versioned,
    latest_of,
    looks_old,
    nameless_awards,
)
from nameplate.sources.ocds_profile import objects
from nameplate.sources.ocds_purchase import purchases
from nameplate.sources.ocds_text import texts

_SHARE: Final = 100_000
"""Hits worked on at a time; about 30 MB of places."""
_HELD: Final = 32 << 20
"""Bytes of one ocid's releases held decoded; beyond it they are read again in order of date."""
_CHUNK: Final = 200

Release = dict[str, Any]


class Ref(NamedTuple):
    """Where one release stands. ``inner`` is its place inside a record (-1: the record itself)."""

    source: str
    offset: int
    length: int
    line: int
    place: str
    hit: bool
    recoded: Path | None


class _Dated(NamedTuple):
    date: str
    order: int
    ref: Ref
    place: str
    release: Release | None


def compile_run(
    spills: Sequence[Path],
    sources: Mapping[str, SourceFile],
    finder: Finder,
    options: ReadOptions,
) -> Iterator[Chunk]:
    """Yield the purchases of all releases indexed in ``spills``, in an order of content only.

    ``sources`` gives each indexed file by name; its path must still be readable. A release that
    cannot be decoded is set aside (it was counted as read when it was only framed).
    """
    indexes = _indexes(spills)
    if not indexes:
        return
    with _Files(sources) as files:
        work = _Work(files, finder, options)
        hits = sum(meta.hits for _, meta, _ in indexes)
        shares = hits // _SHARE + 1
        for share in range(shares):
            for crc, refs in _groups(indexes, share, shares):
                if crc is None:
                    for ref in refs:
                        work.compile([ref])
                else:
                    work.compile(refs)
                if len(work.chunk.purchases) + len(work.chunk.set_aside) >= _CHUNK:
                    yield work.take()
        yield work.take()


def _indexes(spills: Sequence[Path]) -> list[tuple[Path, IndexMeta, int]]:
    """Indexes in the order of their sources, with the number of lines before each part."""
    found = [(folder, meta) for folder in spills if (meta := read_meta(folder))]
    found.sort(key=lambda item: (item[1].source, item[1].start))
    result: list[tuple[Path, IndexMeta, int]] = []
    lines: dict[str, int] = {}
    for folder, meta in found:
        before = lines.get(meta.source, 0)
        result.append((folder, meta, before))
        lines[meta.source] = before + meta.lines
    return result


def _groups(
    indexes: list[tuple[Path, IndexMeta, int]], share: int, shares: int
) -> Iterator[tuple[int | None, list[Ref]]]:
    """Releases of every hit hash in this share, and those without an ocid (hash None)."""
    wanted: dict[int, list[Ref]] = {}
    for folder, meta, _ in indexes:
        if meta.hits:
            for entry in read_entries(folder):
                if entry.flags & HIT and not entry.flags & NO_OCID and entry.crc % shares == share:
                    wanted.setdefault(entry.crc, [])
    alone: list[Ref] = []
    for folder, meta, before in indexes:
        recoded = folder / meta.recoded if meta.recoded else None
        for entry in read_entries(folder):
            if entry.flags & NO_OCID:
                if share == 0 and entry.flags & HIT:
                    alone.append(_ref(entry, meta, before, recoded))
            elif (refs := wanted.get(entry.crc)) is not None:
                refs.append(_ref(entry, meta, before, recoded))
    for crc in sorted(wanted):
        yield crc, sorted(wanted[crc], key=_place)
    if alone:
        yield None, sorted(alone, key=_place)


def _place(ref: Ref) -> tuple[str, int]:
    return ref.source, ref.offset


def _ref(entry: Entry, meta: IndexMeta, before: int, recoded: Path | None) -> Ref:
    return Ref(
        meta.source,
        entry.offset,
        entry.length,
        before + entry.line + 1,
        pointer(Container(entry.container), entry.element),
        bool(entry.flags & HIT),
        recoded,
    )


class _Files:
    """Open files, at most 32 at a time."""

    def __init__(self, sources: Mapping[str, SourceFile]) -> None:
        self.sources = sources
        self._open: OrderedDict[Path, BinaryIO] = OrderedDict()

    def __enter__(self) -> _Files:
        return self

    def __exit__(self, *_: object) -> None:
        for file in self._open.values():
            file.close()

    def data(self, ref: Ref) -> bytes:
        """The bytes of one release."""
        path = ref.recoded or self.sources[ref.source].path
        file = self._open.pop(path, None)
        if file is None:
            if len(self._open) >= 32:
                self._open.popitem(last=False)[1].close()
            file = path.open("rb")
        self._open[path] = file
        file.seek(ref.offset)
        return file.read(ref.length)


class _Work:
    """Compiles one group of releases after another into a chunk."""

    def __init__(self, files: _Files, finder: Finder, options: ReadOptions) -> None:
        self.files, self.finder, self.options = files, finder, options
        self.chunk = Chunk()
        self._anonymous: set[bytes] = set()

    def take(self) -> Chunk:
        """The chunk so far; a new one is begun."""
        chunk, self.chunk = self.chunk, Chunk()
        return chunk

    def compile(self, refs: list[Ref]) -> None:
        """Releases that share a hash: told apart by ocid, those of a hit ocid made purchases."""
        of: dict[str | None, list[_Dated]] = {}
        hit: set[str | None] = set()
        keep = sum(ref.length for ref in refs) <= _HELD
        seen: set[bytes] = set()
        for order, ref in enumerate(refs):
            for place, ocid, release, date in self._releases(ref):
                digest = _digest(release)
                if ref.hit:
                    hit.add(ocid)
                if digest in seen:
                    continue  # published twice, in two files or two pages of a search
                seen.add(digest)
                held = release if keep else None
                of.setdefault(ocid, []).append(_Dated(date, order, ref, place, held))
        for ocid in sorted(hit, key=lambda o: o or ""):
            if ocid in of:
                self._ocid(ocid, of[ocid])

    def _releases(self, ref: Ref) -> Iterator[tuple[str, str | None, Release, str]]:
        """Every release at a place: itself, or those in a record. (place, ocid, release, date)."""
        try:
            value = decode_record(self.files.data(ref))
        except UnreadableError as error:
            self._aside(ref, error.reason)
            return
        except OSError as error:
            self._aside(ref, f"the file can no longer be read: {error.strerror or error}")
            return
        if not isinstance(value, dict):
            self._aside(ref, "the file changed while it was read")
            return
        record: Release = value
        own = record.get("ocid")
        ocid = own if isinstance(own, str) and own.strip() else None
        for place, release, date in _unpacked(record):
            yield place, ocid, release, date

    def _ocid(self, ocid: str | None, dated: list[_Dated]) -> None:
        dated.sort(key=lambda d: (d.date, d.order))
        newest: dict[tuple[str, str], tuple[Ref, str]] = {}
        releases: list[Release] = []
        compiled = self._merge(dated, releases, newest)
        anonymous = ""
        if ocid is None:
            digest = _digest(compiled)
            if digest in self._anonymous:
                return
            self._anonymous.add(digest)
            anonymous = f"no ocid: {digest.hex()}"
        last = dated[-1]
        made = list(purchases(compiled, ocid=ocid, anonymous=anonymous, body=self.options.body))
        earlier = self._earlier(releases, made) if len(releases) > 1 else ()
        for purchase, list_name, name in made:
            ref, place = newest.get((list_name, name), (last.ref, f"{last.ref.place}{last.place}"))
            where = f"{locator.line(ref.line)} {place}".strip()
            source = self.files.sources[ref.source]
            placed = msgspec.structs.replace(
                purchase,
                source_file=source.name,
                source_sha256=source.sha256,
                locator=where,
                texts=(*purchase.texts, *earlier),
            )
            if concerns(placed, self.finder):
                self.chunk.purchases.append(placed)

    def _merge(
        self,
        dated: list[_Dated],
        releases: list[Release],
        newest: dict[tuple[str, str], tuple[Ref, str]],
    ) -> Release:
        """The compiled release; fills ``newest`` with where each award was last published."""
        if len(dated) == 1:
            release = self._again(dated[0])
            releases.append(release)
            _note(release, dated[0], newest)
            return release
        first = self._again(dated[0])
        held = [item.release for item in dated if item.release is not None] or [first]
        merging = Compilation(
            old=looks_old(held), by_position=any(nameless_awards(r) for r in held)
        )
        for item in dated:
            release = self._again(item)
            _note(release, item, newest)
            merging.append(release)
            if item.release is not None:
                releases.append(release)
        try:
            return merging.result()
        except (OCDSMergeError, TypeError, AttributeError, KeyError, ValueError) as error:
            newer = dated[-1]
            for item in dated[:-1]:
                self._aside(item.ref, f"cannot be merged with a later release: {error}")
            newest.clear()
            release = self._again(newer)
            _note(release, newer, newest)
            releases[:] = [release]
            return release

    def _again(self, item: _Dated) -> Release:
        if item.release is not None:
            return item.release
        for place, _, release, _ in self._releases(item.ref):
            if place == item.place:
                return release
        return {}

    def _earlier(
        self, releases: list[Release], made: list[tuple[Purchase, str, str]]
    ) -> tuple[TextField, ...]:
        """Text that names something in an earlier release and was changed since.

        What a later notice no longer says was still said; it is kept under its own path.
        """
        now = {field.text for purchase, _, _ in made for field in purchase.texts}
        found: dict[str, TextField] = {}
        for release in releases:
            tag = str(release.get("id") or release.get("date") or "")
            for field in texts({k: v for k, v in release.items() if k in _SHARED}):
                if field.text not in now and field.text not in found and self._names(field.text):
                    found[field.text] = TextField(f"earlier release {tag} {field.path}", field.text)
        return tuple(found.values())

    def _names(self, text: str) -> bool:
        return self.finder.matches(text)

    def _aside(self, ref: Ref, reason: str) -> None:
        try:
            excerpt = decode_text(self.files.data(ref)[:400])[0]
        except OSError:
            excerpt = ""
        self.chunk.set_aside.append(
            SetAside(
                source_file=ref.source,
                locator=f"{locator.line(ref.line)} {ref.place}".strip(),
                reason=reason,
                excerpt=" ".join(excerpt.split())[:200],
            )
        )


_SHARED: Final = ("title", "description", "planning", "tender")
"""Members whose earlier text concerns every award of a process."""


def _unpacked(record: Release) -> Iterator[tuple[str, Release, str]]:
    """The releases a record stands for, each with its place in it and its date for the order.

    A compiled release comes first of all when the releases it was made from are there, too, so
    that they overrule it; alone or beside mere links it stands at its own date.
    """
    if is_versioned(record):
        release = latest_of(record)
        yield "", release, _date(release)
        return
    compiled, versioned = record.get("compiledRelease"), record.get("versionedRelease")
    is_record = "releases" in record or compiled is not None or versioned is not None
    if not is_record:
        yield "", record, _date(record)
        return
    embedded = [
        (index, r)
        for index, r in enumerate(_list(record.get("releases")))
        if isinstance(r, dict) and (len(r) > 3 or "url" not in r)
    ]
    if isinstance(compiled, dict):
        yield "/compiledRelease", compiled, "" if embedded else _date(compiled)
    for index, release in embedded:
        yield f"/releases/{index}", release, _date(release)
    if not embedded and compiled is None and isinstance(versioned, dict):
        release = latest_of(versioned)
        yield "/versionedRelease", release, _date(release)


def _date(release: Release) -> str:
    value = release.get("date")
    return value if isinstance(value, str) else ""


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _note(release: Release, item: _Dated, newest: dict[tuple[str, str], tuple[Ref, str]]) -> None:
    for name in ("awards", "contracts"):
        for index, entry in enumerate(objects(release.get(name))):
            key = str(entry["id"]) if entry.get("id") not in (None, "") else f"[{index}]"
            newest[name, key] = (item.ref, f"{item.ref.place}{item.place}/{name}/{index}".strip())


def _digest(release: Release) -> bytes:
    """A hash of a release's content, whatever the order of its members and its white space."""
    return hashlib.sha256(msgspec.json.encode(release, order="deterministic")).digest()
