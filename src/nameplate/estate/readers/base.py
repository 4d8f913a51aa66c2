"""What all readers share: bounded text, safe XML, and the making of sightings."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from nameplate.model.device import Field, Reading, Sighting
from nameplate.model.errors import InputError, LimitError

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

MAX_VALUE: Final = 512
"""Characters kept of one value; the original stays whole in its file."""
MAX_BANNER: Final = 2048
MAX_DOCUMENT: Final = 8 << 20
"""Bytes of one answer (XML or JSON) that is read whole. Recorded ones are under 50 kB."""
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]+")
_LONG: Final = frozenset(
    {
        Field.HTTP_BODY,
        Field.HTTP_TITLE,
        Field.FTP_BANNER,
        Field.TELNET_BANNER,
        Field.SNMP_SYSDESCR,
        Field.TLS_SUBJECT,
        Field.TLS_ISSUER,
    }
)


@dataclass(frozen=True, slots=True)
class Original:
    """One file to read: the name shown, where its bytes are, and their SHA-256 (hex)."""

    name: str
    path: Path
    sha256: str


def clean(text: str, limit: int = MAX_VALUE) -> str:
    """One line without control or direction-changing characters, at most ``limit`` long."""
    return _CONTROL.sub(" ", text[: limit * 2]).strip()[:limit].strip()


def reading(field: Field, value: str | None, locator: str = "") -> tuple[Reading, ...]:
    """A reading of a cleaned value, or none where there is nothing."""
    text = clean(value or "", MAX_BANNER if field in _LONG else MAX_VALUE)
    return (Reading(field, text, locator),) if text else ()


def sighting(
    original: Original,
    form: str,
    locator: str,
    readings: Iterable[Reading],
    observed: str = "",
) -> Sighting:
    """A sighting of one device, with equal readings only once."""
    return Sighting(
        source_file=original.name,
        source_sha256=original.sha256,
        locator=locator,
        format=form,
        readings=tuple(dict.fromkeys(readings)),
        observed=observed,
    )


def read_bounded(original: Original, limit: int = MAX_DOCUMENT) -> bytes:
    """All bytes of a file; raises LimitError where there are more than ``limit``."""
    with original.path.open("rb") as stream:
        raw = stream.read(limit + 1)
    if len(raw) > limit:
        raise LimitError(
            f"is larger than {limit >> 20} MB, far more than one device answers",
            where=original.name,
            do="split it, or check that it is what its name says",
        )
    return raw


def parse_xml(raw: bytes | str, where: str) -> Element:
    """Parse untrusted XML: no document type, entity or outside reference is ever followed.

    Raises InputError naming ``where`` on XML that is malformed or tries one of these.
    """
    from xml.etree.ElementTree import ParseError

    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import fromstring

    try:
        root: Element = fromstring(raw, forbid_dtd=True)
    except DefusedXmlException as error:
        raise InputError(
            "the XML declares a document type or entities, which can be used to attack a reader",
            where=where,
            do="leave it out, or export it again without these",
        ) from error
    except (ParseError, ValueError, LookupError) as error:
        raise InputError(f"is not well-formed XML ({error})", where=where) from error
    return root


def local(tag: object) -> str:
    """An element's name without its namespace."""
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def texts(root: Element, limit: int = 5000) -> dict[str, str]:
    """Local name → first text of elements below ``root``, over at most ``limit`` elements."""
    found: dict[str, str] = {}
    for count, element in enumerate(root.iter()):
        if count >= limit:
            break
        name = local(element.tag)
        if element.text and element.text.strip():
            found.setdefault(name, element.text.strip())
    return found


_XMLNS: Final = re.compile(r'xmlns(?::[\w.-]+)?\s*=\s*["\']([^"\']{1,200})["\']')


def namespaces(text: str) -> list[str]:
    """Namespace addresses declared in the first 20,000 characters, in order, each once."""
    return list(dict.fromkeys(_XMLNS.findall(text[:20_000])))
