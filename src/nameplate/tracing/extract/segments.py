"""A passage cut into sentences and rows, with who speaks: the question, the answer, a quotation.

Offsets are code points of the passage, so every piece can be cited. A line break inside a
sentence is no boundary; one between rows of a table or list is.
"""

from __future__ import annotations

import functools
import re
from typing import Final

import msgspec

_MARK: Final = re.compile(
    r"^\s*(?:[>•*–—-]\s*)?(?:(?:[QAO]\s?\d{0,2}|[QO]uestion\s*\d*|Answer(?:\s+to)?\s*\d*|Part\s*\d+"
    r"|Clarification\s*\d+|Response|Reply|Lot\s*\d+|\(?[a-z]\)|\(?[ivx]{1,4}\)|\(?\d{1,2}(?:\.\d{1,2})*\)?)"
    r"(?:\s*[.:)\-–]+\s*|\s+(?=[A-Z(\"“]))|Re:?\s+)",
)
_LINE_START: Final = re.compile(
    r"^\s*(?:[>•*|]|[-–—]\s|\(?[a-zA-Z]\)\s|[a-h][.]\s|\(?[ivx]{1,4}\)|\(?\d{1,2}(?:\.\d{1,2})*[.)]\s"
    r"|[QAO]\d{0,2}\s?[.:)]|[QO]\d{1,2}\s|[QO]uestion\b|Answer\b|Response\b|Reply\b|Notes?:"
    r"|[A-Z][\w ()/'’-]{1,40}:\s|[A-Z]{2,}-?\d)"
)
_SENTENCE: Final = re.compile(
    r"(?<=[.?!])(?P<close>[\"”')\]]*)(?:\s*[-–—]\s+|\s+)(?=[\"“'(\[>£]?\w)"
)
_ASIDE: Final = re.compile(
    r"(?:^|\s)(?=\(?(?P<mark>[a-h]|[ivx]{1,4}|\d{1,2})\)\s)|(?<=[.;])\s+(?=[QA]\d{0,2}[.:]\s)"
)
_ROMAN: Final = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x")
_ABBREVIATED: Final = re.compile(
    r"(?:\b(?:no|nos|n o|cllr|mr|mrs|ms|dr|approx|est|ca|c|inc|vs?|fig|ref|para|art|st|s|ss|eg|ie|"
    r"e\.g|i\.e|p\.p|j|l|co|nr|incl|excl|ex|max|min|tel|ext|rev|dept)|\b[A-Z])\.$",
    re.I,
)
_ONLY_MARK: Final = re.compile(
    r"^\s*(?:[>•*-]\s*)?(?:[QAO]|[QO]uestion|Lot|Part|Answer)?\s*\(?(?:\d{1,2}(?:\.\d{1,2})*|[a-z]|[ivx]{1,4})?\)?[.:)]*\s*$",
    re.I,
)
_QUESTION_START: Final = re.compile(
    r"^(?:q\b|q\d|question\b|request\b|your\s+(?:request|question)\b|you\s+(?:now\s+)?(?:ask|wish|request|want)"
    r"|(?:please|kindly)\s+(?:state|list|provide|confirm|tell|supply|advise|include|give|send|could)"
    r"|(?:could|can|would|will|do|does|did|has|have|is|are|was|were|how|what|which|who|when|where|why)\b[^.]*\?)",
    re.I,
)
_ASKED: Final = re.compile(
    r"\b(?:cllr|councillor|member|chair|resident|mr|mrs|ms|question(?:er)?|applicant|they|he|she)\b[^.]{0,60}?"
    r"\b(?:asked|queried|enquired|inquired|wanted to know|sought (?:clarity|confirmation|assurance))\b",
    re.I,
)
_ANSWER_START: Final = re.compile(
    r"^\s*(?:A\d{0,2}\s*[.:)]|A\d{1,2}\s|Answer|Response|Reply|Our reply|Outcome|Authority.s response"
    r"|(?:Trust|Council|Force|University) response|RESPONSE)",
    re.I,
)


class Segment(msgspec.Struct, frozen=True, kw_only=True):
    """A sentence or row at ``start:end``. ``text`` has its line breaks as spaces, same length.

    ``block`` numbers the paragraph or list line it belongs to. ``asks``: it is a question, or
    reports one. ``answers`` is the index of the question it follows, -1 where there is none.
    ``quoted``: a line of an earlier message. ``row``: a row of a table.
    """

    start: int
    end: int
    text: str
    block: int
    asks: bool = False
    answers: int = -1
    quoted: bool = False
    row: bool = False


def is_row(line: str) -> bool:
    """Whether a line looks like a row of a table: two or more column separators."""
    return (
        line.count("|") >= 2
        or line.count(" / ") >= 2
        or line.count("\t") >= 1
        or (line.count("; ") >= 3 and len(line) / (line.count("; ") + 1) < 28)
        or len(re.findall(r"\S {2,}\S", line)) >= 2
        or bool(re.search(r"\S {3,}\S", line))
    )


def _blocks(text: str) -> list[tuple[int, int, bool]]:
    """Spans of paragraphs, list items and rows: line breaks within a sentence are bridged."""
    lines: list[tuple[int, int]] = []
    at = 0
    for raw in re.split(r"(?<=\n)", text):
        lines.append((at, at + len(raw)))
        at += len(raw)
    widest = max((len(text[s:e].rstrip()) for s, e in lines), default=0)
    blocks: list[tuple[int, int, bool]] = []
    previous = ""
    for start, end in lines:
        line = text[start:end].rstrip()
        if not line.strip():
            previous = ""
            continue
        row = is_row(line)
        bridged = bool(
            previous
            and not row
            and not blocks[-1][2]
            and not _LINE_START.match(line)
            and not re.search(r"[.?!:;][\"”')]?$", previous)
            and (len(previous) >= 0.55 * widest or line[:1].islower())
            and not (
                re.match(r"^[\w ()/'’.]{2,45}(?: - |: )", previous)
                and not line[:1].islower()
                and len(previous) < 45
            )
        )
        wraps = bool(
            previous
            and not row
            and not blocks[-1][2]
            and not _LINE_START.match(line)
            and re.search(r"[.?!:;][\"”')]?$", previous)
            and len(previous) >= 40
            and len(previous) >= 0.7 * widest
            and widest <= 100
        )
        if bridged or wraps:
            blocks[-1] = (blocks[-1][0], start + len(line), blocks[-1][2])
        else:
            blocks.append((start, start + len(line), row))
        previous = line
    return blocks


def _sentences(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Sentence spans of a block; list markers and abbreviations do not end one."""
    piece = text[start:end]
    cuts: list[int] = []
    last = 0
    for match in _SENTENCE.finditer(piece):
        before = piece[last : match.start()]
        if _ABBREVIATED.search(before) or _ONLY_MARK.match(before):
            if not re.search(r"\b[A-Z][a-z]{3,}\s+[A-Z]\.$|\bp\.a\.$", before):
                continue
        cuts.append(match.end())
        last = match.end()
    cuts.extend(_list_cuts(piece))
    spans: list[tuple[int, int]] = []
    at = 0
    for cut in [*sorted(set(cuts)), len(piece)]:
        chunk = piece[at:cut]
        if chunk.strip():
            lead = len(chunk) - len(chunk.lstrip())
            spans.append((start + at + lead, start + at + len(chunk.rstrip())))
        at = cut
    return spans


def _list_cuts(piece: str) -> list[int]:
    """Where list items begin inside a sentence: ``(a) … (b) …``, only where they count upwards."""
    cuts: list[int] = []
    marks: list[tuple[str, int]] = []
    for match in _ASIDE.finditer(piece):
        if match["mark"]:
            marks.append((match["mark"], match.end()))
        else:
            cuts.append(match.end())
    for series in (_ROMAN, "abcdefgh", [str(n) for n in range(1, 30)]):
        run: list[int] = []
        for mark, place in marks:
            if len(run) < len(series) and mark == series[len(run)]:
                run.append(place)
        if len(run) >= 2:
            cuts.extend(run)
    return cuts


def strip_mark(text: str) -> str:
    """``text`` without its list or question marker."""
    return text[marker_end(text) :]


def marker_end(text: str) -> int:
    """Where the list or question marker of ``text`` ends; 0 where it has none."""
    match = _MARK.match(text)
    return match.end() if match else 0


def asks(text: str, kind: str = "") -> bool:
    """Whether a sentence is a question, or reports one."""
    body = text.strip()
    if kind == "foi_request":
        return True
    if _ANSWER_START.match(body):
        return False
    bare = strip_mark(body).strip()
    if re.search(r"\?[\"”')\]]*\s*$", bare):
        return True
    if re.match(r"^(?:Q\d{0,2}|[QO]uestion\s*\d*)\s*[.:)]?\s+", body) and not re.search(
        r"\s[-–—]\s|\S:\s|\)\s*-", bare
    ):
        return True
    if re.match(r"^clarification\s*\d*\s*:", body, re.I):
        return True
    if _QUESTION_START.match(bare) and not re.search(
        r"\S:\s+\S|\s[-–]\s|\bis\s+refused\b|\bhas\s+been\b|\bwas\s+received\b|\bunder\b.*\bexempt",
        bare,
    ):
        return True
    if re.match(r"^(?:your\s+request|request)\s*:", bare, re.I):
        return True
    return bool(_ASKED.search(bare)) and kind not in {"spend", "award"}


def split(text: str, kind: str = "") -> list[Segment]:
    """Cut a passage into segments, in order, and tell questions from answers."""
    return list(_split(text, kind))


@functools.lru_cache(maxsize=8)
def _split(text: str, kind: str) -> tuple[Segment, ...]:
    """Each of roles, counts, money and answers asks for the same cut: it is made once."""
    flat = re.sub(r"[\n\r\t]", " ", text)
    out: list[Segment] = []
    question = -1
    for number, (start, end, row) in enumerate(_blocks(text)):
        quoted = text[start:end].lstrip().startswith(">")
        spans = [(start, end)] if row else _sentences(flat, start, end)
        for begin, stop in spans:
            body = flat[begin:stop]
            asking = asks(body, kind) and not row
            if asking:
                question = len(out)
            out.append(
                Segment(
                    start=begin,
                    end=stop,
                    text=body,
                    block=number,
                    asks=asking,
                    answers=-1 if asking else question,
                    quoted=quoted,
                    row=row,
                )
            )
    return tuple(out)


_LABELLED: Final = re.compile(
    r"^(?P<label>[^:–—]{2,90}?)\s*(?:(?<!\d):(?!//)|\s[-–—]+|–|—)\s+(?P<value>\S.*)$", re.S
)


def labelled(segment: Segment) -> tuple[tuple[int, int], tuple[int, int]] | None:
    """Spans of label and value in ``label: value`` or ``label - value``, or None."""
    lead = marker_end(segment.text)
    match = _LABELLED.match(segment.text[lead:])
    if not match or len(match["label"].split()) > 12:
        return None
    base = segment.start + lead
    return (
        (base + match.start("label"), base + match.end("label")),
        (base + match.start("value"), base + match.end("value")),
    )
