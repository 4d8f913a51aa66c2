"""The estate: what is on the wall, who made each, what to fix first. The organisation's alone."""

from __future__ import annotations

from typing import Any, Final

from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from nameplate.register import listing, visible
from nameplate.register.listing import Choice, Column, ListSpec, Sort
from nameplate.register.models import DeviceRow
from nameplate.register.roles import INSIDERS, access
from nameplate.register.views.shared import listings_now


def _search(rows: QuerySet[Any], query: str) -> QuerySet[Any]:
    for word in query.split()[:6]:
        rows = rows.filter(
            Q(model__icontains=word)
            | Q(maker__icontains=word)
            | Q(brand__icontains=word)
            | Q(site__icontains=word)
            | Q(address__icontains=word)
        )
    return rows


def _made_by(row: DeviceRow) -> str:
    if row.brand and row.brand != row.maker:
        return f"{row.maker} (badge {row.brand})"
    return row.maker


ESTATE: Final = ListSpec(
    title="Estate",
    file_name="estate",
    search=_search,
    columns=(
        Column(
            "Device",
            lambda row: row.model or "model not known",
            link=lambda row: reverse("device", args=[row.device_id]),
        ),
        Column("Made by", _made_by),
        Column("Firmware", lambda row: row.firmware or "not known"),
        Column("Site", lambda row: row.site or "not stated"),
        Column("Address", lambda row: row.address or "not known", where="export"),
        Column("Score", lambda row: f"{row.points:.0f}", numeric=True),
        Column("Could be", lambda row: f"{row.could_be:.0f}", numeric=True, where="export"),
        Column("Exploited", lambda row: "yes" if row.exploited else "none known"),
    ),
    sorts=(
        Sort("first", "What to fix first", ("-points", "pk")),
        Sort("site", "By site", ("site", "-points", "pk")),
        Sort("maker", "By maker", ("maker", "-points", "pk")),
    ),
    choices=(
        Choice("maker", "Maker", "maker"),
        Choice("site", "Site", "site"),
        Choice(
            "exploited", "Exploited flaw", "exploited", {"True": "Known", "False": "None known"}
        ),
    ),
)


def _rows(request: HttpRequest) -> QuerySet[DeviceRow]:
    return DeviceRow.objects.filter(owner=visible.organisation_of(request))


@access(*INSIDERS)
def estate(request: HttpRequest) -> HttpResponseBase:
    """The estate by site and maker, what to fix first on top."""
    if request.GET.get("format") == "csv":
        return listing.export(ESTATE, _rows(request), request)
    page = listing.build(ESTATE, _rows(request), request)
    return render(request, "register/estate.html", {"page": page})


@access(*INSIDERS)
def device(request: HttpRequest, key: str) -> HttpResponse:
    """One device: who made it and why, what is wrong with it, its score and its history."""
    one = visible.get_own(_rows(request), device_id=key)
    if one is None:
        raise Http404
    return render(
        request,
        "register/device.html",
        {"one": one, "made_by": _made_by(one), "listings": listings_now(one.maker_key)},
    )
