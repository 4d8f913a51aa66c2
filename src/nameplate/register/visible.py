"""What a person may see: published sources, and what their own organisation holds. Nothing else.

Every view starts from these functions, so that one organisation's records cannot reach another.
"""

from __future__ import annotations

from typing import Any, TypeVar

from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from django.http import HttpRequest

from nameplate.register.models import (
    Exposure,
    Import,
    Organisation,
    Purchase,
    StatementRow,
)
from nameplate.register.models.people import PUBLISHED_KEY

_M = TypeVar("_M", bound=Model)


def organisation_of(request: HttpRequest) -> Organisation | None:
    """The organisation the person works in now."""
    found: Organisation | None = getattr(request, "organisation", None)
    return found


def owner_ids(request: HttpRequest) -> list[int]:
    """Row ids of the owners whose records the person sees; published ones first."""
    ids = list(Organisation.objects.filter(key=PUBLISHED_KEY).values_list("pk", flat=True))
    own = organisation_of(request)
    return [*ids, own.pk] if own is not None else ids


def _seen(rows: QuerySet[_M], request: HttpRequest) -> QuerySet[_M]:
    return rows.filter(owner_id__in=owner_ids(request))


def purchases(request: HttpRequest) -> QuerySet[Purchase]:
    """Purchases that count (their import was not undone), a published one adopted only once."""
    rows = _seen(Purchase.objects.filter(live=True), request)
    own = organisation_of(request)
    if own is None:
        return rows
    adopted = Purchase.objects.filter(owner=own, purchase_id=OuterRef("purchase_id"), live=True)
    return rows.filter(Q(owner=own) | ~Exists(adopted))


def exposures(request: HttpRequest) -> QuerySet[Exposure]:
    """Sums over purchases that count."""
    return _seen(Exposure.objects.all(), request)


def statements(request: HttpRequest) -> QuerySet[StatementRow]:
    """Statements published, or the organisation's own."""
    return _seen(StatementRow.objects.all(), request)


def imports(request: HttpRequest) -> QuerySet[Import]:
    """The organisation's own imports, and those of published sources."""
    return _seen(Import.objects.all(), request)


def get_own(rows: QuerySet[_M], **key: Any) -> _M | None:
    """The one row with ``key``, or None: the caller answers 404, the same as for no such row."""
    return rows.filter(**key).first()
