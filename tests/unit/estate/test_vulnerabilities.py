# ruff: noqa: E501 - records and advisories' words stand as they are
"""Matching, on a table checked by hand against the advisories and records."""

import csv
import datetime
import json
from pathlib import Path

import pytest

from nameplate.estate.feeds import csaf, cve, flat, nvd
from nameplate.estate.feeds.base import known_vendors, vendor_key
from nameplate.estate.firmware import compare, parse
from nameplate.estate.vulns.library import Library, as_known, bundled, known
from nameplate.estate.vulns.match import Index, Subject
from nameplate.estate.vulns.ranges import parse_range
from nameplate.estate.vulns.schema import Affected, Known, Range, Status

CASES = list(csv.DictReader((Path(__file__).parent / "vulnerability_cases.csv").open()))
INDEX = Index(bundled())


def find(cve_id: str, **device: str):
    subject = Subject(**{"maker": "", "model": "", "firmware": "", **device})
    return next((f for f in INDEX.match(subject) if f.cve == cve_id), None)


@pytest.mark.parametrize("case", CASES, ids=lambda c: f"{c['cve']}-{c['why']}"[:80])
def test_hand_checked_case(case: dict[str, str]) -> None:
    finding = find(
        case["cve"],
        maker=case["maker"],
        brand=case["brand"],
        model=case["model"],
        firmware=case["firmware"],
    )
    if case["status"] == "none":
        assert finding is None or not finding.verdicts
    else:
        assert finding is not None
        assert finding.status.value == case["status"], finding
        assert all(v.why.startswith(v.source) for v in finding.verdicts)


def test_the_table_is_large_enough_and_holds_every_answer() -> None:
    assert len(CASES) >= 60
    assert {c["status"] for c in CASES} == {"none", *(s.value for s in Status)}


def test_two_sources_that_disagree_are_both_shown() -> None:
    finding = find(
        "CVE-2021-33045",
        maker="dahua",
        model="IPC-HFW3441E-SA",
        firmware="2.800.0000000.28.R.210601",
    )
    assert finding is not None
    assert finding.disagreement
    answers = {v.source: v.status for v in finding.verdicts}
    assert answers == {"NVD": Status.AFFECTED, "CNA dahua": Status.NOT_AFFECTED}
    assert finding.kev_added == "2024-08-21"
    assert finding.cvss[0].score == 9.8


def test_apache_axis_is_in_no_fact_and_no_import() -> None:
    assert not any(r.cve == "CVE-2023-40743" for r in bundled())
    assert vendor_key("Apache Software Foundation", "Apache Axis") == ""
    assert vendor_key("apache", "axis") == ""
    assert vendor_key("n/a", "Apache Axis 1.4") == ""
    assert vendor_key("Axis Communications AB") == "axis"
    record = {
        "dataType": "CVE_RECORD",
        "cveMetadata": {"cveId": "CVE-2023-40743"},
        "containers": {
            "cna": {
                "affected": [
                    {
                        "vendor": "Apache Software Foundation",
                        "product": "Apache Axis",
                        "versions": [
                            {"version": "0", "lessThanOrEqual": "1.3", "status": "affected"}
                        ],
                    }
                ]
            }
        },
    }
    assert cve.read(record) == []


@pytest.mark.parametrize("record", bundled(), ids=lambda r: f"{r.cve}-{r.source}")
def test_every_fact_is_sourced_and_readable(record: Known) -> None:
    assert record.url.startswith("https://")
    assert record.read
    for affected in record.affected:
        assert affected.vendor in known_vendors()
        for bounds in affected.ranges:
            for version in (bounds.low, bounds.high):
                assert not version or parse(affected.vendor, version), version


@pytest.mark.parametrize(
    ("maker", "older", "newer"),
    [
        ("hikvision", "V5.4.4 build 161125", "V5.4.5 build 161125"),
        ("hikvision", "V5.5.0 build 170725", "V5.5.53 build 180730"),
        ("hikvision", "V4.30.096build221220", "V5.00.000 build 210101"),
        ("dahua", "2.800.0000000.16.R", "2.820.0000000.5.R.210705"),
        ("dahua", "2.820.0000000.5.R.210705", "2.820.0000000.48.R.220614"),
        ("dahua", "V2.800.0000000.16.R,build:2020-11-17", "2.800.0000000.16.R.201118"),
        ("axis", "9.80.3.1", "10.12.236"),
        ("uniview", "NVR-B3801.20.17.240506", "NVR-B3801.20.17.240507"),
    ],
)
def test_versions_are_ordered_as_the_maker_counts(maker: str, older: str, newer: str) -> None:
    low, high = parse(maker, older), parse(maker, newer)
    assert low is not None
    assert high is not None
    assert (compare(low, high), compare(high, low), compare(low, low)) == (-1, 1, 0)


def test_versions_of_different_lines_do_not_compare() -> None:
    a, b = parse("uniview", "DIPC-B1213.6.5.230215"), parse("uniview", "CIPC-B2303.2.8")
    assert a is not None
    assert b is not None
    assert compare(a, b) is None


@pytest.mark.parametrize(
    ("text", "low", "high", "included"),
    [
        (">=5.3.1 build 150410|<=5.4.4 Build 161125", "5.3.1 build 150410", "5.4.4 Build 161125", True),
        ("<NVR-B3801.20.17.240507", "", "NVR-B3801.20.17.240507", False),
        ("AXIS OS 10.5 – 11.5", "10.5", "11.5", True),
        ("AXIS OS 1.65.4 or earlier", "", "1.65.4", True),
        ("Versions below V2.5.1 (including V2.5.1)", "", "V2.5.1", True),
        ("Versions after V5.00.000 (including V5.00.000) and before V5.02.006（not including V5.02.006）",
         "V5.00.000", "V5.02.006", False),
        ("Prior to version 1.41.16", "", "1.41.16", False),
    ],
)  # fmt: skip
def test_the_words_of_advisories(text: str, low: str, high: str, included: bool) -> None:
    (found,) = parse_range(text)
    assert (found.low, found.high, found.high_included) == (low, high, included)


def test_build_dates_and_nothing_at_all() -> None:
    assert parse_range("Build time before 2024/2/2")[0].built_before == "2024-02-02"
    assert parse_range("Buildtime before May, 2020")[0].built_before == "2020-05-01"
    assert parse_range("vers:all/*")[0].everything
    assert parse_range("n/a") == ()


KEV = {
    "catalogVersion": "2025.08.25",
    "dateReleased": "2025-08-25T17:04:19Z",
    "vulnerabilities": [
        {
            "cveID": "CVE-2021-36260",
            "vendorProject": "Hikvision",
            "product": "Security cameras web server",
            "vulnerabilityName": "Hikvision Improper Input Validation",
            "dateAdded": "2022-01-10",
            "dueDate": "2022-01-24",
        },
        {"cveID": "CVE-2099-0001", "vendorProject": "Apache", "product": "Axis"},
    ],
}
NVD = {
    "resultsPerPage": 1,
    "timestamp": "2025-01-01T00:00:00",
    "vulnerabilities": [
        {
            "cve": {
                "id": "CVE-2020-0001",
                "published": "2020-02-01T00:00:00",
                "configurations": [
                    {
                        "nodes": [
                            {
                                "cpeMatch": [
                                    {
                                        "vulnerable": True,
                                        "criteria": "cpe:2.3:o:dahuasecurity:ipc-hx3xxx_firmware:*:*:*:*:*:*:*:*",
                                        "versionEndExcluding": "2.800.0000000.29.r.210630",
                                    },
                                    {
                                        "vulnerable": False,
                                        "criteria": "cpe:2.3:h:dahuasecurity:ipc-hx3xxx:-:*:*:*:*:*:*:*",
                                    },
                                ]
                            }
                        ]
                    }
                ],
                "metrics": {
                    "cvssMetricV31": [
                        {"source": "nvd", "cvssData": {"vectorString": "CVSS:3.1/X", "baseScore": 9.8}}
                    ]
                },
            }
        }
    ],
}  # fmt: skip
CSAF = {
    "document": {
        "csaf_version": "2.0",
        "title": "Cameras",
        "tracking": {"id": "ICSA-1", "current_release_date": "2017-05-04T00:00:00Z"},
    },
    "product_tree": {
        "branches": [
            {
                "category": "vendor",
                "name": "Hikvision",
                "branches": [
                    {
                        "category": "product_name",
                        "name": "DS-2CD2xx2FWD Series",
                        "branches": [
                            {
                                "category": "product_version_range",
                                "name": ">=5.3.1 build 150410|<=5.4.4 Build 161125",
                                "product": {"name": "x", "product_id": "P1"},
                            }
                        ],
                    }
                ],
            }
        ]
    },
    "vulnerabilities": [
        {
            "cve": "CVE-2017-0001",
            "product_status": {"known_affected": ["P1", 7, "gone"]},
            "scores": [
                {"cvss_v3": {"version": "3.0", "vectorString": "CVSS:3.0/X", "baseScore": 10}}
            ],
        }
    ],
}


def test_feeds_are_read_into_records() -> None:
    (kev,) = flat.read_kev(KEV)
    assert (kev.cve, kev.kev_added) == ("CVE-2021-36260", "2022-01-10")
    (from_nvd,) = nvd.read(NVD)
    assert from_nvd.affected[0].products == ("ipc-hx3xxx",)
    assert from_nvd.affected[0].ranges[0].high == "2.800.0000000.29.r.210630"
    (from_csaf,) = csaf.read(CSAF)
    assert from_csaf.affected[0].ranges[0].low == "5.3.1 build 150410"
    finding = Index([from_csaf]).match(
        Subject(maker="hikvision", model="DS-2CD2142FWD-I", firmware="V5.4.0 build 160401")
    )
    assert finding[0].status is Status.AFFECTED


def test_a_library_keeps_feeds_by_hash_and_answers_as_of_a_day(tmp_path: Path) -> None:
    feeds = tmp_path / "feeds"
    feeds.mkdir()
    (feeds / "kev.json").write_text(json.dumps(KEV))
    (feeds / "nvd.json").write_text(json.dumps(NVD))
    (feeds / "epss.csv").write_text(
        "#model_version:v2025,score_date:2025-08-26T00:00:00Z\ncve,epss,percentile\n"
        "CVE-2021-36260,0.94,0.99\nCVE-1999-1,9,9\n"
    )
    (feeds / "bad.json").write_text('{"a":')
    library = Library(tmp_path / "lib")
    new, faults = library.add([feeds], datetime.date(2025, 9, 1))
    assert {i.feed for i in new} == {"kev", "nvd", "epss"}
    assert len(faults) == 1
    assert library.add([feeds], datetime.date(2025, 9, 2))[0] == []
    later = {(r.cve, r.source) for r in library.records(datetime.date(2025, 9, 1))}
    assert ("CVE-2021-36260", "CISA KEV") in later
    assert ("CVE-2021-36260", "EPSS") in later
    earlier = {r.source for r in library.records(datetime.date(2025, 8, 1))}
    assert earlier == {"NVD"}
    finding = next(
        f
        for f in Index(known(tmp_path / "lib")).match(
            Subject(maker="hikvision", model="DS-2CD2143G0-I", firmware="")
        )
        if f.cve == "CVE-2021-36260"
    )
    assert finding.epss == 0.94


def test_what_was_added_to_kev_later_was_not_known_before() -> None:
    records = as_known(iter(bundled()), datetime.date(2024, 8, 20))
    assert not [r for r in records if r.cve == "CVE-2021-33045" and r.kev_added]


def test_a_source_that_names_only_the_maker_yields_to_one_that_names_models() -> None:
    loose = Known(
        cve="CVE-1",
        source="KEV",
        affected=(Affected(source="KEV", vendor="dahua", products=("*",)),),
    )
    exact = Known(
        cve="CVE-1",
        source="NVD",
        affected=(
            Affected(source="NVD", vendor="dahua", products=("NVR4XXX",), ranges=(Range(everything=True),)),
        ),
    )  # fmt: skip
    other = Subject(maker="dahua", model="IPC-HFW1230S", firmware="")
    assert Index([loose, exact]).match(other) == ()
    assert Index([loose]).match(other)[0].status is Status.UNKNOWN
