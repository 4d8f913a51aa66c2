"""Each format is read back by its own tool and holds the same rows."""

import csv
import hashlib
import json
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import jsonschema
import pytest
from followthemoney import model

from nameplate.publishing.tables import TABLES


def rows(site: Path, name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (site / f"data/{name}.jsonl").open(encoding="utf-8")]


@pytest.mark.parametrize("table", TABLES, ids=lambda t: t.name)
def test_all_formats_hold_the_same_rows(site: Path, table: Any) -> None:
    count = len(rows(site, table.name))
    parquet = duckdb.sql(f"select * from '{site}/data/{table.name}.parquet'")
    assert parquet.columns == table.names
    assert len(parquet.fetchall()) == count
    with sqlite3.connect(site / "data/edition.sqlite") as db:
        assert db.execute(f"select count(*) from {table.name}").fetchone() == (count,)
    with (site / f"data/{table.name}.csv").open(encoding="utf-8", newline="") as stream:
        assert len(list(csv.DictReader(stream))) == count
    assert count or table.name == "inferred_sums"


def test_the_data_package_describes_each_csv(site: Path) -> None:
    package = json.loads((site / "data/datapackage.json").read_bytes())
    for resource in package["resources"]:
        with (site / "data" / resource["path"]).open(encoding="utf-8", newline="") as stream:
            header = next(csv.reader(stream))
        assert header == [f["name"] for f in resource["schema"]["fields"]]
        assert all(f["description"] for f in resource["schema"]["fields"])


def test_followthemoney_reads_its_entities(site: Path) -> None:
    lines = (site / "data/followthemoney.jsonl").read_text().splitlines()
    found = [model.get_proxy(json.loads(line), cleaned=False) for line in lines]
    for proxy in found:
        proxy.schema.validate(proxy.to_dict())
        for prop in proxy.schema.required:
            assert proxy.get(prop), (proxy.schema.name, prop)
    ids = {proxy.id for proxy in found}
    assert len(ids) == len(found)
    links = [p for p in found if p.schema.name == "UnknownLink"]
    assert len(links) == 3
    assert all({*p.get("subject"), *p.get("object")} <= ids for p in links)
    assert {p.schema.name for p in found} == {
        "PublicBody", "Contract", "Company", "ContractAward", "UnknownLink", "Sanction",
    }  # fmt: skip


def test_ocds_releases_fit_the_documented_extension(site: Path) -> None:
    patch = json.loads((site / "data/ocds/release-schema.json").read_bytes())
    schema = {**patch, "$ref": "#/definitions/Award"}
    releases = [json.loads(x) for x in (site / "data/ocds/releases.jsonl").open()]
    assert sum(r["awards"][0]["value"]["amount"] for r in releases) == 833000
    for release in releases:
        jsonschema.validate(release["awards"][0], schema)
        parties = {p["id"] for p in release["parties"]}
        assert release["buyer"]["id"] in parties
        assert {s["id"] for s in release["awards"][0]["suppliers"]} <= parties
    bad = {"equipmentAttributions": [{"id": "x", "grade": "certain", "wording": "w"}]}
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(bad, schema)


def test_checksums_cover_every_other_file(site: Path) -> None:
    lines = (site / "SHA256SUMS").read_text().splitlines()
    listed = dict(reversed(line.split("  ", 1)) for line in lines)
    there = {p.relative_to(site).as_posix() for p in site.rglob("*") if p.is_file()}
    assert set(listed) == there - {"SHA256SUMS"}
    for name, digest in listed.items():
        assert hashlib.sha256((site / name).read_bytes()).hexdigest() == digest


def test_formulas_are_defused_in_csv(
    build: Callable[..., Any], traced: Path, tmp_path: Path
) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    folder = tmp_path / "run"
    folder.mkdir()
    for path in traced.iterdir():
        if path.is_file():
            (folder / path.name).write_bytes(path.read_bytes())
    table = pq.read_table(folder / "purchases.parquet")
    hostile = table.to_pylist()
    hostile[0]["title"] = "=cmd|' /C calc'!A0"
    pq.write_table(pa.Table.from_pylist(hostile, schema=table.schema), folder / "purchases.parquet")
    build(tmp_path / "site", folder=folder)
    with (tmp_path / "site/data/purchases.csv").open(newline="") as stream:
        assert next(csv.DictReader(stream))["title"].startswith("'=cmd")
