"""``nameplate bodies``: which public body a name means, and who followed whom."""

from __future__ import annotations

import json
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from nameplate.catalogue.bodies import Bodies, Body
    from nameplate.catalogue.bodies_names import Resolution, Resolver

_ADD = click.option(
    "--add",
    "added",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Take in a CSV of further bodies (NHS trusts, schools' trusts …); may be repeated.",
)


@click.group(name="bodies")
def command() -> None:
    """Public bodies: their codes, dates, predecessors and successors, and their names in files."""


def _resolver(added: tuple[Path, ...]) -> Resolver:
    from nameplate.catalogue.bodies import load_bodies
    from nameplate.catalogue.bodies_import import read_bodies, with_imported
    from nameplate.catalogue.bodies_names import Resolver, bundled_resolver

    if not added:
        return bundled_resolver()
    imported = []
    for path in added:
        one = read_bodies(path)
        imported.append(one)
        for row, why in one.set_aside:
            click.echo(f"{path.name}, row {row}: set aside, {why}", err=True)
        if one.unknown_columns:
            click.echo(f"{path.name}: not understood: {', '.join(one.unknown_columns)}", err=True)
        click.echo(f"{path.name}: {len(one.bodies)} bodies taken in", err=True)
    return Resolver(with_imported(load_bodies(), *imported))


def _day(text: str | None) -> date | None:
    from nameplate.model.errors import UsageError

    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise UsageError(f"{text!r} is no date", do="write it as 2026-11-23") from error


@command.command()
@click.argument("name")
@click.option("--as-of", "as_of", metavar="DATE", help="Show who did its work on this day.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@_ADD
def show(name: str, as_of: str | None, as_json: bool, added: tuple[Path, ...]) -> None:
    """Show the body NAME (a name, GSS code, org-id or key), and its history."""
    from nameplate.model.errors import UsageError

    day = _day(as_of)
    resolver = _resolver(added)
    bodies = resolver.bodies
    found = resolver.resolve(name)
    if found.status == "unknown":
        by_place = resolver.from_path(name + "/x", day)
        found = by_place if by_place.status != "unknown" else found
    if found.body is None and name in {body.key for body in bodies}:
        body = bodies.get(name)
    elif found.body is None:
        raise UsageError(
            f"{name!r} is {found.status}: {found.why}", do="give its full name or its code"
        )
    else:
        body = found.body
    entry = _entry(body, bodies, day)
    if as_json:
        click.echo(json.dumps(entry, ensure_ascii=False))
        return
    for key, value in entry.items():
        shown = "; ".join(map(str, value)) if isinstance(value, list) else value
        if shown not in ("", None):
            click.echo(f"{key.replace('_', ' ')}: {shown}")


def _entry(body: Body, bodies: Bodies, day: date | None) -> dict[str, object]:
    source = bodies.sources.get(body.source)
    entry: dict[str, object] = {
        "key": body.key,
        "body_id": body.body_id,
        "name": body.name,
        "kind": body.kind,
        "type": body.type,
        "gss": body.gss,
        "former_gss": list(body.former_gss),
        "org_id": body.org_id,
        "nation": body.nation,
        "region": body.region,
        "lat": body.lat,
        "lon": body.lon,
        "valid_from": body.valid_from or "not known",
        "valid_to": body.valid_to or "still there, as far as known",
        "predecessors": [one.name for one in bodies.predecessors(body)],
        "successors": [bodies.get(key).name for key in body.replaced_by],
        "source": source.title if source else body.source,
    }
    if day is not None:
        entry[f"as_of_{day}"] = [one.name for one in bodies.as_at(body, day)] or ["not known"]
    return entry


@command.command()
@click.argument("source", type=click.Path(allow_dash=True))
@click.option("--as-of", "as_of", metavar="DATE", help="Resolve as on this day.")
@click.option("--paths", is_flag=True, help="The lines are paths of files, not names.")
@_ADD
def resolve(source: str, as_of: str | None, paths: bool, added: tuple[Path, ...]) -> None:
    """Resolve each line of SOURCE (a text file, or - for standard input); print JSON lines.

    Each gives text, status (resolved, unknown, ambiguous), body (key), name, candidates and why;
    counts of each status go to standard error.
    """
    from nameplate.model.errors import InputError

    day = _day(as_of)
    resolver = _resolver(added)
    counts = {"resolved": 0, "unknown": 0, "ambiguous": 0}
    try:
        stream = sys.stdin if source == "-" else Path(source).open(encoding="utf-8-sig")  # noqa: SIM115
        with stream:
            for line in stream:
                text = line.rstrip("\r\n")
                if not text.strip():
                    continue
                found = resolver.from_path(text, day) if paths else resolver.resolve(text, day)
                counts[found.status] += 1
                click.echo(json.dumps(_resolved(text, found), ensure_ascii=False))
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            f"cannot be read as UTF-8 text ({error})", where=source, do="give one name a line"
        ) from error
    listed = ", ".join(f"{count} {status}" for status, count in counts.items())
    click.echo(listed, err=True)


def _resolved(text: str, found: Resolution) -> dict[str, object]:
    return {
        "text": text,
        "status": found.status,
        "body": found.body.key if found.body else None,
        "name": found.body.name if found.body else None,
        "candidates": [body.key for body in found.candidates],
        "why": found.why,
    }


@command.command()
@_ADD
def count(added: tuple[Path, ...]) -> None:
    """Count the known bodies by kind, and those that have ended."""
    bodies = _resolver(added).bodies
    kinds: dict[str, list[int]] = {}
    for body in bodies:
        tally = kinds.setdefault(body.kind, [0, 0])
        tally[0] += 1
        tally[1] += bool(body.valid_to)
    for kind in sorted(kinds):
        click.echo(f"{kind}: {kinds[kind][0]}, of which {kinds[kind][1]} have ended")
