"""Supplier names that are one firm's: joined only where sure, asked about where not.

Sure is: a person said so; the same valid identifier on names that are not wholly unlike; or the
same words in the name with the same kind of legal form. A name without a form joins a form only
where there is but one to join, and no join may bridge two clusters with different numbers of one
scheme, or with a judgement that they differ. Likeness alone joins nothing: it makes a question.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Final

import msgspec
from rigour.names import extract_org_types

from nameplate.model.ids import make_id
from nameplate.names.aliases import Aliases
from nameplate.names.identifiers import Identifier, parse
from nameplate.names.index import NameIndex
from nameplate.names.normalise import prepare, split_trading_names
from nameplate.names.score import score
from nameplate.tracing.parties.judgements import Judgements, Verdict, name_key

ASK_FROM: Final = 0.6
"""Pairs at least this alike are put to a person."""
_UNLIKE: Final = 0.02
"""Names less alike than this do not join on a number alone: it may have been mistyped."""
_UNIQUE_SCHEMES: Final = frozenset({"GB-COH", "LEI", "GB-VAT", "USCC"})
"""Schemes in which one firm has one number."""


class Supplier(msgspec.Struct, kw_only=True):
    """One distinct name: how often seen, its identifiers, and where it was first seen."""

    name: str
    rows: int = 0
    identifiers: set[str] = msgspec.field(default_factory=set)
    first_seen: str = ""


class Join(msgspec.Struct, frozen=True):
    """Why a name belongs to its cluster."""

    name: str
    to: str
    because: str


class Cluster(msgspec.Struct, frozen=True, kw_only=True):
    """Names of one firm. ``name`` is the commonest; the id hashes the first name in order."""

    cluster_id: str
    name: str
    names: tuple[str, ...]
    identifiers: tuple[str, ...]
    rows: int
    joins: tuple[Join, ...]


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """Two clusters that may be one: the evidence, for a person to judge."""

    a: str
    b: str
    a_cluster: str
    b_cluster: str
    score: float
    rows: int
    reasons: tuple[str, ...]


class Collector:
    """Distinct names out of millions of rows; memory grows with the distinct names only."""

    def __init__(self) -> None:
        self.suppliers: dict[str, Supplier] = {}
        self.rows = 0
        self.without_name = 0

    def add(self, name: str, identifiers: Iterable[str] = (), seen: str = "") -> None:
        """Count one row; ``identifiers`` are ``scheme:id`` texts, invalid ones are left out."""
        self.rows += 1
        name = " ".join(name.split())
        if not name or not prepare(name).joined:
            self.without_name += 1
            return
        found = self.suppliers.get(name)
        if found is None:
            found = self.suppliers[name] = Supplier(name=name, first_seen=seen)
        found.rows += 1
        for text in identifiers:
            scheme, _, rest = text.partition(":")
            parsed: Identifier | None = parse(rest, scheme) if rest else parse(text)
            if parsed is not None:
                found.identifiers.add(str(parsed))


class _Union:
    """Disjoint sets that know their members and identifiers, and refuse a bridge."""

    def __init__(self, suppliers: list[Supplier], differ: dict[str, set[str]]) -> None:
        self.parent = list(range(len(suppliers)))
        self.members = [[number] for number in range(len(suppliers))]
        self.keys = [{name_key(supplier.name)} for supplier in suppliers]
        self.ids = [_unique(supplier.identifiers) for supplier in suppliers]
        self.differ = differ

    def find(self, number: int) -> int:
        while self.parent[number] != number:
            self.parent[number] = self.parent[self.parent[number]]
            number = self.parent[number]
        return number

    def bridge(self, one: int, other: int) -> str:
        """Why the two clusters may not be joined, or an empty text."""
        one, other = self.find(one), self.find(other)
        for key in self.keys[one]:
            if not self.keys[other].isdisjoint(self.differ.get(key, ())):
                return "a person judged them different"
        for scheme, numbers in self.ids[one].items():
            others = self.ids[other].get(scheme)
            if others and numbers.isdisjoint(others):
                return f"different {scheme} numbers"
        return ""

    def join(self, one: int, other: int, *, force: bool = False) -> bool:
        one, other = self.find(one), self.find(other)
        if one == other:
            return False
        if not force and self.bridge(one, other):
            return False
        if len(self.members[one]) < len(self.members[other]):
            one, other = other, one
        self.parent[other] = one
        self.members[one].extend(self.members[other])
        self.keys[one] |= self.keys[other]
        for scheme, numbers in self.ids[other].items():
            self.ids[one].setdefault(scheme, set()).update(numbers)
        return True


def _unique(identifiers: Iterable[str]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for text in identifiers:
        for scheme in _UNIQUE_SCHEMES:
            if text.startswith(scheme + "-"):
                found.setdefault(scheme, set()).add(text)
    return found


def legal_form(name: str) -> str:
    """The kind of legal form (`rigour`'s generic class: LLC, JSC, LLP …), or an empty text."""
    forms = sorted({kind for _, kind in extract_org_types(prepare(name).plain, generic=True)})
    return "+".join(forms)


class Clustering:
    """The outcome: clusters, questions by descending score, and counts of what was refused."""

    def __init__(
        self, clusters: list[Cluster], questions: list[Question], refused: Counter[str]
    ) -> None:
        self.clusters = clusters
        self.questions = questions
        self.refused = refused


def cluster(
    suppliers: Iterable[Supplier],
    judgements: Judgements | None = None,
    aliases: Aliases | None = None,
) -> Clustering:
    """Cluster distinct names. Deterministic: the order of ``suppliers`` does not matter."""
    judgements = judgements or Judgements()
    items = sorted(suppliers, key=lambda supplier: supplier.name)
    differ: dict[str, set[str]] = {}
    same: list[tuple[str, str, str]] = []
    for one, other, verdict, statement in judgements.pairs():
        if verdict is Verdict.SAME:
            same.append((one, other, f"judged the same by {statement.asserted_by}"))
        elif verdict is Verdict.DIFFERENT:
            differ.setdefault(one, set()).add(other)
            differ.setdefault(other, set()).add(one)
    union = _Union(items, differ)
    joins: list[Join] = []
    refused: Counter[str] = Counter()
    asked: dict[tuple[int, int], tuple[float, tuple[str, ...]]] = {}
    by_key: dict[str, list[int]] = {}
    for number, item in enumerate(items):
        by_key.setdefault(name_key(item.name), []).append(number)
    for one, other, because in same:
        if by_key.get(one) and by_key.get(other):
            a, b = by_key[one][0], by_key[other][0]
            if union.join(a, b, force=True):
                joins.append(Join(items[a].name, items[b].name, because))
    for a, b, because in _sure(items, by_key):
        why = union.bridge(a, b)
        if union.find(a) == union.find(b):
            continue
        if why:
            refused[why] += 1
            if not why.startswith("a person"):
                asked[min(a, b), max(a, b)] = (
                    score(items[a].name, items[b].name, aliases=aliases).score,
                    (because, why),
                )
        elif union.join(a, b):
            joins.append(Join(items[a].name, items[b].name, because))
    _likeness(items, union, judgements, aliases, asked)
    clusters = _clusters(items, union, joins)
    return Clustering(clusters, _questions(items, clusters, asked, judgements), refused)


def _sure(items: list[Supplier], by_key: dict[str, list[int]]) -> Iterator[tuple[int, int, str]]:
    """Pairs that are sure by identifier, by equal spelling or by equal words and form."""
    for numbers in by_key.values():
        for number in numbers[1:]:
            yield numbers[0], number, "the same name but for capitals and accents"
    by_id: dict[str, list[int]] = {}
    for number, item in enumerate(items):
        for text in sorted(item.identifiers):
            by_id.setdefault(text, []).append(number)
    for text in sorted(by_id):
        first, *others = by_id[text]
        for number in others:
            if score(items[first].name, items[number].name).score >= _UNLIKE:
                yield first, number, f"the same identifier {text}"
    by_core: dict[str, dict[str, list[int]]] = {}
    for number, item in enumerate(items):
        main, others_named = split_trading_names(item.name)
        prepared = prepare(main)
        form = legal_form(main)
        # Without a form of its own, what trades as two things may be two people's.
        if not form and (others_named or len(prepared.joined) < 3):
            continue
        if prepared.joined.isdigit():
            continue
        by_core.setdefault(prepared.joined, {}).setdefault(form, []).append(number)
    for core in sorted(by_core):
        forms = by_core[core]
        for form in sorted(forms):
            first, *others = forms[form]
            for number in others:
                yield first, number, "the same name but for punctuation and spelling of its form"
        named = [form for form in sorted(forms) if form]
        if "" in forms and len(named) == 1:
            yield forms[named[0]][0], forms[""][0], "the same name, one without its legal form"


def _likeness(
    items: list[Supplier],
    union: _Union,
    judgements: Judgements,
    aliases: Aliases | None,
    asked: dict[tuple[int, int], tuple[float, tuple[str, ...]]],
) -> None:
    roots = sorted({union.find(number) for number in range(len(items))})
    index = NameIndex(
        ((str(root), items[member].name) for root in roots for member in union.members[root][:4]),
        aliases=aliases,
    )
    for root in roots:
        for hit in index.search(items[root].name, limit=6, threshold=ASK_FROM):
            other = int(hit.key)
            if other == root or union.bridge(root, other):
                continue
            if judgements.verdict(items[root].name, hit.name) is Verdict.DIFFERENT:
                continue
            pair = (min(root, other), max(root, other))
            if hit.score > asked.get(pair, (0.0, ()))[0]:
                asked[pair] = (hit.score, hit.reasons)


def _clusters(items: list[Supplier], union: _Union, joins: list[Join]) -> list[Cluster]:
    by_name: dict[str, int] = {item.name: number for number, item in enumerate(items)}
    why: dict[int, list[Join]] = {}
    for join in joins:
        why.setdefault(union.find(by_name[join.name]), []).append(join)
    found = []
    for root in sorted({union.find(number) for number in range(len(items))}):
        members = sorted(union.members[root])
        names = tuple(items[number].name for number in members)
        commonest = min(members, key=lambda number: (-items[number].rows, items[number].name))
        found.append(
            Cluster(
                cluster_id=make_id("s", names[0]),
                name=items[commonest].name,
                names=names,
                identifiers=tuple(sorted({i for n in members for i in items[n].identifiers})),
                rows=sum(items[number].rows for number in members),
                joins=tuple(why.get(root, ())),
            )
        )
    return sorted(found, key=lambda one: (-one.rows, one.names[0]))


def _questions(
    items: list[Supplier],
    clusters: list[Cluster],
    asked: dict[tuple[int, int], tuple[float, tuple[str, ...]]],
    judgements: Judgements,
) -> list[Question]:
    of_name = {name: one for one in clusters for name in one.names}
    best: dict[tuple[str, str], Question] = {}
    for (a, b), (value, reasons) in asked.items():
        one, other = of_name[items[a].name], of_name[items[b].name]
        if one.cluster_id == other.cluster_id:
            continue
        if judgements.verdict(items[a].name, items[b].name) is not None:
            continue
        first, second = sorted((one, other), key=lambda found: found.cluster_id)
        key = (first.cluster_id, second.cluster_id)
        if key not in best or best[key].score < value:
            best[key] = Question(
                a=items[a].name,
                b=items[b].name,
                a_cluster=one.cluster_id,
                b_cluster=other.cluster_id,
                score=round(value, 6),
                rows=one.rows + other.rows,
                reasons=reasons,
            )
    return sorted(best.values(), key=lambda one: (-one.score, one.a, one.b))
