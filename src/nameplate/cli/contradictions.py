"""``nameplate contradictions``: statements that cannot both hold, side by side."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("contradictions")
@click.argument(
    "logs", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
def command(logs: tuple[Path, ...]) -> None:
    """Show what the statement LOGS hold that differs: a denial against a claim, two counts.

    All are kept; nothing says which is right.
    """
    from nameplate.tracing.questions.contradictions import contradictions
    from nameplate.tracing.statement_log import load_logs

    loaded = load_logs(logs)
    for note in loaded.set_aside:
        click.echo(f"nameplate: set aside: {note}", err=True)
    found = contradictions(loaded.statements)
    for item in found:
        who = item.statements[0].asserted_by
        click.echo(f"{who} ({item.subject}), {item.about}: {item.kind}")
        for part in item.says.split("; "):
            click.echo(f"  {part}")
    if not found:
        standing = len(loaded.standing())
        click.echo(f"nothing found: no two of {standing} statements contradict each other")
