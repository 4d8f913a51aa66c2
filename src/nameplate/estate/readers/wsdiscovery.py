"""WS-Discovery: probe matches as XML, and logs and lists of a discovery as tools print them."""

from __future__ import annotations

import re
import urllib.parse
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from nameplate.estate.readers.base import (
    Original,
    local,
    parse_xml,
    read_bounded,
    reading,
    sighting,
)
from nameplate.estate.readers.onvif import scope_readings
from nameplate.model.device import Field, Reading, Sighting
from nameplate.model.errors import LimitError

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

MAX_MATCHES: Final = 100_000
"""Probe matches read of one file: a class A network's worth would still be under it."""
_CAMERA: Final = re.compile(r"^\s*(?:Camera|Device|Match)\s+(\d+)\s*:\s*$", re.IGNORECASE)
_PAIR: Final = re.compile(r"^\s*(Endpoint|XAddrs?|Address)\s*:\s*(\S.*)$", re.IGNORECASE)
_SCOPE: Final = re.compile(r"^\s*-?\s*(onvif://\S+)")


def _host(address: str) -> str:
    try:
        return urllib.parse.urlsplit(address).hostname or ""
    except ValueError:
        return ""


def readings_of(
    endpoint: str, addresses: list[str], scopes: list[str], locator: str
) -> list[Reading]:
    """Readings of one match: endpoint, transport addresses and scopes."""
    found: list[Reading] = [*reading(Field.ENDPOINT, endpoint, locator)]
    hosts = [_host(address) for address in addresses]
    lasting = [host for host in hosts if host and not host.startswith("169.254.")]
    for host in dict.fromkeys(lasting or hosts):
        found += reading(Field.ADDRESS, host, locator)
    found += scope_readings(scopes, locator)
    found += reading(Field.SERVICE, "onvif", locator)
    return found


def match_readings(match: Element, locator: str) -> list[Reading]:
    """Readings of a ProbeMatch (or Hello, ResolveMatch) element of WS-Discovery 1.0/1.1."""
    values: dict[str, str] = {}
    for element in match.iter():
        if element.text and element.text.strip():
            values.setdefault(local(element.tag), element.text.strip())
    return readings_of(
        values.get("Address", ""),
        values.get("XAddrs", "").split(),
        values.get("Scopes", "").split(),
        locator,
    )


def read_xml(original: Original) -> Iterator[Sighting]:
    """One device of each probe match in an XML answer."""
    root = parse_xml(read_bounded(original), original.name)
    count = 0
    for element in root.iter():
        if local(element.tag) in ("ProbeMatch", "Hello", "ResolveMatch"):
            count += 1
            found = match_readings(element, f"match:{count}")
            yield sighting(original, "wsdiscovery", f"match:{count}", found)


def read_log(original: Original) -> Iterator[Sighting]:
    """One device of each numbered block of a discovery log; lines are read one at a time.

    Raises LimitError after MAX_MATCHES devices: an answer that never ends is not an estate.
    """
    number, endpoint, start, count = "", "", 0, 0
    addresses: list[str] = []
    scopes: list[str] = []
    with original.path.open("r", encoding="utf-8", errors="replace") as stream:
        line_number = 0
        while line := stream.readline(65536):
            line_number += 1
            if match := _CAMERA.match(line):
                if number:
                    yield _logged(original, endpoint, addresses, scopes, start)
                    count += 1
                if count >= MAX_MATCHES:
                    raise LimitError(
                        f"holds more than {MAX_MATCHES} answers",
                        where=f"{original.name} line:{line_number}",
                        do="cut the log where the answers of one round end",
                    )
                number, endpoint, start, addresses, scopes = match[1], "", line_number, [], []
            elif pair := _PAIR.match(line):
                if pair[1].lower() == "endpoint":
                    endpoint = pair[2].strip()
                elif len(addresses) < 64:
                    addresses += pair[2].split()
            elif (scope := _SCOPE.match(line)) and len(scopes) < 256:
                scopes.append(scope[1])
    if number:
        yield _logged(original, endpoint, addresses, scopes, start)


def _logged(
    original: Original, endpoint: str, addresses: list[str], scopes: list[str], line: int
) -> Sighting:
    locator = f"line:{line}"
    found = readings_of(endpoint, addresses, scopes, locator)
    return sighting(original, "wsdiscovery", locator, found)


def read_list(original: Original, document: dict[str, Any]) -> Iterator[Sighting]:
    """One device of each entry of ``cameras`` in a discovery's JSON summary."""
    observed = str(document.get("discovery_date", ""))[:25]
    for index, camera in enumerate(document.get("cameras", [])):
        if not isinstance(camera, dict):
            continue
        locator = f"/cameras/{index}"

        def text(name: str, camera: dict[str, Any] = camera) -> str:
            value = camera.get(name)
            return value if isinstance(value, str) else ""

        xaddrs = camera.get("xaddrs")
        found = [
            *reading(Field.MANUFACTURER, text("manufacturer"), locator),
            *reading(Field.MODEL, text("model"), locator),
            *reading(Field.LOCATION, text("location"), locator),
            *readings_of(
                text("endpoint"),
                [a for a in xaddrs if isinstance(a, str)] if isinstance(xaddrs, list) else [],
                [],
                locator,
            ),
        ]
        yield sighting(original, "wsdiscovery", locator, found, observed)
