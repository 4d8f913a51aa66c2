"""What happens to every request: an id, who is asking for which organisation, and may they."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from allauth.account.authentication import get_authentication_records
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect

from nameplate.register.models import Membership
from nameplate.register.request_ids import new_request_id, request_id
from nameplate.register.roles import PUBLIC, SIGNED_IN, declared_access

View = Callable[..., HttpResponseBase]

PACKAGE_ACCESS: Final[dict[str, tuple[str, ...]]] = {
    "account_login": (PUBLIC,),
    "account_logout": (SIGNED_IN,),
    "account_inactive": (PUBLIC,),
    "account_change_password": (SIGNED_IN,),
    "account_set_password": (SIGNED_IN,),
    "account_reset_password": (PUBLIC,),
    "account_reset_password_done": (PUBLIC,),
    "account_reset_password_from_key": (PUBLIC,),
    "account_reset_password_from_key_done": (PUBLIC,),
    "account_reauthenticate": (SIGNED_IN,),
    "account_confirm_email": (PUBLIC,),
    "account_email_verification_sent": (PUBLIC,),
    "mfa_authenticate": (PUBLIC,),
    "mfa_login_webauthn": (PUBLIC,),
    "mfa_reauthenticate": (SIGNED_IN,),
    "mfa_reauthenticate_webauthn": (SIGNED_IN,),
    "mfa_index": (SIGNED_IN,),
    "mfa_activate_totp": (SIGNED_IN,),
    "mfa_deactivate_totp": (SIGNED_IN,),
    "mfa_generate_recovery_codes": (SIGNED_IN,),
    "mfa_view_recovery_codes": (SIGNED_IN,),
    "mfa_download_recovery_codes": (SIGNED_IN,),
    "mfa_list_webauthn": (SIGNED_IN,),
    "mfa_add_webauthn": (SIGNED_IN,),
    "mfa_remove_webauthn": (SIGNED_IN,),
    "mfa_edit_webauthn": (SIGNED_IN,),
    "openid_connect_login": (PUBLIC,),
    "openid_connect_callback": (PUBLIC,),
    "socialaccount_login_cancelled": (PUBLIC,),
    "socialaccount_login_error": (PUBLIC,),
    "usersessions_list": (SIGNED_IN,),
}
"""Who may call the routes that packages bring: they cannot carry a declaration of their own.

Only routes named here are put into the URL configuration at all.
"""


def needs_second_factor(request: HttpRequest) -> bool:
    """Whether a server's user has to set a second factor up before anything else.

    Who signed in through the organisation's own service has passed its factors.
    """
    if not settings.SERVER:
        return False
    methods = {record.get("method") for record in get_authentication_records(request, request.user)}
    return "socialaccount" not in methods and not is_mfa_enabled(request.user)


class RequestIdMiddleware:
    """Gives each request an id, which the audit, the log and the answer's header carry."""

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Set the id for as long as the request is answered."""
        token = request_id.set(new_request_id())
        try:
            response = self.get_response(request)
            response["X-Request-ID"] = request_id.get()
        finally:
            request_id.reset(token)
        return response


class AccessMiddleware:
    """Refuses every view that does not declare who may use it, and everyone it does not name.

    Sets ``request.organisation`` and ``request.roles`` (of the person in that organisation).
    """

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Find the organisation that the person works in; their choice is kept in the session."""
        request.organisation, request.roles = None, frozenset()  # type: ignore[attr-defined]
        if request.user.is_authenticated:
            held = list(
                Membership.objects.filter(person=request.user)
                .select_related("organisation")
                .order_by("organisation__name", "role")
            )
            chosen = request.session.get("organisation")
            current = next((m for m in held if m.organisation_id == chosen), None)
            current = current or (held[0] if held else None)
            if current is not None:
                request.organisation = current.organisation  # type: ignore[attr-defined]
                request.roles = frozenset(  # type: ignore[attr-defined]
                    m.role for m in held if m.organisation_id == current.organisation_id
                )
            request.memberships = held  # type: ignore[attr-defined]
        return self.get_response(request)

    def process_view(
        self,
        request: HttpRequest,
        view: View,
        args: tuple[Any, ...],  # noqa: ARG002
        kwargs: dict[str, Any],  # noqa: ARG002
    ) -> HttpResponse | None:
        """Let the view run, or send to the sign-in page, or refuse."""
        match = request.resolver_match
        who = declared_access(view)
        if who is None and match is not None and match.url_name in PACKAGE_ACCESS:
            who = PACKAGE_ACCESS[match.url_name]
        if who is None:
            raise ImproperlyConfigured(f"{request.path} does not declare who may use it")
        if PUBLIC in who:
            return None
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path(), settings.LOGIN_URL)
        if needs_second_factor(request) and SIGNED_IN not in who:
            return redirect("mfa_activate_totp")
        if SIGNED_IN in who or request.roles & set(who):  # type: ignore[attr-defined]
            return None
        raise PermissionDenied
