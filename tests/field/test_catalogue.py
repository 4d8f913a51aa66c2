"""The catalogue against real model lists and the labelled passages' makers."""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from pathlib import Path

import pytest

from nameplate.catalogue.schema import Confidence
from nameplate.catalogue.store import load

pytestmark = pytest.mark.field

BRANDS = {
    "Dahua": "dahua", "Hikvision": "hikvision", "Uniview": "uniview", "Axis": "axis",
    "AXIS": "axis", "Bosch": "bosch", "BOSCH": "bosch", "Bosch Security": "bosch",
    "Samsung": "hanwha", "Avigilon": "avigilon", "Pelco": "pelco", "Vivotek": "vivotek",
    "VIVOTEK": "vivotek", "Mobotix": "mobotix", "MOBOTIX": "mobotix", "Panasonic": "panasonic",
    "Sony": "sony", "Honeywell": "honeywell", "Honeywell Video": "honeywell",
    "Dallmeier": "dallmeier", "Arecont Vision": "arecont", "ACTi": "acti", "IDIS": "idis",
    "Milesight": "milesight", "TVT": "tvt", "Tiandy": "tiandy", "Huawei": "huawei",
    "GeoVision": "geovision", "Geovision": "geovision", "Interlogix": "interlogix",
    "FLIR Systems": "flir", "Flir": "flir", "CP PLUS": "cp-plus", "Amcrest": "amcrest",
    "Dedicated Micros": "dedicated-micros",
}  # fmt: skip
"""Names in the list of brands and models → keys of the catalogue."""

SHAPES = [
    (grammar, re.compile(grammar.pattern, re.IGNORECASE))
    for grammar in load().grammars
    if grammar.in_text
]


def makers_of(model: str) -> set[str]:
    """Makers whose running-text grammars take the string whole."""
    return {grammar.maker for grammar, shape in SHAPES if shape.fullmatch(model)}


def models(shared: Path) -> list[tuple[str, str]]:
    path = shared / "data/devices/models/Achelics/data_string_extract/model.json"
    rows = []
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
        try:
            row = json.loads(line)
        except json.JSONDecodeError:
            continue
        model = row["Model"].strip().split(" - ")[0].strip()
        if model and " " not in model:
            rows.append((row["Brand"].strip(), model))
    return rows


def test_hikvision_s_own_model_strings_are_known(shared: Path) -> None:
    path = shared / "data/devices/models/hikvision_supported_models_part.csv"
    with path.open(newline="", encoding="utf-8") as stream:
        rows = [row["supported_model"].split("(")[0].strip() for row in csv.DictReader(stream)]
    found = [makers_of(row) for row in rows]
    share = sum("hikvision" in makers for makers in found) / len(rows)
    others = Counter(maker for makers in found for maker in makers - {"hikvision"})
    print(f"Hikvision model strings known: {share:.3f} of {len(rows)}; others' claims: {others}")
    assert share >= 0.95
    assert sum(others.values()) <= 0.001 * len(rows)


def test_models_of_560_brands_go_to_their_maker_or_to_none(shared: Path) -> None:
    right, wrong, flagged = Counter(), Counter(), Counter()
    for brand, model in models(shared):
        mine = BRANDS.get(brand)
        for maker in makers_of(model):
            (right if maker == mine else wrong)[maker] += 1
            if maker != mine and maker in ("hikvision", "dahua"):
                flagged[brand, model] += 1
    claims = right.total() + wrong.total()
    print(f"claims {claims}, right {right.total() / claims:.4f}; wrong {wrong.most_common()}")
    assert claims >= 4_000
    assert right.total() / claims >= 0.99
    assert flagged.total() <= 2, flagged


def test_every_labelled_maker_has_its_canonical_name(shared: Path) -> None:
    catalogue = load()
    labels = {m.name for m in catalogue.makers if m.confidence is not Confidence.LEAD}
    labels |= {b.label for b in catalogue.brands if b.confidence is not Confidence.LEAD}
    wanted = set()
    with (shared / "data/text/dev.jsonl").open(encoding="utf-8") as stream:
        for line in stream:
            wanted |= {m["maker"] for m in json.loads(line)["labels"]["mentions"]}
    assert wanted
    assert wanted - labels == set()
