"""Opening what was given: finding files, telling their format by content, reading sightings."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import msgspec

from nameplate.estate.readers import banner, onvif, snmp, vendor, wsdiscovery
from nameplate.estate.readers.base import MAX_DOCUMENT, Original, read_bounded
from nameplate.model.device import Sighting
from nameplate.model.errors import InputError, NameplateError, UsageError

_HEAD: Final = 65_536
_CAPTURE: Final = (b'"response_body"', b'"camera_info"')
_ROOT: Final = re.compile(r"<(?!\?|!)(?:[\w.-]+:)?([\w.-]+)")
_TABLES: Final = (".csv", ".tsv", ".xlsx", ".xls", ".ods", ".txt")

Problem = Callable[[str, str], None]
"""Told of each file or record set aside: the name shown, and a sentence."""


def find_files(paths: list[Path]) -> Iterator[tuple[str, Path]]:
    """(name shown, path) of all files under ``paths``, sorted; raises UsageError for no path.

    Names begin with the last part of the path given: no absolute path of this machine is shown.
    """
    for path in paths:
        if path.is_file():
            yield path.name, path
        elif path.is_dir():
            base = path.resolve().name
            for file in sorted(path.rglob("*")):
                # A look's raw answers are read by way of its record.
                if (
                    file.parent.name == "answers"
                    and (file.parent.parent / "discovery.json").is_file()
                ):
                    continue
                if file.is_file() and not file.is_symlink() and not file.name.startswith("."):
                    yield f"{base}/{file.relative_to(path).as_posix()}", file
        else:
            raise UsageError(f"there is no file or folder {str(path)!r}", do="check the path")


def file_hash(path: Path) -> str:
    """SHA-256 (hex) of a file's bytes, read in blocks."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _head(path: Path) -> bytes:
    with path.open("rb") as stream:
        return stream.read(_HEAD)


def is_capture(path: Path) -> bool:
    """Whether a file is one of an ONVIF recording's (they make one device together)."""
    if path.suffix != ".json":
        return False
    head = _head(path)
    if not any(sign in head for sign in _CAPTURE):
        return False
    return b'"operation' in head or b'"camera_info"' in head or b'"endpoint"' in head


def sightings(paths: list[Path], problem: Problem) -> Iterator[Sighting]:
    """Sightings of all files under ``paths``, in the order of their names.

    A file or record that cannot be read is told to ``problem`` and the rest goes on.
    """
    captures: list[Original] = []
    folder = ""
    for name, path in find_files(paths):
        parent = name.rpartition("/")[0]
        try:
            capture = is_capture(path)
        except OSError as error:
            problem(name, f"{name}: cannot be opened ({error.strerror}).")
            continue
        if captures and (not capture or parent != folder):
            yield from _guarded(_captures(captures, folder), folder, problem)
            captures = []
        if capture:
            folder = parent
            captures.append(Original(name, path, file_hash(path)))
        else:
            yield from _guarded(read_file(name, path, problem), name, problem)
    if captures:
        yield from _guarded(_captures(captures, folder), folder, problem)


def _captures(originals: list[Original], folder: str) -> Iterator[Sighting]:
    return onvif.read_captures(originals, folder)


def _guarded(found: Iterator[Sighting], name: str, problem: Problem) -> Iterator[Sighting]:
    try:
        yield from found
    except NameplateError as error:
        text = str(error)
        problem(name, text if text.startswith(name) or error.where else f"{name}: {text}")
    except (OSError, UnicodeError, RecursionError) as error:
        problem(name, f"{name}: cannot be read ({type(error).__name__}).")


def read_file(name: str, path: Path, problem: Problem) -> Iterator[Sighting]:
    """Sightings of one file; raises InputError where its content is no format known here."""
    head = _head(path)
    if not head.strip():
        raise InputError("is empty", where=name, do="export it again")
    original = Original(name, path, file_hash(path))
    if head[:2] in (b"PK", b"\xd0\xcf") or path.suffix.lower() in (".xlsx", ".xls", ".ods"):
        yield from _table(original, problem)
        return
    text = _decode(head)
    start = text.lstrip()
    if start.startswith("<"):
        yield from _xml(original, start)
    elif start.startswith(("{", "[")):
        yield from _json(original)
    elif banner.looks_like(start):
        yield from banner.read(original)
    elif snmp.looks_like(start):
        yield from snmp.read(original)
    elif "onvif://" in start or "XAddr" in start:
        yield from wsdiscovery.read_log(original)
    elif vendor.looks_like_dahua(start) and path.suffix.lower() not in (".csv", ".tsv"):
        yield from vendor.read_dahua(original)
    elif path.suffix.lower() in _TABLES or any(c in start.split("\n")[0] for c in ",;\t|"):
        yield from _table(original, problem)
    else:
        raise InputError(
            "is in no format known here", where=name, do="see docs/reference/estate.md for those"
        )


def _decode(head: bytes) -> str:
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return head.decode("utf-16", errors="replace")
    return head.decode("utf-8-sig", errors="replace")


def _xml(original: Original, head: str) -> Iterator[Sighting]:
    root = _ROOT.search(head)
    name = root[1] if root else ""
    if name == "nmaprun":
        from nameplate.estate.readers import nmap

        yield from nmap.read(original)
    elif name in ("DeviceInfo", "deviceInfo"):
        yield from vendor.read_isapi(original)
    elif name in ("Probe", "ProbeMatch", "ProbeMatches", "DeviceList", "SADP") and (
        "DeviceSN" in head or "DeviceDescription" in head
    ):
        yield from vendor.read_sadp(original)
    elif "ProbeMatch" in head or ":Hello" in head or "<Hello" in head:
        yield from wsdiscovery.read_xml(original)
    elif name in ("Envelope",):
        yield from onvif.read_soap(original)
    elif re.search(r"<!DOCTYPE|<!ENTITY", head):
        read_bounded(original)
        raise InputError(
            "the XML declares a document type or entities, which can be used to attack a reader",
            where=original.name,
            do="leave it out, or export it again without these",
        )
    else:
        raise InputError(
            f"is XML of no kind known here (<{name[:40]}>)",
            where=original.name,
            do="see docs/reference/estate.md for the formats",
        )


def _json(original: Original) -> Iterator[Sighting]:
    try:
        document: Any = msgspec.json.decode(read_bounded(original, MAX_DOCUMENT * 16))
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise InputError(f"is not well-formed JSON ({error})", where=original.name) from error
    if isinstance(document, dict):
        if document.get("bomFormat") == "CycloneDX":
            from nameplate.estate.readers import cyclonedx

            yield from cyclonedx.read(original, document)
            return
        if isinstance(document.get("cameras"), list):
            yield from wsdiscovery.read_list(original, document)
            return
        if isinstance(document.get("nameplate_discovery"), dict):
            from nameplate.estate.readers import discovered

            yield from discovered.read(original, document)
            return
    raise InputError(
        "is JSON of no kind known here",
        where=original.name,
        do="see docs/reference/estate.md for the formats",
    )


def _table(original: Original, problem: Problem) -> Iterator[Sighting]:
    from nameplate.estate.readers import inventory

    yield from inventory.read(original, problem)
