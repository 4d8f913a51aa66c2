"""The JSON reader and the compiling after it: what is read, counted, merged and set aside."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nameplate.model.money import AmountKind, TaxBasis
from nameplate.model.purchase import DateKind, Purchase
from nameplate.sources import notices
from nameplate.sources.api import Mode, Part, Profile, ReadOptions, SetAside, SourceFile
from nameplate.sources.compile import compile_run
from nameplate.sources.notices import JsonReader

CCTV = re.compile(r"cctv|hikvision|32323500", re.IGNORECASE)


class WordFinder:
    """Finds "cctv", "hikvision" and the CPV code, also in UTF-16 and behind JSON escapes."""

    def scan(self, block: bytes | memoryview) -> list[int]:
        text = bytes(block).decode("latin-1")
        text = re.sub(r"\\u00([0-7][0-9a-f])", lambda m: chr(int(m[1], 16)).ljust(6, "\1"), text)
        pattern = re.compile(
            "|".join("\1*".join(w) for w in ("cctv", "hikvision", "32323500")), re.I
        )
        return [m.start() for m in pattern.finditer(text)]

    def matches(self, text: str) -> bool:
        return bool(CCTV.search(text))

    def matches_cpv(self, codes: tuple[str, ...]) -> bool:
        return "32323500" in codes


def source(path: Path, name: str = "") -> SourceFile:
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return SourceFile(name or path.name, path, path.stat().st_size, digest)


def read(
    *paths: Path, mode: Mode = Mode.FULL, spill: Path | None = None, body: str | None = None
) -> tuple[list[Purchase], list[SetAside], list[Profile]]:
    spill = spill or paths[0].parent / f"spill-{mode}"
    bought: list[Purchase] = []
    aside: list[SetAside] = []
    profiles = []
    sources = {}
    spills = []
    for number, path in enumerate(paths):
        profile = Profile()
        item = source(path)
        sources[item.name] = item
        spills.append(spill / str(number))
        options = ReadOptions(mode=mode, spill=spills[-1], body=body)
        for chunk in JsonReader().read(item, WordFinder(), options, profile):
            bought += chunk.purchases
            aside += chunk.set_aside
        profiles.append(profile)
    for chunk in compile_run(spills, sources, WordFinder(), ReadOptions(mode=mode, body=body)):
        bought += chunk.purchases
        aside += chunk.set_aside
    return bought, aside, profiles


def lines(path: Path, *records: Any) -> Path:
    path.write_text("".join(json.dumps(r) + "\n" for r in records))
    return path


TENDER = {
    "ocid": "ocds-x-1",
    "id": "1",
    "date": "2024-01-01T10:00:00Z",
    "tag": ["tender"],
    "buyer": {"id": "B1", "name": "Anytown Council"},
    "tender": {
        "id": "T1",
        "title": "Town centre CCTV",
        "status": "active",
        "value": {"amount": 100, "currency": "GBP"},
        "items": [{"id": "1", "classification": {"scheme": "CPV", "id": "32323500-8"}}],
    },
}
AWARD = {
    "ocid": "ocds-x-1",
    "id": "2",
    "date": "2024-03-01T10:00:00Z",
    "tag": ["award"],
    "parties": [
        {
            "id": "S1",
            "name": "Fitters Ltd",
            "roles": ["supplier"],
            "identifier": {"scheme": "GB-COH", "id": "01234567"},
        }
    ],
    "awards": [
        {
            "id": "A1",
            "status": "active",
            "date": "2024-02-28T23:30:00Z",
            "value": {"amount": 90.55, "currency": "GBP"},
            "suppliers": [{"id": "S1", "name": "Fitters Ltd"}],
        }
    ],
    "contracts": [{"id": "C1", "awardID": "A1", "dateSigned": "2024-05-01T23:30:00Z"}],
}
OTHER = {"ocid": "ocds-x-2", "id": "9", "date": "2024-01-05", "tender": {"title": "Bread"}}


def test_releases_of_one_process_in_two_files_make_one_purchase(tmp_path: Path) -> None:
    one = lines(tmp_path / "one.jsonl", TENDER, OTHER)
    two = lines(tmp_path / "two.jsonl", OTHER, AWARD)
    (bought,), aside, profiles = read(one, two)
    assert aside == []
    assert bought.award_id == "A1"
    assert bought.title == "Town centre CCTV"
    assert (bought.amount, bought.currency) == (Decimal("90.55"), "GBP")
    assert (bought.amount_kind, bought.amount_tax) == (AmountKind.AWARD, TaxBasis.UNKNOWN)
    # Signed at 23:30 UTC in summer time: the next day in London.
    assert (str(bought.date), bought.date_kind) == ("2024-05-02", DateKind.SIGNED)
    assert (bought.body, bought.supplier) == ("Anytown Council", "Fitters Ltd")
    assert bought.suppliers[0].identifiers == ("GB-COH:01234567",)
    assert bought.cpv == ("32323500",)
    assert (bought.source_file, bought.locator) == ("two.jsonl", "line:2 /awards/0")
    assert bought.source_sha256 == hashlib.sha256(two.read_bytes()).hexdigest()
    assert [p.records_read for p in profiles] == [2, 2]
    assert profiles[0].amount_sum == {"GBP notice_estimate unknown": Decimal(100)}
    assert profiles[1].amount_sum == {"GBP award unknown": Decimal("90.55")}
    assert str(profiles[0].first_date) == "2024-01-01"


def test_nothing_counts_twice_when_a_release_is_published_twice(tmp_path: Path) -> None:
    one = lines(tmp_path / "one.jsonl", TENDER, AWARD, AWARD)
    two = lines(tmp_path / "two.jsonl", AWARD)
    bought, _, _ = read(one, two)
    assert [p.award_id for p in bought] == ["A1"]


def test_awards_without_ids_are_matched_by_position(tmp_path: Path) -> None:
    first = {**AWARD, "awards": [{"title": "CCTV", "value": {"amount": 1, "currency": "GBP"}}]}
    later = {**first, "date": "2024-04-01", "awards": [{"value": {"amount": 2, "currency": "GBP"}}]}
    bought, _, _ = read(lines(tmp_path / "a.jsonl", first, {**later, "contracts": []}))
    assert [(p.amount, p.title) for p in bought if p.amount] == [(Decimal(2), "CCTV")]


def test_two_awards_with_one_id_are_two_purchases(tmp_path: Path) -> None:
    award = {"id": "1", "value": {"amount": 5, "currency": "GBP"}}
    bought, _, _ = read(lines(tmp_path / "a.jsonl", {**TENDER, "awards": [award, award]}))
    assert [p.award_id for p in bought] == ["1", "1#2"]
    assert len({p.purchase_id for p in bought}) == 2


def test_awards_get_only_the_text_of_their_own_lots(tmp_path: Path) -> None:
    release = {
        **TENDER,
        "tender": {
            "title": "Security",
            "lots": [{"id": "1", "title": "CCTV"}, {"id": "2", "title": "Guards"}],
            "items": [
                {"id": "1", "relatedLot": "1", "description": "Hikvision domes"},
                {"id": "2", "relatedLot": "2", "description": "Night shifts"},
            ],
        },
        "awards": [
            {"id": "a", "relatedLots": ["1"], "value": {"amount": 1, "currency": "GBP"}},
            {"id": "b", "relatedLots": ["2"], "value": {"amount": 2, "currency": "GBP"}},
        ],
    }
    (bought,), _, _ = read(lines(tmp_path / "a.jsonl", release))
    assert bought.award_id == "a"
    said = [t.text for t in bought.texts]
    assert "Hikvision domes" in said
    assert not {"Guards", "Night shifts"} & set(said)


def test_a_contract_without_award_is_a_purchase_and_never_counts_beside_awards(
    tmp_path: Path,
) -> None:
    contract = {"id": "C", "value": {"amount": 7, "currency": "GBP"}, "dateSigned": "2024-01-02"}
    alone, _, _ = read(lines(tmp_path / "a.jsonl", {**TENDER, "contracts": [contract]}))
    assert [(p.award_id, p.amount, p.amount_kind) for p in alone] == [
        ("contract:C", Decimal(7), AmountKind.CONTRACT)
    ]
    awards = [{"id": "1", "value": {"amount": 5}}, {"id": "2", "value": {"amount": 6}}]
    beside, _, _ = read(
        lines(tmp_path / "b.jsonl", {**TENDER, "awards": awards, "contracts": [contract]})
    )
    assert [(p.award_id, p.amount) for p in beside] == [
        ("1", Decimal(5)),
        ("2", Decimal(6)),
        ("contract:C", None),
    ]


@pytest.mark.parametrize(
    ("tender", "flagged"),
    [
        ({"title": "CCTV", "techniques": {"hasFrameworkAgreement": True}}, True),
        ({"title": "CCTV Framework Agreement"}, True),
        ({"title": "CCTV call-off under framework 628"}, False),
        (
            {
                "title": "CCTV framework",
                "procurementMethodDetails": "Call-off from a framework agreement",
            },
            False,
        ),
        ({"title": "CCTV"}, False),
    ],
)
def test_framework_ceilings_are_flagged(
    tmp_path: Path, tender: dict[str, Any], flagged: bool
) -> None:
    (bought,), _, _ = read(lines(tmp_path / "a.jsonl", {**TENDER, "tender": tender}))
    assert bought.is_framework is flagged


@pytest.mark.parametrize(
    ("value", "amount", "tax"),
    [
        ({"amount": 100, "amountGross": 120}, 100, TaxBasis.NET),
        ({"amountGross": 120}, 120, TaxBasis.GROSS),
        ({"amountNet": 100}, 100, TaxBasis.NET),
        ({"amount": 120, "valueAddedTaxIncluded": True}, 120, TaxBasis.GROSS),
        ({"amount": 100}, 100, TaxBasis.UNKNOWN),
        ({"amount": "ninety"}, None, TaxBasis.UNKNOWN),
    ],
)
def test_net_and_gross_only_where_the_record_says_so(
    tmp_path: Path, value: dict[str, Any], amount: int | None, tax: TaxBasis
) -> None:
    release = {**TENDER, "awards": [{"id": "1", "value": {"currency": "gbp", **value}}]}
    (bought,), _, (profile,) = read(lines(tmp_path / "a.jsonl", release))
    assert (bought.amount, bought.amount_tax, bought.currency) == (amount, tax, "GBP")
    assert profile.amounts_unread == (value == {"amount": "ninety"})


def test_what_a_later_release_no_longer_says_is_kept_under_its_own_path(tmp_path: Path) -> None:
    later = {**AWARD, "tender": {"title": "Security works"}}
    first = {**TENDER, "tender": {"title": "Hikvision cameras"}}
    (bought,), _, _ = read(lines(tmp_path / "a.jsonl", first, later))
    assert bought.title == "Security works"
    assert ("earlier release 1 /tender/title", "Hikvision cameras") in [
        (t.path, t.text) for t in bought.texts
    ]


RECORD = {"ocid": "ocds-x-1", "releases": [TENDER, AWARD]}


@pytest.mark.parametrize(
    ("value", "read_count"),
    [
        (TENDER, 1),
        ([TENDER, AWARD, OTHER], 3),
        ({"version": "1.1", "releases": [TENDER, AWARD, OTHER]}, 3),
        ({"version": "1.1", "records": [RECORD, {"ocid": "ocds-x-2", "releases": [OTHER]}]}, 2),
        (RECORD, 1),
        ({**RECORD, "compiledRelease": {**TENDER, **AWARD}}, 1),
        ([{"releases": [TENDER, AWARD]}, {"records": [RECORD]}], 3),
    ],
)
@pytest.mark.parametrize("mode", list(Mode))
@pytest.mark.parametrize("shape", ["compact", "pretty", "two", "lines"])
def test_every_container_gives_one_purchase(
    tmp_path: Path, value: Any, read_count: int, mode: Mode, shape: str
) -> None:
    path = tmp_path / "a.json"
    text = json.dumps(value, indent=2 if shape == "pretty" else None)
    times = {"two": 2, "lines": 2}.get(shape, 1)
    path.write_text(("\n" if shape == "lines" else "").join([text] * times))
    bought, aside, (profile,) = read(path, mode=mode)
    assert aside == []
    assert profile.records_read == read_count * times
    assert len(bought) == 1
    assert bought[0].title == "Town centre CCTV"


def test_linked_releases_are_noted_not_dropped(tmp_path: Path) -> None:
    record = {
        "ocid": "ocds-x-1",
        "releases": [
            {"url": "https://example.org/1.json", "date": "2024-01-01", "tag": ["tender"]}
        ],
        "compiledRelease": {**TENDER, "tag": ["compiled"]},
    }
    (bought,), _, (profile,) = read(lines(tmp_path / "a.jsonl", record, record))
    assert bought.title == "Town centre CCTV"
    assert any("linked releases" in note and "not computable" in note for note in profile.notes)


@pytest.mark.parametrize(
    ("encoding", "bom"),
    [
        ("utf-8", b"\xef\xbb\xbf"),
        ("utf-16-le", b"\xff\xfe"),
        ("utf-16-be", b"\xfe\xff"),
        ("utf-16-le", b""),
        ("utf-32-le", b"\xff\xfe\0\0"),
    ],
)
@pytest.mark.parametrize("framing", ["lines", "package"])
def test_encodings(tmp_path: Path, encoding: str, bom: bytes, framing: str) -> None:
    path = tmp_path / "a.json"
    text = (
        json.dumps(TENDER) + "\n" + json.dumps(OTHER) + "\n"
        if framing == "lines"
        else json.dumps({"releases": [TENDER, OTHER]}, indent=1)
    )
    path.write_bytes(bom + text.encode(encoding))
    (bought,), aside, (profile,) = read(path)
    assert aside == []
    assert profile.records_read == 2
    assert bought.locator.startswith("line:1" if framing == "lines" else "line:3 /releases/0")
    assert encoding[:6] in profile.encoding


def test_bytes_of_windows_1252_and_half_surrogates_are_read(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(
        json.dumps({**TENDER, "title": "caf"}).encode().replace(b'"caf"', b'"caf\xe9"')
        + b"\n"
        + json.dumps({**TENDER, "ocid": "b", "title": "x\ud83d"}).encode()
        + b"\n"
    )
    bought, aside, _ = read(path)
    assert aside == []
    assert {t.text for p in bought for t in p.texts if t.path == "/title"} == {"café", "x\ufffd"}


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b'{"ocid":"a","tender":{"title":"CCTV', "not JSON|middle of this record"),
        (b'{"ocid":"a","x":NaN,"title":"CCTV"}', "not JSON"),
        (b"true", "true or false where a notice was expected"),
        (b'{"cctv":1}', "neither an OCDS release"),
        (b'{"ocid":"a","t":' + b"[" * 100_000 + b"]" * 100_000 + b"}", "nested too deeply"),
        (b"<html>CCTV</html>", "not JSON"),
    ],
)
def test_a_broken_line_is_set_aside_and_the_rest_is_read(
    tmp_path: Path, line: bytes, reason: str
) -> None:
    path = tmp_path / "a.jsonl"
    good = json.dumps(TENDER).encode()
    path.write_bytes(good + b"\n" + line + b"\n\n" + json.dumps(OTHER).encode())
    bought, aside, (profile,) = read(path)
    assert len(bought) == 1
    assert (profile.records_read, profile.records_set_aside) == (2, 1)
    assert re.search(reason, aside[0].reason)
    assert aside[0].locator.startswith("line:2")
    assert len(aside[0].excerpt) <= 200


def test_duplicate_members_take_the_last_in_both_modes(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"ocid":"a","ocid":"b","tender":{"title":"CCTV"}}\n' * 2)
    for mode in Mode:
        bought, _, _ = read(path, mode=mode)
        assert [p.ocid for p in bought] == ["b"]


def test_a_release_without_ocid_stands_for_itself(tmp_path: Path) -> None:
    bare = {k: v for k, v in TENDER.items() if k != "ocid"}
    bought, _, (profile,) = read(lines(tmp_path / "a.jsonl", bare, bare, OTHER))
    assert profile.records_read == 3
    assert [p.ocid for p in bought] == [None]  # the same content twice counts once


def test_the_constructed_say_so(tmp_path: Path) -> None:
    told = {**TENDER, "ocid": "ocds-000000-1", "constructed": "Written from a press report"}
    untold = {**TENDER, "ocid": "ocds-000000-2"}
    bought, _, (profile,) = read(lines(tmp_path / "a.jsonl", told, untold))
    said = {p.ocid: p.constructed for p in bought}
    assert said["ocds-000000-1"] == "Written from a press report"
    assert "constructed" in said["ocds-000000-2"]
    assert profile.notes == []


def test_unknown_members_are_loud(tmp_path: Path) -> None:
    bought, _, (profile,) = read(lines(tmp_path / "a.jsonl", {**OTHER, "maker": "CCTV Hikvision"}))
    assert "maker" in profile.notes[0]
    assert bought[0].texts[0].text == "CCTV Hikvision"


def test_a_body_told_by_option_overrules_the_buyer(tmp_path: Path) -> None:
    (bought,), _, _ = read(lines(tmp_path / "a.jsonl", TENDER), body="Othertown Council")
    assert (bought.body, bought.body_source) == ("Othertown Council", "option")
    assert bought.buyer is not None
    assert bought.buyer.name == "Anytown Council"


WORD = st.sampled_from(["CCTV", "bread", "\u0043CTV", "Hikvision", "road", "caf\u00e9"])
RELEASES = st.lists(
    st.fixed_dictionaries(
        {
            "ocid": st.sampled_from(["a", "b", "c", "d"]),
            "date": st.sampled_from(["2024-01-01", "2024-02-01"]),
        },
        optional={
            "id": st.sampled_from(["1", "2"]),
            "title": WORD,
            "tender": st.fixed_dictionaries(
                {"title": WORD}, optional={"value": st.just({"amount": 3})}
            ),
            "awards": st.lists(
                st.fixed_dictionaries({"id": st.sampled_from(["1", "2"])}), max_size=2
            ),
        },
    ),
    min_size=1,
    max_size=8,
)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(releases=RELEASES, ascii_only=st.booleans(), last=st.booleans(), cut=st.integers(0, 8))
def test_quick_and_full_and_any_split_find_the_same(
    tmp_path: Path, releases: list[dict[str, Any]], ascii_only: bool, last: bool, cut: int
) -> None:
    path = tmp_path / "a.jsonl"
    texts = [json.dumps(r, ensure_ascii=ascii_only) + "\n" for r in releases]
    if last:
        texts = [json.dumps(dict(reversed(json.loads(t).items()))) + "\n" for t in texts]
    path.write_text("".join(texts), encoding="utf-8")
    full, _, (profile,) = read(path)
    quick, _, (quick_profile,) = read(path, mode=Mode.QUICK)
    assert full == quick
    assert profile.records_read == quick_profile.records_read == len(releases)
    start = len("".join(texts[:cut]).encode())
    item = source(path)
    spills = []
    count = 0
    for a, b in ((0, start), (start, item.size)):
        part = Profile()
        spills.append(tmp_path / f"part-{a > 0 or b < start}-{len(spills)}")
        options = ReadOptions(spill=spills[-1], part=Part(a, b, 1 if a == 0 else 0))
        list(JsonReader().read(item, WordFinder(), options, part))
        count += part.records_read
    parted = [
        p
        for c in compile_run(spills, {item.name: item}, WordFinder(), ReadOptions())
        for p in c.purchases
    ]
    assert parted == full
    assert count == len(releases)
    hits = {r["ocid"] for r in releases if CCTV.search(json.dumps(r, ensure_ascii=False))}
    assert {p.ocid for p in full} == hits


def test_split_cuts_only_json_lines_and_at_line_starts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notices, "_SMALLEST_PART", 100)
    path = lines(tmp_path / "a.jsonl", *[{**TENDER, "ocid": str(i)} for i in range(50)])
    parts = JsonReader().split(source(path), 3)
    data = path.read_bytes()
    assert len(parts) == 3
    assert [p.start for p in parts][1:] == [p.end for p in parts][:-1]
    assert all(data[p.start - 1 : p.start] == b"\n" for p in parts[1:])
    pretty = tmp_path / "b.json"
    pretty.write_text(json.dumps({"releases": [TENDER] * 50}, indent=1))
    assert JsonReader().split(source(pretty), 3) == [Part(0, pretty.stat().st_size)]


def test_the_file_is_hashed_as_it_is_read(tmp_path: Path) -> None:
    for number, text in enumerate(
        [
            json.dumps(TENDER) + "\n" + json.dumps(OTHER),
            json.dumps({"releases": [TENDER]}, indent=1),
            "",
        ]
    ):
        path = tmp_path / f"{number}.json"
        path.write_text(text)
        digest = hashlib.sha256()
        options = ReadOptions(spill=tmp_path / f"s{number}", on_bytes=digest.update)
        list(JsonReader().read(source(path), WordFinder(), options, Profile()))
        assert digest.hexdigest() == hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_long_single_line_package_is_read_in_bounded_memory(tmp_path: Path) -> None:
    import tracemalloc

    path = tmp_path / "a.json"
    padding = "x" * 2000
    with path.open("w") as file:
        file.write('{"version":"1.1","releases":[')
        for number in range(20_000):
            file.write(
                ("," if number else "")
                + json.dumps({**TENDER, "ocid": str(number % 7), "pad": padding})
            )
        file.write("]}")
    item = SourceFile(path.name, path, path.stat().st_size)
    assert item.size > 40_000_000
    profile = Profile()
    tracemalloc.start()
    for _ in JsonReader().read(item, WordFinder(), ReadOptions(spill=tmp_path / "s"), profile):
        pass
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert profile.records_read == 20_000
    assert peak < 25_000_000


def test_contracts_finder_exports(tmp_path: Path) -> None:
    notice = {
        "id": "n1",
        "title": "CCTV &amp; alarms",
        "description": "Linern- onernrnTwo",
        "organisation": "Anytown Council",
        "status": "awarded",
        "notice_type": "Contract",
        "published_date": "2024-01-02",
        "awarded_date": "2024-02-03",
        "awarded_value": 12.5,
        "value_low": 1,
        "value_high": 0,
        "awarded_supplier": "B&amp;E Ltd",
        "cpv_codes": "32323500 45000000",
        "cpv_description": "Video-surveillance system",
    }
    path = tmp_path / "cf.json"
    path.write_text(
        json.dumps(
            {"meta": {}, "contracts": [notice, {**notice, "id": "n2", "awarded_value": 0}]},
            indent=1,
        )
    )
    (one, two), aside, (profile,) = read(path)
    assert aside == []
    assert (one.title, one.supplier, one.cpv) == (
        "CCTV & alarms",
        "B&E Ltd",
        ("32323500", "45000000"),
    )
    assert (one.amount, one.amount_kind, str(one.date)) == (
        Decimal("12.5"),
        AmountKind.AWARD,
        "2024-02-03",
    )
    assert (two.amount, two.amount_kind) == (Decimal(1), AmountKind.NOTICE_ESTIMATE)
    assert one.locator.endswith("/contracts/0")
    assert profile.format == "Contracts Finder notices"
    assert profile.amount_sum == {
        "GBP award unknown": Decimal("12.5"),
        "GBP notice_estimate unknown": Decimal(1),
    }


def test_contracts_finder_search_answers(tmp_path: Path) -> None:
    item = {
        "id": "n1",
        "title": "CCTV",
        "organisationName": "Anytown",
        "awardedValue": 3,
        "cpvCodes": "32323500",
    }
    path = tmp_path / "cf.json"
    path.write_text(json.dumps({"hitCount": 1, "noticeList": [{"score": 1, "item": item}]}))
    (one,), _, _ = read(path)
    assert (one.body, one.amount) == ("Anytown", Decimal(3))


def test_gzip_is_not_taken_for_json(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(gzip.compress(b'{"ocid":"a"}'))
    _, aside, (profile,) = read(path)
    assert profile.records_read == 0
    assert "not JSON" in aside[0].reason
