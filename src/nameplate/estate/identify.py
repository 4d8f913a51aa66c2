"""Who made a device: evidence weighed as natural-log likelihood ratios into a confidence.

For each maker the heaviest finding of each kind counts, and kinds add up. With an unknown maker
at log-odds ``unknown_prior`` (facts/weights.json), the probability of maker m is
exp(s_m) / (exp(unknown_prior) + sum of exp(s)). It is named from ``name_at`` upwards. The
weights are judgements; until enough labelled devices calibrate them a band is shown.
"""

from __future__ import annotations

import functools
import math
import re
from typing import Final

import msgspec

from nameplate.catalogue import store as catalogue_store
from nameplate.estate import evidence as ev
from nameplate.estate import mac as macs
from nameplate.estate.evidence import Hit
from nameplate.estate.facts import store as facts
from nameplate.estate.facts.schema import Badge, SignKind
from nameplate.estate.grammar import match_model
from nameplate.model.attribution import Band, Evidence, Grade
from nameplate.model.device import UNKNOWN_MAKER, DeviceLine, Field, Identity, Sighting

_TWO_KINDS: Final = 2
_OUTWEIGHS: Final = 4.5
_CAP: Final = 12.0
"""Most that all evidence for one maker may weigh: no sum of judgements shows more."""
_NODE: Final = re.compile(r"([0-9a-f]{12})$", re.IGNORECASE)

_Parts = tuple[tuple[str, str], ...]


@functools.cache
def _badges() -> dict[str, Badge]:
    catalogue = catalogue_store.load()
    by_name = {badge.name.lower(): badge for badge in facts.badges()}
    keys = {maker.name.lower(): maker.key for maker in catalogue.makers}
    return {keys[name]: badge for name, badge in by_name.items() if name in keys}


@functools.cache
def _maker_names() -> dict[str, str]:
    return {maker.key: maker.name for maker in catalogue_store.load().makers}


def _hits(parts: _Parts) -> list[Hit]:
    hits: list[Hit] = []
    for kind, value in parts:
        if kind in ("mac", "serial", "endpoint"):
            name, _, block = value.partition("\0")
            hits += ev.of_registrant(name, block, kind)
        elif kind == "serial_form":
            hits += ev.of_serial(value)
        elif kind == "manufacturer":
            hits += ev.of_manufacturer(value)
        elif kind in ("model", "onvif_hardware"):
            hits += ev.of_model(value)
        elif kind == "onvif_name":
            hits += ev.of_onvif_name(value)
            hits += [
                msgspec.structs.replace(h, kind="onvif_name", weight=min(h.weight, 2.0))
                for h in ev.of_model(value)
                if h.weight >= _OUTWEIGHS
            ]
        elif kind == "name":
            hits += [
                msgspec.structs.replace(h, kind="name", weight=2.0)
                for h in ev.of_model(value)
                if h.weight >= _OUTWEIGHS
            ]
        elif kind == "snmp_enterprise":
            hits += ev.of_enterprise(value)
        elif Field(kind) in ev.BANNERS:
            hits += ev.of_banner(Field(kind), value)
        else:
            hits += ev.of_signs(Field(kind), value)
    return hits


def _strongest(hits: list[Hit]) -> dict[str, dict[str, Hit]]:
    """Maker key → kind → heaviest finding; badges stand under an empty maker."""
    table: dict[str, dict[str, Hit]] = {}
    for hit in hits:
        kinds = table.setdefault(hit.maker, {})
        seen = kinds.get(hit.kind)
        if seen is None or hit.weight > seen.weight:
            kinds[hit.kind] = hit
    return table


def _as_badge(maker: str, table: dict[str, dict[str, Hit]], model: str) -> str:
    """The badge's name, where what a device says of its maker is more likely only its badge."""
    badge = _badges().get(maker)
    said = table[maker].get("manufacturer") or table[maker].get("onvif_name")
    if badge is None or said is None:
        return ""
    if any(re.fullmatch(pattern, model, re.IGNORECASE) for pattern in badge.models):
        return badge.name
    for other, kinds in table.items():
        if other in ("", maker) or "model" in table[maker]:
            continue
        if sum(h.weight for h in kinds.values()) >= _OUTWEIGHS and len(kinds) >= _TWO_KINDS:
            return badge.name
    return ""


def _score(kinds: dict[str, Hit]) -> float:
    return min(_CAP, sum(hit.weight for hit in kinds.values()))


@functools.lru_cache(maxsize=262144)
def weigh(parts: _Parts, model: str) -> Identity:
    """Weigh all findings in ``parts`` (kind and value pairs) on one device."""
    weights = facts.weights()
    table = _strongest(_hits(parts))
    badge_hits = table.pop("", {})
    badge = next((hit.brand for hit in badge_hits.values()), "")
    note = ""
    for maker in sorted(table):
        if (only := _badges().get(maker)) is not None and only.own == "no":
            # Its own address block or model form tells the badge, never who made the device.
            for kind, own in table.pop(maker).items():
                badge_hits[kind] = msgspec.structs.replace(own, maker="", brand=only.name)
            badge = badge or only.name
        elif name := _as_badge(maker, table, model):
            badge = name
            for kind in ("manufacturer", "onvif_name"):
                if hit := table[maker].pop(kind, None):
                    badge_hits[kind] = msgspec.structs.replace(hit, maker="", brand=name)
    scores = {maker: _score(kinds) for maker, kinds in table.items() if kinds}
    total = math.exp(weights.unknown_prior) + sum(math.exp(s) for s in scores.values())
    best = min(scores, key=lambda m: (-scores[m], m), default="")
    confidence = round(math.exp(scores[best]) / total, 4) if best else 0.0
    named = bool(best) and confidence >= weights.name_at
    names = _maker_names()
    shown = [
        _evidence(hit, names[maker])
        for maker in sorted(scores, key=lambda m: (-scores[m], m))
        for hit in sorted(table[maker].values(), key=lambda h: (-h.weight, h.kind))
    ]
    shown += [_evidence(hit, f"badge {hit.brand}") for hit in badge_hits.values()]
    against = tuple(
        f"{hit.says}: that points to {names[maker]}"
        for maker in sorted(scores, key=lambda m: (-scores[m], m))
        if maker != best or not named
        for hit in table[maker].values()
        if hit.weight >= 1.0 and len(scores) > 1
    )
    brand = badge
    if not brand and best:
        brands = [h.brand for h in sorted(table[best].values(), key=lambda h: -h.weight)]
        brand = next((b for b in brands if b), "")
        if not named and brand:
            brand = ""
    if badge and named:
        note = f"badge {badge}, made by {names[best]}"
    elif badge:
        fact = next((b for b in facts.badges() if b.name == badge), None)
        note = f"badge {badge}; {fact.says}; nothing on this device tells which" if fact else ""
    band = None
    if best:
        band = (
            Band.LIKELY
            if confidence >= weights.likely_at
            else Band.POSSIBLE
            if confidence >= 1 / 2
            else Band.UNLIKELY
        )
    return Identity(
        maker=names[best] if named else UNKNOWN_MAKER,
        maker_key=best if named else "",
        brand=brand,
        confidence=confidence,
        band=band,
        evidence=tuple(shown),
        contradictions=against,
        note=note,
    )


def _evidence(hit: Hit, whose: str) -> Evidence:
    return Evidence(
        kind=hit.kind,
        says=f"{hit.says} ({whose})",
        weight=hit.weight,
        ref=hit.ref,
        link="maker",
        grade=Grade.OBSERVED,
    )


_DIRECT: Final = frozenset(
    {
        Field.MANUFACTURER,
        Field.MODEL,
        Field.FIRMWARE,
        Field.ONVIF_HARDWARE,
        Field.ONVIF_NAME,
        Field.HTTP_BODY,
        Field.XML_NAMESPACE,
        Field.SNMP_ENTERPRISE,
    }
    | ev.BANNERS
)


def _block(kind: str, mac: str) -> _Parts:
    name = macs.registrant(mac)
    return ((kind, f"{name}\0{macs.shown(mac)[:8]}"),) if name else ()


def parts_of(sighting: Sighting) -> _Parts:
    """What of a sighting tells of the maker, as a short key: equal estates weigh once."""
    parts: list[tuple[str, str]] = []
    for reading in sighting.readings:
        field, value = reading.field, reading.value
        if field in _DIRECT:
            parts.append((field.value, value))
        elif field is Field.NAME:
            if any(hit.weight >= _OUTWEIGHS for hit in match_model(value)):
                parts.append((field.value, value))
        elif field is Field.MAC:
            parts += _block("mac", macs.normalise_mac(value))
        elif field is Field.OUI_VENDOR:
            parts.append(("mac", f"{value}\0"))
        elif field is Field.SERIAL:
            for hit in ev.of_serial(value):
                # Serial numbers differ on every device: the key holds only what of them tells.
                if hit.kind == "mac":
                    parts += _block("serial", macs.normalise_mac(value))
                else:
                    parts.append(("serial_form", ev.form_example(hit.ref)))
        elif field is Field.ENDPOINT and (node := _NODE.search(value)):
            mac = macs.normalise_mac(node[1])
            if ev.of_mac(mac, "endpoint"):
                parts += _block("endpoint", mac)
    return tuple(dict.fromkeys(parts))


def model_of(sighting: Sighting) -> str:
    """The model as the device gives it, or as a banner with a model's place in it holds it."""
    direct = sighting.first(Field.MODEL) or sighting.first(Field.ONVIF_HARDWARE)
    return direct or _group(sighting, "model")


def firmware_of(sighting: Sighting) -> str:
    """The firmware version, from its field or from a banner."""
    return sighting.first(Field.FIRMWARE) or _group(sighting, "firmware")


def _group(sighting: Sighting, group: str) -> str:
    for reading in sighting.readings:
        if reading.field in ev.BANNERS:
            for match, _ in ev.sign_matches(SignKind(reading.field.value), reading.value):
                if found := match.groupdict().get(group):
                    return str(found)
    return ""


def mac_of(sighting: Sighting) -> str:
    """The normalised address: as given, inside a certificate's name, or as the serial number."""
    for value in sighting.all(Field.MAC):
        if mac := macs.normalise_mac(value):
            return mac
    if mac := macs.normalise_mac(_group(sighting, "mac")):
        return mac
    serial = sighting.first(Field.SERIAL)
    for hit in ev.of_serial(serial) if serial else ():
        if hit.kind == "mac":
            return macs.normalise_mac(serial)
    return ""


def identify(sighting: Sighting) -> Identity:
    """Who made the device of one sighting."""
    return weigh(parts_of(sighting), model_of(sighting))


def line_of(sighting: Sighting) -> DeviceLine:
    """The line that ``estate identify`` prints for one sighting."""
    identity = identify(sighting)
    mac = mac_of(sighting)
    return DeviceLine(
        source=sighting.source_file,
        locator=sighting.locator,
        format=sighting.format,
        maker=identity.maker,
        maker_key=identity.maker_key,
        brand=identity.brand,
        model=model_of(sighting),
        firmware=firmware_of(sighting),
        serial=sighting.first(Field.SERIAL),
        mac=macs.shown(mac) if mac else "",
        address=sighting.first(Field.ADDRESS),
        confidence=identity.confidence,
        band=identity.band.value if identity.band else "",
        evidence=identity.evidence,
        contradictions=identity.contradictions,
        note=identity.note,
    )
