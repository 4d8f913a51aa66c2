"""Signing in: password, second factor, recovery, invitation, the organisation's own service."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.core import mail
from django.urls import reverse

from integration.web.conftest import StrictClient
from nameplate.register import people
from nameplate.register.models import AuditEvent, Membership, Organisation, Person
from nameplate.register.roles import Role

pytestmark = pytest.mark.django_db

PASSWORD = "three random words"


def code_of(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))


@pytest.fixture(autouse=True)
def _a_server(settings: Any) -> None:
    settings.SERVER = True
    from django.core.cache import cache

    cache.clear()


@pytest.fixture
def ann() -> Person:
    dudley = Organisation.objects.create(key="dudley", name="Dudley Council")
    person = Person.objects.create_user("ann@dudley.example", PASSWORD, name="Ann")
    Membership.objects.create(person=person, organisation=dudley, role=Role.ADMINISTRATOR)
    return person


def sign_in(client: StrictClient, password: str = PASSWORD) -> Any:
    return client.post(
        "/account/login/", {"login": "ann@dudley.example", "password": password}, follow=True
    )


def confirm_it_is_me(client: StrictClient) -> None:
    """Whoever changes how they sign in gives their password once more."""
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})


def set_up_second_factor(client: StrictClient) -> str:
    confirm_it_is_me(client)
    page = client.get(reverse("mfa_activate_totp")).content.decode()
    secret = re.search(r'id="totp-secret"[^>]*>([A-Z2-7]+)<', page)
    assert secret
    client.post(reverse("mfa_activate_totp"), {"code": code_of(secret[1])})
    return secret[1]


def test_a_server_lets_nobody_past_without_a_second_factor(ann: Person) -> None:
    client = StrictClient()
    answer = sign_in(client)
    assert any(reverse("mfa_activate_totp") in step for step, _ in answer.redirect_chain)
    assert client.get(reverse("purchases")).status_code == 302
    set_up_second_factor(client)
    assert client.get(reverse("purchases")).status_code == 200


def test_the_next_sign_in_asks_for_the_code_and_takes_it_once(ann: Person) -> None:
    client = StrictClient()
    sign_in(client)
    secret = set_up_second_factor(client)
    client.post(reverse("account_logout"))
    answer = sign_in(client)
    assert b"Enter your code" in answer.content
    assert client.get(reverse("purchases")).status_code == 302
    wrong = client.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert b"There is a problem" in wrong.content
    from django.core.cache import cache

    cache.clear()  # the code used to set it up is not taken twice within its 30 seconds
    client.post(reverse("mfa_authenticate"), {"code": code_of(secret)})
    assert client.get(reverse("purchases")).status_code == 200


def test_a_recovery_code_lets_in_once(ann: Person) -> None:
    client = StrictClient()
    sign_in(client)
    set_up_second_factor(client)
    client.post(reverse("mfa_generate_recovery_codes"))
    page = client.get(reverse("mfa_view_recovery_codes")).content.decode()
    code = re.findall(r"<code>([^<]+)</code>", page)[0]
    for expected in (200, 302):
        client.post(reverse("account_logout"))
        sign_in(client)
        client.post(reverse("mfa_authenticate"), {"code": code})
        assert client.get(reverse("purchases")).status_code == expected


def test_guessing_is_locked_out_and_says_so(ann: Person) -> None:
    client = StrictClient()
    for _ in range(7):
        answer = sign_in(client, "wrong password here")
    assert answer.status_code in (403, 429) or b"Too many" in answer.content
    assert client.get(reverse("purchases")).status_code == 302
    sign_in(client)
    assert client.get(reverse("purchases")).status_code == 302, "the right one waits too"


def test_a_forgotten_password_is_reset_by_mail(ann: Person) -> None:
    client = StrictClient()
    client.post(reverse("account_reset_password"), {"email": ann.email})
    link = re.search(r"https?://testserver(\S+)", mail.outbox[0].body)
    assert link
    page = client.get(link[1], follow=True)
    target = page.redirect_chain[-1][0]
    client.post(target, {"password1": "another three words", "password2": "another three words"})
    ann.refresh_from_db()
    assert ann.check_password("another three words")


def test_nothing_tells_whether_an_address_has_an_account(ann: Person) -> None:
    client = StrictClient()
    texts = []
    for address in (ann.email, "nobody@dudley.example"):
        answer = client.post(reverse("account_reset_password"), {"email": address}, follow=True)
        texts.append(re.sub(r'value="\w{64}"', "", answer.content.decode()))
    assert texts[0] == texts[1]


def test_an_invitation_makes_an_account_in_that_organisation_alone(ann: Person) -> None:
    dudley = Organisation.objects.get(key="dudley")
    _, token = people.invite(dudley, "ben@dudley.example", "case_officer", ann)
    client = StrictClient()
    weak = client.post(reverse("accept", args=[token]), {"name": "Ben", "password": "short"})
    assert weak.status_code == 400
    client.post(reverse("accept", args=[token]), {"name": "Ben", "password": PASSWORD})
    held = Membership.objects.get(person__email="ben@dudley.example")
    assert (held.organisation, held.role) == (dudley, "case_officer")
    assert StrictClient().get(reverse("accept", args=[token])).status_code == 404, "once only"
    assert AuditEvent.objects.filter(action="member.joined").count() == 1


def test_the_last_administrator_cannot_be_removed(ann: Person) -> None:
    client = StrictClient()
    sign_in(client)
    set_up_second_factor(client)
    held = Membership.objects.get(person=ann)
    answer = client.post(reverse("member_remove", args=[held.pk]))
    assert answer.status_code == 400
    assert Membership.objects.filter(pk=held.pk).exists()


def test_sessions_are_listed_and_the_others_ended(ann: Person) -> None:
    first, second = StrictClient(), StrictClient()
    sign_in(first)
    set_up_second_factor(first)
    second.force_login(ann, backend="django.contrib.auth.backends.ModelBackend")
    second.get(reverse("purchases"))
    assert b"this one" in first.get(reverse("usersessions_list")).content
    first.post(reverse("usersessions_list"))
    assert second.get(reverse("purchases")).status_code == 302
    assert first.get(reverse("purchases")).status_code == 200


def test_the_second_factor_is_kept_encrypted(ann: Person) -> None:
    client = StrictClient()
    sign_in(client)
    secret = set_up_second_factor(client)
    kept = Authenticator.objects.get(user=ann, type="totp").data
    assert secret not in str(kept)


@pytest.fixture
def provider() -> Iterator[str]:
    import oidc_provider_mock

    with oidc_provider_mock.run_server_in_thread() as server:
        yield f"http://localhost:{server.server_port}"


def test_the_organisations_own_service_signs_in_who_has_an_account(
    ann: Person, provider: str, settings: Any
) -> None:
    import httpx

    settings.SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {
            "APPS": [
                {
                    "provider_id": "organisation",
                    "name": "Dudley account",
                    "client_id": "nameplate",
                    "secret": "s",
                    "settings": {"server_url": provider},
                }
            ]
        }
    }
    for email, arrives in ((ann.email, True), ("stranger@dudley.example", False)):
        httpx.put(f"{provider}/users/{email}", json={"email": email, "email_verified": True})
        client = StrictClient()
        begun = client.post("/account/oidc/organisation/login/")
        assert begun.status_code == 302
        asked = httpx.post(begun["Location"], data={"sub": email})
        back = asked.headers["Location"].split("testserver", 1)[1]
        client.get(back, follow=True)
        assert (client.get(reverse("purchases")).status_code == 200) is arrives
