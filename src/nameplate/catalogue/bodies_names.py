"""Which body a name means: as files write it (``LB Lambeth``, ``Dudley MBC``), or *unknown*.

A wrong body is libel, so nothing is guessed: a name resolves only if it is one of the forms that a
body's official name, place and type allow (or a recorded alias). A form that fits two bodies is
``ambiguous`` unless the date decides. Parish and town councils, schools, housing companies and
pension funds carry a council's place in their name and are never taken for it.
"""

from __future__ import annotations

import functools
import html
import re
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from pathlib import PurePath
from typing import Final

import msgspec

from nameplate.catalogue.bodies import Bodies, Body, load_bodies
from nameplate.names.normalise import latin
from nameplate.names.words import words

_TOKEN: Final = re.compile(r"[a-z0-9]+")
_DROPPED: Final = words("the and of in for amp")
_EXPANDED: Final[dict[str, str]] = {
    "mbc": "metropolitan borough council",
    "mdc": "metropolitan district council",
    "mb": "metropolitan borough",
    "lb": "london borough",
    "lbo": "london borough",
    "bc": "borough council",
    "bcc": "",
    "dc": "district council",
    "cbc": "county borough council",
    "rb": "royal borough",
    "frs": "fire rescue service",
    "fra": "fire rescue authority",
    "pcc": "police crime commissioner",
    "opcc": "office police crime commissioner",
    "ca": "combined authority",
    "upon": "on",
    "st": "saint",
    "boro": "borough",
    "ouncil": "council",
    "metro": "metropolitan",
}
"""Abbreviation → words. ``CC`` is left out: it is a county's or a city's council, and tried both
ways. ``St`` is Saint in every council's name."""
_CUT: Final = re.compile(
    r"\s+[-–—]\s*|\s*[-–—]\s+|\s*[(/:|]|\s*\b(?:t/a|trading as|c/o|on behalf of|acting as)\b",
    re.IGNORECASE,
)
_MARKER: Final = re.compile(r"(?i)^[\s(/:|–—-]*(?:t/a|trading as|c/o|on behalf of|acting as)?")
_DEPARTMENTS: Final = words(
    """procurement commissioning highways transport passenger housing ict it education children
    childrens adult adults social care services service finance corporate resources environment
    environmental property estates legal public health planning leisure parks culture regeneration
    waste streetscene community protection team department dept directorate strategic central
    purchasing commercial contracts unit division hub environment sustainability place people
    families economy growth infrastructure capital projects facilities management fleet libraries
    digital technology and civic"""
)
"""Words that may follow a council's name when one of its departments bought."""
_OTHER_BODIES: Final = words(
    """school schools academy academies college university pension pensions fund trust homes
    housing association ltd limited llp plc cic museum library town parish community company group
    partnership partnerships alliance consortium joint nhs hospital hospitals ccg icb police fire
    constabulary ambulance crematorium airport theatre charity church trading norse shared"""
)
"""Words in what is cut off that show another body, in which nothing is resolved."""
_BENIGN: Final = words(
    """council csv xlsx xls ods spend spending spends expenditure payments payment paid to supplier
    suppliers over all invoices invoice transactions transparency data open published publication
    report reports copy final revised version v of monthly quarter q qtr month year financial from
    web website download files file raw gbp jan feb mar apr may jun jul aug sep sept oct nov dec
    january february march april june july august september october november december procurement
    card cards purchase purchasing local government payables ap creditors k register contracts
    contract awards"""
)
"""Words that a file's or folder's name may hold beside a bare place and still be that council's."""
_LATE: Final = timedelta(days=400)
"""How long after its end a body's name is taken to mean itself: late invoices, a year's accounts.
After that it is an old name for the one body that took its place (chosen, not measured)."""
_NOT_ALONE: Final = words("reading hart rugby swale rother arun adur angus moray eden test bath")
"""Places that are words, or part of many names: in a file's name they say nothing."""


class Resolution(msgspec.Struct, frozen=True):
    """``status`` is ``resolved``, ``unknown`` or ``ambiguous``; ``why`` says so in words."""

    status: str
    body: Body | None = None
    candidates: tuple[Body, ...] = ()
    why: str = ""


def key_of(text: str) -> str:
    """The comparable form of a body's name: words in order, abbreviations written out."""
    found: list[str] = []
    for token in _TOKEN.findall(latin(html.unescape(text)).replace("'", "").replace("’", "")):
        if token in _DROPPED:
            continue
        expanded = _EXPANDED.get(token, token)
        found.extend(word for word in expanded.split() if word not in _DROPPED)
    return " ".join(found)


_TYPE_FORMS: Final[dict[str, tuple[str, ...]]] = {
    "CTY": ("{} county council", "{} county", "county council {}", "county {}"),
    "LBO": (
        "london borough {}",
        "london borough {} council",
        "{} london borough",
        "{} london borough council",
        "{} borough council",
        "{} council",
        "council london borough {}",
        "mayor burgesses london borough {}",
    ),
    "MD": (
        "{} metropolitan borough council",
        "{} metropolitan borough",
        "{} metropolitan council",
        "{} metropolitan district council",
        "metropolitan borough {}",
        "metropolitan borough council {}",
        "metropolitan district {}",
        "borough council {}",
        "{} borough council",
        "{} council",
    ),
    "NMD": ("{} council",),
    "UA": ("{} council", "{} unitary authority", "{} unitary council", "council {}"),
    "WPA": (
        "{} council",
        "{} county borough council",
        "{} county borough",
        "{} county council",
        "{} city county",
        "city county {}",
    ),
    "SCO": ("{} council",),
    "NID": ("{} council",),
    "CC": ("corporation london", "city london", "city london corporation"),
    "COMB": ("{} combined authority", "{} mayoral combined authority", "{} ca"),
}
_SORTS: Final[dict[str, tuple[str, ...]]] = {
    "borough council": ("{} borough council", "{} borough", "borough {}", "borough council {}"),
    "district council": ("{} district council", "{} district", "district council {}"),
    "city council": ("{} city council", "city {} council", "city {}", "council city {}"),
    "county council": ("{} county council", "county council {}"),
    "royal borough": (
        "royal borough {}",
        "royal borough {} council",
        "{} royal borough",
        "royal london borough {}",
    ),
}
"""What an official name says about itself → further forms that mean the same body."""
_SHORT: Final = re.compile(r"^(\w[\w ]*?) (?:on|under|le|with|next) ")


def _forms(body: Body) -> Iterator[tuple[str, int]]:
    """Forms of a body's name with their rank: 0 its own, 1 built, 2 shortened."""
    yield key_of(body.name), 0
    for alias in body.aliases:
        yield key_of(alias), 0
    if not body.place:
        return
    official = key_of(body.name)
    place = re.sub(r"^(?:county|city|borough) | (?:city|county)$", "", key_of(body.place))
    patterns = list(_TYPE_FORMS.get(body.type, ()))
    for sort, more in _SORTS.items():
        head = sort.split()[0]
        if sort in official or (sort.endswith(" council") and official.startswith(f"{head} ")):
            patterns.extend(more)
    if body.type == "MD" and "city" in official:
        patterns.extend(_SORTS["city council"])
        patterns.extend(("city {} metropolitan district council", "city {} metropolitan council"))
    for pattern in patterns:
        yield pattern.format(place), 1
    short = _SHORT.match(place)
    if short and len(short.group(1)) >= 4:
        for pattern in patterns:
            yield pattern.format(short.group(1)), 2


class Resolver:
    """Resolves names among ``bodies``; build once, use often (a look-up takes microseconds)."""

    def __init__(self, bodies: Bodies) -> None:
        self.bodies = bodies
        self._forms: dict[str, dict[str, tuple[int, Body]]] = {}
        self._places: dict[str, dict[str, Body]] = {}
        for body in bodies:
            for form, rank in _forms(body):
                if not form:
                    continue
                owners = self._forms.setdefault(form, {})
                if body.key not in owners or owners[body.key][0] > rank:
                    owners[body.key] = (rank, body)
            if body.place and body.kind == "council":
                place = key_of(body.place)
                for bare in {place, re.sub(r"^(?:county|city) | city$", "", place)}:
                    self._places.setdefault(bare, {})[body.key] = body
        self._other_sorts()
        for place, there in list(self._places.items()):
            short = _SHORT.match(place)
            if short and len(short.group(1)) >= 4:
                self._places.setdefault(short.group(1), {}).update(there)
        self._compact = {place.replace(" ", ""): place for place in self._places}
        self._resolve = functools.lru_cache(maxsize=65_536)(self._resolve_uncached)

    def _other_sorts(self) -> None:
        """``Bracknell Forest Borough Council``: the wrong sort of council, but the only one there.

        Counties are left out, for a county's place is often a district's too.
        """
        for place, there in self._places.items():
            if len(there) != 1:
                continue
            (body,) = there.values()
            if body.type not in ("NMD", "UA", "MD"):
                continue
            for sort in ("borough", "district", "city"):
                owners = self._forms.setdefault(f"{place} {sort} council", {})
                owners.setdefault(body.key, (3, body))

    def resolve(
        self, text: str, on: date | None = None, path_hint: str | None = None
    ) -> Resolution:
        """Which body ``text`` names on the day; with ``path_hint``, what the path says if it does
        not. The text outweighs the path."""
        found = self._resolve(text, on)
        if found.status == "resolved" or path_hint is None:
            return found
        by_path = self.from_path(path_hint, on)
        if found.status == "ambiguous" and by_path.body in found.candidates:
            return by_path
        return by_path if found.status == "unknown" and not text.strip() else found

    def _resolve_uncached(self, text: str, on: date | None) -> Resolution:
        stripped = text.strip(" .\t\r\n")
        if not stripped:
            return Resolution("unknown", why="no name given")
        code = self.bodies.find_code(stripped)
        if code is not None:
            return Resolution("resolved", code, (code,), "its code")
        for piece, cut in _readings(html.unescape(stripped)):
            if cut and not _OTHER_BODIES.isdisjoint(_TOKEN.findall(cut.lower())):
                continue
            found = self._exact(key_of(piece), on)
            if found is None:
                continue
            other = self._exact(key_of(_MARKER.sub("", cut)), on) if cut else None
            if other is not None and other.body != found.body:
                both = tuple(sorted({*found.candidates, *other.candidates}, key=lambda b: b.key))
                return Resolution("ambiguous", None, both, "two bodies are named")
            if cut and other is None and "council" in cut.lower():
                continue
            return found
        behalf = re.split(r"(?i)\bon behalf of\b", stripped)
        if len(behalf) == 2 and (found := self._exact(key_of(behalf[1]), on)) is not None:
            return found
        return self._department(key_of(stripped), on) or Resolution(
            "unknown", why="no body is known by this name"
        )

    def _exact(self, key: str, on: date | None) -> Resolution | None:
        owners = dict(self._forms.get(key, {}))
        if not owners and key.endswith(" cc"):
            for council in ("county council", "city council"):
                owners.update(self._forms.get(f"{key[:-3]} {council}", {}))
        if not owners:
            return None
        best = min(rank for rank, _ in owners.values())
        found = tuple(body for rank, body in owners.values() if rank == best)
        return self._decide(found, on, "its name" if best == 0 else "a form of its name")

    def _department(self, key: str, on: date | None) -> Resolution | None:
        """A known name followed only by words for a department of it."""
        tokens = key.split()
        for end in range(len(tokens) - 1, 1, -1):
            if tokens[end] not in _DEPARTMENTS:
                return None
            head = tokens[:end]
            if "council" not in head and head[:2] != ["london", "borough"]:
                continue  # "Wakefield and District Housing" is a housing company
            found = self._exact(" ".join(head), on)
            if found is not None:
                return found
        return None

    def _decide(self, found: Iterable[Body], on: date | None, why: str) -> Resolution:
        bodies = tuple(sorted(found, key=lambda body: body.key))
        if len(bodies) == 1:
            return self._on(bodies[0], on, why)
        if on is not None:
            then = tuple(body for body in bodies if body.existed(on))
            if len(then) == 1:
                return Resolution("resolved", then[0], bodies, f"{why}, on {on}")
        names = "; ".join(body.name for body in bodies)
        return Resolution("ambiguous", None, bodies, f"{why} fits {names}")

    def _on(self, body: Body, on: date | None, why: str) -> Resolution:
        if on is None or body.existed(on):
            return Resolution("resolved", body, (body,), why)
        if body.valid_to and (on - _LATE).isoformat() >= body.valid_to:
            later = self.bodies.successors(body, on)
            if len(later) == 1 and _same_place(later[0], body):
                return Resolution(
                    "resolved", later[0], (body, *later), f"{why}, as {body.name} was called before"
                )
        return Resolution("resolved", body, (body,), f"{why}, which did not exist on {on}")

    def from_path(self, path: str, on: date | None = None) -> Resolution:
        """Which council a file's place says it is of: nearest folder first, then outwards.

        A folder may be a bare place (``spend/hyndburn/``); a file's name counts when it holds a
        body's full name or one bare place. Two bodies in one name make it ambiguous.
        """
        parts = [part for part in re.split(r"[\\/!]", path) if part not in ("", ".", "..")]
        if not parts:
            return Resolution("unknown", why="the path is empty")
        ambiguous: Resolution | None = None
        for number, part in enumerate(reversed(parts)):
            stem = (
                PurePath(part).stem if number == 0 else re.sub(r"\.(tar|tgz|zip|gz).*$", "", part)
            )
            found = self._part(stem, on, folder=number > 0)
            if found is None:
                continue
            if found.status == "resolved":
                return found
            ambiguous = ambiguous or found
        return ambiguous or Resolution("unknown", why="no part of the path names a body")

    def _part(self, stem: str, on: date | None, *, folder: bool) -> Resolution | None:
        spaced = re.sub(r"(?<=[a-z])(?=[A-Z])|_|(?<=[A-Za-z])(?=\d)|(?<=\d)(?=[A-Za-z])", " ", stem)
        key = key_of(spaced)
        whole = self._exact(key, on)
        if whole is not None:
            return whole
        bare = self._places.get(key) or self._places.get(
            self._compact.get(key.replace(" ", ""), "")
        )
        if bare and (folder or key not in _NOT_ALONE):
            return self._decide(tuple(bare.values()), on, f"the place {stem!r} in the path")
        tokens = key.split()
        for size in range(min(7, len(tokens)), 1, -1):
            hits = {}
            for start in range(len(tokens) - size + 1):
                found = self._exact(" ".join(tokens[start : start + size]), on)
                if found is not None and not _other(tokens, start, size):
                    for body in found.candidates:
                        hits[body.key] = body
            if hits:
                return self._decide(tuple(hits.values()), on, "a name in the path")
        for size in range(min(5, len(tokens)), 0, -1):
            hits = {}
            for start in range(len(tokens) - size + 1):
                place = " ".join(tokens[start : start + size])
                if place in self._places and place not in _NOT_ALONE and len(place) >= 4:
                    rest = tokens[:start] + tokens[start + size :]
                    if any(word not in _BENIGN and not word.isdigit() for word in rest):
                        return None
                    hits.update(self._places[place])
            if hits:
                return self._decide(tuple(hits.values()), on, "a place in the path")
        return None


def _same_place(one: Body, other: Body) -> bool:
    bare = re.compile(r"^(?:county|city) | (?:city|county)$")
    return bare.sub("", key_of(one.place)) == bare.sub("", key_of(other.place))


def _other(tokens: list[str], start: int, size: int) -> bool:
    """Whether the words around a name in a path show that another body is meant."""
    around = set(tokens[:start] + tokens[start + size :])
    return not _OTHER_BODIES.isdisjoint(around)


def _readings(text: str) -> Iterator[tuple[str, str]]:
    """The text whole, then what stands before a dash, bracket or ``t/a``, with what was cut."""
    yield text, ""
    for match in _CUT.finditer(text):
        head, tail = text[: match.start()], text[match.start() :]
        if len(head) >= 6:
            yield head, tail


@functools.cache
def bundled_resolver() -> Resolver:
    """The resolver of the bundled bodies, built once a process."""
    return Resolver(load_bodies())


def resolve_body(text: str, on: date | None = None, path_hint: str | None = None) -> Resolution:
    """Which bundled body ``text`` names; see :meth:`Resolver.resolve`."""
    return bundled_resolver().resolve(text, on, path_hint)


def body_from_path(path: str, on: date | None = None) -> Resolution:
    """Which bundled body a file's path names; see :meth:`Resolver.from_path`."""
    return bundled_resolver().from_path(path, on)
