"""The bundled catalogue is whole, and each rule finds what it is there to find."""

from __future__ import annotations

import msgspec
import pytest

from nameplate.catalogue import check as proof
from nameplate.catalogue import schema
from nameplate.catalogue.aliases import LookAlike
from nameplate.catalogue.check import Fault, all_facts, check
from nameplate.catalogue.store import Catalogue, load

SOURCE = schema.Source(title="A public page", read="2026-11-23", url="https://example.org/page")


def base(fact_id: str) -> dict[str, object]:
    return {
        "id": fact_id,
        "sources": (SOURCE,),
        "confidence": schema.Confidence.PRIMARY,
        "recorded": "2026-11-23",
    }


def maker(key: str, **more: object) -> schema.Maker:
    return schema.Maker(**{**base(f"maker.{key}"), "key": key, "name": key.title(), **more})  # type: ignore[arg-type]


def name(key: str, text: str, **more: object) -> schema.Name:
    given = {**base(f"name.{key}.{text}"), "maker": key, "text": text, **more}
    return schema.Name(**{"kind": schema.NameKind.SHORT, **given})  # type: ignore[arg-type]


def grammar(key: str, pattern: str, **more: object) -> schema.Grammar:
    given = {**base(f"grammar.{key}"), "maker": key, "pattern": pattern, **more}
    return schema.Grammar(**{"device": "camera", "weight": 1.0, **given})  # type: ignore[arg-type]


@pytest.fixture(autouse=True)
def _no_look_alikes(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """Made-up catalogues have no makers for the bundled look-alikes to be told from."""
    if "bundled" not in request.node.name:
        monkeypatch.setattr(proof, "look_alikes", lambda: LOOKS)


LOOKS: tuple[LookAlike, ...] = ()


def test_a_look_alike_of_nobody_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    given = {**base("look.x"), "maker": "nobody", "text": "One", "sources": ()}
    monkeypatch.setattr(proof, "look_alikes", lambda: (LookAlike(**given),))  # type: ignore[arg-type]
    assert [text.partition(": ")[2] for text in faults()] == [
        "'One' is also a maker's spelling",
        "has no source",
        "no maker has the key 'nobody'",
    ]


def whole(**more: object) -> Catalogue:
    one = {"makers": (maker("one"),), "names": (name("one", "One"),)}
    return Catalogue(version="test", **{**one, **more})  # type: ignore[arg-type]


def faults(**more: object) -> list[str]:
    return [str(fault) for fault in check(whole(**more))]


def test_bundled_catalogue_is_whole() -> None:
    assert check(load()) == []


def test_bundled_catalogue_is_wide_enough() -> None:
    catalogue = load()
    sure = [m for m in catalogue.makers if m.confidence is not schema.Confidence.LEAD]
    assert len(sure) >= 60
    assert all(fact.sources for fact in all_facts(catalogue))


def test_nothing_wrong_is_nothing_said() -> None:
    assert faults() == []


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"makers": (maker("one"), maker("one"))}, "the id is used twice"),
        ({"makers": (maker("one", sources=()),)}, "has no source"),
        ({"makers": (maker("one", recorded="2026-13"),)}, "is no ISO date"),
        ({"makers": (maker("one", makes=("toaster",)),)}, "makes 'toaster' is none of"),
        ({"names": (name("one", "One"), name("two", "Two"))}, "no maker has the key 'two'"),
        ({"names": (name("one", "One", brand="b"),)}, "no brand has the key 'b'"),
        ({"names": (name("one", "One", not_after=("(",)),)}, "does not compile"),
        ({"makers": (maker("one"), maker("two"))}, "no spelling names it"),
        (
            {
                "makers": (maker("one"), maker("two")),
                "names": (name("one", "Same"), name("two", "same")),
            },
            "names one and two",
        ),
        ({"makers": (maker("one", confidence=schema.Confidence.LEAD),)}, "which is only a lead"),
        ({"grammars": (grammar("one", "("),)}, "does not compile"),
        ({"grammars": (grammar("one", "A1"),)}, "needs an example and a counter-example"),
        (
            {"grammars": (grammar("one", r"A\d", examples=("B1",), counter_examples=("A1",)),)},
            "does not match its example 'B1'",
        ),
        (
            {"grammars": (grammar("one", r"A\d", examples=("A1",), counter_examples=("a2",)),)},
            "matches its counter-example 'a2'",
        ),
        (
            {
                "makers": (maker("one"), maker("two")),
                "names": (name("one", "One"), name("two", "Two")),
                "grammars": (
                    grammar("one", r"A\d", examples=("A1",), counter_examples=("B",)),
                    grammar("two", r"[AB]\d", examples=("B1",), counter_examples=("C",)),
                ),
            },
            "its example 'A1' is claimed by grammar.two",
        ),
    ],
)
def test_each_fault_is_found(more: dict[str, object], says: str) -> None:
    assert any(says in fault for fault in faults(**more)), faults(**more)


def test_all_faults_come_at_once() -> None:
    found = faults(makers=(maker("one", sources=(), recorded="x", makes=("toaster",)),))
    assert len(found) == 3


def test_listing_dates_are_in_order() -> None:
    watchlist = schema.Watchlist(
        **base("watchlist.w"),  # type: ignore[arg-type]
        key="w", name="W", authority="A", country="GB", forbids="x", binds="y",
    )  # fmt: skip
    listing = schema.Listing(
        **base("listing.w.one"),  # type: ignore[arg-type]
        watchlist="w", subject="one", listed_as="One", valid_from="2020-01-02", citation="c",
        announced="2020-02-01", valid_to="2019-01-01", editions=("2019-06-01",),
    )  # fmt: skip
    found = faults(watchlists=(watchlist,), listings=(listing,))
    assert [text.partition(": ")[2] for text in found] == [
        "announced is after valid_from",
        "editions are not in order between valid_from and valid_to",
        "valid_to is not after valid_from",
    ]


def test_fault_sorts_and_reads() -> None:
    assert str(Fault("a", "b")) == "a: b"
    assert sorted([Fault("b", "x"), Fault("a", "y")])[0].fact == "a"


def test_version_follows_the_facts() -> None:
    catalogue = load()
    assert len(catalogue.version) == 16
    assert msgspec.structs.replace(catalogue, version="x").makers == catalogue.makers
