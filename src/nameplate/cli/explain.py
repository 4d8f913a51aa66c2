"""``nameplate explain``: why an attribution is held, the sum line by line."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import click

from nameplate.cli.trace_view import measure_words, money


@click.command()
@click.argument("attribution_id")
@click.option(
    "--out",
    required=True,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder that `nameplate trace` wrote.",
)
def command(attribution_id: str, out: Path) -> None:
    """Show why ATTRIBUTION_ID is held: each piece of evidence and its weight.

    The beginning of an id is enough where only one begins so; a purchase's id shows all that is
    held of it.
    """
    from nameplate.tracing.run.lookup import find_attributions, find_purchase

    for number, row in enumerate(find_attributions(out, attribution_id)):
        if number:
            click.echo()
        purchase = find_purchase(out, row["purchase_id"])
        for line in explained(row, purchase):
            click.echo(line)


def explained(row: dict[str, Any], purchase: dict[str, Any] | None) -> list[str]:
    """Return the lines for one row of ``attributions.parquet``."""
    lines = [f"{row['attribution_id']}", f"  {row['wording']}"]
    if row["constructed"]:
        lines.append(f"  {row['constructed']}")
    lines += [
        "",
        f"  Purchase   {row['purchase_id']}",
        f"  Title      {row['title'] or 'not given'}",
        f"  Body       {row['body'] or 'not given'}",
        f"  Supplier   {row['supplier'] or 'not named'}",
        f"  Amount     {_amount(row)}",
        f"  Date       {_date(row)}",
        f"  Kind       {row['trade_kind']}{_why(purchase)}",
        f"  Read in    {row['source_file']}, {row['locator']}",
        f"  SHA-256    {row['source_sha256'] or 'not computable'}",
        "",
        f"  Maker      {_maker(row)}",
        f"  Grade      {row['grade']}" + (f", role {row['role']}" if row["role"] else ""),
        "",
        "  Evidence",
    ]
    lines += _sum(row)
    if purchase and purchase["url"]:
        lines += ["", f"  Published at {purchase['url']}"]
    return lines


def _amount(row: dict[str, Any]) -> str:
    if row["amount"] is None:
        return "not computable: none is published"
    counted = "" if row["in_totals"] else "; in no total of equipment"
    shown = money(str(row["amount"]), row["currency"], row["amount_note"] or "")
    return f"{shown} ({measure_words(row)}{counted})"


def _date(row: dict[str, Any]) -> str:
    return f"{row['date']} ({row['date_kind']})" if row["date"] else "not given"


def _why(purchase: dict[str, Any] | None) -> str:
    reason = (purchase or {}).get("trade_reason")
    return f" ({reason})" if reason else ""


def _maker(row: dict[str, Any]) -> str:
    if row["maker"] is None:
        return "unknown: a question to ask"
    return f"{row['maker']} ({row['brand']})" if row["brand"] else str(row["maker"])


def _sum(row: dict[str, Any]) -> list[str]:
    """The weights, from the prior to the probability: log-odds are added, then turned back."""
    evidence = json.loads(row["evidence"])
    lines = []
    total = row["prior"]
    if total is not None:
        lines.append(f"  {total:+8.2f}  before any evidence ({_chance(total)})")
    for piece in evidence:
        weight = piece["weight"]
        if total is None:
            lines.append(f"            {piece['says']} [{piece['link']}: {piece['grade']}]")
        else:
            total += weight
            says = f"{piece['says']} [{piece['link']}: {piece['grade']}]"
            lines.append(f"  {weight:+8.2f}  {says}")
        if piece.get("ref"):
            lines.append(f"            rests on {piece['ref']}")
    if total is not None:
        lines.append(f"  {total:+8.2f}  in all, natural-log odds ({_chance(total)} by this sum)")
    shown = row["probability"]
    if shown is not None:
        lines.append(f"  Probability shown: {shown:.0%}")
    elif row["band"]:
        lines.append(
            f"  Shown as: {row['band']}. No percentage: too few labelled records stand behind it."
        )
    else:
        lines.append("  No probability: an open question has none.")
    return lines


def _chance(log_odds: float) -> str:
    return f"{1 / (1 + math.exp(-log_odds)):.1%}"
