"""People, the organisations they belong to, and the roles they hold there."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models

from nameplate.register.roles import ROLE_NAMES, Role


class PersonManager(UserManager["Person"]):
    """Creates people by e-mail address; there are no user names."""

    def create_user(  # type: ignore[override]
        self, email: str, password: str | None = None, **extra: Any
    ) -> Person:
        """Create a person who signs in with ``email``; without a password only by other means."""
        person = self.model(email=self.normalize_email(email).lower(), **extra)
        person.set_password(password)
        person.save(using=self._db)
        return person

    def create_superuser(  # type: ignore[override]
        self, email: str, password: str | None = None, **extra: Any
    ) -> Person:
        """Create a person for Django's own management commands; roles still come by membership."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **extra)


class Person(AbstractUser):
    """A person with an account. ``ref`` is what the audit holds in place of the name."""

    username = None  # type: ignore[assignment]
    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    email = models.EmailField("e-mail address", unique=True)
    name = models.CharField("name", max_length=200, blank=True)
    ref = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects: ClassVar[PersonManager] = PersonManager()

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        """The name shown to colleagues."""
        return self.name or self.email


PUBLISHED_KEY = "published"


class Organisation(models.Model):
    """A tenant: nobody outside it sees its imports, statements, files or cases.

    One, ``published``, has no members and owns what was published: everybody sees that.
    """

    key = models.SlugField(max_length=80, unique=True)
    name = models.CharField(max_length=200)
    body_id = models.CharField(max_length=40, blank=True)
    """The catalogue's id of the public body it is, where it is one."""
    created = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name

    def hold(self) -> None:
        """Keep others from changing its purchases and sums until the transaction ends.

        Imports and judgements of one organisation wait for each other here, always before they
        touch a purchase, so that sums are never added up twice and nobody waits crosswise. SQLite
        has one writer at a time and needs no lock.
        """
        list(Organisation.objects.select_for_update(no_key=True).filter(pk=self.pk))

    @classmethod
    def published(cls) -> Organisation:
        """The owner of published sources (made by migration 0004)."""
        return cls.objects.get(key=PUBLISHED_KEY)


class Membership(models.Model):
    """A person's role in an organisation."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="memberships")
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="memberships")
    role = models.CharField(
        max_length=20, choices=[(role.value, label) for role, label in ROLE_NAMES.items()]
    )
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person", "organisation", "role"], name="one_membership_a_role"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person} · {ROLE_NAMES[Role(self.role)]} · {self.organisation}"


class Invitation(models.Model):
    """An offer of a role to an e-mail address; the link holds a secret kept here as a hash."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="invitations")
    email = models.EmailField()
    role = models.CharField(max_length=20)
    token_sha256 = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    created = models.DateTimeField(auto_now_add=True)
    expires = models.DateTimeField()
    accepted = models.DateTimeField(null=True)
    withdrawn = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.email} · {self.role} · {self.organisation}"
