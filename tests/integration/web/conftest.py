"""People of two organisations in every role, and a client that reads what it is sent."""

from __future__ import annotations

from typing import Any

import html5lib
import pytest
from django.test import Client

from nameplate.register.models import Membership, Organisation, Person
from nameplate.register.roles import Role


class StrictClient(Client):
    """Parses every HTML answer; one that is not valid HTML fails the test."""

    def request(self, **request: Any) -> Any:
        answer = super().request(**request)
        kind = answer.get("Content-Type", "")
        if kind.startswith("text/html") and not answer.streaming and answer.content:
            parser = html5lib.HTMLParser(strict=True)
            parser.parse(answer.content.decode())
        return answer


@pytest.fixture
def organisations() -> list[Organisation]:
    return [
        Organisation.objects.create(key="dudley", name="Dudley Council"),
        Organisation.objects.create(key="watch", name="Camera Watch"),
    ]


@pytest.fixture
def people(organisations: list[Organisation]) -> dict[tuple[str, str], Person]:
    """(organisation key, role) → a person who has just that role there."""
    found = {}
    for organisation in organisations:
        for role in Role:
            person = Person.objects.create_user(
                f"{role}@{organisation.key}.example", "correct horse battery", name=role.title()
            )
            Membership.objects.create(person=person, organisation=organisation, role=role.value)
            found[organisation.key, role.value] = person
    return found


@pytest.fixture
def as_role(people: dict[tuple[str, str], Person]) -> Any:
    """A function from (organisation, role) to a signed-in client."""

    def sign_in(organisation: str, role: str) -> Client:
        client = StrictClient()
        client.force_login(
            people[organisation, role], backend="django.contrib.auth.backends.ModelBackend"
        )
        return client

    return sign_in
