"""What a first start sets up: the database's tables, and on a laptop its one user."""

from __future__ import annotations

import hashlib
import os
import secrets
from pathlib import Path

from django.core.management import call_command
from django.db import transaction

from nameplate.register import audit
from nameplate.register.models import Membership, Organisation, Person
from nameplate.register.roles import Role

LAPTOP_ROLES = (Role.CASE_OFFICER, Role.APPROVER, Role.ADMINISTRATOR, Role.AUDITOR)


def migrate() -> None:
    """Bring the database to this version's tables; does nothing when it is there already."""
    call_command("migrate", interactive=False, verbosity=0)


@transaction.atomic
def laptop_person(email: str) -> Person:
    """Return the laptop's single user, made on first use with an organisation of their own."""
    person = Person.objects.filter(email=email).first()
    if person is None:
        person = Person.objects.create_user(email, name="You")
        organisation, _ = Organisation.objects.get_or_create(
            key="own", defaults={"name": "Own desk"}
        )
        for role in LAPTOP_ROLES:
            Membership.objects.create(person=person, organisation=organisation, role=role.value)
        audit.record(
            "organisation.created",
            subject=("organisation", organisation.key),
            organisation=organisation,
            actor=person,
            reason="first start on a laptop",
            after={"name": organisation.name, "roles": [role.value for role in LAPTOP_ROLES]},
        )
    return person


def one_time_token(workspace: Path) -> str:
    """Make a sign-in token, keep its SHA-256 in the workspace (mode 0600), return the token."""
    token = secrets.token_urlsafe(32)
    path = workspace / "enter-token"
    path.unlink(missing_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(hashlib.sha256(token.encode()).hexdigest())
    return token
