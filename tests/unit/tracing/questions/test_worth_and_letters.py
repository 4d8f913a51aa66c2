from __future__ import annotations

import datetime
import io
from decimal import Decimal
from pathlib import Path

import docx
import pytest

from nameplate.model.errors import InputError
from nameplate.tracing.questions.letters import docx_of, letter, write_templates
from nameplate.tracing.questions.worth import Open, bundles, open_purchases, shares_of, worth_of

ON = datetime.date(2024, 4, 29)


def purchase(
    number: int, amount: str | None, body: str = "Anyborough Council", **more: object
) -> Open:
    given = {
        "purchase_id": f"p_{number}",
        "body": body,
        "supplier": "Fell Alarms Ltd",
        "title": "CCTV upgrade",
        "reference": "",
        "date": "2019-03-01",
        "amount": None if amount is None else Decimal(amount),
        "measure": "GBP payment net",
        "trade_kind": "equipment",
        "makers": (),
        "chances": (),
        **more,
    }
    return Open(**given)  # type: ignore[arg-type]


def row(purchase_id: str, grade: str, **more: object) -> dict:
    return {
        "purchase_id": purchase_id,
        "grade": grade,
        "body": "A Council",
        "supplier": None,
        "maker": None,
        "probability": None,
        "amount": Decimal(10),
        "currency": "GBP",
        "amount_kind": "payment",
        "amount_tax": "net",
        "date": None,
        "title": "CCTV",
        "trade_kind": "equipment",
        "constructed": "",
        **more,
    }


def test_only_what_nobody_knows_is_asked() -> None:
    rows = [
        row("p1", "open"),
        row("p2", "stated", maker="Axis"),
        row("p3", "inferred", maker="Axis", probability=0.6),
        row("p4", "inferred", maker="Axis", probability=0.2),
        row("p4", "named", maker="Bosch"),
        row("p5", "open", trade_kind="not_surveillance"),
        row("p6", "open", body=None),
    ]
    assert [p.purchase_id for p in open_purchases(rows)] == ["p1", "p3"]


def test_worth_is_money_weighed_by_doubt() -> None:
    assert worth_of(purchase(1, "100")) == 100
    assert worth_of(purchase(1, "100", chances=(0.9,))) == 36
    assert worth_of(purchase(1, "100", chances=(0.2,))) == 100
    assert worth_of(purchase(1, None)) == 0


def test_ranked_by_worth_and_never_summed_across_measures() -> None:
    made = bundles(
        [
            purchase(1, "100"),
            purchase(2, "50"),
            purchase(3, "70", measure="GBP contract gross"),
            purchase(4, "900", body="Otherborough Council"),
        ]
    )
    assert [b.to for b in made] == ["Otherborough Council", "Anyborough Council"]
    assert made[1].worth == {"GBP contract gross": Decimal(70), "GBP payment net": Decimal(150)}


def test_a_request_stays_within_the_cost_limit_and_says_what_is_left() -> None:
    (made,) = bundles([purchase(n, "10") for n in range(60)])
    assert made.cost.within
    assert len(made.purchases) + made.left_out == 60
    assert made.left_out > 0
    assert any("left for a later request" in w for w in made.warnings)
    (later,) = bundles([purchase(1, "10")], recent={"Anyborough Council": 5})
    assert any("60 working days" in w for w in later.warnings)


def test_letter_asks_for_makers_first_and_never_for_locations() -> None:
    (bundle,) = bundles([purchase(1, "1234.5", reference="PO 7")])
    text = letter(bundle, on=ON, sender="A. Person")
    first = next(line for line in text.splitlines() if line.startswith("1."))
    assert "made" in first
    assert "manufacturer" in first
    assert "do not give locations" in text
    assert "£1,234.50 (payment net)" in text
    assert "29 May 2024" in text
    assert "£450 (18 hours" in text
    assert "reference PO 7" in text
    assert "None" not in text


def test_docx_says_the_same_and_has_the_same_bytes() -> None:
    (bundle,) = bundles([purchase(1, "10")])
    text = letter(bundle, on=ON, sender="A. Person")
    raw = docx_of(text)
    assert raw == docx_of(text)
    said = "\n\n".join(p.text for p in docx.Document(io.BytesIO(raw)).paragraphs)
    assert said.split() == text.split()


def test_a_user_can_change_the_template(tmp_path: Path) -> None:
    assert {p.name for p in write_templates(tmp_path)} == {"body.txt", "supplier.txt", "maker.txt"}
    assert write_templates(tmp_path) == []
    (tmp_path / "body.txt").write_text("Dear {{ to }}: {{ purchases | length }}")
    (bundle,) = bundles([purchase(1, "10")])
    assert letter(bundle, on=ON, sender="", folder=tmp_path) == "Dear Anyborough Council: 1\n"
    (tmp_path / "body.txt").write_text("{{ nothing }}")
    with pytest.raises(InputError, match="template"):
        letter(bundle, on=ON, sender="", folder=tmp_path)


@pytest.mark.parametrize("template", ["supplier", "maker"])
def test_other_addressees(template: str) -> None:
    (bundle,) = bundles([purchase(1, "10")])
    assert "Anyborough Council" in letter(bundle, on=ON, sender="", template=template)


def test_shares_name_their_base() -> None:
    assert shares_of(43, 28) == "28 of 43 (65 %)"
    assert shares_of(0, 0) == "0 of 0"
