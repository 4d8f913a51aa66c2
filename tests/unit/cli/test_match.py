from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner

from nameplate.cli.match import command


def test_each_row_gets_a_score_and_a_bad_row_stops_nothing(tmp_path: Path) -> None:
    pairs = tmp_path / "pairs.csv"
    pairs.write_text(
        "schema,name1,name2\nCompany,Acme Ltd,ACME LIMITED\n"
        "Ship,a,b\n,Acme,\nPerson,J Doe,John Doe\n",
        encoding="utf-8",
    )
    result = CliRunner().invoke(command, [str(pairs), "--jsonl"], catch_exceptions=False)
    rows = [json.loads(line) for line in result.output.splitlines()]
    assert [row["row"] for row in rows] == [1, 2, 3, 4]
    assert rows[0]["match"] is True
    assert 0.5 < rows[0]["score"] < 1
    assert rows[0]["reasons"]
    assert rows[1]["score"] is None
    assert "Ship" in rows[1]["error"]
    assert rows[2]["error"] == "a name is empty"


def test_a_file_without_the_columns_is_refused(tmp_path: Path) -> None:
    pairs = tmp_path / "pairs.csv"
    pairs.write_text("left,right\na,b\n", encoding="utf-8")
    result = CliRunner().invoke(command, [str(pairs)])
    assert "name1 and name2" in str(result.exception)
