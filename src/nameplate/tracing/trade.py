"""What kind of surveillance purchase a record is, or that it is none, with the reason.

The rules are data (``rules/trade.json``), tried in order; the first that fits decides. They follow
the guide in docs/reference/tracing.md: a cost centre or account that says CCTV counts whoever is
paid, unless the row itself says otherwise; a supplier's name alone counts, weakly.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from importlib import resources
from typing import Final

import msgspec

from nameplate.catalogue.store import Catalogue
from nameplate.model.purchase import Purchase, TradeKind
from nameplate.tracing.folding import fold
from nameplate.tracing.lexicon import lexicon

SHORT: Final = 300
"""Characters up to which all of a record's text is taken as one row of a ledger."""
_HEADING: Final = re.compile(r"\bsurveillance and security systems and devices\b")
"""Heading of CPV division 35.12, given to guards and gates too: by itself it says nothing."""
TITLE_LEAD: Final = 400
"""Characters of a notice's description that are read together with its title."""


class Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One rule. ``where`` says what ``pattern`` is looked for in:

    ``any`` (all text and the supplier), ``text`` (all but the supplier), ``title`` (title, and the
    beginning of a description), ``account`` (a row's other text), ``supplier``, ``short-text``
    (all but the supplier, in a ledger row only), ``near`` (within ``reach`` characters of a word
    of the trade) and ``only-trade-word`` (every word of the trade is part of such a match).
    ``unless`` is looked for in all text (for ``title``: in the title alone); ``supplier`` must
    match the supplier too.
    """

    id: str
    kind: TradeKind
    where: str
    pattern: str
    says: str
    unless: str = ""
    supplier: str = ""
    reach: int = 60


class Judged(msgspec.Struct, frozen=True):
    """The kind of a purchase, why, and the rule that decided (empty where none did)."""

    kind: TradeKind
    reason: str
    rule: str = ""


@dataclass(frozen=True, slots=True)
class _Compiled:
    rule: Rule
    pattern: re.Pattern[str]
    unless: re.Pattern[str] | None
    supplier: re.Pattern[str] | None


@functools.cache
def rules() -> tuple[Rule, ...]:
    """The bundled rules, in order."""
    raw = (resources.files("nameplate.tracing") / "rules" / "trade.json").read_bytes()
    return tuple(msgspec.json.decode(raw, type=list[Rule]))


@functools.cache
def _compiled() -> tuple[_Compiled, ...]:
    def made(pattern: str) -> re.Pattern[str] | None:
        return re.compile(pattern) if pattern else None

    return tuple(
        _Compiled(r, re.compile(r.pattern), made(r.unless), made(r.supplier)) for r in rules()
    )


@dataclass(frozen=True, slots=True)
class _Parts:
    """A record's text by place, folded."""

    title: str
    account: str
    supplier: str
    text: str
    everything: str
    trade: list[tuple[int, int]]
    short: bool

    def searched(self, where: str) -> str:
        return {
            "any": self.everything,
            "title": self.title,
            "account": self.account,
            "supplier": self.supplier,
            "short-text": self.text if self.short else "",
        }.get(where, self.text)


def trade_kind(purchase: Purchase, catalogue: Catalogue, *, names_maker: bool = False) -> Judged:
    """The kind of ``purchase`` and the reason; pure.

    ``names_maker`` says that its text names a maker: then it is a surveillance purchase even
    without a word of the trade.
    """
    trade_words = lexicon(catalogue).trade
    parts = _parts(purchase, trade_words)
    supplier_only = not parts.trade
    by_code = _by_code(purchase, catalogue)
    if supplier_only and not trade_words.search(parts.supplier):
        if by_code is not None and not names_maker:
            return by_code
        if not names_maker:
            return Judged(TradeKind.NOT_SURVEILLANCE, "no word of the trade in what was read")
    for compiled in _compiled():
        if _fits(compiled, parts, trade_words):
            return Judged(compiled.rule.kind, compiled.rule.says, compiled.rule.id)
    if by_code is not None:
        return by_code
    if supplier_only and not names_maker:
        return Judged(TradeKind.UNCLEAR, "only the supplier's name says CCTV or surveillance")
    if names_maker and supplier_only:
        return Judged(TradeKind.UNCLEAR, "a maker is named, and no word says what is bought")
    return Judged(TradeKind.UNCLEAR, "CCTV is named, and no word says what is bought")


def _parts(purchase: Purchase, trade_words: re.Pattern[str]) -> _Parts:
    texts = [_HEADING.sub(" ", fold(field.text).text) for field in purchase.texts]
    title = fold(purchase.title).text
    text = "\n".join(dict.fromkeys([title, *texts]))
    supplier = fold(purchase.supplier or "").text
    rest = [t for t in texts if t != title]
    short = len(text) <= SHORT
    if short:
        lead, account = title, "\n".join([*rest, fold(purchase.department).text])
        # A row titled by its account alone (no description column) is all account.
        if not trade_words.search(title) or not rest:
            account = f"{title}\n{account}"
    else:
        lead = "\n".join([title, *(t[:TITLE_LEAD] for t in rest[:1])])
        account = ""
    trade = [m.span() for m in trade_words.finditer(text)]
    return _Parts(lead, account, supplier, text, f"{text}\n{supplier}", trade, short)


def _fits(compiled: _Compiled, parts: _Parts, trade_words: re.Pattern[str]) -> bool:
    rule = compiled.rule
    if compiled.supplier is not None and not compiled.supplier.search(parts.supplier):
        return False
    if rule.where == "near":
        found = any(
            compiled.pattern.search(parts.text[max(0, a - rule.reach) : b + rule.reach])
            for a, b in parts.trade
        )
    elif rule.where == "only-trade-word":
        covered = [m.span() for m in compiled.pattern.finditer(parts.text)]
        found = bool(covered) and all(
            any(a <= x and y <= b for a, b in covered) for x, y in parts.trade
        )
        found = found and not trade_words.search(parts.supplier)
    else:
        found = compiled.pattern.search(parts.searched(rule.where)) is not None
    if not found:
        return False
    if compiled.unless is None:
        return True
    held = parts.title if rule.where == "title" else parts.everything
    return not compiled.unless.search(held)


def _by_code(purchase: Purchase, catalogue: Catalogue) -> Judged | None:
    for fact in catalogue.cpv:
        if fact.sure and any(code.startswith(fact.prefix) for code in purchase.cpv):
            return Judged(TradeKind(fact.kind), f"CPV {fact.prefix}: {fact.label}", fact.id)
    return None
