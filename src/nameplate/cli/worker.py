"""``nameplate worker``: carry out the imports that wait, until stopped."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import click


@click.command("worker", help="Carry out the imports that wait in the web application.")
@click.option(
    "--workspace",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder of the database and uploads (NAMEPLATE_WORKSPACE, else ./workspace).",
)
def command(workspace: Path | None) -> None:
    """Look for jobs until SIGTERM or Ctrl-C; a job under way is left to the next worker."""
    if workspace is not None:
        os.environ["NAMEPLATE_WORKSPACE"] = str(workspace.resolve())
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nameplate.web.settings")
    import django

    django.setup()

    from nameplate.register import jobs

    signal.signal(signal.SIGTERM, signal.default_int_handler)
    parent = os.getppid()
    try:
        # A worker whose server died is given to another parent: it ends too.
        jobs.work(lambda: os.getppid() != parent)
    except KeyboardInterrupt:
        return
