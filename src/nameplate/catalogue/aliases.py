"""The catalogue's curated spellings of makers, as the matcher of names takes them."""

from __future__ import annotations

import functools
from importlib import resources
from typing import Final

from nameplate.catalogue.schema import Confidence, Fact, NameKind
from nameplate.catalogue.store import Catalogue, decode_facts, load
from nameplate.names.aliases import Alias, Aliases

_KINDS: Final[dict[NameKind, str]] = {
    NameKind.SHORT: "short",
    NameKind.REGISTERED: "registered",
    NameKind.BRAND: "brand",
    NameKind.FORMER: "former",
    NameKind.MISSPELLING: "misspelling",
    NameKind.NATIVE: "native",
    NameKind.SUBSIDIARY: "subsidiary",
}


class LookAlike(Fact, frozen=True, kw_only=True):
    """A firm whose name is nearly a maker's and that has nothing to do with it, as far as known."""

    maker: str
    text: str


@functools.cache
def look_alikes() -> tuple[LookAlike, ...]:
    """The firms recorded as *not* the maker their name recalls."""
    path = resources.files("nameplate.catalogue") / "look_alikes.json"
    return decode_facts(path.read_bytes(), LookAlike, "look_alikes.json")


def catalogue_aliases(catalogue: Catalogue) -> Aliases:
    """Spellings in ``catalogue`` whose owner is a maker's key, or ``maker/brand`` for a brand's.

    Leads are left out, and so are names that need a trade word beside them: in a firm's name,
    ``Axis`` or ``Bosch`` alone say nothing.
    """
    found = [
        Alias(
            owner=f"{name.maker}/{name.brand}"
            if name.kind is NameKind.BRAND and name.brand not in ("", name.maker)
            else name.maker,
            text=name.text,
            kind=_KINDS[name.kind],
            ref=name.id,
        )
        for name in catalogue.names
        if name.confidence is not Confidence.LEAD and not name.needs_context
    ]
    denied = [Alias(look.maker, look.text, "not", ref=look.id) for look in look_alikes()]
    return Aliases([*found, *denied])


@functools.cache
def bundled_aliases() -> Aliases:
    """Aliases of the bundled catalogue, built once a process."""
    return catalogue_aliases(load())
