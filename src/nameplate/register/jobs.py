"""The queue of imports: taken by a worker under a lease, resumed after a crash, stopped on request.

A job's state is in the database and its files are in the workspace, so a worker that dies at any
moment loses nothing: its lease runs out and the next worker goes on from what is written.
"""

from __future__ import annotations

import logging
import shutil
import subprocess
import sys
import time
import uuid
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Final

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from nameplate.model.errors import NameplateError, UsageError
from nameplate.register import audit, estates, exposures, loading
from nameplate.register.folders import folder_of
from nameplate.register.models import Import, Organisation, Purchase, Sighting

log = logging.getLogger("nameplate.jobs")

LEASE: Final = timedelta(seconds=60)
"""How long a worker holds a job without a sign of life."""
State = Import.State


class Stopped(Exception):
    """A person asked for the job to stop, or another worker holds it now."""


def take(worker: str) -> Import | None:
    """Take the oldest job that waits, or whose worker died; None where there is none.

    The update is one statement with its condition, so two workers never take the same job.
    """
    now = timezone.now()
    waiting = Q(state=State.QUEUED) | Q(
        state__in=[State.RUNNING, State.UNDOING], lease_until__lt=now
    )
    for job in Import.objects.filter(waiting).order_by("created", "pk")[:5]:
        taken = (
            Import.objects.filter(waiting, pk=job.pk)
            .exclude(state=State.UNDOING)
            .update(
                state=State.RUNNING,
                lease_by=worker,
                lease_until=now + LEASE,
                started=job.started or now,
            )
        )
        if not taken and job.state == State.UNDOING:
            taken = Import.objects.filter(waiting, pk=job.pk).update(
                lease_by=worker, lease_until=now + LEASE
            )
        if taken:
            job.refresh_from_db()
            return job
    return None


def reporter(job: Import, worker: str) -> loading.Progress:
    """A progress function that renews the lease, and raises Stopped when told to stop."""
    last = 0.0

    def report(step: str, done: int, total: int | None) -> None:
        nonlocal last
        if time.monotonic() - last < 1 and step == job.step:
            return
        last = time.monotonic()
        job.step = step
        kept = Import.objects.filter(pk=job.pk, lease_by=worker).update(
            step=step, done=done, total=total, lease_until=timezone.now() + LEASE
        )
        if not kept or Import.objects.filter(pk=job.pk, stop_asked=True).exists():
            raise Stopped

    return report


def run_one(worker: str | None = None) -> bool:
    """Take a job and carry it through; False where none waits. Never raises for a bad input."""
    worker = worker or uuid.uuid4().hex
    job = take(worker)
    if job is None:
        return False
    try:
        if job.state == State.UNDOING:
            _undo(job, reporter(job, worker))
        else:
            _carry_out(job, reporter(job, worker))
    except Stopped:
        _finish(job, State.CANCELLED, "")
    except NameplateError as error:
        _finish(job, State.FAILED, str(error))
    except Exception:
        log.exception("import %s failed", job.pk)
        _finish(job, State.FAILED, "Something failed here that is not the files' fault.")
    return True


def _carry_out(job: Import, report: loading.Progress) -> None:
    if job.kind == Import.Kind.DEVICES:
        job.counts = estates.rebuild(job.owner, report, adding=job)
        _finish(job, State.DONE, "")
        return
    folder = folder_of(job)
    trace = folder / "trace"
    if not (trace / "run.json").is_file():
        _trace(job, folder / "files", trace, report)
    _load(job, trace, report)
    _finish(job, State.DONE, "")


def load_now(folder: Path, organisation: str, title: str) -> Import:
    """Load a trace's folder in this process, not in the queue; returns the finished import.

    ``organisation`` is a key; raises UsageError where there is none, InputError for a folder that
    no finished trace wrote. After a failure the import is marked failed and nothing of it counts.
    """
    owner = Organisation.objects.filter(key=organisation).first()
    if owner is None:
        raise UsageError(
            f"there is no organisation with the key {organisation!r}",
            do="start `nameplate serve` once, or name another",
        )
    loading.read_run(folder)
    worker = uuid.uuid4().hex
    job = Import.objects.create(
        owner=owner,
        title=title[:300],
        state=State.RUNNING,
        lease_by=worker,
        lease_until=timezone.now() + LEASE,
        started=timezone.now(),
    )
    try:
        _load(job, folder, reporter(job, worker))
    except BaseException as error:
        _finish(job, State.FAILED, str(error) or type(error).__name__)
        raise
    _finish(job, State.DONE, "")
    return job


def _load(job: Import, trace: Path, report: loading.Progress) -> None:
    job.run = loading.read_run(trace)
    job.fingerprint = loading.fingerprint(trace)
    earlier = (
        Import.objects.filter(owner=job.owner, fingerprint=job.fingerprint, state=State.DONE)
        .exclude(pk=job.pk)
        .order_by("pk")
        .first()
    )
    job.repeats = earlier
    job.counts = loading.load_folder(job, trace, report)


def _trace(job: Import, files: Path, out: Path, report: loading.Progress) -> None:
    """Trace in a process of its own: its memory is bounded and a crash there is not ours."""
    command = [sys.executable, "-m", "nameplate.cli", "trace", str(files), "--out", str(out)]
    if job.body_name:
        command += ["--body", job.body_name]
    with (out.parent / "trace.log").open("wb") as errors:
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=errors)
        try:
            while process.poll() is None:
                report("tracing", 0, None)
                time.sleep(0.2)
        except Stopped:
            process.terminate()
            process.wait(30)
            raise
    if process.returncode != 0:
        lines = (out.parent / "trace.log").read_text(errors="replace").strip().splitlines()
        said = lines[-1].removeprefix("nameplate: ") if lines else "it said nothing"
        raise NameplateError("The files could not be traced", where="", do=said)


def _finish(job: Import, state: str, error: str) -> None:
    with transaction.atomic():
        job.state, job.error, job.finished = state, error, timezone.now()
        job.lease_by, job.lease_until, job.stop_asked = "", None, False
        job.save()
        audit.record(
            f"import.{state}",
            subject=("import", str(job.pk)),
            organisation=job.owner,
            actor=job.requested_by,
            reason=error,
            after={"title": job.title, "counts": job.counts, "fingerprint": job.fingerprint},
        )


def _undo(job: Import, report: loading.Progress) -> None:
    """Withdraw an import whole: what no other live import brought no longer counts."""
    if job.kind == Import.Kind.DEVICES:
        estates.rebuild(job.owner, report, without=job)
        _finish(job, State.UNDONE, "")
        return
    touched: dict[int, set[int | None]] = {}
    others = Sighting.objects.filter(brought_by__state=State.DONE).exclude(brought_by=job)
    done = 0
    while True:
        rows = list(
            Purchase.objects.filter(sightings__brought_by=job, live=True)
            .exclude(pk__in=others.values("purchase"))
            .values_list("pk", "body_id", "owner_id")[: loading.BATCH]
        )
        if not rows:
            break
        for _, body, owner_id in rows:
            touched.setdefault(owner_id, set()).add(body)
        Purchase.objects.filter(pk__in=[pk for pk, _, _ in rows]).update(live=False)
        done += len(rows)
        report("withdrawing purchases", done, None)
    for owner in Organisation.objects.filter(pk__in=touched):
        exposures.rebuild(owner, touched[owner.pk])
    _finish(job, State.UNDONE, "")


def ask_undo(job: Import, *, by: object, reason: str) -> None:
    """Ask for an import to be undone; a worker does it. Raises NameplateError unless it is done."""
    with transaction.atomic():
        changed = Import.objects.filter(pk=job.pk, state=State.DONE).update(
            state=State.UNDOING, lease_until=timezone.now() - LEASE, step="", done=0, total=None
        )
        if not changed:
            raise NameplateError(
                "only a finished import can be undone", where=job.title, do="wait until it is done"
            )
        audit.record(
            "import.undo_asked",
            subject=("import", str(job.pk)),
            organisation=job.owner,
            actor=by,  # type: ignore[arg-type]
            reason=reason,
        )


def forget_files(job: Import) -> None:
    """Remove a job's working folder; originals stay in the store by their hash."""
    shutil.rmtree(folder_of(job), ignore_errors=True)


def work(stop: Callable[[], bool], pause: float = 1.0) -> None:
    """Carry out jobs until ``stop()``; looks for one every ``pause`` seconds."""
    while not stop():
        if not run_one():
            connection.close()
            time.sleep(pause)
