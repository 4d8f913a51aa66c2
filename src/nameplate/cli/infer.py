"""``nameplate infer``: how likely each maker is for one purchase, and why, line by line."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("infer")
@click.argument("purchase_id")
@click.option(
    "--out",
    required=True,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder that `nameplate trace` wrote.",
)
@click.option("--top", default=3, show_default=True, help="How many makers to show.")
def command(purchase_id: str, out: Path, top: int) -> None:
    """Say how likely each maker is for PURCHASE_ID, from purchases whose maker is known.

    Learns from the run's stated, observed and named purchases only. Bands are shown in the place
    of percentages until 200 real ones stand behind them.
    """
    from nameplate.tracing.infer.model import MIN_REAL, Knowledge, infer, one_more_answer, shown
    from nameplate.tracing.infer.run import asked_of_run, labelled_of, rows_of

    rows = rows_of(out)
    asked = asked_of_run(rows, purchase_id)
    known = [r for r in labelled_of(rows) if r.purchase_id != asked.purchase_id]
    knowledge = Knowledge(known)
    made_up = len(known) - knowledge.real
    click.echo(f"{asked.purchase_id}")
    click.echo(
        f"  {knowledge.real} real purchases with a known maker stand behind this"
        + (f", and {made_up} constructed ones" if made_up else "")
        + ("" if knowledge.real >= MIN_REAL else f": under {MIN_REAL}, so bands and no percentages")
    )
    found = infer(asked, knowledge)
    if not found:
        click.echo("  not computable: no purchase with a known maker, and no claim to sell one")
        return
    for item in found[:top]:
        click.echo(f"\n  {item.maker}: {shown(item)} (the record does not name a maker)")
        click.echo(f"    {item.prior:+8.3f}  its share of all purchases with a known maker")
        for line in item.evidence:
            ref = f" [{line.ref}]" if line.ref else ""
            click.echo(f"    {line.weight:+8.3f}  {line.says}{ref}")
        total = item.prior + sum(line.weight for line in item.evidence)
        click.echo(f"    {total:+8.3f}  log-odds")
    click.echo("\n  What one more answer would change:")
    for maker, before, after in one_more_answer(asked, knowledge):
        click.echo(
            f"    if one more of its {'supplier' if asked.supplier else 'body'}'s purchases is"
            f" said to be {maker}: {shown(before)} becomes {shown(after)}"
            f" (log-odds {_odds(after.probability) - _odds(before.probability):+.2f})"
        )


def _odds(chance: float) -> float:
    import math

    chance = min(max(chance, 1e-12), 1 - 1e-12)
    return math.log(chance / (1 - chance))
