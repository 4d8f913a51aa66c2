"""Makers' own answers: Hikvision ISAPI and SADP as XML, Dahua's CGI as ``key=value`` lines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from nameplate.estate.readers.base import (
    Original,
    local,
    namespaces,
    parse_xml,
    read_bounded,
    reading,
    sighting,
    texts,
)
from nameplate.model.device import Field, Reading, Sighting

_ISAPI: Final[dict[str, Field]] = {
    "deviceName": Field.NAME,
    "model": Field.MODEL,
    "serialNumber": Field.SERIAL,
    "macAddress": Field.MAC,
    "deviceType": Field.DEVICE_TYPE,
    "hardwareVersion": Field.HARDWARE,
    "manufacturer": Field.MANUFACTURER,
    "OEMCode": Field.HARDWARE,
    "deviceLocation": Field.LOCATION,
}
_SADP: Final[dict[str, Field]] = {
    "DeviceDescription": Field.MODEL,
    "DeviceSN": Field.SERIAL,
    "MAC": Field.MAC,
    "IPv4Address": Field.ADDRESS,
    "SoftwareVersion": Field.FIRMWARE,
    "OEMInfo": Field.MANUFACTURER,
}
_DAHUA: Final[dict[str, Field]] = {
    "devicetype": Field.MODEL,
    "updateserial": Field.MODEL,
    "serialnumber": Field.SERIAL,
    "sn": Field.SERIAL,
    "version": Field.FIRMWARE,
    "softwareversion": Field.FIRMWARE,
    "hardwareversion": Field.HARDWARE,
    "machinename": Field.NAME,
    "name": Field.NAME,
    "vendor": Field.MANUFACTURER,
    "physicaladdress": Field.MAC,
    "ipaddress": Field.ADDRESS,
}
_PAIR: Final = re.compile(r"^\s*([A-Za-z][\w.\[\]]{0,120})\s*=\s*(.*?)\s*$")
_DAHUA_KEYS: Final = re.compile(
    r"^(?:table\.\w|deviceType=|serialNumber=|version=|hardwareVersion=|updateSerial|processor="
    r"|type=|sn=|name=|vendor=|appAutoStart=)",
    re.MULTILINE,
)
_NUMERIC: Final = re.compile(r"^\d+$")


def read_isapi(original: Original) -> Iterator[Sighting]:
    """One device of a ``DeviceInfo`` answer; its firmware is version and build date together."""
    raw = read_bounded(original)
    root = parse_xml(raw, original.name)
    yield sighting(original, "isapi", "", isapi_readings(root, raw.decode("utf-8", "replace")))


def isapi_readings(root: object, text: str) -> list[Reading]:
    """Readings of a parsed ``DeviceInfo`` and the namespaces that its text declares."""
    values = texts(root)  # type: ignore[arg-type]
    found: list[Reading] = []
    for name, field in _ISAPI.items():
        if name != "OEMCode":
            found += reading(field, values.get(name), name)
    version = values.get("firmwareVersion", "")
    released = values.get("firmwareReleasedDate", "")
    build = re.sub(r"^build\s*", "", released, flags=re.IGNORECASE)
    found += reading(
        Field.FIRMWARE,
        f"{version} build {build}" if version and build else version,
        "firmwareVersion",
    )
    for address in namespaces(text):
        found += reading(Field.XML_NAMESPACE, address, "xmlns")
    return found


def read_sadp(original: Original) -> Iterator[Sighting]:
    """One device of each ``ProbeMatch`` (or the only one) in answers of Hikvision's SADP."""
    root = parse_xml(read_bounded(original), original.name)
    matches = [e for e in root.iter() if local(e.tag) in ("ProbeMatch", "Device")] or [root]
    for index, match in enumerate(matches, 1):
        values = texts(match)
        found: list[Reading] = []
        for name, field in _SADP.items():
            found += reading(field, values.get(name), name)
        found += reading(Field.SERVICE, "sadp/37020/udp")
        yield sighting(original, "sadp", f"match:{index}", found)


def looks_like_dahua(head: str) -> bool:
    """Whether a text begins like the answers of Dahua's magicBox or configManager."""
    return bool(_DAHUA_KEYS.search(head[:4000]))


def read_dahua(original: Original) -> Iterator[Sighting]:
    """One device of ``key=value`` lines; a ``table.`` path is read by its last part."""
    found: list[Reading] = []
    text = read_bounded(original).decode("utf-8", errors="replace")
    for number, line in enumerate(text.splitlines(), 1):
        pair = _PAIR.match(line)
        if pair is None or len(found) > 200:
            continue
        key = pair[1].rpartition(".")[2].lower()
        field = _DAHUA.get(key)
        if key == "type" and not found:
            field = Field.MODEL
        value = pair[2]
        if key == "devicetype" and _NUMERIC.match(value):
            field = Field.DEVICE_TYPE
        if field is not None and value.lower() not in ("", "(null)", "none"):
            found += reading(field, value, f"line:{number}")
    yield sighting(original, "dahua", "", found)
