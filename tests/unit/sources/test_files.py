from __future__ import annotations

import os
from pathlib import Path

import pytest

from nameplate.model.errors import UsageError
from nameplate.sources.files import Found, Unread, discover


def _names(paths: list[str], **kwargs: Path) -> list[str]:
    return [found.name for found in discover(paths, **kwargs)]


def test_folders_are_walked_by_name_and_hidden_entries_passed_over(tmp_path: Path) -> None:
    for name in ("spend/b/2.csv", "spend/a.csv", "spend/.git/x", "spend/.DS_Store"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x")
    assert _names([str(tmp_path / "spend")]) == ["spend/a.csv", "spend/b/2.csv"]


def test_names_hold_no_absolute_path_and_never_collide(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "leeds").mkdir()
    (tmp_path / "leeds/x.csv").write_text("x")
    (tmp_path / "x.csv").write_text("x")
    monkeypatch.chdir(tmp_path)
    given = [str(tmp_path / "leeds/x.csv"), "leeds/x.csv", "x.csv", str(tmp_path / "x.csv")]
    assert _names(given) == ["x.csv", "leeds/x.csv", "x.csv~2", "x.csv~3"]


def test_a_missing_path_is_a_wrong_call(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no such file"):
        _names([str(tmp_path / "nowhere")])


def test_the_folder_of_outputs_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out/a.csv").write_text("x")
    (tmp_path / "b.csv").write_text("x")
    assert _names([str(tmp_path)], leave_out=(tmp_path / "out").resolve()) == [
        f"{tmp_path.name}/b.csv"
    ]


def test_a_folder_without_permission_is_listed_and_the_rest_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "in/closed").mkdir(parents=True)
    (tmp_path / "in/open.csv").write_text("x")
    really = os.scandir

    def scandir(path: Path | str) -> object:
        if str(path).endswith("closed"):
            raise PermissionError(13, "Permission denied", str(path))
        return really(path)

    monkeypatch.setattr(os, "scandir", scandir)
    closed, readable = discover([str(tmp_path / "in")])
    assert isinstance(closed, Unread)
    assert closed.reason == "the folder could not be opened: permission denied"
    assert str(tmp_path) not in closed.reason
    assert isinstance(readable, Found)


def test_links_to_folders_and_pipes_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in/loop").symlink_to(tmp_path / "in")
    os.mkfifo(tmp_path / "in/pipe")
    loop, pipe = discover([str(tmp_path / "in")])
    assert isinstance(loop, Unread)
    assert isinstance(pipe, Unread)
    assert not loop.failed
    assert "no plain file" in pipe.reason
