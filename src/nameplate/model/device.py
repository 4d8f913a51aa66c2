"""Devices: equipment as sources describe it (sightings), and what is concluded (devices)."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

import msgspec

from nameplate.model.attribution import Band, Evidence
from nameplate.model.ids import make_id

UNKNOWN_MAKER: Final = "unknown"
"""What stands for the maker where the evidence does not name one; never an empty string."""


class Field(StrEnum):
    """What a reading is a reading of. Banner-like fields may be read more than once."""

    MANUFACTURER = "manufacturer"
    MODEL = "model"
    FIRMWARE = "firmware"
    SERIAL = "serial"
    MAC = "mac"
    ADDRESS = "address"
    HOSTNAME = "hostname"
    NAME = "name"
    SITE = "site"
    LOCATION = "location"
    HARDWARE = "hardware"
    DEVICE_TYPE = "device_type"
    SUPPLIER = "supplier"
    INSTALLED = "installed"
    EXPOSURE = "exposure"
    BODY = "body"
    OBSERVED = "observed"
    HTTP_SERVER = "http_server"
    HTTP_TITLE = "http_title"
    HTTP_REALM = "http_realm"
    HTTP_BODY = "http_body"
    RTSP_SERVER = "rtsp_server"
    RTSP_REALM = "rtsp_realm"
    FTP_BANNER = "ftp_banner"
    TELNET_BANNER = "telnet_banner"
    TLS_SUBJECT = "tls_subject"
    TLS_ISSUER = "tls_issuer"
    SNMP_SYSDESCR = "snmp_sysdescr"
    SNMP_SYSOBJECTID = "snmp_sysobjectid"
    SNMP_ENTERPRISE = "snmp_enterprise"
    ONVIF_NAME = "onvif_name"
    ONVIF_HARDWARE = "onvif_hardware"
    XML_NAMESPACE = "xml_namespace"
    ENDPOINT = "endpoint"
    SERVICE = "service"
    OUI_VENDOR = "oui_vendor"
    QUANTITY = "quantity"


class Reading(msgspec.Struct, frozen=True):
    """One value as read: of which field, what it says, and where in the source it stands."""

    field: Field
    value: str
    locator: str = ""


class Sighting(msgspec.Struct, frozen=True, kw_only=True):
    """One device as one source describes it. ``observed`` is ISO, empty where not stated.

    ``source_file`` is the name shown (never an absolute path of this machine), ``format`` the
    reader's key (docs/reference/estate.md lists them).
    """

    source_file: str
    source_sha256: str
    locator: str
    format: str
    readings: tuple[Reading, ...]
    observed: str = ""

    def first(self, field: Field) -> str:
        """The first value read of ``field``, or an empty string."""
        for reading in self.readings:
            if reading.field is field:
                return reading.value
        return ""

    def all(self, field: Field) -> tuple[str, ...]:
        """Every value read of ``field``, in order."""
        return tuple(r.value for r in self.readings if r.field is field)


class Identity(msgspec.Struct, frozen=True, kw_only=True):
    """Who made a device, as far as the evidence goes.

    ``maker`` is the catalogue's canonical name or ``unknown``; ``brand`` the name on the badge
    (empty where it is the maker's own or not known); ``confidence`` the probability (0-1) of the
    likeliest maker, whether or not it is high enough to be named; ``band`` what may be shown, as
    the weights are judgements that no large labelled set has calibrated. ``contradictions`` are
    sentences on evidence that points elsewhere, ``note`` says what a badge may hide.
    """

    maker: str
    maker_key: str
    brand: str
    confidence: float
    band: Band | None
    evidence: tuple[Evidence, ...]
    contradictions: tuple[str, ...] = ()
    note: str = ""


class DeviceLine(msgspec.Struct, frozen=True, kw_only=True):
    """One line of ``nameplate estate identify --jsonl``."""

    source: str
    locator: str
    format: str
    maker: str
    maker_key: str
    brand: str
    model: str
    firmware: str
    serial: str
    mac: str
    address: str
    confidence: float
    band: str
    evidence: tuple[Evidence, ...]
    contradictions: tuple[str, ...]
    note: str


class Device(msgspec.Struct, frozen=True, kw_only=True):
    """A device over all its sightings: the latest value of each field, with its source.

    ``device_id``: ``d_`` and 26 base32 characters over the identity first seen (``identity``:
    ``mac:…``, ``serial:…`` or the rest); it stays when address, firmware or file change.
    ``fields`` maps a Field's value to the latest reading, ``sources`` to ``file#locator`` of it.
    Dates are ISO, empty where no source states one. ``sightings`` counts distinct ones.
    """

    device_id: str
    identity: str
    macs: tuple[str, ...]
    fields: dict[str, str]
    sources: dict[str, str]
    services: tuple[str, ...]
    maker: str
    maker_key: str
    brand: str
    confidence: float
    band: str
    evidence: tuple[Evidence, ...]
    contradictions: tuple[str, ...]
    note: str
    first_seen: str
    last_seen: str
    sightings: int

    def get(self, field: Field) -> str:
        """The latest value of ``field``, or an empty string."""
        return self.fields.get(field.value, "")


def device_id(identity: str) -> str:
    """Id of a device; key: its identity when first seen (``mac:b8a44fa04f26``)."""
    return make_id("d", identity)


def sighting_id(sighting: Sighting) -> str:
    """Id of a sighting; key: the original's SHA-256, the locator in it, and all readings."""
    body = msgspec.json.encode([(r.field, r.value) for r in sighting.readings]).decode()
    return make_id("g", sighting.source_sha256, sighting.locator, body)
