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
    table = Table(
        title="Makers named or pointed to", title_justify="left", box=None, pad_edge=False
    )
    table.add_column("Maker", style="bold")
    table.add_column("Bodies", justify="right")
    table.add_column("Contracts and payments", justify="right")
    for grade in GRADES[:-1]:
        table.add_column(grade, justify="right")
    table.add_column("Confirmed, at least", justify="right", style="bold")
    table.add_column("Likely", justify="right")
    table.add_column("Possible", justify="right")
    table.add_column("of", style="dim")
    for maker in report["makers"]:
        first = True
        for measure in maker["totals"]["by_measure"] or [None]:
            lead = (
                [
                    maker["maker"],
                    str(len(maker["bodies"])),
                    str(maker["purchases"]),
                    *(str(maker["grades"].get(grade, "–")) for grade in GRADES[:-1]),
                ]
                if first
                else [""] * 7
            )
            table.add_row(*lead, *_three(measure))
            first = False
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
    from rich.table import Table

    rows = report["largest"][:_SHOWN]
    if not rows:
        return
    table = Table(
        title="\nLargest contracts and payments that include a maker's equipment",
        title_justify="left",
        box=None,
        pad_edge=False,
    )
    table.add_column("Amount", justify="right", style="bold", no_wrap=True)
    table.add_column("Maker")
    table.add_column("Body")
    table.add_column("Supplier")
    table.add_column("Date", no_wrap=True)
    table.add_column("What holds it")
    table.add_column("Maker listed by then?")
    for row in rows:
        date = row["date"]
        table.add_row(
            money(row["amount"], row["currency"], row["amount_note"]),
            row["maker"],
            row["body"] if row["body"] != Absence.NOT_COMPUTABLE else "not given",
            row["supplier"] if row["supplier"] != Absence.NOT_COMPUTABLE else "not named",
            "not given" if date == Absence.NOT_COMPUTABLE else f"{date} {row['date_kind']}",
            f"{row['grade']}: {row['wording']}",
            _listed(row["listed_then"]),
        )
    console.print(table)


def _listed(then: Report) -> str:
    answer = then["answer"]
    word = "yes" if answer is True else "no" if answer is False else str(answer)
    return f"{word}: {then['says']}"


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
