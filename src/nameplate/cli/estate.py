"""``nameplate estate``: what is installed, who made it, and what is known to be wrong with it."""

from __future__ import annotations

import sys
from pathlib import Path

import click
import msgspec


@click.group("estate")
def command() -> None:
    """What is installed, who made it, and what is known to be wrong with it."""


@command.command("identify")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--jsonl", is_flag=True, help="One JSON object a device, a line each.")
def identify(paths: tuple[Path, ...], jsonl: bool) -> None:
    """Say who made each device that the files at PATHS describe."""
    from nameplate.estate.identify import line_of
    from nameplate.estate.readers.open import sightings

    faults = 0

    def problem(_: str, sentence: str) -> None:
        nonlocal faults
        faults += 1
        click.echo(f"set aside: {sentence}", err=True)

    encoder = msgspec.json.Encoder(order="deterministic")
    devices = 0
    for sighting in sightings(list(paths), problem):
        devices += 1
        line = line_of(sighting)
        if jsonl:
            sys.stdout.buffer.write(encoder.encode(line) + b"\n")
        else:
            share = f"{line.band or 'no evidence'}"
            what = " ".join(part for part in (line.model, line.firmware) if part) or "no model"
            note = f"; {line.note}" if line.note else ""
            click.echo(f"{line.source} {line.locator}: {line.maker} ({share}), {what}{note}")
            for sentence in line.contradictions:
                click.echo(f"    but {sentence}")
    sys.stdout.flush()
    click.echo(f"{devices} devices; {faults} files or records set aside", err=True)
    if faults and not devices:
        sys.exit(1)
