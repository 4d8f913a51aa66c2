"""All routes × all roles × two organisations: who gets in, and that nothing crosses over."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

import walking
from nameplate.register.models import Organisation, Purchase
from nameplate.register.roles import PUBLIC, SIGNED_IN, Role, declared_access
from walking import OWN, address

pytestmark = pytest.mark.django_db


@pytest.fixture
def loaded(organisations: list[Organisation], tmp_path: Path) -> dict[str, Any]:
    """A purchase, an import, a statement and a dispute that belong to Dudley alone."""
    return walking.load(organisations[0], tmp_path)


@pytest.mark.parametrize("role", list(Role))
def test_each_role_reaches_just_what_is_declared(
    role: Role, loaded: dict[str, Any], as_role: Any
) -> None:
    client = as_role("dudley", role)
    wrong = []
    for route in OWN:
        who = declared_access(route.callback) or ()
        allowed = bool({PUBLIC, SIGNED_IN, role.value} & set(who))
        status = client.get(address(route, loaded)).status_code
        refused = status == 403 and route.name != "enter"
        if refused == allowed or status >= 500:
            wrong.append((route.name, status))
    assert not wrong


@pytest.mark.parametrize("role", list(Role))
def test_another_organisation_sees_nothing_of_it(
    role: Role, loaded: dict[str, Any], as_role: Any
) -> None:
    client = as_role("watch", role)
    crossed = []
    for route in OWN:
        answer = client.get(address(route, loaded))
        if route.pattern.converters and route.name not in ("maker", "enter", "dispute_received"):
            if answer.status_code == 200:
                crossed.append((route.name, answer.status_code))
        elif not answer.streaming and b"Secret import" in answer.content:
            crossed.append((route.name, "content"))
    assert not crossed


def test_a_stranger_reaches_public_routes_alone(loaded: dict[str, Any], client: Any) -> None:
    for route in OWN:
        answer = client.get(address(route, loaded))
        public = PUBLIC in (declared_access(route.callback) or ())
        assert public == (answer.status_code != 302), route.name


def test_exports_are_what_is_shown_with_formulas_defused(
    loaded: dict[str, Any], as_role: Any
) -> None:
    Purchase.objects.update(title="=cmd|' /C calc'!A0")
    client = as_role("dudley", "reader")
    for name in ("purchases", "bodies", "suppliers", "statements", "runs", "imports", "disputes"):
        answer = client.get(reverse(name), {"format": "csv"})
        text = b"".join(answer.streaming_content).decode()
        assert len(text.splitlines()) == 2, name
    answer = client.get(reverse("purchases"), {"format": "csv"})
    assert "'=cmd" in b"".join(answer.streaming_content).decode()
