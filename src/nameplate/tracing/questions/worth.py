"""What an answer is worth, and how the questions to one body are bundled into one request.

The value of a question is the money that its answer moves from *possible* to *known*, weighed by
how unsure we are now: an open purchase counts whole; an inferred one by ``4 p (1 - p)``, which is
one at even odds and nothing at certainty. Sums of different currencies, kinds or tax bases are
never added: a bundle is ranked by the largest of its sums, then by how many purchases it settles.
A purchase without an amount is worth its count only.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any, Final

import msgspec

from nameplate.model.attribution import Grade
from nameplate.tracing.questions.law import Addressee, Cost, Law, estimate, largest_bundle, law_for

ASKED: Final = frozenset(
    {"equipment", "installation", "body_worn", "anpr", "unclear", "maintenance"}
)


class Open(msgspec.Struct, frozen=True, kw_only=True):
    """A purchase whose maker is open or only inferred. ``amount`` is None where none is known."""

    purchase_id: str
    body: str
    supplier: str
    title: str
    reference: str
    date: str
    amount: Decimal | None
    measure: str
    trade_kind: str
    makers: tuple[str, ...]
    chances: tuple[float, ...]
    constructed: str = ""

    @property
    def doubt(self) -> float:
        """How much is not known, from 0 to 1: whole for an open one, least for a sure guess."""
        if not self.chances:
            return 1.0
        best = max(self.chances)
        return 4 * best * (1 - best) if best > 0.5 else 1.0


class Bundle(msgspec.Struct, frozen=True, kw_only=True):
    """One request: whom to, about which purchases, under which law, at what cost and worth.

    ``worth`` by measure (``GBP payment net``), in its currency; ``settles`` counts purchases.
    ``left_out`` counts purchases of the body that would not fit under the cost limit: ask later,
    after sixty working days.
    """

    addressee: Addressee
    to: str
    body: str
    law: Law
    purchases: tuple[Open, ...]
    worth: dict[str, Decimal]
    settles: float
    cost: Cost
    left_out: int
    warnings: tuple[str, ...] = ()


def worth_of(purchase: Open) -> Decimal:
    """Money that an answer moves from possible to known; nothing where no amount is published."""
    if purchase.amount is None or purchase.amount <= 0:
        return Decimal(0)
    return (purchase.amount * Decimal(str(round(purchase.doubt, 4)))).quantize(Decimal("0.01"))


def open_purchases(
    attributions: Iterable[dict[str, Any]], references: dict[str, str] | None = None
) -> list[Open]:
    """Purchases held only as open or inferred, from rows of ``attributions.parquet``.

    A purchase with any stronger attribution is known, and is not asked about.
    """
    rows: dict[str, list[dict[str, Any]]] = {}
    for row in attributions:
        rows.setdefault(row["purchase_id"], []).append(row)
    out = []
    for purchase_id in sorted(rows):
        held = rows[purchase_id]
        if any(r["grade"] not in {Grade.OPEN.value, Grade.INFERRED.value} for r in held):
            continue
        first = held[0]
        if first["trade_kind"] not in ASKED or not first["body"]:
            continue
        guesses = [r for r in held if r["maker"] and r["probability"] is not None]
        out.append(
            Open(
                purchase_id=purchase_id,
                body=first["body"],
                supplier=first["supplier"] or "",
                title=first["title"] or "",
                reference=(references or {}).get(purchase_id, ""),
                date=str(first["date"] or ""),
                amount=first["amount"],
                measure=f"{first['currency']} {first['amount_kind']} {first['amount_tax']}",
                trade_kind=first["trade_kind"],
                makers=tuple(r["maker"] for r in guesses),
                chances=tuple(r["probability"] for r in guesses),
                constructed=first["constructed"] or "",
            )
        )
    return out


def bundles(
    purchases: Sequence[Open],
    nations: dict[str, str] | None = None,
    recent: dict[str, int] | None = None,
) -> list[Bundle]:
    """One request a body with its purchases of most worth first, then ranked by worth.

    ``nations`` by body, where known; ``recent`` counts purchases already asked about within sixty
    working days, by body. What would break the cost limit is left for later, and said.
    """
    by_body: dict[str, list[Open]] = {}
    for purchase in purchases:
        by_body.setdefault(purchase.body, []).append(purchase)
    made = []
    for body in sorted(by_body):
        law = law_for(body, (nations or {}).get(body, ""))
        asked_lately = (recent or {}).get(body, 0)
        ranked = sorted(
            by_body[body], key=lambda p: (-worth_of(p), -p.doubt, p.date, p.purchase_id)
        )
        most = largest_bundle(law, recent=asked_lately)
        made.append(_bundle(body, law, ranked[:most], len(ranked) - most, asked_lately))
    return sorted(made, key=lambda b: (-_largest(b), -b.settles, b.to))


def _bundle(body: str, law: Law, chosen: list[Open], over: int, recent: int) -> Bundle:
    worth: dict[str, Decimal] = {}
    for purchase in chosen:
        worth[purchase.measure] = worth.get(purchase.measure, Decimal(0)) + worth_of(purchase)
    cost = estimate(len(chosen), law, recent=recent)
    warnings = []
    if recent:
        warnings.append(
            f"{recent} purchases were asked about within 60 working days: the body may add the "
            "two requests together when it works out the cost"
        )
    if not cost.within:
        warnings.append("the estimate is above the cost limit: the body may refuse")
    if over > 0:
        warnings.append(f"{over} more purchases are left for a later request")
    if law.school:
        warnings.append("a school counts school days: the last day depends on its holidays")
    return Bundle(
        addressee=Addressee.BODY,
        to=body,
        body=body,
        law=law,
        purchases=tuple(chosen),
        worth={k: v for k, v in sorted(worth.items()) if v},
        settles=sum(p.doubt for p in chosen),
        cost=cost,
        left_out=max(0, over),
        warnings=tuple(warnings),
    )


def _largest(bundle: Bundle) -> Decimal:
    return max(bundle.worth.values(), default=Decimal(0))


def supplier_questions(purchases: Sequence[Open]) -> list[tuple[str, list[Open]]]:
    """The same question to each supplier, by what its answer settles: suppliers owe none to the
    public, but owe the body one under most contracts, so the body may ask.
    """
    by_supplier: dict[str, list[Open]] = {}
    for purchase in purchases:
        if purchase.supplier:
            by_supplier.setdefault(purchase.supplier, []).append(purchase)
    return sorted(by_supplier.items(), key=lambda item: (-len(item[1]), item[0]))


def shares_of(total: int, part: int) -> str:
    """A share that names its base: ``28 of 43 (65 %)``; no percentage of nothing."""
    return f"{part} of {total} ({100 * part / total:.0f} %)" if total else "0 of 0"
