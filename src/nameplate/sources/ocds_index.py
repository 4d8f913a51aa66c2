"""The spill index: where every release of a run stands, by a 32-bit hash of its ocid.

One fixed-size entry a release goes to disk while files are read, so memory does not grow with
the run; :mod:`nameplate.sources.compile` then finds the releases that belong together. A hash
that two ocids share costs a second look, never a wrong merge: the ocid itself is compared there.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

import msgspec

from nameplate.model.errors import StoreError

ENTRY: Final = struct.Struct("<IIQQIHH")
"""crc of ocid, length, offset, line (from 0 in its part), index, container, flags."""

HIT: Final = 1
"""Flag: the byte scan hit this release."""
NO_OCID: Final = 2
"""Flag: the release has no ocid and stands for itself."""

_BATCH: Final = 4096 * ENTRY.size


class IndexMeta(msgspec.Struct, kw_only=True):
    """What one index file is about: which source, from which byte on, and its counts.

    ``lines`` is the number of line breaks in the part; ``recoded`` the name (beside the index) of
    the source's UTF-8 copy, where the original is in another encoding.
    """

    source: str
    start: int = 0
    lines: int = 0
    entries: int = 0
    hits: int = 0
    recoded: str = ""


class Entry(NamedTuple):
    """One release's place, as read back."""

    crc: int
    length: int
    offset: int
    line: int
    element: int
    container: int
    flags: int


def ocid_key(ocid: str) -> int:
    """The hash under which a release is found again."""
    return zlib.crc32(ocid.encode("utf-8", "surrogatepass"))


class IndexWriter:
    """Writes the index of one file or part into its spill folder."""

    def __init__(self, folder: Path, source: str, start: int = 0) -> None:
        self._folder = folder
        self.meta = IndexMeta(source=source, start=start)
        self._batch = bytearray()
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._file = (folder / "ocds.index").open("wb")
        except OSError as error:
            raise _unwritable(folder, error) from error

    def add(
        self,
        crc: int,
        length: int,
        offset: int,
        line: int,
        *,
        index: int = 0,
        container: int = 0,
        flags: int = 0,
    ) -> None:
        """Add one release; see ENTRY."""
        self._batch += ENTRY.pack(crc, length, offset, line, index, container, flags)
        self.meta.entries += 1
        if flags & HIT:
            self.meta.hits += 1
        if len(self._batch) >= _BATCH:
            self._flush()

    def extend(self, packed: bytes | bytearray, entries: int, hits: int) -> None:
        """Add entries that a caller has packed itself, one block of records at a time."""
        self._batch += packed
        self.meta.entries += entries
        self.meta.hits += hits
        self._flush()

    def _flush(self) -> None:
        try:
            self._file.write(self._batch)
        except OSError as error:
            raise _unwritable(self._folder, error) from error
        self._batch.clear()

    def close(self) -> None:
        """Write what is left and the meta file, without which the index counts as absent."""
        self._flush()
        try:
            self._file.close()
            (self._folder / "ocds.json").write_bytes(msgspec.json.encode(self.meta))
        except OSError as error:
            raise _unwritable(self._folder, error) from error


def _unwritable(folder: Path, error: OSError) -> StoreError:
    return StoreError(
        f"the index of releases cannot be written: {error.strerror or error}",
        where=folder.name,
        do="free some disk space and run again",
    )


def read_meta(folder: Path) -> IndexMeta | None:
    """The meta of a spill folder, or None where it has no (complete) index."""
    path = folder / "ocds.json"
    return msgspec.json.decode(path.read_bytes(), type=IndexMeta) if path.exists() else None


def read_entries(folder: Path) -> Iterator[Entry]:
    """Every entry of a spill folder, in the order of its file."""
    with (folder / "ocds.index").open("rb") as file:
        while block := file.read(_BATCH):
            yield from map(Entry._make, ENTRY.iter_unpack(block))
