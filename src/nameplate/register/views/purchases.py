"""Purchases: the list, one with its evidence, the original as published, and judging it."""

from __future__ import annotations

from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from nameplate.catalogue.store import load as load_catalogue
from nameplate.model.errors import NameplateError
from nameplate.register import judging, listing, search, visible
from nameplate.register.formats import money
from nameplate.register.listing import Choice, Column, ListSpec, Sort
from nameplate.register.models import Purchase, StatementRow
from nameplate.register.roles import INSIDERS, WORKERS, access
from nameplate.register.views.shared import disputed, grade_names, listed_lines, marked_texts

KIND_NAMES: Final = {
    "equipment": "Equipment",
    "installation": "Installation",
    "maintenance": "Maintenance",
    "monitoring": "Monitoring",
    "body_worn": "Body-worn cameras",
    "anpr": "Number plate recognition",
    "unclear": "Surveillance, unclear which",
    "not_surveillance": "Not surveillance",
}
MAKER_NAMES: Final = {maker.key: maker.name for maker in load_catalogue().makers}
AMOUNT_NAMES: Final = {
    "award": "Award",
    "contract": "Contract",
    "payment": "Payment",
    "notice_estimate": "Estimate in a notice",
}


def _link(row: Purchase) -> str:
    return reverse("purchase", args=[row.pk])


def _title(row: Purchase) -> str:
    title = row.title or "no title"
    return f"{title} (constructed)" if row.constructed else title


def _amount(row: Purchase) -> str:
    return f"{row.amount_note} {money(row.amount, row.currency)}".strip()


LIST: Final = ListSpec(
    title="Purchases",
    file_name="purchases",
    search=search.narrow,
    columns=(
        Column("Title", _title, link=_link, where="screen"),
        Column("Title", lambda row: row.title, where="export"),
        Column("Body", lambda row: row.body.name if row.body else "body not known"),
        Column("Supplier", lambda row: row.supplier_names or "supplier not named"),
        Column("Date", lambda row: row.date or "not computable"),
        Column("Amount", _amount, numeric=True, where="screen"),
        Column("Amount", lambda row: row.amount, where="export"),
        Column("Currency", lambda row: row.currency, where="export"),
        Column("About", lambda row: row.amount_note, where="export"),
        Column(
            "Kind of amount",
            lambda row: AMOUNT_NAMES.get(row.amount_kind, row.amount_kind),
            where="export",
        ),
        Column("VAT", lambda row: row.amount_tax, where="export"),
        Column(
            "Kind of purchase",
            lambda row: KIND_NAMES.get(row.trade_kind, row.trade_kind),
            where="export",
        ),
        Column("Evidence", lambda row: grade_names.get(row.best_grade, "none derived")),
        Column("Makers", lambda row: "; ".join(row.makers), where="export"),
        Column("Id", lambda row: row.purchase_id, where="export"),
        Column("File", lambda row: row.source_file, where="export"),
        Column("Place", lambda row: row.locator, where="export"),
        Column("Constructed", lambda row: row.constructed, where="export"),
    ),
    sorts=(
        Sort("newest", "Newest first", ("-date", "-pk")),
        Sort("oldest", "Oldest first", ("date", "pk")),
        Sort("largest", "Largest amount first", ("-amount_units", "-pk")),
    ),
    choices=(
        Choice("grade", "Evidence", "best_grade", grade_names),
        Choice("kind", "Kind of purchase", "trade_kind", KIND_NAMES),
        Choice("measure", "Kind of amount", "amount_kind", AMOUNT_NAMES),
        Choice("maker", "Maker", "attributions__maker_key", MAKER_NAMES),
        Choice("body", "Body", "body__name"),
    ),
)


def _rows(request: HttpRequest) -> Any:
    return visible.purchases(request).select_related("body")


@access(*INSIDERS)
def purchases(request: HttpRequest) -> HttpResponseBase:
    """The list; ``?format=csv`` exports exactly what is shown."""
    if request.GET.get("format") == "csv":
        return listing.export(LIST, _rows(request), request)
    page = listing.build(LIST, _rows(request), request)
    return render(request, "register/purchases.html", {"page": page})


def _one(request: HttpRequest, pk: int) -> Purchase:
    rows = visible.purchases(request).select_related("body", "supplier", "brought_by", "owner")
    found = visible.get_own(rows, pk=pk)
    if found is None:
        raise Http404
    return found


@access(*INSIDERS)
def purchase(request: HttpRequest, pk: int) -> HttpResponse:
    """One purchase: the record with its mentions marked, the chain, the sum of the evidence."""
    one = _one(request, pk)
    attributions = list(one.attributions.all())
    said = StatementRow.objects.filter(
        owner_id__in=visible.owner_ids(request), subject=one.purchase_id
    )
    return render(
        request,
        "register/purchase.html",
        {
            "one": one,
            "attributions": attributions,
            "texts": marked_texts(one),
            "listed": listed_lines(one, attributions),
            "statements": list(said),
            "kind": KIND_NAMES.get(one.trade_kind, one.trade_kind),
            "amount_kind": AMOUNT_NAMES.get(one.amount_kind, one.amount_kind),
            "disputed": disputed("purchase", one.purchase_id),
            "may_judge": bool(getattr(request, "roles", frozenset()) & set(WORKERS)),
        },
    )


@access(*WORKERS)
@require_POST
def judge(request: HttpRequest, pk: int) -> HttpResponse:
    """Confirm or reject an attribution with a reason: a statement, from which all follows."""
    one = _one(request, pk)
    try:
        one = judging.judge(
            one,
            person=request.user,  # type: ignore[arg-type]
            organisation=visible.organisation_of(request),
            maker_key=request.POST.get("maker", ""),
            verdict=request.POST.get("verdict", ""),
            reason=request.POST.get("reason", ""),
            seen_version=request.POST.get("version", ""),
        )
    except NameplateError as error:
        return render(
            request, "register/judge_refused.html", {"one": one, "error": error}, status=400
        )
    return redirect("purchase", pk=one.pk)
