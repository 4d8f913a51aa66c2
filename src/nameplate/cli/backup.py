"""``nameplate backup`` and ``nameplate restore``."""

from __future__ import annotations

import os
from pathlib import Path

import click

WORKSPACE = click.option(
    "--workspace",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("workspace"),
    show_default=True,
    help="Folder of the database, uploads and keys.",
)


def _start(workspace: Path) -> None:
    os.environ["NAMEPLATE_WORKSPACE"] = str(workspace.resolve())
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nameplate.web.settings")
    import django

    django.setup()


@click.command("backup", help="Copy database and files to one archive, while in use.")
@click.argument("out", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--with-keys", is_flag=True, help="Put the keys in too; guard such a backup well.")
@WORKSPACE
def command(out: Path, with_keys: bool, workspace: Path) -> None:
    """Write the archive whole or not at all."""
    _start(workspace)
    from nameplate.register import backups

    manifest = backups.backup(out, with_keys=with_keys)
    click.echo(f"{len(manifest['files']):,} files written to {out}")
    if not with_keys:
        click.echo("Keys were left out: keep secret-key and audit/key.pem apart from it.")


@click.command("restore", help="Restore a backup into an empty workspace.")
@click.argument("source", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@WORKSPACE
def restore(source: Path, workspace: Path) -> None:
    """Check every file by its hash; then verify the audit with `nameplate audit verify`."""
    # Settings make a key in a workspace that has none, and a restore wants it empty.
    os.environ.setdefault("NAMEPLATE_SECRET_KEY", "only-for-this-restore")
    _start(workspace)
    from nameplate.register import backups

    manifest = backups.restore(source, workspace)
    click.echo(f"{len(manifest['files']):,} files restored, each as its hash says.")
    click.echo("Now run `nameplate audit verify`.")
