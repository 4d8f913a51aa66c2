"""From a trace's folder to the public tables: only what is allowed, and what was held back.

Purchases that only inference ties to a maker are not published one by one: their sums are, where
they are over at least three suppliers. Statements of an organisation's own, of people and of
devices stay behind. What stays behind is remembered, so that the finished site can be searched
for it.
"""

from __future__ import annotations

import csv
import datetime
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import msgspec

from nameplate.catalogue.asof import Standing, standing
from nameplate.catalogue.bodies import Bodies, Body, load_bodies
from nameplate.catalogue.bodies_names import resolve_body
from nameplate.catalogue.lookup import find
from nameplate.catalogue.schema import Confidence
from nameplate.catalogue.store import Catalogue
from nameplate.model.attribution import Grade
from nameplate.model.errors import CatalogueError, StoreError
from nameplate.model.ids import make_id
from nameplate.model.statement import Asserter, Statement
from nameplate.publishing import tables as t
from nameplate.publishing.people import WITHHELD, is_organisation
from nameplate.publishing.tables import Row, allowed
from nameplate.tracing.run.record import listed_then
from nameplate.tracing.statement_log import load_logs

MIN_SUPPLIERS: Final = 3
"""An inferred sum over fewer suppliers would tie a named one to the maker: it is withheld."""
_PREDICATES: Final = frozenset({"equipment_maker", "position", "review", "sales_channel", "reply"})
_PRIVATE: Final = frozenset({Asserter.PERSON, Asserter.DEVICE})
_GRADES: Final = list(Grade)
_SHORT: Final = 8
"""Withheld values of fewer characters are not searched for: they occur by chance."""


@dataclass
class Projection:
    """The public tables by name, the trace's own record, and what must be in no byte of the site.

    ``private`` maps a value to where it was held back from.
    """

    tables: dict[str, list[Row]] = field(default_factory=dict)
    run: dict[str, Any] = field(default_factory=dict)
    private: dict[str, str] = field(default_factory=dict)
    withheld: set[str] = field(default_factory=set)
    """Ids of the statements that stay behind."""
    maker_keys: dict[str, str] = field(default_factory=dict)
    """The catalogue's key of each maker named."""

    def hold(self, value: object, where: str) -> None:
        """Remember a private value, unless it is too short to be searched for."""
        if isinstance(value, str) and len(value.strip()) >= _SHORT:
            self.private.setdefault(value.strip(), where)


def project(
    folder: Path, catalogue: Catalogue, day: datetime.date, only: frozenset[str] = frozenset()
) -> Projection:
    """Read ``folder`` (what ``nameplate trace`` wrote) into public tables, in a fixed order.

    ``only`` keeps to bodies of these names, keys or ids; ``day`` leaves out purchases dated later.
    Raises StoreError where there is no finished run.
    """
    record = folder / "run.json"
    if not record.is_file():
        raise StoreError(
            "there is no finished run in this folder", where=str(folder), do="trace into it first"
        )
    made = Projection(run=json.loads(record.read_bytes()))
    known = frozenset(d.name.casefold() for d in catalogue.distributors)
    bodies: dict[str, Row] = {}
    groups = _attributions(folder)
    purchases, attributions, evidence = [], [], []
    inferred: dict[tuple[str, str, str, str], list[tuple[Row, str]]] = {}
    for purchase in _rows(folder / "purchases.parquet"):
        group = groups.get(purchase["purchase_id"], [])
        if not group or (purchase["date"] and purchase["date"] > day):
            continue
        body = _body(purchase["body"])
        if only and not ({body["body_id"], body["name"], body.get("key")} & only):
            continue
        _inferred(group, purchase, inferred)
        shown = [a for a in group if a["grade"] != Grade.INFERRED]
        if not shown:
            continue
        if body["name"]:
            bodies[body["body_id"]] = body
        row = {**purchase, "body_id": body["body_id"], **_supplier(purchase, known, made)}
        purchases.append(allowed(t.PURCHASES, row))
        counted: set[str | None] = set()
        for item in shown:
            told = listed_then(catalogue, item["maker"], item["date"]) if item["maker"] else {}
            answer = told.get("answer", "")
            attributions.append(
                allowed(
                    t.ATTRIBUTIONS,
                    {
                        **item,
                        "body_id": body["body_id"],
                        "counts_for_maker": item["maker"] not in counted,
                        "counts_overall": item is group[0],
                        "listed_then": str(answer).lower() if isinstance(answer, bool) else answer,
                        "listed_then_says": told.get("says", ""),
                    },
                )
            )
            counted.add(item["maker"])
            evidence += _evidence(item)
    ids = {row["purchase_id"] for row in purchases}
    makers = {row["maker"] for row in attributions if row["maker"]}
    keys = {name: _key(catalogue, name) for name in makers}
    subjects = ids | set(bodies) | {f"m:{key}" for key in keys.values() if key}
    statements = _statements(folder, subjects, made)
    for row in evidence:
        if row["ref"] in made.withheld:
            row.update(says="a judgement or observation that is not published", ref="")
    made.maker_keys = keys
    made.tables = {
        "bodies": [allowed(t.BODIES, bodies[key]) for key in sorted(bodies)],
        "purchases": purchases,
        "attributions": attributions,
        "evidence": evidence,
        "inferred_sums": _sums(inferred),
        "statements": statements,
        "listings": _listings(catalogue, keys, day),
        "coverage": _coverage(folder),
    }
    _devices(folder, made)
    return made


def named_firms(projection: Projection) -> list[tuple[str, str]]:
    """(name, role) of every firm that the publication names."""
    makers = {(a["maker"], "maker") for a in projection.tables["attributions"] if a["maker"]}
    taken = {name for name, _ in makers}
    suppliers = {
        (name, "supplier")
        for row in projection.tables["purchases"]
        for name in (row["supplier"] or "").split("; ")
        if name and name not in taken
    }
    return sorted(makers | suppliers)


def _rows(path: Path) -> Iterator[Row]:
    import pyarrow.parquet as pq

    with pq.ParquetFile(path) as file:
        for batch in file.iter_batches(batch_size=4096):
            yield from batch.to_pylist()


def _attributions(folder: Path) -> dict[str, list[Row]]:
    """Attributions of purchases by purchase, the one that counts first (as the trace's totals)."""
    groups: dict[str, list[Row]] = {}
    for row in _rows(folder / "attributions.parquet"):
        if row["purchase_id"].startswith("p_"):
            groups.setdefault(row["purchase_id"], []).append(row)
    for group in groups.values():
        group.sort(
            key=lambda a: (not a["in_totals"], _GRADES.index(a["grade"]), a["attribution_id"])
        )
    return groups


def _body(name: str | None) -> Row:
    if not name:
        return {"body_id": "", "name": ""}
    known: Body | None = resolve_body(name).body
    if known is None:
        return {"body_id": make_id("b", name), "name": name}
    bodies: Bodies = load_bodies()
    later = [b.name for b in bodies.successors(known) if b.key != known.key]
    fields = {f: getattr(known, f) for f in ("kind", "nation", "region", "gss", "org_id")}
    return {
        "body_id": known.body_id,
        "key": known.key,
        "name": known.name,
        **fields,
        "valid_to": known.valid_to,
        "followed_by": "; ".join(later),
    }


def _supplier(purchase: Row, known: frozenset[str], made: Projection) -> Row:
    shown, held = [], False
    for party in purchase["suppliers"] or []:
        if is_organisation(party["name"], party["identifiers"] or (), known):
            shown.append(party["name"])
        else:
            held = True
            made.hold(party["name"], f"supplier of {purchase['purchase_id']}")
    return {
        "supplier": "; ".join(shown) or None,
        "supplier_withheld": WITHHELD if held else "",
    }


def _evidence(item: Row) -> list[Row]:
    pieces = json.loads(item["evidence"] or "[]")
    pieces = [p for p in pieces if p.get("grade") != Grade.INFERRED]
    return [
        allowed(t.EVIDENCE, {**piece, "attribution_id": item["attribution_id"], "number": number})
        for number, piece in enumerate(pieces, 1)
    ]


def _inferred(group: list[Row], purchase: Row, into: dict[Any, list[tuple[Row, str]]]) -> None:
    """Collect inferred sums: once a maker that nothing stronger names, once across makers."""
    supplier = (purchase["supplier"] or "").casefold()
    done: set[str] = set()
    for item in group:
        maker = item["maker"] or ""
        first = maker not in done
        done.add(maker)
        if item["grade"] != Grade.INFERRED or not item["in_totals"] or item["amount"] is None:
            continue
        measure = (item["currency"] or "", item["amount_kind"], item["amount_tax"])
        if first:
            into.setdefault((maker, *measure), []).append((item, supplier))
        if item is group[0]:
            into.setdefault(("", *measure), []).append((item, supplier))


def _sums(inferred: dict[Any, list[tuple[Row, str]]]) -> list[Row]:
    rows = []
    for key in sorted(inferred):
        items = inferred[key]
        suppliers = {supplier for _, supplier in items if supplier}
        withheld = len(suppliers) < MIN_SUPPLIERS
        chances = [None if i["band"] else i["probability"] for i, _ in items]
        expected = None
        if not withheld and all(c is not None for c in chances):
            pairs = zip(items, chances, strict=True)
            expected = sum((i["amount"] * Decimal(str(c)) for (i, _), c in pairs), Decimal(0))
        maker, currency, kind, tax = key
        rows.append(
            {
                "maker": maker,
                "currency": currency,
                "amount_kind": kind,
                "amount_tax": tax,
                "purchases": len(items),
                "suppliers": len(suppliers),
                "withheld": withheld,
                "amount": None if withheld else sum((i["amount"] for i, _ in items), Decimal(0)),
                "expected": expected,
            }
        )
    return rows


def _key(catalogue: Catalogue, maker: str) -> str:
    try:
        return find(catalogue, maker).subject
    except CatalogueError:
        return ""


def _statements(folder: Path, subjects: set[str], made: Projection) -> list[Row]:
    path = folder / "statements.jsonl"
    if not path.exists():
        return []
    rows: list[Row] = []
    for items in load_logs([path]).by_subject().values():
        for item in items:
            if item.owner or item.asserter in _PRIVATE or item.predicate not in _PREDICATES:
                made.withheld.add(item.statement_id)
                _hold_statement(item, made)
            elif item.subject in subjects:
                rows.append(_statement_row(item))
    return sorted(rows, key=lambda row: row["statement_id"])


def _hold_statement(item: Statement, made: Projection) -> None:
    where = f"statement {item.statement_id}"
    if item.asserter is Asserter.PERSON:
        made.hold(item.asserted_by, where)
    if not item.owner and item.asserter not in _PRIVATE:
        return
    made.hold(item.reason, where)
    for value in item.value.values() if isinstance(item.value, dict) else [item.value]:
        # A maker's key or a role is no secret; a sentence, an address or a serial number is.
        if isinstance(value, str) and any(c in value for c in " @.:0123456789"):
            made.hold(value, where)


def _statement_row(item: Statement) -> Row:
    value = item.value if isinstance(item.value, dict) else {"text": item.value}
    text = value.get("text") or value.get("name") or value.get("maker") or ""
    return {
        "statement_id": item.statement_id,
        "subject": item.subject,
        "predicate": item.predicate,
        "text": str(text),
        "kind": str(value.get("kind") or ""),
        "asserted_by": item.asserted_by,
        "via": item.via if item.via != item.asserted_by else "",
        "source_title": item.source.title,
        "source_publisher": item.source.publisher,
        "source_url": item.source.url,
        "source_published": item.source.published,
        "constructed": item.constructed,
    }


def _listings(catalogue: Catalogue, keys: dict[str, str], day: datetime.date) -> list[Row]:
    lists = {item.key: item for item in catalogue.watchlists}
    rows = []
    for maker in sorted(keys):
        for item in catalogue.listings:
            if item.subject != keys[maker] or item.confidence is Confidence.LEAD:
                continue
            if standing(item, day) is Standing.NOT_YET:
                continue
            entry = msgspec.structs.asdict(item)
            on = lists[item.watchlist]
            more = {"authority": on.authority, "country": on.country, "binds": on.binds}
            row = {**entry, **more, "listing_id": item.id, "maker": maker, "watchlist": on.name}
            rows.append(allowed(t.LISTINGS, row))
    return sorted(rows, key=lambda row: (row["maker"], row["valid_from"], row["listing_id"]))


def _coverage(folder: Path) -> list[Row]:
    with (folder / "coverage.csv").open(encoding="utf-8", newline="") as stream:
        return [allowed(t.COVERAGE, dict(row)) for row in csv.DictReader(stream)]


def _devices(folder: Path, made: Projection) -> None:
    """Hold back every value of a device that lies beside the trace."""
    path = folder / "devices.parquet"
    if not path.exists():
        return
    for row in _rows(path):
        where = f"device {row['device_id']}"
        for value in (row["identity"], *(row["macs"] or ())):
            made.hold(value, where)
        for name, value in row["fields"] or ():
            if name not in ("maker", "manufacturer", "model", "brand", "vendor"):
                made.hold(value, where)
