"""The start page: one's own position, what needs doing and by when, what changed since."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from nameplate.catalogue.store import load as load_catalogue
from nameplate.register import audit, visible
from nameplate.register.exposures import EVERY_MAKER
from nameplate.register.models import AuditEvent, Dispute, Import, PersonName
from nameplate.register.positions import Position, positions
from nameplate.register.roles import INSIDERS, Role, access

SEEN_KEY = "start_page_seen"


class Task(NamedTuple):
    """Something that waits for the person: what, where, and by when (None: no date)."""

    text: str
    href: str
    due: Any
    overdue: bool


@access(*INSIDERS, Role.ADVISER)
def home(request: HttpRequest) -> HttpResponse:
    """Show the position of what the organisation sees; a fresh start shows how to begin."""
    roles: frozenset[str] = getattr(request, "roles", frozenset())
    if not roles & {role.value for role in INSIDERS}:
        return render(request, "home_adviser.html")
    since = _since(request)
    rows = visible.exposures(request)
    return render(
        request,
        "home.html",
        {
            "empty": not visible.imports(request).exists(),
            "overall": positions(rows.filter(maker_key=EVERY_MAKER)),
            "makers": _largest(rows),
            "tasks": _tasks(request),
            "since": since,
            "changes": _changes(request, since),
        },
    )


def _since(request: HttpRequest) -> datetime | None:
    """When the person last opened this page in an earlier session, or None the first time."""
    session = request.session
    if "start_page_before" not in session:
        session["start_page_before"] = session.get(SEEN_KEY, "")
        last = request.user.last_login if request.user.is_authenticated else None
        if not session["start_page_before"] and last:
            session["start_page_before"] = last.isoformat()
    session[SEEN_KEY] = timezone.now().isoformat()
    return parse_datetime(session["start_page_before"]) if session["start_page_before"] else None


def _largest(rows: Any) -> list[tuple[str, str, list[Position]]]:
    names = {maker.key: maker.name for maker in load_catalogue().makers}
    grouped: dict[str, list[Any]] = {}
    for row in rows.exclude(maker_key__in=[EVERY_MAKER, ""]):
        grouped.setdefault(row.maker_key, []).append(row)
    found = [(key, names.get(key, key), positions(some)) for key, some in grouped.items()]
    found = [item for item in found if any(one.confirmed_count for one in item[2])]
    return sorted(found, key=lambda item: (-(item[2][0].confirmed or 0), item[1]))[:5]


def _tasks(request: HttpRequest) -> list[Task]:
    today = timezone.localdate()
    tasks: list[Task] = []
    waiting = Dispute.objects.filter(
        owner_id__in=visible.owner_ids(request), state=Dispute.State.RECEIVED
    ).order_by("decide_by")
    tasks += [
        Task(
            f"Decide the dispute about {one.subject_title}",
            reverse("dispute", args=[one.reference]),
            one.decide_by,
            one.decide_by < today,
        )
        for one in waiting[:10]
    ]
    failed = Import.objects.filter(
        owner=visible.organisation_of(request), state=Import.State.FAILED
    ).order_by("-finished")
    tasks += [
        Task(
            f"Look at the import that failed: {one.title}",
            reverse("import", args=[one.pk]),
            None,
            False,
        )
        for one in failed[:5]
    ]
    count = visible.purchases(request).filter(best_grade="open")[:10_001].count()
    if count:
        many = "over 10,000" if count > 10_000 else f"{count:,}"
        noun = "purchase" if count == 1 else "purchases"
        tasks.append(
            Task(
                f"Ask who made the equipment: {many} open {noun}",
                f"{reverse('purchases')}?grade=open",
                None,
                False,
            )
        )
    return tasks


def _changes(request: HttpRequest, since: datetime | None) -> list[tuple[AuditEvent, str]]:
    organisation = visible.organisation_of(request)
    events = AuditEvent.objects.filter(chain=audit.chain_of(organisation)).order_by("-seq")
    if since is not None:
        events = events.filter(at__gt=since)
    latest = list(events[:8])
    names = dict(
        PersonName.objects.filter(ref__in=[one.actor for one in latest]).values_list("ref", "name")
    )
    return [
        (one, names.get(one.actor) or "the system" if one.actor else "the system") for one in latest
    ]
