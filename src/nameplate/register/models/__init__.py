"""The register's tables, one module a subject."""

from nameplate.register.models.audit import AuditEvent, AuditHead, PersonName
from nameplate.register.models.devices import DeviceRow
from nameplate.register.models.imports import Coverage, Import, Original, SetAside
from nameplate.register.models.people import Invitation, Membership, Organisation, Person
from nameplate.register.models.records import (
    Attribution,
    Body,
    Dispute,
    Exposure,
    Mention,
    Purchase,
    Sighting,
    StatementRow,
    Supplier,
)

__all__ = [
    "Attribution",
    "AuditEvent",
    "AuditHead",
    "Body",
    "Coverage",
    "DeviceRow",
    "Dispute",
    "Exposure",
    "Import",
    "Invitation",
    "Membership",
    "Mention",
    "Organisation",
    "Original",
    "Person",
    "PersonName",
    "Purchase",
    "SetAside",
    "Sighting",
    "StatementRow",
    "Supplier",
]
