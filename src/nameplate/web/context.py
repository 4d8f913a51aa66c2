"""What every page knows: who is asking, for whom, and where they are."""

from __future__ import annotations

from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from nameplate.register.roles import INSIDERS, Role

SECTIONS: Final[tuple[tuple[str, str], ...]] = (
    ("Purchases", "purchases"),
    ("Bodies", "bodies"),
    ("Suppliers", "suppliers"),
    ("Makers", "makers"),
    ("Estate", "estate"),
    ("Statements", "statements"),
    ("Imports", "imports"),
    ("Runs", "runs"),
    ("Disputes", "disputes"),
)


def page(request: HttpRequest) -> dict[str, Any]:
    """Context of the layout: person, organisation, roles, navigation."""
    roles: frozenset[str] = getattr(request, "roles", frozenset())
    sections = SECTIONS if roles & {str(role) for role in INSIDERS} else ()
    if Role.ADMINISTRATOR in roles:
        sections = (*sections, ("People", "members"))
    if roles & {Role.AUDITOR, Role.ADMINISTRATOR}:
        sections = (*sections, ("Audit", "audit"))
    return {
        "navigation": [
            {"text": text, "href": href, "active": request.path.startswith(href)}
            for text, href in ((label, reverse(name)) for label, name in sections)
        ],
        "person": request.user if request.user.is_authenticated else None,
        "organisation": getattr(request, "organisation", None),
        "memberships": getattr(request, "memberships", []),
        "roles": roles,
        "Role": Role,
        "path": request.path,
        "server_mode": settings.SERVER,
        "oidc_providers": settings.OIDC_PROVIDERS,
    }
