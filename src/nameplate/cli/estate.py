"""``nameplate estate``: what is installed, who made it, and what is known to be wrong with it."""

from __future__ import annotations

import datetime
import sys
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click
import msgspec

from nameplate.cli.dates import DAY

if TYPE_CHECKING:
    from nameplate.estate.score import Score
    from nameplate.estate.vulns.schema import Finding
    from nameplate.model.device import Device


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


def _scored(
    estate: Path, store: Path | None, as_of: datetime.date
) -> tuple[list[Device], dict[str, tuple[Finding, ...]], list[Score]]:
    from nameplate.estate.report import findings_of
    from nameplate.estate.score import score
    from nameplate.estate.store import Estate

    devices = Estate(estate).devices()
    found = {d.device_id: f for d, f in findings_of(devices, store, as_of)}
    return devices, found, [score(d, found[d.device_id], as_of) for d in devices]


@command.command("score")
@click.argument("estate", type=click.Path(path_type=Path))
@click.option("--feeds", "store", type=click.Path(path_type=Path), help="Folder of kept feeds.")
@click.option("--as-of", "as_of", type=DAY, required=True, help="The day to score as of.")
@click.option("--json", "as_json", is_flag=True, help="All parts, sites and the sensitivity view.")
def score_command(estate: Path, store: Path | None, as_of: datetime.date, as_json: bool) -> None:
    """Say what to fix first, and what that ranking hangs on."""
    from nameplate.estate.score import sensitivity, sites

    devices, _, scores = _scored(estate, store, as_of)
    by_id = {d.device_id: d for d in devices}
    scores.sort(key=lambda s: (-s.points, s.device_id))
    swings = sensitivity(scores)
    if as_json:
        body = {"devices": scores, "sites": sites(scores), "sensitivity": swings}
        click.echo(msgspec.json.encode(body).decode())
        return
    for item in scores:
        device = by_id[item.device_id]
        model = device.fields.get("model", "no model")
        click.echo(f"{item.points:>6.1f} (could be {item.could_be:.1f})  {device.maker} {model}")
        for part in item.parts:
            value = f"{part.points:g}" if part.value is not None else str(part.absence)
            click.echo(f"          {part.name} {value} of {part.weight:g}: {part.says}")
    for site in sites(scores):
        click.echo(f"{site.site}: worst {site.worst:g}, {site.devices} devices, sum {site.total:g}")
    for swing in swings[:4]:
        click.echo(
            f"{swing.part} times {swing.factor:g}: {swing.dropped:.0%} of the first {swing.first} "
            f"change, {swing.pairs_changed:.1%} of pairs swap"
        )


@command.command("export")
@click.argument("estate", type=click.Path(path_type=Path))
@click.option(
    "--format", "form", required=True, type=click.Choice(["cyclonedx", "oscal", "xlsx", "json"])
)
@click.option("--out", required=True, type=click.Path(path_type=Path, dir_okay=False))
@click.option("--as-of", "as_of", type=DAY, required=True, help="The day to examine as of.")
@click.option("--feeds", "store", type=click.Path(path_type=Path), help="Folder of kept feeds.")
@click.option("--system", default="the organisation", help="Whose estate it is.")
def export(
    *, estate: Path, form: str, out: Path, as_of: datetime.date, store: Path | None, system: str
) -> None:
    """Write CycloneDX with VEX, OSCAL assessment results, a spreadsheet, or answers as JSON.

    It holds addresses and places: it is for the organisation, never for publication.
    """
    from nameplate.estate.examination import answers

    devices, found, scores = _scored(estate, store, as_of)
    proposed = answers(devices, found, scores, as_of)
    if form == "cyclonedx":
        from nameplate.estate.outputs.cyclonedx import bill

        out.write_text(bill(devices, found, as_of), encoding="utf-8")
    elif form == "oscal":
        from nameplate.estate.outputs.oscal import results

        out.write_text(results(devices, proposed, as_of, system), encoding="utf-8")
    elif form == "xlsx":
        from nameplate.estate.outputs.spreadsheet import write

        write(
            out,
            devices=devices,
            findings=found,
            scores=scores,
            answers=proposed,
            as_of=as_of,
        )
    else:
        out.write_bytes(msgspec.json.format(msgspec.json.encode(proposed), indent=2) + b"\n")
    click.echo(f"wrote {out.name}: {len(devices)} devices", err=True)


@command.command("join")
@click.argument("estate", type=click.Path(path_type=Path))
@click.option(
    "--trace", required=True, type=click.Path(path_type=Path), help="What nameplate trace wrote."
)
@click.option("--body", default="", help="Only purchases of this body.")
@click.option(
    "--out", type=click.Path(path_type=Path), help="Write links and statements into this folder."
)
def join_command(estate: Path, trace: Path, body: str, out: Path | None) -> None:
    """Say which contract brought these devices, what was bought and not found, and the reverse."""
    from nameplate.estate.join import join, statements
    from nameplate.estate.report import purchases_of
    from nameplate.estate.store import Estate

    devices = Estate(estate).devices()
    purchases = purchases_of(trace, body)
    joined = join(devices, purchases)
    linked = {link.device_id for link in joined.links}
    click.echo(f"{len(linked)} of {len(devices)} devices are linked to {len(purchases)} purchases")
    click.echo(f"{len(joined.bought_not_found)} purchases name a maker of which no device is here")
    click.echo(f"{len(joined.found_not_bought)} devices have no purchase")
    if out is None:
        for link in joined.links:
            click.echo(
                f"{link.device_id} {link.purchase_id} {link.weight:g}: {'; '.join(link.says)}"
            )
        return
    out.mkdir(parents=True, exist_ok=True)
    body_bytes = msgspec.json.format(msgspec.json.encode(joined), indent=2)
    (out / "links.json").write_bytes(body_bytes + b"\n")
    with (out / "statements.jsonl").open("wb") as stream:
        for statement in statements(joined, devices):
            stream.write(msgspec.json.encode(statement) + b"\n")
    click.echo("wrote links.json and statements.jsonl: trace takes the second as one of its paths")


@command.command("discover")
@click.option("--network", required=True, help="The addresses to ask, as 192.0.2.0/28.")
@click.option("--out", type=click.Path(path_type=Path), help="Folder for the record and answers.")
@click.option("--authorised-by", default="", help="Who allowed it: name and office.")
@click.option("--authorised-network", default="", help="The network they allowed it for.")
@click.option("--authorised-until", type=DAY, help="The last day on which it is allowed.")
@click.option("--rate", type=click.FloatRange(0.1, 50), default=5.0, help="Requests a second.")
@click.option("--community", default="", help="SNMP community, where one was given to you.")
@click.option("--http-port", multiple=True, type=click.IntRange(1, 65535))
@click.option("--https-port", multiple=True, type=click.IntRange(1, 65535))
@click.option("--rtsp-port", multiple=True, type=click.IntRange(1, 65535))
@click.option("--ws-port", default=3702, type=click.IntRange(1, 65535))
@click.option("--snmp-port", default=161, type=click.IntRange(1, 65535))
@click.option("--dry-run", is_flag=True, help="Only say what would be done.")
def discover_command(
    *,
    network: str,
    out: Path | None,
    authorised_by: str,
    authorised_network: str,
    authorised_until: datetime.date | None,
    rate: float,
    community: str,
    http_port: tuple[int, ...],
    https_port: tuple[int, ...],
    rtsp_port: tuple[int, ...],
    ws_port: int,
    snmp_port: int,
    dry_run: bool,
) -> None:
    """Ask given addresses what they are, with an authority on record. No sign-in is tried."""
    from nameplate.estate.discover import authority as allowed
    from nameplate.estate.discover.run import discover
    from nameplate.model.errors import UsageError

    asked = allowed.parse_network(network)
    given = allowed.authority(authorised_by, authorised_network, authorised_until)
    today = datetime.datetime.now(ZoneInfo("Europe/London")).date()
    addresses = allowed.addresses(asked, given, today)
    usual = allowed.Ports()
    ports = allowed.Ports(
        http=http_port or usual.http,
        https=https_port or usual.https,
        rtsp=rtsp_port or usual.rtsp,
        ws_discovery=ws_port,
        snmp=snmp_port,
    )
    said = allowed.plan(len(addresses), asked, ports, rate, bool(community))
    click.echo(f"Authorised by {given.authorised_by} for {given.network} until {given.until}.")
    for sentence in said:
        click.echo(sentence)
    if dry_run:
        return
    if out is None:
        raise UsageError("there is no folder for the answers", do="give one with --out")
    found = discover(
        out,
        network=str(asked),
        addresses=addresses,
        given=given,
        said=said,
        ports=ports,
        rate=rate,
        community=community,
    )
    click.echo(
        f"{found.answering} of {found.asked} addresses answered; {len(found.answers)} answers "
        f"kept. Next: nameplate estate import {out} --out ESTATE"
    )
