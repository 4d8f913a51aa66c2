"""A whole trace as one call: run, write, report. What ``nameplate trace`` and others use."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from typing import IO, Any

from nameplate.catalogue.store import load
from nameplate.tracing.run.engine import STATE, Progress, run
from nameplate.tracing.run.options import RunOptions
from nameplate.tracing.run.outputs import put_in_place, write_outputs, write_record
from nameplate.tracing.run.record import make_record, make_report
from nameplate.tracing.run.tally import Tally


@dataclass(frozen=True, slots=True)
class Outcome:
    """``report`` is what ``--json`` prints; ``readable`` is False where nothing could be read."""

    report: dict[str, Any]
    readable: bool


def trace(
    options: RunOptions,
    *,
    stdin: IO[bytes] | None = None,
    notify: Callable[[Progress], None] = lambda _: None,
) -> Outcome:
    """Trace everything under ``options.paths`` into ``options.out``.

    Raises UsageError for a wrong call, StoreError where outputs cannot be written (the folder
    then holds no ``run.json`` of this run), KeyboardInterrupt where it is stopped: the next call
    goes on from there.
    """
    with run(options, stdin=stdin, notify=notify) as results:
        aside = options.out / STATE / "aside"
        shutil.rmtree(aside, ignore_errors=True)
        tally = Tally()
        counts = write_outputs(results, aside, tally.add)
        record = make_record(results, counts, tally)
        report = make_report(results, record, tally, load())
        write_record(aside / "run.json", record)
        put_in_place(aside, options.out)
        readable = any(f.status in ("read", "read in part", "statements") for f in results.files)
    return Outcome(report, readable)
