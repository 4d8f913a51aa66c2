"""Loading the estate's facts once a process, decoded strictly."""

from __future__ import annotations

import functools
import hashlib
from importlib import resources
from typing import Any

import msgspec

from nameplate.catalogue import schema as catalogue_schema
from nameplate.estate.facts import schema
from nameplate.model.errors import CatalogueError


def read(name: str) -> bytes:
    """Bytes of a bundled fact file."""
    return (resources.files("nameplate.estate") / "facts" / name).read_bytes()


def decode(name: str, kind: Any) -> Any:
    """Decode a bundled file strictly; raises CatalogueError naming the file and the path."""
    try:
        return msgspec.json.decode(read(name), type=kind)
    except msgspec.DecodeError as error:
        raise CatalogueError(
            str(error), where=f"estate/facts/{name}", do="mend the fact at that path"
        ) from error


@functools.cache
def signs() -> tuple[schema.Sign, ...]:
    """Signs that give makers away; raises CatalogueError on a malformed fact."""
    return tuple(decode("signs.json", list[schema.Sign]))


@functools.cache
def grammars() -> tuple[catalogue_schema.Grammar, ...]:
    """Model forms used for devices only: too short or common to be looked for in prose."""
    return tuple(decode("grammars.json", list[catalogue_schema.Grammar]))


@functools.cache
def badges() -> tuple[schema.Badge, ...]:
    """Names on equipment that others may have made."""
    return tuple(decode("badges.json", list[schema.Badge]))


@functools.cache
def weights() -> schema.Weights:
    """The identification's numbers."""
    loaded: schema.Weights = decode("weights.json", schema.Weights)
    return loaded


@functools.cache
def chips() -> tuple[schema.Chip, ...]:
    """Dated claims on the chips inside."""
    return tuple(decode("chips.json", list[schema.Chip]))


@functools.cache
def support() -> tuple[schema.Support, ...]:
    """End of sale and support."""
    return tuple(decode("support.json", list[schema.Support]))


@functools.cache
def services() -> tuple[schema.Service, ...]:
    """Services open as delivered."""
    return tuple(decode("services.json", list[schema.Service]))


@functools.cache
def version() -> str:
    """Hash (16 hex characters) over the bytes of all fact files, for the record of a run."""
    digest = hashlib.sha256()
    folder = resources.files("nameplate.estate") / "facts"
    for path in sorted(folder.iterdir(), key=lambda p: p.name):
        if path.name.endswith(".json"):
            digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]
