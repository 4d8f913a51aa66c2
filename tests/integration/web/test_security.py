"""What the threat model promises and no other test shows."""

from __future__ import annotations

import json
import logging
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from nameplate.register.models import Dispute, Import
from nameplate.web.logs import JsonFormatter

ROOT = Path(__file__).resolve().parents[3]


def test_the_deployment_check_is_clean(tmp_path: Path) -> None:
    environment = {
        **os.environ,
        "NAMEPLATE_MODE": "server",
        "NAMEPLATE_WORKSPACE": str(tmp_path),
        "NAMEPLATE_HOSTS": "nameplate.example.org",
        "DJANGO_SETTINGS_MODULE": "nameplate.web.settings",
    }
    environment.pop("DATABASE_URL", None)
    environment.pop("DJANGO_ALLOW_ASYNC_UNSAFE", None)  # set by the browser tests for themselves
    done = subprocess.run(
        [sys.executable, "-m", "django", "check", "--deploy", "--fail-level", "WARNING"],
        env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout


def test_each_setting_is_documented() -> None:
    read: set[str] = set()
    for path in (ROOT / "src/nameplate").rglob("*.py"):
        read |= set(re.findall(r"environ[^\n]*?\"((?:NAMEPLATE|DATABASE)_\w+)\"", path.read_text()))
    page = (ROOT / "docs/reference/settings.md").read_text()
    assert read
    assert [name for name in sorted(read) if f"`{name}`" not in page] == []


def test_each_test_that_the_threat_model_names_exists() -> None:
    page = (ROOT / "docs/threat-model.md").read_text()
    tests = "".join(path.read_text() for path in (ROOT / "tests").rglob("test_*.py"))
    for name in re.findall(r"::(test_\w+)", page):
        assert f"def {name}(" in tests, name


@pytest.mark.django_db
def test_every_page_has_a_strict_policy_and_runs_no_inline_script(as_role: Any) -> None:
    client = as_role("dudley", "administrator")
    for name in ("home", "purchases", "imports", "members", "makers", "mfa_index"):
        answer = client.get(reverse(name))
        policy = answer["Content-Security-Policy"]
        assert "unsafe" not in policy
        assert "default-src 'none'" in policy
        for script in re.findall(r"<script([^>]*)>([^<]*)<", answer.content.decode()):
            assert "src=" in script[0] or "application/json" in script[0], name
        assert not re.search(r"\son\w+=|\sstyle=", answer.content.decode()), name
        assert answer["X-Frame-Options"] == "DENY"


@pytest.mark.django_db
def test_a_change_from_another_site_is_refused(people: Any) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(
        people["dudley", "approver"], backend="django.contrib.auth.backends.ModelBackend"
    )
    assert client.post(reverse("import_new"), {}).status_code == 403


@pytest.mark.django_db
def test_an_uploads_name_stays_in_its_folder(as_role: Any, settings: Any, tmp_path: Path) -> None:
    settings.WORKSPACE = tmp_path
    client = as_role("dudley", "case_officer")
    upload = SimpleUploadedFile("x.csv", b"a,b\n")
    upload._name = "../../../evil/../.csv"  # type: ignore[attr-defined]
    client.post(reverse("import_new"), {"files": upload})
    job = Import.objects.get()
    written = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert [path.parent for path in written] == [tmp_path / "imports" / str(job.pk) / "files"]
    assert oct(written[0].stat().st_mode & 0o777) == "0o600"


@pytest.mark.django_db
def test_script_in_a_record_is_shown_not_run(as_role: Any, people: Any) -> None:
    Dispute.objects.create(
        reference="D-9",
        subject_type="maker",
        subject_id="hikvision",
        subject_title="<script>alert(1)</script>",
        owner=people["dudley", "reader"].memberships.get().organisation,
        says="<img src=x onerror=alert(1)>",
        decide_by="2026-01-01",
    )
    page = as_role("dudley", "reader").get(reverse("dispute", args=["D-9"])).content.decode()
    assert "<script>alert" not in page
    assert "<img" not in page


@pytest.mark.django_db
def test_disputes_from_one_address_are_limited() -> None:
    from django.core.cache import cache

    cache.clear()
    client = Client()
    address = reverse("wrong", args=["maker", "hikvision"])
    codes = [client.post(address, {"says": "no"}).status_code for _ in range(12)]
    assert codes == [302] * 10 + [400] * 2
    assert Dispute.objects.count() == 10


def test_logs_hold_no_secret() -> None:
    formatter = JsonFormatter()
    own = logging.LogRecord("nameplate.x", 30, "f", 1, "GET /enter/%s failed", ("s3cret",), None)
    theirs = logging.LogRecord("django", 30, "f", 1, "Not Found: %s", ("/join/s3cret",), None)
    for record in (own, theirs):
        line = formatter.format(record)
        assert "s3cret" not in line
        assert json.loads(line)["level"] == "WARNING"
