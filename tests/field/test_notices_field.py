"""All real notices and all OCDS fixtures, against counts and sums taken independently."""

from __future__ import annotations

import json
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from nameplate.model.errors import InputError
from nameplate.sources.api import Mode, Profile, ReadOptions, SourceFile
from nameplate.sources.notices import JsonReader
from nameplate.sources.ocds_merge import Compilation, merge_rules
from nameplate.sources.ted import TedReader

pytestmark = pytest.mark.field


class Everything:
    """Hits everything, so that every record goes all the way."""

    def scan(self, block: bytes | memoryview) -> list[int]:
        return list(range(0, len(block), 50))

    def matches(self, text: str) -> bool:
        return True

    def matches_cpv(self, codes: tuple[str, ...]) -> bool:
        return True


class Result:
    def __init__(self, path: Path, mode: Mode = Mode.FULL) -> None:
        self.profile = Profile()
        self.aside = []
        self.purchases = []
        source = SourceFile(path.name, path, path.stat().st_size, "0" * 64)
        reader = TedReader() if path.suffix == ".xml" else JsonReader()
        for chunk in reader.read(source, Everything(), ReadOptions(mode=mode), self.profile):
            self.aside += chunk.set_aside
            self.purchases += chunk.purchases


def values(text: str) -> list[Any]:
    """Every outermost JSON value of a text, by Python's own decoder."""
    decoder = json.JSONDecoder(parse_float=Decimal)
    found = []
    at = 0
    while (at := len(text) - len(text[at:].lstrip())) < len(text):
        value, at = decoder.raw_decode(text, at)
        found.append(value)
    return found


def records(value: Any) -> list[Any]:
    """The records of an outermost value, by the standard's own words."""
    if isinstance(value, list):
        return [r for v in value for r in (records(v) if _is_package(v) else [v])]
    if _is_package(value):
        return [*value.get("releases", []), *value.get("records", [])]
    return [value]


def _is_package(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and "ocid" not in value
        and any(isinstance(value.get(k), list) for k in ("releases", "records"))
    )


def sums(releases: list[dict[str, Any]]) -> dict[str, Decimal]:
    total: Counter[str] = Counter()
    for r in releases:
        tender = (r.get("tender") or {}).get("value") or {}
        if tender.get("amount") is not None:
            total[f"{tender['currency']} notice_estimate unknown"] += Decimal(tender["amount"])
        for name in ("award", "contract"):
            for item in r.get(f"{name}s") or []:
                value = item.get("value") or {}
                if value.get("amount") is not None:
                    total[f"{value['currency']} {name} unknown"] += Decimal(value["amount"])
    return dict(total)


@pytest.mark.parametrize(
    "name",
    [
        "EnglishData.jsonl",
        "package_CFSearchRel1.json",
        "package_CFSearchStr.json",
        "package_CFSearchStr0.json",
    ],
)
def test_contracts_finder_ocds(shared: Path, name: str) -> None:
    path = shared / "data/notices/contracts_finder_ocds" / name
    releases = [r for v in values(path.read_text(encoding="utf-8")) for r in records(v)]
    result = Result(path)
    profile = result.profile
    assert (profile.records_read, profile.records_set_aside) == (len(releases), 0)
    assert profile.amount_sum == sums(releases)
    assert (profile.dates_unread, profile.amounts_unread) == (0, 0)
    if releases:
        assert str(profile.first_date) == min(r["date"][:10] for r in releases)
        assert str(profile.last_date) == max(r["date"][:10] for r in releases)
    awards = {(r["ocid"], a["id"]) for r in releases for a in r.get("awards", [])}
    found = [(p.ocid, p.award_id) for p in result.purchases if p.award_id]
    assert len(found) == len(set(found))
    assert set(found) == awards
    assert {p.ocid for p in result.purchases} == {r["ocid"] for r in releases}
    quick = Result(path, Mode.QUICK)
    assert quick.profile.records_read == len(releases)
    assert quick.purchases == result.purchases
    assert all(p.date and p.body for p in result.purchases)


def test_contracts_finder_own_json(shared: Path) -> None:
    paths = sorted((shared / "data/notices/contracts_finder_lancashire").glob("*.json"))
    assert len(paths) == 8
    for path in paths:
        notices = json.loads(path.read_text(), parse_float=Decimal)["contracts"]
        result = Result(path)
        assert (result.profile.records_read, len(result.aside)) == (len(notices), 0), path.name
        awarded = sum((Decimal(n["awarded_value"] or 0) for n in notices), Decimal(0))
        assert result.profile.amount_sum.get("GBP award unknown", 0) == awarded
        days = [n["published_date"] for n in notices if n["published_date"]]
        assert str(result.profile.first_date) == min(days)
        assert (result.profile.dates_unread, result.profile.amounts_unread) == (0, 0)
        assert not any(
            "&amp;" in t.text or "&#0" in t.text for p in result.purchases for t in p.texts
        )
        assert len({p.purchase_id for p in result.purchases}) == len({n["id"] for n in notices})


def test_ted(shared: Path) -> None:
    paths = sorted((shared / "data/notices/ted").glob("*.xml"))
    assert len(paths) == 18
    for path in paths:
        result = Result(path)
        text = path.read_text(encoding="utf-8")
        assert result.profile.records_read == 1
        assert (result.profile.dates_unread, result.profile.amounts_unread) == (0, 0), path.name
        assert all(p.body and p.title and p.date and p.cpv for p in result.purchases), path.name
        for purchase in result.purchases:
            assert purchase.body is not None
            assert purchase.body.split()[0] in text
    sold = Result(shared / "data/notices/ted/118331-2022.xml").purchases
    assert [(p.supplier, p.amount, p.currency, str(p.date)) for p in sold] == [
        ("Tellemachus Ltd", Decimal("2845341.62"), "GBP", "2021-04-27")
    ]


RULES = [("1.0", "1.0"), ("1.1", "1.1")]


@pytest.mark.parametrize(("folder", "version"), RULES)
def test_the_merge_gives_what_the_merge_library_expects(
    shared: Path, folder: str, version: str
) -> None:
    cases = sorted(
        (shared / "data/ocds_fixtures/ocds-merge/tests/fixtures" / folder).glob("*-compiled.json")
    )
    assert cases
    for expected in cases:
        source = expected.with_name(expected.name.replace("-compiled", ""))
        releases = json.loads(source.read_text())
        merging = Compilation(old=version == "1.0")
        for release in sorted(releases, key=lambda r: r["date"]):
            merging.append(release)
        assert merging.result() == json.loads(expected.read_text()), source.name


@pytest.mark.parametrize("version", ["1__0__3", "1__1__4"])
def test_the_merge_rules_are_those_of_the_published_schemas(shared: Path, version: str) -> None:
    from ocdsmerge.rules import get_merge_rules

    schema = shared / f"data/ocds_fixtures/ocds-merge/tests/fixtures/release-schema-{version}.json"
    assert merge_rules(version.replace("__", ".")) == get_merge_rules(str(schema))


def test_every_fixture_is_read_or_says_why_and_none_crashes(shared: Path) -> None:
    root = shared / "data/ocds_fixtures"
    paths = [p for p in sorted(root.rglob("*")) if p.suffix in (".json", ".jsonl") and p.is_file()]
    assert len(paths) > 150
    wrong: list[str] = []
    for path in paths:
        name = str(path.relative_to(root))
        try:
            result = Result(path)
        except InputError:
            wrong.append(f"{name}: refused whole, though each fixture is one of JSON")
            continue
        profile = result.profile
        assert profile.records_set_aside == len(result.aside), name
        assert all(a.reason and a.locator for a in result.aside), name
        try:
            text = path.read_text(encoding="utf-8")
            expected = [r for v in values(text) for r in records(v)]
        except (ValueError, RecursionError):
            if not result.aside and path.stat().st_size and "iso-8859" not in name:
                wrong.append(f"{name}: broken, but nothing was set aside")
            continue
        total = profile.records_read + profile.records_set_aside
        if total != len(expected):
            wrong.append(f"{name}: {total} records, {len(expected)} expected")
        good = [
            r
            for r in expected
            if isinstance(r, dict)
            and {"ocid", "tag", "tender", "awards", "contracts", "planning", "buyer", "parties"}
            & r.keys()
        ]
        if profile.records_read < len(good):
            wrong.append(f"{name}: {profile.records_read} read of {len(good)} releases")
    assert wrong == []
