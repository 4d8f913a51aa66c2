"""What ``estate discover`` kept: its record and the raw answers beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from nameplate.estate.discover import snmp
from nameplate.estate.readers.banner import banner_readings
from nameplate.estate.readers.base import Original, parse_xml, reading, sighting
from nameplate.estate.readers.onvif import soap_readings
from nameplate.estate.readers.wsdiscovery import match_readings
from nameplate.model.device import Field, Reading, Sighting
from nameplate.model.errors import InputError

_HASH: Final = re.compile(r"^[0-9a-f]{64}$")


def read(original: Original, document: dict[str, Any]) -> Iterator[Sighting]:
    """One device of each address that answered; an answer that cannot be read leaves the rest."""
    record = document["nameplate_discovery"]
    folder = original.path.parent / "answers"
    grouped: dict[str, list[Reading]] = {}
    observed: dict[str, str] = {}
    answers = record.get("answers")
    for item in answers if isinstance(answers, list) else []:
        if not isinstance(item, dict) or not _HASH.match(str(item.get("sha256", ""))):
            continue
        address = str(item.get("address", ""))
        found = grouped.setdefault(address, [*reading(Field.ADDRESS, address)])
        observed.setdefault(address, str(item.get("at", ""))[:25])
        try:
            found += _answer(item, folder / item["sha256"], original.name)
        except (InputError, OSError, ValueError):
            continue
    for address, found in grouped.items():
        if found:
            where = f"address:{address}"
            yield sighting(original, "discovery", where, found, observed[address])


def _answer(item: dict[str, Any], path: Path, where: str) -> list[Reading]:
    question, port = str(item.get("question", "")), int(item.get("port", 0))
    raw = path.read_bytes()
    locator = f"answers/{item['sha256']}"
    text = raw.decode("utf-8", errors="replace")
    if question in ("http", "rtsp"):
        found = [r for r in banner_readings(text, locator) if r.field is not Field.SERVICE]
        return [*found, *reading(Field.SERVICE, f"{question}/{port}/tcp", locator)]
    if question.startswith("onvif "):
        body = text.partition("\r\n\r\n")[2] or text.partition("\n\n")[2]
        if "Envelope" not in body:
            return []
        found = soap_readings(body, where)
        return [
            *(Reading(r.field, r.value, f"{locator} {r.locator}") for r in found),
            *reading(Field.SERVICE, f"onvif/{port}/tcp", locator),
        ]
    if question == "ws-discovery":
        root = parse_xml(raw, where)
        matches = [e for e in root.iter() if str(e.tag).endswith("}ProbeMatch")]
        kept = (Field.ENDPOINT, Field.ONVIF_NAME, Field.ONVIF_HARDWARE, Field.LOCATION)
        return [
            *(r for m in matches[:1] for r in match_readings(m, locator) if r.field in kept),
            *reading(Field.SERVICE, f"ws-discovery/{port}/udp", locator),
        ]
    if question == "certificate":
        from cryptography import x509

        names = x509.load_der_x509_certificate(raw)
        return [
            *reading(Field.TLS_SUBJECT, names.subject.rfc4514_string(), locator),
            *reading(Field.TLS_ISSUER, names.issuer.rfc4514_string(), locator),
            *reading(Field.SERVICE, f"https/{port}/tcp", locator),
        ]
    if question == "snmp":
        values = snmp.answer(raw)
        found = [*reading(Field.SNMP_SYSDESCR, values.get(snmp.SYS_DESCR), locator)]
        object_id = values.get(snmp.SYS_OBJECT_ID, "")
        found += reading(Field.SNMP_SYSOBJECTID, object_id, locator)
        if object_id.startswith("1.3.6.1.4.1."):
            found += reading(Field.SNMP_ENTERPRISE, object_id.split(".")[6], locator)
        return [*found, *reading(Field.SERVICE, f"snmp/{port}/udp", locator)]
    return []
