"""The hash of a big file, taken once in order, remembering how it stood at given offsets.

A file's SHA-256 says nothing of a stretch of it. But if the hash of everything up to a stretch's
end is what it was, that stretch is what it was: so an interrupted run can be resumed safely
without hashing anything twice.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Final

_BLOCK: Final = 1 << 20


class PrefixHash:
    """Hash ``path`` forwards, keeping the value at each of ``ends`` (ascending) in ``stored``."""

    def __init__(self, path: Path, stored: Path, ends: list[int]) -> None:
        self._path = path
        self._ends = ends
        self._stored = stored
        self._digest = hashlib.sha256()
        self._at = 0
        self._now: dict[int, str] = {}
        self._whole = ""
        self._before: dict[int, str] = {}
        if stored.exists():
            try:
                self._before = {int(k): v for k, v in json.loads(stored.read_bytes()).items()}
            except ValueError:
                self._before = {}

    def was(self, end: int) -> str | None:
        """Hash up to ``end`` as an earlier run found it, or None."""
        return self._before.get(end)

    def to(self, end: int) -> str:
        """Hash on to ``end`` (not before where it was asked to go last) and remember it."""
        if end in self._now:
            return self._now[end]
        with self._path.open("rb") as stream:
            stream.seek(self._at)
            while self._at < end and (block := stream.read(min(_BLOCK, end - self._at))):
                self._digest.update(block)
                self._at += len(block)
        self._now[end] = self._digest.hexdigest()
        half = self._stored.with_suffix(".half")
        half.write_text(json.dumps(self._now))
        half.rename(self._stored)
        return self._now[end]

    def whole(self) -> str:
        """Hash of the whole file (hex)."""
        if not self._whole:
            for end in self._ends:
                self.to(end)
            with self._path.open("rb") as stream:
                stream.seek(self._at)
                while block := stream.read(_BLOCK):
                    self._digest.update(block)
                    self._at += len(block)
            self._whole = self._digest.hexdigest()
        return self._whole
