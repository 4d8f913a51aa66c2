"""The audit trail: adding events to a hash chain, and verifying it.

Each organisation has a chain, and ``system`` one for what belongs to none. An event's hash covers
the event before it, so an edit, a reordering or an insertion breaks the chain at its place. What a
chain alone cannot show, its end cut off or all of it computed anew, is found against signed heads
kept outside the database (:mod:`nameplate.register.heads`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, NamedTuple

from django.db import transaction

from nameplate.register.models.audit import AuditEvent, AuditHead, PersonName
from nameplate.register.models.people import Organisation, Person
from nameplate.register.request_ids import request_id

SYSTEM = "system"
"""The chain of events that belong to no organisation."""


def chain_of(organisation: Organisation | None) -> str:
    """Name of the chain that an organisation's events are added to."""
    return f"organisation:{organisation.key}" if organisation else SYSTEM


def _canonical(fields: dict[str, Any]) -> bytes:
    return json.dumps(
        fields, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str
    ).encode()


def hashed_fields(event: AuditEvent) -> dict[str, Any]:
    """The fields an event's hash covers; ``at`` is UTC to the microsecond with a ``Z``."""
    return {
        "chain": event.chain,
        "seq": event.seq,
        "at": event.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        "actor": str(event.actor) if event.actor else None,
        "action": event.action,
        "subject_type": event.subject_type,
        "subject_id": event.subject_id,
        "reason": event.reason,
        "before": event.before,
        "after": event.after,
        "request_id": event.request_id,
        "previous": event.previous,
    }


def event_hash(event: AuditEvent) -> str:
    """SHA-256 (hex) over the event's fields as canonical JSON: sorted keys, UTF-8, no blanks.

    Anyone with the export can compute it again.
    """
    return hashlib.sha256(_canonical(hashed_fields(event))).hexdigest()


def record(
    action: str,
    *,
    subject: tuple[str, str],
    organisation: Organisation | None,
    actor: Person | None,
    reason: str = "",
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> AuditEvent:
    """Add an event to its chain, in the caller's transaction; the change and its event are one.

    ``subject`` is (type, id). Before and after must be JSON-representable; they are stored as
    they come back from JSON, so that what is hashed is what is stored.
    """
    chain = chain_of(organisation)
    with transaction.atomic():
        AuditHead.objects.get_or_create(chain=chain)
        head = AuditHead.objects.select_for_update().get(chain=chain)
        if actor is not None:
            PersonName.objects.get_or_create(
                ref=actor.ref, defaults={"name": actor.get_full_name()}
            )
        event = AuditEvent(
            chain=chain,
            seq=head.seq + 1,
            at=datetime.now(UTC),
            actor=actor.ref if actor else None,
            action=action,
            subject_type=subject[0],
            subject_id=subject[1],
            reason=reason,
            before=_through_json(before),
            after=_through_json(after),
            request_id=request_id.get(),
            previous=head.hash,
        )
        event.hash = event_hash(event)
        event.save(force_insert=True)
        head.seq, head.hash = event.seq, event.hash
        head.save(update_fields=["seq", "hash"])
    return event


def _through_json(value: dict[str, Any] | None) -> dict[str, Any] | None:
    if value is None:
        return None
    stored: dict[str, Any] = json.loads(_canonical(value))
    return stored


class Break(NamedTuple):
    """A place where a chain does not hold: chain, sequence number, and one sentence why."""

    chain: str
    seq: int
    why: str


def verify_chain(chain: str) -> Iterator[Break]:
    """Yield every break in ``chain``, in order; nothing when it holds. Streams the events."""
    previous, expected = "", 1
    for event in AuditEvent.objects.filter(chain=chain).order_by("seq").iterator(2000):
        if event.seq != expected:
            yield Break(chain, event.seq, f"event {expected} should stand here and is missing")
        if event.previous != previous:
            yield Break(chain, event.seq, "it does not follow the event before it")
        if event_hash(event) != event.hash:
            yield Break(chain, event.seq, "its content was changed after it was recorded")
        previous, expected = event.hash, event.seq + 1
    head = AuditHead.objects.filter(chain=chain).first()
    if head is None or head.seq != expected - 1 or head.hash != previous:
        yield Break(chain, expected - 1, "the chain's end is not the one that was recorded")


def chains() -> list[str]:
    """Names of all chains that have events or a head, sorted."""
    with_events = AuditEvent.objects.order_by().values_list("chain", flat=True).distinct()
    return sorted({*with_events, *AuditHead.objects.values_list("chain", flat=True)})
