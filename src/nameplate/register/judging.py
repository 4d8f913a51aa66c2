"""A person's judgement of an attribution: a statement, from which everything derived follows.

Nothing is edited: the statement is added, the purchase is derived again from its record and all
statements about it, and the sums of its body are added up again, in one transaction.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Final

import msgspec
from django.db import transaction

from nameplate.catalogue.store import load as load_catalogue
from nameplate.model.errors import UsageError
from nameplate.model.purchase import Purchase as PurchaseRecord
from nameplate.model.statement import Asserter, SourceRef, Statement, made
from nameplate.register import audit, exposures, loading, search
from nameplate.register.models import (
    Attribution,
    Mention,
    Organisation,
    Person,
    Purchase,
    Sighting,
    StatementRow,
)

VERDICTS: Final = {"confirm": "attribution_confirmed", "reject": "attribution_rejected"}


class Changed(UsageError):
    """Somebody else changed the record since this person read it: nothing is overwritten unseen."""


def judge(
    purchase: Purchase,
    *,
    person: Person,
    organisation: Organisation | None,
    maker_key: str,
    verdict: str,
    reason: str,
    seen_version: str,
) -> Purchase:
    """Record a verdict (``confirm`` or ``reject``) on ``maker_key`` and derive again.

    Returns the purchase as the organisation now sees it: a published one is adopted first.
    Raises UsageError without a reason, for an unknown verdict or maker, or outside an organisation;
    Changed where the purchase was derived again since version ``seen_version``.
    """
    if verdict not in VERDICTS:
        raise UsageError("the verdict is neither confirm nor reject", do="choose one of them")
    if not reason.strip():
        raise UsageError("a judgement needs a reason", do="say in a sentence what it rests on")
    if organisation is None:
        raise UsageError("a judgement belongs to an organisation", do="choose one first")
    if not any(maker.key == maker_key for maker in load_catalogue().makers):
        raise UsageError("the catalogue has no such maker", do="choose one of those shown")
    with transaction.atomic():
        organisation.hold()
        locked = Purchase.objects.select_for_update().get(pk=purchase.pk)
        if locked.owner_id != organisation.pk:
            locked = adopt(locked, organisation)
        if seen_version and seen_version != str(locked.version):
            raise Changed(
                "somebody changed this record while you were reading it",
                do="look at it again and judge what it says now",
            )
        before = _summary(locked)
        row = add_statement(
            Statement(
                statement_id="",
                subject=locked.purchase_id,
                predicate=VERDICTS[verdict],
                value={"maker": maker_key},
                source=SourceRef(sha256=locked.source_sha256, locator=locked.locator),
                asserter=Asserter.PERSON,
                asserted_by=str(person.ref),
                observed=datetime.now(UTC).isoformat(timespec="microseconds"),
                reason=reason.strip(),
                owner=organisation.key,
            ),
            owner=organisation,
            person=person,
        )
        derive_again(locked)
        audit.record(
            f"attribution.{verdict}ed",
            subject=("purchase", locked.purchase_id),
            organisation=organisation,
            actor=person,
            reason=reason.strip(),
            before=before,
            after={**_summary(locked), "statement": row.statement_id},
        )
    return locked


def adopt(purchase: Purchase, organisation: Organisation) -> Purchase:
    """Return the organisation's own copy of a published purchase, made on its first judgement.

    What one organisation thinks of a published record is its own affair: its copy stands in place
    of the published row in its lists and sums, and nobody else's view changes.
    """
    own = Purchase.objects.filter(purchase_id=purchase.purchase_id, owner=organisation).first()
    if own is not None:
        return Purchase.objects.select_for_update().get(pk=own.pk)
    attributions, mentions = list(purchase.attributions.all()), list(purchase.mentions.all())
    brought_by = [one.brought_by for one in purchase.sightings.all()]
    shared_text = loading.searchable(purchase.record)
    own = Purchase.objects.get(pk=purchase.pk)
    own.pk, own.owner = None, organisation
    own._state.adding = True
    own.save(force_insert=True)
    for attribution in attributions:
        attribution.pk, attribution.purchase = None, own
    for mention in mentions:
        mention.pk, mention.purchase = None, own
    Attribution.objects.bulk_create(attributions)
    Mention.objects.bulk_create(mentions)
    Sighting.objects.bulk_create([Sighting(purchase=own, brought_by=one) for one in brought_by])
    search.index([(own.pk, shared_text)])
    return own


def add_statement(statement: Statement, *, owner: Organisation, person: Person) -> StatementRow:
    """Add a statement for ``owner``; the same one again returns the row that is there."""
    now = datetime.now(UTC)
    whole = made(msgspec.structs.replace(statement, recorded=now.date().isoformat()))
    row, _ = StatementRow.objects.get_or_create(
        statement_id=whole.statement_id,
        owner=owner,
        defaults={
            "made_by": person,
            "subject": whole.subject,
            "predicate": whole.predicate,
            "asserter": whole.asserter.value,
            "asserted_by": whole.asserted_by,
            "withdraws": whole.withdraws,
            "recorded": now,
            "content": msgspec.to_builtins(whole),
        },
    )
    return row


def statements_about(purchase: Purchase) -> list[Statement]:
    """All statements about a purchase, its owner's and published ones, in the order recorded."""
    rows = StatementRow.objects.filter(
        subject=purchase.purchase_id,
        owner_id__in=[purchase.owner_id, Organisation.published().pk],
    ).order_by("pk")
    return [msgspec.convert(row.content, Statement) for row in rows]


def record_of(purchase: Purchase) -> PurchaseRecord:
    """The purchase as traced, from what is stored; its schema is that of the model."""
    fields = dict(purchase.record)
    wanted = {one.name for one in msgspec.structs.fields(PurchaseRecord)}
    kept = {key: value for key, value in fields.items() if key in wanted and value is not None}
    return msgspec.convert(kept, PurchaseRecord, strict=False)


def derive_again(purchase: Purchase) -> None:
    """Replace a purchase's attributions by what follows from its record and all statements now."""
    from nameplate.tracing.derive import make_judge

    said: dict[str, Sequence[Statement]] = {purchase.purchase_id: statements_about(purchase)}
    judged = make_judge(load_catalogue(), as_of=None, statements=said)([record_of(purchase)])
    purchase.attributions.all().delete()
    rows = [
        loading.attribution_row(purchase, _builtins(one))
        for traced in judged
        for one in traced.attributions
    ]
    Attribution.objects.bulk_create(rows)
    purchase.makers = sorted({row.maker_key for row in rows if row.maker_key})
    purchase.best_grade = loading.best_grade([row.grade for row in rows])
    purchase.version += 1
    purchase.save(update_fields=["makers", "best_grade", "version"])
    exposures.rebuild(purchase.owner, {purchase.body_id})


def _builtins(attribution: Any) -> dict[str, Any]:
    fields: dict[str, Any] = msgspec.to_builtins(attribution)
    return fields


def _summary(purchase: Purchase) -> dict[str, Any]:
    return {
        "version": purchase.version,
        "attributions": [
            {"maker": one.maker_key, "grade": one.grade, "role": one.role}
            for one in purchase.attributions.all()
        ],
    }
