"""``nameplate parties``: which supplier names are one firm's, and a person's word on it."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from nameplate.tracing.parties.cluster import Clustering, Collector

_DIR = click.option(
    "--dir",
    "folder",
    default="parties",
    show_default=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="The folder that `parties cluster --out` wrote; judgements are kept in it too.",
)
_BY = click.option("--by", required=True, help="Who judges: a person's name.")
_REASON = click.option("--reason", required=True, help="Why, in a sentence.")
JUDGEMENTS = "judgements.jsonl"


@click.group(name="parties")
def command() -> None:
    """Suppliers: cluster their names, put questions to a person, keep the answers."""


@command.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--out", default="parties", show_default=True, type=click.Path(path_type=Path))
@click.option("--column", help="Header of the suppliers' names, where it is not found.")
@click.option("--id-column", help="Header of the suppliers' numbers.")
@click.option("--id-scheme", default="", help="Scheme of those numbers, e.g. GB-COH.")
def cluster(
    paths: tuple[Path, ...], out: Path, column: str | None, id_column: str | None, id_scheme: str
) -> None:
    """Cluster the suppliers in PATHS: tables, purchases.parquet, or .txt with a name a line.

    Writes clusters.jsonl, queue.jsonl (the uncertain pairs, with the evidence) and run.json.
    judgements.jsonl in the same folder is read and never written here.
    """
    from nameplate.catalogue.aliases import bundled_aliases
    from nameplate.model.errors import InputError
    from nameplate.tracing.parties.cluster import Collector
    from nameplate.tracing.parties.cluster import cluster as clustered
    from nameplate.tracing.parties.inputs import collect, input_files, sha256
    from nameplate.tracing.parties.judgements import load_judgements

    collector = Collector()
    inputs: list[dict[str, str]] = []
    aside: list[dict[str, str]] = []
    for path in input_files(list(paths)):
        try:
            collect(path, collector, column=column, id_column=id_column, scheme=id_scheme)
        except InputError as error:
            aside.append({"name": path.name, "why": str(error)})
            click.echo(f"set aside: {error}", err=True)
            continue
        inputs.append({"name": path.name, "sha256": sha256(path)})
    if not inputs:
        raise InputError("no file could be read", do="see the reasons above")
    judgements = load_judgements(out / JUDGEMENTS)
    if judgements.damaged:
        click.echo(f"{judgements.damaged} damaged lines in {JUDGEMENTS} set aside", err=True)
    result = clustered(collector.suppliers.values(), judgements, bundled_aliases())
    _write(out, collector, result, inputs, aside, len(judgements))
    click.echo(
        f"{collector.rows:,} rows, {len(collector.suppliers):,} names, "
        f"{len(result.clusters):,} clusters, {len(result.questions):,} questions in {out}."
    )


def _write(  # noqa: PLR0917
    out: Path,
    collector: Collector,
    result: Clustering,
    inputs: list[dict[str, str]],
    aside: list[dict[str, str]],
    judged: int,
) -> None:
    import msgspec

    from nameplate import __version__
    from nameplate.catalogue.store import load
    from nameplate.model.errors import StoreError

    run = {
        "inputs": inputs,
        "set_aside": aside,
        "rows": collector.rows,
        "rows_without_name": collector.without_name,
        "names": len(collector.suppliers),
        "clusters": len(result.clusters),
        "questions": len(result.questions),
        "joins_refused": dict(sorted(result.refused.items())),
        "judgements": judged,
        "catalogue": load().version,
        "version": __version__,
    }
    try:
        out.mkdir(parents=True, exist_ok=True)
        for name, entries in (("clusters", result.clusters), ("queue", result.questions)):
            part = out / f"{name}.jsonl.part"
            with part.open("wb") as stream:
                for entry in entries:
                    stream.write(msgspec.json.encode(entry, order="deterministic") + b"\n")
            part.replace(out / f"{name}.jsonl")
        (out / "run.json").write_text(json.dumps(run, indent=1) + "\n", encoding="utf-8")
    except OSError as error:
        raise StoreError(f"cannot be written ({error.strerror})", where=str(out)) from error


@command.command()
@_DIR
@click.option("--limit", default=20, show_default=True, help="How many to show.")
@click.option("--jsonl", is_flag=True, help="Print JSON lines.")
def queue(folder: Path, limit: int, jsonl: bool) -> None:
    """Show the uncertain pairs that nobody has judged, likeliest first."""
    from nameplate.model.errors import InputError
    from nameplate.tracing.parties.judgements import load_judgements

    path = folder / "queue.jsonl"
    if not path.is_file():
        raise InputError("is not there", where=str(path), do="run `nameplate parties cluster`")
    judgements = load_judgements(folder / JUDGEMENTS)
    shown = waiting = 0
    with path.open(encoding="utf-8") as stream:
        for line in stream:
            question = json.loads(line)
            if judgements.verdict(question["a"], question["b"]) is not None:
                continue
            waiting += 1
            if shown >= limit:
                continue
            shown += 1
            if jsonl:
                click.echo(line.rstrip("\n"))
            else:
                click.echo(f"{question['score']:.3f}  {question['a']}  |  {question['b']}")
                click.echo(f"       {'; '.join(question['reasons'])}")
    click.echo(f"{shown} shown of {waiting} waiting", err=True)


@command.command()
@click.argument("a")
@click.argument("b")
@click.argument("verdict", type=click.Choice(["same", "different", "unsure"]))
@_BY
@_REASON
@_DIR
def judge(a: str, b: str, verdict: str, by: str, reason: str, folder: Path) -> None:  # noqa: PLR0917
    """Say whether the names A and B are one party. It holds until withdrawn or judged anew."""
    from nameplate.tracing.parties import judgements as module

    statement = module.judge(
        folder / JUDGEMENTS, a, b, module.Verdict(verdict), by=by, reason=reason, on=_today()
    )
    click.echo(f"{statement.statement_id}: {verdict}. Run `nameplate parties cluster` to apply it.")


@command.command()
@click.argument("statement_id")
@_BY
@_REASON
@_DIR
def withdraw(statement_id: str, by: str, reason: str, folder: Path) -> None:
    """Take the judgement STATEMENT_ID back; both stay on record."""
    from nameplate.tracing.parties import judgements as module

    module.withdraw(folder / JUDGEMENTS, statement_id, by=by, reason=reason, on=_today())
    click.echo(f"{statement_id} withdrawn.")


@command.command()
@_DIR
def judgements(folder: Path) -> None:
    """List all judgements on record, those withdrawn included."""
    from nameplate.tracing.parties.judgements import load_judgements

    found = load_judgements(folder / JUDGEMENTS)
    for statement in found.statements.values():
        value = statement.value
        if not isinstance(value, dict):
            continue
        state = statement.predicate.removesuffix("_party")
        if statement.withdraws:
            state = f"withdraws {statement.withdraws}"
        elif statement.statement_id in found.withdrawn:
            state += " (withdrawn)"
        click.echo(
            f"{statement.statement_id}  {statement.recorded}  {statement.asserted_by}: {state}:"
            f" {value.get('a')} | {value.get('b')}: {statement.reason}"
        )


@command.command(name="resolve")
@click.argument("name")
@click.option("--id", "identifiers", multiple=True, help="An identifier, e.g. GB-COH:02999285.")
@_DIR
def resolve_(name: str, identifiers: tuple[str, ...], folder: Path) -> None:
    """Say which known maker or seller the supplier NAME is; print one JSON object."""
    import msgspec

    from nameplate.catalogue.store import load
    from nameplate.tracing.parties.judgements import load_judgements
    from nameplate.tracing.parties.known import KnownParties

    parties = KnownParties(load(), load_judgements(folder / JUDGEMENTS))
    click.echo(msgspec.json.encode(parties.resolve(name, identifiers)).decode())


def _today() -> date:
    """The day in the United Kingdom is near enough UTC's for a judgement's date."""
    return datetime.now(tz=UTC).date()
