"""The folder of outputs: written aside, then put in place together, the run record last.

A folder with ``run.json`` is whole. Bytes depend on the inputs, the catalogue and the version
only: rows keep the order of the inputs, row groups have a fixed size, nothing holds a clock.
"""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Callable, Iterable
from decimal import Decimal
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final

import msgspec

from nameplate.model.absence import Absence
from nameplate.sources.api import Mode, SetAside
from nameplate.tracing.api import Traced
from nameplate.tracing.run.engine import FileResult, Results
from nameplate.tracing.run.rows import Row, attribution_row, mention_rows, purchase_row

if TYPE_CHECKING:
    import pyarrow as pa

ROW_GROUP: Final = 4096
"""Rows written at once: bounds memory; the same for every run, so that bytes are."""
COVERAGE_COLUMNS: Final = (
    "source_file",
    "format",
    "encoding",
    "header_row",
    "columns",
    "records_read",
    "records_set_aside",
    "first_date",
    "last_date",
    "amount_sum",
    "amount_measure",
    "columns_confidence",
    "dates_unread",
    "amounts_unread",
    "hits",
    "status",
    "reason",
    "size",
    "sha256",
)
SET_ASIDE_COLUMNS: Final = ("file", "locator", "reason", "excerpt")
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


class TableWriter:
    """A Parquet file written in row groups of a fixed size."""

    def __init__(self, path: Path, schema: pa.Schema) -> None:
        import pyarrow.parquet as pq

        self._schema = schema
        self._writer = pq.ParquetWriter(path, schema, compression="zstd", version="2.6")
        self._rows: list[Row] = []
        self.count = 0

    def add(self, row: Row) -> None:
        """Add one row, given as a mapping of the schema's names (others are ignored)."""
        self._rows.append(row)
        self.count += 1
        if len(self._rows) >= ROW_GROUP:
            self._flush()

    def _flush(self) -> None:
        import pyarrow as pa

        if self._rows:
            self._writer.write_table(pa.Table.from_pylist(self._rows, schema=self._schema))
            self._rows = []

    def close(self) -> None:
        """Write what is left and the footer."""
        self._flush()
        self._writer.close()


def defused(value: object) -> object:
    """Return a cell that no spreadsheet takes for a formula: a quote is set before such text."""
    if isinstance(value, str) and value.startswith(_FORMULA):
        return "'" + value
    return value


def write_outputs(results: Results, aside: Path, watch: Callable[[Traced], None]) -> dict[str, int]:
    """Write all tables into ``aside``; returns counts. ``watch`` sees every traced purchase.

    Raises OSError where the disk is full; nothing in the folder of outputs was touched then.
    """
    from nameplate.model.tables import ATTRIBUTION_SCHEMA, MENTION_SCHEMA, PURCHASE_SCHEMA

    aside.mkdir(parents=True, exist_ok=True)
    purchases = TableWriter(aside / "purchases.parquet", PURCHASE_SCHEMA)
    mentions = TableWriter(aside / "mentions.parquet", MENTION_SCHEMA)
    attributions = TableWriter(aside / "attributions.parquet", ATTRIBUTION_SCHEMA)
    with _csv_file(aside / "attributions.csv") as stream:
        names = ATTRIBUTION_SCHEMA.names
        lines = csv.DictWriter(stream, names, extrasaction="ignore", lineterminator="\n")
        lines.writeheader()
        for traced in results.traced():
            watch(traced)
            purchases.add(purchase_row(traced))
            for row in mention_rows(traced):
                mentions.add(row)
            for attribution in traced.attributions:
                row = attribution_row(attribution)
                attributions.add(row)
                lines.writerow(_csv_row(row))
    for table in (purchases, mentions, attributions):
        table.close()
    if results.statements:
        with (aside / "statements.jsonl").open("wb") as log:
            log.writelines(msgspec.json.encode(item) + b"\n" for item in results.statements)
    set_aside = _write_set_aside(aside / "set_aside.csv", results.set_aside())
    _write_coverage(aside / "coverage.csv", results)
    return {
        "purchases": purchases.count,
        "mentions": mentions.count,
        "attributions": attributions.count,
        "set_aside": set_aside,
    }


def _csv_row(row: Row) -> Row:
    """An attribution for people's spreadsheets: no formula, and an unnamed supplier said so."""
    return {
        **{name: defused(value) for name, value in row.items()},
        "supplier": defused(row["supplier"] or "not named"),
    }


def put_in_place(aside: Path, out: Path) -> None:
    """Move finished files into the folder of outputs; ``run.json`` goes first and comes last."""
    record = out / "run.json"
    record.unlink(missing_ok=True)
    (out / "statements.jsonl").unlink(missing_ok=True)
    for path in sorted(aside.iterdir()):
        if path.name != record.name:
            path.replace(out / path.name)
    (aside / record.name).replace(record)


def _csv_file(path: Path) -> IO[str]:
    return path.open("w", encoding="utf-8", newline="")


def _write_set_aside(path: Path, records: Iterable[SetAside]) -> int:
    count = 0
    with _csv_file(path) as stream:
        lines = csv.writer(stream, lineterminator="\n")
        lines.writerow(SET_ASIDE_COLUMNS)
        for record in records:
            count += 1
            cells = (record.source_file, record.locator, record.reason, record.excerpt)
            lines.writerow([defused(cell) for cell in cells])
    return count


def _write_coverage(path: Path, results: Results) -> None:
    with _csv_file(path) as stream:
        lines = csv.DictWriter(stream, COVERAGE_COLUMNS, lineterminator="\n")
        lines.writeheader()
        for file in results.files:
            row = coverage_row(file, results.options.mode)
            lines.writerow({name: defused(value) for name, value in row.items()})


def coverage_row(file: FileResult, mode: Mode) -> dict[str, Any]:
    """Row of ``coverage.csv``; what could not be computed says so and is never zero."""
    profile = file.profile
    read = file.status in ("read", "read in part", "duplicate")
    counted = read and profile.computed and mode is Mode.FULL
    missing = Absence.NOT_COMPUTABLE.value if read else ""
    sums = profile.amount_sum if counted else {}
    return {
        "source_file": file.input.name,
        "format": profile.format,
        "encoding": profile.encoding,
        "header_row": "" if profile.header_row is None else profile.header_row,
        "columns": _json(profile.columns),
        "records_read": profile.records_read if read else "",
        "records_set_aside": profile.records_set_aside if read else "",
        "first_date": (counted and profile.first_date) or missing,
        "last_date": (counted and profile.last_date) or missing,
        "amount_sum": amount_text(sums) or missing,
        "amount_measure": next(iter(sums)) if len(sums) == 1 else "",
        "columns_confidence": _json(profile.columns_confidence),
        "dates_unread": profile.dates_unread if counted else missing,
        "amounts_unread": profile.amounts_unread if counted else missing,
        "hits": file.hits if read else "",
        "status": file.status,
        "reason": "; ".join(filter(None, (file.reason, *profile.notes))),
        "size": file.size,
        "sha256": file.sha256,
    }


def amount_text(sums: dict[str, Decimal]) -> str:
    """One sum as a plain number; several (other currency, kind or tax) as JSON, never added."""
    if len(sums) == 1:
        return str(next(iter(sums.values())))
    return _json({key: str(sums[key]) for key in sorted(sums)}) if sums else ""


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def write_record(path: Path, record: object) -> None:
    """Write ``run.json``, for people and programs, and bring it to the disk."""
    with path.open("w", encoding="utf-8") as stream:
        json.dump(record, stream, ensure_ascii=False, indent=2)
        stream.write("\n")
        stream.flush()
        os.fsync(stream.fileno())
