"""A trace of the worked example, made once, and helpers to build editions of it."""

import datetime
from collections.abc import Callable
from importlib import resources
from pathlib import Path
from typing import Any

import pytest

from nameplate.publishing.build import publish
from nameplate.publishing.edition import Options
from nameplate.publishing.gate import Override
from nameplate.tracing.run.command import trace
from nameplate.tracing.run.options import RunOptions

DAY = datetime.date(2022, 1, 1)
EDITOR = Override("A. Editor", "the worked example")


@pytest.fixture(scope="session")
def traced(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("publishing") / "run"
    example = resources.files("nameplate") / "examples" / "press_2021"
    with resources.as_file(example) as folder:
        files = tuple(str(folder / name) for name in ("records.json", "statements.jsonl"))
        trace(RunOptions(paths=files, out=out))
    return out


@pytest.fixture(scope="session")
def build(traced: Path) -> Callable[..., dict[str, Any]]:
    def made(out: Path, **changes: Any) -> dict[str, Any]:
        options = {"folder": traced, "day": DAY, "override": EDITOR, **changes}
        return publish(Options(**options), out)

    return made


@pytest.fixture(scope="session")
def site(build: Callable[..., dict[str, Any]], tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("publishing") / "site"
    build(out)
    return out
