"""Turns a compiled OCDS release into purchases: one an award; a contract or notice where none."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any, Final

import msgspec

from nameplate.model.money import AmountKind, TaxBasis
from nameplate.model.purchase import DateKind, Party, Purchase, TextField, ocds_purchase_id
from nameplate.sources.ocds_profile import objects
from nameplate.sources.ocds_text import cpv_codes, readable, texts
from nameplate.sources.values import amount_of, currency_of, london_day

Release = dict[str, Any]

_PROCESS: Final = ("title", "description", "planning", "relatedProcesses")
_APART: Final = frozenset(
    {"tender", "awards", "contracts", "parties", "buyer", "bids", "complaints", "releases"}
)
"""Members read by rules of their own; bids and complaints are others' words."""

_CALL_OFF: Final = re.compile(
    r"call[- ]?off|mini[- ]?competition|further competition|\b(?:under|via|from|through|using)\b",
    re.IGNORECASE,
)
_FRAMEWORK: Final = re.compile(
    r"\bframework(?:s|\s+agreements?)?\b|\bdynamic (?:purchasing system|market)\b", re.IGNORECASE
)
CONSTRUCTED: Final = "This record was constructed for an example; it is not a published notice"
"""Shown for records under the unregistered prefix ``ocds-000000`` that say no more themselves."""


class Money(msgspec.Struct, frozen=True):
    """An amount as a purchase carries it."""

    amount: Decimal | None
    currency: str
    kind: AmountKind
    tax: TaxBasis
    note: str = ""


def purchases(
    release: Release, *, ocid: str | None, anonymous: str, body: str | None
) -> Iterator[tuple[Purchase, str, str]]:
    """Yield each purchase of a compiled release with its list's name and its id there.

    ``anonymous`` stands for the ocid in ids where there is none. Source and locator are left for
    the caller, who knows where the award was last published. ``body`` overrules the buyer's name.
    """
    builder = _Builder(release, ocid, anonymous, body)
    yield from builder.all()


class _Builder:
    def __init__(
        self, release: Release, ocid: str | None, anonymous: str, body: str | None
    ) -> None:
        self.release = release
        self.ocid = ocid
        self.key = ocid or anonymous
        self.told = body
        self.tender = _object(release.get("tender"))
        self.awards = list(objects(release.get("awards")))
        self.contracts = list(objects(release.get("contracts")))
        self.parties = {
            str(p["id"]): p for p in objects(release.get("parties")) if p.get("id") is not None
        }
        self.buyer = self._buyer()
        self._used: dict[str, int] = {}

    def all(self) -> Iterator[tuple[Purchase, str, str]]:
        known = {str(a.get("id")) for a in self.awards if a.get("id") is not None}
        of: dict[int, list[Release]] = {}
        alone: list[Release] = []
        for contract in self.contracts:
            award = contract.get("awardID")
            if award is not None and str(award) in known:
                index = next(i for i, a in enumerate(self.awards) if str(a.get("id")) == str(award))
                of.setdefault(index, []).append(contract)
            elif award is None and len(self.awards) == 1:
                of.setdefault(0, []).append(contract)
            else:
                alone.append(contract)
        for index, award in enumerate(self.awards):
            name = _name(award, index)
            yield self._award(award, of.get(index, []), self._once(name)), "awards", name
        for index, contract in enumerate(alone):
            name = _name(contract, index)
            made = self._contract(contract, self._once(f"contract:{name}"))
            yield made, "contracts", name
        if not self.awards and not self.contracts:
            yield self._notice(), "", ""

    def _once(self, name: str) -> str:
        """An award id that no other award of the process has: a repeated id gets its number."""
        count = self._used[name] = self._used.get(name, 0) + 1
        return name if count == 1 else f"{name}#{count}"

    def _award(self, award: Release, contracts: list[Release], award_id: str) -> Purchase:
        money = _money(award.get("value"), AmountKind.AWARD)
        if money.amount is None:
            money = _sum([_money(c.get("value"), AmountKind.CONTRACT) for c in contracts]) or money
        signed = [d for c in contracts if (d := _day(c.get("dateSigned")))]
        period = [
            _object(award.get("contractPeriod")),
            *(_object(c.get("period")) for c in contracts),
        ]
        when, kind = _first(
            (min(signed, default=None), DateKind.SIGNED),
            (_day(award.get("date")), DateKind.AWARDED),
            (_start(period), DateKind.STARTED),
            (_day(self.release.get("date")), DateKind.PUBLISHED),
        )
        lots = _names(award.get("relatedLots"))
        own = [("awards", award), *(("contracts", c) for c in contracts)]
        return self._made(
            award_id,
            own=own,
            lots=lots,
            money=money,
            when=when,
            date_kind=kind,
            periods=period,
            suppliers=award.get("suppliers"),
        )

    def _contract(self, contract: Release, award_id: str) -> Purchase:
        # Beside awards, a contract that says not which one it is under would count their money
        # again; its text is kept, its amount is not.
        money = _money(contract.get("value"), AmountKind.CONTRACT)
        if self.awards and contract.get("awardID") is None:
            note = "the contract names no award; its value is not counted beside the awards'"
            money = Money(None, money.currency, money.kind, money.tax, note)
        period = [_object(contract.get("period"))]
        when, kind = _first(
            (_day(contract.get("dateSigned")), DateKind.SIGNED),
            (_start(period), DateKind.STARTED),
            (_day(self.release.get("date")), DateKind.PUBLISHED),
        )
        lots = _names(contract.get("relatedLots"))
        own = [("contracts", contract)]
        return self._made(
            award_id,
            own=own,
            lots=lots,
            money=money,
            when=when,
            date_kind=kind,
            periods=period,
            suppliers=contract.get("suppliers"),
        )

    def _notice(self) -> Purchase:
        money = _money(self.tender.get("value"), AmountKind.NOTICE_ESTIMATE)
        if money.amount is None:
            budget = _object(_object(self.release.get("planning")).get("budget"))
            planned = _money(budget.get("amount"), AmountKind.NOTICE_ESTIMATE)
            money = planned if planned.amount is not None else money
        when, kind = _first(
            (_day(self.tender.get("datePublished")), DateKind.PUBLISHED),
            (_day(self.release.get("date")), DateKind.PUBLISHED),
        )
        period = [_object(self.tender.get("contractPeriod"))]
        return self._made(
            None,
            own=[],
            lots=None,
            money=money,
            when=when,
            date_kind=kind,
            periods=period,
            suppliers=None,
        )

    def _made(
        self,
        award_id: str | None,
        *,
        own: list[tuple[str, Release]],
        lots: frozenset[str] | None,
        money: Money,
        when: date | None,
        date_kind: DateKind,
        periods: list[Release],
        suppliers: object,
    ) -> Purchase:
        tender = _for_lots(self.tender, lots) if lots else self.tender
        first = own[0][1] if own else {}
        titles = (first, *(c for _, c in own[1:]), self.tender, self.release)
        title = next((readable(t) for o in titles if (t := _string(o.get("title")))), "")
        found: list[TextField] = []
        rest = {k: v for k, v in self.release.items() if k not in _APART}
        found.extend(texts(rest))
        found.extend(texts(tender, "/tender"))
        for name, item in own:
            found.extend(texts(item, f"/{name}/{item.get('id', '')}"))
        codes = [*cpv_codes(tender), *(c for _, o in own for c in cpv_codes(o))]
        if not own or not codes:
            codes += cpv_codes({k: v for k, v in rest.items() if k != "relatedProcesses"})
        ends = [d for p in (*periods, _object(self.tender.get("contractPeriod"))) if (d := _end(p))]
        sold = tuple(p for s in objects(suppliers) if (p := self._party(s, "supplier")))
        if not sold and len(self.awards) <= 1:
            sold = tuple(
                made
                for p in objects(self.release.get("parties"))
                if "supplier" in _list(p.get("roles")) and (made := self._party(p, "supplier"))
            )
        told = self.told is not None
        return Purchase(
            purchase_id=ocds_purchase_id(self.key, award_id),
            ocid=self.ocid,
            award_id=award_id,
            body=self.told if told else (self.buyer.name if self.buyer else None),
            body_source="option" if told else "record",
            buyer=self.buyer,
            suppliers=sold,
            title=title,
            texts=tuple(found),
            amount=money.amount,
            currency=money.currency,
            amount_kind=money.kind,
            amount_tax=money.tax,
            amount_note=money.note,
            is_framework=self._is_framework(title),
            date=when,
            date_kind=date_kind,
            date_end=ends[0] if ends else None,
            cpv=tuple(dict.fromkeys(codes)),
            reference=_string(self.tender.get("id")),
            status=_string(first.get("status")) if own else _string(self.tender.get("status")),
            source_file="",
            source_sha256="",
            locator="",
            url=_url(first) or _url(self.tender) or _string(self.release.get("uri")),
            constructed=self._constructed(),
        )

    def _constructed(self) -> str:
        said = readable(_string(self.release.get("constructed")))
        example = (self.ocid or "").startswith("ocds-000000")
        return said or (CONSTRUCTED if example else "")

    def _is_framework(self, title: str) -> bool:
        """Whether the value is a framework's ceiling: set up here, not called off from."""
        details = _string(self.tender.get("procurementMethodDetails"))
        if "call-off" in details.lower():
            return False
        techniques = _object(self.tender.get("techniques"))
        if techniques.get("hasFrameworkAgreement") or techniques.get("hasDynamicPurchasingSystem"):
            return True
        return bool(_FRAMEWORK.search(title)) and not _CALL_OFF.search(title)

    def _buyer(self) -> Party | None:
        candidates = [
            self.release.get("buyer"),
            *(
                p
                for role in ("buyer", "procuringEntity")
                for p in objects(self.release.get("parties"))
                if role in _list(p.get("roles"))
            ),
            self.tender.get("procuringEntity"),
        ]
        return next((b for c in candidates if (b := self._party(_object(c), "buyer"))), None)

    def _party(self, reference: Release, role: str) -> Party | None:
        """A party, from a reference and the full entry in ``parties`` it points to."""
        full = self.parties.get(str(reference.get("id")), {})
        found: list[str] = []
        for item in (reference, full):
            identifiers = [item.get("identifier"), *_list(item.get("additionalIdentifiers"))]
            for identifier in objects(identifiers):
                number = identifier.get("id")
                if number not in (None, ""):
                    found.append(f"{_string(identifier.get('scheme'))}:{number}")
        for item in (reference, full):
            legal = _object(item.get("identifier")).get("legalName")
            if name := _string(item.get("name")) or _string(legal):
                return Party(
                    name=readable(name), role=role, identifiers=tuple(dict.fromkeys(found))
                )
        if found:
            return Party(name=found[0], role=role, identifiers=tuple(dict.fromkeys(found)))
        return None


def _object(value: object) -> Release:
    return value if isinstance(value, dict) else {}


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _string(value: object) -> str:
    if isinstance(value, str):
        return value.strip()
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else ""


def _name(item: Release, index: int) -> str:
    """An award's id, or its position where it has none."""
    return str(item["id"]) if item.get("id") not in (None, "") else f"[{index}]"


def _names(value: object) -> frozenset[str] | None:
    names = frozenset(str(v) for v in _list(value) if isinstance(v, str | int))
    return names or None


def _day(value: object) -> date | None:
    return london_day(value) if isinstance(value, str) and value.strip() else None


def _start(periods: list[Release]) -> date | None:
    return min((d for p in periods if (d := _day(p.get("startDate")))), default=None)


def _end(period: Release) -> date | None:
    return _day(period.get("endDate"))


def _first(*dated: tuple[date | None, DateKind]) -> tuple[date | None, DateKind]:
    return next(((d, k) for d, k in dated if d is not None), (None, DateKind.UNKNOWN))


def _money(value: object, kind: AmountKind) -> Money:
    """The value as published; net or gross only where the record says so."""
    value = _object(value)
    note = readable(_string(value.get("note")))
    currency = currency_of(value.get("currency"))
    net, gross = value.get("amountNet", value.get("netAmount")), value.get("amountGross")
    amount = amount_of(value.get("amount"))
    if amount is None and gross is None:
        amount, tax = amount_of(net), TaxBasis.NET if net is not None else TaxBasis.UNKNOWN
    elif amount is None:
        amount, tax = amount_of(gross), TaxBasis.GROSS
    elif gross is not None and amount_of(gross) != amount:
        tax = TaxBasis.NET
    elif isinstance(value.get("valueAddedTaxIncluded"), bool):
        tax = TaxBasis.GROSS if value["valueAddedTaxIncluded"] else TaxBasis.NET
    else:
        tax = TaxBasis.UNKNOWN
    return Money(amount, currency, kind, tax, note)


def _sum(values: list[Money]) -> Money | None:
    """The sum of contracts' values where they are alike; None where they cannot be added."""
    known = [m for m in values if m.amount is not None]
    if not known or len({(m.currency, m.tax) for m in known}) > 1:
        return None
    total = sum((m.amount for m in known if m.amount is not None), Decimal(0))
    return Money(total, known[0].currency, known[0].kind, known[0].tax, known[0].note)


def _for_lots(tender: Release, lots: frozenset[str]) -> Release:
    """The tender with only the lots, and the items of lots, that an award is for."""
    cut = dict(tender)
    known = {str(lot.get("id")) for lot in objects(tender.get("lots"))}
    if not lots & known:
        return cut
    cut["lots"] = [lot for lot in objects(tender.get("lots")) if str(lot.get("id")) in lots]
    for name in ("items", "documents", "milestones"):
        cut[name] = [item for item in objects(tender.get(name)) if _belongs(item, lots)]
    return cut


def _belongs(item: Release, lots: frozenset[str]) -> bool:
    named = _names(item.get("relatedLots")) or _names([item.get("relatedLot")])
    return named is None or bool(named & lots)


def _url(item: Release) -> str:
    """Address of the notice itself, from the documents that are notices."""
    for document in objects(item.get("documents")):
        kind = _string(document.get("documentType"))
        address = _string(document.get("url"))
        if address.startswith(("https://", "http://")) and kind.endswith("Notice"):
            return address
    return ""
