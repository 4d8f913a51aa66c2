"""Who belongs to the organisation, and inviting others; the audit, for those who read it."""

from __future__ import annotations

from typing import Any, Final

from django.contrib.auth import login
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.mail import send_mail
from django.core.validators import validate_email
from django.db.models import OuterRef, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from nameplate.model.errors import NameplateError
from nameplate.register import audit, heads, listing, people, visible
from nameplate.register.limits import limited
from nameplate.register.listing import Choice, Column, ListSpec, Sort
from nameplate.register.models import AuditEvent, Invitation, Membership, Organisation, PersonName
from nameplate.register.roles import PUBLIC, ROLE_NAMES, Role, access


def _organisation(request: HttpRequest) -> Organisation:
    found = visible.organisation_of(request)
    if found is None:
        raise Http404
    return found


@access(Role.ADMINISTRATOR)
def members(request: HttpRequest) -> HttpResponse:
    """Members, their roles, and invitations not taken up yet."""
    return _members(request, [], "")


def _members(request: HttpRequest, problems: list[dict[str, str]], link: str) -> HttpResponse:
    organisation = _organisation(request)
    waiting = Invitation.objects.filter(
        organisation=organisation, accepted=None, withdrawn=None, expires__gt=timezone.now()
    )
    return render(
        request,
        "register/members.html",
        {
            "held": Membership.objects.filter(organisation=organisation)
            .select_related("person")
            .order_by("person__name", "person__email", "role"),
            "waiting": waiting.order_by("-created"),
            "role_names": {role.value: name for role, name in ROLE_NAMES.items()},
            "problems": problems,
            "link": link,
            "given": request.POST,
        },
        status=400 if problems else 200,
    )


@access(Role.ADMINISTRATOR)
@require_POST
def invite(request: HttpRequest) -> HttpResponse:
    """Invite somebody: they get the link by e-mail, and it is shown once here."""
    email = request.POST.get("email", "").strip()
    try:
        validate_email(email)
        _, token = people.invite(
            _organisation(request),
            email,
            request.POST.get("role", ""),
            request.user,  # type: ignore[arg-type]
        )
    except ValidationError:
        text = "Enter an e-mail address like name@example.org"
        return _members(request, [{"text": text, "href": "#email"}], "")
    except NameplateError as error:
        return _members(request, [{"text": str(error), "href": "#role"}], "")
    link = request.build_absolute_uri(reverse("accept", args=[token]))
    send_mail(
        f"You are invited to {_organisation(request).name} on Nameplate",
        f"Open this link within seven days to set up your account:\n\n{link}\n",
        None,
        [email],
        fail_silently=True,
    )
    return _members(request, [], link)


@access(Role.ADMINISTRATOR)
@require_POST
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """End a membership."""
    held = get_object_or_404(Membership, pk=pk, organisation=_organisation(request))
    try:
        people.remove(held, request.user, request.POST.get("reason", ""))  # type: ignore[arg-type]
    except NameplateError as error:
        return _members(request, [{"text": str(error)}], "")
    return redirect("members")


@access(PUBLIC)
@never_cache
@sensitive_post_parameters("password")
def accept(request: HttpRequest, token: str) -> HttpResponse:
    """Take an invitation up: a name and a password, then straight on to the second factor."""
    if limited(request, "accept", most=60, seconds=3600):
        return render(request, "register/invitation_gone.html", status=429)
    invitation = people.open_invitation(token)
    if invitation is None:
        return render(request, "register/invitation_gone.html", status=404)
    problems: list[dict[str, str]] = []
    known = request.user if request.user.is_authenticated else None
    if request.method == "POST":
        name, password = request.POST.get("name", ""), request.POST.get("password", "")
        if known is None:
            if not name.strip():
                problems.append({"text": "Enter your name", "href": "#name"})
            try:
                validate_password(password)
            except ValidationError as error:
                problems += [{"text": line, "href": "#password"} for line in error.messages]
        if not problems:
            try:
                person = people.accept(token, name, password, known)
            except NameplateError as error:
                problems.append({"text": str(error)})
            else:
                if known is None:
                    backend = "django.contrib.auth.backends.ModelBackend"
                    login(request, person, backend=backend)
                request.session["organisation"] = invitation.organisation_id
                return redirect("home")
    return render(
        request,
        "register/invitation.html",
        {
            "invitation": invitation,
            "role": ROLE_NAMES[Role(invitation.role)],
            "problems": problems,
            "given": request.POST,
            "known": known,
        },
        status=400 if problems else 200,
    )


def _who(event: Any) -> str:
    if event.actor is None:
        return "the system"
    return event.actor_name or "name not kept"


AUDIT: Final = ListSpec(
    title="Audit",
    file_name="audit",
    columns=(
        Column("No.", lambda row: row.seq),
        Column("When", lambda row: row.at.isoformat(timespec="seconds")),
        Column("Who", _who),
        Column("What", lambda row: row.action.replace("_", " ").replace(".", ": ")),
        Column("About", lambda row: f"{row.subject_type} {row.subject_id}"),
        Column("Why", lambda row: row.reason or "no reason given"),
    ),
    sorts=(Sort("newest", "Newest first", ("-seq",)), Sort("oldest", "Oldest first", ("seq",))),
    choices=(Choice("action", "What", "action"),),
)


@access(Role.AUDITOR, Role.ADMINISTRATOR)
def audit_trail(request: HttpRequest) -> HttpResponseBase:
    """The organisation's own chain."""
    names = PersonName.objects.filter(ref=OuterRef("actor")).values("name")[:1]
    chain = audit.chain_of(_organisation(request))
    rows: Any = AuditEvent.objects.filter(chain=chain).annotate(actor_name=Subquery(names))
    if request.GET.get("format") == "csv":
        return listing.export(AUDIT, rows, request)
    return render(request, "register/audit.html", {"page": listing.build(AUDIT, rows, request)})


@access(Role.AUDITOR)
@require_POST
def verify(request: HttpRequest) -> HttpResponse:
    """Check the organisation's chain and its signed heads now, and say what was found."""
    chain = audit.chain_of(_organisation(request))
    breaks = [*audit.verify_chain(chain), *(one for one in heads.verify() if one.chain == chain)]
    signed = (heads.folder() / "heads.jsonl").exists()
    count = AuditEvent.objects.filter(chain=chain).count()
    return render(
        request,
        "register/audit_verified.html",
        {"breaks": breaks, "signed": signed, "count": count},
    )
