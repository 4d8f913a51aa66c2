"""Where fetched pages are kept: originals by SHA-256, and the state; each whole or not at all."""

from __future__ import annotations

import hashlib
import os
from datetime import date
from pathlib import Path
from typing import Any

import msgspec

from nameplate.model.errors import StoreError


class Page(msgspec.Struct, kw_only=True):
    """One page as it came. ``retrieved`` is a moment in UTC; ``chosen`` counts what CPV kept."""

    address: str
    sha256: str
    releases: int
    chosen: int
    retrieved: str


class State(msgspec.Struct, kw_only=True):
    """How far a fetch has come. ``address`` is the next page to ask for; empty when done.

    ``began`` is the number of pages when the latest pass began.
    """

    service: str
    name: str
    cpv: tuple[str, ...] = ()
    since: str = ""
    until: str = ""
    address: str = ""
    done: bool = False
    pages: list[Page] = []
    began: int = 0

    @property
    def releases(self) -> int:
        """Releases fetched so far."""
        return sum(page.releases for page in self.pages)

    @property
    def chosen(self) -> int:
        """Releases kept by the CPV filter so far (all, without one)."""
        return sum(page.chosen for page in self.pages)


class FetchStore:
    """A folder with ``originals/ab/<sha256>.json``, ``chosen/<sha256>.jsonl`` and state files."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def load(self, service: str, since: date, until: date | None, cpv: tuple[str, ...]) -> State:
        """The state of this fetch, or a new one; raises StoreError where it cannot be trusted."""
        end = until.isoformat() if until else "open"
        kind = "-cpv-" + "-".join(cpv) if cpv else ""
        name = f"fetch-{service}-{since.isoformat()}-{end}{kind}.json"
        path = self.folder / name
        if not path.exists():
            return State(service=service, name=name, cpv=cpv)
        try:
            return msgspec.json.decode(path.read_bytes(), type=State)
        except (msgspec.DecodeError, msgspec.ValidationError, OSError) as error:
            raise StoreError(
                f"the state of an earlier fetch cannot be read: {error}",
                where=name,
                do="delete that file to fetch from the beginning; originals are kept",
            ) from error

    def onwards(self, state: State, until: str) -> State:
        """A finished open-ended fetch goes on from the moment it had reached."""
        state.since, state.until, state.done = state.until, until, False
        state.began = len(state.pages)
        return state

    def save(self, state: State) -> None:
        """Write the state in place of the last one."""
        data = msgspec.json.format(msgspec.json.encode(state), indent=1)
        self._write(self.folder / state.name, data + b"\n")

    def keep(self, body: bytes) -> str:
        """Keep a page under its hash; returns the hash (hex)."""
        digest = hashlib.sha256(body).hexdigest()
        path = self.folder / "originals" / digest[:2] / f"{digest}.json"
        if not path.exists():
            self._write(path, body)
        return digest

    def choose(self, digest: str, releases: list[dict[str, Any]]) -> None:
        """Write the releases of a page that the CPV filter kept, as JSON lines."""
        if releases:
            lines = b"".join(msgspec.json.encode(r) + b"\n" for r in releases)
            self._write(self.folder / "chosen" / f"{digest}.jsonl", lines)

    def _write(self, path: Path, data: bytes) -> None:
        temporary = path.with_name(f".{path.name}.{os.getpid()}.part")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with temporary.open("wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(path)
        except OSError as error:
            temporary.unlink(missing_ok=True)
            raise StoreError(
                f"cannot be written: {error.strerror or error}",
                where=path.name,
                do="free some space or choose another --out; what was fetched before is kept",
            ) from error
