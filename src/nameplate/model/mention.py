"""Mentions: places in a text that name a maker, brand or model, each with a role."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

import msgspec


class Role(StrEnum):
    """What a text says of the equipment it names."""

    SUPPLIED = "supplied"
    IN_USE = "in_use"
    MAINTAINED = "maintained"
    TO_BE_REPLACED = "to_be_replaced"
    REMOVED = "removed"
    PROHIBITED = "prohibited"
    NOT_USED = "not_used"
    COMPATIBLE = "compatible"
    DISCUSSED = "discussed"
    OTHER = "other"


ATTRIBUTING_ROLES: Final = frozenset(
    {Role.SUPPLIED, Role.IN_USE, Role.MAINTAINED, Role.TO_BE_REPLACED}
)
"""Only these roles say that a body has a maker's equipment (docs/architecture.md, "Evidence")."""


class Mention(msgspec.Struct, frozen=True, kw_only=True):
    """One place in a text that names a maker.

    ``maker`` is the catalogue's canonical name, ``maker_key`` its key; ``surface`` the exact
    characters at ``start:end`` (code points) of ``field``; ``brand`` the name it is sold under
    where that is not the maker's; ``via`` how it was recognised: ``name``, ``misspelling``,
    ``chinese``, ``model`` (a model number alone); ``name_id`` the catalogue fact behind it.
    """

    maker: str
    maker_key: str
    surface: str
    start: int
    end: int
    role: Role
    brand: str | None = None
    via: str = "name"
    field: str = "text"
    name_id: str = ""
    role_reason: str = ""
