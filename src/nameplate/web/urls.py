"""All routes. Those that packages bring are taken one by one, by name, never as a whole."""

from __future__ import annotations

from collections.abc import Iterator

from allauth.account import urls as account_urls
from allauth.mfa import urls as mfa_urls
from allauth.socialaccount import urls as social_urls
from allauth.socialaccount.providers.openid_connect import urls as oidc_urls
from allauth.usersessions import urls as session_urls
from django.urls import URLPattern, URLResolver, include, path

from nameplate.register.views import home
from nameplate.web import pages
from nameplate.web.middleware import PACKAGE_ACCESS


def _declared(patterns: list[URLPattern | URLResolver]) -> Iterator[URLPattern | URLResolver]:
    """Keep the package routes that PACKAGE_ACCESS names; the rest do not exist here."""
    for one in patterns:
        if isinstance(one, URLPattern):
            if one.name in PACKAGE_ACCESS:
                yield one
        else:
            inner = list(_declared(one.url_patterns))
            if inner:
                yield URLResolver(one.pattern, inner)


urlpatterns = [
    path("", home.home, name="home"),
    path("enter/<str:token>", pages.enter, name="enter"),
    path("organisation", pages.choose_organisation, name="choose_organisation"),
    path("health", pages.health, name="health"),
    path("", include("nameplate.register.urls")),
    path("account/", include(list(_declared(account_urls.urlpatterns)))),
    path("account/security/", include(list(_declared(mfa_urls.urlpatterns)))),
    path("account/sessions/", include(list(_declared(session_urls.urlpatterns)))),
    path("account/social/", include(list(_declared(social_urls.urlpatterns)))),
    path("account/", include(list(_declared(oidc_urls.urlpatterns)))),
]

handler400 = "nameplate.web.pages.bad_request"
handler403 = "nameplate.web.pages.forbidden"
handler404 = "nameplate.web.pages.not_found"
handler500 = "nameplate.web.pages.server_error"
