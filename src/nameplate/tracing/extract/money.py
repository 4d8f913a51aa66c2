"""Sums of money in prose and in spending rows, as Decimal with a currency."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import Final

import msgspec

from nameplate.model.mention import Mention
from nameplate.tracing.extract.numbers import digits_of
from nameplate.tracing.extract.segments import Segment, split

_SUM: Final = re.compile(
    r"(?P<sign>£|€|\$|\bGBP\s?|\bEUR\s?|\bUSD\s?|&pound;)\s?"
    r"(?P<num>[\dlIO|][\dlIO|]*(?:,[\dlIO|]{3})*(?:\.\d{1,2}(?!\d)|\.\d{1,4}(?=\s?(?:m|k|bn|million|thousand|billion)\b))?)"
    r"\s?(?P<scale>k|m|bn|million|thousand|billion|mn)?\b",
    re.I,
)
_SPELLED: Final = re.compile(
    r"(?<![£\d.,])\b(?P<num>\d{1,3}(?:,\d{3})+(?:\.\d\d)?|\d+(?:\.\d{1,2})?)\s?(?P<scale>k|m|million|thousand)?\s?(?P<unit>pounds(?: sterling)?|gbp|euros?)\b",
    re.I,
)
_SCALES: Final = {
    "k": 1000,
    "thousand": 1000,
    "m": 10**6,
    "mn": 10**6,
    "million": 10**6,
    "bn": 10**9,
    "billion": 10**9,
}
_CURRENCY: Final = {
    "£": "GBP",
    "&pound;": "GBP",
    "gbp": "GBP",
    "€": "EUR",
    "eur": "EUR",
    "$": "USD",
    "usd": "USD",
}
_AMOUNT_HEAD: Final = re.compile(
    r"\b(?:amount|net|total|value|cost|gross|paid|spend|price)\b", re.I
)
_NOT_AMOUNT_HEAD: Final = re.compile(
    r"\b(?:vat|tax|date|number|no|code|supplier|irrecoverable|reference|category|ref)\b(?! \(| of)",
    re.I,
)

_WHAT: Final = (
    (
        "annual maintenance",
        r"\b(?:maintenance|upkeep)\b.{0,40}\b(?:annual|year|p\.?a|annum)|annual maintenance",
    ),
    (
        "cost limit",
        r"\b(?:cost|fees|appropriate)\s+(?:\w+\s+){0,2}limit|limit (?:is|of|set)|£(?:450|600) limit",
    ),
    ("unit price", r"\beach\b|\bper (?:unit|camera|device)\b|\ba camera\b|\bunit (?:price|cost)\b"),
    ("hourly rate", r"\bhrs?\b|\bhours?\b|\bhourly\b"),
    ("grant", r"\bgrant\b|\bfunding (?:of|from)\b"),
    ("saving", r"\bsav(?:e|ed|ing|ings)\b"),
    ("estimated value", r"\bestimat\w*|\best\.|\bapprox\w* value\b"),
    ("quotation", r"\bquot(?:e|ation|ed)\b|\boffer\b"),
    ("budget", r"\bbudget\b|\bcapital\b|\bprovisional sum\b|\ballocat"),
    ("contract value", r"\bcontract\b"),
    ("award value", r"\baward"),
    ("total spend", r"\bspen[dt]\b|\btotal (?:cost|spend)\b"),
    ("purchase", r"\bbought|purchas|order|cost|price|paid\b"),
)
_THRESHOLD: Final = re.compile(
    r"\b(?:over|above|exceeding|more than|under|below|threshold of|at least)\s*$", re.I
)


class Sum(msgspec.Struct, frozen=True, kw_only=True):
    """An amount at ``start:end``, what it was for in a few words, and whose equipment if said."""

    amount: Decimal
    currency: str
    what: str
    maker: str | None
    surface: str
    start: int
    end: int


def _amount(number: str, scale: str | None) -> Decimal | None:
    try:
        value = Decimal(digits_of(number).replace(",", ""))
    except InvalidOperation:
        return None
    return value * _SCALES.get((scale or "").lower(), 1)


def _what(sentence: str, at: int) -> str:
    """The first wording that tells what the sum at ``at`` of the sentence is."""
    near = sentence[max(0, at - 90) : at + 60].lower()
    yearly = bool(re.search(r"\b(?:p\.a|per annum|a year|per year|annual|yearly)\b", near))
    for what, pattern in _WHAT:
        if re.search(pattern, near):
            return f"annual {what}" if yearly and not what.startswith("annual") else what
    return "annual cost" if yearly else "amount"


def _maker_of(text: str, segment: Segment, start: int, mentions: Sequence[Mention]) -> str | None:
    here = [m for m in mentions if segment.start <= m.start < segment.end]
    makers = list(dict.fromkeys(m.maker for m in here))
    if len(makers) == 1:
        return makers[0]
    near = [m for m in here if m.end <= start and re.fullmatch(r"[^.;]{0,60}", text[m.end : start])]
    return near[-1].maker if near else None


def find_money(text: str, mentions: Sequence[Mention] = (), kind: str = "") -> list[Sum]:
    """Return the sums in ``text``: of the row's amount column where it is a row, else as written.

    A threshold in a question ("paid over £10,000") is no sum. Amounts keep their decimals.
    """
    segments = split(text, kind)
    out: list[Sum] = []
    for match in [*_SUM.finditer(text), *_SPELLED.finditer(text)]:
        amount = _amount(match["num"], match["scale"])
        if amount is None or not re.search(r"\d", digits_of(match["num"])):
            continue
        segment = next((s for s in segments if s.start <= match.start() < s.end), None)
        if segment is None:
            continue
        before = text[max(segment.start, match.start() - 20) : match.start()]
        if (segment.asks or kind == "foi_request") and _THRESHOLD.search(before):
            continue
        sign = match.groupdict().get("sign") or match.groupdict().get("unit") or "£"
        currency = _CURRENCY.get(sign.strip().lower(), "EUR" if "eur" in sign.lower() else "GBP")
        out.append(
            Sum(
                amount=amount,
                currency=currency,
                what=_what(segment.text, match.start() - segment.start),
                maker=_maker_of(text, segment, match.start(), mentions),
                surface=match.group().rstrip(),
                start=match.start(),
                end=match.start() + len(match.group().rstrip()),
            )
        )
    out.extend(_ranges(text, out))
    if kind == "spend" and not out:
        row = spend_row(text)
        if row and row.amount:
            at = text.rfind(row.amount)
            value = _amount(row.amount.lstrip("£").replace(" ", ""), None)
            if value is not None and at >= 0:
                makers = list(dict.fromkeys(m.maker for m in mentions))
                out.append(
                    Sum(
                        amount=value,
                        currency="GBP",
                        what="payment line",
                        maker=makers[0] if len(makers) == 1 else None,
                        surface=row.amount,
                        start=at,
                        end=at + len(row.amount),
                    )
                )
    return sorted(out, key=lambda s: s.start)


def _ranges(text: str, sums: list[Sum]) -> list[Sum]:
    """``£40k-60k`` and ``£40-60k``: the end that carries no sign."""
    out = []
    for sum_ in sums:
        tail = re.match(
            r"\s?(?:-|–|to)\s?(?P<num>\d[\d,]*(?:\.\d+)?)\s?(?P<scale>k|m|million)\b",
            text[sum_.end :],
            re.I,
        )
        if tail:
            value = _amount(tail["num"], tail["scale"])
            if value is not None:
                start = sum_.end + tail.start("num")
                out.append(
                    msgspec.structs.replace(
                        sum_,
                        amount=value,
                        surface=text[start : sum_.end + tail.end()],
                        start=start,
                        end=sum_.end + tail.end(),
                        what=f"{sum_.what}, high",
                    )
                )
    return out


class SpendRow(msgspec.Struct, frozen=True, kw_only=True):
    """What a spending row says in its own words; empty where a cell is missing."""

    supplier: str = ""
    amount: str = ""
    date: str = ""


_DATE_CELL: Final = re.compile(
    r"^(?:\d{4}-\d\d(?:-\d\d)?|\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}|\d{1,2}[ -](?:[A-Za-z]{3,9})[ -]\d{2,4})(?:[T ].*)?$"
)
_AMOUNT_CELL: Final = re.compile(r"^-?£?\s?-?\d{1,3}(?:,?\d{3})*(?:\.\d{1,2})?$")


def spend_row(text: str) -> SpendRow | None:
    """Read a spending row, with its header line where it has one; None where it is prose."""
    lines = [line for line in text.strip().splitlines() if line.strip()]
    if not lines:
        return None
    sep = max(",|;\t", key=lines[-1].count)
    if lines[-1].count(sep) < 3:
        return None
    cells = [c.strip() for c in next(csv.reader(io.StringIO(lines[-1]), delimiter=sep), [])]
    heads: list[str] = []
    if len(lines) > 1:
        heads = [c.strip() for c in next(csv.reader(io.StringIO(lines[-2]), delimiter=sep), [])]
    amount = supplier = date = ""
    if heads:
        for head, cell in zip(heads, cells, strict=False):
            low = head.lower()
            if (
                not amount
                and _AMOUNT_HEAD.search(low)
                and not (
                    _NOT_AMOUNT_HEAD.search(low)
                    and "net of vat" not in low
                    and "excludes vat" not in low
                )
                and _AMOUNT_CELL.match(cell)
            ):
                amount = cell
            elif (
                not supplier
                and re.search(r"\b(?:supplier|payee|vendor|beneficiary|creditor|merchant)\b", low)
                and not re.search(
                    r"\b(?:id|number|code|match|category|reference|registered|site|group)\b", low
                )
                and cell
                and not _AMOUNT_CELL.match(cell)
            ):
                supplier = cell
            elif not date and re.search(r"\bdate\b", low) and _DATE_CELL.match(cell):
                date = cell
    if not amount:
        amount = next(
            (c for c in reversed(cells) if re.fullmatch(r"-?£?\s?-?\d[\d,]*\.\d\d", c)), ""
        )
    if not date:
        date = next((c for c in cells if _DATE_CELL.match(c)), "")
    return SpendRow(supplier=supplier, amount=amount, date=date)
