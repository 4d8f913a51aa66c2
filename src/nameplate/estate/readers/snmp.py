"""SNMP walks: snmpsim's ``snmprec`` and the text that net-snmp's ``snmpwalk`` prints.

One file is one device. Lines are read one at a time and all but a few objects skipped, so a
walk of millions of lines costs time but no memory.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from nameplate.estate.mac import normalise_mac
from nameplate.estate.readers.base import Original, reading, sighting
from nameplate.model.device import Field, Reading, Sighting

_MIB2: Final = "1.3.6.1.2.1"
_ENTERPRISES: Final = "1.3.6.1.4.1."
_OBJECTS: Final[dict[str, Field]] = {
    f"{_MIB2}.1.1.0": Field.SNMP_SYSDESCR,
    f"{_MIB2}.1.2.0": Field.SNMP_SYSOBJECTID,
    f"{_MIB2}.1.5.0": Field.HOSTNAME,
    f"{_MIB2}.1.6.0": Field.LOCATION,
    "1.3.6.1.4.1.39165.1.1.0": Field.MODEL,
    "1.3.6.1.4.1.39165.1.2.0": Field.HARDWARE,
    "1.3.6.1.4.1.39165.1.3.0": Field.FIRMWARE,
    "1.3.6.1.4.1.39165.1.4.0": Field.MAC,
    "1.3.6.1.4.1.39165.1.5.0": Field.SERIAL,
    "1.3.6.1.4.1.39165.1.6.0": Field.MANUFACTURER,
    "1.3.6.1.4.1.50001.1.1.0": Field.ADDRESS,
    "1.3.6.1.4.1.50001.1.3.0": Field.SERIAL,
    "1.3.6.1.4.1.1004849.2.1.1.1.0": Field.FIRMWARE,
    "1.3.6.1.4.1.1004849.2.1.1.2.0": Field.HARDWARE,
    "1.3.6.1.4.1.1004849.2.1.2.4.0": Field.SERIAL,
    "1.3.6.1.4.1.1004849.2.1.2.5.0": Field.FIRMWARE,
    "1.3.6.1.4.1.1004849.2.1.2.6.0": Field.MODEL,
    "1.3.6.1.4.1.1004849.2.1.2.9.0": Field.NAME,
    "1.3.6.1.4.1.1004849.2.2.2.2.0": Field.MAC,
    "1.3.6.1.4.1.1004849.2.2.2.8.0": Field.ADDRESS,
}
"""From MIB-2 (RFC 3418) and the makers' own: HIK-DEVICE-MIB, HIKVISION-MIB, DAHUA-SNMP-MIB."""
_PHYSICAL: Final = f"{_MIB2}.2.2.1.6."
_NAMED: Final = {
    "SNMPv2-MIB::sysDescr.0": f"{_MIB2}.1.1.0",
    "SNMPv2-MIB::sysObjectID.0": f"{_MIB2}.1.2.0",
    "SNMPv2-MIB::sysName.0": f"{_MIB2}.1.5.0",
    "SNMPv2-MIB::sysLocation.0": f"{_MIB2}.1.6.0",
    "RFC1213-MIB::sysDescr.0": f"{_MIB2}.1.1.0",
    "RFC1213-MIB::sysObjectID.0": f"{_MIB2}.1.2.0",
}
_TYPED: Final = re.compile(
    r"^(?:STRING|Hex-STRING|OID|INTEGER|IpAddress|Timeticks|Counter\d+|Gauge\d+|Opaque|BITS"
    r"|Network Address)\s*:\s*",
    re.IGNORECASE,
)
_REC: Final = re.compile(r"^\.?(\d+(?:\.\d+)+)\|(\d+)([a-z]?)\|(.*)$")
_WALK: Final = re.compile(
    r"^(\.?(?:iso|\d+)(?:\.\d+)+|SNMPv2-SMI::enterprises(?:\.\d+)+"
    r"|[A-Z][\w-]*-MIB::\w+(?:\.\d+)*)\s*=\s*(.*)$"
)
_SKIPPED: Final = frozenset({"<private>", "not set", "none", "unknown"})
_LINE: Final = 65_536
_MAX_INTERFACES: Final = 8
_CONFIRMING: Final = ("39165.", "50001.", "37496.", "39747.", "1004849.", "368.")


def looks_like(head: str) -> bool:
    """Whether a file's first lines are those of a walk."""
    lines = [line for line in head.splitlines()[:20] if line.strip()]
    return any(_REC.match(line) or _WALK.match(line) for line in lines[:10])


def _oid(name: str) -> str:
    name = name.lstrip(".")
    if name in _NAMED:
        return _NAMED[name]
    if name.startswith("SNMPv2-SMI::enterprises."):
        return _ENTERPRISES + name.rpartition("::enterprises.")[2]
    if name.startswith("iso."):
        return "1." + name[4:]
    if name.startswith("IF-MIB::ifPhysAddress."):
        return _PHYSICAL + name.rpartition(".")[2]
    return name


def _value(text: str, hexadecimal: bool) -> str:
    text = text.strip()
    if hexadecimal:
        try:
            raw = bytes.fromhex(text)
        except ValueError:
            return text
        if len(raw) == 6:
            return raw.hex()
        return raw.decode("utf-8", errors="replace")
    text = _TYPED.sub("", text)
    return text[1:-1] if len(text) > 1 and text[0] == text[-1] == '"' else text


def read(original: Original) -> Iterator[Sighting]:
    """One device of one walk: description, object id, interfaces' addresses, makers' objects."""
    found: list[Reading] = []
    numbers: dict[str, str] = {}
    interfaces = 0
    with original.path.open("r", encoding="utf-8", errors="replace") as stream:
        number = 0
        while line := stream.readline(_LINE):
            number += 1
            if record := _REC.match(line):
                oid, value = record[1], _value(record[4], record[3] == "x")
            elif "=" in line and (walk := _WALK.match(line)):
                oid, value = _oid(walk[1]), _value(walk[2], False)
            else:
                continue
            if oid.startswith(_PHYSICAL):
                interfaces += 1
                if interfaces > _MAX_INTERFACES:
                    continue
            found += _readings(oid, value, f"line:{number}")
            if oid.startswith(_ENTERPRISES):
                rest = oid[len(_ENTERPRISES) :]
                enterprise = rest.partition(".")[0]
                if enterprise not in numbers and rest.startswith(_CONFIRMING):
                    numbers[enterprise] = f"line:{number}"
    for enterprise, locator in numbers.items():
        found += reading(Field.SNMP_ENTERPRISE, enterprise, locator)
    found += reading(Field.SERVICE, "snmp")
    yield sighting(original, "snmp", "", found)


def _readings(oid: str, value: str, locator: str) -> tuple[Reading, ...]:
    field = _OBJECTS.get(oid)
    if field is None:
        if oid.startswith(_PHYSICAL) and (mac := normalise_mac(value)):
            return reading(Field.MAC, mac, locator)
        return ()
    if value.strip().lower() in _SKIPPED:
        return ()
    if field is Field.SNMP_SYSOBJECTID:
        target = _oid(value)
        extra: tuple[Reading, ...] = ()
        if target.startswith(_ENTERPRISES):
            number = target[len(_ENTERPRISES) :].partition(".")[0]
            extra = reading(Field.SNMP_ENTERPRISE, number, locator)
        return (*reading(field, target, locator), *extra)
    return reading(field, value, locator)
