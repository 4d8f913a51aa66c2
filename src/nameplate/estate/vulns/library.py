"""Where known vulnerabilities come from: the bundled facts, and imported feeds kept by hash.

An imported file is kept whole under ``originals/`` by its SHA-256; ``imports.jsonl`` records
what was imported and of which day the feed is. Asking as of a day uses only files whose feed is
of that day or earlier, of KEV and EPSS the newest such file, and leaves out records and dates
that the sources published later.
"""

from __future__ import annotations

import datetime
import functools
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import msgspec

from nameplate.estate.facts import store as facts
from nameplate.estate.feeds import csaf, cve, flat, nvd
from nameplate.estate.feeds.base import day, read_json
from nameplate.estate.readers.open import file_hash, find_files
from nameplate.estate.vulns.schema import Known
from nameplate.model.errors import InputError, NameplateError

_NEWEST_ONLY: Final = frozenset({"kev", "epss"})


class Import(msgspec.Struct, frozen=True, kw_only=True):
    """One feed file kept: its hash and name, which feed, the feed's own day, when it came."""

    sha256: str
    name: str
    feed: str
    published: str
    recorded: str
    records: int


@functools.cache
def bundled() -> tuple[Known, ...]:
    """The bundled facts; raises CatalogueError on a malformed one."""
    return tuple(facts.decode("vulnerabilities.json", list[Known]))


def read_feed(path: Path, name: str) -> tuple[str, str, Iterator[Known]]:
    """(feed, its day, records) of a feed file, told by content; raises InputError otherwise."""
    with path.open("rb") as stream:
        head = stream.read(4096)
    if head[:2] == b"\x1f\x8b" or (not head.lstrip().startswith((b"{", b"["))):
        return "epss", _epss_day(path, name), flat.read_epss(path, name)
    document = read_json(path, name)
    if flat.is_kev(document):
        return "kev", day(document.get("dateReleased")), flat.read_kev(document)
    if cve.is_cve(document):
        records = cve.read(document)
        return "cve", _published(document), iter(records)
    if csaf.is_csaf(document):
        records = list(csaf.read(document))
        tracking: Any = document["document"].get("tracking", {})
        return "csaf", day(tracking.get("current_release_date")), iter(records)
    if nvd.is_nvd(document):
        return "nvd", day(document.get("timestamp")), nvd.read(document)
    raise InputError(
        "is no feed known here (KEV, NVD 2.0, CVE 5, CSAF or EPSS)",
        where=name,
        do="see docs/reference/estate-vulnerabilities.md",
    )


def _published(document: dict[str, Any]) -> str:
    meta = document.get("cveMetadata")
    return day(meta.get("datePublished")) if isinstance(meta, dict) else ""


def _epss_day(path: Path, name: str) -> str:
    for record in flat.read_epss(path, name):
        return record.published
    return ""


class Library:
    """Feeds kept in a folder. ``recorded`` days are given by the caller, never by a clock."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._log = folder / "imports.jsonl"

    def imports(self) -> list[Import]:
        """What was imported, in order."""
        if not self._log.is_file():
            return []
        lines = self._log.read_bytes().splitlines()
        return [msgspec.json.decode(line, type=Import) for line in lines if line.strip()]

    def add(self, paths: list[Path], recorded: datetime.date) -> tuple[list[Import], list[str]]:
        """Keep and record feed files; returns what is new, and a sentence for each set aside."""
        originals = self.folder / "originals"
        originals.mkdir(parents=True, exist_ok=True)
        seen = {item.sha256 for item in self.imports()}
        new: list[Import] = []
        faults: list[str] = []
        for name, path in find_files(paths):
            sha = file_hash(path)
            if sha in seen:
                continue
            try:
                feed, published, records = read_feed(path, name)
                count = sum(1 for _ in records)
            except NameplateError as error:
                faults.append(str(error))
                continue
            shutil.copyfile(path, originals / sha)
            seen.add(sha)
            new.append(
                Import(
                    sha256=sha,
                    name=name,
                    feed=feed,
                    published=published,
                    recorded=recorded.isoformat(),
                    records=count,
                )
            )
        with self._log.open("ab") as log:
            for item in new:
                log.write(msgspec.json.encode(item) + b"\n")
        return new, faults

    def records(self, as_of: datetime.date | None = None) -> Iterator[Known]:
        """Records known on a day (all where None)."""
        limit = as_of.isoformat() if as_of else "9999"
        usable = [i for i in self.imports() if not i.published or i.published <= limit]
        newest = {
            feed: max((i for i in usable if i.feed == feed), key=lambda i: i.published).sha256
            for feed in {i.feed for i in usable} & _NEWEST_ONLY
        }
        for item in usable:
            if item.feed in newest and newest[item.feed] != item.sha256:
                continue
            _, _, records = read_feed(self.folder / "originals" / item.sha256, item.name)
            yield from as_known(records, as_of)


def as_known(records: Iterator[Known], as_of: datetime.date | None) -> Iterator[Known]:
    """Records as they stood on a day: later ones left out, later KEV dates taken away."""
    limit = as_of.isoformat() if as_of else ""
    for record in records:
        # Where a source gives no day, the year in the number is the earliest it can be.
        if limit and (record.published or record.cve[4:8]) > limit:
            continue
        if limit and record.kev_added > limit:
            record = msgspec.structs.replace(record, kev_added="", kev_due="")
        yield record


def known(folder: Path | None = None, as_of: datetime.date | None = None) -> list[Known]:
    """Bundled facts and, where a folder is given, what it holds; as of a day where given."""
    found = list(as_known(iter(bundled()), as_of))
    if folder is not None:
        seen = {(r.cve, r.source) for r in found}
        found.extend(
            record
            for record in Library(folder).records(as_of)
            if (record.cve, record.source) not in seen or record.source in ("EPSS", "CISA KEV")
        )
    return found
