"""Words that a scanner misread, put right without moving anything: length is kept.

Only for passages that look scanned. A token that is no known word is tried with the usual
confusions (``0``/``o``, ``1``/``l``/``i``, ``rn``/``m``, ``li``/``h``) and joined with its neighbour
("Repla cement"); what then is a known word replaces it, padded with spaces to the same length.
"""

from __future__ import annotations

import itertools
import re
from typing import Final

_WORDS: Final = frozenset(
    [
        "a",
        "about",
        "accept",
        "accepted",
        "acceptance",
        "act",
        "advise",
        "advised",
        "agree",
        "agreed",
        "all",
        "analogue",
        "and",
        "annual",
        "any",
        "approved",
        "are",
        "as",
        "asset",
        "at",
        "award",
        "awarded",
        "be",
        "been",
        "board",
        "body",
        "bought",
        "brand",
        "brands",
        "bullet",
        "bullets",
        "by",
        "camera",
        "cameras",
        "capital",
        "car",
        "cctv",
        "certificate",
        "change",
        "changed",
        "cleaned",
        "committee",
        "compatible",
        "confirm",
        "confirmed",
        "contract",
        "contractor",
        "cost",
        "council",
        "count",
        "date",
        "decommissioned",
        "delivery",
        "delivered",
        "disposal",
        "disposed",
        "does",
        "dome",
        "domes",
        "due",
        "each",
        "engineer",
        "equipment",
        "equivalent",
        "estimate",
        "estimated",
        "exempt",
        "existing",
        "faulty",
        "fit",
        "fitted",
        "fixed",
        "for",
        "force",
        "from",
        "has",
        "have",
        "held",
        "hold",
        "holds",
        "hospital",
        "in",
        "information",
        "install",
        "installation",
        "installed",
        "installer",
        "invoice",
        "is",
        "item",
        "items",
        "it",
        "job",
        "lens",
        "lenses",
        "library",
        "list",
        "location",
        "maintenance",
        "make",
        "maker",
        "makes",
        "manufacturer",
        "manufacturers",
        "minutes",
        "model",
        "models",
        "must",
        "named",
        "no",
        "not",
        "note",
        "number",
        "of",
        "off",
        "office",
        "on",
        "or",
        "order",
        "ordered",
        "other",
        "our",
        "paid",
        "park",
        "part",
        "parts",
        "payment",
        "plus",
        "police",
        "poe",
        "price",
        "propose",
        "proposed",
        "purchase",
        "purchased",
        "quantity",
        "question",
        "questions",
        "quote",
        "received",
        "record",
        "recorder",
        "recorders",
        "recycled",
        "refused",
        "removal",
        "remove",
        "removed",
        "repair",
        "repaired",
        "replace",
        "replaced",
        "replacement",
        "report",
        "reply",
        "request",
        "response",
        "reviewed",
        "school",
        "schools",
        "section",
        "service",
        "serviced",
        "sheet",
        "signed",
        "similar",
        "site",
        "sites",
        "state",
        "static",
        "station",
        "stations",
        "street",
        "sum",
        "supplied",
        "supplier",
        "supply",
        "survey",
        "switch",
        "system",
        "systems",
        "taken",
        "tender",
        "that",
        "the",
        "their",
        "they",
        "this",
        "to",
        "total",
        "town",
        "trust",
        "under",
        "unit",
        "units",
        "upgrade",
        "use",
        "used",
        "value",
        "visit",
        "was",
        "we",
        "were",
        "will",
        "with",
        "withheld",
        "work",
        "works",
        "year",
        "you",
        "your",
        "committee",
        "lighting",
        "stair",
        "last",
        "certify",
        "destruction",
        "scrap",
        "dome",
        "legible",
        "kit",
    ]
)
"""Words of the trade and of its papers that a repair may produce."""

_TOKEN: Final = re.compile(r"[A-Za-z0-9]+")
_SWAPS: Final = (
    ("rn", "m"),
    ("li", "h"),
    ("0", "o"),
    ("1", "l"),
    ("1", "i"),
    ("l", "i"),
    ("i", "l"),
    ("5", "s"),
    ("vv", "w"),
    ("cl", "d"),
)


def _word(token: str) -> str | None:
    """The known word that ``token`` was, or None."""
    low = token.lower()
    if low in _WORDS:
        return low
    if low.isdigit() or len(low) < 3:
        return None
    for count in (1, 2):
        for swaps in itertools.permutations(_SWAPS, count):
            changed = low
            for old, new in swaps:
                changed = changed.replace(old, new)
            if changed in _WORDS:
                return changed
    for old, new in _SWAPS:
        for match in re.finditer(re.escape(old), low):
            changed = low[: match.start()] + new + low[match.end() :]
            if changed in _WORDS:
                return changed
    return None


def repair(text: str) -> str:
    """``text`` with misread words put right, of the same length; other characters as they are."""
    tokens = [(m.start(), m.end()) for m in _TOKEN.finditer(text)]
    out = list(text)
    i = 0
    while i < len(tokens):
        start, end = tokens[i]
        for reach in (3, 2):
            if i + reach > len(tokens):
                continue
            last = tokens[i + reach - 1][1]
            span = text[start:last]
            if re.search(r"[^\w ]| {2,}", span) or all(
                text[s:e].lower() in _WORDS for s, e in tokens[i : i + reach]
            ):
                continue
            joined = _word(span.replace(" ", ""))
            if joined and len(joined) >= 4:
                _put(out, start, last, joined)
                i += reach
                break
        else:
            known = _word(text[start:end])
            if known and known != text[start:end].lower():
                _put(out, start, end, known)
            i += 1
    return "".join(out)


def _put(out: list[str], start: int, end: int, word: str) -> None:
    shaped = word.capitalize() if out[start].isupper() else word
    out[start:end] = list(shaped[: end - start].ljust(end - start))
