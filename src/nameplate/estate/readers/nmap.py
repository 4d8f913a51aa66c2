"""nmap's XML output (``nmap -oX``), host by host, in memory that does not grow with the scan."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from nameplate.estate.readers.banner import banner_readings, looks_like
from nameplate.estate.readers.base import Original, reading, sighting
from nameplate.model.device import Field, Reading, Sighting
from nameplate.model.errors import InputError

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_ANSWER: Final = re.compile(r'%r\(\w+,[0-9A-F]+,"((?:[^"\\]|\\.)*)"\)')
_ESCAPE: Final = re.compile(r"\\(x[0-9A-Fa-f]{2}|.)", re.DOTALL)
_SUBJECT: Final = re.compile(r"Subject:\s*(.+)")
_ISSUER: Final = re.compile(r"Issuer:\s*(.+)")
_REALM: Final = re.compile(r"(?:realm|Realm)[=:]\s*\"?([^\"\n]+)")
_PRODUCT: Final = {
    "http": Field.HTTP_SERVER,
    "https": Field.HTTP_SERVER,
    "rtsp": Field.RTSP_SERVER,
    "ftp": Field.FTP_BANNER,
    "telnet": Field.TELNET_BANNER,
    "snmp": Field.SNMP_SYSDESCR,
}


def read(original: Original) -> Iterator[Sighting]:
    """One device of each host that is up; raises InputError on XML that is unsafe or broken.

    A declared document type without entities is allowed, since nmap writes one; what was read
    before a fault stands.
    """
    from xml.etree.ElementTree import ParseError

    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import iterparse

    try:
        root: Element | None = None
        with original.path.open("rb") as stream:
            for event, element in iterparse(
                stream, events=("start", "end"), forbid_dtd=False, forbid_entities=True
            ):
                if root is None:
                    root = element
                if event == "end" and element.tag == "host":
                    found = list(_host(element))
                    status = element.find("status")
                    if found and (status is None or status.get("state") == "up"):
                        first = next((r.value for r in found if r.field is Field.ADDRESS), "")
                        yield sighting(original, "nmap", f"host:{first}", found, _time(element))
                    element.clear()
                    root.clear()
    except DefusedXmlException as error:
        raise InputError(
            "the XML declares entities, which can be used to attack a reader",
            where=original.name,
            do="write it again with nmap -oX",
        ) from error
    except ParseError as error:
        raise InputError(f"is not well-formed XML ({error})", where=original.name) from error


def _time(host: Element) -> str:
    seconds = host.get("endtime") or host.get("starttime") or ""
    if not seconds.isdigit() or len(seconds) > 11:
        return ""
    moment = datetime.datetime.fromtimestamp(int(seconds), tz=datetime.UTC)
    return moment.isoformat().replace("+00:00", "Z")


def _host(host: Element) -> Iterator[Reading]:
    for address in host.findall("address"):
        kind = address.get("addrtype")
        value = address.get("addr", "")
        if kind == "mac":
            yield from reading(Field.MAC, value, "address")
            if "registrant" not in value:
                yield from reading(Field.OUI_VENDOR, address.get("vendor"), "address/@vendor")
        elif kind in ("ipv4", "ipv6"):
            yield from reading(Field.ADDRESS, value, "address")
    for name in host.findall("hostnames/hostname"):
        yield from reading(Field.HOSTNAME, name.get("name"), "hostnames")
    for port in host.findall("ports/port"):
        state = port.find("state")
        if state is None or state.get("state") != "open":
            continue
        yield from _port(port)
    for script in host.findall("hostscript/script"):
        yield from _script(script, "hostscript")


def _port(port: Element) -> Iterator[Reading]:
    number, protocol = port.get("portid", ""), port.get("protocol", "tcp")
    locator = f"port:{number}/{protocol}"
    service = port.find("service")
    name = service.get("name", "") if service is not None else ""
    yield from reading(Field.SERVICE, f"{name or 'unknown'}/{number}/{protocol}", locator)
    if service is not None:
        product = " ".join(
            text for text in (service.get("product"), service.get("extrainfo")) if text
        )
        if product and (field := _PRODUCT.get(name.partition("-")[0])):
            yield from reading(field, product, f"{locator} product")
        print_text = service.get("servicefp", "")
        if print_text:
            yield from _fingerprint(print_text, locator)
    for script in port.findall("script"):
        yield from _script(script, locator)


def _unescape(match: re.Match[str]) -> str:
    text = match[1]
    if text[0] == "x":
        return chr(int(text[1:], 16))
    return {"r": "\r", "n": "\n", "t": "\t", "0": ""}.get(text, text)


def _fingerprint(text: str, locator: str) -> Iterator[Reading]:
    """Answers inside the fingerprint that nmap writes of a service it does not know."""
    for answer in _ANSWER.finditer(text[:65_536]):
        plain = _ESCAPE.sub(_unescape, answer[1])
        if looks_like(plain):
            yield from banner_readings(plain, f"{locator} servicefp")


def _script(script: Element, locator: str) -> Iterator[Reading]:
    name, output = script.get("id", ""), (script.get("output") or "")[:65_536]
    place = f"{locator} {name}"
    if name == "http-server-header":
        yield from reading(Field.HTTP_SERVER, output.strip().split("\n")[0], place)
    elif name == "http-title":
        yield from reading(Field.HTTP_TITLE, output.strip().split("\n")[0], place)
    elif name in ("http-auth", "rtsp-auth") and (realm := _REALM.search(output)):
        yield from reading(Field.HTTP_REALM, realm[1], place)
    elif name == "ssl-cert":
        if subject := _SUBJECT.search(output):
            yield from reading(Field.TLS_SUBJECT, _named(subject[1]), place)
        if issuer := _ISSUER.search(output):
            yield from reading(Field.TLS_ISSUER, _named(issuer[1]), place)
    elif name == "snmp-sysdescr":
        yield from reading(Field.SNMP_SYSDESCR, output.split("System uptime")[0], place)
    elif name == "banner":
        if looks_like(output):
            yield from banner_readings(output, place)
        else:
            yield from reading(Field.TELNET_BANNER, output, place)
    elif name in ("rtsp-methods",):
        yield from reading(Field.SERVICE, "rtsp", place)


def _named(text: str) -> str:
    short = {
        "commonName": "CN",
        "organizationName": "O",
        "organizationalUnitName": "OU",
        "countryName": "C",
        "localityName": "L",
        "stateOrProvinceName": "ST",
    }
    parts = [part.strip().partition("=") for part in text.split("/")]
    return ",".join(f"{short.get(name, name)}={value}" for name, _, value in parts if value)
