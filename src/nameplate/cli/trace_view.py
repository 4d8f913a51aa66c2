"""The report of a trace as a person reads it on a terminal."""

from __future__ import annotations

import sys
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, Final

from nameplate.model.absence import Absence

if TYPE_CHECKING:
    from rich.console import Console

Report = dict[str, Any]

_SYMBOL: Final = {"GBP": "£", "EUR": "€", "USD": "$"}
_SHOWN: Final = 10
_WIDTH: Final = 110
"""Columns where the output is no terminal."""
GRADES: Final = ("stated", "observed", "named", "inferred", "open")


def money(amount: str, currency: str, note: str = "") -> str:
    """Write a sum as people do: ``about £833,000``; words (an absence) are left as they are."""
    try:
        value = Decimal(amount)
    except InvalidOperation:
        return amount
    text = f"{value:,.0f}" if value == value.to_integral_value() else f"{value:,.2f}"
    sign = _SYMBOL.get(currency)
    shown = f"{sign}{text}" if sign else f"{text} {currency or '(no currency given)'}"
    return f"{note} {shown}".strip()


def show(report: Report, out: str) -> None:
    """Print the report on standard output."""
    from rich.console import Console

    terminal = sys.stdout.isatty()
    console = Console(highlight=False, width=None if terminal else _WIDTH, soft_wrap=False)
    _constructed(console, report)
    _makers(console, report)
    _largest(console, report)
    _open(console, report)
    _coverage(console, report)
    _absence(console, report)
    console.print(
        f"\nWritten to {out}: attributions, mentions, purchases, coverage, set_aside, run"
    )


def _constructed(console: Console, report: Report) -> None:
    for sentence, count in report["constructed"].items():
        console.print(f"[bold]{count} of these records are no published ones:[/] {sentence}\n")


def _makers(console: Console, report: Report) -> None:
    from rich.table import Table

    if not report["makers"]:
        console.print(f"[bold]Makers: {_no_maker(report)}[/]")
        return
    table = Table(title="Makers", title_justify="left", box=None, padding=(0, 2, 0, 0))
    table.add_column("Maker", style="bold")
    table.add_column("Bodies", justify="right")
    table.add_column("Records", justify="right")
    table.add_column("By grade")
    table.add_column("Confirmed, at least", justify="right", style="bold", no_wrap=True)
    table.add_column("Likely", justify="right", no_wrap=True)
    table.add_column("Possible", justify="right", no_wrap=True)
    table.add_column("Of", style="dim")
    for maker in report["makers"]:
        grades = ", ".join(
            f"{maker['grades'][grade]} {grade}" for grade in GRADES if grade in maker["grades"]
        )
        lead = [maker["maker"], str(len(maker["bodies"])), str(maker["purchases"]), grades]
        for measure in maker["totals"]["by_measure"] or [None]:
            table.add_row(*lead, *_three(measure))
            lead = [""] * 4
    console.print(table)
    console.print(f"[dim]{report['meaning']}[/]")


def _three(measure: Report | None) -> list[str]:
    if measure is None:
        return [Absence.NOT_COMPUTABLE] * 3 + ["no amount in the totals"]
    currency, note = measure["currency"], measure["note"]
    confirmed = (
        money(measure["confirmed"], currency, note)
        if measure["confirmed_purchases"]
        else Absence.NOTHING_FOUND
    )
    return [
        confirmed,
        money(measure["likely"], currency, note),
        money(measure["possible"], currency, note),
        measure_words(measure),
    ]


def measure_words(measure: Report) -> str:
    """What a sum is of, in words: ``contracts, net of VAT``."""
    kind = {
        "notice_estimate": "estimates in notices",
        "award": "awards",
        "contract": "contracts",
        "payment": "payments",
    }.get(measure["amount_kind"], measure["amount_kind"])
    tax = {"net": "net of VAT", "gross": "with VAT"}.get(measure["amount_tax"], "VAT not stated")
    return f"{kind}, {tax}"


def _no_maker(report: Report) -> str:
    outcome = report["outcome"]
    if outcome == Absence.FAILED:
        return "failed: nothing could be read"
    return f"{Absence.NOTHING_FOUND} in {report['coverage']['records_read']:,} records searched"


def _largest(console: Console, report: Report) -> None:
    from rich.padding import Padding
    from rich.text import Text

    rows = report["largest"][:_SHOWN]
    if not rows:
        return
    console.print("\n[bold]Largest contracts and payments that include a maker's equipment[/]")
    for row in rows:
        supplier = row["supplier"] if row["supplier"] != Absence.NOT_COMPUTABLE else "not named"
        body = row["body"] if row["body"] != Absence.NOT_COMPUTABLE else "body not given"
        amount = money(row["amount"], row["currency"], row["amount_note"])
        head = Text(f"{amount}  {row['maker']}", style="bold")
        head.append(f"  {body}; supplier {supplier}", style="not bold")
        console.print(head)
        details = [
            f"{row['grade']}: {row['wording']}",
            f"{_when(row)}; {_listed(row['listed_then'])}",
            *(f"{said['by']}: {said['text']}" for said in row["said"]),
            f"{row['title']} – {row['source_file']}, {row['locator']}; "
            f"nameplate explain {row['attribution_id'][:12]}",
        ]
        for detail in details:
            console.print(Padding(Text(detail, style="dim"), (0, 0, 0, 2)))


def _when(row: Report) -> str:
    if row["date"] == Absence.NOT_COMPUTABLE:
        return "date of signature not given"
    return f"{row['date_kind']} {row['date']}"


def _listed(then: Report) -> str:
    answer = then["answer"]
    word = "yes" if answer is True else "no" if answer is False else str(answer)
    lists = "; ".join(f"{item['list']} {item['since']}" for item in then["listings"])
    known = f" (in the catalogue: {lists})" if lists and answer is not True else ""
    return f"was the maker listed by then? {word}: {then['says']}{known}"


def _open(console: Console, report: Report) -> None:
    count = report["open_purchases"]
    if count:
        console.print(
            f"\n[bold]Open questions:[/] {count:,} purchases of surveillance equipment name no "
            "maker; who made it has to be asked."
        )


def _coverage(console: Console, report: Report) -> None:
    coverage, counts = report["coverage"], report["counts"]
    files = ", ".join(f"{count} {status}" for status, count in coverage["files"].items())
    console.print(
        f"\n[bold]Coverage[/] ({report['mode']}): {files}; {coverage['records_read']:,} records "
        f"read, dated {coverage['first_date']} to {coverage['last_date']}."
        if coverage["first_date"] != Absence.NOT_COMPUTABLE
        else f"\n[bold]Coverage[/] ({report['mode']}): {files}; {coverage['records_read']:,} "
        f"records read, dates {Absence.NOT_COMPUTABLE}."
    )
    aside = counts["records_set_aside"]
    console.print(
        f"[bold]Set aside:[/] {aside:,} records that could not be read; each is in set_aside.csv."
        if aside
        else "[bold]Set aside:[/] none."
    )


def _absence(console: Console, report: Report) -> None:
    for face in Absence:
        entries = report["absence"].get(face.value, [])
        if not entries:
            continue
        console.print(f"[bold]{face.value.capitalize()}:[/] {len(entries)}", end=" ")
        console.print("file(s)" if face is not Absence.NOT_COMPUTABLE else "")
        for entry in entries[:5]:
            console.print(f"  {entry}", markup=False)
        if len(entries) > 5:
            console.print(f"  … and {len(entries) - 5} more: see coverage.csv")
