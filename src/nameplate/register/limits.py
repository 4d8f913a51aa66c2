"""Rate limits for what anyone may call: so many in so long from one address."""

from __future__ import annotations

import hashlib

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest


def limited(request: HttpRequest, what: str, *, most: int, seconds: int) -> bool:
    """Count this call; True when the address made more than ``most`` in ``seconds``.

    The address is kept as a keyed hash, in the cache alone, and only for that long.
    """
    address = str(request.META.get("REMOTE_ADDR", ""))
    mark = hashlib.blake2b(
        f"{what}:{address}".encode(), key=settings.SECRET_KEY.encode()[:64], digest_size=16
    ).hexdigest()
    key = f"limit:{mark}"
    cache.add(key, 0, seconds)
    try:
        return cache.incr(key) > most
    except ValueError:  # it ran out between the two calls
        cache.set(key, 1, seconds)
        return False
