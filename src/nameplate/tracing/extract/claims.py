"""A reading turned into statements: one claim each, with source, asserter and when it was true.

Predicates: ``equipment`` (value: maker's key, role, surface, count), ``device_count`` (all makes),
``sum_stated`` (amount, currency, what, maker), ``supplier_stated`` (name) and ``maker_answer``
(kind, detail, exemption). The subject is the body.
"""

from __future__ import annotations

import re
from typing import Final

from nameplate.model.ids import make_id
from nameplate.model.mention import Role
from nameplate.model.statement import Asserter, SourceRef, Statement, made
from nameplate.tracing.extract.reading import Reading

EQUIPMENT: Final = "equipment"
DEVICE_COUNT: Final = "device_count"
SUM_STATED: Final = "sum_stated"
SUPPLIER_STATED: Final = "supplier_stated"
MAKER_ANSWER: Final = "maker_answer"

_SILENT: Final = frozenset({Role.OTHER, Role.DISCUSSED})
"""A name in a question or in a debate is no claim about the body's equipment."""
_ASSERTERS: Final = {
    "supplier_page": Asserter.SUPPLIER,
    "policy_or_news": Asserter.NEWSPAPER,
    "foi_request": Asserter.PERSON,
}


def body_subject(body: str) -> str:
    """Subject id of a body: the catalogue's where the name is one it knows, else over the name."""
    from nameplate.catalogue.bodies_names import resolve_body

    known = resolve_body(body).body
    if known is not None:
        return known.body_id
    return make_id("b", "name", " ".join(re.findall(r"\w+", body.casefold())))


def period_of(reading: Reading) -> tuple[str, str]:
    """First and last day or year that the passage gives for what was bought or fitted; ``""``."""
    starts: list[str] = []
    ends: list[str] = []
    for found in reading.dates:
        if found.what in {"bought", "installed", "contract_start", "awarded", "period_from"}:
            first, _, last = found.value.partition("/")
            starts.append(first)
            ends.append(last or first)
    return (min(starts, default=""), max(ends, default=""))


def statements_of(
    reading: Reading,
    source: SourceRef,
    *,
    body: str = "",
    observed: str = "",
    recorded: str = "",
    constructed: str = "",
    via: str = "",
    asserted_by: str = "",
) -> list[Statement]:
    """Statements that a reading makes about its body, in the passage's order; none without one.

    ``via`` names the carrier of reported speech. Each statement keeps the exact words it rests on.
    """
    name = body or reading.passage.body or ""
    if not name or reading.kind == "foi_request":
        return []
    subject = body_subject(name)
    asserter = _ASSERTERS.get(reading.kind, Asserter.BODY)
    start, end = period_of(reading)

    def claim(predicate: str, value: dict[str, object], reason: str = "") -> Statement:
        return made(
            Statement(
                statement_id="",
                subject=subject,
                predicate=predicate,
                value=value,
                source=source,
                asserter=asserter,
                asserted_by=asserted_by or name,
                via=via,
                valid_from=start,
                valid_to="",
                observed=observed,
                recorded=recorded,
                reason=reason,
                constructed=constructed,
            )
        )

    out: list[Statement] = []
    counted = {(c.maker, c.count) for c in reading.device_counts}
    seen: set[tuple[str, str]] = set()
    for mention in reading.mentions:
        if mention.role in _SILENT or (mention.maker_key, mention.role.value) in seen:
            continue
        seen.add((mention.maker_key, mention.role.value))
        counts = [n for maker, n in sorted(counted, key=str) if maker == mention.maker]
        value: dict[str, object] = {
            "maker": mention.maker_key,
            "name": mention.maker,
            "role": mention.role.value,
            "surface": mention.surface,
        }
        if counts and mention.role is not Role.NOT_USED:
            value["counts"] = counts
        if start or end:
            value["period"] = [start, end]
        out.append(claim(EQUIPMENT, value, mention.role_reason))
    out.extend(
        claim(DEVICE_COUNT, {"count": item.count, "surface": item.surface})
        for item in reading.device_counts
        if item.maker is None
    )
    out.extend(
        claim(
            SUM_STATED,
            {
                "amount": str(total.amount),
                "currency": total.currency,
                "what": total.what,
                "maker": total.maker,
                "surface": total.surface,
            },
        )
        for total in reading.money
    )
    out.extend(
        claim(SUPPLIER_STATED, {"name": supplier.name, "surface": supplier.surface})
        for supplier in reading.suppliers
    )
    if reading.answer != "not_asked":
        out.append(
            claim(
                MAKER_ANSWER,
                {
                    "kind": reading.answer,
                    "detail": reading.answer_detail,
                    "exemption": reading.exemption,
                },
            )
        )
    return out
