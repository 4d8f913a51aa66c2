"""``nameplate load``: bring into the register what ``nameplate trace`` wrote."""

from __future__ import annotations

import os
from pathlib import Path

import click


@click.command("load", help="Bring into the register what `nameplate trace --out DIR` wrote.")
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option(
    "--workspace",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("workspace"),
    show_default=True,
    help="Folder of the database, uploads and keys.",
)
@click.option(
    "--organisation",
    default="own",
    show_default=True,
    help="Key of the organisation it belongs to; `published` for sources that all may see.",
)
@click.option(
    "--title", default="", help="What the import is called; the folder's name unless given."
)
def command(folder: Path, workspace: Path, organisation: str, title: str) -> None:
    """Load in this process; the same folder again changes nothing, and says so."""
    workspace.mkdir(parents=True, exist_ok=True)
    os.environ["NAMEPLATE_WORKSPACE"] = str(workspace.resolve())
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nameplate.web.settings")
    import django

    django.setup()

    from django.conf import settings

    from nameplate.register import jobs
    from nameplate.web import first_start
    from nameplate.web.pages import LAPTOP_PERSON

    first_start.migrate()
    if not settings.SERVER:
        first_start.laptop_person(LAPTOP_PERSON)
    job = jobs.load_now(folder, organisation, title or folder.resolve().name)
    if job.repeats is not None:
        click.echo(f"Nothing changed: the same was loaded before as “{job.repeats.title}”.")
    for name in ("purchases", "purchases_known", "attributions", "mentions", "set_aside"):
        click.echo(f"{name.replace('_', ' '):>16}: {job.counts.get(name, 0):,}")
