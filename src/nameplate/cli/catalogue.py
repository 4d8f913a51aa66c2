"""``nameplate catalogue``: prove the facts whole, and show what is known as of a date."""

from __future__ import annotations

import datetime

import click

from nameplate.cli.dates import DAY


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
