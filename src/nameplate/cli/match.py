"""``nameplate match``: score pairs of names, so that the matcher can be measured."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

import click

SCHEMAS = ("Person", "Organization", "Company", "LegalEntity", "Vessel")


@click.command(name="match")
@click.argument("pairs", type=click.Path(allow_dash=True))
@click.option("--jsonl", is_flag=True, help="Print one JSON object a row; without it, a table.")
@click.option("--name1", help="Score this name …")
@click.option("--name2", help="… against this one, in place of a file (give - as PAIRS).")
@click.option("--schema", default="Company", show_default=True, type=click.Choice(SCHEMAS))
@click.option("--no-aliases", is_flag=True, help="Leave the catalogue's curated spellings aside.")
def command(  # noqa: PLR0917
    pairs: str, jsonl: bool, name1: str | None, name2: str | None, schema: str, no_aliases: bool
) -> None:
    """Score each row of PAIRS, a CSV with the columns name1, name2 and, optionally, schema.

    Every row gets a score from 0 to 1, whether it is a match (0.5 or more: worth a person's look,
    no proof), and the reasons. A row that cannot be scored says so and stops nothing. ``-`` reads
    standard input.
    """
    from nameplate.catalogue.aliases import bundled_aliases
    from nameplate.names.score import score

    aliases = None if no_aliases else bundled_aliases()
    if name1 is not None and name2 is not None:
        rows: Iterator[tuple[int, str, str, str, str]] = iter([(1, name1, name2, schema, "")])
        _print(rows, jsonl, aliases, score)
        return
    with _opened(pairs) as stream:
        _print(_rows(stream, pairs, schema), jsonl, aliases, score)


@contextmanager
def _opened(path: str) -> Iterator[TextIO]:
    from nameplate.model.errors import UsageError

    if path == "-":
        yield sys.stdin
        return
    try:
        stream = open(path, encoding="utf-8-sig", newline="")  # noqa: SIM115, PTH123
    except OSError as error:
        raise UsageError(
            f"cannot be read ({error.strerror})", where=path, do="give a CSV file of pairs"
        ) from error
    with stream:
        yield stream


def _rows(stream: TextIO, path: str, default: str) -> Iterator[tuple[int, str, str, str, str]]:
    """Yield (row number from 1, name1, name2, schema, fault)."""
    from nameplate.model.errors import InputError

    reader = csv.DictReader(stream)
    try:
        columns = reader.fieldnames or []
        if "name1" not in columns or "name2" not in columns:
            raise InputError(
                f"has no columns name1 and name2 but {', '.join(map(repr, columns)) or 'none'}",
                where=path,
                do="name the two columns so in the first row",
            )
        for number, row in enumerate(reader, start=1):
            one, other = (row.get("name1") or "").strip(), (row.get("name2") or "").strip()
            schema = (row.get("schema") or "").strip() or default
            fault = ""
            if schema not in SCHEMAS:
                fault = f"the schema {schema!r} is none of {', '.join(SCHEMAS)}"
            elif not one or not other:
                fault = "a name is empty"
            yield number, one, other, schema, fault
    except (UnicodeDecodeError, csv.Error) as error:
        raise InputError(
            f"is no CSV in UTF-8 ({error})", where=path, do="save it as CSV UTF-8"
        ) from error


def _print(rows: Iterator[tuple[int, str, str, str, str]], jsonl: bool, aliases, score) -> None:  # type: ignore[no-untyped-def]
    for number, one, other, schema, fault in rows:
        if fault:
            entry: dict[str, object] = {
                "row": number,
                "name1": one,
                "name2": other,
                "schema": schema,
                "score": None,
                "match": None,
                "reasons": [],
                "error": fault,
            }
        else:
            scored = score(one, other, schema, aliases)
            entry = {
                "row": number,
                "name1": one,
                "name2": other,
                "schema": schema,
                "score": round(scored.score, 6),
                "match": scored.match,
                "reasons": list(scored.reasons),
            }
        if jsonl:
            click.echo(json.dumps(entry, ensure_ascii=False))
        else:
            verdict = entry.get("error") or ("match" if entry["match"] else "no match")
            shown = "" if entry["score"] is None else f"{entry['score']:.4f}"
            reasons = "; ".join(entry["reasons"])  # type: ignore[arg-type]
            click.echo(f"{number}\t{shown}\t{verdict}\t{one} | {other}\t{reasons}")
