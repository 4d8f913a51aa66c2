"""A backup taken while in use comes back whole elsewhere, or is refused: by the real commands."""

from __future__ import annotations

import io
import os
import sqlite3
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest


def nameplate(*arguments: str | Path, expect: int = 0) -> str:
    """Run the command on SQLite in a workspace of its own; returns what it said."""
    environment = {k: v for k, v in os.environ.items() if k != "DATABASE_URL"}
    environment.pop("NAMEPLATE_WORKSPACE", None)
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    done = subprocess.run(
        [sys.executable, "-m", "nameplate.cli", *map(str, arguments)],
        env=environment, capture_output=True, text=True, check=False, timeout=240,
    )  # fmt: skip
    assert done.returncode == expect, done.stderr
    return done.stdout + done.stderr


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with the worked example in it, and a backup taken during a second import."""
    folder = tmp_path_factory.mktemp("backups")
    nameplate("demo", "--out", folder / "demo")
    workspace = folder / "workspace"
    nameplate("load", folder / "demo", "--workspace", workspace)
    nameplate("audit", "--workspace", workspace, "sign")
    (workspace / "imports").mkdir(exist_ok=True)
    (workspace / "imports" / "a.csv").write_text("a,b\n")
    environment = {k: v for k, v in os.environ.items() if k != "DATABASE_URL"}
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    busy = subprocess.Popen(
        [sys.executable, "-m", "nameplate.cli", "load", str(folder / "demo"), "--workspace",
         str(workspace), "--title", "again"],
        env=environment, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    nameplate("backup", folder / "backup.tar.gz", "--workspace", workspace)
    assert busy.wait(120) == 0
    return folder


def test_it_comes_back_with_its_files_and_audit(base: Path, tmp_path: Path) -> None:
    into = tmp_path / "restored"
    nameplate("restore", base / "backup.tar.gz", "--workspace", into)
    assert (into / "imports" / "a.csv").read_text() == "a,b\n"
    assert not (into / "secret-key").exists(), "keys are left out unless asked for"
    assert not (into / "audit" / "key.pem").exists()
    said = nameplate("audit", "--workspace", into, "verify")
    assert "BROKEN" not in said
    assert "all hold" in said
    with sqlite3.connect(into / "nameplate.sqlite3") as database:
        assert database.execute("SELECT COUNT(*) FROM register_purchase").fetchone() == (3,)


def test_an_altered_or_cut_backup_is_refused(base: Path, tmp_path: Path) -> None:
    whole = base / "backup.tar.gz"
    cut = tmp_path / "cut.tar.gz"
    cut.write_bytes(whole.read_bytes()[:-200])
    assert "damaged" in nameplate("restore", cut, "--workspace", tmp_path / "one", expect=1)
    altered = tmp_path / "altered.tar.gz"
    with tarfile.open(whole) as old, tarfile.open(altered, "w:gz") as new:
        for member in old:
            data = old.extractfile(member)
            assert data is not None
            content = data.read()
            if member.name.endswith("a.csv"):
                content = content.replace(b"a", b"x")
            new.addfile(member, io.BytesIO(content))
    assert "damaged" in nameplate("restore", altered, "--workspace", tmp_path / "two", expect=1)


def test_a_workspace_with_something_in_it_is_left_alone(base: Path) -> None:
    said = nameplate("restore", base / "backup.tar.gz", "--workspace", base / "workspace", expect=2)
    assert "not empty" in said
