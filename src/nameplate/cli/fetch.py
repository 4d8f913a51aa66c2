"""``nameplate fetch``: get published notices from Contracts Finder or Find a Tender."""

from __future__ import annotations

import datetime
import sys
from pathlib import Path

import click

from nameplate.cli.dates import DAY

_NAMES = ("contracts-finder", "find-a-tender")


@click.command("fetch")
@click.argument("service", type=click.Choice(_NAMES))
@click.option("--since", type=DAY, required=True, help="First day (YYYY-MM-DD).")
@click.option("--until", type=DAY, help="Last day, included; without it, up to now.")
@click.option(
    "--cpv",
    multiple=True,
    metavar="CODE",
    help="Also copy the releases with this CPV code, or one under it, to OUT/chosen. The service "
    "cannot filter by CPV: all pages are fetched and kept. May be repeated.",
)
@click.option(
    "--out", type=click.Path(file_okay=False, path_type=Path), required=True, help="Folder."
)
@click.option("--address", hidden=True, help="Another address of the service, for tests.")
def command(
    *,
    service: str,
    since: datetime.date,
    until: datetime.date | None,
    cpv: tuple[str, ...],
    out: Path,
    address: str | None,
) -> None:
    """Fetch notices in OCDS, page by page; run again, it goes on where it stopped.

    Contracts Finder is asked by day of publication, Find a Tender by day of last update.
    """
    from nameplate.sources.fetch import SERVICES, fetch
    from nameplate.sources.fetch_store import FetchStore

    chosen = SERVICES[service]
    if address:
        chosen = chosen._replace(address=address)
    live = sys.stderr.isatty()

    def say(text: str) -> None:
        click.echo(f"{chr(13) if live else ''}{text}", err=True)

    state = None
    try:
        for state in fetch(chosen, FetchStore(out), since=since, until=until, cpv=cpv, say=say):
            if live:
                click.echo(
                    f"\r{len(state.pages):,} pages, {state.releases:,} releases ",
                    nl=False,
                    err=True,
                )
    except KeyboardInterrupt:
        click.echo("\nstopped; the same command goes on from here", err=True)
        raise SystemExit(130) from None
    finally:
        if live:
            click.echo("", err=True)
    if state is None:
        click.echo("nothing new: this fetch was complete")
        return
    click.echo(
        f"{state.releases:,} releases on {len(state.pages):,} pages, "
        f"from {state.since} to {state.until}"
    )
    if cpv:
        click.echo(f"{state.chosen:,} of them with these CPV codes: trace {out / 'chosen'}")
