"""What several pages show alike: grades in words, marked mentions, listings, dispute marks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final, NamedTuple

from markupsafe import Markup, escape

from nameplate.catalogue.store import load as load_catalogue
from nameplate.register.models import Attribution, Dispute, Purchase

grade_names: Final[Mapping[str, str]] = {
    "stated": "Stated",
    "observed": "Observed",
    "named": "Named",
    "inferred": "Inferred",
    "open": "Open",
}
GRADE_TAGS: Final[Mapping[str, str]] = {
    "stated": "govuk-tag--green",
    "observed": "govuk-tag--teal",
    "named": "govuk-tag--blue",
    "inferred": "govuk-tag--yellow",
    "open": "govuk-tag--grey",
}
GRADE_MEANINGS: Final[Mapping[str, str]] = {
    "stated": "the body, supplier or maker says so itself, or is reported to",
    "observed": "equipment on the estate identifies itself as the maker's",
    "named": "the purchase record names the maker, brand or model",
    "inferred": "evidence points there without naming it",
    "open": "surveillance equipment, maker unknown: a question to ask",
}
ROLE_NAMES: Final[Mapping[str, str]] = {
    "supplied": "supplied",
    "in_use": "in use",
    "maintained": "maintained",
    "to_be_replaced": "to be replaced",
    "removed": "removed",
    "prohibited": "prohibited",
    "not_used": "said not to be used",
    "compatible": "named as compatible",
    "discussed": "discussed",
    "other": "named otherwise",
}


MARK: Final = Markup('<mark>{}<span class="govuk-visually-hidden"> ({}, {})</span></mark>')


class MarkedText(NamedTuple):
    """A text of the record, its path, and the text with its mentions in ``<mark>``."""

    path: str
    html: Markup


def marked_texts(purchase: Purchase) -> list[MarkedText]:
    """Every text of the record with its mentions marked, each with maker and role in words."""
    mentions: dict[str, list[Any]] = {}
    for mention in purchase.mentions.all():
        mentions.setdefault(mention.field, []).append(mention)
    found: list[MarkedText] = []
    for field in purchase.record.get("texts") or []:
        text, path = field["text"], field["path"]
        pieces: list[Markup] = []
        at = 0
        for one in sorted(mentions.get(path, []), key=lambda m: (m.start, -m.end)):
            if one.start < at or text[one.start : one.end] != one.surface:
                continue
            role = ROLE_NAMES.get(one.role, one.role)
            pieces.append(escape(text[at : one.start]))
            pieces.append(
                Markup(
                    '<mark>{}<span class="govuk-visually-hidden"> ({}, {})</span></mark>'
                ).format(one.surface, one.brand or one.maker, role)
            )
            at = one.end
        pieces.append(escape(text[at:]))
        found.append(MarkedText(path, Markup().join(pieces)))
    return found


class ListedLine(NamedTuple):
    """One watchlist's say on one maker: listed when signed, and now."""

    maker: str
    watchlist: str
    binds: str
    then: str
    since: str
    citation: str


def listed_lines(purchase: Purchase, attributions: list[Attribution]) -> list[ListedLine]:
    """For each maker attributed: every listing, and whether it was in force when signed.

    Without a date the answer is *not computable*: nothing is assumed.
    """
    catalogue = load_catalogue()
    lists = {one.key: one for one in catalogue.watchlists}
    lines: list[ListedLine] = []
    for key, name in sorted({(a.maker_key, a.maker) for a in attributions if a.maker_key}):
        for listing in catalogue.listings:
            if listing.subject != key or listing.confidence == "lead":
                continue
            watchlist = lists.get(listing.watchlist)
            ended = f" to {listing.valid_to}" if listing.valid_to else ""
            lines.append(
                ListedLine(
                    maker=name,
                    watchlist=watchlist.name if watchlist else listing.watchlist,
                    binds=watchlist.binds if watchlist else "",
                    then=_then(listing.valid_from, listing.valid_to, purchase.date),
                    since=f"{listing.valid_from}{ended}",
                    citation=listing.citation,
                )
            )
    return lines


def _then(start: str, end: str, day: date | None) -> str:
    if day is None:
        return "not computable: the record has no date"
    if len(start) < 10:
        return f"not computable: the listing's day is not known ({start})"
    if day < date.fromisoformat(start):
        return "not yet listed"
    if end and len(end) == 10 and day >= date.fromisoformat(end):
        return "no longer listed"
    return "listed"


def disputed(subject_type: str, subject_id: str) -> list[Dispute]:
    """Disputes of a subject not decided yet: its page says *disputed* while there is one."""
    return list(
        Dispute.objects.filter(
            subject_type=subject_type, subject_id=subject_id, state=Dispute.State.RECEIVED
        )
    )


def listings_now(maker_key: str) -> list[tuple[str, str, str]]:
    """Listings of a maker that have not ended: list, from when, whom it binds."""
    catalogue = load_catalogue()
    lists = {one.key: one for one in catalogue.watchlists}
    return [
        (lists[one.watchlist].name, one.valid_from, lists[one.watchlist].binds)
        for one in catalogue.listings
        if one.subject == maker_key
        and not one.valid_to
        and one.confidence != "lead"
        and one.watchlist in lists
    ]
