"""The audit's chain: whatever is done to it by hand is found, and its place named."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from nameplate.cli.audit import exported
from nameplate.register import audit, heads
from nameplate.register.models import AuditEvent, AuditHead, Organisation, Person, PersonName

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_workspace(settings: Any, tmp_path: Path) -> None:
    settings.WORKSPACE = tmp_path


@pytest.fixture
def chain() -> str:
    organisation = Organisation.objects.create(key="dudley", name="Dudley")
    person = Person.objects.create_user("ann@example.org", name="Ann")
    for number in range(5):
        audit.record(
            "thing.changed",
            subject=("thing", str(number)),
            organisation=organisation,
            actor=person,
            reason="because",
            before={"n": number},
            after={"n": number + 1},
        )
    return audit.chain_of(organisation)


def by_hand(statement: str) -> None:
    """Change the table as somebody with the database's password would, triggers off."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("DROP TRIGGER IF EXISTS audit_no_update")
            cursor.execute("DROP TRIGGER IF EXISTS audit_no_delete")
        else:
            cursor.execute("ALTER TABLE register_auditevent DISABLE TRIGGER audit_no_change")
        cursor.execute(statement)


def test_a_chain_as_recorded_holds(chain: str) -> None:
    assert list(audit.verify_chain(chain)) == []


def test_the_database_refuses_an_edit(chain: str) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        AuditEvent.objects.filter(chain=chain, seq=2).update(reason="other")
    with pytest.raises(DatabaseError), transaction.atomic():
        AuditEvent.objects.filter(chain=chain, seq=2).delete()


@pytest.mark.parametrize(
    ("statement", "place"),
    [
        ("UPDATE register_auditevent SET reason = 'x' WHERE seq = 3", 3),
        ("DELETE FROM register_auditevent WHERE seq = 3", 4),
        ("DELETE FROM register_auditevent WHERE seq = 5", 4),
        ("UPDATE register_auditevent SET seq = 9 WHERE seq = 5", 9),
    ],
)
def test_tampering_is_found_at_its_place(chain: str, statement: str, place: int) -> None:
    by_hand(statement)
    assert place in [one.seq for one in audit.verify_chain(chain)]


def test_a_chain_cut_off_and_its_head_mended_is_found_by_a_signed_head(chain: str) -> None:
    heads.sign()
    by_hand("DELETE FROM register_auditevent WHERE seq = 5")
    last = AuditEvent.objects.get(chain=chain, seq=4)
    AuditHead.objects.filter(chain=chain).update(seq=4, hash=last.hash)
    assert list(audit.verify_chain(chain)) == [], "the chain alone cannot show it"
    assert [(one.seq, "cut off" in one.why) for one in heads.verify()] == [(5, True)]


def test_a_whole_chain_computed_anew_is_found_by_a_signed_head(chain: str) -> None:
    heads.sign()
    by_hand("UPDATE register_auditevent SET reason = 'forged' WHERE seq = 2")
    previous = ""
    for event in AuditEvent.objects.filter(chain=chain).order_by("seq"):
        event.previous = previous
        previous = event.hash = audit.event_hash(event)
        event.save()
    AuditHead.objects.filter(chain=chain).update(hash=previous)
    assert list(audit.verify_chain(chain)) == []
    assert ["computed anew" in one.why for one in heads.verify()] == [True]


def test_a_forged_head_is_found(chain: str) -> None:
    heads.sign()
    path = heads.folder() / "heads.jsonl"
    path.write_text(path.read_text().replace('"seq": 5', '"seq": 4'))
    assert ["signature" in one.why for one in heads.verify()] == [True]


def test_an_erased_name_breaks_nothing(chain: str) -> None:
    PersonName.objects.update(name="", keep_until=None)
    Person.objects.all().delete()
    assert list(audit.verify_chain(chain)) == []


def test_an_export_can_be_checked_by_anyone(chain: str) -> None:
    previous = ""
    for event in AuditEvent.objects.filter(chain=chain).order_by("seq"):
        line = exported(event)
        claimed = line.pop("hash")
        text = json.dumps(line, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        assert hashlib.sha256(text.encode()).hexdigest() == claimed
        assert line["previous"] == previous
        previous = claimed
