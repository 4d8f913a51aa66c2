"""From purchases, devices, statements and the catalogue to attributions: pure, and done again.

An attribution is never edited: a judgement is a statement, and what follows from all statements
is derived anew. Given the same arguments, the result is the same, value for value.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from nameplate.catalogue.dates import reached
from nameplate.catalogue.store import Catalogue
from nameplate.model.attribution import Attribution, Evidence, Grade, attribution_id
from nameplate.model.device import Device
from nameplate.model.mention import ATTRIBUTING_ROLES, Mention, Role
from nameplate.model.purchase import Purchase, TradeKind
from nameplate.model.statement import Asserter, Statement
from nameplate.model.wording import wording
from nameplate.tracing import weigh
from nameplate.tracing.api import Judge, Traced
from nameplate.tracing.mentions import find_mentions
from nameplate.tracing.roles import record_roles
from nameplate.tracing.suppliers import distributors_of
from nameplate.tracing.trade import Judged, trade_kind

EQUIPMENT_MAKER: Final = "equipment_maker"
CONFIRMED: Final = "attribution_confirmed"
REJECTED: Final = "attribution_rejected"

THRESHOLDS: Final[dict[str, float]] = {
    "prior": weigh.PRIOR,
    "band_likely": weigh.LIKELY,
    "band_unlikely": weigh.UNLIKELY,
    "calibrated_from": float(weigh.CALIBRATED_FROM),
    "labelled_records": float(weigh.LABELLED_RECORDS),
}
"""What ``run.json`` records of the figures that decide."""

_CAME_TO_NOTHING: Final = frozenset({"pending", "cancelled", "unsuccessful", "withdrawn"})
_COUNTED: Final = frozenset(
    {
        TradeKind.EQUIPMENT,
        TradeKind.INSTALLATION,
        TradeKind.BODY_WORN,
        TradeKind.ANPR,
        TradeKind.UNCLEAR,
    }
)
"""Kinds whose open amounts may be equipment; upkeep and monitoring are measures of their own."""


@dataclass(frozen=True, slots=True)
class _Case:
    """One purchase and all that is known of it."""

    purchase: Purchase
    judged: Judged
    mentions: list[Mention]
    catalogue: Catalogue
    statements: list[Statement]


def make_judge(
    catalogue: Catalogue,
    *,
    as_of: datetime.date | None,
    statements: Mapping[str, Sequence[Statement]],
) -> Judge:
    """A judge of batches of purchases; ``statements`` in force, by subject.

    ``as_of`` leaves out what was recorded later; None takes all.
    """

    def judge(purchases: Sequence[Purchase]) -> list[Traced]:
        return [
            trace_one(p, catalogue, as_of, statements.get(p.purchase_id, ())) for p in purchases
        ]

    return judge


def trace_batch(
    purchases: Sequence[Purchase],
    *,
    catalogue: Catalogue,
    as_of: datetime.date | None = None,
    statements: Iterable[Statement] = (),
) -> list[Traced]:
    """Judge a batch with ``statements`` as they stand, withdrawals among them."""
    return make_judge(catalogue, as_of=as_of, statements=by_subject(statements))(purchases)


def derive(
    purchases: Sequence[Purchase],
    devices: Sequence[Device],
    statements: Iterable[Statement],
    catalogue: Catalogue,
    as_of: datetime.date | None,
) -> list[Attribution]:
    """All attributions, of purchases and then of devices, in the order given."""
    from nameplate.tracing.devices import device_attributions

    held = by_subject(statements)
    traced = make_judge(catalogue, as_of=as_of, statements=held)(purchases)
    found = [a for t in traced for a in t.attributions]
    for device in devices:
        found += device_attributions(
            device, catalogue, _known(held.get(device.device_id, ()), as_of)
        )
    return found


def by_subject(statements: Iterable[Statement]) -> dict[str, tuple[Statement, ...]]:
    """Statements in force by subject, in the order of their ids; withdrawn ones are left out."""
    merged = {s.statement_id: s for s in statements}
    gone = {s.withdraws for s in merged.values() if s.withdraws}
    result: dict[str, tuple[Statement, ...]] = {}
    for key in sorted(merged):
        statement = merged[key]
        if key not in gone and not statement.withdraws:
            result[statement.subject] = (*result.get(statement.subject, ()), statement)
    return result


def trace_one(
    purchase: Purchase,
    catalogue: Catalogue,
    as_of: datetime.date | None,
    statements: Sequence[Statement],
) -> Traced:
    """What one purchase is and says: its kind, its mentions with roles, its attributions."""
    mentions = mentions_of(purchase, catalogue)
    in_text = any(not m.field.startswith("supplier") for m in mentions)
    judged = trade_kind(purchase, catalogue, names_maker=in_text)
    known = _known(statements, as_of)
    attributions = _attributions(_Case(purchase, judged, mentions, catalogue, known))
    return Traced(
        purchase=purchase,
        trade_kind=judged.kind,
        trade_reason=judged.reason,
        mentions=tuple(mentions),
        attributions=tuple(attributions),
    )


def mentions_of(purchase: Purchase, catalogue: Catalogue) -> list[Mention]:
    """Names of makers in all of a purchase's text and in its suppliers' names, with roles.

    A name repeated in another field with the same role is reported once, where it is first.
    """
    fields = [("title", purchase.title), *((f.path, f.text) for f in purchase.texts)]
    fields += [(f"supplier {n}", p.name) for n, p in enumerate(purchase.suppliers, 1)]
    whole = "\n".join(dict.fromkeys(text for _, text in fields))
    found: list[Mention] = []
    seen: set[tuple[str, str, Role]] = set()
    for path, text in fields:
        if not text:
            continue
        mentions = find_mentions(text, catalogue, context=whole)
        for mention in record_roles(purchase, path, text, mentions):
            key = (mention.maker, mention.surface, mention.role)
            if key not in seen:
                seen.add(key)
                found.append(mention)
    return found


def _known(statements: Iterable[Statement], as_of: datetime.date | None) -> list[Statement]:
    """Statements recorded by ``as_of``; one of unknown date of record counts as known."""
    if as_of is None:
        return list(statements)
    return [s for s in statements if not s.recorded or reached(s.recorded, as_of) is not False]


def _attributions(case: _Case) -> list[Attribution]:
    verdicts = _verdicts(case.statements)
    rejected = {key for key, said in verdicts.items() if said.predicate == REJECTED}
    found = [
        _claimed(case, maker, role, _evidence(case, maker, role))
        for maker, role in _claims(case.mentions, case.statements)
        if maker not in rejected
    ]
    if not found and case.judged.kind is not TradeKind.NOT_SURVEILLANCE:
        found = _inferred(case, rejected) or [_open(case)]
    return found


def _verdicts(statements: list[Statement]) -> dict[str, Statement]:
    """The latest judgement of a person on each maker (by when recorded and observed, then id)."""
    found: dict[str, Statement] = {}
    ordered = sorted(statements, key=lambda s: (s.recorded, s.observed, s.statement_id))
    for statement in ordered:
        if statement.predicate in (CONFIRMED, REJECTED):
            found[_maker_key(statement)] = statement
    return found


def _value(statement: Statement) -> dict[str, Any]:
    return statement.value if isinstance(statement.value, dict) else {"maker": statement.value}


def _maker_key(statement: Statement) -> str:
    return str(_value(statement).get("maker", ""))


def _role_of(statement: Statement) -> Role:
    try:
        return Role(str(_value(statement).get("role", Role.SUPPLIED.value)))
    except ValueError:
        return Role.OTHER


def _claims(mentions: list[Mention], statements: list[Statement]) -> list[tuple[str, Role]]:
    """Makers with a role that attributes, from the record and from statements, in order."""
    found = dict.fromkeys((m.maker_key, m.role) for m in mentions if m.role in ATTRIBUTING_ROLES)
    for statement in statements:
        if statement.predicate == EQUIPMENT_MAKER and _role_of(statement) in ATTRIBUTING_ROLES:
            found[(_maker_key(statement), _role_of(statement))] = None
        elif statement.predicate == CONFIRMED:
            key = _maker_key(statement)
            if not any(maker == key for maker, _ in found):
                found[(key, Role.SUPPLIED)] = None
    return [claim for claim in found if claim[0]]


def _evidence(case: _Case, maker: str, role: Role) -> tuple[Evidence, ...]:
    name = case.catalogue.maker(maker).name
    pieces: list[Evidence] = []
    # Several mentions in one record are one witness: the strongest speaks for all.
    said = [
        weigh.of_mention(m, case.catalogue, name)
        for m in case.mentions
        if m.maker_key == maker and m.role is role
    ]
    if said:
        pieces.append(max(said, key=lambda e: e.weight))
        if case.judged.kind is TradeKind.NOT_SURVEILLANCE:
            pieces.append(
                Evidence(
                    kind="trade",
                    says=f"the record reads as no surveillance purchase: {case.judged.reason}",
                    weight=weigh.NOT_TRADE,
                )
            )
    for statement in case.statements:
        claims = statement.predicate == EQUIPMENT_MAKER and _role_of(statement) is role
        if (claims or statement.predicate == CONFIRMED) and _maker_key(statement) == maker:
            pieces.append(weigh.of_statement(statement, name))
    return tuple(pieces)


def _claimed(case: _Case, maker: str, role: Role, evidence: tuple[Evidence, ...]) -> Attribution:
    label = case.catalogue.maker(maker).name
    brand = next((m.brand for m in case.mentions if m.maker_key == maker and m.brand), None)
    grade = weigh.weakest(evidence)
    asserter = via = ""
    if grade is Grade.STATED:
        ids = {e.ref for e in evidence}
        speaker = next(s for s in case.statements if s.statement_id in ids)
        asserter = speaker.asserted_by
        via = speaker.via or ("" if speaker.asserter is not Asserter.NEWSPAPER else asserter)
        if speaker.asserter is Asserter.NEWSPAPER:
            asserter = "a press report"
    return _made(
        case,
        maker=label,
        key=maker,
        brand=case.catalogue.brand(brand).name if brand else None,
        role=role,
        grade=grade,
        evidence=evidence,
        words=wording(grade, maker=label, asserter=asserter, via=via),
        in_totals=role is Role.SUPPLIED,
    )


def _inferred(case: _Case, rejected: set[str]) -> list[Attribution]:
    """Attributions from who sold it, where nothing says whose equipment it is."""
    purchase, catalogue = case.purchase, case.catalogue
    pieces: dict[str, list[Evidence]] = {}
    for mention in case.mentions:
        if mention.field.startswith("supplier"):
            name = catalogue.maker(mention.maker_key).name
            piece = weigh.of_own_company(purchase.supplier or "", name, mention)
            pieces.setdefault(mention.maker_key, [piece])
    for party in purchase.suppliers:
        for fact in distributors_of(party, purchase.date, catalogue):
            name = catalogue.maker(fact.maker).name
            piece = weigh.of_distributor(fact, party.name, name)
            held = pieces.setdefault(fact.maker, [])
            if piece not in held:
                held.append(piece)
    return [
        _made(
            case,
            maker=catalogue.maker(key).name,
            key=key,
            brand=None,
            role=None,
            grade=Grade.INFERRED,
            evidence=tuple(evidence),
            words=wording(Grade.INFERRED, maker=catalogue.maker(key).name),
            in_totals=case.judged.kind in _COUNTED,
        )
        for key, evidence in pieces.items()
        if key not in rejected
    ]


def _open(case: _Case) -> Attribution:
    evidence = Evidence(
        kind="trade",
        says=f"the record is a surveillance purchase: {case.judged.reason}",
        weight=0.0,
        ref=case.judged.rule,
        grade=Grade.OPEN,
    )
    return _made(
        case,
        maker=None,
        key=None,
        brand=None,
        role=None,
        grade=Grade.OPEN,
        evidence=(evidence,),
        words=wording(Grade.OPEN),
        in_totals=case.judged.kind in _COUNTED,
    )


def _never_bought(purchase: Purchase) -> bool:
    """Whether its amount is no sum of anything bought: a ceiling, or an award that came to nothing.

    Award statuses as in OCDS 1.1's award status codelist; tenders share these words.
    """
    return purchase.is_framework or purchase.status.lower() in _CAME_TO_NOTHING


def _made(
    case: _Case,
    *,
    maker: str | None,
    key: str | None,
    brand: str | None,
    role: Role | None,
    grade: Grade,
    evidence: tuple[Evidence, ...],
    words: str,
    in_totals: bool,
) -> Attribution:
    purchase = case.purchase
    chance = None if maker is None else weigh.probability(weigh.PRIOR, evidence)
    return Attribution(
        attribution_id=attribution_id(purchase.purchase_id, key, role.value if role else None),
        purchase_id=purchase.purchase_id,
        body=purchase.body,
        supplier=purchase.supplier,
        maker=maker,
        brand=brand,
        role=role.value if role else None,
        grade=grade,
        probability=chance,
        band=None if chance is None else weigh.band_of(chance),
        prior=None if chance is None else weigh.PRIOR,
        amount=purchase.amount,
        currency=purchase.currency,
        amount_kind=purchase.amount_kind.value,
        amount_tax=purchase.amount_tax.value,
        amount_note=purchase.amount_note,
        in_totals=in_totals and not _never_bought(purchase),
        date=purchase.date,
        date_kind=purchase.date_kind.value,
        title=purchase.title,
        trade_kind=case.judged.kind.value,
        evidence=evidence,
        wording=words,
        source_file=purchase.source_file,
        source_sha256=purchase.source_sha256,
        locator=purchase.locator,
        constructed=purchase.constructed,
    )
