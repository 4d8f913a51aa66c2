""" "Is this wrong?": anyone may say so; it is acknowledged, marked at once, decided by a date."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Final

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from nameplate.catalogue.store import load as load_catalogue
from nameplate.register import audit, listing, visible
from nameplate.register.limits import limited
from nameplate.register.listing import Choice, Column, ListSpec, Sort
from nameplate.register.models import Body, Dispute, Organisation, Purchase, Supplier
from nameplate.register.roles import INSIDERS, PUBLIC, Role, access

DECIDE_WITHIN: Final = timedelta(days=28)
"""Calendar days in which a dispute is decided; a promise of this project, not a rule of law."""
MAX_TEXT: Final = 5000


def _title(subject_type: str, subject_id: str) -> tuple[str, Organisation]:
    """Title and deciding organisation of a subject; 404 for one that is not there.

    What is said of a purchase is decided by its owner, all else by the keeper of published sources.
    """
    published = Organisation.published()
    if subject_type == "maker":
        for maker in load_catalogue().makers:
            if maker.key == subject_id:
                return maker.name, published
        raise Http404
    if subject_type == "body":
        return get_object_or_404(Body, key=subject_id).name, published
    if subject_type == "supplier":
        return get_object_or_404(Supplier, key=subject_id).name, published
    if subject_type == "purchase":
        found = Purchase.objects.filter(purchase_id=subject_id).order_by("owner__pk").first()
        if found is not None:
            return found.title or found.purchase_id, found.owner
    raise Http404


@access(PUBLIC)
def raise_dispute(request: HttpRequest, subject_type: str, subject_id: str) -> HttpResponse:
    """Say what is wrong, with or without an account. The title is shown only where it is public."""
    title, owner = _title(subject_type, subject_id)
    if owner.key != "published" and owner != visible.organisation_of(request):
        raise Http404
    problems: list[dict[str, str]] = []
    if request.method == "POST":
        says = request.POST.get("says", "").strip()
        email = request.POST.get("email", "").strip()
        if not says:
            problems.append({"text": "Say what is wrong", "href": "#says"})
        elif len(says) > MAX_TEXT:
            problems.append({"text": f"Use at most {MAX_TEXT:,} characters", "href": "#says"})
        if email and not _is_email(email):
            problems.append(
                {"text": "Enter an e-mail address like name@example.org", "href": "#email"}
            )
        if not problems and limited(request, "dispute", most=10, seconds=3600):
            problems.append({"text": "Too many reports came from here; try again in an hour"})
        if not problems:
            dispute = _receive(request, subject_type, subject_id, title, owner)
            return redirect("dispute_received", reference=dispute.reference)
    return render(
        request,
        "register/dispute_new.html",
        {"title": title, "problems": problems, "given": request.POST},
        status=400 if problems else 200,
    )


def _is_email(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True


@transaction.atomic
def _receive(
    request: HttpRequest, subject_type: str, subject_id: str, title: str, owner: Organisation
) -> Dispute:
    dispute = Dispute.objects.create(
        reference=f"D-{secrets.token_hex(5).upper()}",
        subject_type=subject_type,
        subject_id=subject_id,
        subject_title=title[:300],
        owner=owner,
        says=request.POST["says"].strip(),
        name=request.POST.get("name", "").strip()[:200],
        email=request.POST.get("email", "").strip(),
        on_behalf_of=request.POST.get("on_behalf_of", "").strip()[:200],
        decide_by=timezone.localdate() + DECIDE_WITHIN,
    )
    audit.record(
        "dispute.received",
        subject=(subject_type, subject_id),
        organisation=owner,
        actor=request.user if request.user.is_authenticated else None,
        # The words and the name of whoever disputes are personal data: they stand beside the chain.
        after={"dispute": dispute.reference, "decide_by": dispute.decide_by.isoformat()},
    )
    return dispute


@access(PUBLIC)
def received(request: HttpRequest, reference: str) -> HttpResponse:
    """The acknowledgement: its reference, and by when it is decided; later, the decision."""
    dispute = get_object_or_404(Dispute, reference=reference)
    return render(request, "register/dispute_received.html", {"dispute": dispute})


DISPUTES: Final = ListSpec(
    title="Disputes",
    file_name="disputes",
    columns=(
        Column(
            "Reference",
            lambda row: row.reference,
            link=lambda row: reverse("dispute", args=[row.reference]),
        ),
        Column("About", lambda row: row.subject_title),
        Column("State", lambda row: row.get_state_display()),
        Column("Received", lambda row: row.received),
        Column("Decide by", lambda row: row.decide_by),
    ),
    sorts=(Sort("due", "Due first", ("state", "decide_by", "pk")),),
    choices=(Choice("state", "State", "state", dict(Dispute.State.choices)),),
)


@access(*INSIDERS)
def disputes(request: HttpRequest) -> HttpResponseBase:
    """All disputes about what the organisation sees."""
    rows = Dispute.objects.filter(owner_id__in=visible.owner_ids(request))
    if request.GET.get("format") == "csv":
        return listing.export(DISPUTES, rows, request)
    return render(request, "register/list.html", {"page": listing.build(DISPUTES, rows, request)})


@access(*INSIDERS)
def dispute(request: HttpRequest, reference: str) -> HttpResponse:
    """One dispute, what was said, and what was decided."""
    rows = Dispute.objects.filter(owner_id__in=visible.owner_ids(request))
    one = get_object_or_404(rows, reference=reference)
    may_decide = Role.APPROVER in getattr(request, "roles", frozenset())
    return render(request, "register/dispute.html", {"one": one, "may_decide": may_decide})


@access(Role.APPROVER)
@require_POST
def decide(request: HttpRequest, reference: str) -> HttpResponse:
    """Decide a dispute with reasons; they are kept and shown."""
    rows = Dispute.objects.filter(owner_id__in=visible.owner_ids(request))
    with transaction.atomic():
        one = get_object_or_404(rows.select_for_update(), reference=reference)
        state, reasons = request.POST.get("state", ""), request.POST.get("reasons", "").strip()
        known = {Dispute.State.UPHELD, Dispute.State.PARTLY, Dispute.State.REJECTED}
        if state not in known or not reasons or one.state != Dispute.State.RECEIVED:
            return render(
                request,
                "register/dispute.html",
                {
                    "one": one,
                    "may_decide": True,
                    "problems": [
                        {"text": "Choose a decision and give its reasons", "href": "#reasons"}
                    ],
                },
                status=400,
            )
        before = {"state": one.state}
        one.state, one.reasons, one.decided = state, reasons, timezone.now()
        one.decided_by = request.user  # type: ignore[assignment]
        one.save()
        audit.record(
            "dispute.decided",
            subject=(one.subject_type, one.subject_id),
            organisation=one.owner,
            actor=request.user,  # type: ignore[arg-type]
            reason=reasons,
            before=before,
            after={"state": one.state, "dispute": one.reference},
        )
    return redirect("dispute", reference=reference)
