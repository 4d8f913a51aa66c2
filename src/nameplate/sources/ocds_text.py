"""All text of a release that can name a maker, with the path it was read from.

What is left out is listed, not what is taken: an extension's new member is read without a line
of code. Left out are codes, dates, addresses and web addresses, and the people behind a contract.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import Final

from nameplate.model.purchase import TextField

_SKIP: Final = frozenset(
    """
    id ocid uid uri url scheme schema date datePublished dateModified dateSigned dateMet dueDate
    startDate endDate language currency format status statusDetails tag tags roles role
    initiationType procurementMethod documentType awardCriteria submissionMethod relationship
    mainProcurementCategory additionalProcurementCategories type unit address deliveryAddress
    deliveryAddresses contactPoint postalCode countryName country region locality streetAddress
    email telephone faxNumber identifier additionalIdentifiers releaseID releaseDate releaseTag
    relatedLot relatedLots relatedItems awardID owner constructed nuts legalBasis coveredBy
    suppliers tenderers buyer procuringEntity payer payee
    """.split()  # noqa: SIM905 - a table of names, best read as one
)
"""Members that never hold text naming equipment: codes, dates, places, persons, web addresses,
and parties, which a purchase carries apart from its texts."""

_DAMAGED: Final = re.compile(r"rnrn|[.:;!?]rn(?=[A-Z(•*-])")
_BREAK: Final = re.compile(r"(?<=[a-z0-9.:;,!?)])(?:rn)+(?=[A-Z0-9(•*-])|(?:rn){2,}")
_MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\dT\S+")
_ENTITY: Final = re.compile(r"&(?:#\d+|#x[0-9a-fA-F]+|[A-Za-z][A-Za-z0-9]{1,30});")


def readable(text: str) -> str:
    """Text as its author meant it: HTML entities decoded (up to twice, as they are published),
    and line breaks that a publisher's export damaged to a literal ``rn`` made line breaks again.

    The original is untouched: this is only what is searched and shown.
    """
    for _ in range(2):
        if not _ENTITY.search(text):
            break
        text = html.unescape(text)
    if _DAMAGED.search(text):
        text = _BREAK.sub("\n", text)
    return text


def texts(value: object, path: str = "") -> Iterator[TextField]:
    """Every piece of text under ``value``, in the record's order."""
    if isinstance(value, str):
        text = readable(value).strip()
        if len(text) > 1 and any(map(str.isalpha, text)) and not _MOMENT.fullmatch(text):
            yield TextField(path, text)
    elif isinstance(value, dict):
        for key, item in value.items():
            if key not in _SKIP:
                yield from texts(item, f"{path}/{key}")
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from texts(item, f"{path}/{index}")


_CPV: Final = re.compile(r"(?<!\d)(\d{8})(?:-\d)?(?!\d)")


def cpv_codes(value: object) -> Iterator[str]:
    """CPV codes (8 digits, check digit dropped) of every classification under ``value``.

    A classification without a scheme counts when its id has the form of a CPV code.
    """
    if isinstance(value, list):
        for item in value:
            yield from cpv_codes(item)
    elif isinstance(value, dict):
        scheme = value.get("scheme", "CPV")
        identifier = value.get("id")
        if isinstance(scheme, str) and scheme.upper().startswith("CPV"):
            found = _CPV.fullmatch(str(identifier).strip()) if identifier is not None else None
            if found:
                yield found[1]
        for key, item in value.items():
            if isinstance(item, dict | list) and key not in ("parties", "documents"):
                yield from cpv_codes(item)
