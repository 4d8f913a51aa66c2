"""The columns of spending files and contract registers: names, contents, and what they imply.

Header words come from what is published: the Local Government Transparency Code 2015 (Annex A),
HM Treasury's template for departmental spend over £25,000 (department family, entity, date,
expense type, expense area, supplier, transaction number, amount), and the files of some twenty
councils, health bodies and agencies.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from nameplate.model.money import AmountKind, TaxBasis
from nameplate.tabular.amounts import parse_amount
from nameplate.tabular.columns import Layout, Standard, normalised
from nameplate.tabular.dates import read_date

STANDARD_NAMES: Final = (
    "body",
    "supplier",
    "amount",
    "date",
    "description",
    "department",
    "reference",
)
"""The names that outputs use. ``currency``, ``start`` and ``end`` serve the reader itself."""

_LETTERS: Final = re.compile(r"[^\W\d_]{2}")


def share_amounts(values: Sequence[str]) -> float:
    """Share of ``values`` that write an amount (either decimal style)."""
    return sum(parse_amount(value) is not None for value in values) / len(values)


def share_dates(values: Sequence[str]) -> float:
    """Share of ``values`` that write a day, a month or a period."""
    return sum(read_date(value) is not None for value in values) / len(values)


def share_texts(values: Sequence[str]) -> float:
    """Share of ``values`` that are words: letters, and neither a date nor an address on the web."""
    return sum(
        (value.isalpha() or bool(_LETTERS.search(value)))
        and not value.startswith(("http:", "https:"))
        and (len(value) > 25 or read_date(value) is None)
        for value in values
    ) / len(values)


def share_codes(values: Sequence[str]) -> float:
    """Share of ``values`` without a line break: a reference may look like anything."""
    return sum("\n" not in value for value in values) / len(values)


def share_currencies(values: Sequence[str]) -> float:
    """Share of ``values`` that are three capital letters."""
    return sum(bool(re.fullmatch(r"[A-Za-z]{3}", value)) for value in values) / len(values)


_IDS: Final = r"\b(id|ids|no|num|number|code|ref|reference|type|category|postcode|address|reg|vat|email|uri|url|key|sme|status)\b"  # noqa: E501
_FIRM: Final = r"(suppliers?|vendors?|beneficiary|benificiary|payees?|creditors?|contractors?|providers?|merchant|company|trader|recipient)"  # noqa: E501

STANDARDS: Final = (
    Standard(
        "amount",
        (
            (r"^(vat|tax)\b", -1),
            (r"\b(vat|tax) (amount|value|total|recover|reg|no|number|code|element|paid)", -1),
            (r"irrecoverable|recoverable|threshold|year to date|cumulative|exchange|original", -1),
            (
                r"\b(date|no|number|ref|reference|code|id|type|method|category|description|terms|period|name|supplier)\b",
                -1,
            ),
            (r"\bgross\b", 0.97),
            (r"\bamount\b", 0.95),
            (r"^nett?\b|\bnett?\b.*\b(value|cost|total|paid)\b", 0.9),
            (r"\b(value|value gbp)\b", 0.88),
            (r"^(grand )?total\b", 0.85),
            (r"\b(spend|spent|expenditure|cost|price|paid|payment|sum|gbp)\b", 0.6),
        ),
        share_amounts,
        need=0.6,
        alone=True,
    ),
    Standard(
        "date",
        (
            (
                r"\b(start|end|due|expiry|expires|birth|review|created|commence\w*|extension|from|to|tender|published|order|renewal)\b",
                -1,
            ),
            (r"\b(payment|paid|pay) date|\bdate( of)? (payment|paid)\b|\bdate paid\b", 1.0),
            (r"^date$", 0.96),
            (
                r"\b(clearing|cleared|transaction|posting|cheque|bacs) date|date of transaction",
                0.93,
            ),
            (
                r"\b(gl|ledger|invoice|effective|tran|document|trans|voucher|award\w*|signed|value) date|\bdate of (invoice|award)|\bdate awarded",  # noqa: E501
                0.88,
            ),
            (r"\bdate\b", 0.7),
            (r"^(month|period|year month|payment month|payment period)$", 0.5),
        ),
        share_dates,
        need=0.6,
        alone=True,
    ),
    Standard(
        "start",
        (
            (r"\b(start|commence\w*|from) ?(date)?\b|\bdate (from|start\w*)", 0.9),
            (r"\b(time|reason|by)\b", -1),
        ),
        share_dates,
        word=False,
    ),
    Standard(
        "end",
        (
            (r"\b(end|expiry|expires|completion|finish|until) ?(date)?\b", 0.9),
            (r"\b(time|reason|extension|notice)\b", -1),
        ),
        share_dates,
        word=False,
    ),
    Standard(
        "supplier",
        (
            (_IDS, -1),
            (r"\b(name of|body|council|customer|contact|sub)\b", -1),
            (rf"\b{_FIRM} ?name\b|\bname of {_FIRM}\b", 1.0),
            (rf"^{_FIRM}\b", 0.96),
            (rf"\b{_FIRM}\b", 0.9),
            (r"\b(paid|awarded|payable) to\b|\bsuccessful (bidder|tenderer)", 0.9),
            (r"^name$|^(trading|organisation paid|party|firm) ?(name)?$", 0.6),
        ),
        share_texts,
    ),
    Standard(
        "body",
        (
            (r"\b(id|code|uri|url|ref|type|email|reference|no|number|paid)\b", -1),
            (
                r"\bname of( public)? body\b|\bbody name\b|\b(council|authority|organisation|ccg|trust|publisher|buyer) ?(name|label)\b",  # noqa: E501
                1.0,
            ),
            (
                r"^(council|authority|local authority|public body|buyer|publisher|ccg|contracting authority|purchaser|police force)$",  # noqa: E501
                0.95,
            ),
            (r"^(body|organisation)$", 0.9),
        ),
        share_texts,
        need=0.8,
    ),
    Standard(
        "department",
        (
            (r"\b(code|no|number|id|group description|family name)\b|\btype\b", -1),
            (r"\bdirec\w*te\b", 1.0),
            (
                r"^dep(artmen)?t\.?( name)?$|\b(business|organisational|spending|operational) unit\b|\bdepartment name\b",  # noqa: E501
                0.96,
            ),
            (
                r"^entity$|\bservice ?(label|area|group|name|department)\b|\bdepartment\b(?! family)",  # noqa: E501
                0.92,
            ),
            (r"^service cost centre$|^portfolio$|^faculty$", 0.88),
            (r"\bservice div\w+|^division\b", 0.8),
            (r"^service$|^services?\b|\bexp\w+ area\b|\bcost cent(re|er)\b", 0.7),
            (r"\bdepartment(al)? family\b", 0.65),
            (r"\bcategory family\b|^(team|section|function|programme|location|school)$", 0.6),
            (r"^expenditure account$", 0.4),
        ),
        share_texts,
        need=0.4,
    ),
    Standard(
        "description",
        (
            (r"\b(code|id|no|number|uri|url|date)\b", -1),
            (
                r"\bdescription\b|\bnarrative\b|\bcontract (title|name)\b|^title$|\bpurpose\b|\bsubject\b",  # noqa: E501
                1.0,
            ),
            (
                r"\bdetails?\b|\bsummary\b|\bgoods\b|\bworks\b|\bitem\b|\bcomments?\b|\bnotes?\b",
                0.9,
            ),
            (r"\bdetailed exp\w+ type\b", 0.85),
            (
                r"\bexp\w* types?\b|^expense$|\bprocurement (class\w*|category)\b|\bproclass\b|\bcommodity\b|\bsubjective\b",  # noqa: E501
                0.8,
            ),
            (
                r"\baccount\b|\bmerchant category\b|\bcategory\b|\bexp\w+ area\b|\bclassification\b|\bpro ?class\b",  # noqa: E501
                0.55,
            ),
            (r"\bcost cent(re|er) (name|description)\b|\bgroup description\b", 0.5),
        ),
        share_texts,
        need=0.4,
        many=True,
    ),
    Standard(
        "reference",
        (
            (r"\b(date|vat|supplier|vendor|company|name|description|charity)\b", -1),
            (
                r"\b(transaction|trans|tran|payment|document|voucher|doc) ?(number|num|no|ref\w*|id)\b|\bcontract (ref\w*|number|no|id)\b",  # noqa: E501
                1.0,
            ),
            (r"\b(ref|reference)\b|\bref no\b", 0.9),
            (r"\binvoice (number|num|no|ref\w*)\b|^transaction$|^document$|\burn\b", 0.8),
            (r"\b(purchase )?order( number| no)?\b|\bpo (number|no)\b|^id$", 0.6),
        ),
        share_codes,
        need=0.5,
    ),
    Standard("currency", ((r"^currency( code)?$", 0.95),), share_currencies, need=0.9, word=False),
)

_NET: Final = re.compile(
    r"\bnett?\b|\bex(cl\w*|\.)? (of )?(vat|tax)\b|\bvat excl\w*|\bwithout vat\b"
)
_GROSS: Final = re.compile(
    r"\bgross\b|\binc(l\w*|\.)? (of )?(vat|tax)\b|\bvat incl\w*|\bwith vat\b"
)


def tax_basis(layout: Layout) -> TaxBasis:
    """Net or gross by the amount's header, failing that by the title rows above it."""
    position = layout.first("amount")
    texts = [] if position is None else [layout.label(position)]
    for text in [*texts, *layout.titles[-3:]]:
        plain = normalised(text)
        net, gross = bool(_NET.search(plain)), bool(_GROSS.search(plain))
        if net != gross:
            return TaxBasis.NET if net else TaxBasis.GROSS
    return TaxBasis.UNKNOWN


def settle(layout: Layout, *, mapped: bool = False) -> AmountKind:
    """Finish a layout and say whether the sheet lists payments or contracts.

    A sheet with a contract's end, or with a start and no date of payment, lists contracts; its
    date is then the start. In HM Treasury's template the ``Entity`` is the body as well as its
    part in the family, and serves both names.
    """
    columns = layout.columns
    names = [normalised(text) for text in layout.header]
    if "body" not in columns and any(re.search(r"^department(al)? family$", n) for n in names):
        for position, name in enumerate(names):
            if name == "entity":
                columns["body"] = (position,)
                layout.confidence["body"] = 0.7
    contracts = ("end" in columns or ("start" in columns and "date" not in columns)) and not (
        any(re.search(r"\b(paid|payment|invoice)\b", name) for name in names)
    )
    if not contracts and any("contract title" in name or "contract name" in name for name in names):
        contracts = True
    if contracts and "start" in columns and not mapped:
        columns["date"] = columns["start"]
        layout.confidence["date"] = layout.confidence["start"]
    return AmountKind.CONTRACT if contracts else AmountKind.PAYMENT
