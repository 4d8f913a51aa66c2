"""Every route declares who may use it; nobody else gets in."""

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from nameplate.register.roles import declared_access
from nameplate.web.middleware import PACKAGE_ACCESS


def routes(patterns: list[URLPattern | URLResolver], before: str = "") -> list[URLPattern]:
    found: list[URLPattern] = []
    for one in patterns:
        if isinstance(one, URLResolver):
            found += routes(one.url_patterns, before + str(one.pattern))
        else:
            found.append(one)
    return found


def test_each_route_declares_its_role() -> None:
    undeclared = [
        str(route.pattern)
        for route in routes(get_resolver().url_patterns)
        if declared_access(route.callback) is None and route.name not in PACKAGE_ACCESS
    ]
    assert not undeclared


def test_each_package_route_named_exists() -> None:
    names = {route.name for route in routes(get_resolver().url_patterns)}
    assert set(PACKAGE_ACCESS) <= names, "a name in PACKAGE_ACCESS that no package has"


@pytest.mark.django_db
def test_a_stranger_is_sent_to_sign_in() -> None:
    answer = Client().get("/")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/account/login/")


@pytest.mark.django_db
def test_the_sign_in_page_is_ours_and_has_a_strict_policy() -> None:
    answer = Client().get("/account/login/")
    assert answer.status_code == 200
    assert "Nameplate" in answer.content.decode()
    assert "'unsafe-inline'" not in answer["Content-Security-Policy"]
    assert "script-src 'self'" in answer["Content-Security-Policy"]
