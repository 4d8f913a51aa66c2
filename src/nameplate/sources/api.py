"""What every reader of published records takes and gives.

A reader is handed a :class:`SourceFile` and a :class:`Finder` and yields :class:`Chunk`s: the
purchases that could concern us, the records set aside, and what was counted meanwhile. Readers
never load a whole file: memory stays flat whatever the size.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Protocol

import msgspec

from nameplate.model.purchase import Purchase


class Mode(StrEnum):
    """``full`` profiles every record; ``quick`` decodes only what the byte scan hits."""

    FULL = "full"
    QUICK = "quick"


class Finder(Protocol):
    """The question a reader asks of the catalogue's patterns, on raw bytes or on text."""

    def scan(self, block: bytes | memoryview) -> list[int]:
        """Return ascending offsets of one byte in each raw-byte hit of ``block``.

        A superset of what decoding would find: UTF-8, JSON escapes, UTF-16 and Windows code
        pages included. Never misses a record whose decoded text ``matches``.
        """
        ...

    def matches(self, text: str) -> bool:
        """Whether decoded text holds a word of the trade or could name a maker. Exact."""
        ...

    def matches_cpv(self, codes: tuple[str, ...]) -> bool:
        """Whether one of these CPV codes marks surveillance."""
        ...


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One readable original: a file on disk, or a member already unpacked from an archive.

    ``name`` is what outputs show: the path as found under the path given, with ``!member`` for
    archives; it never holds an absolute path of this machine. ``path`` is where its bytes are.
    ``sha256`` is the hash of the bytes at ``path`` (hex), computed by whoever made this.
    """

    name: str
    path: Path
    size: int
    sha256: str = ""


class SetAside(msgspec.Struct, frozen=True, kw_only=True):
    """A record that could not be read: counted, listed, never lost."""

    source_file: str
    locator: str
    reason: str
    excerpt: str
    """At most 200 characters of the record as it stands."""


@dataclass(slots=True)
class Profile:
    """What was counted in one file. Adds up: ``merge`` is associative and order-free.

    ``columns`` maps standard names (body, supplier, amount, date, description, department,
    reference) to the header as written; ``columns_confidence`` to 0-1. ``None`` in first_date,
    last_date or amount_sum with ``computed`` False means not computable, never zero.
    """

    format: str = ""
    encoding: str = ""
    header_row: int | None = None
    columns: dict[str, str] = field(default_factory=dict)
    columns_confidence: dict[str, float] = field(default_factory=dict)
    records_read: int = 0
    records_set_aside: int = 0
    first_date: date | None = None
    last_date: date | None = None
    amount_sum: dict[str, Decimal] = field(default_factory=dict)
    """By ``currency amount_kind tax`` (as in ``GBP payment net``): sums that differ are apart."""
    dates_unread: int = 0
    amounts_unread: int = 0
    computed: bool = True
    notes: list[str] = field(default_factory=list)

    def merge(self, other: Profile) -> None:
        """Add what was counted in another part of the same file."""
        self.format = self.format or other.format
        self.encoding = self.encoding or other.encoding
        self.header_row = self.header_row if self.header_row is not None else other.header_row
        self.columns = {**other.columns, **self.columns}
        self.columns_confidence = {**other.columns_confidence, **self.columns_confidence}
        self.records_read += other.records_read
        self.records_set_aside += other.records_set_aside
        firsts = [day for day in (self.first_date, other.first_date) if day]
        lasts = [day for day in (self.last_date, other.last_date) if day]
        self.first_date = min(firsts, default=None)
        self.last_date = max(lasts, default=None)
        for measure, amount in other.amount_sum.items():
            self.amount_sum[measure] = self.amount_sum.get(measure, Decimal(0)) + amount
        self.dates_unread += other.dates_unread
        self.amounts_unread += other.amounts_unread
        self.computed = self.computed and other.computed
        self.notes += [note for note in other.notes if note not in self.notes]


@dataclass(slots=True)
class Chunk:
    """Part of what a reader found. ``bytes_done`` is how far into the file it has come."""

    purchases: list[Purchase] = field(default_factory=list)
    set_aside: list[SetAside] = field(default_factory=list)
    bytes_done: int = 0


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a file: the records that start in bytes ``start`` (included) to ``end``.

    ``first_line`` is the physical line (from 1) that byte ``start`` stands in.
    """

    start: int
    end: int
    first_line: int = 1


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """How to read: mode, the body told by option, and the folder for a reader's own spill files.

    ``mapping`` is the user's column mapping for this file (standard name → header as written).
    ``part``: read only this stretch of the file; given only to readers that can split.
    ``on_bytes``: where it is set and the source has no hash yet, called once with every block of
    the file, in order, so that one pass both reads and hashes.
    """

    mode: Mode = Mode.FULL
    body: str | None = None
    spill: Path | None = None
    mapping: dict[str, str] | None = None
    part: Part | None = None
    on_bytes: Callable[[bytes | memoryview], object] | None = None


class Reader(Protocol):
    """One module a format. ``profile`` is filled while ``read`` is iterated."""

    def read(
        self, source: SourceFile, finder: Finder, options: ReadOptions, profile: Profile
    ) -> Iterator[Chunk]:
        """Yield chunks; raises InputError where the file as a whole cannot be read."""
        ...


class SplittingReader(Reader, Protocol):
    """A reader that can share one big file between processes.

    Records read from a part may carry an empty ``source_sha256``: the hash is being taken at the
    same time, and the run fills it in. So no id may depend on it.
    """

    def split(self, source: SourceFile, parts: int) -> list[Part]:
        """Cut the file at record starts into at most ``parts`` stretches, in order.

        One stretch (the whole file) where it cannot be cut, as with one pretty-printed document.
        """
        ...
