"""Identifiers of parties in one canonical form, so that equal ones compare equal.

Schemes are org-id.guide's codes (``GB-COH`` Companies House, ``GB-CHC`` charities …), ``LEI``,
``GB-VAT``, ``GB-PPON`` and ``USCC``. Check digits are `python-stdnum`'s work. A number whose
scheme is not told is taken only when its form allows but one.
"""

from __future__ import annotations

import re
from typing import Final

import msgspec

from nameplate.names.words import words

COMPANY_PREFIXES: Final = words(
    """
    AC BR CE CS FC FE GE GN GS IC IP LP NA NC NF NI NL NO NP NR NV NZ OC OE PC RC RS SA SC
    SE SF SG SI SL SO SP SR SZ ZC
    """
)
"""Two letters that begin a company number: Companies House, "Company number prefixes" (its URI
guide for users of company data). England and Wales limited companies have none."""

_COMPANY: Final = re.compile(
    r"(?:(\d{1,8})|([A-Z]{2})(\d{1,6})|(R)(\d{1,7})|(IP|SP)(\d{1,6})([RS]))"
)
_PPON: Final = re.compile(r"P[A-Z]{3}-?\d{4}-?[A-Z]{4}")
_ORG_ID: Final = re.compile(r"([A-Z]{2}-[A-Z]{2,7})[-:]\s*(\S.*)")
_LEI_LENGTH: Final = 20
_CHARITY: Final = re.compile(r"\d{6,7}(?:-\d+)?")

_SCHEMES: Final[dict[str, str]] = {
    "COH": "GB-COH",
    "GB-COMPANIES-HOUSE": "GB-COH",
    "COMPANIES HOUSE": "GB-COH",
    "CRN": "GB-COH",
    "XI-COH": "GB-COH",
    "XI-LEI": "LEI",
    "XI-LEIXG": "LEI",
    "VAT": "GB-VAT",
    "GB-VAT": "GB-VAT",
    "GB-REV": "GB-REV",
    "PPON": "GB-PPON",
    "CHC": "GB-CHC",
}
"""Other spellings of a scheme in published data → its code."""


class Identifier(msgspec.Struct, frozen=True, order=True):
    """An identifier in canonical form; ``str()`` is org-id's ``scheme-id``."""

    scheme: str
    id: str

    def __str__(self) -> str:
        return f"{self.scheme}-{self.id}"


def company_number(text: str, *, bare: bool = True) -> str | None:
    """Companies House's eight characters for ``text``, or None where it is no company number.

    Leading zeros that a spreadsheet lost are put back (``1234567`` → ``01234567``, ``SC12345`` →
    ``SC012345``), spaces and a trailing ``.0`` are dropped. With ``bare`` false, plain digits are
    taken only when all eight are there.
    """
    cleaned = re.sub(r"[\s./_-]", "", re.sub(r"\.0+$", "", text.strip())).upper()
    match = _COMPANY.fullmatch(cleaned)
    if match is None:
        return None
    digits, letters, rest, old, old_rest, society, society_rest, end = match.groups()
    if digits:
        if not int(digits) or (not bare and len(digits) != 8):
            return None
        return digits.zfill(8)
    if letters:
        return f"{letters}{rest.zfill(6)}" if letters in COMPANY_PREFIXES and int(rest) else None
    if society:
        return f"{society}{society_rest.zfill(5)}{end}"
    return f"{old}{old_rest.zfill(7)}"


def lei(text: str) -> str | None:
    """The Legal Entity Identifier (ISO 17442, 20 characters) in ``text``, or None."""
    from stdnum import lei as module
    from stdnum.exceptions import ValidationError

    try:
        number = str(module.validate(text))
    except ValidationError:
        return None
    return number if len(number) == _LEI_LENGTH else None  # stdnum checks the digits alone


def vat(text: str) -> str | None:
    """The UK VAT number (9 or 12 digits, check digits right) in ``text``, or None."""
    from stdnum.exceptions import ValidationError
    from stdnum.gb import vat as module

    try:
        return str(module.validate(text))
    except ValidationError:
        return None


def _uscc(text: str) -> str | None:
    from stdnum.cn import uscc as module
    from stdnum.exceptions import ValidationError

    try:
        return str(module.validate(text))
    except ValidationError:
        return None


def _ppon(text: str) -> str | None:
    cleaned = re.sub(r"\s", "", text).upper()
    if not _PPON.fullmatch(cleaned):
        return None
    bare = cleaned.replace("-", "")
    return f"{bare[:4]}-{bare[4:8]}-{bare[8:]}"


def parse(text: str, scheme: str = "") -> Identifier | None:
    """Read an identifier. ``scheme`` is what the source calls it (OCDS ``identifier.scheme``).

    Without one, ``text`` may carry it (``GB-COH-01234567``); else the form must be unmistakable: an
    LEI, a PPON, a Chinese credit code, ``GB`` and a VAT number, or a company number of eight
    characters. Returns None where the text is no valid identifier of its scheme: a wrong number
    must not join two firms.
    """
    text = text.strip()
    if not text or text.lower() in {"n/a", "na", "none", "unknown", "tbc", "0"}:
        return None
    code = _SCHEMES.get(scheme.strip().upper(), scheme.strip().upper())
    carried = _ORG_ID.fullmatch(text.upper())
    if carried and (not code or code == _SCHEMES.get(carried[1], carried[1])):
        code, text = _SCHEMES.get(carried[1], carried[1]), carried[2]
    if code == "GB-COH":
        return _made(code, company_number(text))
    if code == "LEI":
        return _made(code, lei(text))
    if code == "GB-VAT":
        return _made(code, vat(text))
    if code == "GB-PPON":
        return _made(code, _ppon(text))
    if code == "USCC":
        return _made(code, _uscc(text))
    if code == "GB-CHC":
        return _made(code, text if _CHARITY.fullmatch(text) else None)
    if code:
        cleaned = re.sub(r"\s+", "", text).upper()
        return Identifier(code, cleaned) if cleaned else None
    if found := lei(text):
        return Identifier("LEI", found)
    if found := _ppon(text):
        return Identifier("GB-PPON", found)
    if len(text.replace(" ", "")) == 18 and (found := _uscc(text)):
        return Identifier("USCC", found)
    if text[:2].upper() == "GB" and (found := vat(text)):
        return Identifier("GB-VAT", found)
    compact = re.sub(r"\s", "", text)
    if len(compact) == 8 and (found := company_number(compact, bare=False)):
        return Identifier("GB-COH", found)
    return None


def _made(scheme: str, value: str | None) -> Identifier | None:
    return None if value is None else Identifier(scheme, value)
