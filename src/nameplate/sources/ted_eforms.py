"""eForms, TED's form since 2023: UBL 2.3 with the eForms extension.

Written from the published structure (eForms SDK of the Publications Office), not from notices at
hand: names of elements are those of the SDK's fields, noted where they are read.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from lxml import etree

from nameplate.model.money import AmountKind, TaxBasis
from nameplate.model.purchase import Party, TextField
from nameplate.sources.ted import Award, Notice, first, local, words
from nameplate.sources.values import amount_of, currency_of, london_day

_TEXT: Final = frozenset({"Name", "Description", "Note", "Title", "Reason", "ChangeDescription"})
_SKIP: Final = frozenset(
    {
        "Organizations", "Party", "PostalAddress", "Contact", "AdditionalInformationParty",
        "ContractingParty", "PartyName", "RealizedLocation", "AppealTerms", "SubType",
    }
)  # fmt: skip


def notice(root: etree._Element, name: str) -> Notice:  # noqa: ARG001 - one signature for both forms
    """Read a notice of eForms; values are net (BT-27, BT-720: "excluding value added tax")."""
    parties = dict(_organizations(root))
    buyer = next(
        (p for e in root.iterfind("{*}ContractingParty/{*}Party") if (p := parties.get(_id(e)))),
        None,
    )
    project = root.find("{*}ProcurementProject")
    unread = [0]
    awards = list(_awards(root, parties, unread))
    if not awards:
        value = first(project, "EstimatedOverallContractAmount") if project is not None else None
        amount, currency = _amount(value, unread)
        tax = TaxBasis.NET if amount is not None else TaxBasis.UNKNOWN
        awards = [Award(amount=amount, currency=currency, tax=tax)]
    issued = words(root.find("{*}IssueDate"))  # BT-05
    published = london_day(issued[:10]) if issued else None
    number = words(first(root, "NoticePublicationID")) or words(
        root.find("{*}ID")
    )  # OPP-010, BT-701
    title = words(project.find("{*}Name")) if project is not None else ""  # BT-21
    return Notice(
        number=number,
        form=f"eForms {local(root)}",
        buyer=buyer,
        title=title,
        reference=words(project.find("{*}ID")) if project is not None else "",  # BT-22
        published=published,
        texts=tuple(TextField(p, t) for p, t in _texts(root, "")),
        cpv=tuple(dict.fromkeys(_cpv(root))),
        is_framework=_is_framework(root),
        url="",
        awards=awards,
        unread_amounts=unread[0],
        unread_dates=int(bool(issued) and published is None),
    )


def _id(element: etree._Element) -> str:
    """Identifier of a party or an object: its PartyIdentification, or its own ID."""
    found = element.find("{*}PartyIdentification/{*}ID")
    return words(found if found is not None else element.find("{*}ID"))


def _organizations(root: etree._Element) -> Iterator[tuple[str, Party]]:
    for company in root.iterfind(".//{*}Organization/{*}Company"):
        name = words(company.find("{*}PartyName/{*}Name"))  # BT-500
        number = words(company.find("{*}PartyLegalEntity/{*}CompanyID"))  # BT-501
        country = words(first(company, "IdentificationCode"))
        if name:
            identifiers = (f"{country}:{number}",) if number else ()
            yield _id(company), Party(name=name, role="buyer", identifiers=identifiers)


def _awards(root: etree._Element, parties: dict[str, Party], unread: list[int]) -> Iterator[Award]:
    """One award for each settled contract, through its tenders to their tendering parties."""
    result = first(root, "NoticeResult")
    if result is None:
        return
    tenders = {_id(e): e for e in result.iterfind("{*}LotTender")}
    groups = {_id(e): e for e in result.iterfind("{*}TenderingParty")}
    for contract in result.iterfind("{*}SettledContract"):
        total: Decimal | None = None
        currency = ""
        firms: list[Party] = []
        for reference in contract.iterfind("{*}LotTender/{*}ID"):
            tender = tenders.get(words(reference))
            if tender is None:
                continue
            amount, code = _amount(first(tender, "PayableAmount"), unread)  # BT-720
            if amount is not None and currency in ("", code):
                total, currency = amount + (total or Decimal(0)), code
            group = groups.get(words(tender.find("{*}TenderingParty/{*}ID")))
            members = group.iterfind("{*}Tenderer/{*}ID") if group is not None else ()
            firms.extend(
                Party(name=party.name, role="supplier", identifiers=party.identifiers)
                for member in members
                if (party := parties.get(words(member)))
            )
        day = words(contract.find("{*}IssueDate"))  # BT-145
        yield Award(
            key=_id(contract),
            title=words(contract.find("{*}Title")),  # BT-721
            suppliers=tuple(dict.fromkeys(firms)),
            amount=total,
            currency=currency,
            kind=AmountKind.AWARD,
            tax=TaxBasis.NET if total is not None else TaxBasis.UNKNOWN,
            signed=london_day(day[:10]) if day else None,
        )


def _amount(element: etree._Element | None, unread: list[int]) -> tuple[Decimal | None, str]:
    if element is None or not words(element):
        return None, ""
    amount = amount_of(words(element))
    if amount is None:
        unread[0] += 1
        return None, ""
    return amount, currency_of(element.get("currencyID"))


def _texts(element: etree._Element, path: str) -> Iterator[tuple[str, str]]:
    for child in element.iterchildren("{*}*"):
        tag = local(child)
        if tag in _SKIP:
            continue
        if len(child):
            yield from _texts(child, f"{path}/{tag}")
        elif tag in _TEXT and len(text := words(child)) > 2:
            yield f"{path}/{tag}", text


def _cpv(root: etree._Element) -> Iterator[str]:
    for element in root.iterfind(".//{*}ItemClassificationCode"):  # BT-262, BT-263
        code = words(element)[:8]
        if len(code) == 8 and code.isdigit() and element.get("listName", "cpv") == "cpv":
            yield code


def _is_framework(root: etree._Element) -> bool:
    """BT-765: a contracting system of the list ``framework-agreement`` other than ``none``."""
    return any(
        element.get("listName") == "framework-agreement" and words(element) != "none"
        for element in root.iterfind(".//{*}ContractingSystemTypeCode")
    )
