"""What all feeds share: whose product a vendor's name means, and reading JSON in bounds."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any, Final

import msgspec

from nameplate.catalogue import store as catalogue_store
from nameplate.estate.facts import store as facts
from nameplate.estate.names import find_names, words_of
from nameplate.model.errors import InputError, LimitError

MAX_FEED: Final = 512 << 20
"""Bytes of one feed file: a year of NVD is about 100 MB, the whole EPSS day under 20 MB."""
_NVD_VENDORS: Final = {
    "dahuasecurity": "dahua",
    "hanwhavision": "hanwha",
    "hanwhatechwin": "hanwha",
    "hanwhasecurity": "hanwha",
    "hikvision": "hikvision",
    "ezviz": "hikvision",
    "axis": "axis",
    "bosch": "bosch",
    "tvt": "tvt",
    "reolink": "reolink",
    "tiandy": "tiandy",
    "uniview": "uniview",
    "geovision": "geovision",
    "vivotek": "vivotek",
    "mobotix": "mobotix",
    "huawei": "huawei",
    "xiongmaitech": "xiongmai",
}
"""Vendor fields of CPE names (NVD) that are not spelled as the maker's name."""


@functools.lru_cache(maxsize=16384)
def vendor_key(vendor: str, product: str = "") -> str:
    """Catalogue key of the maker that a source's vendor (or product) names, ``badge:name`` for a
    badge, or "" where it is none known here.

    The vendor decides; a product is asked only where the source leaves the vendor out, so that
    "Apache Axis" of the Apache Software Foundation is never the maker Axis.
    """
    text = vendor.replace("_", " ").strip()
    if key := _NVD_VENDORS.get(text.replace(" ", "").lower()):
        return key
    if text.lower() in ("", "n/a", "unknown", "unspecified"):
        hits = find_names(product.replace("_", " "), whole=False)
    else:
        hits = tuple(h for h in find_names(text, whole=True) if h.start or len(words_of(text)) <= 4)
    for hit in hits:
        if hit.maker:
            return hit.maker
        if hit.brand:
            return f"badge:{hit.brand.lower()}"
    return ""


@functools.cache
def known_vendors() -> frozenset[str]:
    """Every key that ``vendor_key`` can give."""
    keys = {maker.key for maker in catalogue_store.load().makers}
    return frozenset(keys | {f"badge:{badge.name.lower()}" for badge in facts.badges()})


def read_json(path: Path, name: str) -> Any:
    """Decode a JSON feed; raises InputError on what is none and LimitError over MAX_FEED."""
    if path.stat().st_size > MAX_FEED:
        raise LimitError(
            f"is larger than {MAX_FEED >> 20} MB", where=name, do="split the feed by year"
        )
    try:
        return msgspec.json.decode(path.read_bytes())
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InputError(f"is not well-formed JSON ({error})", where=name) from error


def text(value: object) -> str:
    """A string as it is, anything else as nothing."""
    return value if isinstance(value, str) else ""


def dicts(value: object) -> list[dict[str, Any]]:
    """The objects of an array; nothing where it is none."""
    return [v for v in value if isinstance(v, dict)] if isinstance(value, list) else []


def day(value: object) -> str:
    """The ISO day at the beginning of a time stamp."""
    return text(value)[:10]
