"""``nameplate catalogue``: prove the facts whole, and show what is known as of a date."""

from __future__ import annotations

import click


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
