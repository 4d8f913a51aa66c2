"""CSV with a table schema, JSON lines, Parquet and one SQLite file, all from one declaration."""

from __future__ import annotations

import csv
import datetime
import json
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any, Final

from nameplate.publishing.edition import Edition, json_line, plain
from nameplate.publishing.tables import TABLES, Row, Table
from nameplate.tracing.run.outputs import ROW_GROUP, defused

LICENCE: Final = {
    "name": "OGL-UK-3.0",
    "title": "Open Government Licence v3.0",
    "path": "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
}
"""Licence of most UK public records; what an edition adds is offered under the same."""
_SQL: Final = {
    "string": "TEXT",
    "date": "TEXT",
    "money": "TEXT",
    "integer": "INTEGER",
    "number": "REAL",
    "boolean": "INTEGER",
}
_SCHEMA_TYPE: Final = {"money": "number"}


def write_all(folder: Path, edition: Edition) -> None:
    """Write every table in every plain format into ``folder``."""
    for table in TABLES:
        rows = edition.tables[table.name]
        _csv(folder / f"{table.name}.csv", table, rows)
        with (folder / f"{table.name}.jsonl").open("wb") as stream:
            stream.writelines(json_line(row) for row in rows)
        _parquet(folder / f"{table.name}.parquet", table, rows)
    _sqlite(folder / "edition.sqlite", edition.tables)
    (folder / "datapackage.json").write_text(_json(datapackage(edition)), encoding="utf-8")
    (folder / "dictionary.json").write_text(_json(dictionary()), encoding="utf-8")


def dictionary() -> list[dict[str, Any]]:
    """The data dictionary: tables, keys and columns, from their declaration."""
    return [
        {
            "table": table.name,
            "says": table.says,
            "key": list(table.key),
            "columns": [column._asdict() for column in table.columns],
        }
        for table in TABLES
    ]


def datapackage(edition: Edition) -> dict[str, Any]:
    """A Data Package (v1) with a Table Schema for each CSV."""
    return {
        "profile": "tabular-data-package",
        "name": "nameplate-edition",
        "title": edition.about["name"],
        "version": edition.about["data_sha256"][:16],
        "licenses": [LICENCE],
        "resources": [_resource(table) for table in TABLES],
    }


def _resource(table: Table) -> dict[str, Any]:
    fields = []
    for column in table.columns:
        kind = _SCHEMA_TYPE.get(column.kind, column.kind)
        entry: dict[str, Any] = {"name": column.name, "type": kind, "description": column.says}
        if kind == "boolean":
            entry |= {"trueValues": ["true"], "falseValues": ["false"]}
        if column.needed:
            entry["constraints"] = {"required": True}
        fields.append(entry)
    key = list(table.key)
    return {
        "profile": "tabular-data-resource",
        "name": table.name.replace("_", "-"),
        "path": f"{table.name}.csv",
        "description": table.says,
        "encoding": "utf-8",
        "schema": {"fields": fields, "missingValues": [""]} | ({"primaryKey": key} if key else {}),
    }


def _cell(value: object) -> object:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    # Sums are numbers and may be negative; only text can be taken for a formula.
    return defused(value) if isinstance(value, str) else plain(value)


def _csv(path: Path, table: Table, rows: list[Row]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        lines = csv.writer(stream, lineterminator="\n")
        lines.writerow(table.names)
        for row in rows:
            lines.writerow([_cell(row[name]) for name in table.names])


def _parquet(path: Path, table: Table, rows: list[Row]) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    kinds = {
        "string": pa.string(),
        "integer": pa.int64(),
        "number": pa.float64(),
        "boolean": pa.bool_(),
        "date": pa.date32(),
        "money": pa.decimal128(24, 4),
    }
    schema = pa.schema(
        [pa.field(c.name, kinds[c.kind], metadata={"says": c.says}) for c in table.columns],
        metadata={"nameplate.table": table.name},
    )
    with pq.ParquetWriter(path, schema, compression="zstd", version="2.6") as writer:
        for start in range(0, len(rows), ROW_GROUP):
            part = rows[start : start + ROW_GROUP]
            writer.write_table(pa.Table.from_pylist(part, schema=schema))


def _sqlite(path: Path, tables: Mapping[str, list[Row]]) -> None:
    """One SQLite file; sums are text, because SQLite's numbers would round them."""
    with closing(sqlite3.connect(path)) as db, db:
        for table in TABLES:
            columns = ", ".join(f'"{c.name}" {_SQL[c.kind]}' for c in table.columns)
            key = ", ".join(f'"{name}"' for name in table.key)
            end = f", PRIMARY KEY ({key})" if key else ""
            db.execute(f'CREATE TABLE "{table.name}" ({columns}{end})')
            marks = ", ".join("?" for _ in table.columns)
            db.executemany(
                f'INSERT INTO "{table.name}" VALUES ({marks})',  # noqa: S608 - declared names only
                ([_sql_value(row[n]) for n in table.names] for row in tables[table.name]),
            )
        db.execute("CREATE INDEX attributions_body ON attributions (body_id)")
        db.execute("CREATE INDEX attributions_maker ON attributions (maker)")


def _sql_value(value: object) -> Any:
    return int(value) if isinstance(value, bool) else plain(value)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"


def epoch(day: str) -> datetime.datetime:
    """The one timestamp of an edition: midnight UTC of its day."""
    return datetime.datetime.fromisoformat(day).replace(tzinfo=datetime.UTC)
