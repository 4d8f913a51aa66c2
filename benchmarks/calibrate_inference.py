"""Calibration of inference: python benchmarks/calibrate_inference.py [OUT] [--svg FOLDER]

OUT: a folder that ``nameplate trace`` wrote; its stated, observed and named purchases are the
labels, real and constructed apart. Without it, or beside it, a constructed market is drawn (fixed
seed): 60 suppliers, each with makers of its own, 1,500 purchases. Known makers are hidden in turn.
What comes of constructed records is a check of the sums, never an accuracy.
"""

from __future__ import annotations

import random
import sys
from pathlib import Path

from nameplate.model.attribution import Grade
from nameplate.tracing.infer.calibration import Calibration, calibrate, diagram, hidden_in_turn
from nameplate.tracing.infer.model import MIN_REAL, Knowledge, Labelled

MAKERS = ("hikvision", "dahua", "axis", "hanwha", "bosch", "avigilon")
SHARES = (0.42, 0.16, 0.15, 0.12, 0.09, 0.06)
CONCENTRATION = 3.0


def constructed(size: int = 1500, suppliers: int = 60, seed: int = 889) -> list[Labelled]:
    """A market in which each supplier's shares are a Dirichlet draw around the market's."""
    chance = random.Random(seed)
    own = []
    for _ in range(suppliers):
        draws = [chance.gammavariate(CONCENTRATION * s, 1) + 1e-9 for s in SHARES]
        own.append([d / sum(draws) for d in draws])
    out = []
    for number in range(size):
        supplier = int(suppliers * chance.random() ** 2)
        maker = chance.choices(MAKERS, own[supplier])[0]
        out.append(
            Labelled(
                purchase_id=f"c{number:05}",
                maker=maker,
                supplier=f"supplier {supplier}",
                grade=Grade.NAMED,
                constructed=True,
            )
        )
    return out


def traced(folder: Path) -> list[Labelled]:
    """Labels of a run: confirmed grades only, one maker a purchase."""
    import pyarrow.parquet as pq

    rows = pq.read_table(folder / "attributions.parquet").to_pylist()
    known: dict[str, list[dict]] = {}
    for row in rows:
        if row["grade"] in {"stated", "observed", "named"} and row["maker"]:
            known.setdefault(row["purchase_id"], []).append(row)
    return [
        Labelled(
            purchase_id=key,
            maker=held[0]["maker"],
            supplier=held[0]["supplier"] or "",
            body=held[0]["body"] or "",
            day=held[0]["date"],
            kind=held[0]["trade_kind"],
            grade=Grade(held[0]["grade"]),
            constructed=bool(held[0]["constructed"]),
        )
        for key, held in sorted(known.items())
        if len({r["maker"] for r in held}) == 1
    ]


def show(found: Calibration, records: list[Labelled]) -> None:
    print(f"\n{found.label}: {found.records} labelled purchases")
    if found.error is None:
        print("  not computable: there are none")
        return
    pulls = ", ".join(f"{k} {v:.1f}" for k, v in Knowledge(records).pull.items())
    print(f"  expected calibration error {found.error:.3f}; pulls (in records): {pulls}")
    print("  chance      records  mean   right  95 % interval")
    for b in found.bins:
        print(
            f"  {b.low:.1f}-{b.high:.1f}  {b.count:9}  {b.mean:.3f}  {b.right:.3f}"
            f"  {b.interval[0]:.3f}-{b.interval[1]:.3f}"
        )
    if found.note:
        print(f"  {found.note}")


def main(arguments: list[str]) -> None:
    svg = None
    if "--svg" in arguments:
        at = arguments.index("--svg")
        svg = Path(arguments[at + 1])
        arguments = arguments[:at] + arguments[at + 2 :]
    held = traced(Path(arguments[0])) if arguments else []
    parts = {
        "real records": [r for r in held if not r.constructed],
        "constructed records": [r for r in held if r.constructed] + constructed(),
    }
    for label, records in parts.items():
        found = calibrate(label, hidden_in_turn(records))
        show(found, records)
        if svg:
            svg.mkdir(parents=True, exist_ok=True)
            (svg / f"reliability-{label.split()[0]}.svg").write_text(diagram(found))
    real = len(parts["real records"])
    print(
        f"\n{real} real labelled purchases; a percentage is shown from {MIN_REAL} on:"
        f" {max(0, MIN_REAL - real)} more answers would do it"
    )


if __name__ == "__main__":
    main(sys.argv[1:])
