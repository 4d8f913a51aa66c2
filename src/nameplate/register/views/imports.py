"""Imports: bringing files in, watching them come, what was set aside, undoing the whole."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from nameplate.model.errors import NameplateError
from nameplate.register import audit, jobs, listing, visible
from nameplate.register.folders import folder_of
from nameplate.register.listing import Choice, Column, ListSpec, Sort
from nameplate.register.models import Import, Original, SetAside
from nameplate.register.roles import INSIDERS, WORKERS, access

STATE_TAGS: Final = {
    "queued": "govuk-tag--grey",
    "running": "govuk-tag--blue",
    "done": "govuk-tag--green",
    "failed": "govuk-tag--red",
    "cancelled": "govuk-tag--orange",
    "undoing": "govuk-tag--blue",
    "undone": "govuk-tag--grey",
}
IMPORTS: Final = ListSpec(
    title="Imports",
    file_name="imports",
    columns=(
        Column("Import", lambda row: row.title, link=lambda row: reverse("import", args=[row.pk])),
        Column("State", lambda row: row.get_state_display()),
        Column("Brought in", lambda row: row.created),
        Column("Purchases", lambda row: (row.counts or {}).get("purchases"), numeric=True),
        Column("Set aside", lambda row: (row.counts or {}).get("set_aside"), numeric=True),
    ),
    sorts=(Sort("newest", "Newest first", ("-created", "-pk")),),
    choices=(Choice("state", "State", "state", dict(Import.State.choices)),),
)
SET_ASIDE: Final = ListSpec(
    title="Set aside",
    file_name="set-aside",
    columns=(
        Column("File", lambda row: row.source_file),
        Column("Place", lambda row: row.locator),
        Column("Reason", lambda row: row.reason),
        Column("As it stands", lambda row: row.excerpt),
    ),
    sorts=(Sort("order", "As they stand", ("pk",)),),
    choices=(Choice("reason", "Reason", "reason"),),
)


@access(*INSIDERS)
def imports(request: HttpRequest) -> HttpResponseBase:
    """All imports of the organisation and of published sources."""
    rows = visible.imports(request)
    if request.GET.get("format") == "csv":
        return listing.export(IMPORTS, rows, request)
    page = listing.build(IMPORTS, rows, request)
    return render(request, "register/imports.html", {"page": page})


def store_original(upload: UploadedFile[bytes], folder: Path) -> Path:
    """Write an upload below ``folder``, record it by its hash, and return its path.

    The name is reduced to its last part and to plain characters: it never leaves the folder.
    """
    kept = "".join(c if c.isalnum() or c in "._- " else "_" for c in Path(upload.name or "").name)
    path = folder / (kept.strip(". ") or "file")
    number = 1
    while path.exists():
        number += 1
        path = folder / f"{number}-{kept}"
    digest = hashlib.sha256()
    with path.open("xb") as file:
        path.chmod(0o600)
        for block in upload.chunks():
            digest.update(block)
            file.write(block)
    Original.objects.get_or_create(
        sha256=digest.hexdigest(), defaults={"size": path.stat().st_size}
    )
    return path


@access(*WORKERS)
def new_import(request: HttpRequest) -> HttpResponse:
    """Choose files, say which body they belong to, and bring them in."""
    problems: list[dict[str, str]] = []
    if request.method == "POST":
        files = request.FILES.getlist("files")
        size = sum(one.size or 0 for one in files)
        if not files:
            problems.append({"text": "Choose at least one file", "href": "#files"})
        elif size > settings.NAMEPLATE_UPLOAD_LIMIT:
            limit = settings.NAMEPLATE_UPLOAD_LIMIT // 1024**2
            problems.append(
                {
                    "text": f"The files are larger than {limit:,} MB together; "
                    "bring them in from a folder with nameplate load",
                    "href": "#files",
                }
            )
        else:
            return redirect("import", pk=_begin(request, files).pk)
    return render(
        request,
        "register/import_new.html",
        {
            "problems": problems,
            "body": request.POST.get("body", ""),
            "kinds": Import.Kind.choices,
            "kind": request.POST.get("kind", "purchases"),
        },
        status=400 if problems else 200,
    )


@transaction.atomic
def _begin(request: HttpRequest, files: list[UploadedFile[bytes]]) -> Import:
    organisation = visible.organisation_of(request)
    if organisation is None:
        raise Http404
    names = [one.name or "file" for one in files]
    title = names[0] if len(names) == 1 else f"{names[0]} and {len(names) - 1} more"
    job = Import.objects.create(
        owner=organisation,
        requested_by=request.user,  # type: ignore[misc]
        title=title[:300],
        body_name=request.POST.get("body", "").strip()[:300],
        kind=(
            Import.Kind.DEVICES
            if request.POST.get("kind") == Import.Kind.DEVICES
            else Import.Kind.PURCHASES
        ),
    )
    folder = folder_of(job) / "files"
    folder.mkdir(parents=True, mode=0o700)
    for one in files:
        store_original(one, folder)
    audit.record(
        "import.begun",
        subject=("import", str(job.pk)),
        organisation=organisation,
        actor=request.user,  # type: ignore[arg-type]
        after={"title": job.title, "files": names, "body": job.body_name},
    )
    return job


def _one(request: HttpRequest, pk: int) -> Import:
    found = visible.get_own(visible.imports(request), pk=pk)
    if found is None:
        raise Http404
    return found


def _own(request: HttpRequest, pk: int) -> Import:
    """An import of the person's own organisation; a published one is not theirs to undo."""
    found = visible.get_own(Import.objects.filter(owner=visible.organisation_of(request)), pk=pk)
    if found is None:
        raise Http404
    return found


@access(*INSIDERS)
def import_(request: HttpRequest, pk: int) -> HttpResponse:
    """How far an import is (the page asks again by itself), or what came of it."""
    job = _one(request, pk)
    underway = job.state in ("queued", "running", "undoing")
    response = render(
        request,
        "register/import.html",
        {
            "job": job,
            "underway": underway,
            "tag": STATE_TAGS[job.state],
            "coverage": job.coverage.all()[:500],
            "own": job.owner == visible.organisation_of(request),
        },
    )
    if underway:
        response["Refresh"] = "2"
    return response


@access(*INSIDERS)
def set_aside(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Every record that an import could not read, with place and reason; downloadable."""
    job = _one(request, pk)
    rows: Any = SetAside.objects.filter(brought_by=job)
    if request.GET.get("format") == "csv":
        return listing.export(SET_ASIDE, rows, request)
    page = listing.build(SET_ASIDE, rows, request)
    return render(request, "register/list.html", {"page": page, "job": job})


@access(*WORKERS)
@require_POST
def stop(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask a running import to stop; what it brought so far stays until it is undone."""
    job = _own(request, pk)
    Import.objects.filter(pk=job.pk, state__in=["queued", "running"]).update(stop_asked=True)
    Import.objects.filter(pk=job.pk, state="queued").update(state=Import.State.CANCELLED)
    return redirect("import", pk=job.pk)


@access(*WORKERS)
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Undo an import whole, with a reason, after asking."""
    job = _own(request, pk)
    problems: list[dict[str, str]] = []
    if request.method == "POST":
        reason = request.POST.get("reason", "").strip()
        if reason:
            try:
                jobs.ask_undo(job, by=request.user, reason=reason)
                return redirect("import", pk=job.pk)
            except NameplateError as error:
                problems.append({"text": str(error)})
        else:
            problems.append({"text": "Say why it is undone", "href": "#reason"})
    return render(
        request,
        "register/import_undo.html",
        {"job": job, "problems": problems},
        status=400 if problems else 200,
    )
