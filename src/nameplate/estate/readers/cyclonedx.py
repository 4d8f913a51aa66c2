"""CycloneDX hardware bills of materials (JSON, 1.2 and later): components of type ``device``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from nameplate.estate.readers.base import Original, reading, sighting
from nameplate.model.device import Field, Reading, Sighting

_PROPERTIES: Final[dict[str, Field]] = {
    "cdx:device:serialNumber": Field.SERIAL,
    "cdx:device:macAddress": Field.MAC,
    "cdx:device:ipAddress": Field.ADDRESS,
    "cdx:device:location": Field.LOCATION,
    "nameplate:serial": Field.SERIAL,
    "nameplate:mac": Field.MAC,
    "nameplate:address": Field.ADDRESS,
    "nameplate:site": Field.SITE,
    "nameplate:location": Field.LOCATION,
    "nameplate:name": Field.NAME,
    "nameplate:hostname": Field.HOSTNAME,
    "nameplate:installed": Field.INSTALLED,
    "nameplate:exposure": Field.EXPOSURE,
    "nameplate:firmware": Field.FIRMWARE,
    "nameplate:manufacturer": Field.MANUFACTURER,
    "serialNumber": Field.SERIAL,
    "macAddress": Field.MAC,
    "ipAddress": Field.ADDRESS,
}


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _party(component: dict[str, Any]) -> str:
    for name in ("manufacturer", "supplier"):
        party = component.get(name)
        if isinstance(party, dict) and _text(party.get("name")):
            return _text(party.get("name"))
    return _text(component.get("publisher")) or _text(component.get("author"))


def read(original: Original, document: dict[str, Any]) -> Iterator[Sighting]:
    """One device of each ``device`` component, nested ones too; firmware of one inside it."""
    metadata = document.get("metadata")
    observed = _text(metadata.get("timestamp")) if isinstance(metadata, dict) else ""
    stack: list[tuple[str, object]] = [("/components", document.get("components"))]
    while stack:
        path, components = stack.pop()
        if not isinstance(components, list):
            continue
        for index, component in enumerate(components):
            if not isinstance(component, dict):
                continue
            place = f"{path}/{index}"
            if component.get("type") == "device":
                yield sighting(original, "cyclonedx", place, _device(component, place), observed)
            stack.append((f"{place}/components", component.get("components")))


def _device(component: dict[str, Any], place: str) -> list[Reading]:
    found: list[Reading] = []
    for item in component.get("properties") or []:
        if isinstance(item, dict) and (field := _PROPERTIES.get(_text(item.get("name")))):
            found += reading(field, _text(item.get("value")), place)
    if not any(r.field is Field.MANUFACTURER for r in found):
        found += reading(Field.MANUFACTURER, _party(component), place)
    found += reading(Field.MODEL, _text(component.get("name")), place)
    firmware = next(
        (
            _text(inner.get("version"))
            for inner in component.get("components") or []
            if isinstance(inner, dict) and inner.get("type") == "firmware"
        ),
        "",
    )
    if not any(r.field is Field.FIRMWARE for r in found):
        found += reading(Field.FIRMWARE, firmware or _text(component.get("version")), place)
    return found
