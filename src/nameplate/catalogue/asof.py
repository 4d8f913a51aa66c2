"""As-of queries: who was listed on a day, through whom, and could anybody have known by then.

Two clocks run here. The first is the world's: a listing takes effect on ``valid_from`` and may
have been announced before. The second is ours: ``recorded`` says when the catalogue came to know
a fact, and ``recorded_by`` leaves out what came later. All functions are pure.

A listing on a list whose reach is ``subsidiaries_and_affiliates`` reaches down the chain of
ownership as of the day, and every answer says through whom. Only control counts: a subsidiary, a
parent, an affiliate, or a shareholder known to hold more than half. Nothing reaches upwards.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Iterator
from enum import StrEnum
from itertools import pairwise
from typing import Final

import msgspec

from nameplate.catalogue import schema
from nameplate.catalogue.dates import reached, span
from nameplate.catalogue.store import Catalogue
from nameplate.model.absence import Absence

CONTROL: Final = frozenset({"subsidiary", "parent", "affiliate"})
"""Ties that carry a listing downwards whatever the share."""

MAX_CHAIN: Final = 6
"""Longest chain of owners followed; longer ones are not found in the trade, loops are."""


class Standing(StrEnum):
    """Where a day falls in a listing's life."""

    NOT_YET = "not yet"
    ANNOUNCED = "announced, not yet in force"
    IN_FORCE = "in force"
    ENDED = "ended"
    NOT_KNOWN = "not known"
    """The listing's date is shortened and the day falls inside it."""


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """A listing as it stands on a day, and how it reaches the firm asked about.

    ``through`` is the chain of ownership facts from the listed firm down to the one asked about,
    empty where the firm itself is named. ``sure`` is False where a date or an owner in the chain
    is not certain on that day; ``why_unsure`` then says what is open.
    """

    listing: schema.Listing
    watchlist: schema.Watchlist
    standing: Standing
    through: tuple[schema.Ownership, ...] = ()
    sure: bool = True
    why_unsure: str = ""

    @property
    def named(self) -> bool:
        """Whether the firm itself is the one that is listed."""
        return not self.through


class Period(msgspec.Struct, frozen=True):
    """A stretch without a gap: ``since``, ``until`` (exclusive, empty: not ended), ``editions``."""

    since: str
    until: str
    editions: tuple[str, ...] = ()


class Knowable(msgspec.Struct, frozen=True, kw_only=True):
    """Whether a listing was public by a day: ``answer`` is yes, no, or why it can't be said."""

    answer: bool | Absence
    entries: tuple[Entry, ...]
    says: str


def standing(listing: schema.Listing, on: datetime.date) -> Standing:
    """Where ``on`` falls in the life of ``listing``; ``valid_to`` is exclusive."""
    begun = reached(listing.valid_from, on)
    if begun is None:
        return Standing.NOT_KNOWN
    if not begun:
        if listing.announced and reached(listing.announced, on):
            return Standing.ANNOUNCED
        return Standing.NOT_YET
    ended = reached(listing.valid_to, on) if listing.valid_to else False
    if ended is None:
        return Standing.NOT_KNOWN
    return Standing.ENDED if ended else Standing.IN_FORCE


def history(
    catalogue: Catalogue,
    subject: str,
    on: datetime.date,
    lists: Collection[str] | None = None,
    *,
    recorded_by: datetime.date | None = None,
) -> list[Entry]:
    """Every listing of ``subject`` or of a firm whose listing reaches it, as it stands ``on``.

    ``subject`` is a maker's key or ``entity:`` and a name; ``lists`` keeps to these watchlists'
    keys. Facts that are mere leads are left out, and with ``recorded_by`` those that the
    catalogue learned of later. Sorted by the day they took effect, then by id.
    """
    watchlists = {item.key: item for item in catalogue.watchlists}
    chains = dict(_owners(catalogue, subject, on, recorded_by))
    entries = []
    for listing in catalogue.listings:
        if not _usable(listing, recorded_by) or (lists and listing.watchlist not in lists):
            continue
        chain = () if listing.subject == subject else chains.get(listing.subject)
        watchlist = watchlists[listing.watchlist]
        if chain is None or (chain and watchlist.reach != "subsidiaries_and_affiliates"):
            continue
        entries.append(_entry(listing, watchlist, chain, on))
    return sorted(entries, key=lambda e: (e.listing.valid_from, e.listing.id))


def listed(
    catalogue: Catalogue,
    subject: str,
    on: datetime.date,
    lists: Collection[str] | None = None,
    *,
    recorded_by: datetime.date | None = None,
) -> list[Entry]:
    """The listings of ``history`` that are in force ``on`` that day, or may be (``sure`` False)."""
    alive = (Standing.IN_FORCE, Standing.NOT_KNOWN)
    found = history(catalogue, subject, on, lists, recorded_by=recorded_by)
    return [entry for entry in found if entry.standing in alive]


def known_at(
    catalogue: Catalogue,
    subject: str,
    on: datetime.date | str | None,
    lists: Collection[str] | None = None,
) -> Knowable:
    """Whether a listing of ``subject`` had been announced or was in force by ``on``.

    ``on`` may be shortened text (``2021``): the answer then holds for every day it can mean, or
    is *not computable*. ``None`` or an empty text is *not computable*: nothing is made up.
    """
    if not on:
        return Knowable(
            answer=Absence.NOT_COMPUTABLE, entries=(), says="the date of signature is not given"
        )
    first, last = span(on) if isinstance(on, str) else (on, on)
    public = (Standing.IN_FORCE, Standing.ANNOUNCED, Standing.ENDED)

    def by(day: datetime.date) -> list[Entry]:
        entries = history(catalogue, subject, day, lists)
        return [entry for entry in entries if entry.standing in public and entry.sure]

    early, late = by(first), by(last)
    if early:
        what = early[0]
        day = what.listing.announced or what.listing.valid_from
        says = f"{what.watchlist.name} named “{what.listing.listed_as}” in public from {day}"
        return Knowable(answer=True, entries=tuple(early), says=says)
    if late:
        says = f"a listing became public between {first} and {last}, and the day is not given"
        return Knowable(answer=Absence.NOT_COMPUTABLE, entries=tuple(late), says=says)
    open_ = [e for e in history(catalogue, subject, last, lists) if not e.sure]
    if open_:
        return Knowable(
            answer=Absence.NOT_COMPUTABLE, entries=tuple(open_), says=open_[0].why_unsure
        )
    says = f"no listing in the catalogue was public by {last}"
    return Knowable(answer=False, entries=(), says=says)


def periods(listings: Iterable[tuple[str, str]]) -> list[Period]:
    """Join (from, to) rows of one firm on one list into stretches without a gap.

    A row that begins on or before the day another ends continues it: a new edition, not a new
    listing. One that begins later is a real gap. Rows without a beginning are left out: nothing
    can be said of them. ``to`` is exclusive; empty means not ended.
    """
    rows = sorted((since, until) for since, until in listings if since)
    found: list[Period] = []
    for since, until in rows:
        last = found[-1] if found else None
        if last and (not last.until or span(since)[0] <= span(last.until)[1]):
            end = "" if not until or not last.until else max(until, last.until)
            if since != last.since:
                last = Period(last.since, end, (*last.editions, since))
            found[-1] = Period(last.since, end, last.editions)
        else:
            found.append(Period(since, until))
    return found


def listing_periods(entries: Iterable[Entry]) -> dict[str, list[Period]]:
    """Stretches without a gap, by watchlist key, over entries that name or reach one firm."""
    rows: dict[str, list[tuple[str, str]]] = {}
    for entry in entries:
        item = entry.listing
        dates = (item.valid_from, *item.editions)
        row = rows.setdefault(item.watchlist, [])
        row += [(day, item.valid_to) for day in dates]
    return {key: periods(value) for key, value in rows.items()}


def gaps(stretches: Iterable[Period]) -> list[tuple[str, str]]:
    """The (from, to) days on which a firm was off the list between two stretches."""
    return [(a.until, b.since) for a, b in pairwise(stretches)]


def owners(
    catalogue: Catalogue, subject: str, on: datetime.date
) -> list[tuple[str, tuple[schema.Ownership, ...]]]:
    """Who controls ``subject`` on the day, nearest first, each with the chain of facts down."""
    return list(_owners(catalogue, subject, on, None))


def _usable(fact: schema.Fact, recorded_by: datetime.date | None) -> bool:
    if fact.confidence is schema.Confidence.LEAD:
        return False
    return recorded_by is None or reached(fact.recorded, recorded_by) is True


def _holds(tie: schema.Ownership, on: datetime.date) -> bool | None:
    """Whether the tie held on the day: None where its dates leave that open."""
    begun = reached(tie.valid_from, on)
    ended = reached(tie.valid_to, on) if tie.valid_to else False
    if begun is False or ended is True:
        return False
    return None if begun is None or ended is None else True


def _carries(tie: schema.Ownership) -> bool:
    return tie.relation in CONTROL or (tie.share is not None and tie.share > 50)


def _owners(
    catalogue: Catalogue, subject: str, on: datetime.date, recorded_by: datetime.date | None
) -> Iterator[tuple[str, tuple[schema.Ownership, ...]]]:
    seen = {subject}
    level: list[tuple[str, tuple[schema.Ownership, ...]]] = [(subject, ())]
    for _ in range(MAX_CHAIN):
        above: list[tuple[str, tuple[schema.Ownership, ...]]] = []
        for firm, chain in level:
            for tie in catalogue.ownership:
                if tie.owned != firm or tie.owner in seen or not _carries(tie):
                    continue
                if not _usable(tie, recorded_by) or _holds(tie, on) is False:
                    continue
                seen.add(tie.owner)
                above.append((tie.owner, (tie, *chain)))
        yield from above
        level = above


def _entry(
    listing: schema.Listing,
    watchlist: schema.Watchlist,
    chain: tuple[schema.Ownership, ...],
    on: datetime.date,
) -> Entry:
    where = standing(listing, on)
    doubts = []
    if where is Standing.NOT_KNOWN:
        doubts.append(f"the listing's date is known only as {listing.valid_from}")
    for tie in chain:
        if _holds(tie, on) is None:
            doubts.append(f"since when {bare(tie.owner)} has held {bare(tie.owned)} is not known")
        if tie.confidence is schema.Confidence.CLAIM:
            doubts.append(f"that {bare(tie.owner)} holds {bare(tie.owned)} is a claim")
    return Entry(
        listing=listing,
        watchlist=watchlist,
        standing=where,
        through=chain,
        sure=not doubts,
        why_unsure="; ".join(doubts),
    )


def bare(subject: str) -> str:
    """A subject as a person reads it: the name of an entity, or a maker's key."""
    return subject.removeprefix("entity:")
