"""Where an import's files are in the workspace."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

from nameplate.register.models import Import


def folder_of(job: Import) -> Path:
    """The job's own folder in the workspace: ``imports/<id>`` with ``files`` and ``trace``."""
    return Path(settings.WORKSPACE) / "imports" / str(job.pk)
