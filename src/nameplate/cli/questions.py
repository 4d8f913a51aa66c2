"""``nameplate questions``: whom to ask, what, under which law, by when; letters, states."""

from __future__ import annotations

import csv
import datetime
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from nameplate.cli.dates import DAY

if TYPE_CHECKING:
    from nameplate.tracing.questions.worth import Bundle

LOG = "questions.jsonl"


@click.command("questions")
@click.option(
    "--out",
    required=True,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder that `nameplate trace` wrote.",
)
@click.option("--letters", type=click.Path(path_type=Path), help="Write the letters here.")
@click.option("--on", type=DAY, required=True, help="The day of sending; deadlines count from it.")
@click.option("--top", default=20, show_default=True, help="How many requests to show and write.")
@click.option("--sender", default="", help="Name and address under the letters.")
@click.option(
    "--templates", type=click.Path(path_type=Path), help="Folder with your own templates."
)
@click.option(
    "--write-templates", is_flag=True, help="Write the bundled templates there, to be changed."
)
@click.option("--log", type=click.Path(path_type=Path), help="Log of questions (events).")
@click.option("--sent", is_flag=True, help="Record the written letters as sent on that day.")
@click.option(
    "--event",
    nargs=2,
    metavar="QUESTION STATE",
    help="Record what happened to a question on that day, then list where each stands.",
)
@click.option("--states", is_flag=True, help="List where each question of the log stands.")
def command(  # noqa: PLR0917
    out: Path,
    letters: Path | None,
    on: datetime.date,
    top: int,
    sender: str,
    templates: Path | None,
    write_templates: bool,
    log: Path | None,
    sent: bool,
    event: tuple[str, str] | None,
    states: bool,
) -> None:
    """List the questions worth asking about open and inferred purchases, and write the letters.

    Ranked by the money that an answer moves from possible to known. One request a body, within its
    cost limit. Letters are written as text and DOCX; nothing is sent.
    """
    from nameplate.tracing.questions.cases import CaseLog, asked_lately, cases, settled
    from nameplate.tracing.questions.letters import write_templates as write_out
    from nameplate.tracing.questions.worth import bundles, open_purchases

    case_log = CaseLog(log or out / LOG)
    if write_templates and templates is not None:
        for path in write_out(templates):
            click.echo(f"wrote {path.name}")
        return
    if event or states:
        _states(case_log, on, event)
        return
    events = case_log.events()
    found = open_purchases(_rows(out), _references(out))
    waiting = settled(cases(events, on))
    fresh = [p for p in found if p.purchase_id not in waiting]
    nations = _nations({p.body for p in fresh}, on)
    made = bundles(fresh, nations, asked_lately(events, on))
    click.echo(
        f"{len(found)} purchases are open or only inferred; {len(found) - len(fresh)} of them are "
        f"asked about already; {len(made)} requests would ask about the rest."
    )
    nameless = _nameless(out)
    if nameless:
        click.echo(f"{nameless} more name no body: there is nobody to ask.")
    for number, bundle in enumerate(made[:top], start=1):
        _show(number, bundle, on)
    if letters is not None:
        _write(made[:top], letters, on, sender, templates)
        if sent:
            _record(made[:top], case_log, on, nations)


def _rows(out: Path) -> list[dict[str, Any]]:
    import pyarrow.parquet as pq

    from nameplate.model.errors import InputError

    path = out / "attributions.parquet"
    if not path.is_file():
        raise InputError(
            "there are no attributions in that folder",
            where=out.name,
            do="run `nameplate trace` first",
        )
    columns = [
        "purchase_id",
        "body",
        "supplier",
        "maker",
        "grade",
        "probability",
        "amount",
        "currency",
        "amount_kind",
        "amount_tax",
        "date",
        "title",
        "trade_kind",
        "constructed",
    ]
    rows: list[dict[str, Any]] = pq.read_table(path, columns=columns).to_pylist()
    return rows


def _references(out: Path) -> dict[str, str]:
    import pyarrow.parquet as pq

    path = out / "purchases.parquet"
    if not path.is_file():
        return {}
    rows = pq.read_table(path, columns=["purchase_id", "reference"]).to_pylist()
    return {r["purchase_id"]: r["reference"] for r in rows if r["reference"]}


def _nameless(out: Path) -> int:
    held = {r["purchase_id"] for r in _rows(out) if r["grade"] == "open" and not r["body"]}
    return len(held)


def _nations(bodies: set[str], on: datetime.date) -> dict[str, str]:
    from nameplate.catalogue.bodies_names import resolve_body

    found = {}
    for body in sorted(bodies):
        known = resolve_body(body, on).body or resolve_body(body).body
        if known is not None and known.nation:
            found[body] = known.nation
    return found


def _show(number: int, bundle: Bundle, on: datetime.date) -> None:
    from nameplate.tracing.questions.law import deadline

    worth = "; ".join(f"{v:,.2f} {k}" for k, v in bundle.worth.items()) or "no amount published"
    click.echo(f"\n{number}. {bundle.to}, under the {bundle.law.name}")
    click.echo(f"   {len(bundle.purchases)} purchases; worth {worth}")
    click.echo(f"   cost: {bundle.cost.says}")
    click.echo(f"   sent on {on}, due by {deadline(on, bundle.law)}")
    for warning in bundle.warnings:
        click.echo(f"   note: {warning}")
    if any(p.constructed for p in bundle.purchases):
        click.echo("   constructed: written for an example, not a published record; do not send")


def _write(
    made: list[Bundle], folder: Path, on: datetime.date, sender: str, templates: Path | None
) -> None:
    from nameplate.tracing.questions.letters import docx_of, letter

    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "letters.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["file", "to", "law", "purchases", "estimate"])
        for bundle in made:
            name = re.sub(r"[^a-z0-9]+", "-", bundle.to.lower()).strip("-")[:60] or "body"
            text = letter(bundle, on=on, sender=sender, folder=templates)
            (folder / f"{name}.txt").write_text(text, encoding="utf-8")
            (folder / f"{name}.docx").write_bytes(docx_of(text))
            to = f"'{bundle.to}" if bundle.to[:1] in "=+-@" else bundle.to
            writer.writerow(
                [
                    f"{name}.txt",
                    to,
                    bundle.law.regime.value,
                    len(bundle.purchases),
                    bundle.cost.says,
                ]
            )
    click.echo(f"\nwrote {len(made)} letters; read each before you send it", err=True)


def _record(made: list[Bundle], log: Any, on: datetime.date, nations: dict[str, str]) -> None:
    from nameplate.tracing.questions.cases import Event, State, question_id

    for bundle in made:
        ids = tuple(p.purchase_id for p in bundle.purchases)
        log.record(
            Event(
                question_id=question_id(bundle.body, on, ids),
                state=State.SENT,
                day=on,
                body=bundle.body,
                purchases=ids,
                nation=nations.get(bundle.body, ""),
            )
        )


def _states(log: Any, on: datetime.date, event: tuple[str, str] | None) -> None:
    from nameplate.model.errors import UsageError
    from nameplate.tracing.questions.cases import Event, State, cases

    if event:
        try:
            state = State(event[1])
        except ValueError:
            known = ", ".join(s.value for s in State if s is not State.OVERDUE)
            raise UsageError(f"{event[1]!r} is no state", do=f"use one of {known}") from None
        log.record(Event(question_id=event[0], state=state, day=on))
    held = cases(log.events(), on)
    for case in held:
        due = f", due by {case.due}" if case.due else ""
        click.echo(f"{case.question_id}  {case.state.value}{due}  {case.body}")
    if not held:
        click.echo("no question has been sent", err=True)
    sys.stdout.flush()
