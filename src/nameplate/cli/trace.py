"""``nameplate trace``: from what was published to who made it."""

from __future__ import annotations

import datetime
import sys
from pathlib import Path

import click

from nameplate.cli.dates import DAY
from nameplate.model.errors import UsageError
from nameplate.sources.api import Mode
from nameplate.tracing.run.options import RunOptions, available_workers


@click.command()
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option(
    "--out",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder that gets the tables and the run record.",
)
@click.option("--quick", is_flag=True, help="Decode only records that hit; no dates or sums.")
@click.option("--body", help="The public body all files belong to, where they do not say.")
@click.option(
    "--mapping",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="JSON file that overrules which column is which, per body.",
)
@click.option("--as-of", type=DAY, help="What was known on this day (YYYY-MM-DD).")
@click.option(
    "--workers", type=click.IntRange(1, 256), help="Processes; as many as processors by default."
)
@click.option("--json", "as_json", is_flag=True, help="Print the report as one JSON object.")
def command(  # noqa: PLR0917 - click passes each option by name
    paths: tuple[str, ...],
    out: Path,
    quick: bool,
    body: str | None,
    mapping: Path | None,
    as_of: datetime.date | None,
    workers: int | None,
    as_json: bool,
) -> None:
    """Trace whose equipment the records under PATH name.

    PATH is a file, a folder, an archive (zip, gz, tar) or - for standard input. Exit code 0 when
    the run is complete, even with records set aside; 1 when nothing could be read; 2 for a wrong
    call; 130 when it was stopped, in which case the same call goes on from there.
    """
    if out.exists() and not out.is_dir():
        raise UsageError("it is a file, not a folder", where=str(out), do="choose another --out")
    options = RunOptions(
        paths=paths,
        out=out,
        mode=Mode.QUICK if quick else Mode.FULL,
        body=body,
        mapping=mapping,
        as_of=as_of,
        workers=workers or available_workers(),
    )
    sys.exit(run_and_show(options, as_json=as_json))


def run_and_show(options: RunOptions, *, as_json: bool) -> int:
    """Run a trace, show it on the terminal, and return the exit code."""
    from nameplate.cli.progress import progress_bar
    from nameplate.tracing.run.command import trace

    try:
        with progress_bar() as notify:
            outcome = trace(options, notify=notify)
    except KeyboardInterrupt:
        click.echo(
            "nameplate: stopped; the same command goes on from here.",
            err=True,
        )
        return 130
    if as_json:
        import msgspec

        click.echo(msgspec.json.format(msgspec.json.encode(outcome.report), indent=2).decode())
    else:
        from nameplate.cli.trace_view import show

        show(outcome.report, str(options.out))
    if not outcome.readable:
        click.echo("nameplate: nothing could be read; coverage.csv says why.", err=True)
        return 1
    return 0
