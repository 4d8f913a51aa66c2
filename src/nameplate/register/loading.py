"""Bringing into the register what ``nameplate trace`` wrote, in flat memory.

Everything is keyed by stable ids, so the same folder again adds nothing; what an earlier import
brought gains a sighting, and stays when one of the two is undone.
"""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from django.db import transaction
from django.utils.text import slugify

from nameplate.catalogue.store import load as load_catalogue
from nameplate.model.errors import InputError
from nameplate.register import exposures, search
from nameplate.register.models import (
    Attribution,
    Body,
    Coverage,
    Import,
    Mention,
    Purchase,
    SetAside,
    Sighting,
    Supplier,
)
from nameplate.register.models.records import to_units

BATCH: Final = 1000
"""Purchases written in one transaction: the unit that is there whole or not at all."""
NEEDED: Final = ("run.json", "purchases.parquet", "attributions.parquet", "mentions.parquet")
GRADE_ORDER: Final = ("stated", "observed", "named", "inferred", "open")

Progress = Callable[[str, int, int | None], None]
"""Called with the step, how much is done and of how much (None: unknown); may raise to stop."""


def read_run(folder: Path) -> dict[str, Any]:
    """Return the run record of a trace's folder.

    Raises InputError where the folder lacks an output or the record is unreadable.
    """
    for name in NEEDED:
        if not (folder / name).is_file():
            raise InputError(
                f"there is no {name}",
                where=folder.name,
                do="name the folder that `nameplate trace --out` wrote, of a finished run",
            )
    try:
        run: dict[str, Any] = json.loads((folder / "run.json").read_text())
    except ValueError as error:
        raise InputError(
            "the run record is not readable", where="run.json", do="trace again"
        ) from error
    return run


def fingerprint(folder: Path) -> str:
    """SHA-256 (hex) over the outputs: equal for two imports that bring the same."""
    digest = hashlib.sha256()
    for name in NEEDED:
        with (folder / name).open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()


def load_folder(job: Import, folder: Path, progress: Progress) -> dict[str, int]:
    """Load ``folder`` into the register for ``job``; returns counts by kind.

    May be called again after a stop at any moment: what is there already is left alone. Nothing
    counts until all is there: then it comes to life at once, with the sums, in one transaction.
    """
    total = _rows(folder / "purchases.parquet")
    done = 0
    for batch in _grouped(folder):
        with transaction.atomic():
            job.owner.hold()
            _load_batch(job, batch)
        done += len(batch)
        progress("loading purchases", done, total)
    counts = _counts(job)
    counts["set_aside"] = _load_set_aside(job, folder)
    counts["files"] = _load_coverage(job, folder)
    progress("adding up", 0, None)
    with transaction.atomic():
        job.owner.hold()
        asleep = Purchase.objects.filter(sightings__brought_by=job, live=False)
        bodies = set(asleep.order_by().values_list("body_id", flat=True).distinct())
        Purchase.objects.filter(pk__in=asleep.values("pk")).update(live=True)
        exposures.rebuild(job.owner, bodies)
    return counts


def _counts(job: Import) -> dict[str, int]:
    """What the import brought, counted from what is stored: the same after a stop and a restart."""
    own = Purchase.objects.filter(brought_by=job, owner=job.owner)
    new = own.count()
    return {
        "purchases": new,
        "purchases_known": Sighting.objects.filter(
            brought_by=job, purchase__owner=job.owner
        ).count()
        - new,
        "attributions": Attribution.objects.filter(purchase__in=own).count(),
        "mentions": Mention.objects.filter(purchase__in=own).count(),
    }


def _rows(path: Path) -> int:
    import pyarrow.parquet as pq

    return int(pq.ParquetFile(path).metadata.num_rows)


Group = tuple[dict[str, Any], list[dict[str, Any]], list[dict[str, Any]]]


def _grouped(folder: Path) -> Iterator[list[Group]]:
    """Purchases with their attributions and mentions, in batches, joined without holding all."""
    import duckdb

    with duckdb.connect() as db:
        db.execute("SET memory_limit='300MB'; SET threads=1; SET preserve_insertion_order=true")
        db.execute(f"SET temp_directory='{folder.as_posix()}/.duckdb'")
        for name in ("purchases", "attributions", "mentions"):
            path = (folder / f"{name}.parquet").as_posix().replace("'", "''")
            db.execute(f"CREATE VIEW {name} AS SELECT * FROM read_parquet('{path}')")  # noqa: S608
        cursor = db.execute(
            """
            SELECT p.*,
              (SELECT list(a) FROM attributions a WHERE a.purchase_id = p.purchase_id) AS _a,
              (SELECT list(m) FROM mentions m WHERE m.purchase_id = p.purchase_id) AS _m
            FROM purchases p
            """
        )
        names = [column[0] for column in cursor.description or []]
        while rows := cursor.fetchmany(BATCH):
            batch: list[Group] = []
            for row in rows:
                record = dict(zip(names, row, strict=True))
                attributions, mentions = record.pop("_a") or [], record.pop("_m") or []
                batch.append((record, attributions, mentions))
            yield batch


def _load_batch(job: Import, batch: list[Group]) -> None:
    ids = [record["purchase_id"] for record, _, _ in batch]
    known = {
        one.purchase_id: one
        for one in Purchase.objects.filter(owner=job.owner, purchase_id__in=ids)
    }
    bodies = _bodies([record["body"] for record, _, _ in batch])
    suppliers = _suppliers([record["supplier"] for record, _, _ in batch])
    fresh: list[Purchase] = []
    groups: dict[str, Group] = {}
    for group in batch:
        record = group[0]
        if record["purchase_id"] not in known and record["purchase_id"] not in groups:
            fresh.append(_purchase(job, group, bodies, suppliers))
            groups[record["purchase_id"]] = group
    Purchase.objects.bulk_create(fresh)
    everything = [*fresh, *known.values()]
    Sighting.objects.bulk_create(
        [Sighting(purchase=one, brought_by=job) for one in everything], ignore_conflicts=True
    )
    attributions, mentions, texts = [], [], []
    for one in fresh:
        record, of_maker, of_text = groups[one.purchase_id]
        attributions += [attribution_row(one, fields) for fields in of_maker]
        mentions += [_mention(one, fields) for fields in of_text]
        texts.append((one.pk, searchable(record)))
    Attribution.objects.bulk_create(attributions)
    Mention.objects.bulk_create(mentions)
    search.index(texts)


def searchable(record: dict[str, Any]) -> str:
    """The text a purchase is found by: title, body, suppliers and every text of the record."""
    texts = [field["text"] for field in record["texts"] or []]
    parts = [record["title"], record["body"], record["supplier"], *texts]
    return "\n".join(part for part in parts if part)


def _bodies(names: list[str | None]) -> dict[str, Body]:
    wanted = {name: key_of(name) for name in names if name}
    return _get_or_create(Body, wanted)


def _suppliers(names: list[str | None]) -> dict[str, Supplier]:
    wanted = {name: key_of(name) for name in names if name}
    return _get_or_create(Supplier, wanted)


def key_of(name: str) -> str:
    """A name's key: its slug, and a hash where the slug would lose or cut something."""
    slug = slugify(name)
    if slug and len(slug) <= 100 and slug.replace("-", " ") == name.lower():
        return slug
    return f"{slug[:100]}-{hashlib.sha256(name.encode()).hexdigest()[:8]}".lstrip("-")


def _get_or_create(model: Any, wanted: dict[str, str]) -> dict[str, Any]:
    have = {one.key: one for one in model.objects.filter(key__in=set(wanted.values()))}
    # In the keys' order: two imports that add the same ones wait for each other, never crosswise.
    missing = {
        key: model(key=key, name=name[:300])
        for name, key in sorted(wanted.items(), key=lambda one: one[1])
        if key not in have
    }
    model.objects.bulk_create(missing.values(), ignore_conflicts=True)
    if missing:
        have = {one.key: one for one in model.objects.filter(key__in=set(wanted.values()))}
    return {name: have[key] for name, key in wanted.items()}


def _purchase(
    job: Import, group: Group, bodies: dict[str, Body], suppliers: dict[str, Supplier]
) -> Purchase:
    record, attributions, _ = group
    return Purchase(
        purchase_id=record["purchase_id"],
        owner=job.owner,
        brought_by=job,
        live=False,
        body=bodies.get(record["body"] or ""),
        supplier=suppliers.get(record["supplier"] or ""),
        suppliers=record["suppliers"] or [],
        supplier_names=(record["supplier"] or "")[:600],
        title=record["title"] or "",
        amount_units=to_units(record["amount"]),
        currency=record["currency"] or "",
        amount_kind=record["amount_kind"] or "",
        amount_tax=record["amount_tax"] or "",
        amount_note=record["amount_note"] or "",
        is_framework=bool(record["is_framework"]),
        date=record["date"],
        date_kind=record["date_kind"] or "",
        trade_kind=record["trade_kind"] or "",
        trade_reason=record["trade_reason"] or "",
        makers=sorted({maker_key(one["maker"]) for one in attributions if one["maker"]}),
        best_grade=best_grade([one["grade"] for one in attributions]),
        record=_plain(record),
        source_file=record["source_file"],
        source_sha256=record["source_sha256"],
        locator=record["locator"],
        url=record["url"] or "",
        constructed=record["constructed"] or "",
    )


def best_grade(grades: list[str]) -> str:
    """The strongest of ``grades``, or empty where there is none."""
    return next((grade for grade in GRADE_ORDER if grade in grades), "")


def maker_key(name: str) -> str:
    """The catalogue's key of a canonical maker name; the name's slug where it has none."""
    for maker in load_catalogue().makers:
        if maker.name == name:
            return maker.key
    return slugify(name)


def attribution_row(purchase: Purchase, fields: dict[str, Any]) -> Attribution:
    """An unsaved row from an attribution's fields (as in ``attributions.parquet``)."""
    evidence = fields["evidence"]
    return Attribution(
        attribution_id=fields["attribution_id"],
        purchase=purchase,
        maker_key=maker_key(fields["maker"]) if fields["maker"] else "",
        maker=fields["maker"] or "",
        brand=fields["brand"] or "",
        role=fields["role"] or "",
        grade=fields["grade"],
        probability=fields["probability"],
        band=fields["band"] or "",
        prior=fields["prior"],
        in_totals=bool(fields["in_totals"]),
        evidence=json.loads(evidence) if isinstance(evidence, str) else evidence,
        wording=fields["wording"] or "",
    )


def _mention(purchase: Purchase, fields: dict[str, Any]) -> Mention:
    return Mention(
        purchase=purchase,
        maker_key=fields["maker_key"],
        maker=fields["maker"],
        brand=fields["brand"] or "",
        surface=fields["surface"][:300],
        field=fields["field"][:300],
        start=fields["start"],
        end=fields["end"],
        role=fields["role"],
        role_reason=fields["role_reason"] or "",
        via=fields["via"],
    )


def _plain(record: dict[str, Any]) -> dict[str, Any]:
    """JSON-representable: decimals as strings, dates as ISO."""
    return {
        key: str(value)
        if isinstance(value, Decimal)
        else value.isoformat()
        if isinstance(value, date)
        else value
        for key, value in record.items()
    }


def _load_set_aside(job: Import, folder: Path) -> int:
    path = folder / "set_aside.csv"
    if not path.is_file():
        return 0
    SetAside.objects.filter(brought_by=job).delete()
    count = 0
    batch: list[SetAside] = []
    with path.open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            batch.append(
                SetAside(
                    brought_by=job,
                    source_file=(row.get("source_file") or row.get("file") or "")[:500],
                    locator=(row.get("locator") or "")[:200],
                    reason=row.get("reason") or "",
                    excerpt=(row.get("excerpt") or "")[:400],
                )
            )
            count += 1
            if len(batch) == BATCH:
                SetAside.objects.bulk_create(batch)
                batch = []
    SetAside.objects.bulk_create(batch)
    return count


def _load_coverage(job: Import, folder: Path) -> int:
    path = folder / "coverage.csv"
    if not path.is_file():
        return 0
    Coverage.objects.filter(brought_by=job).delete()
    count = 0
    with path.open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            Coverage.objects.create(
                brought_by=job,
                source_file=row["source_file"][:500],
                format=row.get("format") or "",
                encoding=row.get("encoding") or "",
                columns=_json(row.get("columns")),
                records_read=_int(row.get("records_read")),
                records_set_aside=_int(row.get("records_set_aside")) or 0,
                first_date=_day(row.get("first_date")),
                last_date=_day(row.get("last_date")),
                amount_sum=row.get("amount_sum") or "",
                computed="not computable" not in row.values(),
            )
            count += 1
    return count


def _json(text: str | None) -> Any:
    try:
        return json.loads(text) if text else {}
    except ValueError:
        return {}


def _int(text: str | None) -> int | None:
    return int(text) if text and text.isdigit() else None


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None
