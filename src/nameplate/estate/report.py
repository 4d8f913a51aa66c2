"""What is known of an estate's devices, gathered: findings, chips, support, services."""

from __future__ import annotations

import datetime
import functools
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from nameplate.estate.facts import store as facts
from nameplate.estate.facts.schema import Chip, Service, Support
from nameplate.estate.vulns.library import known
from nameplate.estate.vulns.match import Index, Subject
from nameplate.estate.vulns.schema import Finding
from nameplate.model.device import Device, Field
from nameplate.model.errors import InputError

if TYPE_CHECKING:
    from nameplate.estate.join import Bought


def subject_of(device: Device) -> Subject:
    """What of a device decides on vulnerabilities."""
    return Subject(
        maker=device.maker_key,
        model=device.get(Field.MODEL),
        firmware=device.get(Field.FIRMWARE),
        brand=device.brand,
    )


def findings_of(
    devices: Iterable[Device], store: Path | None = None, as_of: datetime.date | None = None
) -> Iterator[tuple[Device, tuple[Finding, ...]]]:
    """Each device with its findings, of the bundled facts and a folder of feeds."""
    index = Index(known(store, as_of))
    for device in devices:
        yield device, index.match(subject_of(device))


@functools.lru_cache(maxsize=16384)
def _covers(patterns: tuple[str, ...], model: str) -> bool:
    return any(re.fullmatch(p, model, re.IGNORECASE) for p in patterns)


def chips_of(device: Device) -> tuple[Chip, ...]:
    """Claims on the chips inside a device's model."""
    model = device.get(Field.MODEL)
    return tuple(c for c in facts.chips() if model and _covers(c.models, model))


def support_of(device: Device) -> Support | None:
    """What is known of the end of sale and support of a device's model."""
    model = device.get(Field.MODEL)
    for item in facts.support():
        if item.maker == device.maker_key and model and _covers(item.models, model):
            return item
    return None


def services_of(device: Device) -> tuple[Service, ...]:
    """Services that the maker's devices open as delivered."""
    return tuple(s for s in facts.services() if s.maker == device.maker_key)


def purchases_of(trace: Path, body: str = "") -> list[Bought]:
    """Purchases that a trace wrote into a folder, with the makers attributed to each.

    Raises InputError where the folder holds no trace. Only rows of ``body`` where it is given.
    """
    import pyarrow.parquet as pq

    from nameplate.estate.join import Bought

    purchases, attributions = trace / "purchases.parquet", trace / "attributions.parquet"
    if not purchases.is_file() or not attributions.is_file():
        raise InputError(
            "holds no purchases.parquet and attributions.parquet",
            where=trace.name,
            do="give the folder that nameplate trace wrote",
        )
    makers: dict[str, dict[str, None]] = {}
    for row in pq.read_table(attributions, columns=["purchase_id", "maker"]).to_pylist():
        if row["maker"]:
            makers.setdefault(row["purchase_id"], {})[row["maker"]] = None
    columns = ["purchase_id", "body", "date", "supplier", "title", "texts"]
    found = []
    for batch in pq.ParquetFile(purchases).iter_batches(columns=columns):
        for row in batch.to_pylist():
            if body and (row["body"] or "").lower() != body.lower():
                continue
            texts = [row["title"] or "", *(t["text"] for t in row["texts"] or ())]
            found.append(
                Bought(
                    purchase_id=row["purchase_id"],
                    body=row["body"] or "",
                    date=row["date"],
                    supplier=row["supplier"] or "",
                    text=" ".join(texts),
                    makers=tuple(makers.get(row["purchase_id"], ())),
                )
            )
    return found
