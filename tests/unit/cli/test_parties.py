from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner

from nameplate.cli.parties import command


def run(*arguments: str) -> str:
    result = CliRunner().invoke(command, list(arguments), catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def test_cluster_ask_judge_and_withdraw(tmp_path: Path) -> None:
    names = tmp_path / "spend.csv"
    names.write_text(
        "Supplier Name,Amount,Date,Company No\n"
        "Acme Quetzal Ltd,12.00,01/02/2020,3944371\n"
        "ACME QUETZAL LIMITED,15.00,01/03/2020,\n"
        "Acme Quetzel Ltd,1.00,01/03/2020,\n",
        encoding="utf-8",
    )
    out = str(tmp_path / "o")
    arguments = ("cluster", str(names), "--out", out, "--id-column", "Company No", "--id-scheme")
    assert "2 clusters, 1 questions" in run(*arguments, "GB-COH")
    first = (tmp_path / "o" / "clusters.jsonl").read_bytes()
    assert json.loads(first.splitlines()[0])["identifiers"] == ["GB-COH-03944371"]
    question = json.loads(run("queue", "--dir", out, "--jsonl").splitlines()[0])
    said = run(
        "judge", question["a"], question["b"], "same", "--by", "A", "--reason", "r", "--dir", out
    )
    assert "1 clusters, 0 questions" in run(*arguments, "GB-COH")
    number = said.split(":")[0]
    run("withdraw", number, "--by", "B", "--reason", "wrong", "--dir", out)
    assert "2 clusters, 1 questions" in run(*arguments, "GB-COH")
    assert (tmp_path / "o" / "clusters.jsonl").read_bytes() == first
    listed = run("judgements", "--dir", out)
    assert "withdrawn" in listed
    assert len(listed.splitlines()) == 2
