"""What a name is looked up in: the catalogue's listings and the snapshots of lists in force."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterator
from typing import Final

import msgspec

from nameplate.catalogue import asof
from nameplate.catalogue.aliases import bundled_aliases
from nameplate.catalogue.card import last_recorded
from nameplate.catalogue.lookup import ENTITY, entities, squash
from nameplate.catalogue.schema import Confidence, Distributor, NameKind, Watchlist
from nameplate.catalogue.store import Catalogue
from nameplate.catalogue.watchlists.entry import ListEntry
from nameplate.catalogue.watchlists.snapshots import Snapshot, Store
from nameplate.model.errors import UsageError
from nameplate.names.identifiers import parse
from nameplate.names.index import NameIndex
from nameplate.names.normalise import prepare
from nameplate.tracing.parties.judgements import Judgements, Verdict
from nameplate.tracing.parties.known import KnownParties

FLOOR: Final = 0.7
"""Score (0-1) from which a name that is merely alike is shown as *possible*. The fitted scorer says
match from 0.5; at 0.7 the pairs it adds are mostly one common word shared (docs/reference)."""

_FIRMS: Final = frozenset({"Company", "Organization", "LegalEntity"})
"""What suppliers are looked up among: firms; persons, ships and classes of goods are not."""


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """One list that was searched, as the record of a run names it."""

    key: str
    name: str
    origin: str
    """``catalogue``, or ``snapshot``."""
    snapshot_id: str = ""
    entries_sha256: str = ""
    reader_version: int = 0
    received: str = ""
    published: str = ""
    searched: int = 0
    """Entries (of firms) that names were compared with."""


class Candidate(msgspec.Struct, frozen=True, kw_only=True):
    """A known party that a name may be: how it was matched, and whether that is certain."""

    key: str
    known_as: str
    how: str
    certain: bool
    score: float
    reasons: tuple[str, ...]
    subsidiary: bool = False
    """The name is known as a subsidiary's of the party under ``key``."""


def same_form(name: str) -> str:
    """The form in which two names are the same: normalised, without legal form or "company".

    Lists write ``Dahua Technology Company`` of a firm that is registered as ``… Co., Ltd.``; one
    word must stay, so that ``The Company Ltd`` is not nobody.
    """
    tokens = prepare(name).tokens
    if len(tokens) > 1 and tokens[-1] in ("company", "co"):
        tokens = tokens[:-1]
    return " ".join(tokens)


class Known:
    """Everything that is searched, indexed once."""

    def __init__(
        self,
        catalogue: Catalogue,
        store: Store | None,
        lists: Collection[str] | None = None,
        judgements: Judgements | None = None,
    ) -> None:
        """Index the catalogue and the snapshots in force; ``lists`` keeps to these keys.

        ``judgements`` are a person's, on pairs of names: they win over every likeness.

        Raises UsageError where a list asked for is in neither, StoreError on altered snapshots.
        """
        self.catalogue = catalogue
        self.judgements = judgements or Judgements()
        self.parties = KnownParties(catalogue, self.judgements)
        self.lists = frozenset(lists or ())
        self.watchlists: dict[str, Watchlist] = {w.key: w for w in catalogue.watchlists}
        self.entries: dict[str, list[ListEntry]] = {}
        self.snapshots: dict[str, Snapshot] = {}
        self.sources: list[Source] = []
        self._subsidiaries: set[tuple[str, str]] = set()
        self._ids: dict[str, set[str]] = {}
        self._same: dict[str, dict[str, str]] = {}
        self._parties: dict[str, set[str]] = {}
        self._index = NameIndex([], aliases=bundled_aliases())
        self._loose = NameIndex([])
        self._file_catalogue()
        if store is not None:
            for key in store.lists():
                if not self.lists or key in self.lists:
                    self._file_snapshot(store, key)
        missing = self.lists - self.watchlists.keys() - self.snapshots.keys()
        if missing:
            raise UsageError(
                f"the list {min(missing)!r} is neither in the catalogue nor imported",
                do="`nameplate catalogue lists` names them",
            )

    def latest(self) -> datetime.date:
        """The newest day that any of this knows of: what "now" means unless told."""
        days = [last_recorded(self.catalogue).isoformat()]
        days += [snapshot.received for snapshot in self.snapshots.values()]
        return datetime.date.fromisoformat(max(day for day in days if len(day) == 10))

    def _add(self, index: NameIndex, key: str, name: str) -> None:
        index.add(key, name)
        form = same_form(name)
        if form:
            self._same.setdefault(form, {}).setdefault(key, name)

    def _file_catalogue(self) -> None:
        subjects = {item.subject for item in self.catalogue.listings}
        for name in self.catalogue.names:
            if name.confidence is Confidence.LEAD or name.needs_context:
                continue
            self._add(self._index, name.maker, name.text)
            if name.kind is NameKind.SUBSIDIARY:
                self._subsidiaries.add((name.maker, same_form(name.text)))
        for maker in self.catalogue.makers:
            for identifier in maker.identifiers:
                self._ids.setdefault(identifier.replace(":", "-", 1), set()).add(maker.key)
        for entity in entities(self.catalogue):
            self._add(self._index, ENTITY + entity, entity)
        counts: dict[str, int] = {}
        for item in self.catalogue.listings:
            if item.confidence is not Confidence.LEAD:
                counts[item.watchlist] = counts.get(item.watchlist, 0) + 1
        for watchlist in self.catalogue.watchlists:
            if self.lists and watchlist.key not in self.lists:
                continue
            self.sources.append(
                Source(
                    key=watchlist.key,
                    name=watchlist.name,
                    origin="catalogue",
                    searched=counts.get(watchlist.key, 0),
                )
            )
        for item in self.catalogue.listings:
            if item.subject in subjects and item.confidence is not Confidence.LEAD:
                self._add(self._index, item.subject, item.listed_as)

    def _file_snapshot(self, store: Store, key: str) -> None:
        snapshot = store.in_force(key)
        if snapshot is None:
            return
        self.snapshots[key] = snapshot
        searched = 0
        for entry in store.entries(snapshot):
            if entry.kind not in _FIRMS:
                continue
            searched += 1
            party = f"list:{key}:{entry.watchlist or entry.source_list}:{same_form(entry.name)}"
            self.entries.setdefault(party, []).append(entry)
            for subject in self._same.get(same_form(entry.name), ()):
                if not subject.startswith("list:"):
                    self._parties.setdefault(subject, set()).add(party)
            for name in entry.names:
                self._add(self._loose, party, name)
            for identifier in entry.identifiers:
                found = parse(identifier.rpartition(":")[2].split(" (")[0])
                if found is not None:
                    self._ids.setdefault(str(found), set()).add(party)
        self.sources.append(
            Source(
                key=key,
                name=snapshot.title,
                origin="snapshot",
                snapshot_id=snapshot.snapshot_id,
                entries_sha256=snapshot.entries_sha256,
                reader_version=snapshot.reader_version,
                received=snapshot.received,
                published=snapshot.published,
                searched=searched,
            )
        )

    def candidates(self, name: str, identifiers: Collection[str] = ()) -> Iterator[Candidate]:
        """Every known party that this name or these identifiers may be, best first.

        An equal identifier is certain, and so is a curated name of the catalogue or a name on the
        body's own list. The same name on a published list alone is not: two firms can share one,
        and it is for a person to decide. A name of one word is then the same only letter by letter.
        """
        found: dict[str, Candidate] = {}
        for identifier in sorted(identifiers):
            for key in sorted(self._ids.get(identifier, ())):
                found[key] = Candidate(
                    key=key,
                    known_as=identifier,
                    how="identifier",
                    certain=True,
                    score=1.0,
                    reasons=(f"the same identifier {identifier}",),
                )
        form = same_form(name) if name else ""
        for key, known in self._same.get(form, {}).items():
            curated = not key.startswith("list:") or key.startswith("list:own-")
            if not curated and " " not in form and squash(known) != squash(name):
                continue
            found.setdefault(
                key,
                Candidate(
                    key=key,
                    known_as=known,
                    how="same name",
                    certain=curated,
                    score=1.0,
                    reasons=("the same name but for legal form, case and spacing",),
                    subsidiary=(key, form) in self._subsidiaries,
                ),
            )
        for one in [c for c in found.values() if c.certain]:
            for party in sorted(self._parties.get(one.key, ())):
                why = f"the list's name and this one are both curated names of {one.key}"
                found.setdefault(
                    party,
                    msgspec.structs.replace(one, key=party, how="curated name", reasons=(why,)),
                )
        sure = any(c.certain for c in found.values())
        for index in (self._index, self._loose):
            for hit in index.search(name, limit=12, threshold=FLOOR) if name else ():
                if sure and not hit.key.startswith("list:"):
                    continue
                found.setdefault(
                    hit.key,
                    Candidate(
                        key=hit.key,
                        known_as=hit.name,
                        how="alike",
                        certain=False,
                        score=round(hit.score, 4),
                        reasons=hit.reasons,
                        subsidiary=(hit.key, same_form(hit.name)) in self._subsidiaries,
                    ),
                )
        judged = (self._judged(name, candidate) for candidate in found.values())
        kept = (candidate for candidate in judged if candidate is not None)
        yield from sorted(kept, key=lambda c: (-c.certain, -c.score, c.key))

    def _judged(self, name: str, candidate: Candidate) -> Candidate | None:
        """The candidate as a person judged it: the same for certain, or None where another firm."""
        verdict = self.judgements.verdict(name, candidate.known_as) if name else None
        if verdict is Verdict.DIFFERENT and candidate.how != "identifier":
            return None
        if verdict is Verdict.SAME:
            why = (f"judged the same as {candidate.known_as}", *candidate.reasons)
            return msgspec.structs.replace(candidate, how="judgement", certain=True, reasons=why)
        return candidate

    def sells(self, name: str, identifiers: Collection[str]) -> list[Distributor]:
        """What a supplier is said to sell: the catalogue's claims on it, where it is known."""
        match = self.parties.resolve(name, sorted(identifiers)) if name or identifiers else None
        if match is None or match.party is None:
            return []
        refs = set(match.party.refs)
        return [item for item in self.catalogue.distributors if item.id in refs and item.maker]

    def listings(self, key: str, on: datetime.date) -> list[asof.Entry]:
        """The catalogue's listings that name or reach a party, as they stand on the day."""
        return asof.history(self.catalogue, key, on, self.lists or None)
