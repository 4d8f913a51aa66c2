"""Who may do what: roles, and the declaration that every route carries.

A view without a declaration is refused by :class:`nameplate.web.middleware.AccessMiddleware` and
fails the test that walks all routes, so that forgetting one cannot open a page.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Any, Final, TypeVar


class Role(StrEnum):
    """What a person may do in one organisation. One person may hold several memberships."""

    READER = "reader"
    CASE_OFFICER = "case_officer"
    APPROVER = "approver"
    ADMINISTRATOR = "administrator"
    ADVISER = "adviser"
    """From outside: sees the cases they are invited to, and nothing else."""
    AUDITOR = "auditor"


ROLE_NAMES: Final[dict[Role, str]] = {
    Role.READER: "Reader",
    Role.CASE_OFFICER: "Case officer",
    Role.APPROVER: "Approver",
    Role.ADMINISTRATOR: "Administrator",
    Role.ADVISER: "Outside adviser",
    Role.AUDITOR: "Auditor",
}

PUBLIC: Final = "public"
"""Anyone, without an account."""
SIGNED_IN: Final = "signed_in"
"""Anyone with an account, whatever their role."""

INSIDERS: Final = (
    Role.READER,
    Role.CASE_OFFICER,
    Role.APPROVER,
    Role.ADMINISTRATOR,
    Role.AUDITOR,
)
"""All who may read what their organisation holds; an outside adviser is not one."""
WORKERS: Final = (Role.CASE_OFFICER, Role.APPROVER, Role.ADMINISTRATOR)
"""All who may add to it."""

_V = TypeVar("_V", bound=Callable[..., Any])


def access(*who: Role | str) -> Callable[[_V], _V]:
    """Declare who may call a view: roles, or PUBLIC, or SIGNED_IN. Outermost decorator."""
    if not who:
        raise ValueError("a route names at least one role")

    def declare(view: _V) -> _V:
        view.access = tuple(str(one) for one in who)  # type: ignore[attr-defined]
        return view

    return declare


def declared_access(view: Callable[..., Any]) -> tuple[str, ...] | None:
    """Return what ``view`` (function, or the class behind ``as_view``) declares, or None."""
    for candidate in (view, getattr(view, "view_class", None)):
        found: tuple[str, ...] | None = getattr(candidate, "access", None)
        if found is not None:
            return found
    return None
