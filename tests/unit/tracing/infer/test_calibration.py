from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest

from nameplate.tracing.infer.calibration import both, calibrate, diagram, hidden_in_turn, wilson
from nameplate.tracing.infer.model import Labelled


def test_wilson() -> None:
    low, high = wilson(8, 10)
    assert (round(low, 3), round(high, 3)) == (0.490, 0.943)
    assert wilson(0, 0) == (0.0, 1.0)


def test_error_is_the_mean_gap() -> None:
    found = calibrate("x", [(0.85, True)] * 8 + [(0.85, False)] * 2)
    assert found.error == pytest.approx(0.05)
    assert found.bins[0].count == 10


def test_real_and_constructed_are_kept_apart() -> None:
    made = [
        Labelled(purchase_id=f"p{n}", maker="axis" if n % 2 else "bosch", constructed=True)
        for n in range(30)
    ]
    real, constructed = both(made)
    assert real.error is None
    assert real.records == 0
    assert constructed.records == 30
    assert "Not computable" in diagram(real)


def test_a_record_does_not_see_itself() -> None:
    lone = [Labelled(purchase_id="p1", maker="axis", supplier="only firm")]
    lone += [Labelled(purchase_id=f"q{n}", maker="bosch", supplier=f"s{n}") for n in range(20)]
    tested = dict(zip([r.purchase_id for r in sorted(lone, key=lambda r: r.purchase_id)],
                      hidden_in_turn(lone), strict=True))  # fmt: skip
    assert tested["p1"][1] is False


def test_diagram_is_well_formed_and_the_same_each_time() -> None:
    found = calibrate("x", [(0.3, True), (0.6, False)])
    assert diagram(found) == diagram(found)
    assert ET.fromstring(diagram(found)).tag.endswith("svg")
