"""``nameplate audit``: verify the trail, sign its heads, hand it to a third party."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

import click

from nameplate.model.errors import UsageError


@click.group("audit", help="Verify the audit trail, sign its heads, export it.")
@click.option(
    "--workspace",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder of the database and keys (NAMEPLATE_WORKSPACE, else ./workspace).",
)
def command(workspace: Path | None) -> None:
    """Set the workspace for the commands below."""
    if workspace is not None:
        os.environ["NAMEPLATE_WORKSPACE"] = str(workspace.resolve())
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nameplate.web.settings")
    import django

    django.setup()


@command.command("verify")
@click.option("--heads", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--key", type=click.Path(path_type=Path, exists=True, dir_okay=False))
def verify(heads: Path | None, key: Path | None) -> None:
    """Check every chain, and its signed heads; name the place of every break. Exit 1 on any."""
    from nameplate.register import audit
    from nameplate.register import heads as signed
    from nameplate.register.models import AuditEvent

    breaks = 0
    for chain in audit.chains():
        events = AuditEvent.objects.filter(chain=chain).count()
        found = list(audit.verify_chain(chain))
        for one in found:
            click.echo(f"BROKEN {one.chain} event {one.seq}: {one.why}")
        breaks += len(found)
        if not found:
            click.echo(f"holds  {chain}: {events:,} events")
    checked = False
    for one in signed.verify(heads, key):
        click.echo(f"BROKEN {one.chain} event {one.seq}: {one.why}")
        breaks += 1
        checked = True
    kept = heads or signed.folder() / "heads.jsonl"
    if not kept.exists():
        click.echo("Signed heads: not checked, for there are none; run `nameplate audit sign`.")
    elif not checked:
        click.echo("Signed heads: all hold.")
    if breaks:
        sys.exit(1)


@command.command("sign")
def sign() -> None:
    """Sign the present end of every chain; run it from a timer, and copy the heads elsewhere."""
    from nameplate.register import heads as signed

    click.echo(f"{signed.sign()} heads signed in {signed.folder().name}/heads.jsonl")


@command.command("export")
@click.argument("chain")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), required=True)
def export(chain: str, out: Path) -> None:
    """Write a chain as JSON lines, with all that its hashes cover; names stand in no line."""
    from nameplate.register.models import AuditEvent

    if out.exists():
        raise UsageError("the file is there already", where=str(out), do="name another")
    rows = AuditEvent.objects.filter(chain=chain).order_by("seq")
    if not rows.exists():
        raise UsageError(f"there is no chain {chain!r}", do="see `nameplate audit verify`")
    with out.open("w", encoding="utf-8") as file:
        for event in rows.iterator(2000):
            file.write(json.dumps(exported(event), ensure_ascii=False, sort_keys=True) + "\n")
    click.echo(f"{rows.count():,} events written to {out}")


def exported(event: Any) -> dict[str, Any]:
    """The fields that an event's hash covers, and the hash, as a third party checks them."""
    from nameplate.register.audit import hashed_fields

    return {**hashed_fields(event), "hash": event.hash}
