import json
from pathlib import Path

import msgspec
from click.testing import CliRunner

from nameplate.cli.estate import command
from nameplate.estate.store import Estate
from nameplate.model.statement import Asserter, Statement

FIRST = """Site,Name,Make,Model,MAC,IP,Firmware
Town Hall,CAM1,Hikvision,DS-2CD2142FWD-I,44:19:B6:00:00:01,192.0.2.1,V5.4.0 build 160401
Town Hall,CAM2,Axis,P1354,,192.0.2.2,5.90.1.2
"""
SECOND = """Site,Name,Make,Model,MAC,IP,Firmware
Town Hall,CAM1,Hikvision,DS-2CD2142FWD-I,44:19:B6:00:00:01,192.0.2.77,V5.5.82 build 190220
Town Hall,CAM2,Axis,P1354,AC:CC:8E:00:00:02,192.0.2.2,5.90.1.2
Depot,CAM3,Dahua,IPC-HFW2431S,14:A7:8B:00:00:03,192.0.2.1,
"""


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {
        p.name: p.read_bytes()
        for p in folder.iterdir()
        if p.is_file() and p.name != "devices.parquet"
    }


def write(path: Path, text: str) -> Path:
    path.write_text(text)
    return path


def test_importing_again_changes_nothing(tmp_path: Path) -> None:
    estate = Estate(tmp_path / "e")
    file = write(tmp_path / "a.csv", FIRST)
    first = estate.add([file])
    before = bytes_of(estate.folder)
    devices = estate.devices()
    again = estate.add([file])
    assert (first.sightings_new, again.sightings_new, again.sightings_known) == (2, 0, 2)
    assert bytes_of(estate.folder) == before
    assert estate.devices() == devices


def test_a_device_keeps_its_identity_and_its_history(tmp_path: Path) -> None:
    estate = Estate(tmp_path / "e")
    estate.add([write(tmp_path / "a.csv", FIRST)])
    old = {d.fields["name"]: d for d in estate.devices()}
    estate.add([write(tmp_path / "b.csv", SECOND)])
    new = {d.fields["name"]: d for d in estate.devices()}
    assert len(new) == 3
    assert new["CAM1"].device_id == old["CAM1"].device_id
    assert new["CAM1"].fields["address"] == "192.0.2.77"
    assert new["CAM1"].fields["firmware"] == "V5.5.82 build 190220"
    assert new["CAM1"].sources["firmware"] == "b.csv#line:2"
    assert new["CAM2"].device_id == old["CAM2"].device_id
    assert new["CAM2"].macs == ("accc8e000002",)
    changes = [json.loads(x) for x in (estate.folder / "history.jsonl").read_text().splitlines()]
    moved = [c for c in changes if c["field"] == "address" and c["old"]]
    assert [(c["old"], c["new"]) for c in moved] == [("192.0.2.1", "192.0.2.77")]


def test_an_address_handed_on_is_not_the_same_device(tmp_path: Path) -> None:
    estate = Estate(tmp_path / "e")
    estate.add([write(tmp_path / "a.csv", FIRST), write(tmp_path / "b.csv", SECOND)])
    ids = {d.device_id for d in estate.devices() if "192.0.2.1" in d.fields["address"]}
    assert len(ids) == 1
    assert len(estate.devices()) == 3


def test_a_register_states_and_a_device_observes(tmp_path: Path) -> None:
    estate = Estate(tmp_path / "e")
    scan = "1.3.6.1.2.1.1.1.0|4|; AXIS P1354; Network Camera; 5.90.1.2; Jun 20 2016; 1BB.2; 1;\n"
    estate.add([write(tmp_path / "a.csv", FIRST), write(tmp_path / "b.snmprec", scan)])
    lines = (estate.folder / "statements.jsonl").read_bytes().splitlines()
    statements = [msgspec.json.decode(line, type=Statement) for line in lines]
    assert {s.asserter for s in statements} == {Asserter.BODY, Asserter.DEVICE}
    assert all(s.predicate == "equipment_maker" for s in statements)


def test_what_cannot_be_read_is_set_aside_and_listed(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    write(folder / "a.csv", FIRST)
    write(folder / "b.xml", "<DeviceInfo><model>")
    estate = Estate(tmp_path / "e")
    done = estate.add([folder])
    assert (done.devices, done.set_aside) == (2, 1)
    (row,) = (estate.folder / "set_aside.jsonl").read_text().splitlines()
    assert "not well-formed" in row


def test_the_commands(tmp_path: Path) -> None:
    run = CliRunner()
    file = write(tmp_path / "a.csv", FIRST)
    done = run.invoke(command, ["import", str(file), "--out", str(tmp_path / "e"), "--json"])
    assert done.exit_code == 0
    assert json.loads(done.output)["devices"] == 2
    found = run.invoke(command, ["findings", str(tmp_path / "e")])
    assert "CVE-2017-7921 affected" in found.output
    lines = run.invoke(command, ["identify", "--jsonl", str(file)])
    assert [json.loads(x)["maker"] for x in lines.stdout.splitlines()][:1] == ["Hikvision"]
