"""Which purchases an answer speaks of: a body's claim becomes a claim on a purchase, or does not.

An answer bears on a purchase only where all of this holds: it is the same body; the answer claims
equipment of one maker only; the purchase names no maker itself; its day lies in the period that
the answer gives, or its supplier is one that the answer names; and it is no larger than the sum
that the answer gives for the maker's equipment. Anything less leaves the purchase open.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any, Final

import msgspec

from nameplate.catalogue.dates import span
from nameplate.model.attribution import Grade
from nameplate.model.purchase import Purchase, TradeKind
from nameplate.model.statement import Statement, made
from nameplate.tracing.api import Traced
from nameplate.tracing.extract.claims import (
    EQUIPMENT,
    SUM_STATED,
    SUPPLIER_STATED,
    body_subject,
)

EQUIPMENT_MAKER: Final = "equipment_maker"
"""Predicate under which derivation looks for what a purchase's equipment is."""
_HAD: Final = frozenset({"supplied", "in_use", "removed", "to_be_replaced"})
"""Roles of a body's claim that say it once got the equipment."""
_KINDS: Final = frozenset(
    {TradeKind.EQUIPMENT.value, TradeKind.INSTALLATION.value, TradeKind.UNCLEAR.value}
)


class Answered(msgspec.Struct, frozen=True, kw_only=True):
    """What one answer says of one maker: period, suppliers and the most that was paid."""

    claim: Statement
    maker: str
    period: tuple[str, str]
    suppliers: tuple[str, ...]
    most: Decimal | None


def answers_of(statements: Iterable[Statement]) -> list[Answered]:
    """Answers that name one maker only, by source document and body, in the order of ids."""
    by_source: dict[tuple[str, str], list[Statement]] = {}
    for statement in sorted(statements, key=lambda s: s.statement_id):
        key = (statement.subject, f"{statement.source.sha256} {statement.source.locator}")
        by_source.setdefault(key, []).append(statement)
    out: list[Answered] = []
    for group in by_source.values():
        had = [s for s in group if s.predicate == EQUIPMENT and _value(s).get("role") in _HAD]
        makers = {str(_value(s)["maker"]) for s in had}
        if len(makers) != 1:
            continue
        claim = had[0]
        sums = [_decimal(_value(s).get("amount")) for s in group if s.predicate == SUM_STATED]
        known = [s for s in sums if s is not None]
        start, end = _period(_value(claim).get("period"))
        out.append(
            Answered(
                claim=claim,
                maker=makers.pop(),
                period=(start, end),
                suppliers=tuple(
                    str(_value(s)["name"]) for s in group if s.predicate == SUPPLIER_STATED
                ),
                most=max(known, default=None),
            )
        )
    return out


def bearing(traced: Traced, answers: Mapping[str, Sequence[Answered]]) -> list[Statement]:
    """Statements on this purchase that follow from its body's answers; usually none.

    ``answers`` by the body's subject id. Each statement keeps the answer's own source and
    asserter, and gives as its reason why the answer bears on this purchase.
    """
    purchase = traced.purchase
    if not purchase.body or str(traced.trade_kind) not in _KINDS:
        return []
    if any(a.grade not in {Grade.OPEN, Grade.INFERRED} for a in traced.attributions):
        return []
    found: list[Statement] = []
    for answer in answers.get(body_subject(purchase.body), ()):
        reason = _why(purchase, answer)
        if reason:
            found.append(
                made(
                    msgspec.structs.replace(
                        answer.claim,
                        subject=purchase.purchase_id,
                        predicate=EQUIPMENT_MAKER,
                        value={"maker": answer.maker, "role": "supplied"},
                        reason=reason,
                    )
                )
            )
    return found


def _why(purchase: Purchase, answer: Answered) -> str:
    if answer.most is not None and purchase.amount is not None and purchase.amount > answer.most:
        return ""
    from nameplate.names.normalise import core

    ours = {core(p.name) for p in purchase.suppliers}
    named = [s for s in answer.suppliers if core(s) in ours]
    if named:
        return f"the answer names this purchase's supplier, {named[0]}"
    start, end = answer.period
    if purchase.date is None or not start:
        return ""
    first = span(start)[0]
    last = span(end or start)[1]
    if first <= purchase.date <= last:
        return f"the answer's period ({start} to {end or start}) covers this purchase's day"
    return ""


def _period(value: object) -> tuple[str, str]:
    if isinstance(value, list | tuple) and len(value) == 2:
        return str(value[0]), str(value[1])
    return "", ""


def _value(statement: Statement) -> dict[str, Any]:
    return statement.value if isinstance(statement.value, dict) else {}


def _decimal(text: object) -> Decimal | None:
    try:
        return Decimal(str(text))
    except InvalidOperation:
        return None


def by_body(statements: Iterable[Statement]) -> dict[str, list[Answered]]:
    """:func:`answers_of` by the body's subject id."""
    out: dict[str, list[Answered]] = {}
    for answer in answers_of(statements):
        out.setdefault(answer.claim.subject, []).append(answer)
    return out
