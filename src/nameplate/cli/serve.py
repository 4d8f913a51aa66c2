"""``nameplate serve``: the web application, on this machine or behind a council's proxy."""

from __future__ import annotations

import os
from pathlib import Path

import click


@click.command("serve", help="Open the web application (http://127.0.0.1:8000 unless told).")
@click.option(
    "--workspace",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("workspace"),
    show_default=True,
    help="Folder of the database, uploads and keys.",
)
@click.option("--bind", default="127.0.0.1:8000", show_default=True, help="Address and port.")
@click.option("--threads", default=8, show_default=True, help="Requests answered at once.")
def command(workspace: Path, bind: str, threads: int) -> None:
    """Set up the database on first use, print a first sign-in on a laptop, and serve."""
    workspace.mkdir(parents=True, exist_ok=True)
    os.environ["NAMEPLATE_WORKSPACE"] = str(workspace.resolve())
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nameplate.web.settings")
    import django

    django.setup()
    from django.conf import settings

    from nameplate.web import first_start
    from nameplate.web.pages import LAPTOP_PERSON
    from nameplate.web.server import serve

    first_start.migrate()
    if settings.SERVER:
        click.echo(f"Nameplate serves on {bind}; people sign in with their own accounts.")
    else:
        first_start.laptop_person(LAPTOP_PERSON)
        token = first_start.one_time_token(settings.WORKSPACE)
        click.echo("Nameplate is ready. Open this link to sign in (good for one use):\n")
        click.echo(f"  http://{bind}/enter/{token}\n")
        click.echo("Stop it with Ctrl-C.")
    serve(bind, threads)
