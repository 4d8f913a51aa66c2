"""Nameplate traces who really made the equipment that public bodies buy."""

__version__ = "0.1.0"
