"""The life of a question once sent: states as events in an append-only log, never overwritten."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path
from typing import Final

import msgspec

from nameplate.model.errors import InputError, StoreError, UsageError
from nameplate.model.ids import make_id
from nameplate.tracing.questions.law import (
    AGGREGATION_DAYS,
    Law,
    deadline,
    law_for,
    working_days_between,
)


class State(StrEnum):
    """Where a question stands. ``overdue`` is never recorded: it follows from the day."""

    SENT = "sent"
    ACKNOWLEDGED = "acknowledged"
    CLARIFICATION = "clarification_sought"
    RESUMED = "clarified"
    EXTENDED = "extended_public_interest"
    OVERDUE = "overdue"
    ANSWERED = "answered"
    REFUSED = "refused"
    REVIEW = "review"
    CLOSED = "closed"


_NEXT: Final[dict[State, frozenset[State]]] = {
    State.SENT: frozenset(
        {
            State.ACKNOWLEDGED,
            State.CLARIFICATION,
            State.EXTENDED,
            State.ANSWERED,
            State.REFUSED,
            State.REVIEW,
            State.CLOSED,
        }
    ),
    State.ACKNOWLEDGED: frozenset(
        {
            State.CLARIFICATION,
            State.EXTENDED,
            State.ANSWERED,
            State.REFUSED,
            State.REVIEW,
            State.CLOSED,
        }
    ),
    State.CLARIFICATION: frozenset({State.RESUMED, State.CLOSED}),
    State.RESUMED: frozenset(
        {
            State.CLARIFICATION,
            State.EXTENDED,
            State.ANSWERED,
            State.REFUSED,
            State.REVIEW,
            State.CLOSED,
        }
    ),
    State.EXTENDED: frozenset({State.ANSWERED, State.REFUSED, State.REVIEW, State.CLOSED}),
    State.ANSWERED: frozenset({State.REVIEW, State.CLOSED}),
    State.REFUSED: frozenset({State.REVIEW, State.CLOSED}),
    State.REVIEW: frozenset({State.ANSWERED, State.REFUSED, State.CLOSED}),
    State.CLOSED: frozenset(),
}
"""What may follow what. A late answer is an answer; a closed question stays closed."""


class Event(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Something that happened to a question, on a day. ``statements`` are the ids of those that an
    answer gave; ``purchases`` what was asked about, on the first event.
    """

    question_id: str
    state: State
    day: datetime.date
    body: str = ""
    purchases: tuple[str, ...] = ()
    statements: tuple[str, ...] = ()
    note: str = ""
    nation: str = ""
    round_id: str = ""
    schema_version: int = 1


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """A question as it stands on a day. ``due`` is None while the clock is stopped, and after."""

    question_id: str
    body: str
    purchases: tuple[str, ...]
    state: State
    sent: datetime.date
    due: datetime.date | None
    events: tuple[Event, ...]
    round_id: str = ""


def question_id(body: str, day: datetime.date, purchases: Iterable[str]) -> str:
    """Id of a question; key: body, day sent, purchases in order of their ids."""
    return make_id("q", body, day.isoformat(), *sorted(purchases))


class CaseLog:
    """The events of all questions, as JSON lines."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def events(self) -> list[Event]:
        """All events in the order written; none where there is no file yet.

        Raises InputError naming the line that is no event.
        """
        if not self.path.exists():
            return []
        decoder = msgspec.json.Decoder(Event)
        out = []
        for number, line in enumerate(self.path.read_bytes().splitlines(), start=1):
            if not line.strip():
                continue
            try:
                out.append(decoder.decode(line))
            except msgspec.DecodeError as error:
                raise InputError(
                    f"this is no event of a question ({error})",
                    where=f"{self.path.name} line {number}",
                    do="restore the file from a backup",
                ) from error
        return out

    def record(self, event: Event, law: Law | None = None) -> Case:
        """Append an event and return the case; raises UsageError where it cannot follow.

        ``law`` is worked out from the body where it is not given.
        """
        before = [e for e in self.events() if e.question_id == event.question_id]
        check(before, event)
        line = msgspec.json.encode(event, order="deterministic") + b"\n"
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self.path.open("ab") as stream:
                stream.write(line)
        except OSError as error:
            raise StoreError(
                f"the event could not be written ({error.strerror})",
                where=self.path.name,
                do="free some space",
            ) from error
        return case_of([*before, event], event.day, law)


def check(before: list[Event], event: Event) -> None:
    """Raise UsageError where ``event`` cannot follow the events before it."""
    if event.state is State.OVERDUE:
        raise UsageError("overdue follows from the day and is not recorded", do="leave it out")
    if not before:
        if event.state is not State.SENT:
            raise UsageError(f"no question {event.question_id} was sent", do="record `sent` first")
        return
    last = before[-1]
    if event.state not in _NEXT[last.state]:
        allowed = ", ".join(sorted(s.value for s in _NEXT[last.state])) or "nothing"
        raise UsageError(
            f"a question that is {last.state.value} cannot become {event.state.value}",
            do=f"after {last.state.value} comes {allowed}",
        )
    if event.day < last.day:
        raise UsageError(f"{event.day} is before the last event of {last.day}", do="check the day")


def case_of(events: list[Event], on: datetime.date, law: Law | None = None) -> Case:
    """A question as it stood on ``on``, from its events up to that day."""
    known = [e for e in events if e.day <= on] or events[:1]
    first = known[0]
    law = law or law_for(first.body, first.nation)
    paused, stopped_on = 0, None
    extended = False
    for event in known:
        if event.state is State.CLARIFICATION:
            stopped_on = event.day
        elif event.state is State.RESUMED and stopped_on is not None:
            paused += working_days_between(stopped_on, event.day, law)
            stopped_on = None
        extended = extended or event.state is State.EXTENDED
    state = known[-1].state
    due: datetime.date | None = None
    if state not in {State.ANSWERED, State.REFUSED, State.CLOSED, State.CLARIFICATION}:
        due = deadline(first.day, law, paused=paused, extended=extended)
        if state is State.REVIEW:
            due = deadline(known[-1].day, law)
        elif on > due:
            state = State.OVERDUE
    return Case(
        question_id=first.question_id,
        body=first.body,
        purchases=first.purchases,
        state=state,
        sent=first.day,
        due=due,
        events=tuple(known),
        round_id=first.round_id,
    )


def cases(events: Iterable[Event], on: datetime.date) -> list[Case]:
    """All questions as they stood on a day, in the order sent."""
    by_id: dict[str, list[Event]] = {}
    for event in events:
        by_id.setdefault(event.question_id, []).append(event)
    return sorted(
        (case_of(held, on) for held in by_id.values() if held[0].day <= on),
        key=lambda c: (c.sent, c.question_id),
    )


def asked_lately(events: Iterable[Event], on: datetime.date) -> dict[str, int]:
    """Purchases asked about within sixty working days before ``on``, by body."""
    out: dict[str, int] = {}
    for event in events:
        if event.state is State.SENT and event.day <= on:
            law = law_for(event.body, event.nation)
            if working_days_between(event.day, on, law) <= AGGREGATION_DAYS:
                out[event.body] = out.get(event.body, 0) + len(event.purchases)
    return out


def settled(case_list: Iterable[Case]) -> set[str]:
    """Purchases that a question is out for, or that one settled: not to be asked about again."""
    return {p for case in case_list for p in case.purchases}
