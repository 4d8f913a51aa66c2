"""Parties: which known party a supplier is, and which supplier names are one firm's."""

from nameplate.tracing.parties.known import KnownParty, SupplierMatch, resolve_supplier

__all__ = ["KnownParty", "SupplierMatch", "resolve_supplier"]
