"""What a text says of each maker it names: the role of every mention, with the reason.

The passage is cut into segments; in each, mentions joined by a list ("Hikvision, Dahua and
Uniview") form a group, and each group has a clause of its own. The clause is asked, cue by cue in
a fixed order, what it says. A question gives no role but ``other``: only its answer can.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec

from nameplate.model.mention import Mention, Role
from nameplate.tracing.extract import cues
from nameplate.tracing.extract.answering import Reply, reply_of
from nameplate.tracing.extract.following import aside, follow_up, old_for_new
from nameplate.tracing.extract.grouping import (
    Document,
    Group,
    Verdict,
    document_of,
    give_clauses,
    grouped,
)
from nameplate.tracing.extract.money import spend_row
from nameplate.tracing.extract.saying import corrected, said
from nameplate.tracing.extract.segments import Segment, labelled, marker_end, split


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
    groups_before: list[Group] = []
    for place, segment in enumerate(segments):
        inside = [i for i, m in enumerate(ordered) if segment.start <= m.start < segment.end]
        if not inside:
            follow_up(segment, groups_before, verdicts)
            continue
        groups = grouped(segment, inside, ordered)
        give_clauses(segment, groups, ordered)
        previous: Group | None = None
        for group in groups:
            group.verdict = _judge(group, previous, segment, place, segments, document, ordered)
            if previous is not None:
                old_for_new(previous, group, verdicts)
            for i in group.members:
                verdicts[i] = aside(ordered[i], segment) or group.verdict
                if payee[0] <= ordered[i].start and ordered[i].end <= payee[1]:
                    verdicts[i] = ((Role.OTHER, "payee, goods not stated"),)
            previous = group
        if groups and groups[0].verdict and groups[0].verdict[0][1] == "new for old":
            follow_up(segment, groups_before, verdicts)
        groups_before = groups
    return _settle(ordered, verdicts, document)


def _payee(text: str) -> tuple[int, int]:
    """Span of the payee's cell in a spending row; (-1, -1) where there is none."""
    row = spend_row(text)
    at = text.rfind(row.supplier) if row and row.supplier else -1
    return (at, at + len(row.supplier)) if row and at >= 0 else (-1, -1)


def _judge(
    group: Group,
    previous: Group | None,
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
    if segment.quoted and corrected(segments, place):
        return ((Role.OTHER, "quoted and corrected below"),)
    replying = _reply_to(segment, group)
    if replying:
        return replying
    return said(group, previous, segment, segments, place, document)


def _asked(place: int, segments: list[Segment], group: Group, document: Document) -> Verdict:
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


def _reply_to(segment: Segment, group: Group) -> Verdict:
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
