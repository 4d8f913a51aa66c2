"""Originals kept whole, by their SHA-256: what a statement cites can always be opened again."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from pathlib import Path
from typing import Final

from nameplate.model.errors import StoreError

BLOCK: Final = 1 << 20


def sha256_of(path: Path) -> str:
    """SHA-256 of a file's bytes, in hex, read in blocks."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while block := stream.read(BLOCK):
            digest.update(block)
    return digest.hexdigest()


def original_path(folder: Path, sha256: str) -> Path:
    """Where the original of a hash is kept: ``ab/abcd…``."""
    return folder / sha256[:2] / sha256


def keep_original(path: Path, folder: Path, sha256: str = "") -> Path:
    """Copy a file into the store under its hash and return its place; once only.

    Written beside and moved into place, so that a half-written original is never seen. Raises
    StoreError where the store cannot be written or holds other bytes under that hash.
    """
    sha256 = sha256 or sha256_of(path)
    place = original_path(folder, sha256)
    if place.exists():
        if place.stat().st_size != path.stat().st_size:
            raise StoreError(
                "an original was altered", where=str(place.name), do="restore it from a backup"
            )
        return place
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=place.parent, delete=False) as target:
            with path.open("rb") as stream:
                shutil.copyfileobj(stream, target, BLOCK)
            target.flush()
            os.fsync(target.fileno())
        Path(target.name).replace(place)
    except OSError as error:
        raise StoreError(
            f"the original could not be kept ({error.strerror})",
            where=path.name,
            do="free some space",
        ) from error
    return place
