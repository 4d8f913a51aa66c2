"""From a row and a known party to findings: listed then, listed now, by whom, on what evidence."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from enum import StrEnum

import msgspec

from nameplate.catalogue import asof
from nameplate.catalogue.asof import Standing
from nameplate.catalogue.dates import reached
from nameplate.catalogue.lookup import ENTITY
from nameplate.catalogue.schema import Watchlist
from nameplate.catalogue.watchlists.entry import ListEntry
from nameplate.tracing.screening.asking import Ask
from nameplate.tracing.screening.known import Candidate, Known


class Answer(StrEnum):
    """Whether a name was listed on the day. *Nothing found* is no clearance."""

    LISTED = "listed"
    POSSIBLE = "possible"
    """Listed, if the name is the listed firm's, or the date falls so: for a person to decide."""
    NOT_LISTED = "nothing found"
    NOT_COMPUTABLE = "not computable"


class Asker(msgspec.Struct, frozen=True, kw_only=True):
    """The body for which names are screened: its kind decides which lists bind it.

    ``nation`` is England, Wales, Scotland or Northern Ireland, empty where not told.
    """

    kind: str = "council"
    nation: str = ""
    name: str = ""


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """One list's answer for one row, with what it rests on."""

    watchlist: str
    list_name: str
    listed_as: str
    then: Answer
    now: Answer
    since: str
    until: str
    editions: tuple[str, ...]
    announced: str
    public_then: Answer
    """Whether the listing was public by the day asked about: could it have been known?"""
    scope: str
    binds: str
    """``yes``, ``no`` or ``not known``: whether the list binds a body of the kind asked about."""
    binds_whom: str
    citation: str
    through: tuple[str, ...]
    matched: str
    """How the name was matched: ``identifier``, ``same name`` or ``alike``."""
    certain: bool
    score: float
    known_as: str
    reasons: tuple[str, ...]
    evidence: str
    """Fact of the catalogue, or list, snapshot and place of the entry."""
    why_open: str = ""


class Sale(msgspec.Struct, frozen=True, kw_only=True):
    """A supplier that is not listed itself is said to sell a maker's equipment.

    This is no listing of the supplier: ``maker_then`` and ``maker_now`` are the maker's.
    """

    maker: str
    role: str
    claim: str
    claimed_by: str
    since: str
    maker_then: Answer
    maker_now: Answer
    evidence: str


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """One row's answer: the strongest of its findings, and all of them.

    ``sells`` says whose equipment the supplier is known to sell; it does not count as a finding.
    """

    locator: str
    name: str
    as_of: str
    listed_then: Answer
    listed_now: Answer
    findings: tuple[Finding, ...]
    sells: tuple[Sale, ...] = ()


_ORDER = (Answer.LISTED, Answer.POSSIBLE, Answer.NOT_COMPUTABLE, Answer.NOT_LISTED)


def strongest(answers: list[Answer], *, none: Answer) -> Answer:
    """The answer that weighs most: listed, possible, not computable, nothing found."""
    return min(answers, key=_ORDER.index, default=none)


def judge(ask: Ask, known: Known, *, now: datetime.date, asker: Asker) -> Result:
    """Every finding for one row; pure but for the indexes it asks.

    An entry without a date says nothing of the day asked about; it counts towards the row's
    answer only where no dated entry of the same list was found for it.
    """
    findings: list[Finding] = []
    for candidate in known.candidates(ask.name, ask.identifiers):
        if candidate.key.startswith("list:"):
            findings += _snapshot_findings(ask, candidate, known, now, asker)
        else:
            findings += _catalogue_findings(ask, candidate, known, now, asker)
    dated_lists = {finding.watchlist for finding in findings if finding.since}
    counted = [f for f in findings if f.since or f.watchlist not in dated_lists]
    none = Answer.NOT_LISTED if ask.name or ask.identifiers else Answer.NOT_COMPUTABLE
    said = ask.said or (ask.first.isoformat() if ask.first else "")
    return Result(
        locator=ask.locator,
        name=ask.name,
        as_of=said,
        listed_then=strongest([f.then for f in counted], none=none),
        listed_now=strongest([f.now for f in findings], none=none),
        findings=tuple(findings),
        sells=tuple(_sales(ask, known, now)),
    )


def _sales(ask: Ask, known: Known, now: datetime.date) -> Iterator[Sale]:
    for item in known.sells(ask.name, ask.identifiers):
        ends = [_listed_on(known, item.maker, day) for day in (ask.first, ask.last)]
        yield Sale(
            maker=known.catalogue.maker(item.maker).name,
            role=item.role,
            claim=item.claim,
            claimed_by=item.claimed_by,
            since=item.valid_from,
            maker_then=_between(*ends),
            maker_now=_listed_on(known, item.maker, now),
            evidence=f"fact {item.id}",
        )


def _listed_on(known: Known, maker: str, day: datetime.date | None) -> Answer:
    if day is None:
        return Answer.NOT_COMPUTABLE
    answers = [_standing_answer(entry) for entry in known.listings(maker, day) if entry.sure]
    return strongest(answers, none=Answer.NOT_LISTED)


def _between(first: Answer, last: Answer) -> Answer:
    """The answer for a span of days: what holds on all of them, else not computable."""
    return first if first is last else Answer.NOT_COMPUTABLE


def _soften(answer: Answer, *, certain: bool) -> Answer:
    return Answer.POSSIBLE if answer is Answer.LISTED and not certain else answer


def _binds(watchlist: Watchlist | None, asker: Asker) -> tuple[str, str]:
    if watchlist is None:
        return "not known", ""
    bound = "all" in watchlist.binds_kinds or asker.kind in watchlist.binds_kinds
    if bound and watchlist.binds_nations:
        if not asker.nation:
            return "not known", f"{watchlist.binds} (in {', '.join(watchlist.binds_nations)})"
        bound = asker.nation in watchlist.binds_nations
    return ("yes" if bound else "no"), watchlist.binds


def _standing_answer(entry: asof.Entry) -> Answer:
    if entry.standing is Standing.NOT_KNOWN:
        return Answer.NOT_COMPUTABLE
    return Answer.LISTED if entry.standing is Standing.IN_FORCE else Answer.NOT_LISTED


def _catalogue_findings(
    ask: Ask, candidate: Candidate, known: Known, now: datetime.date, asker: Asker
) -> Iterator[Finding]:
    first = {e.listing.id: e for e in known.listings(candidate.key, ask.first)} if ask.first else {}
    last = {e.listing.id: e for e in known.listings(candidate.key, ask.last)} if ask.last else {}
    for entry in known.listings(candidate.key, now):
        item, watchlist = entry.listing, entry.watchlist
        reaches = not candidate.subsidiary or watchlist.reach == "subsidiaries_and_affiliates"
        certain = candidate.certain and reaches and entry.sure
        open_ = [entry.why_unsure] if entry.why_unsure else []
        through = tuple(
            f"{_called(known, tie.owner)} → {_called(known, tie.owned)}" for tie in entry.through
        )
        if candidate.subsidiary:
            through = (*through, f"{_called(known, candidate.key)} → {candidate.known_as}")
            if not reaches:
                open_.append("the list names the parent and does not say that it reaches this firm")
        a, b = first.get(item.id), last.get(item.id)
        if ask.first is None:
            then = public = Answer.NOT_COMPUTABLE
        else:
            then = _between(*(_standing_answer(e) if e else Answer.NOT_LISTED for e in (a, b)))
            public = _between(*(_public(e) for e in (a, b)))
        binds, whom = _binds(watchlist, asker)
        yield Finding(
            watchlist=watchlist.key,
            list_name=watchlist.name,
            listed_as=item.listed_as,
            then=_soften(then, certain=certain),
            now=_soften(_standing_answer(entry), certain=certain),
            since=item.valid_from,
            until=item.valid_to,
            editions=item.editions,
            announced=item.announced,
            public_then=_soften(public, certain=certain),
            scope=item.scope,
            binds=binds,
            binds_whom=whom,
            citation=item.citation,
            through=through,
            matched=candidate.how,
            certain=candidate.certain,
            score=candidate.score,
            known_as=candidate.known_as,
            reasons=candidate.reasons,
            evidence=f"fact {item.id}",
            why_open="; ".join(open_),
        )


def _called(known: Known, subject: str) -> str:
    if subject.startswith(ENTITY):
        return asof.bare(subject)
    return known.catalogue.maker(subject).name


def _public(entry: asof.Entry | None) -> Answer:
    if entry is None or entry.standing is Standing.NOT_YET:
        return Answer.NOT_LISTED
    return Answer.NOT_COMPUTABLE if entry.standing is Standing.NOT_KNOWN else Answer.LISTED


def _snapshot_findings(
    ask: Ask, candidate: Candidate, known: Known, now: datetime.date, asker: Asker
) -> Iterator[Finding]:
    entries = known.entries[candidate.key]
    list_key = candidate.key.split(":")[1]
    snapshot = known.snapshots[list_key]
    rows = [(entry.valid_from, entry.valid_to) for entry in entries]
    periods = asof.periods(rows) or [asof.Period("", "")]
    for period in periods:
        mine = [e for e in entries if not e.valid_from or _within(e, period)]
        entry = mine[0]
        watchlist = known.watchlists.get(entry.watchlist)
        binds, whom = _binds(watchlist, asker)
        open_ = [] if period.since else ["the list gives no date from which it holds"]
        reaches = watchlist is not None and watchlist.reach == "subsidiaries_and_affiliates"
        certain = candidate.certain and (reaches or not candidate.subsidiary)
        if candidate.subsidiary and not reaches:
            open_.append("the list names the parent and does not say that it reaches this firm")
        then = _between(_in(period, ask.first), _in(period, ask.last))
        announced = min((e.announced for e in mine if e.announced), default="")
        start = asof.Period(announced or period.since, "")
        public = _between(_in(start, ask.first), _in(start, ask.last))
        yield Finding(
            watchlist=entry.watchlist or list_key,
            list_name=watchlist.name if watchlist else entry.source_list,
            listed_as=entry.name,
            then=_soften(then, certain=certain),
            now=_soften(
                _in(period, now) if period.since or period.until else Answer.LISTED,
                certain=certain,
            ),
            since=period.since,
            until=period.until,
            editions=period.editions,
            announced=announced,
            public_then=_soften(public, certain=certain),
            scope=entry.scope,
            binds=binds,
            binds_whom=whom,
            citation=entry.citation,
            through=(f"{entry.name} → {candidate.known_as}",) if candidate.subsidiary else (),
            matched=candidate.how,
            certain=candidate.certain,
            score=candidate.score,
            known_as=candidate.known_as,
            reasons=candidate.reasons,
            evidence=f"{list_key}@{snapshot.snapshot_id[:16]} "
            + ", ".join(e.locator for e in mine),
            why_open="; ".join(open_),
        )


def _within(entry: ListEntry, period: asof.Period) -> bool:
    return entry.valid_from == period.since or entry.valid_from in period.editions


def _in(period: asof.Period, day: datetime.date | None) -> Answer:
    if day is None or not period.since:
        return Answer.NOT_COMPUTABLE
    begun = reached(period.since, day)
    ended = reached(period.until, day) if period.until else False
    if begun is False or ended is True:
        return Answer.NOT_LISTED
    return Answer.NOT_COMPUTABLE if begun is None or ended is None else Answer.LISTED
