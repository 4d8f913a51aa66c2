"""Public bodies of the United Kingdom, past and present: codes, dates, and who followed whom.

The bundled ones are in ``facts/bodies.json``, built by ``scripts/build_bodies``: every principal
local authority since 2009, combined authorities, police forces and their commissioners, fire
services, central departments. Others (NHS trusts, schools' trusts) come in by
``catalogue.bodies_import``. Names are resolved by ``catalogue.bodies_names``.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator
from datetime import date
from importlib import resources

import msgspec

from nameplate.catalogue.schema import Source
from nameplate.model.errors import CatalogueError
from nameplate.model.ids import make_id


class Body(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A public body. ``key`` is its name as a slug and never changes; ``body_id`` hashes it.

    ``kind``: council, combined authority, police, fire, department, transport, nhs, school trust,
    other. ``type`` of a council is mySociety's code: CTY county, NMD district, UA unitary, MD
    metropolitan, LBO London borough, CC City of London, WPA Welsh, SCO Scottish, NID Northern
    Ireland. ``valid_from`` and ``valid_to`` (exclusive) are ISO dates, empty where not known or
    not ended. ``lat``/``lon`` are the centroid in degrees (WGS 84). ``place`` is the bare name of
    the area. ``source`` is a key of the file's sources.
    """

    key: str
    name: str
    kind: str
    type: str = ""
    place: str = ""
    gss: str = ""
    former_gss: tuple[str, ...] = ()
    org_id: str = ""
    valid_from: str = ""
    valid_to: str = ""
    replaced_by: tuple[str, ...] = ()
    nation: str = ""
    region: str = ""
    lat: float | None = None
    lon: float | None = None
    aliases: tuple[str, ...] = ()
    source: str = ""

    @property
    def body_id(self) -> str:
        """Id of the body in statements and tables; key: the body's ``key``."""
        return make_id("b", self.key)

    def existed(self, on: date | None) -> bool:
        """Whether it existed on the day, as far as its dates are known (None: at any time)."""
        if on is None:
            return True
        day = on.isoformat()
        return (not self.valid_from or self.valid_from <= day) and (
            not self.valid_to or day < self.valid_to
        )


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    sources: dict[str, Source]
    bodies: tuple[Body, ...]


class Bodies:
    """All known bodies, with look-ups by key, code and succession."""

    def __init__(self, bodies: Iterable[Body], sources: dict[str, Source]) -> None:
        """Raises CatalogueError on a doubled key or a successor that is not there."""
        self.all: tuple[Body, ...] = tuple(sorted(bodies, key=lambda body: body.key))
        self.sources = sources
        self._by_key = {body.key: body for body in self.all}
        if len(self._by_key) != len(self.all):
            keys = [body.key for body in self.all]
            twice = sorted({key for key in keys if keys.count(key) > 1})
            raise CatalogueError(f"two bodies have the key {twice[0]!r}", do="rename one of them")
        self._before: dict[str, list[Body]] = {}
        self._by_code: dict[str, Body] = {}
        for body in self.all:
            for successor in body.replaced_by:
                if successor not in self._by_key:
                    raise CatalogueError(
                        f"{body.key!r} is followed by {successor!r}, which is not known",
                        do="add it or mend the key",
                    )
                self._before.setdefault(successor, []).append(body)
            for code in (body.gss, *body.former_gss, body.org_id, body.body_id):
                if code:
                    self._by_code[code.upper()] = body

    def __iter__(self) -> Iterator[Body]:
        return iter(self.all)

    def __len__(self) -> int:
        return len(self.all)

    def get(self, key: str) -> Body:
        """The body with this key, GSS code, org-id or body id; raises CatalogueError if none."""
        body = self._by_key.get(key) or self._by_code.get(key.upper())
        if body is None:
            raise CatalogueError(
                f"no body has the key or code {key!r}", do="see `nameplate bodies`"
            )
        return body

    def find_code(self, code: str) -> Body | None:
        """The body with this GSS code, org-id or body id, or None."""
        return self._by_code.get(code.strip().upper())

    def predecessors(self, body: Body) -> tuple[Body, ...]:
        """The bodies it directly followed, by key."""
        return tuple(sorted(self._before.get(body.key, ()), key=lambda found: found.key))

    def successors(self, body: Body, on: date | None = None) -> tuple[Body, ...]:
        """The bodies that do its work on the day (None: today's, however many steps later).

        The body itself where it still existed on that day. A body split in two has two.
        """
        day = on or date.max
        if body.existed(day) or not body.replaced_by:
            return (body,) if body.existed(day) else ()
        found: dict[str, Body] = {}
        for key in body.replaced_by:
            for later in self.successors(self._by_key[key], on):
                found[later.key] = later
        return tuple(found[key] for key in sorted(found))

    def ancestors(self, body: Body, on: date) -> tuple[Body, ...]:
        """The bodies that did, on the day, the work that ``body`` does: itself if it existed."""
        if body.existed(on):
            return (body,)
        found: dict[str, Body] = {}
        for earlier in self.predecessors(body):
            for one in self.ancestors(earlier, on):
                found[one.key] = one
        return tuple(found[key] for key in sorted(found))

    def as_at(self, body: Body, on: date) -> tuple[Body, ...]:
        """Who did its work on the day, forwards or backwards in time; empty where not known."""
        if body.existed(on):
            return (body,)
        if body.valid_to and on.isoformat() >= body.valid_to:
            return self.successors(body, on)
        return self.ancestors(body, on)

    def family(self, body: Body) -> tuple[Body, ...]:
        """The body with all that came before it, by key: what a total that follows it adds up."""
        found = {body.key: body}
        queue = [body]
        while queue:
            for earlier in self.predecessors(queue.pop()):
                if earlier.key not in found:
                    found[earlier.key] = earlier
                    queue.append(earlier)
        return tuple(found[key] for key in sorted(found))


def decode_bodies(raw: bytes, where: str) -> tuple[tuple[Body, ...], dict[str, Source]]:
    """Decode a bodies file; raises CatalogueError naming the path within it."""
    try:
        file = msgspec.json.decode(raw, type=_File)
    except msgspec.DecodeError as error:
        raise CatalogueError(str(error), where=where, do="mend the body at that path") from error
    return file.bodies, file.sources


@functools.cache
def load_bodies() -> Bodies:
    """The bundled bodies, loaded once a process."""
    raw = (resources.files("nameplate.catalogue") / "facts" / "bodies.json").read_bytes()
    return Bodies(*decode_bodies(raw, "facts/bodies.json"))
