"""Statements: claims with a source, an asserter and two clocks. Only ever added."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

import msgspec

from nameplate.model import SCHEMA_VERSION
from nameplate.model.ids import make_id


class Asserter(StrEnum):
    """Who says it."""

    BODY = "body"
    SUPPLIER = "supplier"
    MAKER = "maker"
    NEWSPAPER = "newspaper"
    PERSON = "person"
    DEVICE = "device"
    CATALOGUE = "catalogue"
    PUBLISHER = "publisher"


class SourceRef(msgspec.Struct, frozen=True, kw_only=True):
    """Where a claim was read: the original's SHA-256 and the locator in it, as cited."""

    sha256: str = ""
    locator: str = ""
    title: str = ""
    publisher: str = ""
    url: str = ""
    published: str = ""
    """ISO date, possibly shortened (``2019-06``), of publication; empty where unknown."""


class Statement(msgspec.Struct, frozen=True, kw_only=True):
    """One claim: ``subject`` has ``predicate`` ``value``, says ``asserted_by``.

    ``subject`` is an id with its prefix (``p_…`` purchase, ``d_…`` device, ``b_…`` body,
    ``s_…`` supplier, ``m:key`` maker). ``value`` is JSON-representable. ``valid_from`` and
    ``valid_to`` (exclusive) say when it was true, ``observed`` when it was seen, ``recorded``
    when Nameplate came to know it: ISO dates, possibly shortened, empty where unknown.
    ``via`` names the carrier of reported speech ("reported by …"). ``withdraws`` is the id of a
    statement that this one takes back. ``owner`` is the organisation it belongs to; empty means
    published, visible to all. ``constructed`` is a sentence where the claim is no real one.
    """

    statement_id: str
    subject: str
    predicate: str
    value: object
    source: SourceRef
    asserter: Asserter
    asserted_by: str
    via: str = ""
    valid_from: str = ""
    valid_to: str = ""
    observed: str = ""
    recorded: str = ""
    reason: str = ""
    withdraws: str = ""
    owner: str = ""
    constructed: str = ""
    schema_version: int = SCHEMA_VERSION


def statement_id(statement: Statement) -> str:
    """Id over everything but the id itself and ``recorded``: the same claim merges by id."""
    body = msgspec.to_builtins(statement)
    body.pop("statement_id")
    body.pop("recorded")
    return make_id("st", msgspec.json.encode(body, order="deterministic").decode())


def made(statement: Statement) -> Statement:
    """Return ``statement`` with its id computed."""
    return msgspec.structs.replace(statement, statement_id=statement_id(statement))


def today_text(day: date) -> str:
    """ISO form of a day, for the statement's clocks."""
    return day.isoformat()
