import datetime
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from nameplate.catalogue.store import load
from nameplate.model.errors import StoreError, UsageError
from nameplate.model.statement import Asserter, SourceRef, Statement, made
from nameplate.publishing.gate import GateError
from nameplate.publishing.people import is_organisation
from nameplate.publishing.project import project

Build = Callable[..., dict[str, Any]]


def copied(traced: Path, to: Path) -> Path:
    to.mkdir()
    for path in traced.iterdir():
        if path.is_file():
            (to / path.name).write_bytes(path.read_bytes())
    return to


def edited(folder: Path, name: str, change: Callable[[list[dict[str, Any]]], None]) -> None:
    path = folder / f"{name}.parquet"
    table = pq.read_table(path)
    rows = table.to_pylist()
    change(rows)
    pq.write_table(pa.Table.from_pylist(rows, schema=table.schema), path)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("DV Limited", True),
        ("Synectics Security", True),
        ("Safe Systems plc", True),
        ("John Smith", False),
        ("Mr J Smith Security", False),
        ("Jane Jones t/a Safe Systems", False),
        ("Acme Holdings Ltd t/a Jane's", True),
        ("JONES A", False),
    ],
)
def test_only_organisations_are_named(name: str, shown: bool) -> None:
    assert is_organisation(name) is shown


def test_a_company_number_makes_an_organisation() -> None:
    assert is_organisation("Bloggs", ["GB-COH:01234567"])


def test_a_firm_without_a_reply_stops_the_build_and_is_named(build: Build, tmp_path: Path) -> None:
    with pytest.raises(GateError, match=r"Hikvision \(not offered\)"):
        build(tmp_path / "site", override=None)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("until", "reply", "goes"),
    [("2021-12-31", "", True), ("2022-01-01", "", False), ("2022-02-01", "We did.", True)],
)
def test_the_gate_opens_when_time_is_up_or_a_reply_came(
    build: Build, tmp_path: Path, until: str, reply: str, goes: bool
) -> None:
    firms = ("Hikvision", "DV Limited", "SYNECTICS SECURITY")
    replies = tmp_path / "replies.json"
    given = [{"party": f, "offered": "2021-12-01", "until": until, "reply": reply} for f in firms]
    replies.write_text(json.dumps(given))
    if goes:
        build(tmp_path / "site", override=None, replies=replies)
        assert (tmp_path / "site/edition.json").exists()
    else:
        with pytest.raises(GateError, match="time runs until 2022-01-01"):
            build(tmp_path / "site", override=None, replies=replies)


def test_the_override_stands_in_the_edition(site: Path) -> None:
    about = json.loads((site / "edition.json").read_bytes())
    assert about["override"] == {"by": "A. Editor", "reason": "the worked example"}


def test_an_edition_needs_a_day(build: Build, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="needs its day"):
        build(tmp_path / "site", day=None)


def test_two_builds_give_the_same_bytes(build: Build, site: Path, tmp_path: Path) -> None:
    build(tmp_path / "again")
    names = sorted(p.relative_to(site) for p in site.rglob("*") if p.is_file())
    assert names == sorted(
        p.relative_to(tmp_path / "again") for p in (tmp_path / "again").rglob("*") if p.is_file()
    )
    assert [
        n for n in names if (site / n).read_bytes() != (tmp_path / "again" / n).read_bytes()
    ] == []


def test_a_sole_traders_name_is_in_no_byte(build: Build, traced: Path, tmp_path: Path) -> None:
    folder = copied(traced, tmp_path / "run")

    def person(rows: list[dict[str, Any]]) -> None:
        rows[0]["suppliers"] = [{"name": "Zebedee Quux", "role": "supplier", "identifiers": []}]
        rows[0]["supplier"] = "Zebedee Quux"

    edited(folder, "purchases", person)
    build(tmp_path / "site", folder=folder)
    rows = [json.loads(x) for x in (tmp_path / "site/data/purchases.jsonl").open()]
    assert rows[0]["supplier"] is None
    assert "person" in rows[0]["supplier_withheld"]
    assert not any(b"Zebedee" in p.read_bytes() for p in tmp_path.glob("site/**/*") if p.is_file())


@pytest.mark.parametrize(
    ("planted", "kind"),
    [
        ("write to jane.doe@example.org", "e-mail address"),
        ("camera 10.20.30.41", "inside a network"),
        ("recorder 44:19:b6:0a:0b:0c", "hardware address"),
    ],
)
def test_a_planted_private_value_stops_it_with_its_place(
    build: Build, traced: Path, tmp_path: Path, planted: str, kind: str
) -> None:
    folder = copied(traced, tmp_path / "run")
    edited(folder, "purchases", lambda rows: rows[1].update(title=planted))
    with pytest.raises(StoreError, match=rf"would publish .*{kind}") as caught:
        build(tmp_path / "site", folder=folder)
    assert re.match(r"bodies/\S+\.html, line \d+: ", str(caught.value))
    assert planted.rsplit(maxsplit=1)[-1] not in str(caught.value)
    assert not (tmp_path / "site").exists()


def test_a_draft_of_an_organisation_stays_behind_and_is_searched_for(
    build: Build, traced: Path, tmp_path: Path
) -> None:
    folder = copied(traced, tmp_path / "run")
    draft = made(
        Statement(
            statement_id="",
            subject="p_2m5p64p3nxuiqxasyi42kv4452",
            predicate="position",
            value={"text": "We shall rip them all out quietly."},
            source=SourceRef(title="draft"),
            asserter=Asserter.BODY,
            asserted_by="Somebody",
            owner="org_1",
        )
    )
    with (folder / "statements.jsonl").open("ab") as log:
        log.write(msgspec.json.encode(draft) + b"\n")
    build(tmp_path / "site", folder=folder)
    assert not any(b"quietly" in p.read_bytes() for p in tmp_path.glob("site/**/*") if p.is_file())
    edited(
        folder,
        "purchases",
        lambda rows: rows[0].update(title="x: we shall rip them all out QUIETLY."),
    )
    with pytest.raises(StoreError, match=draft.statement_id):
        build(tmp_path / "other", folder=folder)


def test_inference_names_no_supplier_and_small_sums_are_withheld(
    traced: Path, tmp_path: Path
) -> None:
    folder = copied(traced, tmp_path / "run")

    def infer(rows: list[dict[str, Any]]) -> None:
        for row in rows:
            row["grade"] = "inferred"

    edited(folder, "attributions", infer)
    held = project(folder, load(), datetime.date(2022, 1, 1))
    assert held.tables["purchases"] == held.tables["attributions"] == []
    # Two suppliers are named and one purchase names none: fewer than three.
    assert [(r["maker"], r["withheld"], r["amount"]) for r in held.tables["inferred_sums"]] == [
        ("", True, None),
        ("Hikvision", True, None),
    ]
    edited(folder, "purchases", lambda rows: rows[2].update(supplier="Third Ltd"))
    edited(folder, "purchases", lambda rows: rows[1].update(supplier="Second Ltd"))
    held = project(folder, load(), datetime.date(2022, 1, 1))
    assert [int(r["amount"]) for r in held.tables["inferred_sums"]] == [833000, 833000]
    assert [r["expected"] for r in held.tables["inferred_sums"]] == [None, None]


def test_a_folder_of_something_else_is_left_alone(build: Build, tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    (tmp_path / "site/thesis.txt").write_text("years of work")
    with pytest.raises(StoreError, match="no edition"):
        build(tmp_path / "site")
    assert (tmp_path / "site/thesis.txt").exists()
