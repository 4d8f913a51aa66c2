"""Short replies: yes, no, a number, withheld, not held."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Final

from nameplate.tracing.extract.segments import marker_end


class Reply(StrEnum):
    """What the first words of an answer say."""

    YES = "yes"
    NO = "no"
    NUMBER = "number"
    WITHHELD = "withheld"
    NOT_HELD = "not_held"
    OTHER = "other"


_HEAD: Final = re.compile(
    r"(?i)^\W*(?:answer(?:\s+by\s+[\w\s]{2,40}?|\s+to\s+(?:part|question)?\s*\d*)?|response|reply|our reply|outcome|a)\s*\d{0,2}\s*[.:)–-]+\s*"
)
WITHHELD: Final = re.compile(
    r"(?i)\b(?:withh[eo]ld\w*|withholding|exempt(?:ed|ion|ions)?|refus(?:ed?|al|ing)|neither\s+confirm(?:s|ed)?\s+n?or\s+den\w+|vexatious"
    r"|cost\s+limit|appropriate\s+limit|exceeds?\s+the\s+(?:cost|appropriate|time)|will\s+not\s+be\s+(?:disclos|releas|answer)\w*"
    r"|not\s+(?:able|willing)\s+to\s+(?:disclose|release)|unable\s+to\s+(?:disclose|release)|(?:would|could|might)\s+(?:be\s+likely\s+to\s+)?(?:substantially\s+)?prejudice|likely\s+to\s+prejudice|declin\w+\s+to\s+(?:disclose|provide|release|name|answer)"
    r"|commercial(?:ly)?\s+(?:confiden\w+|sensitive|in\s+confidence)|public\s+interest\s+in\s+(?:withholding|maintaining))\b"
)
NOT_HELD: Final = re.compile(
    r"(?i)\b(?:not\s+held|(?:does|do|did)\s*(?:not|n't)\s+(?:currently\s+)?(?:hold|record|keep|have\s+(?:a\s+)?(?:record|list|central|information|this))|no\s+(?:recorded\s+|relevant\s+)?info(?:rmation)?\s+(?:is\s+)?held"
    r"|hold[s]?\s+(?:no|nothing)|no\s+(?:central\s+)?(?:record|list|inventory|register)\w*|not\s+recorded|not\s+known|unknown|has\s+no\s+record|no\s+record|no\s+knowledge|(?:do|does)\s+not\s+have\s+access\s+to|none\s+were\s+found|holds\s+nothing|holds?\s+no\s+(?:record|information)"
    r"|can\s+find\s+no\s+record|not\s+in\s+(?:the|our)\s+(?:possession|records))\b"
)
_YES: Final = re.compile(
    r"(?i)^\W*(?:yes|yep|yeah|correct|confirmed|that is correct|that is right|indeed|affirmative|we do\b|it does\b|they do\b|we have\b(?! no)|y\b)"
)
_NO: Final = re.compile(
    r"(?i)^\W*(?:no\b(?!\s+(?:info|record|central|list|longer|data|inventory|reply|comment|part|decision))|none\b|nil\b|zero\b|never\b|neither\b|n\b(?!/a)|0\b(?![.,]\d)"
    r"|not\s+(?:used|in\s+use|any|to\s+(?:our|the\s+\w+'s)\s+knowledge|that\s+we|as\s+far)|we\s+do\s+not\b(?!\s+(?:hold|record|keep|know))|(?:the\s+)?\w+\s+does\s+not\s+(?:use|own|have\s+any|operate))"
)
_NUMBER: Final = re.compile(
    r"(?i)^\W*(?:(?:a\s+total\s+of|approximately|approx\.?|about|around|circa|c\.?|some|over|x)\s*)?(?:\d[\d,]*\b(?!\s*(?:%|per\s+cent|sites|years))|"
    r"(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|a\s+(?:dozen|pair|hundred))\b)"
)


def bare(text: str) -> str:
    """``text`` without list marker and words like "Answer:"."""
    body = text[marker_end(text) :].strip()
    return _HEAD.sub("", body).strip()


def reply_of(text: str) -> Reply:
    """What an answer's first words say; OTHER where they are a sentence of their own."""
    body = bare(text)
    head = re.split(r"(?<=[.;])\s", body, maxsplit=1)[0]
    if WITHHELD.search(head):
        return Reply.WITHHELD
    if NOT_HELD.search(head) and not re.match(r"(?i)\W*(?:yes|no|none)\b\W*[.,;]", body):
        return Reply.NOT_HELD
    if _YES.match(body):
        return Reply.YES
    if _NO.match(body):
        return Reply.NO
    if _NUMBER.match(body):
        return Reply.NUMBER
    return Reply.OTHER
