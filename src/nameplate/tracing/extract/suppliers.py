"""Suppliers as a passage names them: by what is said of them, and by how firms are called."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

import msgspec

from nameplate.model.mention import Mention
from nameplate.tracing.extract.money import spend_row

_CAP: Final = r"(?:[A-Z][\w'’&.-]*|[A-Z]{2,}|&|and|of|the|\([A-Z][\w ]*\)|t/a|T/A|\d+)"
_NAME: Final = rf"[A-Z][\w'’&-]*(?:[ \n]+{_CAP}){{0,7}}"
_LEGAL: Final = r"(?:Ltd\.?|Limited|LTD\.?|LIMITED|plc|PLC|LLP|Plc|Inc\.?|GmbH|CIC|Co\.)"
_TRADE: Final = (
    r"(?:Security|Alarms?|Systems?|Electronics?|Electrical|Electric|Fire|CCTV|Communications?|Comms|Solutions?|Technolog(?:y|ies)|Technical|Services?|"
    r"Surveillance|Integrated|Protect(?:ion)?|Installations?|Networks?|Data|Computers?|Secure|Vision|Video|Radio|Locks?|Contractors|Engineering|"
    r"Telecoms?|Group|Partnership|Partners|Company|Maintenance|Safety|Digital|Controls?|Guarding|Facilities|Integration|Monitoring|Care|Audio Visual|Cameras?)"
)
_LEGAL_NAME: Final = re.compile(
    rf"\b(?P<name>[A-Z][\w'’&.-]*(?:[ \n]+(?:[A-Z(&][\w'’&.()-]*|and|of|the|for)){{0,7}}?[ \n]+{_LEGAL})(?!\w)"
)
_TRADE_NAME: Final = re.compile(
    rf"(?<![\w.])(?P<name>[A-Z][\w'’-]+(?:[ \n]+(?:(?:&|and|of)[ \n]+)?[A-Z][\w'’-]*){{0,4}}[ \n]+(?:(?:&|and)[ \n]+)?{_TRADE}(?:[ \n]+(?:&[ \n]+|and[ \n]+)?{_TRADE})*)\b"
)
_TITLE: Final = r"(?i:supplier|installer|contractor|installed by|lnstalled by|supplied by|fitted by|maintained by|provider(?: of \w+)?|suppliers? paid|payee|vendor|company|maintenance contractor|maintenance provider|current supplier|incumbent)"
_LABEL: Final = re.compile(
    rf"(?:^|[\n.;,(]\s*|\s)(?:\S+\s+)?{_TITLE}(?:\s+(?:is|was|were|are)|\s*\([^)]*\))?\s*[:–=-]?\s+(?P<name>{_NAME}(?:[ \n]+{_LEGAL})?)",
    re.M,
)
_VERB: Final = re.compile(
    rf"(?i:\b(?:awarded|let|given|issued|award|went)\b[^.;\n]{{0,80}}?\bto|\b(?:from|by|through|with|via|using|of|our|the)(?:\s+(?:our|the|its|their|a|local|contractor|supplier|installer|company|firm|shop|reseller|enforcement agent|incumbent))+,?|"
    rf"\b(?:supplied|installed|fitted|bought|purchased|procured|maintained|put\s+in|provided|managed|serviced|let\s+with|contract(?:\s+\w+)?\s+with|signed\s+for|wrote\s+for)\b[^.;\n]{{0,60}}?\b(?:by|from|with|through|via|for|to)|"
    rf"\b(?:tender|offer|bid|quotation)\s+of|\bcontract(?:s|or|\s+is)?,?\s+with|\brefer\s+you\s+to\s+our\s+contractor,?|\bcall-?off\s+(?:with|from)|\bsigned\s+p\.?p\.?|\bby|\bthe\s+contractor|\bour\s+supplier|\bsupplier\s+was|\bcontract\s+with|\bvia)\s*[,(]?\s*(?P<name>{_NAME}(?:[ \n]+{_LEGAL})?)"
)
_LEAD: Final = re.compile(
    r"(?:^|(?<=[.\n])\s*)(?P<name>[A-Z][\w'’&-]+(?:[ \n]+(?:(?:&|and)[ \n]+)?[A-Z][\w'’&-]*){1,4})[ \n]+(?:has|have|took|supplied|fitted|installed|won|was|will|is|put|removed|provided)\b"
)
_SIGN_OFF: Final = re.compile(
    r"(?:^|[.\n]\s*)(?P<name>[A-Z][\w'’&-]*(?:[ \n]+(?:(?:&|and)[ \n]+)?[A-Z][\w'’&-]*){1,4})\.?\s*$"
)
_STOP: Final = re.compile(
    r"(?i)^(?:the|our|we|council|trust|university|force|board|authority|college|chinese|government|freedom|information|public|data|section|cctv|closed|act|"
    r"county|borough|city|district|cabinet|head|chief|community|facilities|home office|secretary|central|corporate|town|q\d|question|answer|january|february|march|april|may|june|july|"
    r"august|september|october|november|december|contract|award|supply|installation|maintenance|lot|framework|dear|yes|no|not|number|manufacturer|schools?|police|national|local|members?|officers?|cllr|councillor|"
    r"surveillance camera|camera|video|ip|body|body worn|existing|please|existing|annual|safety|all|any|this|these|they|it|network|security systems|information governance|joint protective|executive|service)\b"
)
_BODY: Final = re.compile(
    r"(?i)\b(?:council|university|nhs|trust|police|constabulary|borough|authority|college|ministers?|parliament|hospital trust|board|committee|government|office of|act|code of practice|department|county hall|standards?|policy|programme|report|team|manager|officer|regulations|commissioner)\b"
)
_TAIL: Final = re.compile(
    r"(?:[ \n]+(?:and|of|the|for|to|in|on|&|The|On|It|In|At|Term|Value|For|We|All|Total|Contract))+$"
)


class SupplierFound(msgspec.Struct, frozen=True, kw_only=True):
    """A supplier as named at ``start:end``."""

    name: str
    surface: str
    start: int
    end: int


def find_suppliers(
    text: str, mentions: Sequence[Mention], kind: str = "", body: str = ""
) -> list[SupplierFound]:
    """Return suppliers, installers and contractors named in ``text``, in order, each once.

    The body itself, makers and other public bodies are none, unless a payee's column names them.
    """
    if kind == "spend":
        row = spend_row(text)
        if row and row.supplier:
            at = text.rfind(row.supplier)
            return [] if at < 0 else [_found(text, at, at + len(row.supplier))]
    if kind == "foi_request":
        return []
    makers = [(m.start, m.end) for m in mentions if not re.search(rf"\b{_LEGAL}", m.surface)]
    spans: list[tuple[int, int, int]] = []
    for strength, pattern in ((4, _LEGAL_NAME), (3, _LABEL), (2, _TRADE_NAME), (3, _VERB)):
        spans.extend((strength, m.start("name"), m.end("name")) for m in pattern.finditer(text))
    if kind in {"supplier_page", "other", "award", "spend"}:
        spans.extend((2, m.start("name"), m.end("name")) for m in _SIGN_OFF.finditer(text))
    spans.extend((2, m.start("name"), m.end("name")) for m in _LEAD.finditer(text))
    if kind == "spend":
        spans.extend(_row_names(text))
    out: list[SupplierFound] = []
    taken: list[tuple[int, int]] = []
    for strength, start, end in sorted(spans, key=lambda s: (-s[0], s[1], -(s[2]))):
        start, end = _trim(text, start, end)
        name = re.sub(r"\s+", " ", text[start:end])
        if any(s < end and start < e for s, e in taken):
            continue
        if not _acceptable(text, name, start, end, strength, makers, body, kind):
            continue
        if any(
            re.sub(r"\s+", " ", o.surface).casefold() in name.casefold()
            or name.casefold() in o.name.casefold()
            for o in out
        ):
            continue
        taken.append((start, end))
        out.append(_found(text, start, end))
    return sorted(out, key=lambda s: s.start)


def _found(text: str, start: int, end: int) -> SupplierFound:
    return SupplierFound(
        name=re.sub(r"\s+", " ", text[start:end]).strip(),
        surface=text[start:end],
        start=start,
        end=end,
    )


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    """Cut what belongs to the sentence, not the name."""
    piece = text[start:end]
    opening = re.match(r"[A-Z]?\w?\d{0,2}\.\s+(?=\S+\s)", piece)
    if opening:
        start += opening.end()
        piece = text[start:end]
    if "\n\n" in piece:
        end = start + piece.index("\n\n")
        piece = text[start:end]
    stop = re.search(
        r"\.(?=\s)(?<!Ltd\.)|\n(?=[A-Z][\w ]{0,20}[:|])|[ \n](?:in|on|for|under|over|at|to|by|who|which|but)[ \n]",
        piece,
    )
    if stop:
        end = start + stop.start()
        piece = text[start:end]
    lead = re.match(
        r"(?:(?:Awarded to|The|Our|Contractor|Supplier|Installer|Payee|Provider|By|From|With|Signed for|Signed|We|Direct award|Engineer|Description|Quote|to|Messrs)\b[ \n,:]*)+",
        piece,
    )
    if lead and lead.end() < len(piece):
        start += lead.end()
        piece = text[start:end]
    legal = re.search(rf"\b{_LEGAL}(?!\w)", piece)
    if legal and not re.match(r"[ \n]*[Tt]/[Aa]\b", piece[legal.end() :]):
        end = start + legal.end()
        piece = text[start:end]
    tail = _TAIL.search(piece)
    if tail:
        end = start + tail.start()
    while end > start and text[end - 1] in " \n,.;:'’-–&(":
        end -= 1
    return start, end


def _acceptable(
    text: str,
    name: str,
    start: int,
    end: int,
    strength: int,
    makers: list[tuple[int, int]],
    body: str,
    kind: str,
) -> bool:
    words = name.split()
    legal = bool(re.search(rf"\b{_LEGAL}(?:$|\s)", name))
    if len(name) < 3 or not re.search(r"[a-zA-Z]{3}", name):
        return False
    if _STOP.match(name) and not legal:
        return False
    if _BODY.search(name) and not legal and not re.search(r"Partnership|Company", name):
        return False
    if (
        body
        and not legal
        and (
            name.casefold() in body.casefold()
            or words[0].casefold() == body.split(maxsplit=1)[0].casefold()
        )
    ):
        return False
    if any(s < end and start < e for s, e in makers) and not legal:
        return False
    if any(s <= start and end <= e for s, e in makers):
        return False
    trade = bool(re.search(rf"\b{_TRADE}$", name))
    if strength >= 3 and not legal and not trade and len(words) < 2:
        return bool(re.search(rf"{_TITLE}\W*$", text[max(0, start - 25) : start]))
    if strength == 3 and not legal and not trade:
        label = re.search(rf"{_TITLE}[^.\n]{{0,12}}$", text[max(0, start - 40) : start])
        return bool(label) or bool(
            re.search(
                r"(?i)\b(?:awarded|let|given)\b[^.]{0,80}$|\bthe (?:tender|offer) of\s*$|bought[^.]{0,30}(?:from|through)[^.]{0,25}$|supplied[^.]{0,25}by\s*$",
                text[max(0, start - 110) : start],
            )
        )
    if (
        strength == 2
        and not legal
        and kind in {"notice", "award", "policy_or_news", "foi_response"}
        and not re.search(
            rf"(?i)(?:\b(?:to|by|from|with|of|through|via|contractor|supplier|installer|payee|provider|firm|company|and)|[:–-]|{_TITLE}\W*)\s*[,(]?\s*$|[(]\s*$",
            text[max(0, start - 30) : start],
        )
        and not re.search(
            r"^\s+(?:has|have|took|supplied|fitted|installed|won|was|put|removed|provided)\b",
            text[end : end + 14],
        )
    ):
        return False
    if (
        strength == 2
        and not legal
        and (
            kind == "notice"
            or re.match(
                r"(?i)(?:provision|supply|reactive|replacement|repairs?|maintenance|urban|electronic|panic|environmental|installation|proactive|upgrade|contract|security systems?)\b",
                name,
            )
        )
    ):
        return False
    if strength == 2 and not legal:
        if (
            trade
            and len(words) >= 2
            and not re.search(
                r"(?i)\b(?:control|town|public|ip|body|video|community|camera|surveillance|digital|integrated|capital|information|narrative|description|\w+['’]s)(?!\w)",
                words[0],
            )
        ):
            if re.search(
                r"(?i)\b(?:head of|director of|manager|unit|service|cabinet member for|college of|centre'?s?|department for|office of)\s*$",
                text[max(0, start - 30) : start],
            ):
                return False
            return True
        return (
            kind in {"supplier_page", "other"}
            and strength == 2
            and end >= len(text.rstrip()) - 1
            and len(words) >= 2
            and not re.search(r"\d", name)
        )
    return True


def _row_names(text: str) -> list[tuple[int, int, int]]:
    """Cells of a free-form row that look like a firm's name."""
    out = []
    for match in re.finditer(r"[^|;,\t\n]+", text):
        cell = match.group().strip()
        if re.search(rf"\b{_LEGAL}$", cell, re.I) or (
            re.search(rf"\b{_TRADE}$", cell) and len(cell.split()) <= 5 and cell[:1].isupper()
        ):
            start = match.start() + match.group().index(cell)
            out.append((2, start, start + len(cell)))
    return out
