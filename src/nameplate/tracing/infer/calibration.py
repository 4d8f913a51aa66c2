"""Is an 80 % right 80 times in 100? Known makers hidden in turn, real and constructed apart."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Final

import msgspec

from nameplate.tracing.infer.model import MIN_REAL, Asked, Knowledge, Labelled, infer

BINS: Final = 10
Z95: Final = 1.959964


class Bin(msgspec.Struct, frozen=True, kw_only=True):
    """Chances from ``low`` to ``high``: how many, their mean, the share that was right, and the
    95 % interval (Wilson, 1927) of that share.
    """

    low: float
    high: float
    count: int
    mean: float
    right: float
    interval: tuple[float, float]


class Calibration(msgspec.Struct, frozen=True, kw_only=True):
    """Reliability by bins and the expected calibration error; ``label`` says of which records.

    ``error`` is None where no chance was tested. ``records`` counts labelled purchases.
    """

    label: str
    records: int
    chances: int
    bins: tuple[Bin, ...]
    error: float | None
    note: str


def wilson(right: int, count: int) -> tuple[float, float]:
    """95 % interval of a share; (0, 1) where nothing was counted."""
    if not count:
        return 0.0, 1.0
    share = right / count
    spread = Z95 * math.sqrt(share * (1 - share) / count + Z95**2 / (4 * count**2))
    middle = share + Z95**2 / (2 * count)
    scale = 1 + Z95**2 / count
    return max(0.0, (middle - spread) / scale), min(1.0, (middle + spread) / scale)


def asked_of(record: Labelled) -> Asked:
    """A labelled purchase with its maker hidden."""
    return Asked(
        purchase_id=record.purchase_id,
        supplier=record.supplier,
        body=record.body,
        day=record.day,
        kind=record.kind,
    )


def hidden_in_turn(records: Iterable[Labelled]) -> list[tuple[float, bool]]:
    """The likeliest maker's chance for each record, its own maker hidden, and whether it is right.

    The pulls are those of all records: one record's share in them is negligible.
    """
    knowledge = Knowledge(records)
    out = []
    for record in knowledge.records:
        best = infer(asked_of(record), knowledge, hidden=record)
        if best:
            out.append((best[0].probability, best[0].maker == record.maker))
    return out


def calibrate(label: str, tested: Sequence[tuple[float, bool]], bins: int = BINS) -> Calibration:
    """Bin chances against what was right; the error is the mean gap, weighted by count."""
    made: list[Bin] = []
    gap = 0.0
    for i in range(bins):
        low, high = i / bins, (i + 1) / bins
        inside = [t for t in tested if low <= t[0] < high or (i == bins - 1 and t[0] == 1.0)]
        if not inside:
            continue
        right = sum(ok for _, ok in inside)
        mean = sum(chance for chance, _ in inside) / len(inside)
        gap += abs(mean - right / len(inside)) * len(inside)
        made.append(
            Bin(
                low=low,
                high=high,
                count=len(inside),
                mean=mean,
                right=right / len(inside),
                interval=wilson(right, len(inside)),
            )
        )
    enough = len(tested) >= MIN_REAL
    note = "" if enough else f"{len(tested)} records: under {MIN_REAL}, so bands are shown"
    return Calibration(
        label=label,
        records=len(tested),
        chances=len(tested),
        bins=tuple(made),
        error=gap / len(tested) if tested else None,
        note=note,
    )


def both(records: Iterable[Labelled]) -> tuple[Calibration, Calibration]:
    """Calibration of real and of constructed records, each fitted on its own kind only.

    That of constructed records is no accuracy: it shows that the sums are right, not the world.
    """
    held = list(records)
    real = calibrate("real records", hidden_in_turn([r for r in held if not r.constructed]))
    made = calibrate("constructed records", hidden_in_turn([r for r in held if r.constructed]))
    return real, made


def diagram(calibration: Calibration, size: int = 360) -> str:
    """A reliability diagram as SVG with a text equivalent; bytes depend on the figures only."""
    pad = 44
    span = size - 2 * pad

    def x(value: float) -> float:
        return pad + value * span

    def y(value: float) -> float:
        return size - pad - value * span

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" role="img" '
        f'aria-labelledby="t d" font-family="sans-serif" font-size="11">',
        f'<title id="t">Reliability, {calibration.label}</title>',
        f'<desc id="d">{_described(calibration)}</desc>',
        f'<rect x="{pad}" y="{pad}" width="{span}" height="{span}" fill="none" stroke="#505a5f"/>',
        f'<line x1="{x(0)}" y1="{y(0)}" x2="{x(1)}" y2="{y(1)}" stroke="#505a5f" '
        'stroke-dasharray="4 4"/>',
    ]
    for tick in (0.0, 0.5, 1.0):
        parts.append(
            f'<text x="{x(tick):.1f}" y="{size - pad + 16}" text-anchor="middle">{tick:g}</text>'
        )
        parts.append(f'<text x="{pad - 6}" y="{y(tick) + 4:.1f}" text-anchor="end">{tick:g}</text>')
    for item in calibration.bins:
        low, high = item.interval
        place = x(item.mean)
        parts.append(
            f'<line x1="{place:.1f}" y1="{y(low):.1f}" x2="{place:.1f}" y2="{y(high):.1f}" stroke="#1d70b8"/>'
        )
        parts.append(f'<circle cx="{place:.1f}" cy="{y(item.right):.1f}" r="4" fill="#1d70b8"/>')
    parts.append(
        f'<text x="{size / 2:.0f}" y="{size - 10}" text-anchor="middle">chance given</text>'
    )
    parts.append(
        f'<text x="14" y="{size / 2:.0f}" text-anchor="middle" transform="rotate(-90 14 {size / 2:.0f})">share right</text>'
    )
    parts.append(
        f'<text x="{size / 2:.0f}" y="24" text-anchor="middle" font-size="13">{calibration.label}</text>'
    )
    return "\n".join([*parts, "</svg>"]) + "\n"


def _described(calibration: Calibration) -> str:
    if calibration.error is None:
        return "Not computable: there are no labelled records of this kind."
    rows = "; ".join(
        f"{b.low:.1f} to {b.high:.1f}: {b.count} records, {b.right:.2f} right"
        for b in calibration.bins
    )
    return f"Expected calibration error {calibration.error:.3f} over {calibration.records} records. {rows}."
