"""``nameplate estate``: what is installed, who made it, and what is known to be wrong with it."""

from __future__ import annotations

import datetime
import sys
from pathlib import Path

import click
import msgspec

from nameplate.cli.dates import DAY


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


@command.command("import")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--out", required=True, type=click.Path(path_type=Path), help="The estate's folder.")
@click.option("--body", default="", help="Whose devices these are, where the files do not say.")
@click.option("--json", "as_json", is_flag=True, help="Print the counts as JSON.")
def import_(paths: tuple[Path, ...], out: Path, body: str, as_json: bool) -> None:
    """Bring inventories, scans and recorded answers at PATHS into an estate."""
    from nameplate.estate.store import Estate

    done = Estate(out).add(list(paths), body)
    if as_json:
        click.echo(msgspec.json.encode(done).decode())
        return
    click.echo(
        f"{done.files} files: {done.sightings_new} new sightings, {done.sightings_known} known "
        f"already, {done.set_aside} set aside (set_aside.jsonl)"
    )
    click.echo(f"the estate has {done.devices} devices; the maker of {done.devices_named} is named")
    for maker, count in done.makers.items():
        click.echo(f"  {count:>7}  {maker}")


@command.command("feeds")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--store", required=True, type=click.Path(path_type=Path), help="Feeds' folder.")
@click.option("--recorded", type=DAY, required=True, help="The day on which they were got.")
def feeds(paths: tuple[Path, ...], store: Path, recorded: datetime.date) -> None:
    """Keep official feeds (KEV, NVD 2.0, CVE 5, CSAF, EPSS) for matching, by hash."""
    from nameplate.estate.vulns.library import Library

    new, faults = Library(store).add(list(paths), recorded)
    for item in new:
        click.echo(f"{item.feed} {item.published or 'undated'} {item.name}: {item.records} records")
    for sentence in faults:
        click.echo(f"set aside: {sentence}", err=True)
    click.echo(f"{len(new)} new files; {len(faults)} set aside", err=True)
    if faults and not new:
        sys.exit(1)


@command.command("findings")
@click.argument("estate", type=click.Path(path_type=Path))
@click.option("--feeds", "store", type=click.Path(path_type=Path), help="Folder of kept feeds.")
@click.option("--as-of", "as_of", type=DAY, help="Only what was known on this day.")
@click.option("--jsonl", is_flag=True, help="One JSON object a finding, a line each.")
def findings(estate: Path, store: Path | None, as_of: datetime.date | None, jsonl: bool) -> None:
    """Say what is known to be wrong with each device, source by source, and why."""
    from nameplate.estate.report import findings_of
    from nameplate.estate.store import Estate
    from nameplate.estate.vulns.schema import Status

    for device, found in findings_of(Estate(estate).devices(), store, as_of):
        for finding in found:
            if jsonl:
                row = {"device_id": device.device_id, **msgspec.to_builtins(finding)}
                click.echo(msgspec.json.encode(row).decode())
            elif finding.status is not Status.NOT_AFFECTED:
                exploited = f"; exploited since {finding.kev_added}" if finding.kev_added else ""
                click.echo(
                    f"{device.fields.get('model', device.device_id)} "
                    f"{device.fields.get('address', '')}: {finding.cve} {finding.status}{exploited}"
                )
                for verdict in finding.verdicts:
                    click.echo(f"    {verdict.status}: {verdict.why}")
