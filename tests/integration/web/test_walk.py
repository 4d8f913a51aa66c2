"""All routes × all roles × two organisations: who gets in, and that nothing crosses over."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.urls import URLPattern, get_resolver, reverse

from nameplate.register import loading
from nameplate.register.models import (
    DeviceRow,
    Dispute,
    Import,
    Organisation,
    Purchase,
    StatementRow,
)
from nameplate.register.roles import PUBLIC, SIGNED_IN, Role, declared_access
from nameplate.web.middleware import PACKAGE_ACCESS

pytestmark = pytest.mark.django_db


@pytest.fixture
def loaded(organisations: list[Organisation], tmp_path: Path) -> dict[str, Any]:
    """A purchase, an import, a statement and a dispute that belong to Dudley alone."""
    from importlib import import_module

    helper = import_module("integration.register.conftest")
    folder = helper.Folder(tmp_path / "trace")
    folder.add("1", ("Hikvision", "named"))
    dudley = organisations[0]
    job = Import.objects.create(owner=dudley, title="Secret import", state=Import.State.DONE)
    job.run = {"mode": "full"}
    job.save()
    job.counts = loading.load_folder(job, folder.write(), lambda *_: None)
    import datetime

    from django.utils import timezone

    job.finished = timezone.now()
    job.save()
    purchase = Purchase.objects.get()
    said = StatementRow.objects.create(
        statement_id="st_1",
        owner=dudley,
        subject=purchase.purchase_id,
        predicate="attribution_confirmed",
        asserter="person",
        asserted_by="x",
        recorded=timezone.now(),
        content={"value": {"maker": "hikvision"}, "source": {}},
    )
    DeviceRow.objects.create(
        owner=dudley,
        device_id="d_1",
        maker="Hikvision",
        points=1,
        could_be=2,
        content={"evidence": [], "contradictions": [], "fields": {}, "sources": {}},
        score={"parts": []},
    )
    dispute = Dispute.objects.create(
        reference="D-1",
        subject_type="purchase",
        subject_id=purchase.purchase_id,
        subject_title="t",
        owner=dudley,
        says="no",
        decide_by=datetime.date(2026, 1, 1),
    )
    return {
        "pk": {
            "purchase": purchase.pk,
            "judge": purchase.pk,
            "statement": said.pk,
            "run": job.pk,
        },
        "import_pk": job.pk,
        "key": {
            "body": purchase.body.key,
            "supplier": purchase.supplier.key,
            "maker": "hikvision",
            "device": "d_1",
        },
        "reference": dispute.reference,
        "subject_type": "purchase",
        "subject_id": purchase.purchase_id,
        "token": "x",
    }


def routes(patterns: Any) -> list[URLPattern]:
    found: list[URLPattern] = []
    for one in patterns:
        found += [one] if isinstance(one, URLPattern) else routes(one.url_patterns)
    return found


OWN = [route for route in routes(get_resolver().url_patterns) if route.name not in PACKAGE_ACCESS]


def address(route: URLPattern, loaded: dict[str, Any]) -> str:
    arguments: dict[str, Any] = {}
    for name in route.pattern.converters:
        if name == "pk":
            arguments[name] = loaded["pk"].get(route.name, loaded["import_pk"])
        elif name == "key":
            arguments[name] = loaded["key"][route.name]
        else:
            arguments[name] = loaded[name]
    return reverse(str(route.name), kwargs=arguments)


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
