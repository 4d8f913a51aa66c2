"""Counts one OCDS file: dates, and amounts by currency and kind, of every record in it.

The quick way decodes only the members that are counted, with typed structs; whatever does not
fit them goes the slow way, through the whole decoded record. Both give the same figures (a test
holds them together).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Final

import msgspec

from nameplate.model.money import AmountKind, TaxBasis
from nameplate.sources.api import Profile
from nameplate.sources.values import amount_of, currency_of, day_key, london_day


class _Value(msgspec.Struct, gc=False):
    amount: Decimal | None = None
    currency: str | None = None


class _Award(msgspec.Struct, gc=False):
    value: _Value | None = None
    date: str | None = None


class _Contract(msgspec.Struct, gc=False):
    value: _Value | None = None
    dateSigned: str | None = None  # noqa: N815 - OCDS's own name


class _Tender(msgspec.Struct, gc=False):
    value: _Value | None = None


class Head(msgspec.Struct, gc=False):
    """The members of a release or record that are counted or say what it is."""

    ocid: str | None = None
    date: str | None = None
    tender: _Tender | None = None
    awards: tuple[_Award, ...] | None = None
    contracts: tuple[_Contract, ...] | None = None
    releases: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET
    records: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET
    compiledRelease: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET  # noqa: N815
    versionedRelease: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET  # noqa: N815


HEAD: Final = msgspec.json.Decoder(Head)

_PLAIN: Final = (str(AmountKind.NOTICE_ESTIMATE), str(AmountKind.AWARD), str(AmountKind.CONTRACT))


class Counter:
    """Running figures of one file; :meth:`finish` writes them into its Profile.

    A release counts under its own ``date``; sums are of the values as published, release by
    release, before any compiling: ``GBP notice_estimate unknown`` of ``tender.value``,
    ``… award unknown`` of ``awards[].value``, ``… contract unknown`` of ``contracts[].value``.
    """

    def __init__(self) -> None:
        self._days: dict[str, int] = {}
        self._first: date | None = None
        self._last: date | None = None
        self._sums: tuple[dict[str, Decimal], ...] = ({}, {}, {})
        self._other: dict[str, int] = {}
        self.dates_unread = 0
        self.amounts_unread = 0

    def head(self, head: Head) -> None:
        """Count one release through its typed members."""
        days = self._days
        if head.date:
            key = day_key(head.date)
            days[key] = days.get(key, 0) + 1
        estimates, awards, contracts = self._sums
        if head.tender and (value := head.tender.value):
            self._add(estimates, value.amount, value.currency)
        if head.awards:
            for award in head.awards:
                if award.value:
                    self._add(awards, award.value.amount, award.value.currency)
                if award.date:
                    self._see(award.date)
        if head.contracts:
            for contract in head.contracts:
                if contract.value:
                    self._add(contracts, contract.value.amount, contract.value.currency)
                if contract.dateSigned:
                    self._see(contract.dateSigned)

    def release(self, release: dict[str, object]) -> None:
        """Count one release that did not fit the typed members, from its decoded form."""
        day = release.get("date")
        if day not in (None, ""):
            key = day_key(day) if isinstance(day, str) else repr(day)
            self._days[key] = self._days.get(key, 0) + 1
        tender = release.get("tender")
        if isinstance(tender, dict):
            self._value(self._sums[0], tender.get("value"))
        for index, name, dated in ((1, "awards", "date"), (2, "contracts", "dateSigned")):
            for item in objects(release.get(name)):
                self._value(self._sums[index], item.get("value"))
                if (when := item.get(dated)) not in (None, ""):
                    self._see(when if isinstance(when, str) else repr(when))

    def _see(self, text: str) -> None:
        key = day_key(text)
        self._other[key] = self._other.get(key, 0) + 1
        if len(self._other) > 50_000:
            self._fold()

    def _value(self, sums: dict[str, Decimal], value: object) -> None:
        if isinstance(value, dict) and value.get("amount") not in (None, ""):
            amount = amount_of(value["amount"])
            if amount is None:
                self.amounts_unread += 1
            else:
                code = value.get("currency")
                self._add(sums, amount, code if isinstance(code, str) else None)

    def _add(self, sums: dict[str, Decimal], amount: Decimal | None, code: str | None) -> None:
        if amount is not None:
            if not amount.is_finite():
                self.amounts_unread += 1
                return
            key = code or ""
            total = sums.get(key)
            sums[key] = amount if total is None else total + amount

    def _fold(self) -> None:
        for key, count in self._other.items():
            if london_day(f"{key}:00:00Z" if len(key) == 13 else key) is None:
                self.dates_unread += count
        self._other.clear()
        for key, count in self._days.items():
            day = london_day(f"{key}:00:00Z" if len(key) == 13 else key)
            if day is None:
                self.dates_unread += count
                continue
            self._first = day if self._first is None else min(self._first, day)
            self._last = day if self._last is None else max(self._last, day)
        self._days.clear()

    def tick(self) -> None:
        """Call now and then: keeps the table of days bounded."""
        if len(self._days) > 50_000:
            self._fold()

    def finish(self, profile: Profile) -> None:
        """Add the figures to ``profile``."""
        self._fold()
        for day in (self._first, self._last):
            if day is not None:
                profile.first_date = min(profile.first_date or day, day)
                profile.last_date = max(profile.last_date or day, day)
        for kind, sums in zip(_PLAIN, self._sums, strict=True):
            for code, total in sums.items():
                key = f"{currency_of(code) or 'XXX'} {kind} {TaxBasis.UNKNOWN}"
                profile.amount_sum[key] = profile.amount_sum.get(key, Decimal(0)) + total
        profile.dates_unread += self.dates_unread
        profile.amounts_unread += self.amounts_unread


def objects(value: object) -> Iterable[dict[str, object]]:
    """The objects of a list; nothing where ``value`` is no list."""
    return (item for item in value if isinstance(item, dict)) if isinstance(value, list) else ()
