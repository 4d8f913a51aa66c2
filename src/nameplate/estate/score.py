"""A score for what to fix first: parts, weights and reasons all shown.

The weights are data (``facts/score.json``). A part that is not known has no value: it adds
nothing, and how much the score could still rise is shown beside it.
"""

from __future__ import annotations

import datetime
import functools
import re
from collections.abc import Sequence

import msgspec

from nameplate.catalogue import asof
from nameplate.catalogue import store as catalogue_store
from nameplate.estate.facts import store as facts
from nameplate.estate.report import support_of
from nameplate.estate.vulns.schema import Finding, Status
from nameplate.model.absence import Absence
from nameplate.model.device import Device, Field


class ScoreFacts(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Weights of the parts (they add up to 100), and the words that places go by."""

    weights: dict[str, float]
    why: str
    sensitive_places: tuple[str, ...]
    exposed_words: tuple[str, ...]
    closed_words: tuple[str, ...]


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """One part: its weight, a value 0-1 (or why there is none), points, and the sentence."""

    name: str
    weight: float
    value: float | None
    absence: Absence | None
    points: float
    says: str


class Score(msgspec.Struct, frozen=True, kw_only=True):
    """A device's score: ``points`` of 100, and ``could_be`` if all that is unknown were bad."""

    device_id: str
    site: str
    points: float
    could_be: float
    parts: tuple[Part, ...]


class SiteScore(msgspec.Struct, frozen=True, kw_only=True):
    """A site: its devices, the worst device's points and the sum over all."""

    site: str
    devices: int
    worst: float
    total: float


class Swing(msgspec.Struct, frozen=True, kw_only=True):
    """What halving or doubling one weight does to the ranking: of the first ``first`` devices,
    the share (0-1) that drops out, and of all pairs the share that changes order."""

    part: str
    factor: float
    first: int
    dropped: float
    pairs_changed: float


@functools.cache
def score_facts() -> ScoreFacts:
    """The bundled weights and words."""
    loaded: ScoreFacts = facts.decode("score.json", ScoreFacts)
    return loaded


@functools.lru_cache(maxsize=1024)
def _listed(maker: str, day: datetime.date) -> tuple[str, ...]:
    entries = asof.listed(catalogue_store.load(), maker, day)
    return tuple(dict.fromkeys(e.watchlist.name for e in entries if e.sure))


def _words(patterns: tuple[str, ...], text: str) -> bool:
    return any(re.search(rf"\b(?:{p})\b", text, re.IGNORECASE) for p in patterns)


def _part(name: str, value: float | None, says: str, absence: Absence | None = None) -> Part:
    weight = score_facts().weights[name]
    points = round(weight * value, 2) if value is not None else 0.0
    return Part(name=name, weight=weight, value=value, absence=absence, points=points, says=says)


def score(device: Device, findings: Sequence[Finding], as_of: datetime.date) -> Score:
    """Score one device as of a day."""
    parts = (
        _of_maker(device, as_of),
        *_of_findings(device, findings),
        _of_exposure(device),
        _of_support(device, as_of),
        _of_place(device),
    )
    points = round(sum(p.points for p in parts), 2)
    open_points = sum(p.weight for p in parts if p.value is None)
    return Score(
        device_id=device.device_id,
        site=device.get(Field.SITE),
        points=points,
        could_be=round(points + open_points, 2),
        parts=parts,
    )


def _of_maker(device: Device, as_of: datetime.date) -> Part:
    if not device.maker_key:
        return _part("listed", None, "the maker is not known", Absence.NOT_COMPUTABLE)
    lists = _listed(device.maker_key, as_of)
    if lists:
        return _part("listed", 1.0, f"{device.maker} is on: {'; '.join(lists)}")
    return _part("listed", 0.0, f"{device.maker} is on no watchlist held here on {as_of}")


def _of_findings(device: Device, findings: Sequence[Finding]) -> tuple[Part, Part]:
    if not device.get(Field.MODEL):
        missing = "the model is not known, so nothing could be matched"
        return (
            _part("exploited", None, missing, Absence.NOT_COMPUTABLE),
            _part("affected", None, missing, Absence.NOT_COMPUTABLE),
        )
    sure = [f for f in findings if f.status is Status.AFFECTED]
    maybe = [f for f in findings if f.status in (Status.RANGE_UNKNOWN, Status.UNKNOWN)]
    hot, warm = [f for f in sure if f.kev_added], [f for f in maybe if f.kev_added]
    if hot:
        first = f"{hot[0].cve}, known to be exploited since {hot[0].kev_added}"
        exploited = _part("exploited", 1.0, f"affected by {first}")
    elif warm:
        exploited = _part(
            "exploited", 0.5, f"may be affected by {warm[0].cve}, known to be exploited"
        )
    else:
        exploited = _part("exploited", 0.0, "no exploited flaw is matched by the sources held")
    if sure:
        affected = _part("affected", 1.0, f"affected by {len(sure)} known flaws")
    elif maybe:
        affected = _part("affected", 0.5, f"{len(maybe)} flaws name the model, firmware unsure")
    else:
        affected = _part("affected", 0.0, "no known flaw is matched by the sources held")
    return exploited, affected


def _of_exposure(device: Device) -> Part:
    said = device.get(Field.EXPOSURE)
    words = score_facts()
    source = device.sources.get(Field.EXPOSURE.value, "")
    if not said:
        return _part("reachable", None, "no source says who can reach it", Absence.NOT_CHECKED)
    if _words(words.closed_words, said):
        return _part("reachable", 0.0, f"said to be not reachable from outside ({source})")
    if _words(words.exposed_words, said):
        return _part("reachable", 1.0, f"said to be reachable: {said[:60]!r} ({source})")
    return _part("reachable", None, f"{said[:60]!r} does not say", Absence.NOT_COMPUTABLE)


def _of_support(device: Device, as_of: datetime.date) -> Part:
    known = support_of(device)
    if known is None:
        return _part("unsupported", None, "no end of support is known", Absence.NOT_CHECKED)
    if known.end_of_support and known.end_of_support <= as_of.isoformat():
        return _part("unsupported", 1.0, f"support ended on {known.end_of_support}")
    if known.end_of_support:
        return _part("unsupported", 0.0, f"supported until {known.end_of_support}")
    return _part("unsupported", 0.5, known.says)


def _of_place(device: Device) -> Part:
    place = " ".join(
        p for p in (device.get(Field.SITE), device.get(Field.LOCATION), device.get(Field.NAME)) if p
    )
    if not place:
        return _part("sensitive", None, "no source says where it is", Absence.NOT_COMPUTABLE)
    if _words(score_facts().sensitive_places, place):
        return _part("sensitive", 1.0, "the place's name is of a sensitive kind")
    return _part("sensitive", 0.0, "the place's name is of no sensitive kind")


def sites(scores: Sequence[Score]) -> list[SiteScore]:
    """Sites, the worst first."""
    grouped: dict[str, list[float]] = {}
    for item in scores:
        grouped.setdefault(item.site or "(site not stated)", []).append(item.points)
    found = [
        SiteScore(site=s, devices=len(p), worst=max(p), total=round(sum(p), 2))
        for s, p in grouped.items()
    ]
    return sorted(found, key=lambda s: (-s.worst, -s.total, s.site))


def sensitivity(scores: Sequence[Score], first: int = 20) -> list[Swing]:
    """What the ranking hangs on: each weight halved and doubled in turn."""

    def ranked(part: str, factor: float) -> list[str]:
        def points(item: Score) -> float:
            return sum(p.points * (factor if p.name == part else 1.0) for p in item.parts)

        return [s.device_id for s in sorted(scores, key=lambda s: (-points(s), s.device_id))]

    base = ranked("", 1.0)
    top = set(base[:first])
    found = []
    for part in score_facts().weights:
        for factor in (0.5, 2.0):
            other = ranked(part, factor)
            dropped = len(top - set(other[:first])) / len(top) if top else 0.0
            found.append(
                Swing(
                    part=part,
                    factor=factor,
                    first=min(first, len(base)),
                    dropped=round(dropped, 4),
                    pairs_changed=round(_inversions(base, other), 4),
                )
            )
    return sorted(found, key=lambda s: (-s.dropped, -s.pairs_changed, s.part, s.factor))


def _inversions(base: list[str], other: list[str]) -> float:
    """Share of pairs in another order, by merge counting (n log n)."""
    place = {name: at for at, name in enumerate(base)}
    total = len(base) * (len(base) - 1) // 2

    def count(items: list[int]) -> tuple[list[int], int]:
        if len(items) < 2:
            return items, 0
        middle = len(items) // 2
        left, a = count(items[:middle])
        right, b = count(items[middle:])
        merged: list[int] = []
        swaps = a + b
        i = j = 0
        while i < len(left) and j < len(right):
            if left[i] <= right[j]:
                merged.append(left[i])
                i += 1
            else:
                merged.append(right[j])
                swaps += len(left) - i
                j += 1
        return merged + left[i:] + right[j:], swaps

    return count([place[name] for name in other])[1] / total if total else 0.0
