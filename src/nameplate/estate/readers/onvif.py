"""ONVIF answers: recorded captures (one JSON file a request), raw SOAP, and their summaries."""

from __future__ import annotations

import urllib.parse
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

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
from nameplate.model.errors import InputError

_INFORMATION = {
    "Manufacturer": Field.MANUFACTURER,
    "Model": Field.MODEL,
    "FirmwareVersion": Field.FIRMWARE,
    "SerialNumber": Field.SERIAL,
    "HardwareId": Field.HARDWARE,
}
_SUMMARY = {
    "manufacturer": Field.MANUFACTURER,
    "model": Field.MODEL,
    "firmware_version": Field.FIRMWARE,
    "serial_number": Field.SERIAL,
    "hardware_id": Field.HARDWARE,
}


def scope_readings(scopes: Iterable[str], locator: str) -> list[Reading]:
    """Readings of ONVIF scopes (ONVIF Core Specification, 7.3.3.2): name, hardware, location."""
    found: list[Reading] = []
    for scope in scopes:
        path = urllib.parse.unquote(scope.partition("onvif://www.onvif.org/")[2])
        kind, _, value = path.partition("/")
        if kind == "name":
            found += reading(Field.ONVIF_NAME, value, locator)
        elif kind == "hardware":
            found += reading(Field.ONVIF_HARDWARE, value, locator)
        elif kind == "location":
            found += reading(Field.LOCATION, value.rpartition("/")[2], locator)
    return found


def soap_readings(text: str, where: str) -> list[Reading]:
    """Readings of one SOAP answer; a fault still tells by the namespaces it declares."""
    root = parse_xml(text.strip(), where)
    found: list[Reading] = []
    tags = {local(element.tag) for element in root.iter()}
    values = texts(root)
    if "GetDeviceInformationResponse" in tags:
        for name, field in _INFORMATION.items():
            found += reading(field, values.get(name), name)
    if "HwAddress" in values:
        for element in root.iter():
            if local(element.tag) == "HwAddress" and element.text:
                found += reading(Field.MAC, element.text, "HwAddress")
    if "GetHostnameResponse" in tags:
        found += reading(Field.HOSTNAME, values.get("Name"), "Name")
    if "GetScopesResponse" in tags:
        scopes = [e.text or "" for e in root.iter() if local(e.tag) == "ScopeItem"]
        found += scope_readings(scopes, "ScopeItem")
    for address in namespaces(text):
        if "onvif.org" not in address and "w3.org" not in address:
            found += reading(Field.XML_NAMESPACE, address, "xmlns")
    return found


def _address(endpoint: str) -> str:
    try:
        return urllib.parse.urlsplit(endpoint).hostname or ""
    except ValueError:
        return ""


def read_captures(originals: list[Original], folder: str) -> Iterator[Sighting]:
    """One device of all captures in ``folder``; raises InputError where none is readable.

    A capture that cannot be read leaves the others' readings standing; the device's
    ``source_file`` is the folder and each reading's locator names its file.
    """
    found: list[Reading] = []
    observed = ""
    faults: list[str] = []
    for original in originals:
        try:
            capture = _decode(original)
            base = original.name.rpartition("/")[2]
            if "camera_info" in capture:
                found += _summary(capture, base)
                observed = observed or str(capture.get("created_at", ""))[:25]
            else:
                found += _capture(capture, base, original.name)
                observed = observed or str(capture.get("timestamp", ""))[:25]
        except InputError as error:
            faults.append(str(error))
    if faults and not found:
        raise InputError(faults[0].rstrip("."), where="" if folder in faults[0] else folder)
    first = originals[0]
    shown = Original(folder or first.name, first.path, first.sha256)
    yield sighting(shown, "onvif", "", _ordered(found), observed)


def _ordered(found: list[Reading]) -> list[Reading]:
    """Answers of the device before a summary of them."""
    return sorted(found, key=lambda r: r.locator.startswith("metadata.json"))


def _decode(original: Original) -> dict[str, Any]:
    try:
        value = msgspec.json.decode(read_bounded(original))
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise InputError(f"is not well-formed JSON ({error})", where=original.name) from error
    if not isinstance(value, dict):
        raise InputError("is JSON, but no recorded answer", where=original.name)
    return value


def _summary(capture: dict[str, Any], base: str) -> list[Reading]:
    info = capture.get("camera_info")
    found: list[Reading] = []
    if isinstance(info, dict):
        for name, field in _SUMMARY.items():
            value = info.get(name)
            found += reading(field, value if isinstance(value, str) else "", f"{base}/{name}")
    return found


def _capture(capture: dict[str, Any], base: str, where: str) -> list[Reading]:
    found: list[Reading] = []
    if isinstance(endpoint := capture.get("endpoint"), str):
        found += reading(Field.ADDRESS, _address(endpoint), base)
        found += reading(Field.SERVICE, "onvif", base)
    body = capture.get("response_body")
    if isinstance(body, str) and body.strip():
        found += [
            Reading(r.field, r.value, f"{base} {r.locator}") for r in soap_readings(body, where)
        ]
    return found


def read_soap(original: Original) -> Iterator[Sighting]:
    """One device of one raw SOAP answer."""
    text = read_bounded(original).decode("utf-8", errors="replace")
    yield sighting(original, "onvif", "", soap_readings(text, original.name))
