"""One passage in, all that it states out: the form ``nameplate statements`` prints."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, Final

import msgspec

from nameplate.model.mention import Mention
from nameplate.tracing.extract.answers import find_answer
from nameplate.tracing.extract.counts import DeviceCount, find_counts
from nameplate.tracing.extract.dates import DateFound, find_dates
from nameplate.tracing.extract.money import Sum, find_money, spend_row
from nameplate.tracing.extract.roles import assign_roles
from nameplate.tracing.extract.scanning import repair
from nameplate.tracing.extract.suppliers import SupplierFound, find_suppliers
from nameplate.tracing.extract.surveillance import is_cctv, lookalikes_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nameplate.catalogue.store import Catalogue

_SCAN: Final = re.compile(
    r"[a-z]0[a-z]|\b\d*[OIl]\d[\dOIl]*\b(?=/)|/[\dOIl]*O[\dOIl]*\b|\b[A-Z]*l[A-Z]{2,}|\btlie\b|\bcarnera|£I|\b[lI]\d\d\b|\bOuestion|\bs\.3l|\bconfirrn",
    re.M,
)

KINDS: Final = (
    "foi_response",
    "foi_request",
    "committee_report",
    "award",
    "notice",
    "spend",
    "policy_or_news",
    "supplier_page",
    "other",
)
"""Kinds of passage; what is not given is told from the text by :func:`kind_of`."""


class Passage(msgspec.Struct, frozen=True, kw_only=True):
    """A stretch of a document to read: ``text`` with what is known of where it stands."""

    text: str
    id: str = ""
    kind: str = ""
    title: str | None = None
    body: str | None = None
    locator: str = ""


def kind_of(text: str, title: str = "") -> str:
    """Kind of a passage whose kind nobody gave, from its own wording."""
    head = f"{title}\n{text}"
    if re.search(
        r"(?i)\b(?:thank you for your (?:request|email|e-mail|enquiry)|in response to your (?:request|foi)|freedom of information|your request for information|\bFOISA?\b|information (?:is )?(?:not )?held|the council holds|Q1\b|question 1\b)",
        head,
    ):
        if re.search(
            r"(?i)\b(?:please (?:provide|tell|supply|send|state)|i would like|under the (?:foi|freedom))",
            text,
        ) and not re.search(
            r"(?i)\b(?:response|answer|we (?:do|can|have|hold)|not held|the council (?:has|does|holds))\b",
            text,
        ):
            return "foi_request"
        return "foi_response"
    if re.search(r"(?i)\b(?:resolved|minutes|cllr|councillor|committee|cabinet)\b", head):
        return "committee_report"
    if re.search(r"(?i)\b(?:contract award|awarded to|award notice|call-?off)\b", head):
        return "award"
    if re.search(
        r"(?i)\b(?:tenderers?|bidders?|specification|invitation to tender|closing date|the contractor shall|expressions? of interest)\b",
        head,
    ):
        return "notice"
    if (
        text.count("\n") <= 1
        and (text.count(",") >= 5 or text.count("|") >= 4)
        and re.search(r"\d+\.\d\d\b", text)
    ):
        return "spend"
    if re.search(
        r"(?i)\b(?:quote|quotation|we (?:can|are pleased to) (?:supply|offer)|case study)\b", head
    ):
        return "supplier_page"
    if re.search(r"(?i)\b(?:policy|press|news|campaign|statement)\b", title):
        return "policy_or_news"
    return "other"


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """All that a passage states, in its own order."""

    passage: Passage
    kind: str
    cctv: bool
    mentions: tuple[Mention, ...]
    device_counts: tuple[DeviceCount, ...]
    money: tuple[Sum, ...]
    dates: tuple[DateFound, ...]
    suppliers: tuple[SupplierFound, ...]
    answer: str
    answer_detail: str
    exemption: str | None
    lookalikes: tuple[str, ...]
    scanned: bool


Finder = "Callable[[str, Catalogue], list[Mention]]"


def unescaped(text: str) -> str:
    """``text`` with HTML entities as their characters, padded so that offsets do not move."""

    def pad(match: re.Match[str]) -> str:
        plain = html.unescape(match.group())
        return (
            plain + " " * (len(match.group()) - len(plain))
            if plain != match.group() and len(plain) == 1
            else match.group()
        )

    return re.sub(r"&(?:#\d{1,6}|#x[0-9a-fA-F]{1,5}|[a-zA-Z]{2,8});", pad, text)


def read_passage(passage: Passage, catalogue: Catalogue) -> Reading:
    """Read one passage: makers with roles, counts, money, dates, suppliers and kind of answer."""
    from nameplate.tracing.mentions import find_mentions

    text = unescaped(passage.text)
    title = passage.title or ""
    kind = passage.kind or kind_of(text, title)
    if is_scanned(text, title):
        text = repair(text)
    trade = kind.startswith("foi") or is_cctv(text, (), kind, passage.body or "", title)
    context = f"{title} {'cctv camera' if trade else ''}"
    found = find_mentions(text, catalogue, context=context)
    if found and not trade:
        found = find_mentions(text, catalogue, context=f"{title} cctv camera")
    return read_with(passage, found)


def _dates(text: str, kind: str) -> list[DateFound]:
    """Dates of a passage; of a spending row the one in its date column."""
    dates = find_dates(text)
    if kind != "spend":
        return dates
    row = spend_row(text)
    if row and row.date:
        return [d for d in dates if d.surface in row.date][-1:]
    return dates[:1]


def is_scanned(text: str, title: str = "") -> bool:
    """Whether a passage looks read by a scanner: so titled, or with letters among its digits."""
    return bool(re.search(r"(?i)\b(?:scan\w*|ocr)\b", title)) or len(_SCAN.findall(text)) >= 2


def read_with(
    passage: Passage, mentions: Sequence[Mention], rejected: Sequence[str] = ()
) -> Reading:
    """As :func:`read_passage`, the mentions given (their roles are set here)."""
    text = unescaped(passage.text)
    title, body = passage.title or "", passage.body or ""
    kind = passage.kind or kind_of(text, title)
    scanned = is_scanned(text, title)
    if scanned:
        text = repair(text)
    roled = assign_roles(text, mentions, kind, title, body)
    cctv = is_cctv(text, roled, kind, body, title)
    answer = find_answer(text, roled, kind, body)
    return Reading(
        passage=passage,
        kind=kind,
        cctv=cctv,
        mentions=tuple(roled),
        device_counts=tuple(find_counts(text, roled, kind, scanned=scanned))
        if cctv or roled
        else (),
        money=tuple(find_money(text, roled, kind)),
        dates=tuple(_dates(text, kind)),
        suppliers=tuple(find_suppliers(text, roled, kind, body)),
        answer=answer.kind.value,
        answer_detail=answer.detail.value,
        exemption=answer.exemption,
        lookalikes=tuple(lookalikes_of(text, rejected, cctv)),
        scanned=scanned,
    )


def as_line(reading: Reading) -> dict[str, object]:
    """The line that ``nameplate statements --jsonl`` prints: every surface is cut from the text."""
    text = reading.passage.text

    def cut(item: Mention | DeviceCount | Sum | DateFound | SupplierFound) -> str:
        return text[item.start : item.end]

    seen: set[tuple[str, str, str]] = set()
    mentions = []
    for m in reading.mentions:
        key = (m.maker, m.role.value, text[m.start : m.end].casefold())
        if key in seen:
            continue
        seen.add(key)
        mentions.append({"maker": m.maker, "surface": cut(m), "role": m.role.value})
    return {
        "id": reading.passage.id,
        "cctv": reading.cctv,
        "mentions": mentions,
        "device_counts": [
            {"maker": c.maker, "count": c.count, "surface": cut(c)} for c in reading.device_counts
        ],
        "money": [
            {
                "amount": float(s.amount),
                "currency": s.currency,
                "what": s.what,
                "maker": s.maker,
                "surface": cut(s),
            }
            for s in reading.money
        ],
        "dates": [{"what": d.what, "value": d.value, "surface": cut(d)} for d in reading.dates],
        "suppliers": [{"name": s.name, "surface": cut(s)} for s in reading.suppliers],
        "maker_question_answered": reading.answer,
        "answer_detail": reading.answer_detail,
        "exemption": reading.exemption,
        "lookalikes": list(reading.lookalikes),
    }
