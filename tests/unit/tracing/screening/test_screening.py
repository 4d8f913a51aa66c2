"""Screening: listed then and now, through whom, on what evidence; repeatable, and no guess."""

from __future__ import annotations

import csv
import datetime
import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from click.testing import Result as Shown

from nameplate.catalogue.store import load
from nameplate.catalogue.watchlists.snapshots import Store
from nameplate.cli.main import cli
from nameplate.model.errors import UsageError
from nameplate.tracing.parties.judgements import Verdict, judge, load_judgements
from nameplate.tracing.screening.asking import Asks
from nameplate.tracing.screening.finding import Answer, Asker, Result, strongest
from nameplate.tracing.screening.known import Known, same_form
from nameplate.tracing.screening.record import Run

SIGNED = datetime.date(2019, 10, 8)


def put(folder: Path, text: str, name: str = "suppliers.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def known() -> Known:
    return Known(load(), None)


def screen(
    tmp_path: Path,
    known: Known,
    names: list[str],
    day: datetime.date = SIGNED,
    kind: str = "council",
) -> list[Result]:
    rows = "".join(f'"{name}"\n' for name in names)
    asks = Asks(put(tmp_path, "Supplier\n" + rows), as_of=day)
    return list(Run(asks, known, asker=Asker()).results())


def own_store(tmp_path: Path, rows: str) -> Store:
    store = Store(tmp_path / "lists")
    path = put(tmp_path, "name,aliases,valid_from,valid_to,identifiers\n" + rows, "own.csv")
    store.bring_in("own-us", path, received="2026-11-01")
    return store


def test_listed_then_and_now(tmp_path: Path, known: Known) -> None:
    (before,) = screen(tmp_path, known, ["Hikvision"], datetime.date(2019, 8, 12))
    assert (before.listed_then, before.listed_now) == (Answer.NOT_LISTED, Answer.LISTED)
    (after,) = screen(tmp_path, known, ["Hangzhou Hikvision Digital Technology Co Ltd"], SIGNED)
    then = {f.watchlist for f in after.findings if f.then is Answer.LISTED}
    assert then == {"us-889"}
    entity_list = next(f for f in after.findings if f.watchlist == "us-bis-entity")
    assert (entity_list.then, entity_list.public_then) == (Answer.NOT_LISTED, Answer.LISTED)
    assert entity_list.evidence == "fact listing.us-bis-entity.hikvision"


def test_a_subsidiary_is_reached_only_where_the_list_says_so(tmp_path: Path, known: Known) -> None:
    (result,) = screen(tmp_path, known, ["Hikvision UK Limited"], datetime.date(2020, 3, 1))
    by_list = {f.watchlist: f for f in result.findings if f.then is not Answer.NOT_LISTED}
    assert by_list["us-889"].then is Answer.LISTED
    assert by_list["us-889"].through == ("Hikvision → Hikvision UK Limited",)
    assert by_list["us-bis-entity"].then is Answer.POSSIBLE
    assert "does not say that it reaches this firm" in by_list["us-bis-entity"].why_open


def test_the_denied_person_is_not_the_maker(tmp_path: Path, known: Known) -> None:
    denied, maker = screen(
        tmp_path, known, ["DAHUA ELECTRONICS CORP.", "Zhejiang Dahua Technology Co."]
    )
    assert {f.watchlist for f in denied.findings} == {"us-denied-persons"}
    assert "us-denied-persons" not in {f.watchlist for f in maker.findings}
    assert maker.listed_now is Answer.LISTED


@pytest.mark.parametrize(
    "name",
    ["DV Limited", "Norbain SD", "Axis Security Services Ltd", "Bosch Thermotechnology Ltd",
     "High Vision Opticians", "Fahua Foods Ltd", "Dudley Metropolitan Borough Council"],
)  # fmt: skip
def test_other_firms_are_left_alone(tmp_path: Path, known: Known, name: str) -> None:
    (result,) = screen(tmp_path, known, [name])
    assert result.findings == ()
    assert result.listed_then is Answer.NOT_LISTED


def test_nearly_the_name_is_for_a_person_to_decide(tmp_path: Path, known: Known) -> None:
    (result,) = screen(tmp_path, known, ["Hikvisoin Digital Technology"], datetime.date(2020, 1, 1))
    assert result.listed_then is Answer.POSSIBLE
    assert all(not f.certain and f.score < 1 for f in result.findings)


def test_days_from_a_column(tmp_path: Path, known: Known) -> None:
    text = (
        "Title of the list\n"
        "Company name,Signed on,Company number\n"
        "Hikvision,09/10/2019,\nHikvision,,\nHikvision,2018,\nHikvision,2019-10,\n,01/01/2020,\n"
        "Hikvision,31/12/2018,\n"
    )
    asks = Asks(put(tmp_path, text), as_of_column="signed on")
    run = Run(asks, Known(load(), None, {"us-bis-entity"}), asker=Asker())
    results = list(run.results())
    assert [r.listed_then for r in results] == [
        Answer.LISTED,
        Answer.NOT_COMPUTABLE,
        Answer.NOT_LISTED,
        Answer.NOT_COMPUTABLE,
        Answer.NOT_COMPUTABLE,
        Answer.NOT_LISTED,
    ]
    record = run.record()
    assert (record.rows, record.without_date, record.without_name) == (6, 1, 1)
    assert record.columns.name == "Company name"
    assert record.columns.identifiers == ("Company number",)


def test_imported_lists_gaps_and_missing_dates(tmp_path: Path) -> None:
    rows = (
        "Bad Cameras Ltd,BadCam Group,2020-01-01,2021-01-01,\n"
        "Bad Cameras Ltd,,2022-01-01,,\n"
        "Undated Cameras Ltd,,,,GB-COH-01234567\n"
        "Smith & Co,,2020-01-01,,\n"
    )
    known = Known(load(), own_store(tmp_path, rows), {"own-us"})
    gap, again, undated, smith = screen(
        tmp_path,
        known,
        ["Bad Cameras Limited", "BADCAM GROUP", "Undated Cameras", "Smith Plumbing"],
        datetime.date(2021, 6, 1),
    )
    assert [(f.since, f.until) for f in gap.findings] == [
        ("2020-01-01", "2021-01-01"),
        ("2022-01-01", ""),
    ]
    assert (gap.listed_then, gap.listed_now) == (Answer.NOT_LISTED, Answer.LISTED)
    assert again.findings
    assert (undated.listed_then, undated.listed_now) == (Answer.NOT_COMPUTABLE, Answer.LISTED)
    assert undated.findings[0].evidence.startswith("own-us@")
    assert smith.findings == ()


def test_an_identifier_is_certain_whatever_the_name(tmp_path: Path) -> None:
    rows = "Undated Cameras Ltd,,2020-01-01,,GB-COH-01234567\n"
    known = Known(load(), own_store(tmp_path, rows))
    text = "Supplier,Company number\nSomething Else Entirely,1234567\n"
    asks = Asks(put(tmp_path, text), as_of=datetime.date(2021, 1, 1))
    (result,) = Run(asks, known, asker=Asker()).results()
    assert result.listed_then is Answer.LISTED
    assert result.findings[0].matched == "identifier"


def test_the_same_name_on_a_published_list_is_for_a_person_to_decide(tmp_path: Path) -> None:
    store = Store(tmp_path / "lists")
    header = "name,aliases,valid_from,valid_to,identifiers\n"
    path = put(tmp_path, header + "Costar Group Co. Ltd,,2020-01-01,,\n", "own.csv")
    store.bring_in("own-us", path, received="2026-11-01")
    own = Known(load(), store)
    published = Known(load(), store)
    for form, names in list(published._same.items()):
        published._same[form] = {k.replace("own-us", "us-x"): n for k, n in names.items()}
    assert [c.certain for c in own.candidates("CoStar Group")] == [True]
    (same, *_) = published.candidates("CoStar Group")
    assert (same.how, same.certain, same.score) == ("same name", False, 1.0)


def test_a_seller_of_a_listed_maker_is_not_listed_itself(tmp_path: Path, known: Known) -> None:
    before, after = (
        screen(tmp_path, known, ["CCTV Empire Ltd"], datetime.date(year, 1, 1))[0]
        for year in (2016, 2020)
    )
    assert before.listed_then is after.listed_then is Answer.NOT_LISTED
    assert after.findings == ()
    (sale,) = after.sells
    assert (sale.maker, sale.maker_then, sale.maker_now) == (
        "Hikvision",
        Answer.LISTED,
        Answer.LISTED,
    )
    assert before.sells[0].maker_then is Answer.NOT_LISTED
    assert sale.evidence == "fact distributor.cctv-empire-limited"


def test_a_person_s_judgement_wins(tmp_path: Path) -> None:
    path = tmp_path / "judgements.jsonl"
    on = datetime.date(2026, 11, 23)
    for other, verdict in (
        ("Hikvision Limited", Verdict.SAME),
        ("Hikvison Ltd", Verdict.DIFFERENT),
    ):
        for name in {n.text for n in load().names if n.maker == "hikvision"}:
            judge(path, other, name, verdict, by="A. Officer", reason="seen", on=on)
    names = ["Hikvision Limited", "Hikvison Ltd"]
    plain = screen(tmp_path, Known(load(), None), names, on)
    assert plain[1].findings
    same, different = screen(tmp_path, Known(load(), None, None, load_judgements(path)), names, on)
    assert same.listed_then is Answer.LISTED
    assert {f.matched for f in same.findings} == {"judgement"}
    assert different.findings == ()


def test_whom_a_list_binds(tmp_path: Path, known: Known) -> None:
    (result,) = screen(tmp_path, known, ["Hikvision"], datetime.date(2026, 1, 1))
    assert {f.binds for f in result.findings} == {"no"}
    assert all(f.binds_whom for f in result.findings)


@pytest.mark.parametrize(
    ("asker", "binds"),
    [
        (Asker(kind="council", nation="England"), "yes"),
        (Asker(kind="nhs", nation="Wales"), "yes"),
        (Asker(kind="council", nation="Scotland"), "no"),
        (Asker(kind="council"), "not known"),
    ],
)
def test_the_debarment_list_binds_by_nation(tmp_path: Path, asker: Asker, binds: str) -> None:
    text = "Supplier name,Exclusion ground,Date added\nDebarred Cameras Ltd,Security,01/03/2026\n"
    store = Store(tmp_path / "lists")
    store.bring_in("uk-debarment", put(tmp_path, text, "debarment.csv"), received="2026-04-01")
    asks = Asks(put(tmp_path, "Supplier\nDebarred Cameras Ltd\n"), as_of=datetime.date(2026, 6, 1))
    (result,) = Run(asks, Known(load(), store), asker=asker).results()
    assert [f.binds for f in result.findings] == [binds]
    assert result.listed_then is Answer.POSSIBLE


def test_the_body_is_asked_by_name(tmp_path: Path) -> None:
    path = put(tmp_path, "Supplier\nHikvision\n")
    told = json.loads(
        run(str(path), "--as-of", "2021-01-01", "--body", "Glasgow City Council", "--json").output
    )
    asker = told["record"]["asker"]
    assert (asker["kind"], asker["nation"]) == ("council", "Scotland")
    wrong = run(str(path), "--as-of", "2021-01-01", "--body", "Nowhere at All")
    assert isinstance(wrong.exception, UsageError)


def run(*args: str) -> Shown:
    return CliRunner().invoke(cli, ["screen", *args])


def test_a_third_party_repeats_the_run_to_the_same_bytes(tmp_path: Path) -> None:
    store = own_store(tmp_path, "Bad Cameras Ltd,,2020-01-01,,\n")
    path = put(tmp_path, "Supplier\nBad Cameras\nHikvision\n=cmd\n")
    outs = [tmp_path / "one", tmp_path / "two"]
    for out in outs:
        args = ["--as-of", "2021-01-01", "--watchlists", str(store.folder), "--out", str(out)]
        assert run(str(path), *args).exit_code == 0
    names = ["results.csv", "results.jsonl", "screening.json"]
    assert sorted(p.name for p in outs[0].iterdir()) == names
    for name in names:
        assert (outs[0] / name).read_bytes() == (outs[1] / name).read_bytes()
    record = json.loads((outs[0] / "screening.json").read_bytes())
    assert str(tmp_path) not in json.dumps(record)
    assert record["hits"] == "hits"
    assert record["catalogue_version"] == load().version
    snapshot = next(s for s in record["lists"] if s["key"] == "own-us")
    assert len(snapshot["snapshot_id"]) == len(snapshot["entries_sha256"]) == 64
    with (outs[0] / "results.csv").open(newline="", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    assert rows[-1]["name"] == "'=cmd"


def test_no_hit_is_a_record_too(tmp_path: Path) -> None:
    path = put(tmp_path, "Supplier\nA Baker Ltd\n")
    result = run(str(path), "--as-of", "2021-01-01", "--out", str(tmp_path / "out"))
    assert "no clearance" in result.output
    record = json.loads((tmp_path / "out" / "screening.json").read_bytes())
    assert (record["hits"], record["rows"], record["rows_with_findings"]) == ("none", 1, 0)
    assert record["listed_then"]["nothing found"] == 1


def test_json(tmp_path: Path) -> None:
    path = put(tmp_path, "Supplier\nHikvision\n")
    told = json.loads(run(str(path), "--as-of", "2021-01-01", "--json").output)
    assert told["record"]["rows"] == 1
    assert told["results"][0]["listed_then"] == "listed"


@pytest.mark.parametrize(
    ("args", "says"),
    [
        ([], "give one of --as-of DATE and --as-of-column NAME"),
        (["--as-of", "2021-01-01", "--as-of-column", "x"], "give one of"),
        (["--as-of-column", "nope"], "no column 'nope'"),
        (["--as-of", "2021-01-01", "--list", "nope"], "neither in the catalogue nor imported"),
        (["--as-of", "2021-01-01", "--name-column", "nope"], "no column of names found"),
    ],
)
def test_wrong_calls(tmp_path: Path, args: list[str], says: str) -> None:
    path = put(tmp_path, "Supplier\nHikvision\n")
    result = run(str(path), *args)
    assert isinstance(result.exception, UsageError)
    assert says in str(result.exception)


def test_helpers() -> None:
    assert strongest([], none=Answer.NOT_LISTED) is Answer.NOT_LISTED
    assert strongest([Answer.NOT_LISTED, Answer.POSSIBLE], none=Answer.LISTED) is Answer.POSSIBLE
    assert same_form("Dahua Technology Company") == same_form("Dahua Technology Co., Ltd.")
    assert same_form("The Company Ltd") != ""
