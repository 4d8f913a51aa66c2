"""What kind of answer a passage gives to the question of makers, and under which exemption."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum
from typing import Final

import msgspec

from nameplate.model.mention import Mention, Role
from nameplate.tracing.extract.answering import NOT_HELD, WITHHELD
from nameplate.tracing.extract.segments import Segment, labelled, split


class Answer(StrEnum):
    """Whether the question of makers was answered."""

    YES = "yes"
    NO_MAKER = "no_maker_stated"
    REFUSED = "refused_exempt"
    NOT_HELD = "not_held"
    NOT_ASKED = "not_asked"


class Detail(StrEnum):
    """The finer kind, inside Nameplate."""

    ANSWERED = "answered"
    PARTLY = "partly_answered"
    COST_LIMIT = "cost_limit"
    VEXATIOUS = "vexatious"
    NCND = "neither_confirm_nor_deny"
    EXEMPT = "exempt"
    NOT_HELD = "not_held"
    HOLDING = "acknowledged_or_extended"
    CLARIFY = "clarification_sought"
    EVADED = "no_maker_stated"
    NOT_ASKED = "not_asked"


class AnswerFound(msgspec.Struct, frozen=True, kw_only=True):
    """Answer kind, its finer detail and the exemption as cited (None where there is none)."""

    kind: Answer
    detail: Detail
    exemption: str | None


SAYS: Final = frozenset(
    {
        Role.IN_USE,
        Role.SUPPLIED,
        Role.NOT_USED,
        Role.REMOVED,
        Role.PROHIBITED,
        Role.MAINTAINED,
        Role.TO_BE_REPLACED,
    }
)
"""Roles that answer the question of makers."""

_SECTION: Final = re.compile(
    r"\b(?:s(?:ections?|ectio\s?n|s)?\.?\s?|exemptions?\s+)(?P<list>\d[\dlI]?[A-Z]?(?:\s?\([\dlIa-z]{1,3}\))*(?:\s*(?:,|and|&|or)\s*(?:s(?:ections?|s)?\.?\s?)?(?:\d{2}|\([\da-z]\))[A-Z]?(?:\([\da-z]{1,3}\))*)*)",
    re.I,
)
_REGULATION: Final = re.compile(
    r"\b(?:regulation|reg)\.?\s?(?P<list>1[0-3](?:\([\da-z]{1,3}\))+)", re.I
)
_SCOTTISH: Final = re.compile(
    r"(?i)\bFOISA\b|\(Scotland\)|\b(?:scot(?:land|tish)|highland|glasgow|edinburgh|aberdeen\w*|dundee|falkirk|fife|stirling|moray|lothian|borders\b|lanarkshire|ayrshire|argyll|angus|"
    r"clackmannan\w*|dumfries|inverclyde|orkney|shetland|perth and kinross|renfrewshire|dunbartonshire|eilean siar|western isles|grampian|tayside|strathclyde|midlothian|st andrews|heriot|robert gordon|abertay|"
    r"forth valley|napier|caledonian)\b"
)
_ASKS_MAKER: Final = re.compile(
    r"(?i)\b(?:who\s+(?:had\s+|has\s+)?(?:made|makes|manufactur\w+|supplied)|(?:which|what)\s+(?:company|companies|firm|firms)\s+(?:made|makes?|manufactur\w+)|mak(?:e|es|er|ers)\b(?!\s+(?:sure|a\b|the\b|it\b|them\b|up\b|use\b))|made\s+(?:by|in)|manufactur\w+|brands?|model(?:s|\s+numbers?)?\b|country\s+of\s+origin|chinese|china)\b"
)
_EXEMPT_MAKERS: Final = re.compile(
    r"(?i)\b(?:mak(?:e|es|er|ers)\b|manufactur\w*|brands?|model|types?|information|details?|question|this|it\b|these|names?|equipment|request|answer|disclos\w+|number)"
)
_CLARIFY: Final = re.compile(
    r"(?i)\bplease\s+clarify|\bclarif(?:y|ication)\b[^.]{0,60}(?:required|needed|before|what you mean)|\bclock\s+stops"
)
_HOLDING: Final = re.compile(
    r"(?i)\backnowledg\w+|\bwe\s+aim\s+to\s+respond|\bwill\s+(?:be\s+)?(?:respond|repl)\w*|\bfurther\s+\d+\s+working\s+days|\bhas\s+been\s+(?:logged|passed|received)|\bbacklog\b|\bwill\s+follow\b|\bpublic\s+interest\s+test\b.{0,60}\b(?:extend|extension|more time)|\bundertook\s+to\s+send|\bextend\w*\s+the\s+(?:time|deadline)"
)
_WEIGHED: Final = re.compile(r"(?i)\bto\s+(?:weigh|consider)\s+the\s+public\s+interest")
_COST: Final = re.compile(
    r"(?i)\bcost\s+limit|\bappropriate\s+limit|\bmore\s+than\s+(?:18|24|40|\d+)\s+hours|\b(?:section|s\.?|ss\.?)\s?12\b|£(?:450|600)\b|exceeds?\s+the\s+(?:cost|fees|time)|\bfees\s+regulations"
)
_LATER: Final = re.compile(
    r"(?i)\bfuture\s+publication|\bwill\s+be\s+published\b|\bintend\w*\s+to\s+publish|\bsection\s+22\b|\bs\.?\s?22\b"
)
_NCND: Final = re.compile(r"(?i)neither\s+confirm(?:s|ed)?\s+n?or\s+den")


def nation_law(text: str, body: str) -> str:
    """``FOISA`` for Scottish bodies and answers that cite it, ``EIR`` where cited, else ``FOIA``."""
    if re.search(r"\bFOISA\b|\(Scotland\)", text):
        return "FOISA"
    if re.search(r"(?i)\benvironmental information regulations\b|\bEIRs?\b", text):
        return "EIR"
    if re.search(
        r"(?i)british transport police|network rail|ministry of defence|civil nuclear", body
    ):
        return "FOIA"
    return "FOISA" if _SCOTTISH.search(body) else "FOIA"


def exemption_of(text: str, body: str) -> str | None:
    """Exemptions cited, in the answer's own numbering (``FOIA s.24(1), s.31(1)``), or None."""
    law = nation_law(text, body)
    cited: list[str] = []
    for match in _SECTION.finditer(text):
        numbers = re.findall(r"\d[\dlI]?[A-Z]?(?:\s?\([\dlIa-z]{1,3}\))*", match["list"])
        for number in numbers:
            value = re.sub(r"\s", "", number)
            value = (
                re.sub(r"^(\d)[lI]", r"\g<1>1", value).replace("(l)", "(1)").replace("(I)", "(1)")
            )
            digits = int(re.match(r"\d+", value).group())  # type: ignore[union-attr]
            if digits in {1, 2, 8, 9, 10, 11, 15, 16, 45, 50} or digits > 44:
                continue
            if f"s.{value}" not in cited:
                cited.append(f"s.{value}")
    cited.extend(f"reg.{m['list']}" for m in _REGULATION.finditer(text))
    return f"{law} {', '.join(cited)}" if cited else None


def find_answer(
    text: str, mentions: Sequence[Mention], kind: str = "", body: str = ""
) -> AnswerFound:
    """Tell whether the question of makers was asked, and what came back.

    ``mentions`` carry their roles already. A reply to a request counts as asked even where the
    question is not printed; elsewhere a question on make, model or origin must be seen.
    """
    segments = split(text, kind)
    exemption = exemption_of(text, body)
    if kind == "foi_request":
        return AnswerFound(kind=Answer.NOT_ASKED, detail=Detail.NOT_ASKED, exemption=None)
    if kind != "foi_response" and not _question_of_makers(segments, kind):
        return AnswerFound(kind=Answer.NOT_ASKED, detail=Detail.NOT_ASKED, exemption=None)
    if kind in {"spend", "award"}:
        return AnswerFound(kind=Answer.NOT_ASKED, detail=Detail.NOT_ASKED, exemption=None)
    refused = _refused(segments, text)
    if any(m.role in SAYS for m in mentions):
        detail = Detail.PARTLY if refused and exemption else Detail.ANSWERED
        return AnswerFound(kind=Answer.YES, detail=detail, exemption=exemption)
    if refused:
        if _NCND.search(text):
            detail = Detail.NCND
        elif re.search(r"(?i)vexatious|\bs(?:ection|\.)?\s?14\b", text):
            detail = Detail.VEXATIOUS
        elif _COST.search(text):
            detail = Detail.COST_LIMIT
        else:
            detail = Detail.EXEMPT
        law = nation_law(text, body)
        return AnswerFound(
            kind=Answer.REFUSED, detail=detail, exemption=exemption or f"{law} (section not cited)"
        )
    if _not_held(segments):
        law = nation_law(text, body)
        if exemption is None and law == "FOISA":
            exemption = "FOISA s.17"
        return AnswerFound(kind=Answer.NOT_HELD, detail=Detail.NOT_HELD, exemption=exemption)
    detail = Detail.EVADED
    if _CLARIFY.search(text):
        detail = Detail.CLARIFY
    elif _HOLDING.search(text) or _WEIGHED.search(text):
        detail = Detail.HOLDING
    return AnswerFound(kind=Answer.NO_MAKER, detail=detail, exemption=exemption)


def _question_of_makers(segments: list[Segment], kind: str) -> bool:
    """A printed question on make, model or origin, with a reply after it in the passage."""
    for place, segment in enumerate(segments):
        if not segment.asks or place + 1 >= len(segments):
            continue
        if kind == "other" and not re.match(
            r"(?i)\s*(?:clarification|question|query|q\d*[.: ])", segment.text
        ):
            continue
        asked = segment.text
        if re.search(r"(?i)\bother (?:councils|authorities|forces)\b|\bpress\b", asked):
            continue
        if _ASKS_MAKER.search(asked):
            return True
    return False


def _unquoted(segment: Segment) -> str:
    return segment.text


def _refused(segments: list[Segment], text: str) -> bool:
    for segment in segments:
        if segment.asks and not re.search(r"(?i)\brefused\b|\bexempt\b|withheld", segment.text):
            continue
        found = WITHHELD.search(segment.text) or WITHHELD.search(segment.text.replace(" ", " "))
        if found:
            pair = labelled(segment)
            if re.search(
                r"(?i)\b(?:location|address|officer|staff)\w*\b[^.]{0,40}$",
                segment.text[: found.start()],
            ) and not _ASKS_MAKER.search(segment.text):
                continue
            if re.search(r"(?i)\bnot\s+(?:being\s+)?(?:exempt|withheld|refused)", segment.text):
                continue
            if re.search(r"(?i)\bto\s+weigh\b|\bwhether\b[^.]{0,30}exempt", segment.text):
                continue
            _ = pair
            return True
        if re.search(
            r"(?i)\b(?:section|s)\.?\s?(?:31|24|43|38|23|30|35|44|41|12|14|22)\b(?:\s?\([^)]*\))*[^.]{0,50}\b(?:engaged|applies|apply|applied|refers|relates)\b",
            segment.text,
        ):
            return True
    if re.search(
        r"(?i)\b(?:more than|over|exceeds?|excess of|at least) (?:\d+|eighteen|twenty-four) hours\b|\b(?:section|s\.?)\s?12\b",
        text,
    ) and re.search(r"(?i)\b(?:hours|cost|limit)\b", text):
        return True
    return bool(re.search(r"(?i)\bs\.?\s?3[1lI]\s?\([1lI]\)\s?\(a\)[^.]{0,20}$", text)) or bool(
        _LATER.search(text) and re.search(r"(?i)\bexempt|\bsection\s+22|\bs\.?\s?22", text)
    )


def _not_held(segments: list[Segment]) -> bool:
    for segment in segments:
        if segment.asks and not labelled(segment):
            continue
        if NOT_HELD.search(segment.text) or re.search(
            r"(?i)\bnot\s+hold\b|\bn\s?ot\s+hold\b|\bwere\s+not\s+transfer\w+|\bis\s+not\s+known\b|\b(?:cannot|can't|unable\s+to)\s+(?:confirm|say|identify|determine|establish|tell)\s+(?:who|the\s+(?:make|maker|brand|manufacturer))|\bcannot\s+say\s+who|\bdo\s+not\s+know\b|\bhas\s+not\s+been\s+recorded|\bhold\s+(?:this|that|it)\s+in\s+the\s+format|\bnot\s+hold\s+(?:it|this)",
            segment.text,
        ):
            return True
    return False
