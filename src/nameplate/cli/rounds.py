"""``nameplate rounds``: one set of questions to many bodies, and shares with their bounds."""

from __future__ import annotations

import csv
from pathlib import Path

import click


@click.group("rounds")
def command() -> None:
    """Survey rounds: draw the bodies, then state shares that name their base."""


@command.command("draw")
@click.argument("bodies", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--size", required=True, type=int, help="How many bodies to draw.")
@click.option("--seed", required=True, help="A word that fixes the draw; publish it.")
def draw(bodies: Path, size: int, seed: str) -> None:
    """Draw bodies from the file BODIES, one name a line: the same for everybody with that seed."""
    from nameplate.tracing.questions.rounds import drawn

    names = [n.strip() for n in bodies.read_text(encoding="utf-8").splitlines() if n.strip()]
    for name in drawn(names, size, seed):
        click.echo(name)


@command.command("share")
@click.argument("answers", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--question", default="yes", help="What a yes means, in the sentence.")
@click.option("--asked", type=int, help="How many were asked, where the file holds answers only.")
@click.option("--population", type=int, default=0, help="How many the sample was drawn from.")
@click.option("--sampled", is_flag=True, help="The bodies were drawn at random.")
def share_command(
    answers: Path, question: str, asked: int | None, population: int, sampled: bool
) -> None:
    """State the share of ANSWERS, a CSV with the columns ``body`` and ``outcome``.

    Outcomes: yes, no, does_not_know, refused, no_answer.
    """
    from nameplate.model.errors import InputError, UsageError
    from nameplate.tracing.questions.rounds import Outcome, share

    outcomes: dict[str, Outcome] = {}
    with answers.open(encoding="utf-8-sig", newline="") as stream:
        for number, row in enumerate(csv.DictReader(stream), start=2):
            body = (row.get("body") or "").strip()
            try:
                outcome = Outcome((row.get("outcome") or "").strip())
            except ValueError:
                raise InputError(
                    f"{row.get('outcome')!r} is no outcome", where=f"{answers.name} row {number}",
                    do="use yes, no, does_not_know, refused or no_answer",
                ) from None  # fmt: skip
            if body in outcomes:
                raise InputError(
                    f"{body!r} answers twice", where=f"{answers.name} row {number}",
                    do="keep the answer that stands",
                )  # fmt: skip
            outcomes[body] = outcome
    held = list(outcomes.values())
    if asked is not None:
        if asked < len(held):
            raise UsageError(f"{asked} asked, but {len(held)} answers", do="check --asked")
        held += [Outcome.NO_ANSWER] * (asked - len(held))
    found = share(question, held, population=population, sampled=sampled)
    click.echo(found.says)
    click.echo("  " + ", ".join(f"{k.replace('_', ' ')} {v}" for k, v in found.counts.items()))
    if found.interval:
        low, high = found.interval
        click.echo(
            f"  sampled from {found.population}: 95 % interval with those bounds "
            f"{100 * low:.0f} % to {100 * high:.0f} %"
        )


@command.command("outcomes")
@click.argument(
    "logs", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option("--maker", required=True, help="Key of the maker, as in `nameplate catalogue show`.")
def outcomes_command(logs: tuple[Path, ...], maker: str) -> None:
    """Print ``body,outcome`` for one maker from statement LOGS, for `nameplate rounds share`."""
    import sys

    from nameplate.tracing.questions.rounds import outcome_of
    from nameplate.tracing.statement_log import load_logs

    loaded = load_logs(logs)
    roles: dict[str, set[str]] = {}
    kinds: dict[str, str] = {}
    for statement in loaded.standing():
        value = statement.value if isinstance(statement.value, dict) else {}
        name = statement.asserted_by
        if statement.predicate == "maker_answer":
            kinds[name] = str(value.get("kind", ""))
        elif statement.predicate == "equipment" and value.get("maker") == maker:
            roles.setdefault(name, set()).add(str(value.get("role", "")))
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(["body", "outcome"])
    for name in sorted({*roles, *kinds}):
        shown = f"'{name}" if name[:1] in "=+-@" else name
        writer.writerow([shown, outcome_of(kinds.get(name, ""), roles.get(name, set())).value])
