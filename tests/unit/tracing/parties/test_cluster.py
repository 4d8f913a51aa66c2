from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nameplate.tracing.parties.cluster import Clustering, Collector, cluster
from nameplate.tracing.parties.judgements import (
    Judgements,
    Verdict,
    judge,
    load_judgements,
    withdraw,
)

DAY = date(2026, 11, 23)


def run(
    *rows: tuple[str, tuple[str, ...]] | str, judgements: Judgements | None = None
) -> Clustering:
    collector = Collector()
    for row in rows:
        name, identifiers = (row, ()) if isinstance(row, str) else row
        collector.add(name, identifiers)
    return cluster(collector.suppliers.values(), judgements)


def together(result: Clustering, *names: str) -> bool:
    return any(set(names) <= set(found.names) for found in result.clusters)


def test_spelling_of_the_form_and_punctuation_join() -> None:
    result = run("D.V. Limited", "DV LTD", "DV Ltd.")
    assert together(result, "D.V. Limited", "DV LTD", "DV Ltd.")


def test_the_same_number_joins_unlike_spellings() -> None:
    result = run(
        ("Weston Distribution", ("GB-COH:3944371",)),
        ("Weston Communications (Networks) Ltd", ("GB-COH:03944371",)),
    )
    assert together(result, "Weston Distribution", "Weston Communications (Networks) Ltd")


def test_a_mistyped_number_joins_nothing_unlike() -> None:
    result = run(
        ("Borchester Drainage Ltd", ("GB-COH:3944371",)),
        ("Quetzal Lighthouse Security plc", ("GB-COH:03944371",)),
    )
    assert len(result.clusters) == 2


def test_different_forms_of_one_name_are_a_question() -> None:
    result = run("Acme Quetzal Ltd", "Acme Quetzal LLP")
    assert len(result.clusters) == 2
    assert len(result.questions) == 1


def test_a_name_without_a_form_bridges_nothing() -> None:
    result = run("Acme Quetzal Ltd", "Acme Quetzal LLP", "Acme Quetzal")
    assert len(result.clusters) == 3
    assert together(run("Acme Quetzal Ltd", "Acme Quetzal"), "Acme Quetzal Ltd", "Acme Quetzal")


def test_different_numbers_are_never_bridged() -> None:
    result = run(
        ("Acme Quetzal Ltd", ("GB-COH:00000001",)),
        ("ACME QUETZAL LIMITED", ("GB-COH:00000002",)),
        "Acme Quetzal Limited",
    )
    assert not together(result, "Acme Quetzal Ltd", "ACME QUETZAL LIMITED")
    assert result.refused


def test_likeness_alone_asks_and_joins_nothing() -> None:
    result = run("Quetzal Lighthouse Security Ltd", "Quetzel Lighthouse Security Ltd")
    assert len(result.clusters) == 2
    (question,) = result.questions
    assert question.score > 0.6
    assert question.reasons


def test_the_look_alike_stays_apart() -> None:
    result = run("Dahua Technology UK Limited", "DAHUA ELECTRONICS CORPORATION")
    assert len(result.clusters) == 2


def test_a_persons_word_wins_and_may_be_withdrawn(tmp_path: Path) -> None:
    path = tmp_path / "judgements.jsonl"
    rows = ("Acme Quetzal Ltd", "ACME QUETZAL LIMITED", "Bolt Ltd")
    judge(path, rows[0], rows[1], Verdict.DIFFERENT, by="A. Person", reason="two firms", on=DAY)
    said = judge(path, rows[0], rows[2], Verdict.SAME, by="A. Person", reason="renamed", on=DAY)
    result = run(*rows, judgements=load_judgements(path))
    assert together(result, rows[0], rows[2])
    assert not together(result, rows[0], rows[1])
    withdraw(path, said.statement_id, by="B. Person", reason="was wrong", on=DAY)
    result = run(*rows, judgements=load_judgements(path))
    assert not together(result, rows[0], rows[2])
    assert len(path.read_bytes().splitlines()) == 3


def test_a_difference_holds_through_a_third_name(tmp_path: Path) -> None:
    path = tmp_path / "judgements.jsonl"
    rows = ("Acme Quetzal Ltd", "ACME QUETZAL LIMITED", "Acme Quetzal Limited.")
    judge(path, rows[0], rows[1], Verdict.DIFFERENT, by="A", reason="two firms", on=DAY)
    assert not together(run(*rows, judgements=load_judgements(path)), rows[0], rows[1])


def test_an_unsure_pair_is_not_asked_again(tmp_path: Path) -> None:
    path = tmp_path / "judgements.jsonl"
    rows = ("Quetzal Lighthouse Security Ltd", "Quetzel Lighthouse Security Ltd")
    judge(path, *rows, Verdict.UNSURE, by="A", reason="no number", on=DAY)
    result = run(*rows, judgements=load_judgements(path))
    assert result.questions == []
    assert len(result.clusters) == 2


names = st.sampled_from(
    [
        "Acme Ltd",
        "ACME LIMITED",
        "Acme LLP",
        "Acme",
        "Bolt",
        "Bolt plc",
        "Acme Bolt Ltd",
        "Akme Ltd",
    ]
)


@given(st.lists(names, min_size=1, max_size=8), st.randoms())
def test_order_does_not_matter_and_no_name_is_lost(rows: list[str], random: object) -> None:
    shuffled = list(rows)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    one, other = run(*rows), run(*shuffled)
    assert one.clusters == other.clusters
    assert one.questions == other.questions
    assert sorted(name for found in one.clusters for name in found.names) == sorted(set(rows))
    assert sum(found.rows for found in one.clusters) == len(rows)


def test_a_row_without_a_name_is_counted() -> None:
    collector = Collector()
    collector.add("  ")
    assert (collector.rows, collector.without_name) == (1, 1)


@pytest.mark.parametrize("torn", [b'{"statement_id":"st_', b"\xff\xfe"])
def test_a_torn_line_is_set_aside_and_nothing_else_is_lost(tmp_path: Path, torn: bytes) -> None:
    path = tmp_path / "judgements.jsonl"
    judge(path, "A Ltd", "B Ltd", Verdict.SAME, by="A", reason="r", on=DAY)
    with path.open("ab") as stream:
        stream.write(torn)
    judge(path, "A Ltd", "C Ltd", Verdict.SAME, by="A", reason="r", on=DAY)
    found = load_judgements(path)
    assert len(found) == 2
    assert found.damaged == 1
