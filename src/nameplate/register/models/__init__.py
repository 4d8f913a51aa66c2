"""The register's tables, one module a subject."""

from nameplate.register.models.audit import AuditEvent, AuditHead, PersonName
from nameplate.register.models.people import Invitation, Membership, Organisation, Person

__all__ = [
    "AuditEvent",
    "AuditHead",
    "Invitation",
    "Membership",
    "Organisation",
    "Person",
    "PersonName",
]
