"""Finding a maker by what a person types: its name, a brand, a misspelling, its native script."""

from __future__ import annotations

import unicodedata
from difflib import get_close_matches

import msgspec

from nameplate.catalogue import schema
from nameplate.catalogue.store import Catalogue
from nameplate.model.errors import CatalogueError

ENTITY = "entity:"
"""Prefix of a subject that is a firm but no maker of the catalogue."""


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """What a text names: ``subject`` is a maker's key or ``entity:`` and a name.

    ``maker`` is None for an entity; ``brand`` is set where the text is a brand's name; ``how``
    says by what it was found: ``key``, ``name``, ``brand``, ``spelling`` or ``entity``.
    """

    subject: str
    how: str
    maker: schema.Maker | None = None
    brand: schema.Brand | None = None
    name: schema.Name | None = None


def squash(text: str) -> str:
    """Letters and digits only, in one width and case: ``Hik-Vision`` and ``HIKVISION`` are one."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(char for char in folded if char.isalnum())


def entities(catalogue: Catalogue) -> list[str]:
    """Names of all firms that stand in listings or ownership and are no maker here, sorted."""
    subjects = {item.subject for item in catalogue.listings}
    subjects |= {end for item in catalogue.ownership for end in (item.owner, item.owned)}
    return sorted(s.removeprefix(ENTITY) for s in subjects if s.startswith(ENTITY))


def find(catalogue: Catalogue, text: str) -> Found:
    """Return what ``text`` names; raises CatalogueError, with likely names, where nothing does."""
    wanted = squash(text)
    by_key = {maker.key: maker for maker in catalogue.makers}
    for maker in catalogue.makers:
        if wanted in (squash(maker.key), squash(maker.name)):
            return Found(subject=maker.key, how="name", maker=maker)
    for brand in catalogue.brands:
        if wanted in (squash(brand.key), squash(brand.name), squash(brand.label)):
            return Found(subject=brand.maker, how="brand", maker=by_key[brand.maker], brand=brand)
    for name in catalogue.names:
        if wanted == squash(name.text):
            given = catalogue.brand(name.brand) if name.brand else None
            return Found(
                subject=name.maker,
                how="spelling",
                maker=by_key[name.maker],
                brand=given,
                name=name,
            )
    for entity in entities(catalogue):
        if wanted == squash(entity):
            return Found(subject=ENTITY + entity, how="entity")
    raise CatalogueError(f"nothing in the catalogue is called {text!r}", do=_hint(catalogue, text))


def _hint(catalogue: Catalogue, text: str) -> str:
    known = {m.name for m in catalogue.makers} | {b.name for b in catalogue.brands}
    by_fold = {name.casefold(): name for name in sorted(known)}
    close = get_close_matches(text.casefold(), list(by_fold), n=3, cutoff=0.6)
    if close:
        return "perhaps it is " + " or ".join(by_fold[fold] for fold in close)
    return "`nameplate catalogue list` names all makers"
