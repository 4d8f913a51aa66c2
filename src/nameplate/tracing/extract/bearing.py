"""Which purchases an answer speaks of: a body's claim becomes a claim on a purchase, or does not.

An answer bears on a purchase only where all of this holds: it is the same body; the answer claims
equipment of one maker only; the purchase names no maker itself; its day lies in the period that
the answer gives for what was bought, or its supplier is one that the answer names; and it is no
larger than the sum that the answer gives for the maker's equipment. Where the period alone ties
the answer to several purchases, none is settled, unless together they fit within that sum.
Anything less leaves the purchase open.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, Final

import msgspec

from nameplate.catalogue.dates import span
from nameplate.model.attribution import Grade
from nameplate.model.errors import InputError
from nameplate.model.purchase import Party, Purchase, TradeKind
from nameplate.model.statement import Statement, made
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
_BY_PERIOD: Final = "covers this purchase's day"
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


def bearing(
    purchase: Purchase,
    trade_kind: str,
    grades: Iterable[Grade],
    answers: Mapping[str, Sequence[Answered]],
) -> list[Statement]:
    """Statements on this purchase that follow from its body's answers; usually none.

    ``grades`` are those of its attributions so far; ``answers`` are by the body's subject id. Each
    statement keeps the answer's own source and asserter, and says why it bears on this purchase.
    """
    if not purchase.body or trade_kind not in _KINDS:
        return []
    if any(grade not in {Grade.OPEN, Grade.INFERRED} for grade in grades):
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
                        constructed=answer.claim.constructed or purchase.constructed,
                    )
                )
            )
    return found


def bearing_on_run(folder: Path, statements: Iterable[Statement]) -> list[Statement]:
    """Statements on the purchases of a run (a folder that ``nameplate trace`` wrote), in its order.

    Raises InputError where the folder holds no run.
    """
    import pyarrow.parquet as pq

    answers = by_body(statements)
    if not answers:
        return []
    if not (folder / "purchases.parquet").is_file():
        raise InputError("there is no run in that folder", where=folder.name, do="trace first")
    held: dict[str, list[Grade]] = {}
    for row in pq.read_table(
        folder / "attributions.parquet", columns=["purchase_id", "grade"]
    ).to_pylist():
        held.setdefault(row["purchase_id"], []).append(Grade(row["grade"]))
    columns = ["purchase_id", "body", "suppliers", "amount", "date", "trade_kind", "constructed"]
    found: list[Statement] = []
    amounts: dict[str, Decimal | None] = {}
    for batch in pq.ParquetFile(folder / "purchases.parquet").iter_batches(columns=columns):
        for row in batch.to_pylist():
            if not held.get(row["purchase_id"]):
                continue
            purchase = Purchase(
                purchase_id=row["purchase_id"],
                body=row["body"],
                suppliers=tuple(Party(name=p["name"], role=p["role"]) for p in row["suppliers"]),
                amount=row["amount"],
                date=row["date"],
                constructed=row["constructed"] or "",
                source_file="",
                source_sha256="",
                locator="",
            )
            grades = held[row["purchase_id"]]
            amounts[purchase.purchase_id] = purchase.amount
            found += bearing(purchase, row["trade_kind"], grades, answers)
    return _unambiguous(found, amounts, answers)


def _unambiguous(
    found: list[Statement],
    amounts: Mapping[str, Decimal | None],
    answers: Mapping[str, Sequence[Answered]],
) -> list[Statement]:
    """Leave out what an answer's period alone ties to several purchases, unless together they are
    no more than the sum that the answer gives.
    """
    most = {_key(a.claim): a.most for held in answers.values() for a in held}
    by_claim: dict[tuple[str, str, str], list[Statement]] = {}
    for statement in found:
        if _BY_PERIOD in statement.reason:
            by_claim.setdefault(_key(statement), []).append(statement)
    dropped: set[str] = set()
    for key, group in by_claim.items():
        known = [amounts[s.subject] for s in group]
        limit = most.get(key)
        fits = (
            limit is not None
            and all(a is not None for a in known)
            and sum((a for a in known if a is not None), Decimal(0)) <= limit
        )
        if len(group) > 1 and not fits:
            dropped.update(s.statement_id for s in group)
    return [s for s in found if s.statement_id not in dropped]


def _key(statement: Statement) -> tuple[str, str, str]:
    return (statement.asserted_by, statement.source.sha256, statement.source.locator)


def _why(purchase: Purchase, answer: Answered) -> str:
    if answer.most is not None and purchase.amount is not None and purchase.amount > answer.most:
        return ""
    from nameplate.names.normalise import core

    ours = {core(p.name) for p in purchase.suppliers}
    named = [s for s in answer.suppliers if core(s) in ours]
    if named:
        return f"the answer names this purchase's supplier, {named[0]}"
    start, end = answer.period
    if purchase.date is None or not start or _value(answer.claim).get("role") != "supplied":
        return ""
    first = span(start)[0]
    last = span(end or start)[1]
    if first <= purchase.date <= last:
        return f"the answer's period ({start} to {end or start}) {_BY_PERIOD}"
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
