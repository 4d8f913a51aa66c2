"""An organisation's estate in the register: derived whole from the files of all its live imports.

Deriving anew from originals is what makes an undo exact: a device keeps its identity over files, so
what one file said cannot be subtracted, only left out.
"""

from __future__ import annotations

import datetime
import json
import shutil
import tempfile
from pathlib import Path
from typing import Any

import msgspec
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from nameplate.estate.report import findings_of
from nameplate.estate.score import score
from nameplate.estate.store import Estate
from nameplate.estate.vulns.schema import Status
from nameplate.model.device import Device
from nameplate.register.folders import folder_of
from nameplate.register.loading import Progress
from nameplate.register.models import DeviceRow, Import, Organisation, SetAside


def rebuild(
    owner: Organisation,
    report: Progress,
    *,
    adding: Import | None = None,
    without: Import | None = None,
) -> dict[str, int]:
    """Derive the estate of ``owner`` again and put it in place in one transaction; give counts.

    The files are those of all finished device imports, plus ``adding``, minus ``without``. Scores
    are as of today: what is known changes with the day.
    """
    jobs = Import.objects.filter(
        owner=owner, kind=Import.Kind.DEVICES, state=Import.State.DONE
    ).order_by("pk")
    wanted = [job for job in jobs if without is None or job.pk != without.pk]
    if adding is not None and adding not in wanted:
        wanted.append(adding)
    counts: dict[str, int] = {"devices": 0}
    with tempfile.TemporaryDirectory(dir=settings.WORKSPACE) as temporary:
        estate = Estate(Path(temporary) / "estate")
        for number, job in enumerate(wanted):
            report("reading devices", number, len(wanted))
            done = estate.add([folder_of(job) / "files"], job.body_name)
            counts = {
                key: value
                for key, value in msgspec.to_builtins(done).items()
                if isinstance(value, int)
            }
            if job == adding:
                _keep_set_aside(job, estate.folder / "set_aside.jsonl")
        report("matching vulnerabilities", 0, None)
        rows = _rows(owner, estate) if wanted else []
        with transaction.atomic():
            DeviceRow.objects.filter(owner=owner).delete()
            DeviceRow.objects.bulk_create(rows, batch_size=500)
        shutil.rmtree(estate.folder, ignore_errors=True)
    return counts


def _rows(owner: Organisation, estate: Estate) -> list[DeviceRow]:
    today: datetime.date = timezone.localdate()
    history = _history(estate.folder / "history.jsonl")
    rows = []
    for device, findings in findings_of(estate.devices(), None, today):
        scored = score(device, findings, today)
        affected = [one for one in findings if one.status is Status.AFFECTED]
        rows.append(
            DeviceRow(
                owner=owner,
                device_id=device.device_id,
                maker_key=device.maker_key,
                maker=device.maker,
                brand=device.brand,
                model=_field(device, "model"),
                firmware=_field(device, "firmware"),
                site=_field(device, "site")[:300],
                address=_field(device, "address"),
                band=device.band,
                points=float(scored.points),
                could_be=float(scored.could_be),
                exploited=any(one.kev_added for one in affected),
                listed=any(p.name == "listed" and p.points > 0 for p in scored.parts),
                content=msgspec.to_builtins(device),
                findings=msgspec.to_builtins(findings),
                score=msgspec.to_builtins(scored),
                history=history.get(device.device_id, []),
            )
        )
    return rows


def _field(device: Device, name: str) -> str:
    return device.fields.get(name, "")[:200]


def _history(path: Path) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    if path.is_file():
        with path.open(encoding="utf-8") as file:
            for line in file:
                entry = json.loads(line)
                found.setdefault(entry.get("device_id", ""), []).append(entry)
    return found


def _keep_set_aside(job: Import, path: Path) -> None:
    SetAside.objects.filter(brought_by=job).delete()
    if not path.is_file():
        return
    with path.open(encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    SetAside.objects.bulk_create(
        [
            SetAside(
                brought_by=job,
                source_file=str(row.get("source_file") or row.get("file") or "")[:500],
                locator=str(row.get("locator") or "")[:200],
                reason=str(row.get("reason") or row),
            )
            for row in rows
        ]
    )
