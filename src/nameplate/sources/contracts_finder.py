"""Contracts Finder's own notices in JSON: not OCDS, one purchase a notice.

Two forms: exports with ``organisation``, ``awarded_value`` and ``cpv_codes`` as one text, and the
service's search answers (``noticeList`` of ``item``), whose names are taken from its published
documentation (https://www.contractsfinder.service.gov.uk/apidocumentation/home).
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any, Final

import msgspec

from nameplate.model.ids import make_id
from nameplate.model.money import AmountKind, TaxBasis
from nameplate.model.purchase import DateKind, Party, Purchase, TextField
from nameplate.sources.api import Finder, Profile, SourceFile
from nameplate.sources.ocds_text import readable
from nameplate.sources.values import amount_of, london_day

_NAMES: Final[dict[str, tuple[str, ...]]] = {
    "id": ("id",),
    "title": ("title",),
    "description": ("description",),
    "buyer": ("organisation", "organisationName"),
    "status": ("status", "noticeStatus"),
    "type": ("notice_type", "noticeType"),
    "published": ("published_date", "publishedDate"),
    "awarded": ("awarded_date", "awardedDate"),
    "awarded_value": ("awarded_value", "awardedValue"),
    "supplier": ("awarded_supplier", "awardedSupplier"),
    "value_low": ("value_low", "valueLow"),
    "value_high": ("value_high", "valueHigh"),
    "cpv": ("cpv_codes", "cpvCodes"),
    "cpv_text": ("cpv_description", "cpvDescription"),
    "end": ("end",),
    "url": ("url",),
    "reference": ("noticeIdentifier",),
    "constructed": ("constructed",),
}
"""What a notice holds → the names it goes by, in the two forms."""


class Notice(msgspec.Struct, kw_only=True):
    """A notice, whichever form it came in; texts readable, amounts exact, zero meaning unstated."""

    id: str = ""
    title: str = ""
    description: str = ""
    buyer: str = ""
    status: str = ""
    type: str = ""
    published: str = ""
    awarded: str = ""
    awarded_value: str = ""
    supplier: str = ""
    value_low: str = ""
    value_high: str = ""
    cpv: str = ""
    cpv_text: str = ""
    end: str = ""
    url: str = ""
    reference: str = ""
    constructed: str = ""


def is_notice(record: dict[str, Any]) -> bool:
    """Whether an object is a Contracts Finder notice (or holds one as ``item``)."""
    item = record.get("item", record)
    return (
        isinstance(item, dict)
        and "ocid" not in item
        and ("organisation" in item or "organisationName" in item)
        and "title" in item
    )


def notice(record: dict[str, Any]) -> Notice:
    """The notice in a decoded record."""
    item = record.get("item") if isinstance(record.get("item"), dict) else record
    found: dict[str, str] = {}
    for name, keys in _NAMES.items():
        value = next((item[k] for k in keys if item and item.get(k) is not None), "")
        if isinstance(value, list):
            value = " ".join(map(str, value))
        found[name] = readable(str(value)).strip()
    return Notice(**found)


def amount(of: Notice) -> tuple[Decimal | None, AmountKind]:
    """What the notice is worth: the award's value, else the upper end of the estimate.

    The service writes 0 where nothing was stated, so 0 is taken as missing.
    """
    if value := amount_of(of.awarded_value or None):
        return value, AmountKind.AWARD
    estimate = amount_of(of.value_high or None) or amount_of(of.value_low or None) or None
    return estimate, AmountKind.NOTICE_ESTIMATE


def count(of: Notice, profile: Profile) -> None:
    """Add a notice to a file's figures: its publication day, and its value by kind."""
    if of.published:
        day = london_day(of.published)
        if day is None:
            profile.dates_unread += 1
        else:
            profile.first_date = min(profile.first_date or day, day)
            profile.last_date = max(profile.last_date or day, day)
    for text in (of.awarded_value, of.value_low, of.value_high):
        if text and amount_of(text) is None:
            profile.amounts_unread += 1
    value, kind = amount(of)
    if value is not None:
        key = f"GBP {kind} {TaxBasis.UNKNOWN}"
        profile.amount_sum[key] = profile.amount_sum.get(key, Decimal(0)) + value


def purchase(of: Notice, source: SourceFile, where: str, body: str | None) -> Purchase:
    """The purchase a notice stands for; its id is of the service's own notice id."""
    value, kind = amount(of)
    awarded = london_day(of.awarded) if of.awarded else None
    published = london_day(of.published) if of.published else None
    # The service lists the suppliers of one award in one text, apart by commas, which firms'
    # names hold, too ("Smith, Jones Ltd"); it stays one party as published.
    suppliers = (Party(name=of.supplier, role="supplier"),) if of.supplier else ()
    texts = [
        TextField(f"/{name}", text)
        for name, text in (
            ("title", of.title),
            ("description", of.description),
            ("cpv_description", of.cpv_text),
        )
        if text
    ]
    key = of.id or msgspec.json.encode(of).decode()
    framework = "framework" in of.type.lower() or bool(
        re.search(r"\bframework agreement\b", of.title, re.IGNORECASE)
        and not re.search(r"call[- ]?off|\b(?:under|via|from|through)\b", of.title, re.IGNORECASE)
    )
    return Purchase(
        purchase_id=make_id("p", "contracts-finder", key),
        body=body or of.buyer or None,
        body_source="option" if body else "record",
        buyer=Party(name=of.buyer, role="buyer") if of.buyer else None,
        suppliers=suppliers,
        title=of.title,
        texts=tuple(texts),
        amount=value,
        currency="GBP" if value is not None else "",
        amount_kind=kind,
        is_framework=framework,
        date=awarded or published,
        date_kind=DateKind.AWARDED
        if awarded
        else DateKind.PUBLISHED
        if published
        else DateKind.UNKNOWN,
        date_end=london_day(of.end) if of.end else None,
        cpv=tuple(dict.fromkeys(re.findall(r"(?<!\d)\d{8}(?!\d)", of.cpv))),
        reference=of.reference or of.id,
        status=of.status,
        source_file=source.name,
        source_sha256=source.sha256,
        locator=where,
        url=of.url,
        constructed=of.constructed,
    )


def concerns(made: Purchase, finder: Finder) -> bool:
    """Whether a purchase's text, suppliers or CPV codes make it one to keep.

    The text is asked about as a whole: some names count only beside a word of the trade.
    """
    said = [made.title, *(f.text for f in made.texts), *(p.name for p in made.suppliers)]
    return finder.matches("\n".join(said)) or finder.matches_cpv(made.cpv)
