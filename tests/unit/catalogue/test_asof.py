"""As-of queries: the day before, the day, the day after the end, through whom, and no guess."""

from __future__ import annotations

import datetime
import json
from importlib import resources
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nameplate.catalogue import asof
from nameplate.catalogue.asof import Period, Standing
from nameplate.catalogue.dates import span
from nameplate.catalogue.schema import Confidence, Listing, Ownership, Source, Watchlist
from nameplate.catalogue.store import Catalogue, load
from nameplate.model.absence import Absence

DAY = datetime.timedelta(days=1)
SOURCE = Source(title="A public page", read="2026-11-23")


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


LISTINGS = [
    item for item in load().listings
    if item.confidence is not Confidence.LEAD and len(item.valid_from) == 10
]  # fmt: skip


@pytest.mark.parametrize("listing", LISTINGS, ids=lambda item: item.id)
def test_each_listing_at_the_day_before_the_day_and_after_the_end(listing: Listing) -> None:
    start = day(listing.valid_from)

    def ids(on: datetime.date) -> set[str]:
        return {e.listing.id for e in asof.listed(load(), listing.subject, on)}

    assert listing.id not in ids(start - DAY)
    assert listing.id in ids(start)
    assert asof.standing(listing, start - DAY) in (Standing.NOT_YET, Standing.ANNOUNCED)
    if listing.valid_to:
        assert listing.id in ids(day(listing.valid_to) - DAY)
        assert listing.id not in ids(day(listing.valid_to))
        assert asof.standing(listing, day(listing.valid_to)) is Standing.ENDED
    else:
        assert listing.id in ids(datetime.date(2026, 11, 23))


@pytest.mark.parametrize(
    ("subject", "watchlist", "first"),
    [
        ("hikvision", "us-889", "2019-08-13"),
        ("dahua", "us-889", "2019-08-13"),
        ("huawei", "us-889", "2019-08-13"),
        ("zte", "us-889", "2019-08-13"),
        ("hytera", "us-889", "2019-08-13"),
        ("hikvision", "us-bis-entity", "2019-10-09"),
        ("dahua", "us-bis-entity", "2019-10-09"),
        ("megvii", "us-bis-entity", "2019-10-09"),
        ("hikvision", "us-dod-1237", "2020-06-24"),
        ("hikvision", "us-ns-cmic", "2021-08-02"),
        ("hikvision", "us-dod-1260h", "2021-06-03"),
        ("dahua", "us-dod-1260h", "2022-10-05"),
        ("entity:Chengdu Dahua Wisdom Information Technology Co., Ltd.", "us-dod-1260h",
         "2025-01-07"),
        ("hikvision", "us-fcc-covered", "2021-03-12"),
        ("dahua", "us-fcc-covered", "2021-03-12"),
        ("entity:Moyu Haishi Electronic Technology Co.", "us-bis-entity", "2023-03-28"),
        ("entity:Hikvision Canada Inc.", "ca-ica", "2025-06-27"),
    ],
)  # fmt: skip
def test_first_day_on_each_list(subject: str, watchlist: str, first: str) -> None:
    assert not asof.listed(load(), subject, day(first) - DAY, {watchlist})
    assert asof.listed(load(), subject, day(first), {watchlist})


def test_dahua_is_not_on_the_lists_it_is_not_on() -> None:
    late = day("2026-11-23")
    for watchlist in ("us-dod-1237", "us-ns-cmic", "us-uflpa", "uk-debarment"):
        assert not asof.history(load(), "dahua", late, {watchlist})


def test_the_denied_person_is_another_firm() -> None:
    during = day("2020-01-01")
    assert not asof.history(load(), "dahua", during, {"us-denied-persons"})
    entity = "entity:Dahua Electronics Corporation"
    (entry,) = asof.listed(load(), entity, during)
    assert entry.watchlist.key == "us-denied-persons"
    assert not asof.listed(load(), entity, day("2025-11-19"))
    assert not asof.owners(load(), entity, during)


def test_megvii_delisted_is_kept() -> None:
    lists = {"us-dod-1260h"}
    assert asof.listed(load(), "megvii", day("2025-01-06"), lists)
    assert not asof.listed(load(), "megvii", day("2025-01-07"), lists)
    (entry,) = asof.history(load(), "megvii", day("2026-01-01"), lists)
    assert entry.standing is Standing.ENDED


def test_editions_are_one_listing_without_a_gap() -> None:
    entries = asof.listed(load(), "hikvision", day("2026-11-23"), {"us-dod-1260h"})
    (period,) = asof.listing_periods(entries)["us-dod-1260h"]
    assert period == Period("2021-06-03", "", ("2025-01-07", "2026-06-08"))


def test_a_real_gap_is_told_apart() -> None:
    found = asof.periods([("2020-01-01", "2021-01-01"), ("2022-05-01", "")])
    assert asof.gaps(found) == [("2021-01-01", "2022-05-01")]
    assert asof.gaps(asof.periods([("2020-01-01", "2021-01-01"), ("2021-01-01", "")])) == []


@given(st.lists(st.tuples(st.dates(), st.dates()), max_size=8))
def test_periods_cover_the_same_days(rows: list[tuple[datetime.date, datetime.date]]) -> None:
    real = [(min(a, b), max(a, b)) for a, b in rows if a != b]
    found = asof.periods([(a.isoformat(), b.isoformat()) for a, b in real])
    for probe in {d for row in real for d in row}:
        inside = any(a <= probe < b for a, b in real)
        again = any(day(p.since) <= probe < day(p.until) for p in found)
        assert again or not inside
    assert all(a.until < b.since for a, b in pairwise(found))


def test_announced_before_in_force_is_known_but_not_listed() -> None:
    between = day("2019-10-08")
    lists = {"us-bis-entity"}
    assert not asof.listed(load(), "hikvision", between, lists)
    assert asof.known_at(load(), "hikvision", between, lists).answer is True
    assert asof.known_at(load(), "hikvision", day("2019-10-06"), lists).answer is False


@pytest.mark.parametrize("signed", [None, ""])
def test_known_at_signing_is_not_computable_where_the_story_gives_no_date(
    signed: str | None,
) -> None:
    """The press report of 2021 dates none of the three contracts: nothing may be made up."""
    known = asof.known_at(load(), "hikvision", signed, {"us-bis-entity"})
    assert known.answer is Absence.NOT_COMPUTABLE
    assert known.says == "the date of signature is not given"


def story() -> list[tuple[str, str]]:
    """The bundled story's awards: body, and the date of signature as published (none)."""
    raw = (resources.files("nameplate") / "examples/press_2021/records.json").read_bytes()
    releases = [record["compiledRelease"] for record in json.loads(raw)["records"]]
    return [
        (release["buyer"]["name"], award.get("date", ""))
        for release in releases
        for award in release["awards"]
    ]


@pytest.mark.parametrize(("body", "signed"), story(), ids=[body for body, _ in story()])
@pytest.mark.parametrize("watchlist", ["us-bis-entity", "us-889", "us-dod-1260h"])
def test_known_at_signing_for_each_contract_of_the_story(
    body: str, signed: str, watchlist: str
) -> None:
    known = asof.known_at(load(), "hikvision", signed, {watchlist})
    assert known.answer is Absence.NOT_COMPUTABLE


def test_the_story_has_three_contracts() -> None:
    assert len(story()) == 3


@pytest.mark.parametrize(
    ("signed", "answer"),
    [("2018", False), ("2019", Absence.NOT_COMPUTABLE), ("2019-10", Absence.NOT_COMPUTABLE),
     ("2020", True), ("2019-10-07", True)],
)  # fmt: skip
def test_known_at_a_shortened_date(signed: str, answer: bool | Absence) -> None:
    known = asof.known_at(load(), "hikvision", signed, {"us-bis-entity"})
    assert known.answer is answer


def made(*ties: Ownership, reach: str = "subsidiaries_and_affiliates") -> Catalogue:
    common = {"sources": (SOURCE,), "confidence": Confidence.PRIMARY, "recorded": "2026-11-23"}
    watchlist = Watchlist(
        id="w", key="w", name="W", authority="A", country="US", forbids="f", binds="b",
        reach=reach, **common,
    )  # type: ignore[arg-type]  # fmt: skip
    listing = Listing(
        id="l", watchlist="w", subject="entity:Top", listed_as="Top", valid_from="2020-01-01",
        citation="c", **common,
    )  # type: ignore[arg-type]  # fmt: skip
    return Catalogue(version="t", watchlists=(watchlist,), listings=(listing,), ownership=ties)


def tie(owner: str, owned: str, **more: object) -> Ownership:
    given = {
        "id": f"{owner}-{owned}",
        "sources": (SOURCE,),
        "confidence": Confidence.PRIMARY,
        "recorded": "2026-11-23",
        "relation": "subsidiary",
        "valid_from": "2019-01-01",
        **more,
    }
    return Ownership(owner=f"entity:{owner}", owned=f"entity:{owned}", **given)  # type: ignore[arg-type]


def test_a_listing_reaches_down_the_chain_and_says_through_whom() -> None:
    catalogue = made(tie("Top", "Middle"), tie("Middle", "Low"))
    (entry,) = asof.listed(catalogue, "entity:Low", day("2021-01-01"))
    assert [t.owned for t in entry.through] == ["entity:Middle", "entity:Low"]
    assert entry.sure
    assert not entry.named


@pytest.mark.parametrize(
    "catalogue",
    [
        made(tie("Top", "Low", valid_to="2020-06-01")),
        made(tie("Top", "Low", valid_from="2022-01-01")),
        made(tie("Top", "Low", relation="shareholder", share=20.0)),
        made(tie("Top", "Low", relation="shareholder")),
        made(tie("Low", "Top")),
        made(tie("Top", "Low", confidence=Confidence.LEAD)),
        made(tie("Top", "Low"), reach="named"),
    ],
    ids=["sold", "bought later", "minority", "share unknown", "upwards", "lead", "named only"],
)
def test_a_listing_does_not_reach(catalogue: Catalogue) -> None:
    assert not asof.listed(catalogue, "entity:Low", day("2021-01-01"))


def test_a_majority_shareholder_carries_it() -> None:
    catalogue = made(tie("Top", "Low", relation="shareholder", share=51.0))
    assert asof.listed(catalogue, "entity:Low", day("2021-01-01"))


def test_an_undated_tie_is_said_to_be_open() -> None:
    (entry,) = asof.listed(made(tie("Top", "Low", valid_from="")), "entity:Low", day("2021-01-01"))
    assert not entry.sure
    assert entry.why_unsure == "since when Top has held Low is not known"


def test_a_loop_of_owners_ends() -> None:
    catalogue = made(tie("Top", "Low"), tie("Low", "Top"))
    assert asof.listed(catalogue, "entity:Low", day("2021-01-01"))


def test_second_clock_leaves_out_what_we_learned_later() -> None:
    on = day("2026-11-23")
    assert asof.listed(load(), "hikvision", on)
    assert not asof.listed(load(), "hikvision", on, recorded_by=day("2026-11-22"))


@given(st.dates(min_value=datetime.date(1, 1, 1)))
def test_span_of_a_day_is_the_day(value: datetime.date) -> None:
    assert span(value.isoformat()) == (value, value)
