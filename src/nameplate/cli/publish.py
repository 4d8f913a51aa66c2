"""``nameplate publish``: a frozen edition as pages and open data, from a trace's folder."""

from __future__ import annotations

import datetime
import json
from pathlib import Path

import click

from nameplate.cli.dates import DAY
from nameplate.model.errors import UsageError

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@click.command()
@click.option("--from", "folder", type=_FOLDER, required=True, help="Folder of `nameplate trace`.")
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    required=True,
    help="Folder for the site: a new one, or an edition to be replaced.",
)
@click.option("--as-of", "day", type=DAY, help="Day of the edition; without it, the trace's own.")
@click.option("--bodies", multiple=True, help="Only this body (name, key or id); may be repeated.")
@click.option("--edition", "name", default="", help="Name of the edition.")
@click.option("--replies", type=_FILE, help="JSON: what each named firm was offered and replied.")
@click.option("--override-by", default="", help="Editor who publishes without all replies.")
@click.option("--reason", default="", help="Why; stands in the edition.")
@click.option("--previous", type=_FOLDER, help="The edition before: its changes are listed.")
@click.option("--corrections", type=_FILE, help="JSON: attribution id to the reason for a change.")
@click.option("--contact", default="", help="Address for 'Is this wrong?': e-mail or web address.")
def command(  # noqa: PLR0917 - one a option
    folder: Path,
    out: Path,
    day: datetime.date | None,
    bodies: tuple[str, ...],
    name: str,
    replies: Path | None,
    override_by: str,
    reason: str,
    previous: Path | None,
    corrections: Path | None,
    contact: str,
) -> None:
    """Publish a trace as a static site with open data, named firms and corrections listed.

    The same inputs give the same bytes. Nothing is written where a named firm has not had its
    say, or where a private value would get out.
    """
    from nameplate.publishing.build import publish
    from nameplate.publishing.edition import Options
    from nameplate.publishing.gate import Override

    if bool(override_by.strip()) != bool(reason.strip()):
        raise UsageError("an override needs a name and a reason", do="give both or neither")
    made = publish(
        Options(
            folder=folder,
            name=name,
            day=day,
            bodies=frozenset(bodies),
            replies=replies,
            override=Override(override_by, reason) if override_by else None,
            previous=previous,
            corrections=corrections,
            contact=contact,
        ),
        out,
    )
    click.echo(json.dumps(made, ensure_ascii=False, indent=1))
