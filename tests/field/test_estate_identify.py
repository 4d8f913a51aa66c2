"""Identification against real recordings and model strings."""

import csv
import re
from collections import Counter
from pathlib import Path

import pytest

from nameplate.estate.identify import line_of, weigh
from nameplate.estate.readers.open import sightings

pytestmark = pytest.mark.field
FLAGGED = {"Hikvision", "Dahua", "Uniview", "Tiandy", "Huawei", "Hytera", "ZTE"}


def test_every_recorded_device_is_right_and_none_is_set_aside(shared: Path) -> None:
    faults: list[str] = []
    devices = shared / "data" / "devices"
    paths = [devices / "onvif", devices / "snmp", devices / "wsdiscovery"]
    lines = [line_of(s) for s in sightings(paths, lambda _, text: faults.append(text))]
    assert not faults
    wanted = {"axis": "Axis", "bosch": "Bosch", "reolink": "Reolink", "hikvision": "Hikvision"}
    assert len(lines) == 6 + 8 + 16
    for line in lines:
        name = line.source.rpartition("/")[2].lower()
        for key, maker in wanted.items():
            if name.startswith(key):
                assert line.maker.startswith(maker), line
    count = Counter(line.maker for line in lines)
    assert count == {"Axis Communications": 16, "Bosch": 8, "Reolink": 5, "Hikvision": 1}


def test_hikvision_model_strings_are_hikvisions(shared: Path) -> None:
    path = shared / "data/devices/models/hikvision_supported_models_part.csv"
    with path.open(encoding="utf-8") as stream:
        models = [row["supported_model"] for row in csv.DictReader(stream)]
    right = sum(weigh((("model", m),), m).maker == "Hikvision" for m in models)
    assert len(models) > 7000
    assert right / len(models) >= 0.995


def test_other_brands_model_strings_are_no_flagged_makers(shared: Path) -> None:
    path = shared / "data/devices/models/Achelics/data_string_extract/model.json"
    rows = re.findall(r'\{"Brand": "(.*?)", "Model": "(.*)"\}', path.read_text("utf-8"))
    others = [(b, m) for b, m in rows if b.lower() not in {f.lower() for f in FLAGGED}]
    assert len(others) > 13_000
    wrong = [(b, m) for b, m in others if weigh((("model", m),), m).maker in FLAGGED]
    # docs/reference/estate-identify.md lists each of these, with the reason it is a rebrand.
    relabelled = {"Neutron Technology", "Zion"}
    assert not [pair for pair in wrong if pair[0] not in relabelled]
    assert len(wrong) / len(others) <= 0.0011


def test_every_archived_firmware_is_read_and_ordered_by_its_day(shared: Path) -> None:
    """The archive has one version and day a model: versions must all be read, and those of equal
    numbers must be ordered by their days."""
    from nameplate.estate.firmware import compare, parse

    path = shared / "data/devices/models/hikvision_supported_models_part.csv"
    days: dict[str, set[str]] = {}
    with path.open(encoding="utf-8") as stream:
        for row in csv.DictReader(stream):
            if re.fullmatch(r"20\d\d-\d\d-\d\d", row["firmware_date"]):
                days.setdefault(row["firmware_version"], set()).add(row["firmware_date"])
    assert len(days) > 100
    compared = 0
    for version, dates in days.items():
        read = [
            parse("hikvision", f"V{version} build {d[2:4]}{d[5:7]}{d[8:10]}") for d in sorted(dates)
        ]
        for earlier, later, day in zip(read, read[1:], sorted(dates)[1:], strict=False):
            assert earlier is not None
            assert later is not None
            assert str(later.built) == day
            assert (compare(earlier, later), compare(later, earlier)) == (-1, 1)
            compared += 1
        assert parse("hikvision", version) is not None
    assert compared > 100
