"""What an importer makes of a published list: entries, rows set aside, fields not understood."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Final

import msgspec

from nameplate.model.ids import make_id

KINDS: Final = frozenset(
    {"Person", "Company", "Organization", "LegalEntity", "Vessel", "Airplane", "Thing"}
)
"""What is listed, in FollowTheMoney's words; ``Thing`` is equipment or a service."""


class ListEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One entry of a published list.

    ``entry_id`` is stable within the list: the publisher's own id, or one made of what makes the
    row itself (see :func:`own_id`). ``watchlist`` is a Watchlist's key in the catalogue where the
    file's own name for the sub-list (``source_list``) is known, else empty. Dates are ISO and may
    be shortened; ``valid_to`` is exclusive. ``other`` keeps, as published, what has no place
    here: nothing is dropped. ``locator`` is where it stands in the original.
    """

    entry_id: str
    name: str
    kind: str = "LegalEntity"
    aliases: tuple[str, ...] = ()
    watchlist: str = ""
    source_list: str = ""
    programs: tuple[str, ...] = ()
    valid_from: str = ""
    valid_to: str = ""
    announced: str = ""
    scope: str = ""
    citation: str = ""
    identifiers: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    parents: tuple[str, ...] = ()
    note: str = ""
    url: str = ""
    other: dict[str, str] = {}
    locator: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """The name and all aliases, without repeats."""
        return tuple(dict.fromkeys((self.name, *self.aliases)))


class SetAside(msgspec.Struct, frozen=True):
    """A row that was not read: where, why, and its first characters."""

    locator: str
    reason: str
    excerpt: str


class Reading:
    """What a reader reports beside its entries; one for each import."""

    def __init__(self) -> None:
        self.rows = 0
        """Rows or records met, set aside or not."""
        self.set_aside: list[SetAside] = []
        self.unknown: Counter[str] = Counter()
        """Field or key that the reader does not understand → how many rows carry it."""
        self.auxiliary: Counter[str] = Counter()
        """Records that are no entries themselves (addresses, ties) → how many."""
        self.notes: list[str] = []
        self.published = ""
        """The publisher's own date of the file, where it gives one."""

    def aside(self, locator: str, reason: str, excerpt: str) -> None:
        """Set a row aside: counted, listed, and not lost (the original is kept whole)."""
        self.set_aside.append(SetAside(locator, reason, excerpt[:120]))

    def unknown_fields(self, row: Mapping[str, str], known: Iterable[str]) -> dict[str, str]:
        """Return the fields of ``row`` that are not ``known`` and not empty, and count them."""
        rest = {key: value for key, value in row.items() if value and key not in known}
        self.unknown.update(rest.keys())
        return rest


def own_id(*parts: str) -> str:
    """Id of an entry whose publisher gives none; key: the parts that make the row itself."""
    return make_id("le", *parts)


def split(text: str, mark: str = ";") -> tuple[str, ...]:
    """Split a cell that holds several values; blanks go, order stays, repeats go."""
    return tuple(dict.fromkeys(part.strip() for part in text.split(mark) if part.strip()))
