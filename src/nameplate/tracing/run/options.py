"""What a run is asked to do, and the key that says whether an interrupted one may be resumed."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from nameplate import __version__
from nameplate.model import SCHEMA_VERSION
from nameplate.model.ids import make_id
from nameplate.sources.api import Mode


@dataclass(frozen=True, slots=True)
class RunOptions:
    """One call of ``trace``. ``workers`` is a number of processes, at least 1."""

    paths: tuple[str, ...]
    out: Path
    mode: Mode = Mode.FULL
    body: str | None = None
    mapping: Path | None = None
    as_of: date | None = None
    workers: int = 1

    def mapping_sha256(self) -> str:
        """Hash of the mapping file, or empty where none was given."""
        if self.mapping is None:
            return ""
        return hashlib.sha256(self.mapping.read_bytes()).hexdigest()


def available_workers() -> int:
    """Processors this process may use."""
    try:
        return max(1, len(os.sched_getaffinity(0)))
    except AttributeError:  # pragma: no cover - not on this system
        return os.cpu_count() or 1


def run_key(options: RunOptions, catalogue_version: str, statements_key: str) -> str:
    """Key over all that results depend on but the files themselves and the number of workers."""
    return make_id(
        "run",
        __version__,
        SCHEMA_VERSION,
        catalogue_version,
        options.mode,
        options.body,
        options.mapping_sha256(),
        options.as_of.isoformat() if options.as_of else None,
        statements_key,
    )
