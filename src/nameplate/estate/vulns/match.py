"""Matching devices against vulnerabilities, source by source, with the sentence why."""

from __future__ import annotations

import datetime
import functools
from collections.abc import Iterable
from typing import Final

import msgspec

from nameplate.estate.firmware import Firmware, compare, parse
from nameplate.estate.vulns.families import Fit, fits
from nameplate.estate.vulns.schema import (
    Affected,
    Finding,
    Known,
    Range,
    Status,
    Verdict,
)

_GRAVITY: Final = {
    Status.NOT_AFFECTED: 0,
    Status.UNKNOWN: 1,
    Status.RANGE_UNKNOWN: 2,
    Status.AFFECTED: 3,
}


class Subject(msgspec.Struct, frozen=True, kw_only=True):
    """What of a device decides: whose it is (catalogue key), badge (a name), model, firmware."""

    maker: str
    model: str
    firmware: str
    brand: str = ""

    @property
    def vendors(self) -> tuple[str, ...]:
        """The keys under which sources may list it: the maker's and the badge's."""
        badge = f"badge:{self.brand.lower()}" if self.brand else ""
        return tuple(key for key in (self.maker, badge) if key)


class Index:
    """Known vulnerabilities by vendor, so that a device meets only its own."""

    def __init__(self, known: Iterable[Known]) -> None:
        self._by_cve: dict[str, list[Known]] = {}
        self._vendors: dict[str, list[str]] = {}
        for record in known:
            self._by_cve.setdefault(record.cve, []).append(record)
            for affected in record.affected:
                cves = self._vendors.setdefault(affected.vendor, [])
                if record.cve not in cves:
                    cves.append(record.cve)
        self._cached = functools.lru_cache(maxsize=131072)(self._match)
        self._candidates = functools.lru_cache(maxsize=16384)(self._speaking)

    def match(self, subject: Subject) -> tuple[Finding, ...]:
        """Findings on a device, gravest first; vulnerabilities that name no product it could be
        are left out, those that name it and do not affect its firmware are ``not affected``."""
        return self._cached(subject)

    def _match(self, subject: Subject) -> tuple[Finding, ...]:
        candidates = self._candidates(subject.vendors, subject.model)
        found = [f for cve, mine in candidates if (f := self._one(cve, mine, subject)) is not None]
        found.sort(key=lambda f: (-_GRAVITY[f.status], not f.kev_added, f.cve))
        return tuple(found)

    def _speaking(
        self, vendors: tuple[str, ...], model: str
    ) -> tuple[tuple[str, tuple[tuple[Known, Affected], ...]], ...]:
        """Vulnerabilities of these vendors, each with the statements that speak of the model:
        these do not depend on firmware, so an estate's few models are looked up once."""
        found = []
        for cve in dict.fromkeys(c for v in vendors for c in self._vendors.get(v, ())):
            records = self._by_cve[cve]
            mine = [(r, a) for r in records for a in r.affected if a.vendor in vendors]
            # A source that names a maker only ("*") says nothing where another names the models.
            if any(a.products != ("*",) or a.whole_system for _, a in mine):
                mine = [(r, a) for r, a in mine if a.products != ("*",) or a.whole_system]
            speaking = tuple((r, a) for r, a in mine if _fit(a, model)[1] is not Fit.NO)
            if speaking:
                found.append((cve, speaking))
        return tuple(found)

    def _one(
        self, cve: str, mine: tuple[tuple[Known, Affected], ...], subject: Subject
    ) -> Finding | None:
        records = self._by_cve[cve]
        by_source: dict[tuple[int, str], Verdict] = {}
        for record, affected in mine:
            verdict = judge(affected, subject, record.url)
            if verdict is None:
                continue
            key = (id(record), verdict.source)
            seen = by_source.get(key)
            if seen is None or _GRAVITY[verdict.status] > _GRAVITY[seen.status]:
                by_source[key] = verdict
        verdicts = tuple(by_source.values())
        if not verdicts:
            return None
        status = max((v.status for v in verdicts), key=lambda s: _GRAVITY[s])
        return Finding(
            cve=cve,
            title=next((r.title for r in records if r.title), ""),
            status=status,
            disagreement=len({v.status for v in verdicts}) > 1,
            verdicts=verdicts,
            kev_added=next((r.kev_added for r in records if r.kev_added), ""),
            kev_due=next((r.kev_due for r in records if r.kev_due), ""),
            cvss=tuple(dict.fromkeys(c for r in records for c in r.cvss)),
            epss=next((r.epss for r in records if r.epss is not None), None),
            epss_day=next((r.epss_day for r in records if r.epss_day), ""),
        )


def _fit(affected: Affected, model: str) -> tuple[str, Fit]:
    """The product of a statement that fits a model best, and how well."""
    if affected.whole_system:
        return f"the operating system of all {affected.vendor} devices", Fit.YES
    if affected.products == ("*",):
        return "*", Fit.YES
    if not model:
        return "", Fit.NO
    best = max(affected.products, key=lambda p: fits(p, model), default="")
    return best, fits(best, model) if best else Fit.NO


def judge(affected: Affected, subject: Subject, url: str = "") -> Verdict | None:
    """One source's answer on one device; None where it does not speak of this model."""

    def say(status: Status, why: str) -> Verdict:
        return Verdict(source=affected.source, status=status, why=why, url=url)

    named, fit = _fit(affected, subject.model)
    if named == "*":
        return say(
            Status.UNKNOWN,
            f"{affected.source} names equipment of this maker without saying which models: "
            "whether this one is affected is not known",
        )
    if fit is Fit.NO:
        return None
    if fit is Fit.VARIANT:
        return say(
            Status.UNKNOWN,
            f"{affected.source} lists {named}; {subject.model} is a hardware variant of it that "
            "the source does not name",
        )
    if not affected.ranges or all(r.is_unknown for r in affected.ranges):
        return say(
            Status.RANGE_UNKNOWN,
            f"{affected.source} lists {named} as affected and gives no versions",
        )
    if any(r.everything for r in affected.ranges):
        return say(Status.AFFECTED, f"{affected.source} lists every version of {named}")
    device = parse(subject.maker, subject.firmware)
    if device is None:
        return say(
            Status.UNKNOWN,
            f"{affected.source} lists {named} in {_words(affected.ranges)}; this device's firmware "
            "is not known",
        )
    answers = [_inside(device, r, subject.maker) for r in affected.ranges if not r.is_unknown]
    shown = _words(affected.ranges)
    if True in answers:
        holding = affected.ranges[answers.index(True)]
        return say(
            Status.AFFECTED,
            f"{affected.source} lists {named} in {_words((holding,))}; {device.raw} is within it",
        )
    if None in answers:
        return say(
            Status.UNKNOWN,
            f"{affected.source} lists {named} in {shown}; {device.raw} cannot be compared with it",
        )
    return say(
        Status.NOT_AFFECTED,
        f"{affected.source} lists {named} in {shown}; {device.raw} is outside it",
    )


def _inside(device: Firmware, bounds: Range, maker: str) -> bool | None:
    if bounds.built_before:
        if device.built is None:
            return None
        return device.built < datetime.date.fromisoformat(bounds.built_before)
    unknown = False
    if bounds.low and bounds.low != "0":
        low = parse(maker, bounds.low)
        order = compare(device, low) if low else None
        if order is None:
            if low is not None and low.line and device.line and low.line != device.line:
                return False if maker == "uniview" else None
            unknown = True
        elif order < 0 or (order == 0 and not bounds.low_included):
            return False
    if bounds.high:
        high = parse(maker, bounds.high)
        order = compare(device, high, prefix=bounds.high_included) if high else None
        if order is None:
            if high is not None and maker == "uniview" and high.line != device.line:
                return False
            unknown = True
        elif order > 0 or (order == 0 and not bounds.high_included):
            return False
    return None if unknown else True


def _words(ranges: tuple[Range, ...]) -> str:
    shown = []
    for r in ranges[:4]:
        if r.built_before:
            shown.append(f"builds before {r.built_before}")
        elif r.low and r.low == r.high:
            shown.append(f"version {r.low}")
        else:
            low = f"{'from' if r.low_included else 'after'} {r.low}" if r.low else ""
            high = f"{'up to' if r.high_included else 'before'} {r.high}" if r.high else ""
            shown.append(" ".join(p for p in (low, high) if p))
    more = f" and {len(ranges) - 4} more" if len(ranges) > 4 else ""
    return "; ".join(shown) + more
