"""Purchases: one award (a contract or notice where there is none) or one payment line."""

from __future__ import annotations

import datetime
from decimal import Decimal
from enum import StrEnum

import msgspec

from nameplate.model.ids import make_id
from nameplate.model.money import AmountKind, TaxBasis


class TradeKind(StrEnum):
    """What kind of surveillance purchase a record is, or that it is none."""

    EQUIPMENT = "equipment"
    INSTALLATION = "installation"
    MAINTENANCE = "maintenance"
    MONITORING = "monitoring"
    BODY_WORN = "body_worn"
    ANPR = "anpr"
    UNCLEAR = "unclear"
    NOT_SURVEILLANCE = "not_surveillance"


class DateKind(StrEnum):
    """Which of a record's dates ``Purchase.date`` is; the earliest of these that it has."""

    SIGNED = "signed"
    AWARDED = "awarded"
    PAID = "paid"
    STARTED = "started"
    PUBLISHED = "published"
    UNKNOWN = "unknown"


class Party(msgspec.Struct, frozen=True, kw_only=True):
    """A buyer or supplier as published: a name, and identifiers as ``scheme:id`` strings.

    ``scheme`` is an org-id prefix (``GB-COH``) where known. ``role`` is OCDS's: ``buyer``,
    ``supplier``, ``tenderer``, ``payee``.
    """

    name: str
    role: str
    identifiers: tuple[str, ...] = ()


class TextField(msgspec.Struct, frozen=True):
    """A piece of a record's text that can name a maker, and the path it was read from."""

    path: str
    text: str


class Purchase(msgspec.Struct, frozen=True, kw_only=True):
    """One purchase as published, before anything is concluded from it.

    ``purchase_id``: ``p_`` and 26 base32 characters, see :func:`ocds_purchase_id` and
    :func:`row_purchase_id`. ``body`` is the buyer's name as published or as told by path or
    option; ``amount`` has at most four decimals; ``amount_note`` is how the source itself
    qualifies it (``about``), shown beside it; ``currency`` is an ISO 4217 code or empty;
    ``date`` is a calendar day in Europe/London. ``texts`` holds every piece of text that can name
    a maker, in the record's order. ``is_framework``: the amount is a ceiling, not spend, and is
    in no total. ``locator`` is a form of :mod:`nameplate.model.locator`. ``constructed`` is a
    sentence when the record was written from a press report or for a test, else empty; it is
    shown wherever the record is.
    """

    purchase_id: str
    ocid: str | None = None
    award_id: str | None = None
    body: str | None = None
    body_source: str = "record"
    buyer: Party | None = None
    suppliers: tuple[Party, ...] = ()
    title: str = ""
    texts: tuple[TextField, ...] = ()
    amount: Decimal | None = None
    currency: str = ""
    amount_kind: AmountKind = AmountKind.PAYMENT
    amount_tax: TaxBasis = TaxBasis.UNKNOWN
    amount_note: str = ""
    is_framework: bool = False
    date: datetime.date | None = None
    date_kind: DateKind = DateKind.UNKNOWN
    date_end: datetime.date | None = None
    cpv: tuple[str, ...] = ()
    department: str = ""
    reference: str = ""
    status: str = ""
    source_file: str
    source_sha256: str
    locator: str
    url: str = ""
    constructed: str = ""

    @property
    def supplier(self) -> str | None:
        """Names of the suppliers joined by "; ", or None where the record names none."""
        return "; ".join(p.name for p in self.suppliers) or None


def ocds_purchase_id(ocid: str, award_id: str | None) -> str:
    """Id of an award; key: ``"ocds"``, ocid, award id (None for a notice without an award)."""
    return make_id("p", "ocds", ocid, award_id)


def row_purchase_id(body: str | None, source_sha256: str, sheet: str, row: str) -> str:
    """Id of a row; key: ``"row"``, body, SHA-256 of the file, sheet name, row's locator."""
    return make_id("p", "row", body, source_sha256, sheet, row)
