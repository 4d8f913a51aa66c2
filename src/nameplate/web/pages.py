"""The pages that belong to no subject: the start page, entering on a laptop, health, refusals."""

from __future__ import annotations

import hashlib
import hmac
from pathlib import Path

from django.conf import settings
from django.contrib.auth import login
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from nameplate import __version__
from nameplate.register.models import Membership, Person
from nameplate.register.roles import PUBLIC, SIGNED_IN, access

LAPTOP_PERSON = "you@laptop.invalid"
"""Account of a laptop's single user; ``.invalid`` is reserved (RFC 2606), no mail goes there."""


@access(PUBLIC)
@never_cache
def enter(request: HttpRequest, token: str) -> HttpResponse:
    """Sign the laptop's single user in by the one-time link printed at start; then void it."""
    path: Path = settings.WORKSPACE / "enter-token"
    if settings.SERVER or not path.exists():
        return render(request, "enter_refused.html", status=403)
    expected = path.read_text().strip()
    given = hashlib.sha256(token.encode()).hexdigest()
    if not hmac.compare_digest(expected, given):
        return render(request, "enter_refused.html", status=403)
    path.unlink(missing_ok=True)
    person = get_object_or_404(Person, email=LAPTOP_PERSON)
    login(request, person, backend="django.contrib.auth.backends.ModelBackend")
    return redirect("home")


@access(SIGNED_IN)
@require_POST
def choose_organisation(request: HttpRequest) -> HttpResponse:
    """Work in another organisation that the person belongs to."""
    membership = get_object_or_404(
        Membership.objects.filter(person=request.user.pk),
        organisation__key=request.POST.get("organisation", ""),
    )
    request.session["organisation"] = membership.organisation_id
    after = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(after, allowed_hosts={request.get_host()})
    return redirect(after if safe else "home")


@access(PUBLIC)
@never_cache
def health(request: HttpRequest) -> JsonResponse:  # noqa: ARG001
    """Whether the application answers and reaches its database; nothing that helps an attacker."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"status": "ok", "version": __version__, "database": connection.vendor})


@access(PUBLIC)
def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    """The request could not be understood."""
    return render(request, "errors/400.html", status=400)


@access(PUBLIC)
def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    """Signed in, but not for this."""
    return render(request, "errors/403.html", status=403)


@access(PUBLIC)
def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    """No such page, or none that this person may know of."""
    return render(request, "errors/404.html", status=404)


@access(PUBLIC)
def server_error(request: HttpRequest) -> HttpResponse:
    """Something failed here; the request's id finds it in the log."""
    return render(request, "errors/500.html", status=500)
