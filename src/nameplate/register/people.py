"""Members of an organisation: inviting, accepting, changing roles, leaving. Each is audited."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from typing import Final

from django.db import transaction
from django.utils import timezone

from nameplate.model.errors import UsageError
from nameplate.register import audit
from nameplate.register.models import Invitation, Membership, Organisation, Person
from nameplate.register.models.people import PUBLISHED_KEY
from nameplate.register.roles import ROLE_NAMES, Role

VALID_FOR: Final = timedelta(days=7)
"""How long an invitation can be accepted."""


def _sha256(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def invite(organisation: Organisation, email: str, role: str, by: Person) -> tuple[Invitation, str]:
    """Offer ``role`` to ``email``; returns the invitation and its secret, which is kept nowhere.

    Raises UsageError for an unknown role, or for the organisation of published sources.
    """
    if role not in {one.value for one in ROLE_NAMES}:
        raise UsageError(f"there is no role {role!r}", do="choose one of those shown")
    if organisation.key == PUBLISHED_KEY:
        raise UsageError("published sources have no members", do="choose an organisation")
    token = secrets.token_urlsafe(32)
    invitation = Invitation.objects.create(
        organisation=organisation,
        email=email.strip().lower(),
        role=role,
        token_sha256=_sha256(token),
        invited_by=by,
        expires=timezone.now() + VALID_FOR,
    )
    audit.record(
        "member.invited",
        subject=("invitation", str(invitation.pk)),
        organisation=organisation,
        actor=by,
        after={"role": role},
    )
    return invitation, token


def open_invitation(token: str) -> Invitation | None:
    """The invitation that ``token`` opens, unless it is used, withdrawn or expired."""
    return (
        Invitation.objects.filter(
            token_sha256=_sha256(token),
            accepted=None,
            withdrawn=None,
            expires__gt=timezone.now(),
        )
        .select_related("organisation")
        .first()
    )


@transaction.atomic
def accept(token: str, name: str, password: str | None, person: Person | None = None) -> Person:
    """Take an invitation up, by ``person`` or by a new account of the invited address.

    Raises UsageError where the link no longer works, or where the address has an account already
    and somebody else tries to take it.
    """
    found = open_invitation(token)
    if found is None:
        raise UsageError("this invitation no longer works", do="ask for another")
    invitation = Invitation.objects.select_for_update().get(pk=found.pk)
    if invitation.accepted is not None:
        raise UsageError("this invitation was taken up already", do="sign in")
    if person is None:
        if Person.objects.filter(email=invitation.email).exists():
            raise UsageError("there is an account with this address", do="sign in first")
        person = Person.objects.create_user(invitation.email, password, name=name.strip())
    elif person.email != invitation.email:
        raise UsageError("this invitation is for another address", do="sign in with that one")
    Membership.objects.get_or_create(
        person=person, organisation=invitation.organisation, role=invitation.role
    )
    invitation.accepted = timezone.now()
    invitation.save(update_fields=["accepted"])
    audit.record(
        "member.joined",
        subject=("person", str(person.ref)),
        organisation=invitation.organisation,
        actor=person,
        after={"role": invitation.role},
    )
    return person


@transaction.atomic
def remove(membership: Membership, by: Person, reason: str) -> None:
    """End a membership. Raises UsageError for the organisation's last administrator."""
    others = Membership.objects.select_for_update().filter(
        organisation=membership.organisation, role=Role.ADMINISTRATOR.value
    )
    if membership.role == Role.ADMINISTRATOR and not others.exclude(pk=membership.pk).exists():
        raise UsageError(
            "an organisation keeps at least one administrator", do="give the role to another first"
        )
    audit.record(
        "member.removed",
        subject=("person", str(membership.person.ref)),
        organisation=membership.organisation,
        actor=by,
        reason=reason,
        before={"role": membership.role},
    )
    membership.delete()
