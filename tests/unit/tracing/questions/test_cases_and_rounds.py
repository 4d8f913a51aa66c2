from __future__ import annotations

import datetime
from pathlib import Path

import msgspec
import pytest

from nameplate.model.errors import InputError, UsageError
from nameplate.model.statement import Asserter, SourceRef, Statement, made
from nameplate.tracing.questions.cases import (
    CaseLog,
    Event,
    State,
    asked_lately,
    cases,
    question_id,
    settled,
)
from nameplate.tracing.questions.contradictions import contradictions
from nameplate.tracing.questions.rounds import Outcome, drawn, outcome_of, share

D = datetime.date


SENT_ON = D(2024, 4, 29)


def sent(day: datetime.date = SENT_ON) -> Event:
    return Event(
        question_id=question_id("Anyborough Council", day, ["p_1"]),
        state=State.SENT,
        day=day,
        body="Anyborough Council",
        purchases=("p_1",),
        nation="England",
    )


def then(event: Event, state: State, day: datetime.date) -> Event:
    return Event(question_id=event.question_id, state=state, day=day)


def test_overdue_follows_from_the_day(tmp_path: Path) -> None:
    log = CaseLog(tmp_path / "q.jsonl")
    log.record(sent())
    assert cases(log.events(), D(2024, 5, 29))[0].state is State.SENT
    assert cases(log.events(), D(2024, 5, 30))[0].state is State.OVERDUE
    assert cases(log.events(), D(2024, 4, 1)) == []


def test_clock_stands_still_for_a_clarification(tmp_path: Path) -> None:
    log = CaseLog(tmp_path / "q.jsonl")
    first = sent()
    log.record(first)
    assert log.record(then(first, State.CLARIFICATION, D(2024, 5, 7))).due is None
    case = log.record(then(first, State.RESUMED, D(2024, 5, 14)))
    assert case.due == D(2024, 6, 5)


def test_extension_review_and_answer(tmp_path: Path) -> None:
    log = CaseLog(tmp_path / "q.jsonl")
    first = sent()
    log.record(first)
    assert log.record(then(first, State.EXTENDED, D(2024, 5, 20))).due == D(2024, 6, 26)
    log.record(then(first, State.REFUSED, D(2024, 6, 3)))
    assert log.record(then(first, State.REVIEW, D(2024, 6, 10))).state is State.REVIEW
    assert log.record(then(first, State.ANSWERED, D(2024, 7, 1))).state is State.ANSWERED
    log.record(then(first, State.CLOSED, D(2024, 7, 2)))
    with pytest.raises(UsageError, match="closed"):
        log.record(then(first, State.ANSWERED, D(2024, 7, 3)))


@pytest.mark.parametrize(
    ("state", "day"),
    [
        (State.OVERDUE, D(2024, 6, 1)),
        (State.RESUMED, D(2024, 6, 1)),
        (State.ANSWERED, D(2020, 1, 1)),
    ],
)
def test_what_cannot_follow_is_refused(tmp_path: Path, state: State, day: datetime.date) -> None:
    log = CaseLog(tmp_path / "q.jsonl")
    log.record(sent())
    with pytest.raises(UsageError):
        log.record(then(sent(), state, day))
    assert len(log.events()) == 1


def test_nothing_is_answered_before_it_is_sent(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="sent"):
        CaseLog(tmp_path / "q.jsonl").record(then(sent(), State.ANSWERED, D(2024, 5, 1)))


def test_asked_lately_counts_sixty_working_days() -> None:
    events = [sent()]
    assert asked_lately(events, D(2024, 5, 20)) == {"Anyborough Council": 1}
    assert asked_lately(events, D(2024, 9, 20)) == {}
    assert settled(cases(events, D(2024, 5, 1))) == {"p_1"}


def test_a_broken_line_is_named(tmp_path: Path) -> None:
    path = tmp_path / "q.jsonl"
    path.write_bytes(msgspec.json.encode(sent()) + b"\n{broken\n")
    with pytest.raises(InputError, match="line 2"):
        CaseLog(path).events()


def test_non_response_is_bounded_never_assumed() -> None:
    held = [Outcome.YES] * 28 + [Outcome.NO] * 15 + [Outcome.NO_ANSWER] * 9
    found = share("uses Hikvision", held)
    assert (found.asked, found.answered) == (52, 43)
    assert found.among_answers == pytest.approx(28 / 43)
    assert (found.lowest, found.highest) == (28 / 52, 37 / 52)
    assert "28 of 43 telling answers (65 %)" in found.says
    assert "52 asked, 43 answered" in found.says
    assert found.interval is None


def test_354_asked_112_answered() -> None:
    held = [Outcome.DOES_NOT_KNOW] * 112 + [Outcome.NO_ANSWER] * 242
    found = share("does due diligence", held)
    assert (found.asked, found.answered, found.among_answers) == (354, 112, None)
    assert (found.lowest, found.highest) == (0, 1)
    assert "not computable" in found.says


def test_interval_holds_the_bounds_of_a_random_sample() -> None:
    found = share("x", [Outcome.YES] * 10 + [Outcome.NO_ANSWER] * 10, population=300, sampled=True)
    assert found.interval is not None
    assert found.interval[0] < found.lowest < found.highest <= found.interval[1]


def test_a_draw_can_be_done_again_by_anybody() -> None:
    names = [f"Body {n}" for n in range(50)]
    assert drawn(names, 10, "2024") == drawn(list(reversed(names)), 10, "2024")
    assert drawn(names, 10, "2024") != drawn(names, 10, "2025")
    with pytest.raises(UsageError):
        drawn(names, 51, "x")


@pytest.mark.parametrize(
    ("kind", "roles", "outcome"),
    [
        ("yes", ["in_use"], Outcome.YES),
        ("yes", ["not_used"], Outcome.NO),
        ("not_held", [], Outcome.DOES_NOT_KNOW),
        ("refused_exempt", ["other"], Outcome.REFUSED),
    ],
)
def test_outcome_of_an_answer(kind: str, roles: list[str], outcome: Outcome) -> None:
    assert outcome_of(kind, roles) is outcome


def claim(role: str, title: str, **more: object) -> Statement:
    value = {"maker": "hikvision", "role": role, **more}
    return made(
        Statement(
            statement_id="",
            subject="b_x",
            predicate="equipment",
            value=value,
            source=SourceRef(title=title),
            asserter=Asserter.BODY,
            asserted_by="Anyborough Council",
        )
    )


def test_contradictions_are_kept_and_shown() -> None:
    none, forty = claim("not_used", "answer 2021"), claim("in_use", "scan 2023", counts=[40])
    (found,) = contradictions([none, forty])
    assert found.kind == "denied and claimed"
    assert {s.statement_id for s in found.statements} == {none.statement_id, forty.statement_id}
    assert "scan 2023" in found.says
    (differ,) = contradictions([claim("in_use", "a", counts=[4]), forty])
    assert differ.kind == "counts differ"


def test_a_withdrawn_claim_contradicts_nothing() -> None:
    none, forty = claim("not_used", "a"), claim("in_use", "b")
    back = made(msgspec.structs.replace(none, withdraws=none.statement_id, reason="corrected"))
    assert contradictions([none, forty, back]) == []
