"""Everything the catalogue holds on one maker or firm as of a date, as one plain object.

Facts that began later than the date are kept apart (``later``), so that a reader sees both what
stood then and what came since; mere leads are left out and counted.
"""

from __future__ import annotations

import datetime

import msgspec

from nameplate.catalogue import asof, schema
from nameplate.catalogue.dates import reached
from nameplate.catalogue.lookup import ENTITY, Found, find, squash
from nameplate.catalogue.store import KINDS, Catalogue


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One fact as shown: what it says, since and until when, how well known, and its sources."""

    id: str
    says: str
    confidence: str
    sources: tuple[schema.Source, ...]
    since: str = ""
    until: str = ""
    when: str = "then"
    """``then`` (held on the day), ``later``, ``ended``, ``not known`` (date missing or short)."""
    note: str = ""


class ListingLine(Line, frozen=True, kw_only=True):
    """A listing: on which list, how it reaches the firm, what it forbids and whom it binds."""

    watchlist: str
    authority: str
    listed_as: str
    standing: str
    announced: str
    editions: tuple[str, ...]
    through: tuple[str, ...]
    sure: bool
    why_unsure: str
    scope: str
    forbids: str
    binds: str
    binds_uk_councils: bool
    citation: str


class Card(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of ``subject`` as of a date, in the order a person reads it."""

    asked: str
    found_by: str
    subject: str
    name: str
    country: str
    makes: tuple[str, ...]
    identifiers: tuple[str, ...]
    brand_asked: str
    as_of: str
    catalogue_version: str
    names: tuple[Line, ...]
    brands: tuple[Line, ...]
    grammars: tuple[Line, ...]
    rebrands: tuple[Line, ...]
    distributors: tuple[Line, ...]
    listings: tuple[ListingLine, ...]
    ownership: tuple[Line, ...]
    knowable: str
    leads_left_out: int


def last_recorded(catalogue: Catalogue) -> datetime.date:
    """The latest day on which a fact was recorded: the default of "as of", and no wall clock."""
    days = [fact.recorded for stem in KINDS for fact in getattr(catalogue, stem) if fact.recorded]
    return datetime.date.fromisoformat(max((d for d in days if len(d) == 10), default="2026-01-01"))


def card(catalogue: Catalogue, asked: str, as_of: datetime.date | None = None) -> Card:
    """Gather all facts on what ``asked`` names; raises CatalogueError where it names nothing."""
    day = as_of or last_recorded(catalogue)
    found = find(catalogue, asked)
    key = found.subject
    leads = _leads(catalogue, key)
    name = found.maker.name if found.maker else key.removeprefix(ENTITY)
    knowable = asof.known_at(catalogue, key, day)
    return Card(
        asked=asked,
        found_by=found.how,
        subject=key,
        name=name,
        country=found.maker.country if found.maker else "",
        makes=found.maker.makes if found.maker else (),
        identifiers=found.maker.identifiers if found.maker else (),
        brand_asked=found.brand.label if found.brand else "",
        as_of=day.isoformat(),
        catalogue_version=catalogue.version,
        names=tuple(
            _line(n, f"{n.text} ({_kind(n)})", day) for n in catalogue.names if _on(n, key)
        ),
        brands=tuple(_line(b, b.label, day) for b in catalogue.brands if _on(b, key)),
        grammars=tuple(_grammar(g, day) for g in catalogue.grammars if _on(g, key)),
        rebrands=tuple(_rebrands(catalogue, found, day)),
        distributors=tuple(_distributors(catalogue, key, day)),
        listings=tuple(_listings(catalogue, key, day)),
        ownership=tuple(_ownership(catalogue, key, day)),
        knowable=knowable.says,
        leads_left_out=leads,
    )


def _on(fact: schema.Name | schema.Brand | schema.Grammar, key: str) -> bool:
    return fact.maker == key and fact.confidence is not schema.Confidence.LEAD


def _leads(catalogue: Catalogue, key: str) -> int:
    fields = ("maker", "subject", "owner", "owned")
    return sum(
        fact.confidence is schema.Confidence.LEAD
        and key in [getattr(fact, field, None) for field in fields]
        for stem in KINDS
        for fact in getattr(catalogue, stem)
    )


def _kind(name: schema.Name) -> str:
    words = [name.kind.value]
    if name.needs_context:
        words.append("only beside a word of the trade")
    return ", ".join(words)


def _when(since: str, until: str, day: datetime.date) -> str:
    begun = reached(since, day)
    if begun is False:
        return "later"
    if until and reached(until, day):
        return "ended"
    return "then" if begun else "not known"


def _line(fact: schema.Fact, says: str, day: datetime.date, since: str = "") -> Line:
    start = since or getattr(fact, "valid_from", "")
    end = getattr(fact, "valid_to", "")
    return Line(
        id=fact.id,
        says=says,
        confidence=fact.confidence.value,
        sources=fact.sources,
        since=start,
        until=end,
        when=_when(start, end, day),
        note=fact.note,
    )


def _grammar(grammar: schema.Grammar, day: datetime.date) -> Line:
    badge = f", {grammar.brand}" if grammar.brand else ""
    says = f"{grammar.device}{badge}: {', '.join(grammar.examples[:3])} (weight {grammar.weight:g})"
    return _line(grammar, says, day)


def _rebrands(catalogue: Catalogue, found: Found, day: datetime.date) -> list[Line]:
    own = {squash(found.maker.name)} if found.maker else set()
    own |= {squash(b.name) for b in catalogue.brands if b.maker == found.subject}
    lines = []
    for claim in catalogue.rebrands:
        if claim.confidence is schema.Confidence.LEAD:
            continue
        if claim.maker != found.subject and squash(claim.brand) not in own:
            continue
        by = catalogue.maker(claim.maker).name if claim.maker else "a maker that is not told apart"
        says = f"{claim.brand} ({claim.scope}) is by {by}, says {claim.claimed_by}"
        if claim.stance != "claimed":
            says = f"{says}: {claim.stance}"
        lines.append(_line(claim, says, day))
    return lines


def _distributors(catalogue: Catalogue, key: str, day: datetime.date) -> list[Line]:
    return [
        _line(d, f"{d.name} ({d.role}): {d.claim}, says {d.claimed_by}", day)
        for d in catalogue.distributors
        if d.maker == key and d.confidence is not schema.Confidence.LEAD
    ]


def _subject_name(catalogue: Catalogue, subject: str) -> str:
    if subject.startswith(ENTITY):
        return subject.removeprefix(ENTITY)
    return catalogue.maker(subject).name


def _ownership(catalogue: Catalogue, key: str, day: datetime.date) -> list[Line]:
    lines = []
    for tie in catalogue.ownership:
        if key in (tie.owner, tie.owned) and tie.confidence is not schema.Confidence.LEAD:
            share = f", {tie.share:g} %" if tie.share is not None else ", share not given"
            owner = _subject_name(catalogue, tie.owner)
            owned = _subject_name(catalogue, tie.owned)
            lines.append(_line(tie, f"{owner} over {owned} ({tie.relation}{share})", day))
    return lines


def _listings(catalogue: Catalogue, key: str, day: datetime.date) -> list[ListingLine]:
    lines = []
    for entry in asof.history(catalogue, key, day):
        item, watchlist = entry.listing, entry.watchlist
        lines.append(
            ListingLine(
                id=item.id,
                says=watchlist.name,
                confidence=item.confidence.value,
                sources=item.sources,
                since=item.valid_from,
                until=item.valid_to,
                when=_when(item.valid_from, item.valid_to, day),
                note=item.note,
                watchlist=watchlist.key,
                authority=watchlist.authority,
                listed_as=item.listed_as,
                standing=entry.standing.value,
                announced=item.announced,
                editions=item.editions,
                through=tuple(
                    f"{_subject_name(catalogue, t.owner)} → {_subject_name(catalogue, t.owned)}"
                    for t in entry.through
                ),
                sure=entry.sure,
                why_unsure=entry.why_unsure,
                scope=item.scope,
                forbids=watchlist.forbids,
                binds=watchlist.binds,
                binds_uk_councils=watchlist.binds_uk_councils,
                citation=item.citation,
            )
        )
    return lines
