from __future__ import annotations

import datetime
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from click.testing import CliRunner, Result

from nameplate.cli.main import cli


def call(*arguments: object) -> Result:
    return CliRunner().invoke(cli, [str(a) for a in arguments])


def run_folder(tmp_path: Path) -> Path:
    rows = [
        {
            "purchase_id": f"p_{n}", "body": body, "supplier": "Fell Alarms Ltd", "maker": None,
            "grade": "open", "probability": None, "amount": Decimal(100 * n + 100),
            "currency": "GBP", "amount_kind": "payment", "amount_tax": "net",
            "date": datetime.date(2019, 1, n + 1), "title": "CCTV", "trade_kind": "equipment",
            "constructed": "",
        }
        for n, body in enumerate(["Falkirk Council", "Thurrock Council", None])
    ]  # fmt: skip
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "attributions.parquet")
    return tmp_path


def test_asks_records_and_follows_a_question(tmp_path: Path) -> None:
    out = run_folder(tmp_path)
    letters = tmp_path / "letters"
    first = call("questions", "--out", out, "--on", "2024-04-29", "--letters", letters, "--sent")
    assert first.exit_code == 0, first.output
    assert "Freedom of Information (Scotland) Act 2002" in first.output
    assert "1 more name no body" in first.output
    assert {p.suffix for p in letters.iterdir()} == {".txt", ".docx", ".csv"}
    again = call("questions", "--out", out, "--on", "2024-05-01")
    assert "2 of them are asked about already" in again.output
    states = call("questions", "--out", out, "--on", "2024-06-10", "--states").output
    assert states.count("overdue") == 2
    question = states.split()[0]
    done = call("questions", "--out", out, "--on", "2024-06-11", "--event", question, "answered")
    assert "answered" in done.output
    wrong = call("questions", "--out", out, "--on", "2024-06-11", "--event", question, "lost")
    assert wrong.exit_code != 0


def test_a_folder_without_a_run(tmp_path: Path) -> None:
    assert call("questions", "--out", tmp_path, "--on", "2024-01-01").exit_code != 0


def test_templates_are_written_to_be_changed(tmp_path: Path) -> None:
    out = run_folder(tmp_path)
    made = call(
        "questions", "--out", out, "--on", "2024-01-01", "--templates", tmp_path / "t",
        "--write-templates",
    )  # fmt: skip
    assert made.output.count("wrote") == 3


def test_infer_shows_the_sum_and_no_percentage(tmp_path: Path) -> None:
    example = Path(__file__).resolve().parents[3] / "src/nameplate/examples"
    runs = [example / "press_2021/records.json", example / "press_2021/statements.jsonl"]
    out = tmp_path / "run"
    call("trace", *runs, example / "foi_answer/records.json", "--out", out, "--workers", 1)
    rows = pq.read_table(out / "attributions.parquet").to_pylist()
    (open_one,) = [r["purchase_id"] for r in rows if r["grade"] == "open"]
    found = call("infer", open_one, "--out", out)
    assert found.exit_code == 0, found.output
    assert "0 real purchases with a known maker" in found.output
    assert "%" not in found.output
    assert "log-odds" in found.output
    assert "What one more answer would change" in found.output
    assert call("infer", "p_zzz", "--out", out).exit_code != 0


def test_contradictions_and_outcomes_of_logs(tmp_path: Path) -> None:
    log = tmp_path / "log.jsonl"
    for number, text in enumerate(
        ["We do not use any Hikvision cameras.", "We have 40 Hikvision cameras."]
    ):
        answer = tmp_path / f"{number}.txt"
        answer.write_text(f"Thank you for your request for information.\n\n{text}")
        said = call("statements", answer, "--body", "Anyborough Council", "--log", log)
        assert said.exit_code == 0, said.output
    shown = call("contradictions", log).output
    assert "denied and claimed" in shown
    assert "40" in shown
    assert call("rounds", "outcomes", log, "--maker", "hikvision").output.splitlines() == [
        "body,outcome",
        "Anyborough Council,yes",
    ]
    (tmp_path / "empty.jsonl").write_text("")
    assert "nothing found" in call("contradictions", tmp_path / "empty.jsonl").output


def test_rounds(tmp_path: Path) -> None:
    answers = tmp_path / "a.csv"
    answers.write_text("body,outcome\nA,yes\nB,no\nC,refused\n")
    found = call("rounds", "share", answers, "--asked", 10, "--question", "uses X")
    assert "1 of 2 telling answers (50 %); 10 asked, 3 answered" in found.output
    assert "between 10 % and 90 %" in found.output
    names = tmp_path / "names"
    names.write_text("\n".join(f"Body {n}" for n in range(20)))
    assert len(call("rounds", "draw", names, "--size", 5, "--seed", "x").output.split("\n")) == 6
    answers.write_text("body,outcome\nA,yes\nA,no\n")
    assert call("rounds", "share", answers).exit_code != 0
