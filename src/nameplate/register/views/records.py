"""Statements and runs: the claims everything rests on, and the record that each trace ran."""

from __future__ import annotations

import json
from typing import Any, Final

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from nameplate.register import listing, visible
from nameplate.register.listing import Choice, Column, ListSpec, Sort
from nameplate.register.models import Import, StatementRow
from nameplate.register.roles import INSIDERS, access

PREDICATES: Final = {
    "attribution_confirmed": "Attribution confirmed",
    "attribution_rejected": "Attribution rejected",
    "equipment_maker": "Maker of the equipment",
}


def _search(rows: QuerySet[Any], query: str) -> QuerySet[Any]:
    return rows.filter(asserted_by__icontains=query.strip()) | rows.filter(subject=query.strip())


def _value(row: StatementRow) -> str:
    value = row.content.get("value")
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _who(row: StatementRow) -> str:
    if row.asserter == "person":
        return str(row.made_by) if row.made_by else "a person"
    via = row.content.get("via")
    return f"{row.asserted_by} (reported by {via})" if via else row.asserted_by


STATEMENTS: Final = ListSpec(
    title="Statements",
    file_name="statements",
    search=_search,
    columns=(
        Column(
            "Statement",
            lambda row: PREDICATES.get(row.predicate, row.predicate.replace("_", " ")),
            link=lambda row: reverse("statement", args=[row.pk]),
        ),
        Column("About", lambda row: row.subject),
        Column("Says", _value),
        Column("Said by", _who),
        Column("Recorded", lambda row: row.recorded),
    ),
    sorts=(Sort("newest", "Newest first", ("-recorded", "-pk")),),
    choices=(
        Choice("predicate", "Statement", "predicate", PREDICATES),
        Choice("asserter", "Said by", "asserter"),
    ),
)


@access(*INSIDERS)
def statements(request: HttpRequest) -> HttpResponseBase:
    """All statements the person sees: published ones and the organisation's own."""
    rows = visible.statements(request).select_related("made_by")
    if request.GET.get("format") == "csv":
        return listing.export(STATEMENTS, rows, request)
    return render(request, "register/list.html", {"page": listing.build(STATEMENTS, rows, request)})


@access(*INSIDERS)
def statement(request: HttpRequest, pk: int) -> HttpResponse:
    """One statement, whole, with what withdraws it."""
    one = visible.get_own(visible.statements(request), pk=pk)
    if one is None:
        raise Http404
    withdrawn = visible.statements(request).filter(withdraws=one.statement_id).first()
    return render(
        request,
        "register/statement.html",
        {
            "one": one,
            "says": _value(one),
            "who": _who(one),
            "label": PREDICATES.get(one.predicate, one.predicate.replace("_", " ")),
            "withdrawn": withdrawn,
        },
    )


RUNS: Final = ListSpec(
    title="Runs",
    file_name="runs",
    columns=(
        Column("Run of", lambda row: row.title, link=lambda row: reverse("run", args=[row.pk])),
        Column("Mode", lambda row: (row.run or {}).get("mode", "not recorded")),
        Column("Catalogue", lambda row: (row.run or {}).get("catalogue_version", "not recorded")),
        Column("Finished", lambda row: row.finished),
        Column("Fingerprint", lambda row: row.fingerprint[:16]),
    ),
    sorts=(Sort("newest", "Newest first", ("-finished", "-pk")),),
)


@access(*INSIDERS)
def runs(request: HttpRequest) -> HttpResponseBase:
    """Every run that was loaded, hits or none: the proof that a search was made."""
    rows = visible.imports(request).exclude(run=None).filter(finished__isnull=False)
    if request.GET.get("format") == "csv":
        return listing.export(RUNS, rows, request)
    return render(request, "register/list.html", {"page": listing.build(RUNS, rows, request)})


@access(*INSIDERS)
def run(request: HttpRequest, pk: int) -> HttpResponse:
    """A run's record, whole: inputs' hashes, versions, thresholds, counts."""
    rows = visible.imports(request).exclude(run=None)
    one: Import | None = visible.get_own(rows, pk=pk)
    if one is None:
        raise Http404
    record = json.dumps(one.run, indent=2, ensure_ascii=False, sort_keys=True)
    return render(request, "register/run.html", {"one": one, "record": record})
