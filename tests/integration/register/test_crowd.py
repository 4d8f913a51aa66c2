"""Many at once, and sudden death: real processes on a real database file or server.

On PostgreSQL (DATABASE_URL) each test makes a database of its own beside the given one.
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from integration.register.conftest import Folder

START = "import django; django.setup()\n"
SET_UP = """
from nameplate.web import first_start
first_start.migrate()
from nameplate.register.models import Organisation, Person
Organisation.objects.create(key="own", name="Own")
Person.objects.create_user("ann@example.org", name="Ann")
"""
QUEUE = """
import json, os, shutil, sys
from pathlib import Path
from nameplate.register import jobs
from nameplate.register.models import Import, Organisation
own = Organisation.objects.get(key="own")
for folder in json.loads(os.environ["FOLDERS"]):
    job = Import.objects.create(owner=own, title=Path(folder).name)
    jobs.folder_of(job).mkdir(parents=True)
    shutil.copytree(folder, jobs.folder_of(job) / "trace")
    print(job.pk)
"""
WORK = """
from nameplate.register import jobs
while jobs.run_one():
    pass
"""
JUDGE = """
import os
from nameplate.register import judging
from nameplate.register.models import Organisation, Person, Purchase
own = Organisation.objects.get(key="own")
ann = Person.objects.get(email="ann@example.org")
for number in range(int(os.environ["FIRST"]), int(os.environ["FIRST"]) + 25):
    one = Purchase.objects.get(purchase_id=f"p_base{number}")
    judging.judge(one, person=ann, organisation=own, maker_key="hikvision", verdict="reject",
                  reason=f"seen {number}", seen_version=str(one.version))
"""
COUNTED = """
from django.db import connection
from nameplate.register import jobs
done = 0
def count(execute, *arguments):
    global done
    done += 1
    return execute(*arguments)
with connection.execute_wrapper(count):
    while jobs.run_one():
        pass
print(done)
"""
DIES = """
import os, signal, threading
from django.db import connection
from nameplate.register import jobs
done = 0
def die(execute, *arguments):
    global done
    done += 1
    if done == int(os.environ["AT"]):
        kill = lambda: os.kill(os.getpid(), signal.SIGKILL)
        threading.Timer(float(os.environ["WAIT"]), kill).start()
    return execute(*arguments)
with connection.execute_wrapper(die):
    while jobs.run_one():
        pass
"""
"""Killed, as by ``kill -9``, a moment after its AT-th statement: while it or a later one runs."""
STATE = """
import json
from nameplate.register import audit, exposures
from nameplate.register.models import (
    Attribution, Exposure, Import, Mention, Organisation, Purchase, Sighting, StatementRow)
def sums():
    columns = ("body__name", "maker_key", "grade", "purchases", "amount_units", "without_amount")
    return sorted(str(row) for row in Exposure.objects.values_list(*columns))
held = sums()
for owner in Organisation.objects.all():
    exposures.rebuild(owner)
print(json.dumps({
    "states": sorted(Import.objects.values_list("state", flat=True)),
    "errors": [one for one in Import.objects.values_list("error", flat=True) if one],
    "counts": [one for one in Import.objects.order_by("pk").values_list("counts", flat=True)],
    "purchases": Purchase.objects.count(),
    "live": Purchase.objects.filter(live=True).count(),
    "sightings": Sighting.objects.count(),
    "attributions": Attribution.objects.count(),
    "mentions": Mention.objects.count(),
    "statements": StatementRow.objects.count(),
    "sums": held,
    "sums_anew": sums(),
    "breaks": [str(one) for chain in audit.chains() for one in audit.verify_chain(chain)],
    "events": audit.AuditEvent.objects.count(),
}))
"""
LET_THE_LEASE_RUN_OUT = """
from datetime import timedelta
from django.utils import timezone
from nameplate.register.models import Import
Import.objects.exclude(lease_until=None).update(lease_until=timezone.now() - timedelta(seconds=1))
"""

# Real processes: minutes on a slow machine.
pytestmark = pytest.mark.timeout(900)


class Register:
    """A register of its own, reached by processes."""

    def __init__(self, workspace: Path, database: str) -> None:
        workspace.mkdir(parents=True)
        self.environment = {
            **os.environ,
            "NAMEPLATE_WORKSPACE": str(workspace),
            "DATABASE_URL": database,
            "DJANGO_SETTINGS_MODULE": "nameplate.web.settings",
        }

    def begin(self, code: str, **environment: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-c", START + code],
            env={**self.environment, **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, code: str, **environment: str) -> str:
        process = self.begin(code, **environment)
        out, errors = process.communicate(timeout=300)
        assert process.returncode == 0, errors
        return out

    def state(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.run(STATE).splitlines()[-1])
        return found


@pytest.fixture
def registers(tmp_path: Path) -> Iterator[Any]:
    """A function that makes a fresh register."""
    base = os.environ.get("DATABASE_URL", "")
    made: list[str] = []

    def make(more: str = "", **environment: str) -> Register:
        url = ""
        if base:
            import psycopg

            name = f"crowd_{uuid.uuid4().hex[:12]}"
            with psycopg.connect(base, autocommit=True) as connection:
                connection.execute(f"CREATE DATABASE {name}")  # type: ignore[arg-type]
            made.append(name)
            url = f"{base.rsplit('/', 1)[0]}/{name}"
        register = Register(tmp_path / uuid.uuid4().hex, url)
        register.run(SET_UP + more, **environment)
        return register

    yield make
    for name in made:
        import psycopg

        with psycopg.connect(base, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")  # type: ignore[arg-type]


def written(path: Path, prefix: str, count: int, start: int = 0) -> str:
    """A trace's folder of ``count`` purchases of ten bodies; returns its path."""
    folder = Folder(path)
    for number in range(start, start + count):
        folder.add(f"{prefix}{number}", ("Hikvision", "named"), body=f"Body {number % 10}")
    return str(folder.write())


@pytest.mark.timeout(600)
def test_twenty_imports_and_a_hundred_judgements_at_once(registers: Any, tmp_path: Path) -> None:
    base = written(tmp_path / "base", "base", 100)
    register = registers(QUEUE + WORK, FOLDERS=json.dumps([base]))
    # Each shares half of its purchases with the next one.
    folders = [written(tmp_path / f"f{n}", "x", 40, start=20 * n) for n in range(20)]
    register.run(QUEUE, FOLDERS=json.dumps(folders))
    crowd = [register.begin(WORK) for _ in range(4)]
    crowd += [register.begin(JUDGE, FIRST=str(first)) for first in (0, 25, 50, 75)]
    for process in crowd:
        _, errors = process.communicate(timeout=500)
        assert process.returncode == 0, errors
        assert "locked" not in errors
        assert "deadlock" not in errors
    state = register.state()
    assert state["states"] == ["done"] * 21, state["errors"]
    assert state["purchases"] == state["live"] == 100 + 20 * 21
    assert state["sightings"] == 100 + 20 * 40
    assert state["statements"] == 100
    assert sum(one["purchases"] for one in state["counts"]) == state["purchases"]
    assert state["sums"] == state["sums_anew"]
    assert not state["breaks"]
    assert state["events"] == 21 + 100, "one for each import done and each judgement"


def _killed(registers: Any, tmp_path: Path, moments: int, count: int) -> None:
    folders = json.dumps([written(tmp_path / "big", "k", count)])
    calm = registers(QUEUE, FOLDERS=folders)
    statements = int(calm.run(COUNTED).splitlines()[-1])
    expected = calm.state()
    assert expected["states"] == ["done"]
    assert expected["live"] == count
    chance = random.Random(20)
    underway = 0
    for _ in range(moments):
        register = registers(QUEUE, FOLDERS=folders)
        moment = {"AT": str(chance.randint(5, statements)), "WAIT": str(chance.uniform(0, 0.02))}
        worker = register.begin(DIES, **moment)
        worker.communicate(timeout=300)
        assert worker.returncode in (0, -signal.SIGKILL)
        lines = register.run(STATE + LET_THE_LEASE_RUN_OUT + WORK + STATE).splitlines()
        between, after = (json.loads(line) for line in lines if line.startswith("{"))
        underway += between["states"] == ["running"]
        assert between["live"] in (0, count), "nothing counts before all of it does"
        assert between["sums"] == between["sums_anew"]
        assert not between["breaks"]
        assert after == expected, moment
    assert underway > moments // 2, "too few workers were killed while they imported"


@pytest.mark.timeout(900)
def test_a_worker_killed_at_any_moment_loses_nothing(registers: Any, tmp_path: Path) -> None:
    _killed(registers, tmp_path, moments=5, count=3000)


@pytest.mark.long
@pytest.mark.timeout(7200)
def test_a_worker_killed_at_fifty_moments_loses_nothing(registers: Any, tmp_path: Path) -> None:
    _killed(registers, tmp_path, moments=50, count=3000)
