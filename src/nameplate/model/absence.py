"""The four faces of absence, kept apart everywhere (docs/architecture.md, "Evidence")."""

from __future__ import annotations

from enum import StrEnum


class Absence(StrEnum):
    """Why there is no value. None of them may be shown as zero or as an empty cell."""

    NOTHING_FOUND = "nothing found"
    """Searched, with stated coverage, and there was nothing."""
    NOT_COMPUTABLE = "not computable"
    """The field the answer needs is missing from the source, or was not decoded."""
    NOT_CHECKED = "not checked"
    """Nobody looked."""
    FAILED = "failed"
    """Somebody looked and it went wrong."""
