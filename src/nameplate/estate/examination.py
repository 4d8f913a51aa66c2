"""Answers that devices can give to a security examination, with evidence, for a person to
confirm. Nothing here is decided: an answer is ``yes``, ``no``, ``partly`` or an absence.

Clauses cited: NCSC CAF 3.2 (A3.a asset management, A4.a supply chain, B4.d vulnerability
management, B5.b resilience of networks), Cyber Essentials (security update management, firewalls),
ETSI EN 303 645 (5.3 keep software updated, 5.6 minimise exposed attack surfaces), and the
Surveillance Camera Code of Practice (principle 9).
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Sequence

import msgspec

from nameplate.estate.report import chips_of
from nameplate.estate.score import Score
from nameplate.estate.vulns.schema import Finding, Status
from nameplate.model.absence import Absence
from nameplate.model.device import Device, Field


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """One question's proposed answer: ``counts`` (of devices) and sentences are its evidence."""

    key: str
    question: str
    clauses: tuple[str, ...]
    answer: str
    says: str
    counts: dict[str, int]
    devices: tuple[str, ...]
    """Ids of devices that the answer rests on, at most 50; the counts are of all."""
    to_confirm: bool = True


def _some(devices: Sequence[Device]) -> tuple[str, ...]:
    return tuple(d.device_id for d in devices[:50])


def answers(
    devices: Sequence[Device],
    findings: dict[str, tuple[Finding, ...]],
    scores: Sequence[Score],
    as_of: datetime.date,
) -> list[Answer]:
    """Answers for an estate as of a day; with no devices every answer is ``not checked``."""
    return [
        _inventory(devices),
        _makers(devices, scores, as_of),
        _exploited(devices, findings),
        _updates(devices, findings),
        _exposure(devices, scores),
        _support(devices, scores),
        _chips(devices),
    ]


def _none(key: str, question: str, clauses: tuple[str, ...]) -> Answer:
    return Answer(
        key=key,
        question=question,
        clauses=clauses,
        answer=Absence.NOT_CHECKED.value,
        says="no device was imported",
        counts={},
        devices=(),
    )


def _inventory(devices: Sequence[Device]) -> Answer:
    question = "Is every device recorded with model, firmware and place?"
    clauses = ("CAF A3.a", "Cyber Essentials: scope")
    if not devices:
        return _none("inventory", question, clauses)
    lacking = [
        d
        for d in devices
        if not (
            d.get(Field.MODEL)
            and d.get(Field.FIRMWARE)
            and (d.get(Field.SITE) or d.get(Field.LOCATION))
        )
    ]
    counts = {
        "devices": len(devices),
        "without model": sum(not d.get(Field.MODEL) for d in devices),
        "without firmware": sum(not d.get(Field.FIRMWARE) for d in devices),
        "without place": sum(not (d.get(Field.SITE) or d.get(Field.LOCATION)) for d in devices),
    }
    full = len(devices) - len(lacking)
    answer = "yes" if not lacking else "partly" if full else "no"
    says = f"{full} of {len(devices)} devices have all three"
    return Answer(
        key="inventory", question=question, clauses=clauses, answer=answer, says=says,
        counts=counts, devices=_some(lacking),
    )  # fmt: skip


def _makers(devices: Sequence[Device], scores: Sequence[Score], as_of: datetime.date) -> Answer:
    question = "Is any device made by a firm that a watchlist names?"
    clauses = ("CAF A4.a", "Surveillance Camera Code: principle 9")
    if not devices:
        return _none("makers", question, clauses)
    listed = {s.device_id for s in scores if any(p.name == "listed" and p.points for p in s.parts)}
    named = [d for d in devices if d.device_id in listed]
    unknown = sum(not d.maker_key for d in devices)
    by_maker = Counter(d.maker for d in named)
    counts = {"devices": len(devices), "of listed makers": len(named), "maker unknown": unknown}
    counts |= dict(sorted(by_maker.items()))
    answer = "yes" if named else Absence.NOT_COMPUTABLE.value if unknown else "no"
    says = (
        f"{len(named)} of {len(devices)} devices identify themselves as a listed maker's on "
        f"{as_of}; the maker of {unknown} is unknown"
    )
    return Answer(
        key="makers", question=question, clauses=clauses, answer=answer, says=says,
        counts=counts, devices=_some(named),
    )  # fmt: skip


def _with(
    devices: Sequence[Device], findings: dict[str, tuple[Finding, ...]], *statuses: Status,
    kev: bool = False,
) -> list[Device]:  # fmt: skip
    return [
        d
        for d in devices
        if any(
            f.status in statuses and (f.kev_added or not kev) for f in findings.get(d.device_id, ())
        )
    ]


def _exploited(devices: Sequence[Device], findings: dict[str, tuple[Finding, ...]]) -> Answer:
    question = "Does any device have a flaw that is known to be exploited?"
    clauses = ("CAF B4.d", "Cyber Essentials: security update management")
    if not devices:
        return _none("exploited", question, clauses)
    sure = _with(devices, findings, Status.AFFECTED, kev=True)
    maybe = _with(devices, findings, Status.UNKNOWN, Status.RANGE_UNKNOWN, kev=True)
    blind = sum(not d.get(Field.MODEL) for d in devices)
    answer = "yes" if sure else Absence.NOT_COMPUTABLE.value if maybe or blind else "no"
    says = f"{len(sure)} devices are affected, {len(maybe)} may be, {blind} have no known model"
    return Answer(
        key="exploited", question=question, clauses=clauses, answer=answer, says=says,
        counts={"affected": len(sure), "may be": len(maybe), "no model": blind},
        devices=_some(sure or maybe),
    )  # fmt: skip


def _updates(devices: Sequence[Device], findings: dict[str, tuple[Finding, ...]]) -> Answer:
    question = "Is the firmware outside the ranges of all known flaws?"
    clauses = ("CAF B4.d", "EN 303 645: 5.3")
    if not devices:
        return _none("updates", question, clauses)
    sure = _with(devices, findings, Status.AFFECTED)
    blind = [d for d in devices if not (d.get(Field.MODEL) and d.get(Field.FIRMWARE))]
    answer = "no" if sure else Absence.NOT_COMPUTABLE.value if blind else "yes"
    says = f"{len(sure)} devices are within a known range; {len(blind)} could not be compared"
    return Answer(
        key="updates", question=question, clauses=clauses, answer=answer, says=says,
        counts={"affected": len(sure), "not comparable": len(blind)}, devices=_some(sure),
    )  # fmt: skip


def _by_part(
    devices: Sequence[Device], scores: Sequence[Score], part: str
) -> tuple[list[Device], int]:
    bad = {s.device_id for s in scores if any(p.name == part and p.points for p in s.parts)}
    blind = sum(1 for s in scores for p in s.parts if p.name == part and p.value is None)
    return [d for d in devices if d.device_id in bad], blind


def _exposure(devices: Sequence[Device], scores: Sequence[Score]) -> Answer:
    question = "Can any device be reached from the internet?"
    clauses = ("CAF B5.b", "Cyber Essentials: firewalls", "EN 303 645: 5.6")
    if not devices:
        return _none("exposure", question, clauses)
    bad, blind = _by_part(devices, scores, "reachable")
    answer = "yes" if bad else Absence.NOT_CHECKED.value if blind else "no"
    says = f"sources say so of {len(bad)} devices and say nothing of {blind}"
    return Answer(
        key="exposure", question=question, clauses=clauses, answer=answer, says=says,
        counts={"reachable": len(bad), "not stated": blind}, devices=_some(bad),
    )  # fmt: skip


def _support(devices: Sequence[Device], scores: Sequence[Score]) -> Answer:
    question = "Is every device still supported by its maker?"
    clauses = ("Cyber Essentials: security update management", "EN 303 645: 5.3")
    if not devices:
        return _none("support", question, clauses)
    bad, blind = _by_part(devices, scores, "unsupported")
    answer = "no" if bad else Absence.NOT_CHECKED.value if blind else "yes"
    says = f"{len(bad)} devices are past support or may be; of {blind} no end of support is known"
    return Answer(
        key="support", question=question, clauses=clauses, answer=answer, says=says,
        counts={"unsupported": len(bad), "not known": blind}, devices=_some(bad),
    )  # fmt: skip


def _chips(devices: Sequence[Device]) -> Answer:
    question = "Is any device said to hold a chip of a listed firm, whatever its badge?"
    clauses = ("CAF A4.a", "NDAA s.889")
    if not devices:
        return _none("chips", question, clauses)
    claims = {d.device_id: chips_of(d) for d in devices}
    bad = [d for d in devices if any("Huawei" in c.chip_maker for c in claims[d.device_id])]
    blind = sum(not claims[d.device_id] for d in devices)
    answer = "yes" if bad else Absence.NOT_CHECKED.value if blind else "no"
    makers = Counter(c.chip_maker for d in devices for c in claims[d.device_id])
    counts = {"claimed HiSilicon": len(bad), "no claim": blind} | dict(sorted(makers.items()))
    says = f"claimed of {len(bad)} devices by model (a claim, not a finding); none of {blind}"
    return Answer(
        key="chips", question=question, clauses=clauses, answer=answer, says=says,
        counts=counts, devices=_some(bad),
    )  # fmt: skip
