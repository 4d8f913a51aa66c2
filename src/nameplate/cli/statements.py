"""``nameplate statements``: what documents state of makers, with role, counts, money and answer."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from nameplate.model.statement import Statement


@click.command("statements")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--jsonl", "as_jsonl", is_flag=True, help="Print one JSON object a passage.")
@click.option("--log", type=click.Path(path_type=Path), help="Append the statements to this log.")
@click.option("--body", default=None, help="The public body that the documents are from.")
@click.option(
    "--bears-on",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="A run's folder: also log what the answers say of its open purchases.",
)
@click.option("--observed", default="", help="The day of the answer (ISO), for its statements.")
@click.option("--constructed", default="", help="A sentence where the documents are no real ones.")
@click.option(
    "--originals", type=click.Path(path_type=Path), help="Keep the originals here, by hash."
)
def command(  # noqa: PLR0917
    paths: tuple[Path, ...],
    as_jsonl: bool,
    log: Path | None,
    body: str | None,
    bears_on: Path | None,
    observed: str,
    constructed: str,
    originals: Path | None,
) -> None:
    """Read documents, or JSON lines of passages, and print what they state.

    PATH is a file or folder: text, HTML, PDF, DOCX, ODT, EML, or JSON lines with
    ``id, kind, title, body, text``. What cannot be read is said, and the rest goes on.
    """
    import orjson

    from nameplate.catalogue.store import load
    from nameplate.documents.reading import read_paths
    from nameplate.documents.store import keep_original
    from nameplate.model.errors import UsageError
    from nameplate.tracing.extract.bearing import bearing_on_run
    from nameplate.tracing.extract.claims import statements_of
    from nameplate.tracing.extract.reading import Passage, as_line, read_passage
    from nameplate.tracing.statement_log import StatementLog

    if bears_on is not None and log is None:
        raise UsageError("--bears-on writes to a log", do="name one with --log")
    catalogue = load()
    failures = 0
    out = sys.stdout.buffer
    written = StatementLog(log) if log else None
    claims: list[Statement] = []
    for document in read_paths(paths):
        if document.failure:
            failures += 1
            click.echo(f"nameplate: {document.failure}", err=True)
            continue
        if originals:
            keep_original(document.path, originals, document.sha256)
        for part in document.passages:
            passage = Passage(
                text=part.text,
                id=part.id,
                kind=part.kind,
                title=part.title,
                body=part.body or body,
                locator=part.locator,
            )
            reading = read_passage(passage, catalogue)
            if written is not None:
                made = statements_of(
                    reading, document.source(part), observed=observed, constructed=constructed
                )
                written.append(made)
                claims += made if bears_on else ()
            if as_jsonl:
                out.write(orjson.dumps(as_line(reading)) + b"\n")
            else:
                _show(reading, part.locator, document.name)
        for note in document.notes:
            click.echo(f"nameplate: {document.name}: {note}.", err=True)
    out.flush()
    if bears_on is not None and written is not None:
        borne = bearing_on_run(bears_on, claims)
        written.append(borne)
        click.echo(f"the answers bear on {len(borne)} open purchases of the run", err=True)
    if failures:
        click.echo(f"{failures} of the documents could not be read (see above).", err=True)
        sys.exit(1)


def _show(reading: object, locator: str, name: str) -> None:
    """One passage for a person: nothing where it states nothing."""
    from nameplate.tracing.extract.reading import Reading, as_line

    assert isinstance(reading, Reading)  # noqa: S101
    line = as_line(reading)
    mentions, counts = line["mentions"], line["device_counts"]
    if not mentions and not counts and line["maker_question_answered"] == "not_asked":
        return
    click.echo(f"{name} {locator}".strip())
    for mention in mentions:  # type: ignore[attr-defined]
        click.echo(
            f"  {mention['maker']}: {mention['role'].replace('_', ' ')} ({mention['surface']!r})"
        )
    for count in counts:  # type: ignore[attr-defined]
        click.echo(
            f"  {count['count']} devices, {count['maker'] or 'make not stated'}"
            f" ({count['surface']!r})"
        )
    if line["maker_question_answered"] != "not_asked":
        said = str(line["answer_detail"]).replace("_", " ")
        click.echo(
            f"  question of makers: {said}"
            + (f", {line['exemption']}" if line["exemption"] else "")
        )
