"""A finder and a judge small enough to reason about: the run is tested apart from the tracing."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pytest

from nameplate.model.attribution import Attribution, Evidence, Grade, attribution_id
from nameplate.model.mention import Mention, Role
from nameplate.model.purchase import Purchase, TradeKind
from nameplate.tracing.api import Traced
from nameplate.tracing.run import work

WORD = re.compile("cctv|hikvision", re.IGNORECASE)


class WordFinder:
    def scan(self, block: bytes | memoryview) -> list[int]:
        return [hit.start() for hit in re.finditer(rb"(?i)cctv|hikvision", bytes(block))]

    def matches(self, text: str) -> bool:
        return WORD.search(text) is not None

    def matches_cpv(self, codes: tuple[str, ...]) -> bool:
        return "32323500" in codes


def judge(purchases: Sequence[Purchase]) -> list[Traced]:
    return [_judge(purchase) for purchase in purchases]


def _judge(purchase: Purchase) -> Traced:
    text = " ".join([purchase.title, *(field.text for field in purchase.texts)])
    if "defeats the judge" in text:
        raise ValueError("no")
    found = re.search("hikvision", text, re.IGNORECASE)
    maker = "Hikvision" if found else None
    grade = Grade.NAMED if found else Grade.OPEN
    attribution = Attribution(
        attribution_id=attribution_id(purchase.purchase_id, maker, "supplied"),
        purchase_id=purchase.purchase_id,
        body=purchase.body,
        supplier=purchase.supplier,
        maker=maker,
        brand=None,
        role="supplied" if found else None,
        grade=grade,
        probability=None,
        band=None,
        prior=-2.0 if found else None,
        amount=purchase.amount,
        currency=purchase.currency,
        amount_kind=purchase.amount_kind,
        amount_tax=purchase.amount_tax,
        in_totals=True,
        date=purchase.date,
        date_kind=purchase.date_kind,
        title=purchase.title,
        trade_kind=TradeKind.EQUIPMENT,
        evidence=(Evidence(kind="mention", says="it says so", weight=4.0),) if found else (),
        wording="the purchase record names Hikvision" if found else "a question to ask",
        source_file=purchase.source_file,
        source_sha256=purchase.source_sha256,
        locator=purchase.locator,
    )
    mention = Mention(
        maker="Hikvision",
        maker_key="hikvision",
        surface=found.group() if found else "",
        start=0,
        end=9,
        role=Role.SUPPLIED,
    )
    return Traced(
        purchase=purchase,
        trade_kind=TradeKind.EQUIPMENT,
        mentions=(mention,) if found else (),
        attributions=(attribution,),
    )


@pytest.fixture(autouse=True)
def _small_tracing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work.Workshop, "finder", WordFinder())
    monkeypatch.setattr(work.Workshop, "judge", staticmethod(judge))
