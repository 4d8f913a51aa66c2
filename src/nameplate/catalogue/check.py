"""Proving the catalogue whole: every fault is found and listed at once, none stops the rest.

The rules are the promises other packages rely on: ids are unique and every reference resolves;
each fact has a source and dates that parse and are in order; patterns compile, match their own
examples and none of their counter-examples; no model number is claimed by two makers unless both
say so; no spelling names two makers; nothing that is a mere lead is used as evidence.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise
from typing import Final

import msgspec

from nameplate.catalogue import schema
from nameplate.catalogue.aliases import look_alikes
from nameplate.catalogue.dates import partial_date_fault, starts_after
from nameplate.catalogue.store import KINDS, Catalogue
from nameplate.model.purchase import TradeKind

MAKES: Final = frozenset(
    {"camera", "recorder", "body_worn", "anpr", "vms", "access", "intercom", "thermal", "network"}
    | {"radio", "chip", "analytics", "alarm", "display", "mobile", "ptz"}
)
"""What a maker can make and a grammar's device can be."""

TERM_KINDS: Final = frozenset({*(kind.value for kind in TradeKind), "context", "exclude"})
RELATIONS: Final = frozenset(
    {"subsidiary", "parent", "shareholder", "brand_of", "former_parent", "affiliate"}
)
STANCES: Final = frozenset({"claimed", "corroborated", "disputed", "wrong"})
ROLES: Final = frozenset({"distributor", "reseller", "installer", "integrator"})
BODY_KINDS: Final = frozenset({"council", "police", "nhs", "school", "central", "all"})
NATIONS: Final = frozenset({"England", "Wales", "Scotland", "Northern Ireland"})
REACHES: Final = frozenset({"named", "subsidiaries_and_affiliates"})
SCRIPTS: Final = frozenset({"Latn", "Hans", "Hant", "Cyrl", "Hang", "Jpan"})

DATE_FIELDS: Final = ("recorded", "valid_from", "valid_to", "announced", "known_from")


class Fault(msgspec.Struct, frozen=True, order=True):
    """One thing wrong: in which fact, and what."""

    fact: str
    what: str

    def __str__(self) -> str:
        return f"{self.fact}: {self.what}"


Rule = Callable[[Catalogue], Iterator[Fault]]


def all_facts(catalogue: Catalogue) -> Iterator[schema.Fact]:
    """Every fact of every kind, in the order of the files."""
    for stem in KINDS:
        yield from getattr(catalogue, stem)


def check(catalogue: Catalogue) -> list[Fault]:
    """Return all faults, sorted by fact; an empty list says that the catalogue is whole."""
    return sorted({fault for rule in RULES for fault in rule(catalogue)})


def unique_ids(catalogue: Catalogue) -> Iterator[Fault]:
    """No two facts share an id, no two makers, brands or watchlists a key."""
    seen: set[str] = set()
    for fact in all_facts(catalogue):
        if fact.id in seen:
            yield Fault(fact.id, "the id is used twice")
        seen.add(fact.id)
    groups: tuple[Iterable[schema.Maker | schema.Brand | schema.Watchlist], ...] = (
        catalogue.makers,
        catalogue.brands,
        catalogue.watchlists,
    )
    for group in groups:
        keys: set[str] = set()
        for item in group:
            if item.key in keys:
                yield Fault(item.id, f"the key {item.key!r} is used twice")
            keys.add(item.key)


def sourced_and_dated(catalogue: Catalogue) -> Iterator[Fault]:
    """Every fact has a titled source, read on a date, and dates that parse and are in order."""
    for fact in all_facts(catalogue):
        if not fact.sources:
            yield Fault(fact.id, "has no source")
        for source in fact.sources:
            if not source.title:
                yield Fault(fact.id, "a source has no title")
            for name, text in (("read", source.read), ("published", source.published)):
                fault = partial_date_fault(text)
                if fault:
                    yield Fault(fact.id, f"the source's {name} {text!r} {fault}")
            if not source.read:
                yield Fault(fact.id, "a source says not when it was read")
            if source.url and not re.fullmatch(r"https?://[^\s/]+\.[^\s]+", source.url):
                yield Fault(fact.id, f"the source's address {source.url!r} is none")
        yield from _dates(fact)


def _dates(fact: schema.Fact) -> Iterator[Fault]:
    values = {name: getattr(fact, name, "") for name in DATE_FIELDS}
    if not fact.recorded:
        yield Fault(fact.id, "recorded is empty: say when the catalogue came to know it")
    bad = False
    for name, text in (*values.items(), *(("edition", e) for e in getattr(fact, "editions", ()))):
        fault = partial_date_fault(text)
        if fault:
            bad = True
            yield Fault(fact.id, f"{name} {text!r} {fault}")
    if bad:
        return
    if (
        values["valid_from"]
        and values["valid_to"]
        and not starts_after(values["valid_to"], values["valid_from"])
    ):
        yield Fault(fact.id, "valid_to is not after valid_from")
    if isinstance(fact, schema.Listing):
        if not fact.valid_from:
            yield Fault(fact.id, "a listing needs the day it took effect")
        if fact.announced and starts_after(fact.announced, fact.valid_from):
            yield Fault(fact.id, "announced is after valid_from")
        ordered = (fact.valid_from, *fact.editions, *((fact.valid_to,) if fact.valid_to else ()))
        if any(not starts_after(b, a) for a, b in pairwise(ordered)):
            yield Fault(fact.id, "editions are not in order between valid_from and valid_to")
        if not fact.citation:
            yield Fault(fact.id, "a listing needs a citation")


def references(catalogue: Catalogue) -> Iterator[Fault]:
    """Makers, brands and watchlists that a fact names exist; nothing rests on a mere lead."""
    makers = {maker.key: maker for maker in catalogue.makers}
    brands = {brand.key: brand for brand in catalogue.brands}
    lists = {item.key: item for item in catalogue.watchlists}
    lead = schema.Confidence.LEAD

    def subject(fact: schema.Fact, text: str) -> Iterator[Fault]:
        if text.startswith("entity:"):
            if not text.removeprefix("entity:").strip():
                yield Fault(fact.id, "an entity needs a name")
        elif text not in makers:
            yield Fault(fact.id, f"no maker has the key {text!r}")

    for name in catalogue.names:
        yield from subject(name, name.maker)
        if name.brand:
            brand = brands.get(name.brand)
            if brand is None:
                yield Fault(name.id, f"no brand has the key {name.brand!r}")
            elif brand.maker != name.maker:
                yield Fault(name.id, f"brand {name.brand!r} is of {brand.maker!r}")
            elif brand.confidence is lead and name.confidence is not lead:
                yield Fault(name.id, f"rests on brand {name.brand!r}, which is only a lead")
    owned: tuple[schema.Brand | schema.Name | schema.Grammar, ...] = (
        *catalogue.brands,
        *catalogue.names,
        *catalogue.grammars,
    )
    for item in owned:
        yield from subject(item, item.maker)
        owner = makers.get(item.maker)
        if owner and owner.confidence is lead and item.confidence is not lead:
            yield Fault(item.id, f"rests on maker {item.maker!r}, which is only a lead")
    for grammar in catalogue.grammars:
        if grammar.brand and grammar.brand not in brands:
            yield Fault(grammar.id, f"no brand has the key {grammar.brand!r}")
        for key in grammar.shared_with:
            yield from subject(grammar, key)
    claims: tuple[schema.Rebrand | schema.Distributor, ...] = (
        *catalogue.rebrands,
        *catalogue.distributors,
    )
    for claim in claims:
        if claim.maker:
            yield from subject(claim, claim.maker)
    for listing in catalogue.listings:
        yield from subject(listing, listing.subject)
        watchlist = lists.get(listing.watchlist)
        if watchlist is None:
            yield Fault(listing.id, f"no watchlist has the key {listing.watchlist!r}")
        elif watchlist.confidence is lead and listing.confidence is not lead:
            yield Fault(listing.id, f"rests on watchlist {watchlist.key!r}, which is only a lead")
    for holding in catalogue.ownership:
        yield from subject(holding, holding.owner)
        yield from subject(holding, holding.owned)
        if holding.owner == holding.owned:
            yield Fault(holding.id, "owns itself")


def vocabulary(catalogue: Catalogue) -> Iterator[Fault]:
    """Closed vocabularies hold, so that no reader meets a word it does not know."""
    rows: list[tuple[schema.Fact, str, str, frozenset[str]]] = []
    rows += [(m, "makes", w, MAKES) for m in catalogue.makers for w in m.makes]
    rows += [(g, "device", g.device, MAKES) for g in catalogue.grammars]
    rows += [(n, "script", n.script, SCRIPTS) for n in catalogue.names]
    rows += [(r, "stance", r.stance, STANCES) for r in catalogue.rebrands]
    rows += [(d, "role", d.role, ROLES) for d in catalogue.distributors]
    rows += [(w, "reach", w.reach, REACHES) for w in catalogue.watchlists]
    rows += [(w, "binds_kinds", k, BODY_KINDS) for w in catalogue.watchlists for k in w.binds_kinds]
    lists = catalogue.watchlists
    rows += [(w, "binds_nations", n, NATIONS) for w in lists for n in w.binds_nations]
    rows += [(o, "relation", o.relation, RELATIONS) for o in catalogue.ownership]
    rows += [(t, "kind", t.kind, TERM_KINDS) for t in catalogue.terms]
    rows += [(c, "kind", c.kind, TERM_KINDS) for c in catalogue.cpv]
    for fact, field, word, allowed in rows:
        if word not in allowed:
            yield Fault(fact.id, f"{field} {word!r} is none of {', '.join(sorted(allowed))}")
    for holding in catalogue.ownership:
        if holding.share is not None and not 0 < holding.share <= 100:
            yield Fault(holding.id, f"a share of {holding.share} per cent cannot be")
    for item in catalogue.watchlists:
        if item.binds_uk_councils != bool({"council", "all"} & set(item.binds_kinds)):
            yield Fault(item.id, "binds_uk_councils and binds_kinds contradict each other")
    for code in catalogue.cpv:
        if not re.fullmatch(r"\d{8}", code.prefix):
            yield Fault(code.id, "a CPV code has eight digits")


def _compile(fact: schema.Fact, pattern: str) -> tuple[re.Pattern[str] | None, list[Fault]]:
    try:
        return re.compile(pattern, re.IGNORECASE), []
    except re.error as error:
        return None, [Fault(fact.id, f"pattern {pattern!r} does not compile: {error}")]


def patterns(catalogue: Catalogue) -> Iterator[Fault]:
    """Patterns compile, match each example (grammars whole, terms anywhere), no counter-example."""
    for name in catalogue.names:
        for pattern in (*name.not_before, *name.not_after):
            yield from _compile(name, pattern)[1]
    for term in catalogue.terms:
        yield from _term(term)
    compiled: dict[str, re.Pattern[str]] = {}
    for grammar in catalogue.grammars:
        pattern_, faults = _compile(grammar, grammar.pattern)
        yield from faults
        if pattern_ is None:
            continue
        compiled[grammar.id] = pattern_
        if not grammar.examples or not grammar.counter_examples:
            yield Fault(grammar.id, "needs an example and a counter-example")
        for text in grammar.examples:
            if not pattern_.fullmatch(text):
                yield Fault(grammar.id, f"does not match its example {text!r}")
        for text in grammar.counter_examples:
            if pattern_.fullmatch(text):
                yield Fault(grammar.id, f"matches its counter-example {text!r}")
    yield from _claims(catalogue, compiled)


def _term(term: schema.Term) -> Iterator[Fault]:
    pattern, faults = _compile(term, term.pattern)
    yield from faults
    if pattern is None:
        return
    if not term.examples or not term.counter_examples or not term.literals:
        yield Fault(term.id, "needs an example, a counter-example and a literal")
    for text in term.examples:
        if not pattern.search(text):
            yield Fault(term.id, f"does not match its example {text!r}")
        if not any(literal in text.lower() for literal in term.literals):
            yield Fault(term.id, f"none of its literals is in its example {text!r}")
    for text in term.counter_examples:
        if pattern.search(text):
            yield Fault(term.id, f"matches its counter-example {text!r}")
    for literal in term.literals:
        if literal != literal.lower() or not literal:
            yield Fault(term.id, f"the literal {literal!r} is not in lower case")


def _claims(catalogue: Catalogue, compiled: dict[str, re.Pattern[str]]) -> Iterator[Fault]:
    for grammar in catalogue.grammars:
        for other in catalogue.grammars:
            if other.maker == grammar.maker or other.id not in compiled:
                continue
            if other.maker in grammar.shared_with and grammar.maker in other.shared_with:
                continue
            for text in grammar.examples:
                if compiled[other.id].fullmatch(text):
                    yield Fault(grammar.id, f"its example {text!r} is claimed by {other.id}")


def names(catalogue: Catalogue) -> Iterator[Fault]:
    """One spelling, one maker; each maker has a name; the canonical name is among them."""
    spellings: dict[str, set[str]] = defaultdict(set)
    texts: dict[str, set[str]] = defaultdict(set)
    for name in catalogue.names:
        if not name.text.strip() or name.text != name.text.strip():
            yield Fault(name.id, "a spelling has no blanks around it and is not empty")
        spellings[name.text.casefold()].add(name.maker)
        texts[name.maker].add(name.text.casefold())
    for name in catalogue.names:
        rivals = spellings[name.text.casefold()]
        if len(rivals) > 1:
            yield Fault(name.id, f"{name.text!r} names {' and '.join(sorted(rivals))}")
    labels: dict[str, str] = {}
    for maker in catalogue.makers:
        if not texts[maker.key]:
            yield Fault(maker.id, "no spelling names it")
        if maker.name in labels:
            yield Fault(maker.id, f"{maker.name!r} is also the name of {labels[maker.name]!r}")
        labels[maker.name] = maker.key


def look_alikes_known(catalogue: Catalogue) -> Iterator[Fault]:
    """Firms recorded as *not* a maker name one that exists, have a source, and no maker's name."""
    makers = {maker.key for maker in catalogue.makers}
    spellings = {name.text.casefold() for name in catalogue.names}
    for look in look_alikes():
        if look.maker not in makers:
            yield Fault(look.id, f"no maker has the key {look.maker!r}")
        if not look.sources:
            yield Fault(look.id, "has no source")
        if look.text.casefold() in spellings:
            yield Fault(look.id, f"{look.text!r} is also a maker's spelling")


RULES: Final[tuple[Rule, ...]] = (
    unique_ids,
    sourced_and_dated,
    references,
    vocabulary,
    patterns,
    names,
    look_alikes_known,
)
"""All rules; each yields a fault for every place that breaks it."""
