"""Reads notices in JSON: OCDS 1.0 and 1.1 in every framing, and Contracts Finder's own exports.

OCDS releases are only counted and indexed here; :mod:`nameplate.sources.compile` makes purchases
of them once the whole run has been read, because releases of one process come in many files.
Contracts Finder's own notices stand for themselves and become purchases at once.
"""

from __future__ import annotations

import codecs
import io
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, BinaryIO, Final

import msgspec

from nameplate.model import locator
from nameplate.model.errors import InputError
from nameplate.sources import contracts_finder
from nameplate.sources.api import (
    Chunk,
    Finder,
    Mode,
    Part,
    Profile,
    ReadOptions,
    SetAside,
    SourceFile,
)
from nameplate.sources.json_decode import Json, UnreadableError, decode_record, decode_text
from nameplate.sources.json_frames import Container, Frame, frames
from nameplate.sources.json_lines import Line, is_lines, line_blocks, scan_lines
from nameplate.sources.json_window import BLOCK, MIB, Window
from nameplate.sources.ocds_index import ENTRY, HIT, NO_OCID, IndexWriter, ocid_key
from nameplate.sources.ocds_merge import is_versioned, latest_of
from nameplate.sources.ocds_profile import HEAD, Counter, Head, objects

_BOMS: Final = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_BARE: Final = (
    (b"{\0", "utf-16-le"),
    (b"[\0", "utf-16-le"),
    (b"\0{", "utf-16-be"),
    (b"\0[", "utf-16-be"),
)

_RELEASE: Final = frozenset(
    {
        "ocid",
        "tag",
        "tender",
        "awards",
        "contracts",
        "planning",
        "buyer",
        "initiationType",
        "parties",
    }
)
_SAMPLE: Final = 100
"""Records of a file whose member names are checked against the standard's."""
_KNOWN: Final = frozenset(
    """
    ocid id date tag initiationType language title description parties buyer planning tender bids
    awards contracts relatedProcesses complaints releases compiledRelease versionedRelease sources
    publisher links uri version extensions constructed
    """.split()  # noqa: SIM905 - a table of names, best read as one
)
_SMALLEST_PART: Final = 8 * MIB


class JsonReader:
    """Reader of notices in JSON; see :class:`nameplate.sources.api.Reader`."""

    def split(self, source: SourceFile, parts: int) -> list[Part]:
        """Cut a file of JSON lines at line starts; one part where it is framed otherwise.

        ``first_line`` is 0 in all parts but the first: counting it would mean reading the file
        twice. The index keeps lines within their part, and compiling adds up the parts.
        """
        whole = [Part(0, source.size)]
        count = min(parts, source.size // _SMALLEST_PART)
        if count < 2:
            return whole
        with source.path.open("rb") as file:
            head = file.read(BLOCK)
            if _encoding(head) != "utf-8" or not is_lines(head, at_end=False):
                return whole
            cuts = [0]
            for number in range(1, count):
                file.seek(source.size * number // count)
                line = file.readline(BLOCK)
                at = file.tell()
                if line.endswith(b"\n") and cuts[-1] < at < source.size:
                    cuts.append(at)
        ends = [*cuts[1:], source.size]
        return [Part(a, b, 1 if a == 0 else 0) for a, b in zip(cuts, ends, strict=True)]

    def read(
        self, source: SourceFile, finder: Finder, options: ReadOptions, profile: Profile
    ) -> Iterator[Chunk]:
        """Count and index the records; without ``options.spill``, compile them at the end, too."""
        if options.spill is not None:
            yield from _Reading(source, finder, options, profile, options.spill).run()
            return
        from nameplate.sources.compile import compile_run

        with tempfile.TemporaryDirectory(prefix="nameplate-") as folder:
            spill = Path(folder)
            yield from _Reading(source, finder, options, profile, spill).run()
            yield from compile_run([spill], {source.name: source}, finder, options)


class _Reading:
    """One pass over one file or part."""

    def __init__(
        self,
        source: SourceFile,
        finder: Finder,
        options: ReadOptions,
        profile: Profile,
        spill: Path,
    ) -> None:
        self.source, self.finder, self.options, self.profile = source, finder, options, profile
        self.quick = options.mode is Mode.QUICK
        self.spill = spill
        self.counter = Counter()
        self.chunk = Chunk()
        self.members: dict[str, object] = {}
        self.kinds: set[str] = set()
        self.unknown: dict[str, int] = {}
        self.sampled = 0
        self.linked = 0
        self.part = options.part or Part(0, source.size)
        self.index = IndexWriter(spill, source.name, self.part.start)

    def run(self) -> Iterator[Chunk]:
        try:
            with self.source.path.open("rb") as file:
                yield from self._run(file)
        except OSError as error:
            raise InputError(
                f"the file cannot be read: {error.strerror or error}",
                where=self.source.name,
                do="check that it is still there and that you may read it",
            ) from error

    def _run(self, file: BinaryIO) -> Iterator[Chunk]:
        on_bytes = None if self.options.part else self.options.on_bytes
        file.seek(self.part.start)
        tap = _Tap(file, on_bytes, self.part.end - self.part.start)
        stream: BinaryIO | _Tap = tap
        head = file.read(BLOCK)
        file.seek(self.part.start)
        encoding = _encoding(head) if self.part.start == 0 else "utf-8"
        skip = 3 if self.part.start == 0 and head.startswith(codecs.BOM_UTF8) else 0
        if encoding not in ("utf-8", "windows-1252"):
            stream = self._recoded(tap, encoding)
            head = stream.read(BLOCK)
            stream.seek(0)
            skip = 0
        self.profile.encoding = f"{encoding} with a byte order mark" if skip else encoding
        if self.options.part or is_lines(head[skip:], at_end=len(head) < BLOCK):
            yield from self._lines(stream, skip)
        else:
            yield from self._frames(stream, skip)
        tap.finish()
        if stream is not tap:
            stream.close()
        self._finish()
        yield self._out(self.part.end)

    def _recoded(self, stream: _Tap, encoding: str) -> BinaryIO:
        """A UTF-8 copy beside the index; locators count lines and elements, which stay the same."""
        path = self.spill / "recoded.json"
        decoder = codecs.getincrementaldecoder(encoding)("replace")
        with path.open("wb") as copy:
            while block := stream.read(BLOCK):
                copy.write(decoder.decode(block).encode("utf-8", "replace"))
            copy.write(decoder.decode(b"", final=True).encode("utf-8", "replace"))
        stream.finish()
        self.index.meta.recoded = path.name
        return path.open("rb")

    def _lines(self, stream: BinaryIO | _Tap, skip: int) -> Iterator[Chunk]:
        self.kinds.add("JSON lines")
        offset = self.part.start
        line = 0
        for block, rest in line_blocks(stream):
            start = skip if offset == 0 else 0
            if rest is not None:
                window = Window(_Joined(block, rest), offset=offset + start, line=line + 1)
                if start:
                    window.ensure(start)
                    window.position = start
                yield from self._walk(window)
                line = window.line - 1
                break
            line = self._block(block, offset, line, start)
            offset += len(block)
            yield self._out(offset)
        self.index.meta.lines = line

    def _block(self, block: bytes, offset: int, line: int, start: int) -> int:
        """Count and index one block of whole lines; returns the line number after it."""
        hits = self.finder.scan(block)
        if self.quick:
            read, number, odd = scan_lines(block, start, hits, self.index, offset=offset, line=line)
            self.profile.records_read += read
            if read:
                self.kinds.add("release")
            for item in odd:
                self._line(block, item, offset)
            return number
        decode = HEAD.decode
        counted = self.counter.head
        find, pack, packed, found = block.find, ENTRY.pack, bytearray(), 0
        pointer, total = 0, len(hits)
        size = len(block)
        read = 0
        self._look_at(block, start)
        while start < size:
            end = find(b"\n", start)
            if end < 0:
                end = size
            hit = False
            while pointer < total and hits[pointer] < end:
                hit = True
                pointer += 1
            text = block[start:end]
            try:
                head = decode(text)
                ocid = head.ocid
                if (
                    not ocid
                    or head.releases is not _UNSET
                    or head.records is not _UNSET
                    or (head.compiledRelease is not _UNSET or head.versionedRelease is not _UNSET)
                ):
                    raise _Unusual
            except (_Unusual, msgspec.DecodeError, UnicodeDecodeError, RecursionError):
                self._line(block, Line(start, end, line, hit), offset)
            else:
                counted(head)
                read += 1
                packed += pack(ocid_key(ocid), end - start, offset + start, line, 0, 0, hit)
                found += hit
            start = end + 1
            line += 1
        self.index.extend(packed, read, found)
        self.profile.records_read += read
        if read:
            self.kinds.add("release")
        self.counter.tick()
        return line if block.endswith(b"\n") else line - 1

    def _look_at(self, block: bytes, start: int) -> None:
        """Check the member names of the first records, so that unknown source data is loud."""
        while self.sampled < _SAMPLE and start < len(block):
            end = block.find(b"\n", start)
            end = len(block) if end < 0 else end
            try:
                value = msgspec.json.decode(block[start:end], type=dict[str, msgspec.Raw])
            except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
                value = {}
            self._sample(value)
            start = end + 1

    def _sample(self, value: dict[str, Any]) -> None:
        self.sampled += 1
        for key in value:
            if key not in _KNOWN and len(self.unknown) < 50:
                self.unknown[key] = self.unknown.get(key, 0) + 1

    def _line(self, block: bytes, item: Line, offset: int) -> None:
        """One line that is not plainly a release: blank, broken, a record or a package."""
        text = block[item.start : item.end]
        if not text.strip():
            return
        error = ""
        value: Json = None
        try:
            value = decode_record(text)
        except UnreadableError as unreadable:
            error = unreadable.reason
        at, number = offset + item.start, item.line + 1
        lists = isinstance(value, list) or (isinstance(value, dict) and not _RELEASE & value.keys())
        if not error and lists:
            window = Window(io.BytesIO(text), offset=at, line=number)
            for frame in frames(window, self.members):
                self._frame(frame, self._hit(frame) if item.hit else False)
            return
        frame = Frame(text, at, len(text), number, Container.TOP, 0, error)
        self._frame(frame, hit=item.hit)

    def _frames(self, stream: BinaryIO | _Tap, skip: int) -> Iterator[Chunk]:
        window = Window(stream, offset=0)
        window.ensure(skip)
        window.position = min(skip, len(window.buffer))
        yield from self._walk(window)
        self.index.meta.lines = window.line - 1

    def _walk(self, window: Window) -> Iterator[Chunk]:
        reported = window.offset
        for frame in frames(window, self.members):
            self._frame(frame, self._hit(frame))
            if window.offset - reported > BLOCK:
                reported = window.offset
                self.counter.tick()
                yield self._out(reported)

    def _hit(self, frame: Frame) -> bool:
        return bool(self.finder.scan(frame.data))

    def _frame(self, frame: Frame, hit: bool) -> None:
        """Count and index one record, or set it aside with its reason."""
        try:
            if not frame.error:
                head = HEAD.decode(frame.data)
                if head.ocid and _is_plain(head):
                    self._index(frame, head.ocid, hit)
                    if not self.quick:
                        self.counter.head(head)
                        if self.sampled < _SAMPLE:
                            self._sample(
                                msgspec.json.decode(frame.data, type=dict[str, msgspec.Raw])
                            )
                    self._read("release")
                    return
            elif frame.length != len(frame.data):
                raise UnreadableError(frame.error)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            pass
        except UnreadableError as error:
            self._aside(frame, error.reason)
            return
        try:
            self._decoded(frame, decode_record(frame.data), hit)
        except UnreadableError as error:
            self._aside(frame, frame.error or error.reason)

    def _decoded(self, frame: Frame, value: Json, hit: bool) -> None:
        if not isinstance(value, dict):
            raise UnreadableError(f"JSON, but {_named(value)} where a notice was expected")
        record: dict[str, Any] = value
        if frame.container in (Container.CONTRACTS, Container.NOTICES) or (
            contracts_finder.is_notice(record)
        ):
            self._contracts_finder(frame, record, hit)
            return
        if not _RELEASE & record.keys() and any(
            isinstance(record.get(name), list) for name in ("releases", "records")
        ):
            # A package inside a list of packages.
            window = Window(io.BytesIO(frame.data), offset=frame.offset, line=frame.line)
            for inner in frames(window, self.members):
                self._frame(inner, self._hit(inner) if hit else False)
            return
        inside = frame.container in (Container.RELEASES, Container.RECORDS)
        if not (_RELEASE & record.keys() or inside):
            names = ", ".join(list(record)[:6]) or "no members"
            raise UnreadableError(
                f"JSON, but neither an OCDS release or record nor a notice (it has {names})"
            )
        ocid = record.get("ocid")
        known = isinstance(ocid, str) and bool(ocid.strip())
        if known or hit:
            self._index(frame, ocid if known and isinstance(ocid, str) else "", hit)
        if not self.quick:
            for release in self._releases(record):
                self.counter.release(release)
            if self.sampled < _SAMPLE:
                self._sample(record)
        is_record = frame.container is Container.RECORDS or any(
            name in record for name in ("releases", "compiledRelease", "versionedRelease")
        )
        self._read("record" if is_record else "release")

    def _releases(self, record: dict[str, Any]) -> list[dict[str, Any]]:
        """What a record counts as: its compiled release, or else the releases inside it."""
        if is_versioned(record):
            return [latest_of(record)]
        compiled, versioned = record.get("compiledRelease"), record.get("versionedRelease")
        inside = list(objects(record.get("releases")))
        linked = [r for r in inside if "url" in r and "ocid" not in r and "tender" not in r]
        self.linked += len(linked)
        if isinstance(compiled, dict):
            return [compiled]
        if isinstance(versioned, dict) and len(linked) == len(inside):
            return [latest_of(versioned)]
        if "releases" in record:
            return [r for r in inside if r not in linked]
        return [record]

    def _contracts_finder(self, frame: Frame, record: dict[str, Any], hit: bool) -> None:
        notice = contracts_finder.notice(record)
        self._read("Contracts Finder notice")
        if not self.quick:
            contracts_finder.count(notice, self.profile)
        if not hit:
            return
        where = f"{locator.line(frame.line)} {frame.pointer}".strip()
        made = contracts_finder.purchase(notice, self.source, where, self.options.body)
        if contracts_finder.concerns(made, self.finder):
            self.chunk.purchases.append(made)

    def _index(self, frame: Frame, ocid: str, hit: bool) -> None:
        self.index.add(
            ocid_key(ocid) if ocid else 0,
            frame.length,
            frame.offset,
            frame.line - 1,
            index=frame.index,
            container=int(frame.container),
            flags=(HIT if hit else 0) | (0 if ocid else NO_OCID),
        )

    def _read(self, kind: str) -> None:
        self.profile.records_read += 1
        self.kinds.add(kind)

    def _aside(self, frame: Frame, reason: str) -> None:
        self.profile.records_set_aside += 1
        text, _ = decode_text(frame.data[:400])
        line = frame.line
        if self.part.first_line == 0:
            line += _lines_before(self.source.path, self.part.start)
        self.chunk.set_aside.append(
            SetAside(
                source_file=self.source.name,
                locator=f"{locator.line(line)} {frame.pointer}".strip(),
                reason=reason,
                excerpt=" ".join(text.split())[:200],
            )
        )

    def _out(self, done: int) -> Chunk:
        chunk, self.chunk = self.chunk, Chunk()
        chunk.bytes_done = done
        return chunk

    def _finish(self) -> None:
        self.index.close()
        profile = self.profile
        if self.quick:
            profile.computed = False
        else:
            self.counter.finish(profile)
        version = self.members.get("version")
        names = sorted(self.kinds - {"JSON lines"})
        kind = " and ".join(f"{n}s" for n in names) or "JSON without notices"
        empty = next((n for n in ("releases", "records") if n in self.members), "")
        if not names and empty:
            kind = f"OCDS package without {empty}"
        framing = ", JSON lines" if "JSON lines" in self.kinds else ""
        owner = "" if names == ["Contracts Finder notice"] or not names else "OCDS "
        stated = f" {version}" if isinstance(version, str) and owner else ""
        profile.format = f"{owner.strip()}{stated} {kind}{framing}".strip()
        if self.unknown:
            listed = ", ".join(sorted(self.unknown))
            profile.notes.append(f"members that OCDS does not know, read for their text: {listed}")
        if self.linked:
            profile.notes.append(
                f"{self.linked} linked releases are only addresses: not computable without them"
            )
        if not self.source.size:
            profile.notes.append("the file is empty")


class _Unusual(Exception):
    """A line that is more than a plain release."""


_UNSET: Final = msgspec.UNSET


def _is_plain(head: Head) -> bool:
    return (
        head.releases is _UNSET
        and head.records is _UNSET
        and head.compiledRelease is _UNSET
        and head.versionedRelease is _UNSET
    )


def _encoding(head: bytes) -> str:
    """The encoding of a JSON file from its first bytes (RFC 4627, section 3; byte order marks)."""
    for mark, name in _BOMS:
        if head.startswith(mark):
            return name
    for start, name in _BARE:
        if head.startswith(start):
            return name
    if head.isascii():
        return "utf-8"
    return decode_text(head[: head.rfind(b"\n") + 1] or head[:-4])[1]


def _named(value: Json) -> str:
    names = {list: "a list", str: "a string", bool: "true or false", type(None): "null"}
    return names.get(type(value), "a number")


def _lines_before(path: Path, end: int) -> int:
    """Line breaks in the first ``end`` bytes; only read when a record in a later part is broken."""
    count = 0
    with path.open("rb") as file:
        while end > 0 and (block := file.read(min(BLOCK, end))):
            count += block.count(b"\n")
            end -= len(block)
    return count


class _Tap:
    """A file's bytes up to an end, shown to ``on_bytes`` as they pass."""

    def __init__(
        self, file: BinaryIO, on_bytes: Callable[[bytes | memoryview], object] | None, size: int
    ) -> None:
        self._file, self._on_bytes, self._left = file, on_bytes, size

    def read(self, size: int, /) -> bytes:
        """Up to ``size`` bytes; fewer only at the end."""
        data = self._file.read(min(size, self._left))
        self._left -= len(data)
        if self._on_bytes and data:
            self._on_bytes(data)
        return data

    def close(self) -> None:
        """Nothing: whoever opened the file closes it."""

    def finish(self) -> None:
        """Read what is left, so that the hash is of the whole file."""
        while self.read(BLOCK):
            pass


class _Joined:
    """A block already read, and the stream it came from."""

    def __init__(self, block: bytes, rest: BinaryIO | _Tap) -> None:
        self._block, self._rest = block, rest

    def read(self, size: int, /) -> bytes:
        """The block first, whole; then the stream."""
        if self._block:
            block, self._block = self._block, b""
            return block
        return self._rest.read(size)
