"""Attributions: what is derived from evidence. Never edited by hand; derived again instead."""

from __future__ import annotations

import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Final

import msgspec

from nameplate.model.ids import make_id


class Grade(StrEnum):
    """How strongly an attribution is held, strongest first."""

    STATED = "stated"
    OBSERVED = "observed"
    NAMED = "named"
    INFERRED = "inferred"
    OPEN = "open"


CONFIRMED_GRADES: Final = frozenset({Grade.STATED, Grade.OBSERVED, Grade.NAMED})
"""Grades whose sums make the confirmed ("at least") total."""


class Band(StrEnum):
    """What is shown in place of a percentage where too few labelled records stand behind it."""

    UNLIKELY = "unlikely"
    POSSIBLE = "possible"
    LIKELY = "likely"


class Evidence(msgspec.Struct, frozen=True, kw_only=True):
    """One piece of evidence: a sentence, its weight, and what it rests on.

    ``weight`` is a natural-log likelihood ratio: 0 says nothing, +4.6 is a hundredfold.
    ``ref`` is a statement, fact, mention or purchase id. ``link`` names the step of the chain
    (``record``, ``supplier``, ``distributor``, ``maker``), ``grade`` that step's own grade.
    """

    kind: str
    says: str
    weight: float
    ref: str = ""
    link: str = "record"
    grade: Grade = Grade.NAMED


class Attribution(msgspec.Struct, frozen=True, kw_only=True):
    """This purchase or device is this maker's: grade, probability and chain of evidence.

    ``probability`` (0-1) is None for ``open``, which has no maker either. ``band`` is what may be
    shown until the probability is calibrated. ``prior`` is the log-odds the weights are added to.
    """

    attribution_id: str
    purchase_id: str
    body: str | None
    supplier: str | None
    maker: str | None
    brand: str | None
    role: str | None
    grade: Grade
    probability: float | None
    band: Band | None
    prior: float | None
    amount: Decimal | None
    currency: str
    amount_kind: str
    amount_tax: str
    amount_note: str = ""
    in_totals: bool
    date: datetime.date | None
    date_kind: str
    title: str
    trade_kind: str
    evidence: tuple[Evidence, ...]
    wording: str
    source_file: str
    source_sha256: str
    locator: str
    constructed: str = ""


def attribution_id(subject: str, maker_key: str | None, role: str | None) -> str:
    """Id of an attribution; key: purchase or device id, maker's key, role."""
    return make_id("a", subject, maker_key, role)
