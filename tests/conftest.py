"""What all tests share: the real data laid beside the checkout, and a closed network."""

from __future__ import annotations

import os
from pathlib import Path

import hypothesis
import pytest

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"

# A deadline by the wall clock fails on a busy machine and says nothing of the code.
hypothesis.settings.register_profile("nameplate", deadline=None)
# CI draws the same examples for the same code, so that it never fails for another's change; at a
# desk every run draws new ones.
hypothesis.settings.register_profile("ci", deadline=None, derandomize=True)
hypothesis.settings.load_profile("ci" if os.environ.get("CI") else "nameplate")


@pytest.fixture(scope="session")
def shared() -> Path:
    """Folder with ``data`` and ``facts``; skips the test, saying so, where it is missing."""
    if not (SHARED / "data").is_dir():
        pytest.skip(f"needs the real data beside the checkout ({SHARED.name}/data is missing)")
    return SHARED


@pytest.fixture(autouse=True)
def _closed_network(request: pytest.FixtureRequest) -> None:
    """Only this machine may be talked to: a test that reaches out fails."""
    request.getfixturevalue("socket_enabled")
    import pytest_socket

    pytest_socket.socket_allow_hosts(["127.0.0.1", "::1", "localhost"], allow_unix_socket=True)
