"""A screening run: its outputs and its record, which a third party can repeat to the same bytes.

The record holds no clock and no path: the file's hash, the catalogue's version, each list's
snapshot and the hash of its entries, the day that "now" means, the settings, the counts, and the
hash of the results. Run again on the same, everything is the same, hits or none.
"""

from __future__ import annotations

import csv
import datetime
import hashlib
import io
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import msgspec

from nameplate import __version__
from nameplate.catalogue.watchlists.snapshots import sha256_of
from nameplate.tracing.run.outputs import defused
from nameplate.tracing.screening.asking import Asks, Columns
from nameplate.tracing.screening.finding import Answer, Asker, Finding, Result, judge
from nameplate.tracing.screening.known import FLOOR, Known, Source

RECORD_VERSION: Final = 1
COLUMNS: Final = (
    "locator", "name", "as_of", "listed_then", "listed_now", "watchlist", "list_name",
    "listed_as", "then", "now", "since", "until", "editions", "announced", "public_then", "scope",
    "binds", "binds_whom", "citation", "through", "matched", "certain", "score", "known_as",
    "reasons", "evidence", "why_open", "sells",
)  # fmt: skip
"""Columns of ``results.csv``: a row for each finding, and one for each row without any."""


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """What was screened, against what, and how it came out."""

    record_version: int
    nameplate_version: str
    catalogue_version: str
    input_name: str
    input_sha256: str
    columns: Columns
    as_of: str
    """The day asked about, or ``column`` and its name."""
    now: str
    asker: Asker
    possible_from_score: float
    judgements: int
    judgements_sha256: str
    """How many judgements of a person were in force, and the SHA-256 of their file."""
    lists: tuple[Source, ...]
    rows: int
    without_name: int
    without_date: int
    listed_then: dict[str, int]
    listed_now: dict[str, int]
    rows_with_findings: int
    rows_that_sell: int
    """Rows whose supplier is known to sell a maker's equipment."""
    hits: str
    """``hits`` or ``none``: whether any row was or may have been listed, then or now."""
    results_sha256: str
    not_searched: tuple[str, ...] = (
        "persons, ships, aircraft and classes of goods on the lists",
        "names of makers that are ordinary words (they count only in the text of a purchase)",
    )


class Run:
    """One screening: iterate over ``results`` once, then ``record`` is complete."""

    def __init__(
        self,
        asks: Asks,
        known: Known,
        *,
        asker: Asker,
        now: datetime.date | None = None,
        judgements_sha256: str = "",
    ) -> None:
        """``known`` is what to search in; ``now`` is its newest day unless told."""
        self.asks = asks
        self.known = known
        self.asker = asker
        self.now = now or known.latest()
        self._counts: dict[str, Counter[str]] = {"then": Counter(), "now": Counter()}
        self._rows = self._nameless = self._dateless = self._found = self._sell = 0
        self._judgements_sha256 = judgements_sha256
        self._hit = False
        self._digest = hashlib.sha256()

    def results(self) -> Iterator[Result]:
        """The answer for every row of the file, in its order."""
        for ask in self.asks:
            result = judge(ask, self.known, now=self.now, asker=self.asker)
            self._rows += 1
            self._nameless += not ask.name
            self._dateless += ask.first is None
            self._found += bool(result.findings)
            self._sell += bool(result.sells)
            self._counts["then"][result.listed_then] += 1
            self._counts["now"][result.listed_now] += 1
            hit = (Answer.LISTED, Answer.POSSIBLE)
            self._hit |= result.listed_then in hit or result.listed_now in hit
            self._digest.update(msgspec.json.encode(result, order="deterministic") + b"\n")
            yield result

    def record(self) -> Record:
        """The record of the run, after all results were taken."""
        columns = self.asks.columns
        day = self.asks.as_of.isoformat() if self.asks.as_of else f"column {columns.as_of}"
        return Record(
            record_version=RECORD_VERSION,
            nameplate_version=__version__,
            catalogue_version=self.known.catalogue.version,
            input_name=self.asks.path.name,
            input_sha256=sha256_of(self.asks.path),
            columns=columns,
            as_of=day,
            now=self.now.isoformat(),
            asker=self.asker,
            possible_from_score=FLOOR,
            judgements=len(self.known.judgements),
            judgements_sha256=self._judgements_sha256,
            lists=tuple(self.known.sources),
            rows=self._rows,
            without_name=self._nameless,
            without_date=self._dateless,
            listed_then={a.value: self._counts["then"][a] for a in Answer},
            listed_now={a.value: self._counts["now"][a] for a in Answer},
            rows_with_findings=self._found,
            rows_that_sell=self._sell,
            hits="hits" if self._hit else "none",
            results_sha256=self._digest.hexdigest(),
        )


def lines(result: Result) -> Iterator[dict[str, Any]]:
    """Rows of ``results.csv`` for one result, formulas defused."""
    base = {
        "locator": result.locator,
        "name": result.name,
        "as_of": result.as_of,
        "listed_then": result.listed_then.value,
        "listed_now": result.listed_now.value,
        "sells": "; ".join(
            f"{sale.maker} ({sale.role}, says {sale.claimed_by}): the maker was {sale.maker_then}"
            for sale in result.sells
        ),
    }
    for finding in result.findings or (None,):
        yield {key: defused(value) for key, value in {**base, **_cells(finding)}.items()}


def _cells(finding: Finding | None) -> dict[str, Any]:
    if finding is None:
        return {}
    cells = msgspec.to_builtins(finding)
    for key in ("editions", "through", "reasons"):
        cells[key] = "; ".join(cells[key])
    cells["certain"] = "yes" if finding.certain else "no"
    return dict(cells)


def write(run: Run, folder: Path) -> Record:
    """Write ``results.jsonl``, ``results.csv`` and ``screening.json`` into ``folder``.

    Each is written beside its place and moved there when whole; the record comes last.
    """
    folder.mkdir(parents=True, exist_ok=True)
    drafts = {name: folder / f".{name}.part" for name in ("results.jsonl", "results.csv")}
    with (
        drafts["results.jsonl"].open("wb") as objects,
        drafts["results.csv"].open("w", encoding="utf-8", newline="") as table,
    ):
        writer = csv.DictWriter(table, COLUMNS, restval="", lineterminator="\r\n")
        writer.writeheader()
        for result in run.results():
            objects.write(msgspec.json.encode(result, order="deterministic") + b"\n")
            writer.writerows(lines(result))
    record = run.record()
    part = folder / ".screening.json.part"
    part.write_bytes(encode(record))
    for name, draft in drafts.items():
        draft.replace(folder / name)
    part.replace(folder / "screening.json")
    return record


def encode(record: Record) -> bytes:
    """The record as indented JSON with a line break at its end."""
    buffer = io.BytesIO()
    buffer.write(msgspec.json.format(msgspec.json.encode(record, order="deterministic"), indent=1))
    buffer.write(b"\n")
    return buffer.getvalue()
