"""Evidence for a maker in single values: each kind of reading has one small function.

All are cached by the value, since an estate repeats few distinct ones many times.
"""

from __future__ import annotations

import functools
import re
from typing import Final

import msgspec

from nameplate.estate import mac as macs
from nameplate.estate.facts import store as facts
from nameplate.estate.facts.schema import Sign, SignKind
from nameplate.estate.grammar import match_model
from nameplate.estate.names import find_names
from nameplate.model.device import Field


class Hit(msgspec.Struct, frozen=True):
    """One finding: ``kind`` groups findings that are not independent of each other.

    ``maker`` is a catalogue key, empty where only a badge (``brand``) is told.
    """

    kind: str
    maker: str
    brand: str
    weight: float
    says: str
    ref: str


BANNERS: Final = frozenset(
    {
        Field.HTTP_SERVER,
        Field.HTTP_TITLE,
        Field.HTTP_REALM,
        Field.RTSP_SERVER,
        Field.RTSP_REALM,
        Field.FTP_BANNER,
        Field.TELNET_BANNER,
        Field.TLS_SUBJECT,
        Field.TLS_ISSUER,
        Field.SNMP_SYSDESCR,
    }
)
_LABEL: Final = {
    Field.HTTP_SERVER: "the web server",
    Field.HTTP_TITLE: "the web page's title",
    Field.HTTP_REALM: "the web sign-in's realm",
    Field.HTTP_BODY: "the web page",
    Field.RTSP_SERVER: "the video server",
    Field.RTSP_REALM: "the video sign-in's realm",
    Field.FTP_BANNER: "the file server's greeting",
    Field.TELNET_BANNER: "the terminal's greeting",
    Field.TLS_SUBJECT: "the certificate",
    Field.TLS_ISSUER: "the certificate's issuer",
    Field.SNMP_SYSDESCR: "the SNMP description",
    Field.ONVIF_NAME: "the ONVIF name",
    Field.XML_NAMESPACE: "the answer's XML namespace",
    Field.FIRMWARE: "the firmware version",
    Field.HOSTNAME: "the host name",
    Field.HARDWARE: "the hardware version",
}
_NAME_IN_BANNER: Final = 2.5
"""Weight of a maker's name inside a banner: another's product can name it as a partner."""
_SHORT: Final = 80


def clip(text: str) -> str:
    """A value as a sentence quotes it: one line, at most 80 characters."""
    one = " ".join(text.split())
    return one if len(one) <= _SHORT else one[: _SHORT - 1] + "…"


@functools.cache
def _signs() -> dict[SignKind, tuple[tuple[re.Pattern[str], Sign], ...]]:
    table: dict[SignKind, list[tuple[re.Pattern[str], Sign]]] = {}
    for sign in facts.signs():
        table.setdefault(sign.kind, []).append((re.compile(sign.pattern, re.IGNORECASE), sign))
    return {kind: tuple(found) for kind, found in table.items()}


def sign_matches(kind: SignKind, value: str) -> list[tuple[re.Match[str], Sign]]:
    """Signs of ``kind`` that ``value`` bears, with the match (for its named groups)."""
    found = []
    for pattern, sign in _signs().get(kind, ()):
        if match := pattern.search(value):
            found.append((match, sign))
    return found


def _by_signs(field: Field, value: str) -> list[Hit]:
    label = _LABEL.get(field, f"the {field.value}")
    return [
        Hit(
            field.value,
            sign.maker,
            sign.brand,
            sign.weight,
            f"{label} says {clip(value)!r}",
            sign.id,
        )
        for _, sign in sign_matches(SignKind(field.value), value)
    ]


@functools.lru_cache(maxsize=32768)
def of_manufacturer(value: str) -> tuple[Hit, ...]:
    """What a field for the manufacturer says: the strongest word, though it can be a badge."""
    weight = facts.weights().manufacturer_field
    hits = find_names(value, whole=True)[:1]
    return tuple(
        Hit(
            "manufacturer",
            h.maker,
            h.brand,
            weight,
            f"the manufacturer is given as {clip(value)!r}",
            h.ref,
        )
        for h in hits
    )


@functools.lru_cache(maxsize=131072)
def of_model(value: str) -> tuple[Hit, ...]:
    """What a model string says by its form and by a name in it."""
    hits = [
        Hit(
            "model",
            g.maker,
            g.brand,
            g.weight,
            f"the model {clip(value)!r} has the form of this maker's {g.device} numbers",
            g.ref,
        )
        for g in match_model(value)
    ]
    hits += [
        Hit(
            "model",
            sign.maker,
            sign.brand,
            sign.weight,
            f"the model {clip(value)!r} has the form of this maker's names",
            sign.id,
        )
        for _, sign in sign_matches(SignKind.MODEL, value)
    ]
    weight = facts.weights().name_in_model
    hits += [
        Hit("model", n.maker, n.brand, weight, f"the model {clip(value)!r} names it", n.ref)
        for n in find_names(value, whole=True)
    ]
    return tuple(hits)


@functools.lru_cache(maxsize=32768)
def of_banner(field: Field, value: str) -> tuple[Hit, ...]:
    """What a banner, title, realm, certificate or description says."""
    hits = _by_signs(field, value)
    label = _LABEL.get(field, f"the {field.value}")
    hits += [
        Hit(field.value, n.maker, n.brand, _NAME_IN_BANNER, f"{label} says {clip(value)!r}", n.ref)
        for n in find_names(value, whole=False)
    ]
    return tuple(hits)


@functools.lru_cache(maxsize=32768)
def of_onvif_name(value: str) -> tuple[Hit, ...]:
    """What the ONVIF name scope says; a person can change it, so it weighs less than a field."""
    weight = facts.weights().name_in_model
    return tuple(
        Hit(
            "onvif_name",
            n.maker,
            n.brand,
            weight,
            f"the ONVIF name is given as {clip(value)!r}",
            n.ref,
        )
        for n in find_names(value, whole=True)[:1]
    )


@functools.lru_cache(maxsize=32768)
def of_signs(field: Field, value: str) -> tuple[Hit, ...]:
    """What a value says by signs alone (firmware forms, namespaces, host names)."""
    return tuple(_by_signs(field, value))


@functools.lru_cache(maxsize=32768)
def of_enterprise(number: str) -> tuple[Hit, ...]:
    """What an SNMP enterprise number says (the number after 1.3.6.1.4.1)."""
    return tuple(
        Hit(
            "snmp_enterprise",
            sign.maker,
            sign.brand,
            sign.weight,
            f"it answers under SNMP enterprise number {number}",
            sign.id,
        )
        for _, sign in sign_matches(SignKind.SNMP_ENTERPRISE, number)
    )


@functools.lru_cache(maxsize=65536)
def of_registrant(name: str, block: str, where: str) -> tuple[Hit, ...]:
    """What the registrant of an address block says: who made the network part.

    ``where`` is ``mac``, or ``serial`` or ``endpoint`` where the address was found inside one.
    """
    weight_in = facts.weights().oui_in_serial
    place = {
        "mac": f"the address block {block} is registered to {name}",
        "serial": f"the serial number is an address of a block registered to {name}",
        "endpoint": f"the endpoint's id ends in an address of a block registered to {name}",
    }[where]
    return tuple(
        Hit(
            "mac",
            sign.maker,
            sign.brand,
            sign.weight if where == "mac" else min(sign.weight, weight_in),
            f"{place}, who made the network part",
            sign.id,
        )
        for _, sign in sign_matches(SignKind.REGISTRANT, name)
    )


def of_mac(mac: str, where: str = "mac") -> tuple[Hit, ...]:
    """What a normalised address says; nothing where it was assigned by no registrant."""
    name = macs.registrant(mac)
    return of_registrant(name, macs.shown(mac)[:8], where) if name else ()


@functools.lru_cache(maxsize=65536)
def of_serial(serial: str) -> tuple[Hit, ...]:
    """What a serial number says by its form, or as a hardware address."""
    inside = macs.normalise_mac(serial) if len(serial.strip()) in (12, 14, 17) else ""
    hits = list(of_mac(inside, "serial")) if inside else []
    hits += [
        Hit(
            "serial",
            sign.maker,
            sign.brand,
            sign.weight,
            "the serial number has the form of this maker's",
            sign.id,
        )
        for _, sign in sign_matches(SignKind.SERIAL, serial)
    ]
    return tuple(hits)


@functools.cache
def form_example(sign_id: str) -> str:
    """The first example of a sign: a value that bears it and is no device's own."""
    return next(sign.examples[0] for sign in facts.signs() if sign.id == sign_id)
