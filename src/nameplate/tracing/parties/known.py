"""``resolve_supplier``: from a supplier's name and numbers to a maker or seller we know, or not.

Exact identifiers first, then a person's judgement on the names, then curated spellings, then the
same name but for legal form, order and punctuation. A mere likeness is never taken: it comes back
as ``unsure`` with the candidates, a question for a person.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Final

import msgspec

from nameplate.catalogue.aliases import catalogue_aliases
from nameplate.catalogue.schema import Confidence, Distributor
from nameplate.catalogue.store import Catalogue, load
from nameplate.names.aliases import Aliases
from nameplate.names.identifiers import parse
from nameplate.names.index import NameIndex
from nameplate.names.normalise import prepare, split_trading_names
from nameplate.tracing.parties.judgements import Judgements, Verdict

UNSURE: Final = 0.8
"""A likeness of at least this is worth asking about; below it the supplier is ``unknown``."""


class KnownParty(msgspec.Struct, frozen=True, kw_only=True):
    """A party of the catalogue. ``makers`` are the makers' keys whose equipment it is known to
    sell (its own for a maker); empty for a seller whose page names none. ``refs`` are the facts'
    ids; ``roles`` as in the facts (maker, subsidiary, distributor, reseller, installer …).
    """

    key: str
    name: str
    roles: tuple[str, ...]
    makers: tuple[str, ...]
    names: tuple[str, ...]
    identifiers: tuple[str, ...]
    refs: tuple[str, ...]


class SupplierMatch(msgspec.Struct, frozen=True, kw_only=True):
    """``status`` is ``known``, ``unsure`` or ``unknown``. ``how``: identifier, judgement, alias,
    same name, likeness. ``score`` is the matcher's (1 for what is exact). ``candidates`` are the
    parties a likeness points to, best first.
    """

    status: str
    party: KnownParty | None = None
    how: str = ""
    score: float = 0.0
    reasons: tuple[str, ...] = ()
    candidates: tuple[KnownParty, ...] = ()


class KnownParties:
    """All makers and sellers of a catalogue, ready to be looked up."""

    def __init__(self, catalogue: Catalogue, judgements: Judgements | None = None) -> None:
        self.aliases: Aliases = catalogue_aliases(catalogue)
        self._judgements = judgements or Judgements()
        self._parties: dict[str, KnownParty] = {}
        self._identifiers: dict[str, str] = {}
        self._cores: dict[str, set[str]] = {}
        for party in [*_makers(catalogue), *_sellers(catalogue)]:
            self._parties[party.key] = party
            for text in party.identifiers:
                found = parse(text)
                if found is not None:
                    self._identifiers[str(found)] = party.key
            for name in party.names:
                self._cores.setdefault(prepare(name).core, set()).add(party.key)
        self._look = functools.lru_cache(maxsize=65_536)(self._resolve)

    @functools.cached_property
    def _index(self) -> NameIndex:
        """All names, for likenesses; built only when one is asked for."""
        return NameIndex(
            (key, name) for key, party in self._parties.items() for name in party.names
        )

    def __iter__(self) -> Iterator[KnownParty]:
        return iter(self._parties.values())

    def get(self, key: str) -> KnownParty | None:
        """The party with this key, or None."""
        return self._parties.get(key)

    def resolve(
        self, name: str, identifiers: Iterable[str] = (), on: date | None = None
    ) -> SupplierMatch:
        """Which known party a supplier is; ``identifiers`` are ``scheme:id`` texts."""
        return self._look(name, tuple(identifiers), on.isoformat() if on else "")

    def exactly(
        self, name: str, identifiers: Iterable[str] = (), on: date | None = None
    ) -> KnownParty | None:
        """The party a supplier is beyond doubt, or None; likenesses are not looked for."""
        found = self._surely(name, tuple(identifiers), on.isoformat() if on else "")
        return found[0].party if found[0] is not None else None

    def _resolve(self, name: str, identifiers: tuple[str, ...], on: str) -> SupplierMatch:
        match, spellings, denied = self._surely(name, identifiers, on)
        return match or self._alike(spellings, denied)

    def _surely(
        self, name: str, identifiers: tuple[str, ...], on: str
    ) -> tuple[SupplierMatch | None, list[str], set[str]]:
        for text in identifiers:
            scheme, _, rest = text.partition(":")
            found = parse(rest, scheme) if rest else parse(text)
            if found is not None and (key := self._identifiers.get(str(found))):
                return self._known(key, "identifier", f"the same number, {found}"), [], set()
        spellings = [name, *(other for _, other in split_trading_names(name)[1])]
        head = split_trading_names(name)[0]
        spellings[0] = head
        denied: set[str] = set()
        for spelling in spellings if len(self._judgements) else ():
            for key, party in self._parties.items():
                for known in party.names:
                    verdict = self._judgements.verdict(spelling, known)
                    if verdict is Verdict.SAME:
                        same = self._known(key, "judgement", f"judged the same as {known}")
                        return same, spellings, denied
                    if verdict is not None:
                        denied.add(key)
        for spelling in spellings:
            match = self._by_name(spelling, on, denied)
            if match is not None:
                return match, spellings, denied
        return None, spellings, denied

    def _by_name(self, spelling: str, on: str, denied: set[str]) -> SupplierMatch | None:
        prepared = prepare(spelling)
        if not prepared.joined or self.aliases.denied(prepared):
            return None
        keys = self._cores.get(prepared.core, set()) - denied
        if len(keys) == 1:
            return self._known(next(iter(keys)), "same name", "the same name but for its form")
        alias = self.aliases.find(prepared, on)
        if alias is not None:
            key = f"maker:{alias.alias.owner.partition('/')[0]}"
            if key in self._parties and key not in denied:
                reason = f"a curated spelling, {alias.alias.text!r}"
                return self._known(key, "alias", reason)
        return None

    def _alike(self, spellings: list[str], denied: set[str]) -> SupplierMatch:
        best: dict[str, tuple[float, tuple[str, ...]]] = {}
        for spelling in spellings:
            if self.aliases.denied(prepare(spelling)):
                continue
            for hit in self._index.search(spelling, threshold=UNSURE):
                if hit.key not in denied and hit.score > best.get(hit.key, (0.0, ()))[0]:
                    best[hit.key] = (hit.score, hit.reasons)
        if not best:
            return SupplierMatch(status="unknown", reasons=("no known party has such a name",))
        ranked = sorted(best.items(), key=lambda item: (-item[1][0], item[0]))
        score, reasons = ranked[0][1]
        return SupplierMatch(
            status="unsure",
            how="likeness",
            score=score,
            reasons=reasons,
            candidates=tuple(self._parties[key] for key, _ in ranked),
        )

    def _known(self, key: str, how: str, reason: str) -> SupplierMatch:
        party = self._parties[key]
        return SupplierMatch(status="known", party=party, how=how, score=1.0, reasons=(reason,))


def _makers(catalogue: Catalogue) -> Iterable[KnownParty]:
    for maker in catalogue.makers:
        if maker.confidence is Confidence.LEAD:
            continue
        spellings = [
            name
            for name in catalogue.names
            if name.maker == maker.key
            and not name.brand
            and not name.needs_context
            and name.confidence is not Confidence.LEAD
        ]
        names = {name.text for name in spellings}
        shared = any(
            name.maker == maker.key and name.needs_context and name.text == maker.name
            for name in catalogue.names
        )
        if not shared:
            names.add(maker.name)
        yield KnownParty(
            key=f"maker:{maker.key}",
            name=maker.name,
            roles=("maker",),
            makers=(maker.key,),
            names=tuple(sorted(names)),
            identifiers=maker.identifiers,
            refs=(maker.id,),
        )


def _sellers(catalogue: Catalogue) -> Iterable[KnownParty]:
    groups: dict[str, list[Distributor]] = {}
    for seller in catalogue.distributors:
        if seller.confidence is not Confidence.LEAD:
            groups.setdefault(prepare(seller.name).core, []).append(seller)
    for core in sorted(groups):
        facts = groups[core]
        yield KnownParty(
            key="seller:" + "-".join(prepare(facts[0].name).tokens),
            name=facts[0].name,
            roles=tuple(sorted({fact.role for fact in facts})),
            makers=tuple(sorted({fact.maker for fact in facts if fact.maker})),
            names=tuple(sorted({name for fact in facts for name in (fact.name, *fact.aliases)})),
            identifiers=tuple(sorted({text for fact in facts for text in fact.identifiers})),
            refs=tuple(fact.id for fact in facts),
        )


@functools.cache
def bundled_parties() -> KnownParties:
    """The known parties of the bundled catalogue, built once a process."""
    return KnownParties(load())


def resolve_supplier(
    name: str,
    identifiers: Iterable[str] = (),
    on: date | None = None,
    *,
    parties: KnownParties | None = None,
) -> SupplierMatch:
    """Which known party a supplier is, by its name and ``scheme:id`` identifiers, on a day."""
    return (parties or bundled_parties()).resolve(name, identifiers, on)
