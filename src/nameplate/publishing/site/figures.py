"""Figures on pages, each with the address of the query over the published tables that gives it."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from typing import Any, Final, NamedTuple

from nameplate.model.absence import Absence
from nameplate.model.attribution import CONFIRMED_GRADES, Grade
from nameplate.publishing.tables import Row
from nameplate.tracing.run.tally import Measure, Sum, Totals

_SYMBOL: Final = {"GBP": "£", "EUR": "€", "USD": "$"}
_KIND: Final = {
    "notice_estimate": "estimates in notices",
    "award": "awards",
    "contract": "contracts",
    "payment": "payments",
}
_TAX: Final = {"net": "net of VAT", "gross": "with VAT"}
WITHHELD: Final = "not published: fewer than three suppliers stand behind what is inferred"


def money(value: Decimal | str, currency: str, note: str = "") -> str:
    """A sum as people write it; a word (an absence) is left as it is."""
    try:
        amount = Decimal(value)
    except InvalidOperation:
        return str(value)
    text = f"{amount:,.0f}" if amount == amount.to_integral_value() else f"{amount:,.2f}"
    sign = _SYMBOL.get(currency)
    shown = f"{sign}{text}" if sign else f"{text} {currency or '(no currency given)'}"
    return f"{note} {shown}".strip()


def measure_words(measure: Measure) -> str:
    """What a sum is of, in words: ``awards, VAT not stated``."""
    kind = _KIND.get(measure.amount_kind, measure.amount_kind)
    return f"{kind}, {_TAX.get(measure.amount_tax, 'VAT not stated')}"


def totals(rows: Iterable[Row], flag: str, inferred: Iterable[Row] = ()) -> Totals:
    """Totals over published attributions for which ``flag`` holds, and published inferred sums."""
    found = Totals()
    for row in rows:
        if not row[flag] or not row["in_totals"]:
            continue
        if row["amount"] is None:
            found.no_amount += 1
            continue
        measure = Measure(row["currency"] or "", row["amount_kind"], row["amount_tax"])
        into = found.confirmed if row["grade"] in CONFIRMED_GRADES else found.open
        into.setdefault(measure, Sum()).add(row["amount"], row["amount_note"] or "")
    for row in inferred:
        measure = Measure(row["currency"], row["amount_kind"], row["amount_tax"])
        found.inferred[measure] = Sum(row["amount"] or Decimal(0), row["purchases"])
        found.expected[measure] = row["expected"]
    return found


def lines(
    found: Totals, scope: str, key: str, withheld: Iterable[Row] = ()
) -> list[dict[str, Any]]:
    """One line a measure: confirmed, likely, possible, as shown and as the query gives them.

    ``scope`` and ``key`` say which query: all, maker, body or supplier. Bodies and suppliers have
    no likely total: what is inferred is published in sums of makers only.
    """
    held = {Measure(r["currency"], r["amount_kind"], r["amount_tax"]) for r in withheld}
    wide = scope in ("all", "maker")
    rows = []
    for measure in found.measures():
        confirmed = found.confirmed.get(measure, Sum())
        opened = found.open.get(measure, Sum())
        inferred = found.inferred.get(measure, Sum())
        expected = found.expected.get(measure, Decimal(0))
        about = "about" if confirmed.about or opened.about else ""
        possible = confirmed.amount + opened.amount + inferred.amount
        likely: Decimal | str = Absence.NOT_COMPUTABLE.value
        if expected is not None:
            likely = confirmed.amount + expected
        values: dict[str, Decimal | str] = {
            "confirmed": confirmed.amount if confirmed.purchases else Absence.NOTHING_FOUND.value,
            "possible": WITHHELD if measure in held and wide else possible,
        }
        if wide:
            values["likely"] = WITHHELD if measure in held else likely
        rows.append(
            {
                "of": measure_words(measure),
                "measure": " ".join((measure.currency or "-", measure[1], measure[2])),
                "scope": scope,
                "key": key,
                "purchases": confirmed.purchases,
                "cells": {
                    name: {
                        "text": money(value, measure.currency, about),
                        "value": f"{value:f}" if isinstance(value, Decimal) else "",
                    }
                    for name, value in values.items()
                },
            }
        )
    return rows


class Group(NamedTuple):
    """A confirmed sum of one group and measure; ``about``: a source qualifies a part of it."""

    name: str
    measure: str
    amount: Decimal
    purchases: int
    about: bool


def confirmed_by(rows: Iterable[Row], group: dict[str, str]) -> list[Group]:
    """Confirmed sums across makers, by what ``group`` says of each attribution's id."""
    sums: dict[tuple[str, str], Sum] = {}
    for row in rows:
        if not (row["counts_overall"] and row["in_totals"]) or row["grade"] == Grade.OPEN:
            continue
        if row["amount"] is None:
            continue
        measure = f"{row['currency'] or '-'} {row['amount_kind']} {row['amount_tax']}"
        key = (group.get(row["attribution_id"], "not known"), measure)
        sums.setdefault(key, Sum()).add(row["amount"], row["amount_note"] or "")
    return [
        Group(*key, sums[key].amount, sums[key].purchases, sums[key].about) for key in sorted(sums)
    ]
