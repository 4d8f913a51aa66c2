"""Mentions joined by a list, the clause that speaks of them, and what holds for the whole passage."""

from __future__ import annotations

import re
from typing import Final

import msgspec

from nameplate.model.mention import Mention, Role
from nameplate.tracing.extract import cues
from nameplate.tracing.extract.segments import Segment

Verdict = tuple[tuple[Role, str], ...]
"""Roles with their reasons; two where equipment is in use and about to go."""


DEFAULTS: Final[dict[str, Role]] = {
    "spend": Role.SUPPLIED,
    "award": Role.SUPPLIED,
    "notice": Role.COMPATIBLE,
    "foi_response": Role.IN_USE,
    "foi_request": Role.OTHER,
    "committee_report": Role.IN_USE,
    "policy_or_news": Role.DISCUSSED,
    "supplier_page": Role.OTHER,
    "other": Role.IN_USE,
}
"""Role of a bare name by kind of document, where no cue says otherwise."""


_LIST_GAP: Final = re.compile(
    r"^(?:[\s,/&;()+]|\b(?:and|or|nor|also|plus|the|any|some|formerly|badged|brands?|range|series|model|type|"
    r"cameras?|recorders?|domes?|turrets?|bullets?|nvrs?|dvrs?|ptzs?|units?|devices?|doorbells?|bodycams?|panels?|switch(?:es)?|equipment|ip|kit|based|"
    r"x|nr|no|nos|older|newer|mostly|mainly|both|either|multi-?sensors?|systems?|products?|bodycams?|"
    r"one|two|three|four|five|six|seven|eight|nine|ten|dozen|a|an|of|to|well|as|with|some|few|number|remaining|fixed|static|dome|bullet)\b"
    r"|\b(?:[xX×]\s?)?\d[\d,]*\s?(?:nr|no|x)?\b\.?)*$",
    re.I,
)


_BREAKS: Final = (
    r";\s",
    r"\.\s",
    r":\s",
    r",?\s(?:but|whereas|while|whilst|except|although|though|however|yet)\s",
    r",?\s(?:and|then)\s(?=(?:\w+\s){0,3}?(?:supply|put|fit|install|provide|replace|remove|have|has|had|will|were|was|are|is|not|the|buy|purchase|"
    r"dispose|strip|take|that|its|our|we|a|an|ordered|offered|bought|\d)\b)",
    r",\s(?:and\s|with\s|the\s|which\s|who\s)?",
    r"(?:replac|swap|exchang|chang|upgrad|substitut|renew)\w*[^,;]{0,40}?(?=\s(?:with|by|for|to)\s)",
    r"\s(?:with|in favour of|instead of|in place of|using)\s",
    r"\s[-–—|/]\s",
    r"\sand\s|\sor\s",
)


class Group(msgspec.Struct):
    """Mentions that share one clause of one segment."""

    members: list[int]
    start: int
    end: int
    clause: str = ""
    left: str = ""
    verdict: Verdict = ()


class Document(msgspec.Struct, frozen=True):
    """What holds for the passage as a whole."""

    kind: str
    title: str
    upkeep: bool
    offering: bool
    lost: bool
    taking_away: bool
    body: str = ""


def document_of(text: str, kind: str, title: str) -> Document:
    """Read off what holds for the whole passage: upkeep record, offer, lost motion, removal."""
    head = f"{title}\n{text[:160]}".lower()
    return Document(
        kind=kind,
        title=title,
        upkeep=bool(
            re.search(
                r"\bppm\b|planned\s+maintenance|maintenance\s+(?:visit|schedule|report|log|sheet|lot)|service\s+(?:report|sheet|record|visit)"
                r"|job\s*(?:sheet|card|no)?\s*\d|job sheet|call\s+logged|fault\s+(?:report|logged)|engineer'?s?\s+report|maintenance\s+lot",
                head,
            )
        ),
        offering=bool(cues.OFFERING.search(f"{title} {text}"))
        and kind in {"supplier_page", "other", ""},
        lost=bool(cues.LOST.search(text))
        and bool(re.search(r"\b(?:motion|amendment|moved|vote)\b", text, re.I)),
        taking_away=bool(
            re.search(
                r"certificate\s+of\s+(?:removal|destruction|disposal)|decommission\w*\s+(?:record|report|log)|disposal\s+(?:record|log|list|certificate)|removal\s+(?:record|certificate)",
                head.replace("c erti", "certi").replace("ertlfl", "ertifi"),
            )
        ),
    )


def grouped(segment: Segment, inside: list[int], ordered: list[Mention]) -> list[Group]:
    """Join mentions of a segment that stand in one list."""
    groups: list[Group] = []
    for i in inside:
        mention = ordered[i]
        if groups and segment.row and len({ordered[j].maker for j in inside}) == 1:
            groups[-1].members.append(i)
            groups[-1].end = max(groups[-1].end, mention.end)
            continue
        if groups:
            gap = segment.text[groups[-1].end - segment.start : mention.start - segment.start]
            same = ordered[groups[-1].members[-1]].maker == mention.maker and len(gap) < 3
            if (
                mention.start < groups[-1].end
                or same
                or (_LIST_GAP.match(gap) and "with" not in gap.split())
            ):
                groups[-1].members.append(i)
                groups[-1].end = max(groups[-1].end, mention.end)
                continue
        groups.append(Group(members=[i], start=mention.start, end=mention.end))
    return groups


def give_clauses(segment: Segment, groups: list[Group], ordered: list[Mention]) -> None:
    """Give each group the stretch of the segment that speaks of it."""
    base = segment.start
    cut = 0
    for at, group in enumerate(groups):
        end = len(segment.text)
        if at + 1 < len(groups):
            gap_start, gap_end = group.end - base, groups[at + 1].start - base
            gap = segment.text[gap_start:gap_end]
            aside = gap.rfind(")") + 1
            for pattern in _BREAKS:
                found = [m for m in re.finditer(pattern, gap, re.I) if m.start() >= aside]
                if found:
                    chosen = found[-1] if pattern.startswith((r"\s(?:with", r";")) else found[0]
                    after = pattern[0] in ";.:" or pattern.startswith("(?:replac")
                    end = gap_start + (chosen.end() if after else chosen.start())
                    break
            else:
                end = gap_end
        group.clause = _masked(segment, group, ordered, cut, end)
        group.left = segment.text[cut : group.start - base].lower()
        cut = end


def _masked(segment: Segment, group: Group, ordered: list[Mention], start: int, end: int) -> str:
    """Segment text from ``start`` to ``end`` in lower case, the group as ``§``, others ``¤``."""
    base = segment.start
    parts: list[str] = []
    at = start
    for i, mention in enumerate(ordered):
        begin, stop = mention.start - base, mention.end - base
        if begin < at or begin >= end:
            continue
        parts.append(segment.text[at:begin])
        parts.append("§" if i in group.members else "¤")
        at = max(at, stop)
    parts.append(segment.text[at:end])
    masked = "".join(parts).lower().replace("’", "'")
    if segment.row:
        masked = masked.replace(";", ",")
    return re.sub(r"[ ]+", " ", masked)
