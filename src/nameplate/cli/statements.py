"""``nameplate statements``: what documents state of makers, with role, counts, money and answer."""

from __future__ import annotations

import sys
from pathlib import Path

import click


@click.command("statements")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--jsonl", "as_jsonl", is_flag=True, help="Print one JSON object a passage.")
@click.option("--log", type=click.Path(path_type=Path), help="Append the statements to this log.")
@click.option("--body", default=None, help="The public body that the documents are from.")
@click.option(
    "--originals", type=click.Path(path_type=Path), help="Keep the originals here, by hash."
)
def command(
    paths: tuple[Path, ...],
    as_jsonl: bool,
    log: Path | None,
    body: str | None,
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
    from nameplate.tracing.extract.claims import statements_of
    from nameplate.tracing.extract.reading import Passage, as_line, read_passage
    from nameplate.tracing.statement_log import StatementLog

    catalogue = load()
    failures = 0
    out = sys.stdout.buffer
    written = StatementLog(log) if log else None
    for document in read_paths(paths):
        for note in document.notes:
            click.echo(f"nameplate: {document.name}: {note}.", err=True)
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
                written.append(statements_of(reading, document.source(part)))
            if as_jsonl:
                out.write(orjson.dumps(as_line(reading)) + b"\n")
            else:
                _show(reading, part.locator, document.name)
    out.flush()
    if failures and not as_jsonl:
        click.echo(f"{failures} of the documents could not be read (see above).", err=True)
    if failures:
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
