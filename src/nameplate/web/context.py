"""What every page knows: who is asking, for whom, and where they are."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from nameplate.register.roles import Role


def page(request: HttpRequest) -> dict[str, Any]:
    """Context of the layout: person, organisation, roles, navigation."""
    roles: frozenset[str] = getattr(request, "roles", frozenset())
    return {
        "person": request.user if request.user.is_authenticated else None,
        "organisation": getattr(request, "organisation", None),
        "memberships": getattr(request, "memberships", []),
        "roles": roles,
        "Role": Role,
        "path": request.path,
        "server_mode": settings.SERVER,
    }
