"""An estate in the register: read, identified, scored; undone whole; nobody else's to see."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from nameplate.register import jobs
from nameplate.register.folders import folder_of
from nameplate.register.models import DeviceRow, Import, Organisation, SetAside

pytestmark = pytest.mark.django_db

INVENTORY = (
    "Site,Make,Model,IP address,MAC address,Firmware\n"
    "Town Hall,Hikvision,DS-2CD2143G0-I,10.0.0.5,44:19:b6:00:00:01,V5.5.0 build 180525\n"
    "Library,Axis,AXIS P3245-V,10.0.0.6,b8:a4:4f:00:00:02,10.12.130\n"
)


@pytest.fixture(autouse=True)
def _own_workspace(settings: Any, tmp_path: Path) -> None:
    settings.WORKSPACE = tmp_path


def bring_in(owner: Organisation, name: str, text: str) -> Import:
    job = Import.objects.create(owner=owner, title=name, kind=Import.Kind.DEVICES)
    files = folder_of(job) / "files"
    files.mkdir(parents=True)
    (files / name).write_text(text)
    assert jobs.run_one("w")
    job.refresh_from_db()
    return job


def test_devices_are_identified_scored_and_kept_over_files(dudley: Organisation) -> None:
    job = bring_in(dudley, "inventory.csv", INVENTORY)
    assert job.state == Import.State.DONE, job.error
    camera = DeviceRow.objects.get(model="DS-2CD2143G0-I")
    assert (camera.maker_key, camera.site) == ("hikvision", "Town Hall")
    assert camera.listed
    assert not DeviceRow.objects.get(maker="Axis Communications").listed
    moved = INVENTORY.replace("10.0.0.5", "10.0.0.77").replace("V5.5.0 build 180525", "V5.7.18")
    bring_in(dudley, "later.csv", moved)
    assert DeviceRow.objects.count() == 2
    again = DeviceRow.objects.get(model="DS-2CD2143G0-I")
    assert (again.device_id, again.address) == (camera.device_id, "10.0.0.77")


def test_an_undo_leaves_just_what_the_other_files_say(dudley: Organisation) -> None:
    bring_in(dudley, "inventory.csv", INVENTORY)
    before = list(DeviceRow.objects.order_by("device_id").values("device_id", "address", "points"))
    moved = bring_in(dudley, "later.csv", INVENTORY.replace("10.0.0.5", "10.0.0.77"))
    jobs.ask_undo(moved, by=None, reason="the wrong file")
    assert jobs.run_one("w")
    after = list(DeviceRow.objects.order_by("device_id").values("device_id", "address", "points"))
    assert after == before


def test_what_cannot_be_read_is_listed(dudley: Organisation) -> None:
    job = bring_in(dudley, "broken.xml", "<nmaprun><host>")
    assert SetAside.objects.filter(brought_by=job).exists()
    assert DeviceRow.objects.count() == 0
