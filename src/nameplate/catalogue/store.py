"""Loading the catalogue: one frozen object of all facts, with lookups and as-of queries."""

from __future__ import annotations

import functools
import hashlib
from importlib import resources
from typing import Any, Final, TypeVar

import msgspec

from nameplate.catalogue import schema
from nameplate.model.errors import CatalogueError

KINDS: Final[dict[str, type[schema.Fact]]] = {
    "makers": schema.Maker,
    "names": schema.Name,
    "brands": schema.Brand,
    "rebrands": schema.Rebrand,
    "grammars": schema.Grammar,
    "distributors": schema.Distributor,
    "watchlists": schema.Watchlist,
    "listings": schema.Listing,
    "ownership": schema.Ownership,
    "terms": schema.Term,
    "cpv": schema.Cpv,
}
"""File stem in ``catalogue/facts`` → the type of its facts."""

_F = TypeVar("_F", bound=schema.Fact)


class Catalogue(msgspec.Struct, frozen=True, kw_only=True):
    """All facts, in the order of their files. ``version`` is a hash of the files' bytes."""

    version: str
    makers: tuple[schema.Maker, ...] = ()
    names: tuple[schema.Name, ...] = ()
    brands: tuple[schema.Brand, ...] = ()
    rebrands: tuple[schema.Rebrand, ...] = ()
    grammars: tuple[schema.Grammar, ...] = ()
    distributors: tuple[schema.Distributor, ...] = ()
    watchlists: tuple[schema.Watchlist, ...] = ()
    listings: tuple[schema.Listing, ...] = ()
    ownership: tuple[schema.Ownership, ...] = ()
    terms: tuple[schema.Term, ...] = ()
    cpv: tuple[schema.Cpv, ...] = ()

    def maker(self, key: str) -> schema.Maker:
        """Return the maker with ``key``; raises CatalogueError where there is none."""
        for maker in self.makers:
            if maker.key == key:
                return maker
        raise CatalogueError(f"no maker has the key {key!r}", do="see `nameplate catalogue show`")

    def brand(self, key: str) -> schema.Brand:
        """Return the brand with ``key``; raises CatalogueError where there is none."""
        for brand in self.brands:
            if brand.key == key:
                return brand
        raise CatalogueError(f"no brand has the key {key!r}", do="see `nameplate catalogue check`")

    def label(self, name: schema.Name | schema.Grammar) -> str:
        """What outputs call what ``name`` names: ``Hikvision``, or ``Hikvision (EZVIZ)``."""
        return self.brand(name.brand).label if name.brand else self.maker(name.maker).name


def decode_facts(raw: bytes, kind: type[_F], where: str) -> tuple[_F, ...]:
    """Decode a JSON array of facts of one kind; raises CatalogueError naming file and path."""
    try:
        return tuple(msgspec.json.decode(raw, type=list[kind]))  # type: ignore[valid-type]
    except msgspec.DecodeError as error:
        raise CatalogueError(str(error), where=where, do="mend the fact at that path") from error


@functools.cache
def load() -> Catalogue:
    """Load the bundled catalogue once a process; raises CatalogueError on a malformed fact."""
    digest = hashlib.sha256()
    facts: dict[str, Any] = {}
    folder = resources.files("nameplate.catalogue") / "facts"
    for stem, kind in KINDS.items():
        path = folder / f"{stem}.json"
        raw = path.read_bytes() if path.is_file() else b"[]"
        digest.update(stem.encode() + b"\0" + raw + b"\0")
        facts[stem] = decode_facts(raw, kind, f"facts/{stem}.json")
    return Catalogue(version=digest.hexdigest()[:16], **facts)
