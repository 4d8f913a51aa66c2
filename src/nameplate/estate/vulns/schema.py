"""Vulnerabilities as the sources give them: who is affected, in which range, says who."""

from __future__ import annotations

from enum import StrEnum

import msgspec


class Range(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A range of firmware. Empty bounds are open; with none at all and not ``everything``, the
    source names the product and leaves the range unknown.

    ``built_before`` is an ISO day: firmware built on an earlier day is affected. ``text`` is how
    the source words it.
    """

    low: str = ""
    low_included: bool = True
    high: str = ""
    high_included: bool = False
    built_before: str = ""
    everything: bool = False
    text: str = ""

    @property
    def is_unknown(self) -> bool:
        """Whether the source gives no bound."""
        return not (self.low or self.high or self.built_before or self.everything)


class Affected(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One source's statement that ``products`` of ``vendor`` are affected in ``ranges``.

    ``vendor`` is a catalogue key, or ``badge:`` and a lower-case name. ``products`` are model
    numbers or families as the source writes them (``DS-2CD2xx2FWD Series``), ``*`` for an
    operating system or for products that the source does not name. Firmware within any of
    ``ranges`` is affected; no range at all means that the source gives none.
    """

    source: str
    vendor: str
    products: tuple[str, ...]
    ranges: tuple[Range, ...] = ()
    whole_system: bool = False
    """True where the product is the operating system of all of the vendor's devices."""
    unaffected: tuple[Range, ...] = ()
    says: str = ""


class Cvss(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A score: version (``3.1``, ``4.0``), vector, base score 0-10, and whose it is."""

    version: str
    vector: str
    score: float | None
    source: str


class Known(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One source's record of one vulnerability; records of one ``cve`` are matched together.

    Dates are ISO; ``published`` is the source's own, which as-of queries go by. ``url`` is where
    a person can read it. ``kev_added``/``kev_due`` come from CISA's catalogue of known
    exploited vulnerabilities, ``epss`` (0-1) and ``epss_day`` from FIRST's scores.
    """

    cve: str
    source: str
    title: str = ""
    published: str = ""
    affected: tuple[Affected, ...] = ()
    cvss: tuple[Cvss, ...] = ()
    kev_added: str = ""
    kev_due: str = ""
    epss: float | None = None
    epss_day: str = ""
    url: str = ""
    read: str = ""
    note: str = ""


class Status(StrEnum):
    """What a source's record says of one device."""

    AFFECTED = "affected"
    RANGE_UNKNOWN = "affected, range unknown"
    NOT_AFFECTED = "not affected"
    UNKNOWN = "unknown"


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """One source's answer on one device, with the sentence why."""

    source: str
    status: Status
    why: str
    url: str = ""


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """One vulnerability on one device. ``status`` is the gravest of the verdicts;
    ``disagreement`` is True where sources give different answers, all of which are shown.
    """

    cve: str
    title: str
    status: Status
    disagreement: bool
    verdicts: tuple[Verdict, ...]
    kev_added: str = ""
    kev_due: str = ""
    cvss: tuple[Cvss, ...] = ()
    epss: float | None = None
    epss_day: str = ""
