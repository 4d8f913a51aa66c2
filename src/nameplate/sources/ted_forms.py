"""The older forms of TED: R2.0.9 (Directives of 2014) and R2.0.8 (defence, and before 2016).

Element names are those of the published schemas (TED_EXPORT; forms F01 to F25 and the defence
forms 16 to 19). Where a notice holds translations, the English one is read, else the original;
the original is always read, too, for a maker can be named in either.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Final

from lxml import etree

from nameplate.model.errors import InputError
from nameplate.model.money import AmountKind, TaxBasis
from nameplate.model.purchase import Party, TextField
from nameplate.sources.ted import Award, Notice, first, local, words
from nameplate.sources.values import amount_of, currency_of, london_day

_SKIP: Final = frozenset(
    """
    CONTRACTING_BODY ADDRESS_CONTRACTING_BODY CONTRACTOR CONTRACTORS ADDRESS_REVIEW_BODY
    ADDRESS_MEDIATION_BODY ADDRESS_REVIEW_INFO ORGANISATION ADDRESS TOWN POSTAL_CODE COUNTRY
    CONTACT_POINT ATTENTION PHONE FAX E_MAIL E_MAILS URL URL_GENERAL URL_BUYER URL_DOCUMENT
    ECONOMIC_OPERATOR_NAME_ADDRESS NOTICE_NUMBER_OJ LANGUAGE LANGUAGES NUTS LEGAL_BASIS
    APPEAL_PROCEDURE REVIEW_PROCEDURE REFERENCE_NUMBER FILE_REFERENCE_NUMBER CONTRACT_NO
    CONTRACT_NUMBER NOTICE_UUID
    """.split()  # noqa: SIM905 - a table of names, best read as one
)
"""Elements without text on what is bought: bodies and firms, addresses, references, remedies."""

_AWARDS: Final = frozenset({"AWARD_CONTRACT", "AWARD_OF_CONTRACT", "AWARD_OF_CONTRACT_DEFENCE"})
_VALUES: Final = ("VAL_TOTAL", "VAL_OBJECT", "VALUE_COST")
_ESTIMATES: Final = ("VAL_ESTIMATED_TOTAL", "VAL_OBJECT", "VALUE_COST", "VAL_TOTAL")


def notice(root: etree._Element, name: str) -> Notice:
    """Read a TED_EXPORT document."""
    section = first(root, "FORM_SECTION")
    forms = [f for f in section if f.get("LG")] if section is not None else []
    if not forms:
        raise InputError("a TED notice without a form: there is nothing in it to read", where=name)
    original = next((f for f in forms if f.get("CATEGORY") == "ORIGINAL"), forms[0])
    form = next((f for f in forms if f.get("LG") == "EN"), original)
    unread: dict[str, int] = {"amounts": 0, "dates": 0}
    number = words(first(root, "NO_DOC_OJS")) or root.get("DOC_ID", "")
    published = _compact(words(first(root, "DATE_PUB")), unread)
    awarded = [a for a in _of(form, _AWARDS) if _awarded(a)]
    awards = [_award(a, i, unread) for i, a in enumerate(awarded)]
    if not awards:
        value, currency, tax = _money(form, _ESTIMATES, unread)
        awards = [Award(amount=value, currency=currency, tax=tax)]
    texts: list[TextField] = []
    for language, one in {"": form, f"{original.get('LG')} ": original}.items():
        if language and one is form:
            continue
        texts += [TextField(f"{language}{p}", t) for p, t in _texts(one, "", lots=not awarded)]
        for award, element in zip(awards, awarded, strict=False):
            lots = {words(e) for e in element.iterfind("{*}LOT_NO")}
            award.texts += tuple(TextField(f"{language}{p}", t) for p, t in _lot_texts(one, lots))
    buyer_form = form.get("FORM", "")
    body = first(form, "ADDRESS_CONTRACTING_BODY", "CA_CE_CONCESSIONAIRE_PROFILE")
    address = words(_in_language(root, "URI_DOC"))
    return Notice(
        number=number,
        form=f"{root.get('VERSION') or form.get('VERSION') or ''} form {buyer_form}".strip(),
        buyer=_party(body, "buyer") if body is not None else None,
        title=words(_title(form)),
        reference=words(first(form, "REFERENCE_NUMBER", "FILE_REFERENCE_NUMBER")),
        published=published,
        texts=tuple(texts),
        cpv=tuple(dict.fromkeys(_cpv(root))),
        is_framework=_is_framework(form),
        url=address if address.startswith(("http://", "https://")) else "",
        awards=awards,
        unread_amounts=unread["amounts"],
        unread_dates=unread["dates"],
    )


def _in_language(root: etree._Element, name: str) -> etree._Element | None:
    found = list(root.iterfind(f".//{{*}}{name}"))
    return next((e for e in found if e.get("LG") == "EN"), found[0] if found else None)


def _title(form: etree._Element) -> etree._Element | None:
    contract = first(form, "OBJECT_CONTRACT")
    if contract is not None and (title := first(contract, "TITLE")) is not None:
        return title
    return first(form, "TITLE_CONTRACT", "TITLE")


def _of(form: etree._Element, names: frozenset[str]) -> Iterator[etree._Element]:
    return (e for e in form.iter("{*}*") if local(e) in names)


def _awarded(award: etree._Element) -> bool:
    return first(award, "NO_AWARDED_CONTRACT", "PROCUREMENT_UNSUCCESSFUL") is None


def _award(award: etree._Element, index: int, unread: dict[str, int]) -> Award:
    value, currency, tax = _money(award, _VALUES, unread)
    number = words(first(award, "CONTRACT_NO", "CONTRACT_NUMBER"))
    firms = [
        e
        for e in award.iter("{*}*")
        if local(e) in ("CONTRACTOR", "ECONOMIC_OPERATOR_NAME_ADDRESS")
    ]
    suppliers = tuple(p for e in firms if (p := _party(e, "supplier")) is not None)
    signed = _day(first(award, "DATE_CONCLUSION_CONTRACT", "CONTRACT_AWARD_DATE"), unread)
    path = f"/award/{index + 1}"
    return Award(
        key=f"{award.get('ITEM') or index + 1}" + (f" {number}" if number else ""),
        title=words(first(award, "TITLE", "CONTRACT_TITLE")),
        suppliers=tuple(dict.fromkeys(suppliers)),
        amount=value,
        currency=currency,
        kind=AmountKind.AWARD,
        tax=tax,
        signed=signed,
        texts=tuple(TextField(p, t) for p, t in _texts(award, path, inside=True)),
    )


def _party(element: etree._Element, role: str) -> Party | None:
    name = words(first(element, "OFFICIALNAME"))
    if not name:
        return None
    number = words(first(element, "NATIONALID"))
    country = first(element, "COUNTRY")
    scheme = country.get("VALUE", "") if country is not None else ""
    identifiers = (f"{scheme}:{number}",) if number else ()
    return Party(name=name, role=role, identifiers=identifiers)


def _lot_texts(form: etree._Element, lots: set[str]) -> Iterator[tuple[str, str]]:
    """Text of the lots an award is for; of all lots where it names none."""
    for index, lot in enumerate(form.iterfind(".//{*}OBJECT_DESCR")):
        own = {words(e) for e in lot.iterfind("{*}LOT_NO")}
        if not lots or not own or lots & own:
            yield from _texts(lot, f"/OBJECT_DESCR/{index + 1}")


def _texts(
    element: etree._Element, path: str, *, inside: bool = False, lots: bool = True
) -> Iterator[tuple[str, str]]:
    """Text of every block (an element of paragraphs or of plain text) outside awards and lots."""
    for child in element.iterchildren("{*}*"):
        tag = local(child)
        if tag in _SKIP or (tag in _AWARDS and not inside) or (tag == "OBJECT_DESCR" and not lots):
            continue
        below = [c for c in child.iterchildren("{*}*") if local(c) not in ("P", "FT", "BR")]
        if below:
            yield from _texts(child, f"{path}/{tag}", inside=inside, lots=lots)
        elif len(text := words(child)) > 2 and any(map(str.isalpha, text)):
            yield f"{path}/{tag}", text


def _cpv(root: etree._Element) -> Iterator[str]:
    for element in root.iter("{*}CPV_CODE", "{*}ORIGINAL_CPV"):
        code = (element.get("CODE") or "")[:8]
        if len(code) == 8 and code.isdigit():
            yield code


def _money(
    element: etree._Element, names: tuple[str, ...], unread: dict[str, int]
) -> tuple[Decimal | None, str, TaxBasis]:
    """The first value under ``element``, its currency, and whether tax is in it (R2.0.8 says)."""
    for name in names:
        for found in element.iterfind(f".//{{*}}{name}"):
            if name != "VALUE_COST" and _inside_award(found, element):
                continue
            written = found.get("FMTVAL") or words(found).replace(" ", "")
            if not written:
                continue
            amount = amount_of(written)
            if amount is None:
                unread["amounts"] += 1
                continue
            parent = found.getparent()
            code = found.get("CURRENCY") or (parent.get("CURRENCY") if parent is not None else "")
            return amount, currency_of(code), _tax(found)
    return None, "", TaxBasis.UNKNOWN


def _inside_award(found: etree._Element, top: etree._Element) -> bool:
    return local(top) not in _AWARDS and any(local(a) in _AWARDS for a in found.iterancestors())


def _tax(found: etree._Element) -> TaxBasis:
    # R2.0.9 asks for values "excluding VAT" throughout (sections II.1.5, II.1.7 and V.2.4).
    if local(found).startswith("VAL_"):
        return TaxBasis.NET
    parent = found.getparent()
    if parent is None:
        return TaxBasis.UNKNOWN
    if parent.find("{*}INCLUDING_VAT") is not None:
        return TaxBasis.GROSS
    return TaxBasis.NET if parent.find("{*}EXCLUDING_VAT") is not None else TaxBasis.UNKNOWN


def _day(element: etree._Element | None, unread: dict[str, int]) -> date | None:
    if element is None:
        return None
    parts = [words(element.find(f"{{*}}{name}")) for name in ("YEAR", "MONTH", "DAY")]
    written = "-".join(p.zfill(2) for p in parts) if all(parts) else words(element)
    day = london_day(written) if written else None
    if written and day is None:
        unread["dates"] += 1
    return day


def _compact(text: str, unread: dict[str, int]) -> date | None:
    day = london_day(f"{text[:4]}-{text[4:6]}-{text[6:]}") if len(text) == 8 else None
    if text and day is None:
        unread["dates"] += 1
    return day


def _is_framework(form: etree._Element) -> bool:
    found = first(form, "FRAMEWORK", "CONCLUSION_FRAMEWORK_AGREEMENT", "F05_FRAMEWORK", "DPS")
    if found is not None:
        return True
    old = first(form, "FRAMEWORK_AGREEMENT")
    return old is not None and old.get("VALUE", "YES") != "NO"
