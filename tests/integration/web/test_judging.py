"""A person's word: totals follow at once, nobody else's view changes, nothing is lost unseen."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from nameplate.register import jobs
from nameplate.register.models import (
    AuditEvent,
    Exposure,
    Organisation,
    Purchase,
    StatementRow,
)
from nameplate.tracing.run.command import trace
from nameplate.tracing.run.options import RunOptions

pytestmark = pytest.mark.django_db

RECORD = (
    '{"ocid":"ocds-000000-1","id":"1","date":"2020-05-01T00:00:00Z","tag":["award"],'
    '"initiationType":"tender","constructed":"Constructed for a test.",'
    '"buyer":{"id":"b","name":"Dudley Council"},'
    '"parties":[{"id":"b","name":"Dudley Council","roles":["buyer"]}],'
    '"tender":{"id":"t","title":"Hikvision CCTV cameras for the town centre"},'
    '"awards":[{"id":"a","title":"Supply of Hikvision CCTV cameras","date":"2020-05-01T00:00:00Z",'
    '"status":"active","value":{"amount":450000,"currency":"GBP"},'
    '"suppliers":[{"id":"s","name":"DV Limited"}]}]}\n'
)


@pytest.fixture
def traced(tmp_path: Path) -> Path:
    source = tmp_path / "notices.jsonl"
    source.write_text(RECORD)
    trace(RunOptions(paths=[source], out=tmp_path / "out"))
    return tmp_path / "out"


def confirmed(owner: Organisation) -> Decimal:
    rows = Exposure.objects.filter(
        owner__in=[owner, Organisation.published()],
        maker_key="hikvision",
        grade__in=["stated", "observed", "named"],
    )
    return sum((row.amount or Decimal(0) for row in rows), Decimal(0))


def judge(client: Any, purchase: Purchase, verdict: str, /, **changes: str) -> Any:
    fields = {
        "maker": "hikvision",
        "verdict": verdict,
        "reason": "the delivery note says so",
        "version": str(purchase.version),
        **changes,
    }
    return client.post(reverse("judge", args=[purchase.pk]), fields, follow=True)


def test_rejecting_takes_it_out_of_the_totals_and_keeps_the_word(
    traced: Path, organisations: list[Organisation], as_role: Any
) -> None:
    jobs.load_now(traced, "dudley", "test")
    dudley = organisations[0]
    purchase = Purchase.objects.get()
    assert confirmed(dudley) == Decimal(450000)
    client = as_role("dudley", "case_officer")
    answer = judge(client, purchase, "reject")
    assert answer.status_code == 200
    assert confirmed(dudley) == 0
    said = StatementRow.objects.get()
    assert (said.predicate, said.owner) == ("attribution_rejected", dudley)
    event = AuditEvent.objects.get(action="attribution.rejected")
    assert event.reason == "the delivery note says so"
    assert event.before["attributions"] != event.after["attributions"]
    judge(client, Purchase.objects.get(), "confirm")
    assert confirmed(dudley) == Decimal(450000)


def test_a_judgement_of_a_published_record_is_ones_own_affair(
    traced: Path, organisations: list[Organisation], as_role: Any
) -> None:
    jobs.load_now(traced, "published", "test")
    dudley, watch = organisations
    answer = judge(as_role("dudley", "case_officer"), Purchase.objects.get(), "reject")
    assert answer.status_code == 200
    assert (confirmed(dudley), confirmed(watch)) == (0, Decimal(450000))
    page = as_role("dudley", "reader").get(reverse("purchases")).content.decode()
    assert page.count("Supply of Hikvision CCTV cameras") == 1
    assert StatementRow.objects.get().owner == dudley


def test_two_people_on_one_record_overwrite_nothing_unseen(
    traced: Path, organisations: list[Organisation], as_role: Any
) -> None:
    jobs.load_now(traced, "dudley", "test")
    purchase = Purchase.objects.get()
    assert judge(as_role("dudley", "case_officer"), purchase, "confirm").status_code == 200
    late = judge(as_role("dudley", "approver"), purchase, "reject")
    assert late.status_code == 400
    assert b"somebody changed this record" in late.content
    assert StatementRow.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"reason": " "}, "needs a reason"),
        ({"verdict": "maybe"}, "neither confirm nor reject"),
        ({"maker": "nobody"}, "no such maker"),
    ],
)
def test_what_is_no_judgement_is_refused_in_a_sentence(
    traced: Path,
    organisations: list[Organisation],
    as_role: Any,
    changes: dict[str, str],
    says: str,
) -> None:
    jobs.load_now(traced, "dudley", "test")
    answer = judge(as_role("dudley", "case_officer"), Purchase.objects.get(), "confirm", **changes)
    assert answer.status_code == 400
    assert says in answer.content.decode()
