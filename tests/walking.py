"""What walks over all pages share: the routes, their addresses, and records to show on them."""

from __future__ import annotations

import datetime
from importlib import import_module
from pathlib import Path
from typing import Any

from django.urls import NoReverseMatch, URLPattern, get_resolver, reverse
from django.utils import timezone

from nameplate.register import audit, loading
from nameplate.register.models import (
    DeviceRow,
    Dispute,
    Import,
    Organisation,
    Person,
    Purchase,
    StatementRow,
)
from nameplate.register.roles import PUBLIC, SIGNED_IN, declared_access
from nameplate.web.middleware import PACKAGE_ACCESS


def routes(patterns: Any) -> list[URLPattern]:
    found: list[URLPattern] = []
    for one in patterns:
        found += [one] if isinstance(one, URLPattern) else routes(one.url_patterns)
    return found


ALL = routes(get_resolver().url_patterns)
OWN = [route for route in ALL if route.name not in PACKAGE_ACCESS]


def _plain(route: URLPattern) -> bool:
    try:
        reverse(str(route.name))
    except NoReverseMatch:
        return False
    return True


PACKAGES = [route for route in ALL if route.name in PACKAGE_ACCESS and _plain(route)]
"""Package routes that take no argument."""


def load(owner: Organisation, tmp_path: Path, rows: int = 1) -> dict[str, Any]:
    """``rows`` purchases, an import, a statement and a dispute that belong to ``owner`` alone.

    Returns what :func:`address` needs to name a page of each.
    """
    helper = import_module("integration.register.conftest")
    folder = helper.Folder(tmp_path / "trace")
    for number in range(1, rows + 1):
        other = {"body": f"Body {number}", "supplier": f"Supplier {number}"} if number > 1 else {}
        folder.add(str(number), ("Hikvision", "named"), **other)
    job = Import.objects.create(owner=owner, title="Secret import", state=Import.State.DONE)
    job.run = {"mode": "full"}
    job.save()
    job.counts = loading.load_folder(job, folder.write(), lambda *_: None)
    job.finished = timezone.now()
    job.save()
    purchase = Purchase.objects.get(purchase_id="p_1", owner=owner)
    for number in range(1, rows + 1):
        person = Person.objects.create_user(f"{number}@many.example", name=f"Person {number}")
        StatementRow.objects.create(
            statement_id=f"st_{number}",
            owner=owner,
            subject=f"p_{number}",
            predicate="attribution_confirmed",
            asserter="person",
            asserted_by="x",
            made_by=person,
            recorded=timezone.now(),
            content={"value": {"maker": "hikvision"}, "source": {}},
        )
        DeviceRow.objects.create(
            owner=owner,
            device_id=f"d_{number}",
            maker="Hikvision",
            points=1,
            could_be=2,
            content={"evidence": [], "contradictions": [], "fields": {}, "sources": {}},
            score={"parts": []},
        )
        Dispute.objects.create(
            reference=f"D-{number}",
            subject_type="purchase",
            subject_id=f"p_{number}",
            subject_title="t",
            owner=owner,
            says="no",
            decide_by=datetime.date(2026, 1, 1),
        )
        audit.record(
            "import.begun", subject=("import", str(number)), organisation=owner, actor=person
        )
    said = StatementRow.objects.get(statement_id="st_1", owner=owner)
    return {
        "pk": {
            "purchase": purchase.pk,
            "judge": purchase.pk,
            "statement": said.pk,
            "run": job.pk,
        },
        "import_pk": job.pk,
        "key": {
            "body": purchase.body and purchase.body.key,
            "supplier": purchase.supplier and purchase.supplier.key,
            "maker": "hikvision",
            "device": "d_1",
        },
        "reference": "D-1",
        "subject_type": "purchase",
        "subject_id": purchase.purchase_id,
        "token": "x",
    }


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


def may_see(route: URLPattern, role: str) -> bool:
    """Whether a person of ``role`` reaches the route, as it declares."""
    who = PACKAGE_ACCESS.get(str(route.name)) or declared_access(route.callback) or ()
    return bool({PUBLIC, SIGNED_IN, role} & set(who))
