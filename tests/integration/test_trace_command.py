"""The command as people call it: a process, its exit code, its words, its folder."""

from __future__ import annotations

import csv
import gzip
import io
import json
import os
import resource
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path
from typing import Any

import pytest

NAMEPLATE = [sys.executable, "-m", "nameplate.cli"]
HEADER = "Body,Supplier,Amount,Date,Description\n"
HIT = "Leeds City Council,A Ltd,{amount}.50,2020-03-{day:02d},Supply of Hikvision CCTV cameras\n"
PLAIN = "Leeds City Council,B Ltd,{amount}.00,2020-03-{day:02d},Stationery and paper\n"


def _spending(rows: int, seed: int = 0) -> str:
    lines = [HEADER]
    for number in range(rows):
        form = HIT if number % 50 == 0 else PLAIN
        lines.append(form.format(amount=seed * 100_000 + number, day=number % 28 + 1))
    return "".join(lines)


def _releases(count: int) -> list[str]:
    return [
        json.dumps(
            {
                "ocid": f"ocds-000000-test-{number}",
                "id": f"r{number}",
                "date": "2020-03-01T00:00:00Z",
                "tag": ["award"],
                "initiationType": "tender",
                "buyer": {"name": "Leeds City Council"},
                "tender": {"id": "t", "title": "Roads" if number % 5 else "Hikvision cameras"},
                "awards": [
                    {
                        "id": "a",
                        "title": "Road works" if number % 5 else "Hikvision CCTV cameras",
                        "value": {"amount": number + 0.25, "currency": "GBP"},
                        "suppliers": [{"name": "A Ltd"}],
                    }
                ],
            }
        )
        for number in range(count)
    ]


def _run(
    *args: str | Path, check: int | None = 0, **kwargs: Any
) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [*NAMEPLATE, *map(str, args)],
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
        **kwargs,
    )
    if check is not None:
        assert done.returncode == check, done.stderr + done.stdout
    assert "Traceback" not in done.stderr
    return done


def _coverage(out: Path) -> dict[str, dict[str, str]]:
    with (out / "coverage.csv").open(encoding="utf-8", newline="") as stream:
        return {row["source_file"]: row for row in csv.DictReader(stream)}


def _bytes(out: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(out.iterdir())}


@pytest.fixture
def inputs(tmp_path: Path) -> Path:
    """Spending and notices in a folder, plain and packed."""
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "2020.csv").write_text(_spending(400))
    (folder / "2021.csv").write_text(_spending(300, 1))
    (folder / "notices.jsonl").write_text("\n".join(_releases(60)) + "\n")
    (folder / "packed.json.gz").write_bytes(
        gzip.compress(
            json.dumps({"releases": [json.loads(r) for r in _releases(80)[60:]]}).encode()
        )
    )
    return folder


def test_trace_then_explain(inputs: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    done = _run("trace", inputs, "--out", out)
    assert "Hikvision" in done.stdout
    assert "include this maker's equipment" in done.stdout
    assert "spent on" not in done.stdout
    assert done.stderr == ""
    with (out / "attributions.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    named = [row for row in rows if row["maker"] == "Hikvision"]
    # One in fifty rows of 700, one in five notices of 80.
    assert len(named) == 14 + 16
    for wanted in (named[0]["attribution_id"], named[0]["attribution_id"][:14]):
        told = _run("explain", wanted, "--out", out).stdout
        assert named[0]["source_file"] in told
        assert "Evidence" in told
    assert named[0]["wording"] in _run("explain", named[0]["purchase_id"], "--out", out).stdout
    assert "no" in _run("explain", "a_nothing", "--out", out, check=2).stderr
    assert "begin with" in _run("explain", "a_", "--out", out, check=2).stderr


def test_json_is_one_object_with_the_documented_keys(inputs: Path, tmp_path: Path) -> None:
    report = json.loads(_run("trace", inputs, "--out", tmp_path / "out", "--json").stdout)
    page = (Path(__file__).parents[2] / "docs/reference/trace.md").read_text()
    for key in (*report, *report["makers"][0], *report["makers"][0]["totals"]["by_measure"][0]):
        assert f"`{key}`" in page, f"docs/reference/trace.md does not name {key}"
    (maker,) = report["makers"]
    paid = [m for m in maker["totals"]["by_measure"] if m["amount_kind"] == "payment"]
    expected = sum(n + 0.5 for n in range(0, 400, 50)) + sum(
        100_000 + n + 0.5 for n in range(0, 300, 50)
    )
    assert float(paid[0]["confirmed"]) == expected


def test_the_same_bytes_with_one_and_two_workers_and_again(inputs: Path, tmp_path: Path) -> None:
    runs = []
    for name, workers in (("a", 1), ("b", 2), ("c", 2)):
        _run("trace", inputs, "--out", tmp_path / name, "--workers", str(workers))
        runs.append(_bytes(tmp_path / name))
    assert runs[0] == runs[1] == runs[2]


def test_quick_and_full_find_the_same_attributions(inputs: Path, tmp_path: Path) -> None:
    _run("trace", inputs, "--out", tmp_path / "full")
    _run("trace", inputs, "--out", tmp_path / "quick", "--quick")
    for name in ("attributions.csv", "attributions.parquet", "mentions.parquet"):
        assert (tmp_path / "full" / name).read_bytes() == (tmp_path / "quick" / name).read_bytes()
    assert _coverage(tmp_path / "quick")["in/2020.csv"]["first_date"] == "not computable"


def test_standard_input_and_a_pipe(inputs: Path, tmp_path: Path) -> None:
    with (inputs / "notices.jsonl").open() as stream:
        _run("trace", "-", "--out", tmp_path / "out", stdin=stream)
    assert _coverage(tmp_path / "out")["stdin"]["records_read"] == "60"


@pytest.mark.parametrize(
    ("args", "word"),
    [
        (["trace", "--out", "x"], "PATH"),
        (["trace", "nowhere", "--out", "x"], "no such file"),
        (["trace", ".", "--out", "x", "--as-of", "soon"], "YYYY-MM-DD"),
        (["trace", ".", "--out", "x", "--workers", "0"], "range"),
        (["trace", "."], "--out"),
    ],
)
def test_a_wrong_call_is_code_2_and_says_what(args: list[str], word: str, tmp_path: Path) -> None:
    done = _run(*args, check=2, cwd=tmp_path)
    assert word in done.stderr


def test_every_kind_of_bad_input_gets_a_sentence_and_the_rest_goes_on(
    inputs: Path, tmp_path: Path
) -> None:
    whole = json.dumps({"releases": [json.loads(r) for r in _releases(30)]})
    (inputs / "cut.json").write_text(whole[: len(whole) // 2])
    (inputs / "page.csv").write_text("<!DOCTYPE html><html><body>Please sign in</body></html>")
    (inputs / "noise.json").write_bytes(b'{"releases": ' + os.urandom(3000).replace(b"\0", b"x"))
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bomb.csv", b"0,0,0\n" * (14 << 20))
    (inputs / "bomb.zip").write_bytes(bomb.getvalue())
    (inputs / "wide.xlsx").write_bytes(_wide_xlsx())
    (inputs / "blank.xlsx").write_bytes(_wide_xlsx(cells=False))
    out = tmp_path / "out"
    done = _run("trace", inputs, "--out", out, "--workers", "2")
    rows = _coverage(out)
    assert rows["in/2020.csv"]["status"] == rows["in/notices.jsonl"]["status"] == "read"
    for name in ("cut.json", "page.csv", "noise.json", "wide.xlsx", "blank.xlsx"):
        row = rows[f"in/{name}"]
        aside = int(row["records_set_aside"] or 0)
        assert row["reason"] or aside, name
        assert "Error" not in row["reason"], row["reason"]
        assert len(row["reason"]) < 300
    assert "bomb" in rows["in/bomb.zip!bomb.csv"]["reason"]
    assert "html" in rows["in/page.csv"]["reason"]
    assert "Failed" in done.stdout or "Not checked" in done.stdout


def _wide_xlsx(*, cells: bool = True) -> bytes:
    """A workbook that claims, in a few KB, to be as large as a sheet can be."""
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    if cells:
        sheet["A1"] = "x"
        sheet["XFD1048576"] = "y"
    else:
        sheet["A1048576"] = ""
        sheet.row_dimensions[1048576].height = 10
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _one_line(path: Path, size: int) -> int:
    """Write a release package of ``size`` bytes on one line; returns how many releases it has."""
    first = json.loads(_releases(2)[1])
    first["tender"]["description"] = "Resurfacing of roads and footways in the district. " * 90
    plain = json.dumps(first)
    hit = plain.replace("Road works", "Hikvision CCTV cameras")
    count = written = 0
    with path.open("w") as stream:
        stream.write('{"releases": [')
        while written < size:
            raw = plain if count % 2000 else hit
            written += stream.write(raw.replace("ocds-000000-test-1", f"ocds-000000-big-{count}"))
            stream.write(", ")
            count += 1
        stream.write(plain + "]}")
    return count + 1


def test_a_big_file_on_one_line_is_read_in_little_memory(tmp_path: Path) -> None:
    path = tmp_path / "line.json"
    count = _one_line(path, 200_000_000)
    # The peak of this one child, whatever other tests have started.
    code = (
        "from nameplate.cli.main import cli\n"
        f"cli(['trace', {str(path)!r}, '--out', {str(tmp_path / 'out')!r}, '--quick',"
        " '--workers', '1'], standalone_mode=False)"
    )
    # Linux's ru_maxrss keeps what the parent held before exec; VmHWM is this program's own.
    ending = (
        "\nprint(next(l.split()[1] for l in open('/proc/self/status') if l.startswith('VmHWM')))"
    )
    code = code.replace("cli([", "\ntry:\n    cli([") + "\nexcept SystemExit:\n    pass" + ending
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=250, check=True
    )
    peak = int(done.stdout.splitlines()[-1]) / 1024
    assert _coverage(tmp_path / "out")["line.json"]["records_read"] == str(count)
    assert peak < 400, f"{peak:.0f} MiB"


@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="needs root to become another")
def test_a_folder_without_permission_is_said_to_be_failed(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    (folder / "closed").mkdir(parents=True)
    (folder / "closed/a.csv").write_text(_spending(5))
    (folder / "closed.csv").write_text(_spending(5, 3))
    (folder / "open.csv").write_text(_spending(60))
    (folder / "closed").chmod(0)
    (folder / "closed.csv").chmod(0)
    out = tmp_path / "out"
    out.mkdir()
    for path in (out, *(p for p in [folder, *folder.parents] if str(p) not in ("/", "/tmp"))):
        path.chmod(0o777)
    code = (
        "import os,sys; from nameplate.cli.main import main; os.setgid(65534); os.setuid(65534);"
        f"sys.argv=['nameplate','trace',{str(folder)!r},'--out',{str(out)!r}]; main()"
    )
    env = {**os.environ, "HOME": str(out)}
    # Everything that is imported later must be readable to the other user too.
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        timeout=100,
        env=env,
        check=False,
    )
    if "ModuleNotFoundError" in done.stderr or "Permission denied: '/" in done.stderr:
        pytest.skip("this checkout cannot be read by another user")
    assert done.returncode == 0, done.stderr
    rows = _coverage(out)
    assert "permission denied" in rows["in/closed"]["reason"]
    assert "permission denied" in rows["in/closed.csv"]["reason"]
    assert rows["in/open.csv"]["status"] == "read"


def _small_files() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))


@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_full_disk_is_one_sentence_and_the_next_run_goes_on(
    inputs: Path, tmp_path: Path, workers: str
) -> None:
    out = tmp_path / "out"
    text = _spending(500).replace("Stationery and paper", "Hikvision CCTV cameras, supply of")
    (inputs / "many.csv").write_text(text)
    # Files of the cache would be cut too: the patterns are compiled before.
    _run("trace", inputs / "2020.csv", "--out", tmp_path / "warm")
    done = _run(
        "trace", inputs, "--out", out, "--workers", workers, check=1, preexec_fn=_small_files
    )
    assert "cannot be written" in done.stderr
    assert done.stderr.count("\n") == 1
    assert not (out / "run.json").exists()
    assert not list(out.glob("*.parquet"))
    _run("trace", inputs, "--out", out, "--workers", workers)
    _run("trace", inputs, "--out", tmp_path / "clean", "--workers", workers)
    assert _bytes(out) == _bytes(tmp_path / "clean")


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_a_run_that_is_stopped_goes_on_and_comes_out_the_same(
    tmp_path: Path, how: signal.Signals
) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for number in range(12):
        (folder / f"{number:02d}.csv").write_text(_spending(4000, number))
    out = tmp_path / "out"
    command = [*NAMEPLATE, "trace", str(folder), "--out", str(out), "--workers", "2"]
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    tasks = out / ".nameplate-run/tasks"
    until = time.monotonic() + 100
    while len(list(tasks.glob("*/done.json"))) < 3:
        assert process.poll() is None, "it was done before it could be stopped"
        assert time.monotonic() < until
        time.sleep(0.01)
    process.send_signal(how)
    _, said = process.communicate(timeout=60)
    if how is signal.SIGINT:
        assert process.returncode == 130
        assert "goes on from here" in said
    assert not (out / "run.json").exists()
    done_before = {path.parent.name for path in tasks.glob("*/done.json")}
    times = {name: (tasks / name / "done.json").stat().st_mtime_ns for name in done_before}
    assert times
    _run("trace", folder, "--out", out, "--workers", "2")
    _run("trace", folder, "--out", tmp_path / "clean")
    assert _bytes(out) == _bytes(tmp_path / "clean")
