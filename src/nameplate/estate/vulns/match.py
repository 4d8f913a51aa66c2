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

    def match(self, subject: Subject) -> tuple[Finding, ...]:
        """Findings on a device, gravest first; vulnerabilities that name no product it could be
        are left out, those that name it and do not affect its firmware are ``not affected``."""
        return self._cached(subject)

    def _match(self, subject: Subject) -> tuple[Finding, ...]:
        cves = dict.fromkeys(c for v in subject.vendors for c in self._vendors.get(v, ()))
        found = [f for cve in cves if (f := self._one(cve, subject)) is not None]
        found.sort(key=lambda f: (-_GRAVITY[f.status], not f.kev_added, f.cve))
        return tuple(found)

    def _one(self, cve: str, subject: Subject) -> Finding | None:
        records = self._by_cve[cve]
        mine = [a for r in records for a in r.affected if a.vendor in subject.vendors]
        # A source that names a maker only ("*") says nothing where another names the models.
        specific = any(a.products != ("*",) or a.whole_system for a in mine)
        verdicts: list[Verdict] = []
        for record in records:
            answers = [
                v
                for affected in record.affected
                if affected.vendor in subject.vendors
                and not (specific and affected.products == ("*",) and not affected.whole_system)
                and (v := judge(affected, subject, record.url)) is not None
            ]
            for source in dict.fromkeys(a.source for a in answers):
                of_source = [a for a in answers if a.source == source]
                verdicts.append(max(of_source, key=lambda v: _GRAVITY[v.status]))
        if not verdicts:
            return None
        status = max((v.status for v in verdicts), key=lambda s: _GRAVITY[s])
        return Finding(
            cve=cve,
            title=next((r.title for r in records if r.title), ""),
            status=status,
            disagreement=len({v.status for v in verdicts}) > 1,
            verdicts=tuple(verdicts),
            kev_added=next((r.kev_added for r in records if r.kev_added), ""),
            kev_due=next((r.kev_due for r in records if r.kev_due), ""),
            cvss=tuple(dict.fromkeys(c for r in records for c in r.cvss)),
            epss=next((r.epss for r in records if r.epss is not None), None),
            epss_day=next((r.epss_day for r in records if r.epss_day), ""),
        )


def judge(affected: Affected, subject: Subject, url: str = "") -> Verdict | None:
    """One source's answer on one device; None where it does not speak of this model."""

    def say(status: Status, why: str) -> Verdict:
        return Verdict(source=affected.source, status=status, why=why, url=url)

    if affected.whole_system:
        named, fit = f"the operating system of all {affected.vendor} devices", Fit.YES
    elif affected.products == ("*",):
        return say(
            Status.UNKNOWN,
            f"{affected.source} names equipment of this maker without saying which models: "
            "whether this one is affected is not known",
        )
    else:
        best = max(affected.products, key=lambda p: fits(p, subject.model), default="")
        fit = fits(best, subject.model) if best and subject.model else Fit.NO
        named = best
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
