"""The audit's tables: append-only in the database itself, by triggers (migration 0002)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class PersonName(models.Model):
    """The name behind a reference in the audit, under its own retention rule.

    It outlives the account, and a lawful erasure blanks it without touching the chain.
    """

    ref = models.UUIDField(unique=True)
    name = models.CharField(max_length=200, blank=True)
    recorded = models.DateTimeField(auto_now_add=True)
    keep_until = models.DateField(null=True)
    erased = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name or "name erased"


class AuditHead(models.Model):
    """The last event of a chain: locked while an event is added, so that a chain never forks."""

    chain = models.CharField(max_length=80, unique=True)
    seq = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=64, blank=True)

    def __str__(self) -> str:
        return f"{self.chain} #{self.seq}"


class AuditEvent(models.Model):
    """One change: who, when, why, before and after, in which request; chained by hash.

    ``hash`` is SHA-256 over the canonical JSON of all other fields, ``previous`` included
    (:func:`nameplate.register.audit.event_hash`).
    """

    chain = models.CharField(max_length=80)
    seq = models.BigIntegerField()
    at = models.DateTimeField()
    actor = models.UUIDField(null=True)
    action = models.CharField(max_length=60)
    subject_type = models.CharField(max_length=40)
    subject_id = models.CharField(max_length=80)
    reason = models.TextField(blank=True)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    request_id = models.CharField(max_length=40, blank=True)
    previous = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering: ClassVar = ["chain", "seq"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["chain", "seq"], name="one_event_a_place")
        ]
        indexes: ClassVar = [
            models.Index(fields=["subject_type", "subject_id"], name="audit_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.chain} #{self.seq} {self.action}"
