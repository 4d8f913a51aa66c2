"""What is known of an estate's devices, gathered: findings, chips, support, services."""

from __future__ import annotations

import datetime
import functools
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from nameplate.estate.facts import store as facts
from nameplate.estate.facts.schema import Chip, Service, Support
from nameplate.estate.vulns.library import known
from nameplate.estate.vulns.match import Index, Subject
from nameplate.estate.vulns.schema import Finding
from nameplate.model.device import Device, Field


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
