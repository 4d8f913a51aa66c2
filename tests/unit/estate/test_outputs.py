import datetime
import json
from pathlib import Path

import pytest

from nameplate.estate.examination import answers
from nameplate.estate.join import Bought, join, statements
from nameplate.estate.outputs.cyclonedx import bill
from nameplate.estate.outputs.oscal import results
from nameplate.estate.outputs.spreadsheet import write
from nameplate.estate.report import findings_of
from nameplate.estate.score import score, score_facts, sensitivity, sites
from nameplate.estate.store import Estate
from nameplate.model.absence import Absence
from nameplate.model.device import Field

DAY = datetime.date(2026, 1, 1)
REGISTER = """Site,Location,Name,Make,Model,MAC,IP,Firmware,Internet,Installed,Supplier
Town Hall,Council chamber,CAM1,Hikvision,DS-2CD2142FWD-I,44:19:B6:00:00:01,192.0.2.1,V5.4.0 build 160401,yes,2017-05-02,Acme Security Ltd
Depot,Gate,CAM2,Axis,P1354,,192.0.2.2,5.90.1.2,no,2016-01-01,
Depot,Yard,CAM3,Dahua,IPC-HFW3441E-SA,14:A7:8B:00:00:03,192.0.2.3,2.800.0000000.28.R.210601,,,
Depot,Fence,CAM4,,"=cmd|' /C calc'!A0",,192.0.2.4,<script>alert(1)</script>,,,
"""  # noqa: E501


@pytest.fixture
def estate(tmp_path: Path):
    file = tmp_path / "register.csv"
    file.write_text(REGISTER)
    kept = Estate(tmp_path / "estate")
    kept.add([file])
    devices = kept.devices()
    found = {d.device_id: f for d, f in findings_of(devices, None, DAY)}
    scores = [score(d, found[d.device_id], DAY) for d in devices]
    return devices, found, scores, answers(devices, found, scores, DAY)


def test_the_weights_add_up_to_a_hundred() -> None:
    assert sum(score_facts().weights.values()) == 100


def test_a_score_shows_all_its_parts_and_what_it_does_not_know(estate) -> None:
    devices, _, scores, _ = estate
    by_name = {d.fields["name"]: s for d, s in zip(devices, scores, strict=True)}
    worst = by_name["CAM1"]
    points = {p.name: p.points for p in worst.parts}
    assert points["listed"] == 25
    assert points["reachable"] == 20
    assert points["sensitive"] == 10
    assert worst.points == sum(points.values())
    unknown = next(p for p in by_name["CAM3"].parts if p.name == "reachable")
    assert (unknown.value, unknown.absence) == (None, Absence.NOT_CHECKED)
    assert by_name["CAM3"].could_be > by_name["CAM3"].points
    assert sites(scores)[0].site == "Town Hall"


def test_the_sensitivity_view_names_what_the_ranking_hangs_on(estate) -> None:
    _, _, scores, _ = estate
    swings = sensitivity(scores, first=1)
    assert {(s.part, s.factor) for s in swings} >= {("listed", 0.5), ("reachable", 2.0)}
    assert all(0 <= s.pairs_changed <= 1 for s in swings)


def test_a_bill_of_materials_fits_the_schema_and_repeats(estate) -> None:
    devices, found, _, _ = estate
    text = bill(devices, found, DAY)
    assert text == bill(devices, found, DAY)
    document = json.loads(text)
    assert {c["type"] for c in document["components"]} == {"device"}
    states = {(v["id"], v["analysis"]["state"]) for v in document["vulnerabilities"]}
    assert ("CVE-2017-7921", "exploitable") in states
    disagreed = [v for v in document["vulnerabilities"] if v["id"] == "CVE-2021-33045"]
    assert "NVD" in disagreed[0]["analysis"]["detail"]
    assert "CNA dahua" in disagreed[0]["analysis"]["detail"]


def test_a_bill_comes_back_as_the_same_devices(estate, tmp_path: Path) -> None:
    devices, found, _, _ = estate
    file = tmp_path / "bom.json"
    file.write_text(bill(devices, found, DAY))
    back = Estate(tmp_path / "again")
    done = back.add([file])
    assert done.devices == len(devices)
    assert {d.fields["model"] for d in back.devices()} == {d.fields["model"] for d in devices}
    assert {d.maker for d in back.devices()} == {d.maker for d in devices}


def test_assessment_results_fit_nists_models_and_repeat(estate) -> None:
    from oscal_bindings.v1 import AssessmentResultsDocument

    devices, _, _, proposed = estate
    text = results(devices, proposed, DAY, "Anytown Council")
    assert text == results(devices, proposed, DAY, "Anytown Council")
    AssessmentResultsDocument.model_validate(json.loads(text))
    states = json.loads(text)["assessment-results"]["results"][0]["findings"]
    met = {
        f["target"]["target-id"] for f in states if f["target"]["status"]["state"] == "satisfied"
    }
    assert met == {"nameplate-inventory"}


def test_a_hostile_cell_stays_text_in_the_workbook(estate, tmp_path: Path) -> None:
    import openpyxl

    devices, found, scores, proposed = estate
    path = tmp_path / "f.xlsx"
    write(path, devices=devices, findings=found, scores=scores, answers=proposed, as_of=DAY)
    book = openpyxl.load_workbook(path)
    cells = [c for row in book["What to fix first"].iter_rows() for c in row]
    hostile = [c for c in cells if str(c.value).startswith("=cmd")]
    assert hostile
    assert all(c.data_type == "s" for c in hostile)
    assert not any(c.data_type == "f" for sheet in book for row in sheet.iter_rows() for c in row)


def test_answers_are_proposed_with_evidence_and_absence_is_no_clearance(estate) -> None:
    _, _, _, proposed = estate
    by_key = {a.key: a for a in proposed}
    assert by_key["makers"].answer == "yes"
    assert by_key["exposure"].answer == "yes"
    assert by_key["support"].answer == Absence.NOT_CHECKED.value
    assert all(a.to_confirm for a in proposed)
    empty = answers([], {}, [], DAY)
    assert {a.answer for a in empty} == {Absence.NOT_CHECKED.value}


def bought(key: str, text: str, **more) -> Bought:
    values = {"body": "b", "date": None, "supplier": "", "makers": (), **more}
    return Bought(purchase_id=key, text=text, **values)


def test_a_contract_that_names_the_model_brought_the_camera(estate) -> None:
    devices, _, _, _ = estate
    purchases = [
        bought(
            "p_a",
            "Supply of DS-2CD2142FWD-I domes for the Town Hall",
            date=datetime.date(2017, 3, 1),
            supplier="Acme Security Limited",
            makers=("Hikvision",),
        ),
        bought("p_b", "CCTV upgrade", makers=("Hanwha Vision",)),
        bought("p_c", "Axis camera licences", date=datetime.date(2020, 1, 1), makers=()),
    ]
    joined = join(devices, purchases)
    camera = next(d for d in devices if d.get(Field.NAME) == "CAM1")
    (link,) = joined.links
    assert (link.device_id, link.purchase_id) == (camera.device_id, "p_a")
    assert len(link.says) == 5
    assert joined.bought_not_found == ("p_b",)
    assert len(joined.found_not_bought) == 3
    (statement,) = statements(joined, devices)
    assert (statement.subject, statement.asserter.value) == ("p_a", "device")


def test_a_camera_installed_before_the_purchase_is_not_linked(estate) -> None:
    devices, _, _, _ = estate
    later = bought(
        "p_a", "Hikvision cameras", date=datetime.date(2020, 1, 1), makers=("Hikvision",)
    )
    assert join(devices, [later]).links == ()


def test_purchases_come_from_what_a_trace_wrote(tmp_path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    from nameplate.estate.report import purchases_of
    from nameplate.model.errors import InputError
    from nameplate.model.tables import ATTRIBUTION_SCHEMA, PURCHASE_SCHEMA

    with pytest.raises(InputError, match=r"holds no purchases\.parquet"):
        purchases_of(tmp_path)
    rows = [{"purchase_id": "p_a", "body": "X", "title": "cameras", "texts": []}]
    full = [{n: r.get(n) for n in PURCHASE_SCHEMA.names} for r in rows]
    pq.write_table(pa.Table.from_pylist(full, PURCHASE_SCHEMA), tmp_path / "purchases.parquet")
    named = [dict.fromkeys(ATTRIBUTION_SCHEMA.names) | {"purchase_id": "p_a", "maker": "Dahua"}]
    table = pa.Table.from_pylist(named, ATTRIBUTION_SCHEMA)
    pq.write_table(table, tmp_path / "attributions.parquet")
    (found,) = purchases_of(tmp_path, "x")
    assert (found.purchase_id, found.makers, found.text.strip()) == ("p_a", ("Dahua",), "cameras")
    assert purchases_of(tmp_path, "y") == []


def test_a_chip_is_a_claim_by_model(tmp_path: Path) -> None:
    file = tmp_path / "r.csv"
    file.write_text("Make,Model\nUniview,IPC3234SR3-DVZ28\nAxis,P1375-E\nAxis,M1065\n")
    kept = Estate(tmp_path / "e")
    kept.add([file])
    devices = kept.devices()
    scores = [score(d, (), DAY) for d in devices]
    chips = next(a for a in answers(devices, {}, scores, DAY) if a.key == "chips")
    assert chips.answer == "yes"
    assert chips.counts["claimed HiSilicon"] == 1
    assert chips.counts["no claim"] == 1
    assert "a claim, not a finding" in chips.says
