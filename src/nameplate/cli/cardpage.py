"""A maker's card as a page of text: facts first, sources numbered below."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence

import click

from nameplate.catalogue.card import Card, Line, ListingLine
from nameplate.catalogue.schema import Source

WIDTH = 100
"""Columns of a line, so that the page reads the same in a pipe as on a terminal."""


class Notes:
    """Numbers sources in the order in which they are first cited."""

    def __init__(self) -> None:
        self.numbers: dict[Source, int] = {}

    def cite(self, lines: Iterable[Line]) -> str:
        """The mark for all sources of ``lines``: ``[1, 4]``."""
        sources = [source for line in lines for source in line.sources]
        found = {self.numbers.setdefault(source, len(self.numbers) + 1) for source in sources}
        return f"[{', '.join(str(number) for number in sorted(found))}]"

    def page(self) -> list[str]:
        """The numbered list itself."""
        out = ["", _bold("Sources")]
        for source, number in self.numbers.items():
            when = f", {source.published}" if source.published else ""
            url = f" {source.url}" if source.url else ""
            out.append(f"  [{number}] {source.title}{when} (read {source.read}){url}")
        return out


def page(card: Card) -> list[str]:
    """The whole card, as lines."""
    notes = Notes()
    out = [_bold(f"{card.brand_asked or card.name}, as of {card.as_of}")]
    facts = [card.name, card.country, ", ".join(word.replace("_", "-") for word in card.makes)]
    out.append("  " + " · ".join(fact for fact in facts if fact))
    if card.identifiers:
        out.append("  " + "  ".join(card.identifiers))
    out += _listings(card, notes)
    out += _section("Owners and owned", card.ownership, notes)
    out += _section("Brands of its own", card.brands, notes)
    out += _section("Rebrand claims: claims, not facts", card.rebrands, notes)
    out += _section("Who says that they sell it", card.distributors, notes)
    out += _names(card, notes)
    if card.grammars:
        out += ["", _bold("Model numbers") + " " + notes.cite(card.grammars)]
        out += [row for line in card.grammars for row in _wrap(line.says, 2)]
    out += notes.page()
    out.append("")
    if card.leads_left_out:
        out.append(f"{card.leads_left_out} unverified leads are left out.")
    out.append(f"Catalogue {card.catalogue_version}. Silence here clears nobody.")
    return out


def _bold(text: str) -> str:
    return click.style(text, bold=True)


def _wrap(text: str, indent: int) -> list[str]:
    pad = " " * indent
    return textwrap.wrap(
        text,
        WIDTH,
        initial_indent=pad,
        subsequent_indent=pad + "  ",
        break_long_words=False,
        break_on_hyphens=False,
    )


def _dates(line: Line) -> str:
    if line.since and line.until:
        return f"{line.since} to {line.until}"
    if line.since:
        return f"since {line.since}"
    return f"until {line.until}" if line.until else "date not known"


def _listings(card: Card, notes: Notes) -> list[str]:
    groups = (
        (f"Listed on {card.as_of}", ("in force",)),
        ("Not certain on that day", ("not known",)),
        ("Listed since then", ("not yet", "announced, not yet in force")),
        ("Ended before", ("ended",)),
    )
    out: list[str] = []
    for title, standings in groups:
        entries = [entry for entry in card.listings if entry.standing in standings]
        if entries or title.startswith("Listed on"):
            out += ["", _bold(title)]
            out += _by_list(entries, notes) or ["  nothing found on the lists in the catalogue"]
    return [*out, "", *_wrap(f"Could a buyer have known by then? {card.knowable}.", 0)]


def _by_list(entries: Sequence[ListingLine], notes: Notes) -> list[str]:
    out: list[str] = []
    for key in dict.fromkeys(entry.watchlist for entry in entries):
        group = [entry for entry in entries if entry.watchlist == key]
        first = group[0]
        whom = "binds UK councils" if first.binds_uk_councils else "does not bind UK councils"
        out += _wrap(f"{first.says} ({first.authority}) {notes.cite(group)}", 2)
        for entry in group:
            out += [row for text in _entry(entry) for row in _wrap(text, 4)]
        out += _wrap(f"Forbids {first.forbids}.", 4)
        out += _wrap(f"Binds {first.binds}: {whom}.", 4)
    return out


def _entry(entry: ListingLine) -> list[str]:
    again = f", listed again {', '.join(entry.editions)}" if entry.editions else ""
    early = f", announced {entry.announced}" if entry.announced else ""
    head = f"{_dates(entry)}{early}{again}: “{entry.listed_as}”"
    out = [f"{head}; {entry.scope}" if entry.scope else head]
    if entry.through:
        out.append(f"  reaches it through {', '.join(entry.through)}")
    if entry.why_unsure:
        out.append(f"  not certain: {entry.why_unsure}")
    note = f" – {entry.note}" if entry.note else ""
    out.append(f"  {entry.citation}; {entry.confidence}{note}")
    return out


def _section(title: str, lines: tuple[Line, ...], notes: Notes) -> list[str]:
    if not lines:
        return []
    out = ["", _bold(title)]
    for line in lines:
        mark = {"later": " (later than the date asked)", "ended": " (ended)"}.get(line.when, "")
        note = f" – {line.note}" if line.note else ""
        text = f"{line.says}; {_dates(line)}{mark}; {line.confidence} {notes.cite([line])}{note}"
        out += _wrap(text, 2)
    return out


def _names(card: Card, notes: Notes) -> list[str]:
    if not card.names:
        return []
    text = "; ".join(line.says for line in card.names)
    return ["", _bold("Names it is recognised by") + " " + notes.cite(card.names), *_wrap(text, 2)]
