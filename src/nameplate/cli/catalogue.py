"""``nameplate catalogue``: prove the facts whole, and show what is known as of a date."""

from __future__ import annotations

import datetime
from pathlib import Path

import click

from nameplate.cli.dates import DAY

FOLDER = click.option(
    "--into",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("workspace/watchlists"),
    show_default=True,
    help="Folder of the imported lists.",
)


@click.group(name="catalogue")
def command() -> None:
    """Prove and show what is known: makers, names, models, sellers, listings, owners."""


@command.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def check(as_json: bool) -> None:
    """Prove the catalogue whole; list everything wrong at once and exit with 1."""
    from nameplate.catalogue import check as proof
    from nameplate.catalogue.store import KINDS, load

    catalogue = load()
    faults = proof.check(catalogue)
    counts = {stem: len(getattr(catalogue, stem)) for stem in KINDS}
    if as_json:
        import msgspec

        click.echo(
            msgspec.json.encode({"version": catalogue.version, "facts": counts, "faults": faults})
        )
    else:
        for fault in faults:
            click.echo(str(fault))
        total = sum(counts.values())
        listed = ", ".join(f"{count} {stem}" for stem, count in counts.items())
        click.echo(f"Catalogue {catalogue.version}: {total} facts ({listed}).")
        click.echo(f"{len(faults)} faults." if faults else "Whole: no fault found.")
    if faults:
        raise SystemExit(1)


@command.command(name="list")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON array.")
def list_(as_json: bool) -> None:
    """Name all makers, with the lists each of them is on."""
    import msgspec

    from nameplate.catalogue import asof
    from nameplate.catalogue.card import last_recorded
    from nameplate.catalogue.schema import Confidence
    from nameplate.catalogue.store import load

    catalogue = load()
    day = last_recorded(catalogue)
    rows = []
    for maker in sorted(catalogue.makers, key=lambda m: m.name.casefold()):
        if maker.confidence is Confidence.LEAD:
            continue
        entries = asof.listed(catalogue, maker.key, day)
        lists = sorted({entry.watchlist.key for entry in entries})
        rows.append({"key": maker.key, "name": maker.name, "makes": maker.makes, "lists": lists})
    if as_json:
        click.echo(msgspec.json.encode(rows))
        return
    for row in rows:
        listed = f"  listed: {', '.join(row['lists'])}" if row["lists"] else ""
        click.echo(f"{row['name']:<26}{', '.join(row['makes'])}{listed}")
    click.echo(f"{len(rows)} makers; listings as of {day}.")


@command.command()
@click.argument("maker")
@click.option("--as-of", type=DAY, help="Day to look back to; the catalogue's latest unless told.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def show(maker: str, as_of: datetime.date | None, as_json: bool) -> None:
    """Show what is known of MAKER (a name, brand, misspelling or native script) as of a day."""
    import msgspec

    from nameplate.catalogue.card import card
    from nameplate.catalogue.store import load
    from nameplate.cli.cardpage import page

    found = card(load(), maker, as_of)
    if as_json:
        click.echo(msgspec.json.encode(found))
        return
    click.echo("\n".join(page(found)))


@command.command(name="import")
@click.argument("list_key", metavar="LIST")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@FOLDER
@click.option("--published", type=DAY, help="The publisher's date of the file, if it gives none.")
@click.option("--received", type=DAY, help="Day on which it came to you; today unless told.")
@click.option("--accept-change", is_flag=True, help="Take a list that shrank or grew unusually.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def import_(  # noqa: PLR0917
    list_key: str,
    file: Path,
    folder: Path,
    published: datetime.date | None,
    received: datetime.date | None,
    accept_change: bool,
    as_json: bool,
) -> None:
    """Import FILE as the newest snapshot of LIST; a file that is not the list is refused."""
    from nameplate.catalogue.watchlists.snapshots import Store
    from nameplate.cli import listpage

    day = received or datetime.datetime.now(tz=datetime.UTC).date()
    done = Store(folder).bring_in(
        list_key,
        file,
        received=day.isoformat(),
        published=published.isoformat() if published else "",
        accept=accept_change,
    )
    click.echo(listpage.as_json(done) if as_json else "\n".join(listpage.imported(done)))


@command.command()
@FOLDER
@click.option("--json", "as_json", is_flag=True, help="Print one JSON array.")
def lists(folder: Path, as_json: bool) -> None:
    """Name the lists that can be imported, and the snapshots that were."""
    from nameplate.catalogue.watchlists.snapshots import Store
    from nameplate.cli import listpage

    rows = listpage.overview(Store(folder))
    click.echo(listpage.as_json(rows) if as_json else "\n".join(listpage.overview_page(rows)))


@command.command()
@click.argument("list_key", metavar="LIST")
@click.argument("old", required=False)
@click.argument("new", required=False)
@FOLDER
@click.option("--json", "as_json", is_flag=True, help="Print one JSON array.")
def diff(list_key: str, old: str | None, new: str | None, folder: Path, as_json: bool) -> None:
    """Show what changed in LIST between two snapshots (the last two unless told which)."""
    from nameplate.catalogue.watchlists.snapshots import Store
    from nameplate.cli import listpage
    from nameplate.model.errors import UsageError

    store = Store(folder)
    history = store.history(list_key)
    if len(history) < 2 and not (old and new):
        raise UsageError(f"{list_key} has {len(history)} snapshots here, two are needed")
    before = store.find(list_key, old) if old else history[-2]
    after = store.find(list_key, new) if new else history[-1]
    changes = tuple(store.diff(before, after))
    click.echo(listpage.as_json(changes) if as_json else "\n".join(listpage.changes(changes)))
