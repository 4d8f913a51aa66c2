"""Devices of an organisation's estate: seen by that organisation alone, never published."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from nameplate.register.models.people import Organisation


class DeviceRow(models.Model):
    """A device as derived from all of the organisation's inventories and scans; rebuilt whole.

    ``points`` is its score (0-100, the higher the sooner to fix), ``could_be`` what it might be
    were all that is not known at its worst. ``content``, ``findings``, ``score`` and ``history``
    hold the structures of :mod:`nameplate.estate` as JSON.
    """

    owner = models.ForeignKey(Organisation, models.CASCADE, related_name="devices")
    device_id = models.CharField(max_length=40)
    maker_key = models.CharField(max_length=60, blank=True)
    maker = models.CharField(max_length=200)
    brand = models.CharField(max_length=200, blank=True)
    model = models.CharField(max_length=200, blank=True)
    firmware = models.CharField(max_length=200, blank=True)
    site = models.CharField(max_length=300, blank=True)
    address = models.CharField(max_length=200, blank=True)
    band = models.CharField(max_length=10, blank=True)
    points = models.FloatField()
    could_be = models.FloatField()
    exploited = models.BooleanField(default=False)
    listed = models.BooleanField(default=False)
    content = models.JSONField()
    findings = models.JSONField(default=list)
    score = models.JSONField()
    history = models.JSONField(default=list)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["owner", "device_id"], name="one_device_an_owner")
        ]
        indexes: ClassVar = [
            models.Index(fields=["owner", "-points", "id"], name="device_by_points"),
            models.Index(fields=["owner", "site"], name="device_by_site"),
        ]

    def __str__(self) -> str:
        return f"{self.maker} {self.model}".strip()
