"""The estate's facts as types, beside the catalogue's: what devices say of themselves.

They live as JSON arrays in ``estate/facts/<kind>.json`` and are decoded strictly, like the
catalogue's (see :mod:`nameplate.catalogue.schema` for id, sources, dates and confidence).
"""

from __future__ import annotations

from enum import StrEnum

import msgspec

from nameplate.catalogue.schema import Fact


class SignKind(StrEnum):
    """Where a sign is looked for: one of a sighting's fields, or a registrant's name."""

    MANUFACTURER = "manufacturer"
    MODEL = "model"
    FIRMWARE = "firmware"
    SERIAL = "serial"
    HARDWARE = "hardware"
    HOSTNAME = "hostname"
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
    SNMP_ENTERPRISE = "snmp_enterprise"
    XML_NAMESPACE = "xml_namespace"
    ONVIF_NAME = "onvif_name"
    REGISTRANT = "registrant"


class Sign(Fact, frozen=True, kw_only=True):
    """What gives a maker away. ``pattern`` is a Python regular expression, searched without
    regard to case in values of ``kind``; ``weight`` is the natural-log likelihood ratio.

    ``maker`` is a catalogue key; empty where the sign tells only the badge (``brand``, a name).
    Named groups ``model``, ``firmware`` and ``mac`` hold those where the pattern has them.
    """

    maker: str
    kind: SignKind
    pattern: str
    weight: float
    brand: str = ""
    examples: tuple[str, ...] = ()
    counter_examples: tuple[str, ...] = ()


class Badge(Fact, frozen=True, kw_only=True):
    """A name that stands on equipment which others may have made.

    ``own``: ``no`` where no manufacture of its own is known (the badge alone then names no
    maker), ``some`` where it makes some itself. ``models`` are regular expressions of models
    that a claim covers; ``maker`` the maker claimed for these, empty where claims differ.
    """

    name: str
    own: str
    says: str
    maker: str = ""
    models: tuple[str, ...] = ()


class Weights(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Numbers of the identification, as data: natural-log likelihood ratios and thresholds."""

    unknown_prior: float
    name_at: float
    likely_at: float
    manufacturer_field: float
    name_in_model: float
    oui: float
    oui_in_serial: float
    why: str


class Chip(Fact, frozen=True, kw_only=True):
    """A dated claim that models matching ``models`` hold ``chip`` of ``chip_maker``."""

    models: tuple[str, ...]
    chip: str
    chip_maker: str
    claimed_by: str
    valid_from: str = ""
    valid_to: str = ""


class Support(Fact, frozen=True, kw_only=True):
    """End of sale and support: ``models`` are regular expressions; dates ISO, may be short."""

    maker: str
    models: tuple[str, ...]
    end_of_sale: str = ""
    end_of_support: str = ""
    says: str = ""


class Service(Fact, frozen=True, kw_only=True):
    """A service that a maker's devices open as delivered. ``exposes`` says why it matters."""

    maker: str
    port: int
    protocol: str
    name: str
    exposes: str
