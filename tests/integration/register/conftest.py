"""A trace's folder made of rows given here, and organisations to load it for."""

from __future__ import annotations

import csv
import datetime
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from nameplate.model.tables import ATTRIBUTION_SCHEMA, MENTION_SCHEMA, PURCHASE_SCHEMA
from nameplate.register.models import Organisation, Person

DEFAULTS: dict[str, Any] = {
    "body": "Dudley Metropolitan Borough Council",
    "supplier": "DV Limited",
    "title": "CCTV cameras",
    "texts": [{"path": "title", "text": "CCTV cameras"}],
    "suppliers": [{"name": "DV Limited", "role": "supplier", "identifiers": []}],
    "amount": Decimal("100.10"),
    "currency": "GBP",
    "amount_kind": "award",
    "amount_tax": "unknown",
    "amount_note": "",
    "is_framework": False,
    "date": datetime.date(2020, 5, 1),
    "date_kind": "signed",
    "cpv": [],
    "trade_kind": "equipment",
    "trade_reason": "the title says CCTV cameras",
    "source_file": "notices.jsonl",
    "source_sha256": "0" * 64,
    "locator": "line:1",
    "url": "",
    "constructed": "constructed for a test",
}


def row(schema: pa.Schema, fields: dict[str, Any]) -> dict[str, Any]:
    return {name: fields.get(name) for name in schema.names}


class Folder:
    """Writes what ``nameplate trace`` writes."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.purchases: list[dict[str, Any]] = []
        self.attributions: list[dict[str, Any]] = []

    def add(self, key: str, *makers: tuple[str, str], **fields: Any) -> str:
        """A purchase with attributions given as (maker, grade); returns its id."""
        purchase_id = f"p_{key}"
        record = {**DEFAULTS, **fields, "purchase_id": purchase_id}
        self.purchases.append(record)
        for maker, grade in makers:
            self.attributions.append(
                {
                    **record,
                    "attribution_id": f"a_{key}_{maker}",
                    "maker": maker or None,
                    "grade": grade,
                    "role": "supplied" if maker else None,
                    "in_totals": True,
                    "evidence": "[]",
                    "wording": f"the purchase record names {maker}",
                }
            )
        return purchase_id

    def write(self) -> Path:
        self.path.mkdir(parents=True, exist_ok=True)
        for name, schema, rows in (
            ("purchases", PURCHASE_SCHEMA, self.purchases),
            ("attributions", ATTRIBUTION_SCHEMA, self.attributions),
            ("mentions", MENTION_SCHEMA, []),
        ):
            table = pa.Table.from_pylist([row(schema, one) for one in rows], schema=schema)
            pq.write_table(table, self.path / f"{name}.parquet")
        (self.path / "run.json").write_text(json.dumps({"mode": "full"}))
        with (self.path / "set_aside.csv").open("w", newline="") as file:
            csv.writer(file).writerows(
                [["source_file", "locator", "reason", "excerpt"], ["a.csv", "line:3", "no", "x"]]
            )
        return self.path


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path / "trace")


@pytest.fixture
def dudley() -> Organisation:
    return Organisation.objects.create(key="dudley", name="Dudley")


@pytest.fixture
def ann() -> Person:
    return Person.objects.create_user("ann@example.org", "correct horse battery", name="Ann")
