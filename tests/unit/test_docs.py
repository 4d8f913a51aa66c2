"""The docs are tested for completeness: a dependency or command that nobody explains fails."""

import re
import tomllib
from pathlib import Path

import pytest

from nameplate.cli.main import COMMANDS

ROOT = Path(__file__).resolve().parents[2]


def _dependencies() -> list[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["web"]]
    return [re.split(r"[\[<>=;~! ]", line, maxsplit=1)[0].lower() for line in wanted]


@pytest.mark.parametrize("name", _dependencies())
def test_each_dependency_is_justified(name: str) -> None:
    table = (ROOT / "docs/dependencies.md").read_text()
    assert re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", table), f"say why {name} is there"


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_each_command_is_documented(command: str) -> None:
    pages = "".join(page.read_text() for page in (ROOT / "docs").rglob("*.md"))
    assert f"nameplate {command}" in pages, f"docs/ nowhere shows `nameplate {command}`"
