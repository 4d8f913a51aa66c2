from __future__ import annotations

import csv
import gzip
import io
import json
import os
import zipfile
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from nameplate.model.errors import StoreError, UsageError
from nameplate.model.tables import ATTRIBUTION_SCHEMA, MENTION_SCHEMA, PURCHASE_SCHEMA
from nameplate.sources.api import Mode
from nameplate.tracing.run import engine, work
from nameplate.tracing.run.command import Outcome, trace
from nameplate.tracing.run.options import RunOptions

HEADER = "Body,Supplier,Amount,Date,Description\n"
ROW = "Leeds City Council,{supplier},{amount},2020-01-{day:02d},{text}\n"
OUTPUTS = (
    "attributions.csv",
    "attributions.parquet",
    "coverage.csv",
    "mentions.parquet",
    "purchases.parquet",
    "run.json",
    "set_aside.csv",
)


def _csv(rows: int, *, every: int = 7) -> str:
    lines = [HEADER]
    for number in range(rows):
        text = "Hikvision CCTV cameras" if number % every == 0 else "Stationery and paper"
        lines.append(
            ROW.format(supplier="A Ltd", amount=100 + number, day=number % 28 + 1, text=text)
        )
    return "".join(lines)


def _trace(out: Path, *paths: Path, **kwargs: Any) -> Outcome:
    stdin = kwargs.pop("stdin", None)
    given = tuple(str(path) for path in paths)
    return trace(RunOptions(paths=given, out=out, **kwargs), stdin=stdin)


def _bytes(out: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(out.iterdir())}


def _coverage(out: Path) -> dict[str, dict[str, str]]:
    with (out / "coverage.csv").open(encoding="utf-8", newline="") as stream:
        return {row["source_file"]: row for row in csv.DictReader(stream)}


def test_a_run_leaves_whole_tables_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "spend.csv").write_text(_csv(50))
    outcome = _trace(tmp_path / "out", tmp_path / "spend.csv")
    out = tmp_path / "out"
    assert outcome.readable
    assert tuple(_bytes(out)) == OUTPUTS
    for name, schema in (
        ("attributions", ATTRIBUTION_SCHEMA),
        ("mentions", MENTION_SCHEMA),
        ("purchases", PURCHASE_SCHEMA),
    ):
        table = pq.read_table(out / f"{name}.parquet")
        assert table.schema.equals(schema)
        assert table.num_rows == 8
    record = json.loads((out / "run.json").read_text())
    assert record["counts"]["records_read"] == 50
    assert record["hits"] is True
    assert str(tmp_path) not in (out / "run.json").read_text()
    (maker,) = outcome.report["makers"]
    assert maker["maker"] == "Hikvision"
    (measure,) = maker["totals"]["by_measure"]
    assert measure["confirmed"] == str(sum(100 + n for n in range(0, 50, 7)))


def test_the_same_bytes_twice_and_with_any_number_of_workers(tmp_path: Path) -> None:
    for number in range(6):
        (tmp_path / "in").mkdir(exist_ok=True)
        (tmp_path / f"in/{number}.csv").write_text(_csv(20 + number))
    runs = []
    for name, workers in (("a", 1), ("b", 1), ("c", 2), ("d", 3)):
        _trace(tmp_path / name, tmp_path / "in", workers=workers)
        runs.append(_bytes(tmp_path / name))
    assert runs[0] == runs[1] == runs[2] == runs[3]


def test_quick_says_what_it_did_not_compute_and_finds_the_same(tmp_path: Path) -> None:
    (tmp_path / "spend.csv").write_text(_csv(50))
    full = _trace(tmp_path / "full", tmp_path / "spend.csv").report
    quick = _trace(tmp_path / "quick", tmp_path / "spend.csv", mode=Mode.QUICK).report
    for name in ("attributions.parquet", "mentions.parquet", "purchases.parquet"):
        assert (tmp_path / "full" / name).read_bytes() == (tmp_path / "quick" / name).read_bytes()
    row = _coverage(tmp_path / "quick")["spend.csv"]
    assert row["first_date"] == row["amount_sum"] == "not computable"
    assert (full["mode"], quick["mode"]) == ("full", "quick")
    assert json.loads((tmp_path / "quick/run.json").read_text())["mode"] == "quick"


def test_archives_and_standard_input_read_like_files(tmp_path: Path) -> None:
    raw = _csv(30).encode()
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("2020/x.csv", raw)
    (tmp_path / "b.csv.gz").write_bytes(gzip.compress(raw.replace(b"A Ltd", b"B Ltd")))
    stdin = io.BytesIO(raw.replace(b"A Ltd", b"C Ltd"))
    _trace(tmp_path / "out", tmp_path / "a.zip", tmp_path / "b.csv.gz", Path("-"), stdin=stdin)
    rows = _coverage(tmp_path / "out")
    assert {name: row["records_read"] for name, row in rows.items()} == {
        "stdin": "30",
        "a.zip!2020/x.csv": "30",
        "b.csv.gz": "30",
    }
    assert not (tmp_path / "out" / engine.STATE).exists()


def test_the_same_bytes_under_two_names_are_counted_once(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for name in ("a.csv", "b.csv"):
        (tmp_path / "in" / name).write_text(_csv(14))
    report = _trace(tmp_path / "out", tmp_path / "in").report
    assert report["counts"]["purchases"] == 2
    row = _coverage(tmp_path / "out")["in/b.csv"]
    assert row["status"] == "duplicate"
    assert "in/a.csv" in row["reason"]


def test_what_is_not_read_says_why_and_the_rest_goes_on(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in/a.csv").write_text("<!DOCTYPE html><html><body>Sign in</body></html>")
    (tmp_path / "in/b.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    (tmp_path / "in/c.csv").write_text(_csv(7))
    outcome = _trace(tmp_path / "out", tmp_path / "in")
    rows = _coverage(tmp_path / "out")
    assert outcome.readable
    assert rows["in/a.csv"]["status"] == rows["in/b.png"]["status"] == "not read"
    assert "html" in rows["in/a.csv"]["reason"]
    assert rows["in/a.csv"]["records_read"] == ""
    assert rows["in/c.csv"]["status"] == "read"
    assert len(outcome.report["absence"]["not checked"]) == 2


def test_nothing_readable_is_said_to_be_failed_not_empty(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    outcome = _trace(tmp_path / "out", tmp_path / "a.png")
    assert not outcome.readable
    assert outcome.report["outcome"] == "failed"


def test_searched_and_nothing_found_is_said_with_its_coverage(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(_csv(9, every=100).replace("Hikvision CCTV", "Plain"))
    report = _trace(tmp_path / "out", tmp_path / "a.csv").report
    assert report["outcome"] == "nothing found"
    assert report["absence"]["nothing found"] == ["a.csv"]
    assert report["coverage"]["records_read"] == 9


def test_formulas_are_defused_in_csv_only(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(
        HEADER
        + ROW.format(supplier="=HYPERLINK(1)", amount=-5, day=1, text="Hikvision CCTV") * 1
        + ROW.format(supplier="B", amount=5, day=2, text="Pens") * 5
    )
    _trace(tmp_path / "out", tmp_path / "a.csv")
    with (tmp_path / "out/attributions.csv").open(newline="") as stream:
        (row,) = csv.DictReader(stream)
    assert row["supplier"] == "'=HYPERLINK(1)"
    assert row["amount"].startswith("-5")
    (plain,) = pq.read_table(tmp_path / "out/attributions.parquet").to_pylist()
    assert plain["supplier"] == "=HYPERLINK(1)"


def test_one_record_that_defeats_the_judge_is_set_aside_alone(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(_csv(14).replace("Hikvision CCTV", "CCTV defeats the judge", 1))
    report = _trace(tmp_path / "out", tmp_path / "a.csv").report
    assert report["counts"]["purchases"] == 1
    with (tmp_path / "out/set_aside.csv").open(newline="") as stream:
        (row,) = csv.DictReader(stream)
    assert "could not be judged" in row["reason"]


class Stopped(BaseException):
    pass


def _stop_after(monkeypatch: pytest.MonkeyPatch, count: int) -> list[str]:
    """Let ``count`` tasks be done and stop in the middle of the next, as Ctrl-C does."""
    really = work.do_task
    names: list[str] = []

    def do_task(task: work.Task, *rest: Any) -> work.Done:
        if len(names) == count:
            task.folder.mkdir(parents=True)
            (task.folder / work.TRACED).write_bytes(b"half")
            raise KeyboardInterrupt
        names.append(task.source.name)
        return really(task, *rest)

    monkeypatch.setattr("nameplate.tracing.run.pool.do_task", do_task)
    return names


def _six(tmp_path: Path) -> Path:
    (tmp_path / "in").mkdir()
    for number in range(6):
        (tmp_path / f"in/{number}.csv").write_text(_csv(20 + number))
    return tmp_path / "in"


def test_a_stopped_run_goes_on_where_it_was_and_comes_out_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = _six(tmp_path)
    _trace(tmp_path / "whole", given)
    with monkeypatch.context() as patch:
        _stop_after(patch, 4)
        with pytest.raises(KeyboardInterrupt):
            _trace(tmp_path / "out", given)
    assert not (tmp_path / "out/run.json").exists()
    with monkeypatch.context() as patch:
        names = _stop_after(patch, 100)
        _trace(tmp_path / "out", given)
        assert names == ["in/4.csv", "in/5.csv"]
    assert _bytes(tmp_path / "out") == _bytes(tmp_path / "whole")


@pytest.mark.parametrize("change", ["content", "catalogue", "mode"])
def test_what_changed_meanwhile_is_done_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    given = _six(tmp_path)
    with monkeypatch.context() as patch:
        _stop_after(patch, 5)
        with pytest.raises(KeyboardInterrupt):
            _trace(tmp_path / "out", given)
    again = {"content": 2, "catalogue": 6, "mode": 6}[change]
    mode = Mode.FULL
    if change == "content":
        # Same size and time of change: only the bytes tell.
        path = given / "2.csv"
        stat = path.stat()
        path.write_text(path.read_text().replace("A Ltd", "Z Ltd", 1))
        os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    elif change == "catalogue":
        monkeypatch.setattr("nameplate.tracing.run.options.__version__", "another")
    else:
        mode = Mode.QUICK
    names = _stop_after(monkeypatch, 100)
    _trace(tmp_path / "out", given, mode=mode)
    assert len(names) == again


def test_a_file_that_changes_while_it_is_read_counts_for_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = _six(tmp_path)
    really = work._chunks

    def chunks(task: work.Task, *rest: Any) -> Any:
        yield from really(task, *rest)
        if task.source.name == "in/3.csv":
            with task.source.path.open("a") as stream:
                stream.write("more\n")

    monkeypatch.setattr(work, "_chunks", chunks)
    report = _trace(tmp_path / "out", given).report
    row = _coverage(tmp_path / "out")["in/3.csv"]
    assert row["status"] == "failed"
    assert "changed while it was being read" in row["reason"]
    assert not any("3.csv" in a["source_file"] for a in report["largest"])
    assert report["counts"]["files_read"] == 5


def test_a_process_that_dies_takes_one_file_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = _six(tmp_path)
    really = work._chunks

    def chunks(task: work.Task, *rest: Any) -> Any:
        if task.source.name == "in/3.csv":
            os._exit(9)
        yield from really(task, *rest)

    monkeypatch.setattr(work, "_chunks", chunks)
    _trace(tmp_path / "out", given, workers=2)
    rows = _coverage(tmp_path / "out")
    assert rows["in/3.csv"]["status"] == "failed"
    assert "died" in rows["in/3.csv"]["reason"]
    assert sum(row["status"] == "read" for row in rows.values()) == 5


def test_a_full_disk_is_one_sentence_and_leaves_nothing_looking_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.csv").write_text(_csv(50))
    _trace(tmp_path / "out", tmp_path / "a.csv")
    before = _bytes(tmp_path / "out")
    (tmp_path / "b.csv").write_text(_csv(60))

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("nameplate.tracing.run.outputs.TableWriter.close", full)
        with pytest.raises(StoreError, match=r"disk is full.*goes on from here"):
            _trace(tmp_path / "out", tmp_path / "b.csv")
    # The earlier run's outputs stand as they were, all of one run.
    assert _bytes_of_files(tmp_path / "out") == before
    _trace(tmp_path / "out", tmp_path / "b.csv")
    assert json.loads((tmp_path / "out/run.json").read_text())["counts"]["records_read"] == 60


def _bytes_of_files(out: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(out.iterdir()) if path.is_file()}


def test_two_runs_into_one_folder_at_once_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(_csv(5))
    options = RunOptions(paths=(str(tmp_path / "a.csv"),), out=tmp_path / "out")
    with engine.run(options), pytest.raises(UsageError, match="another run"):
        trace(options)


@pytest.mark.parametrize(
    ("text", "word"),
    [("{", "not JSON"), ('{"Leeds": {"colour": "x"}}', "no standard column")],
)
def test_a_wrong_mapping_is_a_wrong_call(tmp_path: Path, text: str, word: str) -> None:
    (tmp_path / "a.csv").write_text(_csv(5))
    (tmp_path / "m.json").write_text(text)
    with pytest.raises(UsageError, match=word):
        _trace(tmp_path / "out", tmp_path / "a.csv", mapping=tmp_path / "m.json")


def test_a_mapping_overrules_what_was_found(tmp_path: Path) -> None:
    raw = _csv(30).replace("Amount,", "Amount,Other,", 1).replace("A Ltd,", "A Ltd,7,")
    (tmp_path / "a.csv").write_text(raw)
    (tmp_path / "m.json").write_text('{"*": {"amount": "Other"}}')
    _trace(tmp_path / "out", tmp_path / "a.csv", mapping=tmp_path / "m.json")
    columns = json.loads(_coverage(tmp_path / "out")["a.csv"]["columns"])
    assert columns["amount"] == "Other"
