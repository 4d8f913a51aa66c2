"""What a text says of each maker it names: the role of every mention, with the reason.

The passage is cut into segments; in each, mentions joined by a list ("Hikvision, Dahua and
Uniview") form a group, and each group has a clause of its own. The clause is asked, cue by cue in
a fixed order, what it says. A question gives no role but ``other``: only its answer can.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

import msgspec

from nameplate.model.mention import Mention, Role
from nameplate.tracing.extract import cues
from nameplate.tracing.extract.answering import Reply, reply_of
from nameplate.tracing.extract.money import spend_row
from nameplate.tracing.extract.segments import Segment, labelled, marker_end, split

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


class _Group(msgspec.Struct):
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


def assign_roles(
    text: str, mentions: Sequence[Mention], kind: str = "", title: str = "", body: str = ""
) -> list[Mention]:
    """Return ``mentions`` with their roles set; one comes back twice where two roles hold.

    ``kind`` is a kind of passage (``foi_response``, ``award``, ``spend``, ``notice``,
    ``committee_report``, ``policy_or_news``, ``supplier_page``, ``foi_request``, ``other``);
    empty is read as ``other``. ``body`` is the body the passage is of, where there is one: news of
    it is a claim about it. ``role_reason`` names the cue. Pure; raises nothing on odd text.
    """
    if not mentions:
        return []
    kind = kind or "other"
    payee = _payee(text) if kind == "spend" else (-1, -1)
    document = msgspec.structs.replace(document_of(text, kind, title), body=body)
    segments = split(text, kind)
    ordered = sorted(mentions, key=lambda m: (m.start, -m.end))
    verdicts: dict[int, Verdict] = {}
    groups_before: list[_Group] = []
    for place, segment in enumerate(segments):
        inside = [i for i, m in enumerate(ordered) if segment.start <= m.start < segment.end]
        if not inside:
            _follow_up(segment, groups_before, verdicts)
            continue
        groups = _group(segment, inside, ordered)
        _clauses(segment, groups, ordered)
        previous: _Group | None = None
        for group in groups:
            group.verdict = _judge(group, previous, segment, place, segments, document, ordered)
            if previous is not None:
                _old_for_new(previous, group, verdicts)
            for i in group.members:
                verdicts[i] = _aside(ordered[i], segment) or group.verdict
                if payee[0] <= ordered[i].start and ordered[i].end <= payee[1]:
                    verdicts[i] = ((Role.OTHER, "payee, goods not stated"),)
            previous = group
        if groups and groups[0].verdict and groups[0].verdict[0][1] == "new for old":
            _follow_up(segment, groups_before, verdicts)
        groups_before = groups
    return _settle(ordered, verdicts, document)


def _old_for_new(previous: _Group, group: _Group, verdicts: dict[int, Verdict]) -> None:
    """In "§ remain and will be swapped for ¤", the new make's clause tells that the old one goes."""
    if not group.verdict or group.verdict[0][1] != "new for old":
        return
    if {role for role, _ in previous.verdict} != {Role.IN_USE}:
        return
    clause = group.clause
    if re.search(r"\b(?:will|would|to|shall|due|being) (?:\w+ )?be\b|\b(?:being|due)\b", clause):
        previous.verdict = (previous.verdict[0], (Role.TO_BE_REPLACED, "swapped for another make"))
    elif re.search(r"\b(?:was|were|been|has|have|had)\b", clause):
        previous.verdict = ((Role.REMOVED, "swapped for another make"),)
    for i in previous.members:
        verdicts[i] = previous.verdict


def _aside(mention: Mention, segment: Segment) -> Verdict:
    """A bracket right after a name speaks of that name alone: "Dahua (phasing out)"."""
    after = re.match(r"\s*\(([^()]{3,60})\)", segment.text[mention.end - segment.start :])
    if not after or segment.asks or segment.row:
        return ()
    said = after[1].lower()
    if re.search(
        r"\b(?:since|now|all|were|was)\b.{0,20}\b(?:removed|disposed|replaced|scrapped|gone)\b",
        said,
    ):
        return ((Role.REMOVED, "bracket: gone"),)
    if re.search(
        r"\b(?:phasing out|being (?:phased|replaced|removed)|to be (?:replaced|removed)|due (?:for|to be) re\w+)\b",
        said,
    ):
        return ((Role.IN_USE, "bracket"), (Role.TO_BE_REPLACED, "bracket: about to go"))
    return ()


def _payee(text: str) -> tuple[int, int]:
    """Span of the payee's cell in a spending row; (-1, -1) where there is none."""
    row = spend_row(text)
    at = text.rfind(row.supplier) if row and row.supplier else -1
    return (at, at + len(row.supplier)) if row and at >= 0 else (-1, -1)


def _group(segment: Segment, inside: list[int], ordered: list[Mention]) -> list[_Group]:
    """Join mentions of a segment that stand in one list."""
    groups: list[_Group] = []
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
        groups.append(_Group(members=[i], start=mention.start, end=mention.end))
    return groups


def _clauses(segment: Segment, groups: list[_Group], ordered: list[Mention]) -> None:
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


def _masked(segment: Segment, group: _Group, ordered: list[Mention], start: int, end: int) -> str:
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


def _judge(
    group: _Group,
    previous: _Group | None,
    segment: Segment,
    place: int,
    segments: list[Segment],
    document: Document,
    ordered: list[Mention],
) -> Verdict:
    """Roles of one group: question, label or statement."""
    if segment.asks:
        return _asked(place, segments, group, document)
    pair = labelled(segment)
    if pair and group.end <= pair[0][1] and not segment.row:
        names_again = any(
            m.start >= pair[1][0]
            and m.end <= segment.end
            and m.maker == ordered[group.members[0]].maker
            for m in ordered
        )
        if names_again:
            return ((Role.OTHER, "label of a sentence"),)
        label_role = _label_role(segment, pair, document)
        if label_role:
            return label_role
    if segment.quoted and _corrected(segments, place):
        return ((Role.OTHER, "quoted and corrected below"),)
    replying = _reply_to(segment, group)
    if replying:
        return replying
    return _said(group, previous, segment, segments, place, document)


def _corrected(segments: list[Segment], place: int) -> bool:
    after = " ".join(s.text for s in segments[place + 1 : place + 3]).lower()
    return bool(
        re.search(
            r"\b(?:not right|not correct|incorrect|wrong|not so|mistake|error|actually)\b", after
        )
    )


def _asked(place: int, segments: list[Segment], group: _Group, document: Document) -> Verdict:
    """Role of a maker named in a question: what the answer to it says, else ``other``."""
    other: Verdict = ((Role.OTHER, "named in a question"),)
    if document.kind == "foi_request":
        return other
    after = segments[place + 1] if place + 1 < len(segments) else None
    clause = group.clause
    if re.search(r"\bother (?:councils|authorities|forces|bodies)\b|\bpress\b", clause):
        return ((Role.DISCUSSED, "question on others"),)
    if after is None or after.asks:
        return other
    reply = reply_of(after.text)
    if (
        re.search(
            r"\b(?:did|does|do) not (?:currently )?(?:have|own|use|hold|operate) any\b|\b(?:has|had|have) (?:none|no such)\b",
            after.text.lower(),
        )
        and document.kind != "foi_response"
    ):
        return ((Role.NOT_USED, "answered that there is none"),)
    plans = re.search(
        rf"\b(?:plan\w*|intend\w*|intention|will|when|future)\b.*{cues.GOING}|{cues.GOING}.*\?",
        clause,
    )
    if plans or re.search(r"\b(?:plan|intend|intention|future|policy)\b", clause):
        if reply is Reply.YES and plans:
            return ((Role.IN_USE, "yes to plans"), (Role.TO_BE_REPLACED, "yes to plans to replace"))
        return other
    if re.search(r"\b(?:went|gone|removed|taken)\b", clause) and reply is Reply.YES:
        return ((Role.REMOVED, "yes to gone"),)
    if re.search(r"\b(?:bann?ed|stopped|prohibit\w*|ceased)\b", clause) and reply is Reply.YES:
        return ((Role.PROHIBITED, "yes to barred"),)
    if reply in {Reply.YES, Reply.NUMBER}:
        said = after.text.lower()
        if cues.first(cues.TO_GO, said) and not cues.NO_PLANS.search(said):
            return ((Role.IN_USE, "answered yes"), (Role.TO_BE_REPLACED, "reply: about to go"))
        return ((Role.IN_USE, "answered yes"),)
    if reply is Reply.NO:
        return ((Role.NOT_USED, "answered no"),)
    return other


def _label_role(
    segment: Segment,
    pair: tuple[tuple[int, int], tuple[int, int]],
    document: Document,
) -> Verdict:
    """Role of a maker in the label of ``label: value``; empty where the value says nothing of it."""
    value = segment.text[pair[1][0] - segment.start : pair[1][1] - segment.start]
    reply = reply_of(value)
    if reply is Reply.WITHHELD or reply is Reply.NOT_HELD:
        return ((Role.OTHER, "label of a refusal"),)
    if document.kind in {"foi_response", "committee_report", "other"}:
        label = segment.text[pair[0][0] - segment.start : pair[0][1] - segment.start]
        if reply is Reply.NUMBER and re.search(r"\b(?:purchased|bought|ordered|supplied)\b", label):
            return ((Role.SUPPLIED, "label: bought"),)
        if reply in {Reply.YES, Reply.NUMBER}:
            return ((Role.IN_USE, "label answered"),)
        if reply is Reply.NO:
            return ((Role.NOT_USED, "label answered no"),)
        if re.search(r"^\W*(?:q|question|re)\b|\bhow many\b|\?", segment.text, re.I):
            return ((Role.OTHER, "label of a question"),)
    return ()


def _reply_to(segment: Segment, group: _Group) -> Verdict:
    """``None`` / ``nil`` at the head of an answer denies the makers it goes on to name."""
    head = segment.text[marker_end(segment.text) :].strip()
    if re.match(r"(?i)(?:answer|response|reply|a)\s*\d{0,2}[.:)]\s*", head):
        head = re.sub(r"(?i)^(?:answer|response|reply|a)\s*\d{0,2}[.:)]\s*", "", head)
    if (
        segment.answers >= 0
        and re.match(r"(?i)(?:none|nil|zero|neither)\b", head)
        and "§" in group.clause
    ):
        return ((Role.NOT_USED, "answer denies"),)
    return ()


def _follow_up(
    segment: Segment,
    before: list[_Group],
    verdicts: dict[int, Verdict],
) -> None:
    """A sentence that names nobody can still say that what was just named goes, or went."""
    if not before or segment.asks:
        return
    clause = segment.text.lower().replace("’", "'")
    target = before
    if re.search(
        r"\bnone (?:were|are|is|was|of (?:them|these))\b[^.;]{0,20}\b(?:in use|used|held|owned|present|installed)|\b(?:we|council|force|trust|university|it) (?:has|have|had|uses?) none\b|\bthere (?:are|were) none\b",
        clause,
    ):
        for group in target:
            group.verdict = (
                *(v for v in group.verdict if v[0] is Role.DISCUSSED),
                (Role.NOT_USED, "next sentence: none"),
            )
            for i in group.members:
                verdicts[i] = group.verdict
        return
    if re.search(
        r"\bremain(?:s|ing)? (?:in (?:use|service|place)|operational|live)\b|"
        r"\b(?:existing|current|remaining|those|present)\b[^.;]{0,50}\b(?:stay|remain|retain|continue|kept|in (?:use|service|place))",
        clause,
    ):
        for group in target:
            if {r for r, _ in group.verdict} == {Role.PROHIBITED}:
                going = cues.first(cues.TO_GO, clause)
                stays: Verdict = ((Role.IN_USE, "next sentence: existing stock stays"),)
                if going and not cues.NO_PLANS.search(clause):
                    stays = (*stays, (Role.TO_BE_REPLACED, f"next sentence: {going}"))
                group.verdict = (*group.verdict, *stays)
                for i in group.members:
                    verdicts[i] = group.verdict
    pronoun = re.match(
        r"\W*(?:\d[\d.]*\)?\s*)?(?:a three.year|a \w+ programme|they|these|those|it\b|all|the (?:cameras|units|devices|recorders?|domes?|equipment|system|existing|last|old)|both|each|failed units)",
        clause,
    )
    action = re.match(
        r"\W*(?:action|mitigation|plan|outcome|recommendation agreed)\W+(?:to )?(?:replace|remove|swap|retire|renew|phase)",
        clause,
    )
    if not pronoun and not action and not re.search(r"\b(?:these|them|it)\b", clause):
        return
    if cues.NO_PLANS.search(clause):
        return
    goes = cues.first(cues.TO_GO, clause) or ("action" if action else None)
    bars = re.search(
        r"\b(?:no longer|not|never|stopp?ed|ceased?)\b[^.;]{0,20}\b(?:buy|purchas|order|procur|acquir)\w*",
        clause,
    )
    if bars and not re.search(r"\bnot (?:been )?(?:bought|purchased)\b", clause):
        for group in target:
            if {r for r, _ in group.verdict} & {Role.SUPPLIED, Role.IN_USE, Role.REMOVED}:
                group.verdict = (
                    *group.verdict,
                    (Role.PROHIBITED, "next sentence: no longer bought"),
                )
                for i in group.members:
                    verdicts[i] = group.verdict
        return
    gone = not re.search(r"\b(?:to|will|shall|they|it|should|must) be\b", clause) and re.search(
        r"\b(?:were|was|have (?:all )?been|has been)\b[^.;]{0,30}\b(?:removed|taken (?:down|out|away)|scrapped|decommissioned|disposed|destroyed|replaced|swapped|recycled|returned)\b",
        clause,
    )
    for group in target:
        roles = {r for r, _ in group.verdict}
        if Role.IN_USE in roles and goes:
            group.verdict = (
                (Role.IN_USE, group.verdict[0][1]),
                (Role.TO_BE_REPLACED, f"next sentence: {goes}"),
            )
        elif gone and roles <= {Role.IN_USE, Role.SUPPLIED} and roles:
            group.verdict = ((Role.REMOVED, "next sentence: gone"),)
        for i in group.members:
            verdicts[i] = group.verdict


def _said(
    group: _Group,
    previous: _Group | None,
    segment: Segment,
    segments: list[Segment],
    place: int,
    document: Document,
) -> Verdict:
    """Role of a maker in a statement, by the first cue that speaks."""
    clause = group.clause
    kind = document.kind
    block = " ".join(s.text for s in segments if s.block == segment.block).lower()
    near = segment.text
    after = " ".join(s.text for s in segments[place : place + 2] if not s.asks).lower()
    if segment.row:
        near = next((s.text for s in reversed(segments[:place]) if not s.row), "")
    existing = bool(cues.EXISTING.search(clause))
    if kind != "supplier_page" and cues.OTHER[3][1].search(clause):
        if kind == "committee_report" and re.search(r"\bwhether\b[^.;]{0,60}§", clause):
            return ((Role.DISCUSSED, "weighed"),)
        return ((Role.OTHER, "named in the request"),)
    if re.search(r"\bfor\W+(?:the\s+)?§", clause) and re.search(r"\bread\b", segment.text):
        return ((Role.OTHER, "struck out by a correction"),)
    if previous and previous.verdict and previous.verdict[0][1].startswith("struck out"):
        return ((Role.IN_USE, "read by a correction"),)
    if previous and _idle(clause):
        renewed = _new_for_old(previous, clause, document, block)
        if renewed:
            return renewed
    if (
        previous
        and previous.verdict
        and _idle(clause)
        and not re.search(
            r"\([^)]*\b(?:since|removed|disposed|no longer|replaced|retired)\b[^)]*\)",
            previous.clause,
        )
    ):
        return previous.verdict
    discussed = _discussed(clause, block, document)
    if discussed:
        return discussed
    barred = _barred(clause, document)
    if barred:
        return barred
    return (
        _denied(clause, segments, place, document)
        or _new_for_old(previous, clause, document, block)
        or _going(clause, document, block)
        or _specified(clause, existing, document)
        or _kept(clause, document)
        or _offered(clause, document, existing)
        or _have(previous, clause, near, after, segment, document)
    )


_VERB: Final = re.compile(
    r"\b(?:is|are|was|were|has|have|had|will|shall|must|may|be|been|do|does|did|remains?|uses?|used|comes?|came|went|go|not|never|none|no|or|"
    r"accepted|rejected|existing|approved|alternatively|instead|proposed|suggested|only)\b|(?!(?:recording|building|housing|parking|monitoring|multi|fixed|unnamed|building|imaging)\b)[a-z]{3,}(?:ed|ing)\b|[-–:|/]\s"
)


def _idle(clause: str) -> bool:
    """Whether a clause has no verb or cue of its own, so that the one before it holds on."""
    if _VERB.search(clause):
        return False
    tables = (
        cues.PROHIBITED,
        cues.NOT_USED,
        cues.REMOVED,
        cues.TO_GO,
        cues.COMPATIBLE,
        cues.MAINTAINED,
        cues.OTHER,
        cues.SUPPLIED,
    )
    return not any(cues.first(table, clause) for table in tables)


def _discussed(clause: str, block: str, document: Document) -> Verdict:
    kind = document.kind
    if kind in {"award", "spend", "notice", "foi_request"}:
        return ()
    found = cues.first(cues.DISCUSSED, clause)
    own = re.search(
        r"\b(?:our|we|the council's own|own system|us\b)\b|\b(?:we|council|force|trust|university) (?:has|have|uses?|operates?)\b",
        clause,
    )
    if (
        document.lost
        and re.search(r"\b(?:mov(?:ed|er)|motion|amendment|propos\w+|that)\b", clause)
        and not re.search(r"\bin use\b", clause)
    ):
        return ((Role.DISCUSSED, "motion lost"),)
    if not found:
        if (
            kind == "policy_or_news"
            and cues.first(cues.NOT_USED, clause) is None
            and cues.first(cues.PROHIBITED, clause) is None
        ):
            return ()
        return ()
    if kind in {"committee_report", "policy_or_news"} and re.search(
        r"\bcampaign|\b(?:call(?:s|ed|ing)?|press(?:ed|ing)?) (?:on|for)\b|\burg(?:e[ds]?|ing)\b|\bdemand",
        clause,
    ):
        return ((Role.DISCUSSED, "called for"),)
    if (
        found == "elsewhere"
        and cues.first(cues.NOT_USED, clause)
        and re.search(
            r"\b(?:the|this|our) (?:council|authority|trust|force|university|college|board|service)\b|\bwe\b",
            clause,
        )
    ):
        return ()
    if kind == "committee_report":
        if found == "motion":
            if (
                cues.CARRIED.search(block)
                and (cues.first(cues.PROHIBITED, clause))
                and not re.search(r"\b(?:writes? to|asking for|calls? (?:on|for)|urges?)\b", clause)
            ):
                return ()
            return ((Role.DISCUSSED, "motion"),)
        if found in {"elsewhere", "foreign", "news", "ownership"}:
            if (
                cues.CARRIED.search(block)
                and cues.first(cues.PROHIBITED, clause)
                and found != "foreign"
            ):
                return ()
            return ((Role.DISCUSSED, found),)
    if kind == "policy_or_news":
        own_word = document.body and re.search(
            r"\b(?:the|our) (?:council|university|force|trust|authority|college|board|school)\b[^.;]{0,30}\b(?:confirmed|said|says|announced|will|has|uses?|is to)\b",
            clause,
        )
        if (
            own_word
            and found != "elsewhere"
            and (cues.first(cues.TO_GO, clause) or cues.first(cues.NOT_USED, clause))
        ):
            return ()
        if found in {"news", "elsewhere", "ownership"} and not (own and found == "ownership"):
            if re.search(
                r"\bnot the case\b|\b(?:this|our) (?:council|force|trust|university|authority)\b",
                clause,
            ):
                return ()
            if found == "elsewhere" and cues.first(cues.PROHIBITED, clause):
                return ()
            return ((Role.DISCUSSED, found),)
        if found == "foreign" and not cues.first(cues.PROHIBITED, clause):
            return ()
    if (
        kind in {"foi_response", "other", "supplier_page"}
        and found in {"news", "foreign"}
        and not own
    ):
        if not re.search(r"\b(?:supplied|installed|fitted|cameras? (?:is|are)|we have)\b", clause):
            return ((Role.DISCUSSED, found),)
    return ()


def _barred(clause: str, document: Document) -> Verdict:
    found = cues.first(cues.PROHIBITED, clause)
    if not found:
        return ()
    kind = document.kind
    if kind in {"supplier_page"}:
        return ()
    if found == "shall_not" and not re.search(
        r"\b(?:shall|must|may|should|will|would|can)\b", clause
    ):
        return ()
    if found in {"barred"} and re.search(
        r"\bnot\b[^.]{0,20}\b(?:barred|banned|prohibited)|\bno (?:ban|bar)\b|\bnational ban\b|\basking for\b",
        clause,
    ):
        return ((Role.DISCUSSED, "no bar"),)
    if (
        found == "barred"
        and kind in {"foi_response", "committee_report"}
        and not cues.COMMITS.search(clause)
        and not re.search(r"\bprohibited\b", clause)
    ):
        return ((Role.DISCUSSED, "bar as background"),)
    if (
        found == "not_accept"
        and re.search(r"\bproposed|considered\b", clause)
        and kind == "committee_report"
    ):
        return ()
    verdict: Verdict = ((Role.PROHIBITED, found),)
    if (
        found in {"no_new", "not_further", "no_longer_buys"}
        and re.search(
            r"\b(?:own(?:s|ed)?|has|have|had|operate[sd]?|use[sd]?)\b[^.;,]{0,25}§", clause
        )
        and not re.search(r"\b(?:no|not|never|any)\b[^.;,]{0,25}§", clause)
    ):
        return (*verdict, (Role.IN_USE, "has them, and buys no more"))
    if re.search(
        r"\b(?:existing|current|remaining)\b[^.]{0,40}\b(?:stock|cameras|units|devices)\b[^.]{0,60}\b(?:stay|remain|retain|in (?:use|service))",
        clause,
    ):
        return (*verdict, (Role.IN_USE, "existing stock stays"))
    return verdict


def _denied(clause: str, segments: list[Segment], place: int, document: Document) -> Verdict:
    if re.search(r"\bnot the case\b", clause) or (
        place + 1 < len(segments)
        and re.match(
            r"\W*(?:this|that) (?:is|was) (?:not (?:the case|true|correct|so)|incorrect|untrue|wrong)",
            segments[place + 1].text.lower(),
        )
        and document.kind != "foi_response"
    ):
        return ((Role.NOT_USED, "not the case"),)
    found = cues.first(cues.NOT_USED, clause)
    if not found:
        return ()
    if re.search(r"\bno longer\b|\bnone (?:left|remain)|\bnothing left\b", clause):
        return ()
    if re.search(r"\bno (?:plans?|intention|decision|contract)\b", clause) and not re.search(
        r"\bno\b[^.;]{0,20}§", clause
    ):
        return ()
    after = " ".join(s.text for s in segments[place + 1 : place + 2]).lower()
    if re.search(r"\b(?:told|said|stated|advised)\b", clause) and re.match(
        r"\W*(?:that|this) (?:was|is) (?:wrong|incorrect|not correct|an error|a mistake)", after
    ):
        return ((Role.OTHER, "denial withdrawn"),)
    if document.kind == "notice" and found in {"no_x", "no_x_any", "not_made_by"}:
        return ((Role.PROHIBITED, f"notice: {found}"),)
    if document.kind == "supplier_page" or found:
        return ((Role.NOT_USED, found),)
    return ()


def _new_for_old(previous: _Group | None, clause: str, document: Document, block: str) -> Verdict:
    """The new equipment in "replaced with ¤", "swapped for ¤", "¤ in their place"."""
    joined = f"{previous.clause} {clause}" if previous else clause
    joined = joined.replace("§", "¤", joined.count("§") - clause.count("§")) if previous else joined
    new = cues.NEW_FOR_OLD.search(joined) or cues.IN_STEAD.search(clause)
    if not new:
        return ()
    if previous is None and not re.search(
        r"\b(?:they|it|these|those|which|this|all|units|cameras|place|stead|instead|same)\b", clause
    ):
        if not cues.IN_STEAD.search(clause):
            return ()
    if (
        cues.NEW_FOR_OLD.search(joined)
        and previous is None
        and re.search(r"\breplace\w* (?:the |all |our )?§", clause)
    ):
        return ()
    # In reported speech "would" is the past of "will": no offer.
    told = re.search(
        r"\b(?:informed|advised|reported|explained|said|noted|confirmed|stated|told|assured)\b",
        block,
    )
    if told:
        joined = re.sub(r"\bwould\b", "will", joined)
    if (
        document.offering
        or cues.RECOMMENDED.search(block)
        or re.search(r"\b(?:would|could|suggest|recommend|propose|should .{0,20}wish)\b", joined)
    ):
        return ((Role.OTHER, "offered in its stead"),)
    if document.kind == "notice":
        return ((Role.COMPATIBLE, "the make asked for in its stead"),)
    return ((Role.SUPPLIED, "new for old"),)


def _going(clause: str, document: Document, block: str) -> Verdict:
    """Removed, or in use and to be replaced."""
    gone = cues.first(cues.REMOVED, clause)
    taken = bool(cues.TAKE_OUT.search(clause))
    goes = cues.first(cues.TO_GO, clause)
    mild = document.kind == "committee_report" and cues.RECOMMENDED.search(block)
    if document.taking_away and not re.search(
        r"\b(?:fitted|installed|in (?:its|their) place|put)\b", clause
    ):
        return ((Role.REMOVED, "record of removal"),)
    if document.offering and (taken or goes or gone == "replaced_all"):
        return ((Role.IN_USE, "old make in an offer"),)
    if mild and gone == "replaced_all":
        return ((Role.IN_USE, "renewal only recommended"),)
    if (
        gone
        and not re.search(
            r"\b(?:will|shall|to|due to|must|should|could|would|may|cannot|not|is being|are being|until)\b(?: \w+)? (?:be|been)\b|\bto be\b|\bto have been\b",
            clause,
        )
        and not re.search(r"\bfaulty\b", clause)
    ):
        if gone == "used_to" or not re.search(r"\bwith §|\bby §|\bfor §", clause):
            if gone in {"replaced_all"} and document.kind in {"notice"}:
                return ((Role.IN_USE, "to be replaced"), (Role.TO_BE_REPLACED, gone))
            return ((Role.REMOVED, gone),)
    if mild and (goes or taken):
        return ((Role.IN_USE, "renewal only recommended"),)
    if cues.NO_PLANS.search(clause):
        return ()
    if re.search(
        r"\b(?:petition|asking|demand\w*|call\w* (?:for|on)|urg\w+|whether|cost of|consider\w*)\b",
        clause,
    ) and (goes or taken):
        return ((Role.DISCUSSED, "asked to go"),)
    if taken and document.kind in {"award", "spend"}:
        return ((Role.REMOVED, "taken out under the award"),)
    if goes or taken:
        if re.search(r"\breplac\w* (?:psu|lens|hard|power|part|dome cover|housing)", clause):
            return ()
        return ((Role.IN_USE, "about to go"), (Role.TO_BE_REPLACED, goes or "to take out"))
    return ()


def _specified(clause: str, existing: bool, document: Document) -> Verdict:
    kind = document.kind
    found = cues.first(cues.COMPATIBLE, clause)
    if found == "compatible" and kind in {"spend", "award"}:
        return ()
    if found in {"compatible", "shall_be"} and kind not in {"notice", "policy_or_news", "other"}:
        return ()
    if found:
        if kind == "foi_response":
            return ()
        if re.search(r"§[^.;]{0,40}\bwhich is (?:the|our|already|in)\b", clause):
            return ((Role.IN_USE, "said to be in place"),)
        if existing and (found == "compatible" or (kind == "notice" and found == "shall_be")):
            return ((Role.IN_USE, "existing kit"), (Role.COMPATIBLE, found))
        return ((Role.COMPATIBLE, found),)
    if kind == "notice" and existing and not cues.first(cues.MAINTAINED, clause):
        return ((Role.IN_USE, "existing kit"),)
    return ()


def _kept(clause: str, document: Document) -> Verdict:
    found = cues.first(cues.MAINTAINED, clause)
    if document.upkeep:
        return ((Role.MAINTAINED, "upkeep record"),)
    if not found:
        return ()
    if document.kind == "foi_response" and re.search(
        r"§[^.;]{0,40}\b(?:maintained|serviced) by\b", clause
    ):
        return ((Role.MAINTAINED, found),)
    if re.search(
        r"\b(?:no|not|out of|without|including|includes|plus) (?:\w+ )?(?:maintenance|repair|warranty)",
        clause,
    ) and re.search(r"\b(?:suppl|install)", clause):
        return ()
    if re.search(r"\bsupply\b|\bsupplied\b|\bsupply,", clause) and re.search(r"\binstall", clause):
        return ()
    return ((Role.MAINTAINED, found),)


def _offered(clause: str, document: Document, existing: bool) -> Verdict:
    kind = document.kind
    found = cues.first(cues.OTHER, clause)
    chosen = re.search(
        r"\b(?:accepted|awarded|agreed|approved|resolved|chosen|selected|winning|successful)\b(?!\W+(?:not|un))",
        clause,
    ) and not re.search(
        r"\b(?:not|un)(?:\w* )?(?:accepted|awarded|chosen|selected|successful|taken)\b", clause
    )
    if found == "option" and re.search(
        r"\b(?:retain|keep|current|existing|present)\b[^.;,]{0,20}§", clause
    ):
        return ((Role.IN_USE, "the option of keeping it"),)
    if found == "option" and not chosen:
        return ((Role.OTHER, "option"),)
    if found == "offer" and not chosen and kind not in {"award", "spend", "notice"}:
        return ((Role.OTHER, "offer"),)
    if found == "example" and kind in {"supplier_page", "foi_response", "policy_or_news", "notice"}:
        return ((Role.OTHER, "example"),)
    if document.offering:
        if (
            existing
            or re.search(r"\b(?:fitted|installed|supplied) (?:for|by|in)\b", clause)
            or re.search(r"\bremove\b", clause)
            or re.search(r"\bexisting\b", clause)
        ):
            return ((Role.IN_USE, "in place by the offer"),)
        return ((Role.OTHER, "offer"),)
    return ()


def _have(
    previous: _Group | None,
    clause: str,
    near: str,
    after: str,
    segment: Segment,
    document: Document,
) -> Verdict:
    """Supplied or in use: the past of buying against the present of having."""
    kind = document.kind
    bought = cues.first(cues.SUPPLIED, clause)
    placed = re.search(
        r"§[^.;]{0,40}(?<!be )(?<!been )(?<!were )(?<!was )\b(?:fitted|installed) (?:in|between|at|on|during|across|since|from)\b",
        clause,
    )
    if (
        placed
        and kind in {"committee_report", "foi_response", "other"}
        and not re.search(r"\b(?:award|order|purchas|bought)", clause)
    ):
        return ((Role.IN_USE, "in place since"),)
    present = re.search(
        r"\b(?:are|is|have|has|remain|use|uses|operate[sd]?|own|currently|still|in (?:use|place|service)|live|existing|standard|comprises?)\b",
        clause,
    )
    perfect = re.search(
        r"\b(?:have|has|had) (?:\w+ )?(?:been )?(?:bought|purchased|ordered|supplied|fitted|installed|put|awarded|approved|accepted|let|chosen|procured|swapped|replaced)\b",
        clause,
    )
    if kind in {"spend", "award"}:
        return ((Role.SUPPLIED, bought or "award or payment"),)
    if kind == "foi_response":
        past = re.search(
            r"\b(?:was|were|we|council|force|trust|university|has|have|had|one|it)\b[^.;]{0,40}\b(?:bought|purchased|ordered|procured|acquired)\b|\b(?:bought|purchased)\b[^.;]{0,25}\b(?:for|in|from|between|during)\b",
            clause,
        )
        buying = re.search(
            r"\b(?:purchases|bought|orders|purchase history|acquisitions)\b", near.lower()
        )
        if past and not re.search(
            r"\b(?:are|is|currently|remain|still|in use|we have \d+|have \d+ )\b", clause
        ):
            if re.search(r"\bwe (?:still )?have\b", after):
                return ((Role.IN_USE, "has them"),)
            return ((Role.SUPPLIED, "bought"),)
        if (
            perfect
            and re.search(r"\b(?:fitted|installed|put|swapped)\b", clause)
            and re.search(r"\bsince|replac", near.lower())
        ):
            return ((Role.SUPPLIED, "new equipment"),)
        if buying and (segment.row or not present):
            return ((Role.SUPPLIED, "listed as bought"),)
        return ((Role.IN_USE, "answer"),)
    if kind == "supplier_page":
        if re.search(
            r"\b(?:are|is|remain) (?:a|an) (?:\w+ )?(?:brand|make)\b|\bwe fitted for you\b|\b(?:are|is) (?:in use|live|installed)\b",
            clause,
        ):
            return ((Role.IN_USE, "said to be in place"),)
        if bought or re.search(
            r"\bcome from\b|\bon top\b|\bwe (?:only )?(?:use|supply|install|fit)\b", clause
        ):
            return ((Role.SUPPLIED, bought or "supplier says"),)
        if previous and previous.verdict:
            return (previous.verdict[0],)
        return ((Role.OTHER, "supplier's text"),)
    if kind == "committee_report":
        if perfect or (
            bought and not re.search(r"\b(?:are|is|were) (?:\w+ )?(?:installed|fitted)\b", clause)
        ):
            if not re.search(r"\b(?:existing|present|current|currently|in use)\b", clause):
                return ((Role.SUPPLIED, bought or "bought"),)
        if (
            previous
            and previous.verdict
            and previous.verdict[0][0] in {Role.SUPPLIED, Role.OTHER, Role.DISCUSSED}
            and not present
        ):
            return (previous.verdict[0],)
        return ((Role.IN_USE, "stated"),)
    if kind == "notice":
        if re.search(r"\b(?:supply|supplied|award)", clause) and re.search(
            r"\bawarded|has been\b", near.lower()
        ):
            return ((Role.SUPPLIED, "awarded"),)
        if (
            present
            and not bought
            and re.search(r"\b(?:has|have|uses?|operates?|comprises?|consists?)\b", clause)
        ):
            return ((Role.IN_USE, "said to be in place"),)
        return ((Role.COMPATIBLE, "named in a specification"),)
    if kind == "policy_or_news":
        if (
            re.search(
                r"\b(?:we|our|the (?:council|force|trust|university|college|authority))\b", clause
            )
            and present
        ):
            return ((Role.IN_USE, "said to be in place"),)
        return ((Role.DISCUSSED, "news or policy"),)
    if kind == "foi_request":
        return ((Role.OTHER, "named in a question"),)
    if perfect or (bought and not present):
        return ((Role.SUPPLIED, bought or "bought"),)
    if (
        re.search(r"\bdeliver|\bqty\b|\bpacking|\bdespatch|\bpurchase order", near.lower())
        and not present
    ):
        return ((Role.SUPPLIED, "delivery"),)
    return ((DEFAULTS.get(kind, Role.IN_USE), "stated"),)


def _settle(
    ordered: list[Mention],
    verdicts: dict[int, Verdict],
    document: Document,
) -> list[Mention]:
    """Drop what a better role of the same maker makes idle, and return the mentions in order."""
    roles: dict[str, set[Role]] = {}
    for i, verdict in verdicts.items():
        roles.setdefault(ordered[i].maker, set()).update(r for r, _ in verdict)
    out: list[Mention] = []
    for i, mention in enumerate(ordered):
        for role, reason in verdicts.get(i, ((Role.OTHER, "outside any sentence"),)):
            others = roles.get(mention.maker, {role}) - {role}
            if role is Role.OTHER and others:
                continue
            if reason.startswith("answered") and others - {Role.OTHER, Role.TO_BE_REPLACED}:
                continue
            if role is Role.IN_USE and (
                Role.MAINTAINED in others
                or (
                    Role.SUPPLIED in others
                    and Role.TO_BE_REPLACED not in others
                    and document.kind in {"award", "spend"}
                )
            ):
                continue
            out.append(msgspec.structs.replace(mention, role=role, role_reason=reason))
    return out
