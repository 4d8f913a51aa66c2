"""Bodies, suppliers and makers: the lists, and each one's page."""

from __future__ import annotations

from typing import Any, Final

from django.db.models import Count, Max, Min, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from nameplate.catalogue.store import load as load_catalogue
from nameplate.register import listing, visible
from nameplate.register.exposures import EVERY_MAKER
from nameplate.register.listing import Column, ListSpec, Sort
from nameplate.register.models import Attribution, Body, Coverage, Exposure, Import, Supplier
from nameplate.register.positions import positions
from nameplate.register.roles import INSIDERS, access
from nameplate.register.views.shared import disputed


def _by_name(rows: QuerySet[Any], query: str) -> QuerySet[Any]:
    for word in query.split()[:6]:
        rows = rows.filter(name__icontains=word)
    return rows


BODIES: Final = ListSpec(
    title="Bodies",
    file_name="bodies",
    search=_by_name,
    columns=(
        Column("Body", lambda row: row.name, link=lambda row: reverse("body", args=[row.key])),
        Column("Region", lambda row: row.region or "not known"),
        Column("Kind", lambda row: row.kind or "not known"),
    ),
    sorts=(Sort("name", "By name", ("name", "pk")),),
)
SUPPLIERS: Final = ListSpec(
    title="Suppliers",
    file_name="suppliers",
    search=_by_name,
    columns=(
        Column(
            "Supplier", lambda row: row.name, link=lambda row: reverse("supplier", args=[row.key])
        ),
        Column("Company number", lambda row: row.identity or "identity not settled"),
    ),
    sorts=(Sort("name", "By name", ("name", "pk")),),
)


def _list(request: HttpRequest, spec: ListSpec, rows: QuerySet[Any]) -> HttpResponseBase:
    if request.GET.get("format") == "csv":
        return listing.export(spec, rows, request)
    page = listing.build(spec, rows, request)
    return render(request, "register/list.html", {"page": page})


def _subjects(model: Any, request: HttpRequest) -> QuerySet[Any]:
    seen = visible.purchases(request).values(model.__name__.lower())
    return model._default_manager.filter(pk__in=seen)  # type: ignore[no-any-return]


@access(*INSIDERS)
def bodies(request: HttpRequest) -> HttpResponseBase:
    """All bodies with a purchase that the person sees."""
    return _list(request, BODIES, _subjects(Body, request))


@access(*INSIDERS)
def suppliers(request: HttpRequest) -> HttpResponseBase:
    """All suppliers with a purchase that the person sees."""
    return _list(request, SUPPLIERS, _subjects(Supplier, request))


@access(*INSIDERS)
def body(request: HttpRequest, key: str) -> HttpResponse:
    """A body: confirmed and possible, by maker; coverage by source; what is open."""
    one = get_object_or_404(Body, key=key)
    mine = visible.purchases(request).filter(body=one)
    if not mine.exists():
        raise Http404
    rows = visible.exposures(request).filter(body=one)
    return render(
        request,
        "register/body.html",
        {
            "one": one,
            "overall": positions(rows.filter(maker_key=EVERY_MAKER)),
            "makers": _by_maker(rows),
            "open": mine.filter(best_grade="open").order_by("-date", "-pk")[:10],
            "recent": mine.exclude(best_grade="").order_by("-date", "-pk")[:10],
            "coverage": _coverage(request, mine),
            "disputed": disputed("body", one.key),
        },
    )


def _by_maker(rows: QuerySet[Exposure]) -> list[tuple[str, str, list[Any]]]:
    names = {maker.key: maker.name for maker in load_catalogue().makers}
    grouped: dict[str, list[Exposure]] = {}
    for row in rows.exclude(maker_key__in=[EVERY_MAKER, ""]):
        grouped.setdefault(row.maker_key, []).append(row)
    found = [(key, names.get(key, key), positions(some)) for key, some in grouped.items()]
    found = [(key, name, some) for key, name, some in found if any(p.possible_count for p in some)]
    return sorted(found, key=lambda item: (-(item[2][0].confirmed or 0), item[1]))


def _coverage(request: HttpRequest, purchases: QuerySet[Any]) -> list[Coverage]:
    files = purchases.order_by().values_list("source_file", flat=True).distinct()[:200]
    return list(
        Coverage.objects.filter(
            source_file__in=list(files),
            brought_by__in=visible.imports(request).filter(state=Import.State.DONE),
        ).order_by("source_file", "pk")[:200]
    )


@access(*INSIDERS)
def supplier(request: HttpRequest, key: str) -> HttpResponse:
    """A supplier: who it sells to, whose equipment, under which names."""
    one = get_object_or_404(Supplier, key=key)
    mine = visible.purchases(request).filter(supplier=one)
    if not mine.exists():
        raise Http404
    span = mine.aggregate(first=Min("date"), last=Max("date"), n=Count("pk"))
    buyers = mine.values("body__key", "body__name").annotate(n=Count("pk")).order_by("-n")[:20]
    makers = (
        Attribution.objects.filter(purchase__in=mine, in_totals=True)
        .exclude(maker_key="")
        # An inferred maker is never tied to a named supplier (docs/architecture.md, "Evidence").
        .exclude(grade="inferred")
        .values("maker_key", "maker", "grade")
        .annotate(n=Count("pk"))
        .order_by("-n", "maker")
    )
    names = {
        party["name"]
        for suppliers_of in mine.values_list("suppliers", flat=True)[:500]
        for party in suppliers_of
    }
    return render(
        request,
        "register/supplier.html",
        {
            "one": one,
            "span": span,
            "buyers": buyers,
            "makers": makers,
            "names": sorted(names),
            "recent": mine.order_by("-date", "-pk")[:10],
            "disputed": disputed("supplier", one.key),
        },
    )


@access(*INSIDERS)
def makers(request: HttpRequest) -> HttpResponse:
    """All makers of the catalogue, those with purchases first."""
    rows = visible.exposures(request).exclude(maker_key__in=[EVERY_MAKER, ""])
    found = _by_maker(rows)
    held = {key for key, _, _ in found}
    rest = [one for one in load_catalogue().makers if one.key not in held]
    return render(
        request,
        "register/makers.html",
        {"found": found, "rest": sorted(rest, key=lambda one: one.name.lower())},
    )


@access(*INSIDERS)
def maker(request: HttpRequest, key: str) -> HttpResponse:
    """A maker: brands, rebrand claims, listings on a time line, the bodies that have it."""
    catalogue = load_catalogue()
    one = next((maker for maker in catalogue.makers if maker.key == key), None)
    if one is None:
        raise Http404
    lists = {watchlist.key: watchlist for watchlist in catalogue.watchlists}
    listings = [
        (lists.get(entry.watchlist), entry)
        for entry in sorted(catalogue.listings, key=lambda entry: entry.valid_from)
        if entry.subject == key and entry.confidence != "lead"
    ]
    rows = visible.exposures(request).filter(maker_key=key).select_related("body")
    per_body: dict[Any, list[Exposure]] = {}
    for row in rows:
        per_body.setdefault(row.body, []).append(row)
    held = [(body, positions(some)) for body, some in per_body.items()]
    held = [(body, some) for body, some in held if any(p.possible_count for p in some)]
    return render(
        request,
        "register/maker.html",
        {
            "one": one,
            "brands": [brand for brand in catalogue.brands if brand.maker == key],
            "rebrands": [
                claim
                for claim in catalogue.rebrands
                if claim.maker == key and claim.stance != "wrong"
            ],
            "listings": listings,
            "overall": positions(rows),
            "bodies": sorted(held, key=lambda item: -(item[1][0].confirmed or 0)),
            "statements": visible.statements(request)
            .filter(Q(subject=f"m:{key}"))
            .order_by("-recorded")[:20],
            "disputed": disputed("maker", key),
        },
    )
