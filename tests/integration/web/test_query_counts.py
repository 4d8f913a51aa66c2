"""How many queries each page costs: a baseline kept beside, and the same for 3 rows as for 30.

Write the baseline anew with NAMEPLATE_QUERY_COUNTS=1 when a change of it is meant.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

import walking
from nameplate.register.models import Organisation
from nameplate.register.roles import Role

pytestmark = pytest.mark.django_db

BASELINE = Path(__file__).with_name("query_counts.json")
ROLE = {"audit": Role.AUDITOR, "members": Role.ADMINISTRATOR}
"""Who opens a page that a case officer may not."""


def counts(loaded: dict[str, Any], as_role: Any) -> dict[str, int]:
    """Queries per page, the second time it is opened, and of the export where there is one."""
    found: dict[str, int] = {}
    for route in walking.OWN:
        role = ROLE.get(str(route.name), Role.CASE_OFFICER)
        if not walking.may_see(route, role):
            continue
        client = as_role("dudley", role)
        where = walking.address(route, loaded)
        for suffix in ("", "?format=csv"):
            first = client.get(where + suffix)
            if first.status_code != 200 or (suffix and not first.streaming):
                continue
            with CaptureQueriesContext(connection) as queries:
                answer = client.get(where + suffix)
                if answer.streaming:
                    b"".join(answer.streaming_content)
            found[f"{route.name}{' (export)' if suffix else ''}"] = len(queries)
    return found


def test_no_page_costs_more_queries_than_its_baseline(
    organisations: list[Organisation], as_role: Any, tmp_path: Path
) -> None:
    found = counts(walking.load(organisations[0], tmp_path, rows=3), as_role)
    if os.environ.get("NAMEPLATE_QUERY_COUNTS") == "1":
        BASELINE.write_text(json.dumps(found, indent=1, sort_keys=True) + "\n")
    assert found == json.loads(BASELINE.read_text())


def test_more_rows_cost_no_more_queries(
    organisations: list[Organisation], as_role: Any, tmp_path: Path
) -> None:
    found = counts(walking.load(organisations[0], tmp_path, rows=30), as_role)
    few = json.loads(BASELINE.read_text())
    more = {name: (few.get(name), n) for name, n in found.items() if n > few.get(name, 0)}
    assert not more
