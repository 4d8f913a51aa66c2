"""The worked example: an answer turns an open purchase into a stated one."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

import pyarrow.parquet as pq
from click.testing import CliRunner

from nameplate.cli.main import cli


def call(*arguments: object) -> str:
    result = CliRunner().invoke(cli, [str(a) for a in arguments], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def held(folder: Path) -> list[tuple[str, str | None]]:
    rows = pq.read_table(folder / "attributions.parquet").to_pylist()
    return [(r["grade"], r["maker"]) for r in rows]


def test_before_open_after_stated(tmp_path: Path) -> None:
    example = Path(str(resources.files("nameplate") / "examples" / "foi_answer"))
    before, after, log = tmp_path / "before", tmp_path / "after", tmp_path / "said.jsonl"
    call("trace", example / "records.json", "--out", before, "--workers", 1)
    assert held(before) == [("open", None)]
    asked = call("questions", "--out", before, "--on", "2019-05-01", "--letters", tmp_path / "l")
    assert "1. Thurrock Council, under the Freedom of Information Act 2000" in asked
    assert "constructed" in asked
    assert (tmp_path / "l" / "thurrock-council.docx").is_file()
    call(
        "statements",
        example / "answer.txt",
        *("--body", "Thurrock Council", "--observed", "2019-06-06"),
        *("--constructed", "an example", "--log", log, "--bears-on", before),
    )
    call("trace", example / "records.json", log, "--out", after, "--workers", 1)
    assert held(after) == [("stated", "Hikvision")]
    row = pq.read_table(after / "attributions.parquet").to_pylist()[0]
    assert "Thurrock Council says" in row["wording"]
    assert row["constructed"]
    explained = call("explain", row["attribution_id"], "--out", after)
    assert "Thurrock Council says that it is Hikvision equipment" in explained
