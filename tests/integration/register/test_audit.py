"""The audit's chain: whatever is done to it by hand is found, and its place named."""

import pytest
from django.db import DatabaseError, connection, transaction

from nameplate.register import audit
from nameplate.register.models import AuditEvent, Organisation, Person

pytestmark = pytest.mark.django_db


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
