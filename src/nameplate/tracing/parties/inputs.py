"""Supplier names out of files: tables, purchases of a trace (Parquet), or one name a line."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from nameplate.model.errors import InputError
from nameplate.tracing.parties.cluster import Collector

_HEAD_ROWS: Final = 300
_BATCH: Final = 8192


def input_files(paths: list[Path]) -> list[Path]:
    """The files under ``paths`` in order; raises InputError where one is not there."""
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            found.extend(sorted(child for child in path.rglob("*") if child.is_file()))
        elif path.is_file():
            found.append(path)
        else:
            raise InputError("is not there", where=str(path), do="give a file or a folder")
    return found


def sha256(path: Path) -> str:
    """SHA-256 of a file, read in blocks."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while block := stream.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def collect(
    path: Path,
    into: Collector,
    *,
    column: str | None = None,
    id_column: str | None = None,
    scheme: str = "",
) -> None:
    """Add the suppliers of one file; raises InputError where no column holds them.

    ``column`` and ``id_column`` are headers as written; ``scheme`` is the scheme of the numbers in
    ``id_column`` (``GB-COH``), told because plain digits do not say.
    """
    if path.suffix == ".parquet":
        _parquet(path, into)
    elif path.suffix in (".txt", ".names"):
        with path.open(encoding="utf-8-sig", errors="replace") as stream:
            for number, line in enumerate(stream, start=1):
                into.add(line.strip(), (), f"{path.name} line:{number}")
    else:
        _table(path, into, column, id_column, scheme)


def _parquet(path: Path, into: Collector) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(path) as file:
            names = file.schema_arrow.names
            wanted = [name for name in ("suppliers", "supplier", "purchase_id") if name in names]
            if "suppliers" not in names:
                raise InputError(
                    "has no column suppliers", where=path.name, do="give purchases.parquet"
                )
            for batch in file.iter_batches(_BATCH, columns=wanted):
                for row in batch.to_pylist():
                    for party in row["suppliers"] or ():
                        into.add(
                            party["name"] or "",
                            party["identifiers"] or (),
                            str(row.get("purchase_id", "")),
                        )
    except (pa.ArrowInvalid, OSError) as error:
        raise InputError(f"is no Parquet file ({error})", where=path.name) from error


def _table(
    path: Path, into: Collector, column: str | None, id_column: str | None, scheme: str
) -> None:
    from nameplate.sources.tables.standards import STANDARDS
    from nameplate.tabular import Layout, Row, find_columns, open_table
    from nameplate.tabular.columns import normalised

    found = False
    for sheet in open_table(path).sheets():
        rows: Iterator[Row] = iter(sheet.rows)
        head = list(itertools.islice(rows, _HEAD_ROWS))
        layout: Layout = find_columns(
            head, STANDARDS, mapping={"supplier": column} if column else None
        )
        position = layout.first("supplier")
        if position is None:
            continue
        found = True
        header = [normalised(cell) for cell in layout.header]
        id_position: int | None = None
        if id_column:
            if normalised(id_column) not in header:
                raise InputError(
                    f"has no column {id_column!r}", where=path.name, do="name one of its headers"
                )
            id_position = header.index(normalised(id_column))
        start = 0 if layout.header_index is None else layout.header_index + 1
        for row in itertools.chain(head[start:], rows):
            name = row.cells[position] if position < len(row.cells) else ""
            numbers: tuple[str, ...] = ()
            if id_position is not None and id_position < len(row.cells):
                text = row.cells[id_position].strip()
                numbers = (f"{scheme}:{text}" if scheme else text,) if text else ()
            into.add(name, numbers, f"{path.name} row {row.number}")
    if not found:
        raise InputError(
            "no column of suppliers was found", where=path.name, do="name it with --column"
        )
