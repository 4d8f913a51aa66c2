"""Stable identifiers: a prefix and 26 base32 characters of a SHA-256 over a documented key."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import Final

ID_CHARACTERS: Final = 26
"""Base32 characters kept: 130 bits, so a collision needs about 2**65 records."""


def make_id(prefix: str, *key: str | int | None) -> str:
    """Return ``prefix_`` and 26 lower-case base32 characters for ``key``.

    The key's parts are hashed as a compact JSON array, so ("ab", "c") and ("a", "bc") differ,
    and ``None`` differs from an empty string. The same key gives the same id for ever.
    """
    raw = json.dumps(list(key), ensure_ascii=False, separators=(",", ":")).encode()
    digest = hashlib.sha256(raw).digest()
    return f"{prefix}_{base64.b32encode(digest).decode().lower()[:ID_CHARACTERS]}"
