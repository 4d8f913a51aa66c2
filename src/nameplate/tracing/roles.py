"""What a purchase record says of the equipment it names: the role of each mention.

For short texts: titles, descriptions, ledger rows. Prose (answers, reports) is read by
``nameplate.tracing.extract``. Rules are tried in order on the words around the name.
"""

from __future__ import annotations

import re
from typing import Final

import msgspec

from nameplate.model.mention import Mention, Role
from nameplate.model.money import AmountKind
from nameplate.model.purchase import Purchase
from nameplate.tracing.folding import fold

_BEFORE: Final = 90
_AFTER: Final = 70


def _before(words: str, gap: int) -> re.Pattern[str]:
    """``words`` before the name with at most ``gap`` others between, in the same clause."""
    return re.compile(rf"\b(?:{words})\b[^\w.;:\n]+(?:[\w'/&-]+[^\w.;:\n]+){{0,{gap}}}\Z")


def _after(words: str, gap: int) -> re.Pattern[str]:
    return re.compile(rf"[^\w.;:\n]+(?:[\w'/&-]+[^\w.;:\n]+){{0,{gap}}}(?:{words})\b")


_RULES: Final[tuple[tuple[Role, re.Pattern[str] | None, re.Pattern[str] | None, str], ...]] = (
    (Role.COMPATIBLE, None,
     _after(r"or (?:an? |its )?(?:\w+ )?(?:equivalent|equal|similar)", 4),
     "an equivalent is accepted"),
    (Role.COMPATIBLE, _before(
        r"compatib\w*(?: with)?|integrat\w* (?:with|into)|interfac\w* (?:with|to)"
        r"|work(?:s|ing)? with|equivalent to|equal to|similar to|comparable (?:to|with)|such as"
        r"|compliant with"
        r"|connect(?:s|ed|ing)? to", 4), None, "the offer must work with it or match it"),
    (Role.COMPATIBLE, None, _after(r"compatib\w*|equivalent", 1), "the offer must match it"),
    (Role.PROHIBITED, _before(
        r"no|not|exclud\w*|avoid\w*|prohibit\w*|ban(?:s|ned|ning)?|other than|except|never|nor"
        r"|must not|shall not|without", 3), None, "the record shuts it out"),
    (Role.PROHIBITED, None, _after(
        r"(?:is|are|will|shall|must|may|equipment|products?|cameras?|devices?)?\s*(?:be )?"
        r"(?:not (?:be )?(?:accept\w*|permit\w*|allow\w*|considered|used)|excluded|prohibited"
        r"|banned|unacceptable)", 4), "the record shuts it out"),
    (Role.TO_BE_REPLACED, _before(
        r"replac(?:e|es|ing|ement of|ement for)|phas(?:e|ing) out|swap\w* out|upgrad\w*"
        r"(?: from| of| the| our)?", 4), None, "it is to be replaced"),
    (Role.TO_BE_REPLACED, None, _after(
        r"(?:to be|being|will be|are|for) replac\w*|replacement programme|end of life|obsolete",
        5), "it is to be replaced"),
    (Role.REMOVED, _before(r"remov(?:e|al|al of|ing)|strip\w* out|dispos\w*(?: of)?"
        r"|decommission\w*(?: of)?|take down|taking down", 4), None, "it is taken away"),
    (Role.MAINTAINED, _before(
        r"maint\w*|mtce|servic(?:e|ing)|repairs?(?: to| of)?|support(?: for| of)?|call ?-?outs?"
        r"|faults?|warranty|inspection|upkeep", 5), None, "it is maintained"),
    (Role.MAINTAINED, None, _after(
        r"maint\w*|mtce|servic(?:e|ing)|repairs?|faults?|call ?-?outs?|warranty"
        r"|support (?:contract|agreement|services?)", 5), "it is maintained"),
    (Role.IN_USE, _before(
        r"existing|current(?:ly)?|installed base of|our|in use|legacy|incumbent", 2), None,
     "it is in place already"),
)  # fmt: skip
_REPLACED_WITH: Final = re.compile(
    r"\b(?:replac\w*|upgrad\w*|chang\w*)\b.{0,80}\b(?:with|to|by)\W+(?:[\w'-]+\W+){0,4}\Z"
)
_REPLACEMENT_BESIDE: Final = re.compile(r"\b(?:replacement|new)\W+(?:\d+\W+|x\W+)*\Z")
_SUPPLY: Final = _before(
    r"suppl(?:y|ies|ied)(?: of)?|purchas\w*(?: of)?|new|install\w*(?: of)?"
    r"|provision of|procure\w*(?: of)?|deliver\w*(?: of)?|buy\w*|fit(?:ting)?(?: of)?",
    6,
)


def record_roles(
    purchase: Purchase, path: str, text: str, mentions: list[Mention]
) -> list[Mention]:
    """``mentions`` of one field of ``purchase`` with their roles and the reason for each."""
    return [_with_role(purchase, path, text, m) for m in mentions]


def _with_role(purchase: Purchase, path: str, text: str, mention: Mention) -> Mention:
    if path.startswith("supplier"):
        role, why = Role.OTHER, "it is the supplier's name; the goods are not named"
    else:
        before = fold(text[max(0, mention.start - _BEFORE) : mention.start]).text
        after = fold(text[mention.end : mention.end + _AFTER]).text
        role, why = _read(before, after, purchase.amount_kind)
    return msgspec.structs.replace(mention, role=role, role_reason=why, field=path)


def _read(before: str, after: str, kind: AmountKind) -> tuple[Role, str]:
    if _REPLACED_WITH.search(before) or _REPLACEMENT_BESIDE.search(before):
        return Role.SUPPLIED, "it is what comes in place of something else"
    for role, left, right, why in _RULES:
        if (left is not None and left.search(before)) or (right is not None and right.match(after)):
            return role, why
    if kind is AmountKind.NOTICE_ESTIMATE and not _SUPPLY.search(before):
        return Role.COMPATIBLE, "a notice before any award names it"
    return Role.SUPPLIED, "the record of the purchase names it"
