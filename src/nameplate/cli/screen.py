"""``nameplate screen``: which names in a file were listed on a day, and which are now."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from nameplate.cli.dates import DAY

if TYPE_CHECKING:
    from nameplate.tracing.screening.finding import Asker, Finding, Result
    from nameplate.tracing.screening.record import Record

KINDS = ("council", "police", "nhs", "school", "central")
_SHOWN = 40


@click.command("screen")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--as-of", type=DAY, help="The day asked about, the same for every row.")
@click.option("--as-of-column", help="Column that holds each row's day, such as 'signed'.")
@click.option("--name-column", help="Column of names; found by its heading unless told.")
@click.option("--list", "lists", multiple=True, help="Keep to this list; may be given again.")
@click.option(
    "--watchlists",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("workspace/watchlists"),
    show_default=True,
    help="Folder of imported lists; the catalogue's own listings are always there.",
)
@click.option("--body", help="The body you ask for, by name: decides which lists bind it.")
@click.option("--body-kind", type=click.Choice(KINDS), help="Its kind; council unless told.")
@click.option("--now", type=DAY, help='What "now" means; the newest day known unless told.')
@click.option(
    "--judgements",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="A person's judgements on names, as `nameplate parties` keeps them; they win.",
)
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), help="Folder of outputs.")
@click.option("--json", "as_json", is_flag=True, help="Print the record and all findings as JSON.")
def command(  # noqa: PLR0917
    file: Path,
    as_of: datetime.date | None,
    as_of_column: str | None,
    name_column: str | None,
    lists: tuple[str, ...],
    watchlists: Path,
    body: str | None,
    body_kind: str | None,
    now: datetime.date | None,
    judgements: Path | None,
    out: Path | None,
    as_json: bool,
) -> None:
    """Look up the names in FILE: listed then? listed now? by which list, and on what evidence."""
    import tempfile

    import msgspec

    from nameplate.catalogue.store import load
    from nameplate.catalogue.watchlists.snapshots import Store, sha256_of
    from nameplate.model.errors import UsageError
    from nameplate.tracing.parties.judgements import load_judgements
    from nameplate.tracing.screening.asking import Asks
    from nameplate.tracing.screening.finding import Result
    from nameplate.tracing.screening.known import Known
    from nameplate.tracing.screening.record import Run, write

    if (as_of is None) == (as_of_column is None):
        raise UsageError("give one of --as-of DATE and --as-of-column NAME")
    asks = Asks(file, name_column=name_column, as_of=as_of, as_of_column=as_of_column)
    store = Store(watchlists) if watchlists.is_dir() else None
    run = Run(
        asks,
        Known(load(), store, lists, load_judgements(judgements) if judgements else None),
        asker=_asker(body, body_kind),
        now=now,
        judgements_sha256=sha256_of(judgements) if judgements else "",
    )
    with tempfile.TemporaryDirectory() as scratch:
        folder = out or Path(scratch)
        record = write(run, folder)
        decoder = msgspec.json.Decoder(Result)
        with (folder / "results.jsonl").open("rb") as stream:
            found = (decoder.decode(line) for line in stream)
            hits = (result for result in found if result.findings or result.sells)
            if as_json:
                told = {"record": record, "results": list(hits)}
                click.echo(msgspec.json.encode(told, order="deterministic"))
                return
            for line in _page(record, hits):
                click.echo(line)
    if out:
        click.echo(f"Written to {out}: screening.json, results.csv, results.jsonl.")


_OF_KIND = {
    "council": "council",
    "combined authority": "council",
    "police": "police",
    "nhs": "nhs",
    "school trust": "school",
    "department": "central",
}


def _asker(name: str | None, kind: str | None) -> Asker:
    """The body asked for; raises UsageError where the name is no known body's or of several."""
    from nameplate.catalogue.bodies_names import resolve_body
    from nameplate.model.errors import UsageError
    from nameplate.tracing.screening.finding import Asker

    if name is None:
        return Asker(kind=kind or "council")
    found = resolve_body(name)
    if found.body is None:
        raise UsageError(f"{name!r} is {found.status} as a body", do="give --body-kind instead")
    return Asker(
        kind=kind or _OF_KIND.get(found.body.kind, found.body.kind),
        nation=found.body.nation,
        name=found.body.name,
    )


def _page(record: Record, hits: Iterator[Result]) -> Iterator[str]:
    shown = 0
    for result in hits:
        shown += 1
        if shown <= _SHOWN:
            day = result.as_of or "no date"
            yield click.style(f"{result.locator}  {result.name}  [{day}]", bold=True)
            yield f"  listed then: {result.listed_then.value}; now: {result.listed_now.value}"
            for finding in result.findings:
                yield from _finding(finding)
            for sale in result.sells:
                since = f" ({sale.since})" if sale.since else ""
                yield f"    sells {sale.maker} equipment, says {sale.claimed_by}{since}"
                yield f"      no listing of its own; {sale.claim} [{sale.evidence}]"
                yield f"      the maker: then {sale.maker_then.value}, now {sale.maker_now.value}"
    if shown > _SHOWN:
        yield f"… and {shown - _SHOWN} rows more with findings; --out keeps them all."
    yield ""
    yield f"{record.rows} rows, {record.rows_with_findings} with findings: {record.hits}."
    if record.rows_that_sell:
        yield f"  {record.rows_that_sell} suppliers are known to sell a maker's equipment"
    if record.judgements:
        yield f"  {record.judgements} judgements of a person were applied"
    for title, counts in (("listed then", record.listed_then), ("listed now", record.listed_now)):
        yield f"  {title}: " + ", ".join(f"{count} {word}" for word, count in counts.items())
    if record.without_name or record.without_date:
        yield f"  {record.without_name} rows without a name, {record.without_date} without a date"
    asker = record.asker.name or f"a {record.asker.kind} (name it with --body)"
    yield f"  asked for {asker}"
    yield f"  now means {record.now}; names in {record.columns.name!r}; day by {record.as_of}"
    searched = [f"{s.key} ({s.searched:,})" for s in record.lists if s.searched]
    empty = [s.key for s in record.lists if not s.searched]
    yield f"  searched: {', '.join(searched) or 'nothing'}"
    if empty:
        yield f"  no entry to search in: {', '.join(empty)}"
    yield f"  not searched: {'; '.join(record.not_searched)}"
    yield "Nothing found is no clearance: it says what these lists held on these days."


def _finding(finding: Finding) -> Iterator[str]:
    dates = f"since {finding.since or 'no date given'}"
    if finding.until:
        dates += f" to {finding.until}"
    if finding.announced:
        dates += f", announced {finding.announced}"
    yield f"    {finding.list_name}: then {finding.then.value}, now {finding.now.value} ({dates})"
    sure = "" if finding.certain else f", score {finding.score:.2f}: for a person to decide"
    yield f"      as “{finding.listed_as}”; matched by {finding.matched}{sure}"
    if finding.through:
        yield f"      through {', '.join(finding.through)}"
    yield f"      binds this body: {finding.binds}; {finding.citation} [{finding.evidence}]"
    if finding.why_open:
        yield f"      open: {finding.why_open}"
