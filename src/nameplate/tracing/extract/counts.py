"""Counts of devices: which numbers of a passage count equipment, and whose."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

import msgspec

from nameplate.model.mention import Mention, Role
from nameplate.tracing.extract.numbers import Number, find_numbers
from nameplate.tracing.extract.segments import Segment, labelled, marker_end, split

DEVICE: Final = (
    r"(?:(?:cameras?|carneras?)(?!\s+(?:ranges?|operators?|rooms?|sites?|locations?|schemes?|systems?|brands?|makes?|makers?|manufacturers?|positions|feeds|networks?|no\b|lists?|licen[cs]es))|cams?|bodycams?|recorders?|domes?|ptzs?|nvrs?|dvrs?|xvrs?|turrets?|bullets?|units?|devices?|encoders?|"
    r"handsets?|radios?|body[\s-]?worn|bwv|sensors?|multi-?sensors?|statics?|fixed|columns?|servers?|intercoms?|"
    r"anpr|monitors?|screens|items of equipment|pieces of equipment|drones?|hemispher\w+|panels?|licen[cs]ed?\s+channels|lines|kits?|doorbells?|readers?)"
)
_NOT_DEVICE: Final = (
    r"(?:sites?|premises|locations?|offices?|schools?|buildings?|councils?|authorit\w+|forces?|bodies|departments?|officers?|staff|people|residents|"
    r"vehicles|buses|trains|years?|months?|weeks?|days?|hours?|minutes?|seconds?|working|calendar|pages?|questions?|requests?|parts?|lots?|"
    r"tenders?|bids?|options?|votes?|for|against|per\s*cent|percent|miles?|km|metres?|meters?|m|mm|inch|mp|megapixel|mb|gb|tb|channels?|way|images?|image|streams?|feeds?|incidents?|"
    r"stations?|hospitals?|contracts?|suppliers?|contractors?|companies|firms|licen[cs]es?|properties|blocks|flats|homes|towns?|wards?|parks?|depots?|acute|optical|grams?|volts?|am|pm|noon|times|percent|individual)"
)
_DEVICE_RE: Final = re.compile(rf"\b{DEVICE}\b", re.I)
_NOT_RE: Final = re.compile(rf"^[\s)]*(?:\w+\s+){{0,2}}?{_NOT_DEVICE}\b", re.I)
_MONTH: Final = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?|"
    r"spring|summer|autumn|winter)"
)
_REFERENCE_BEFORE: Final = re.compile(
    r"(?:\b(?:section|sections|s|ss|reg(?:ulation)?|article|art|schedule|annex|appendix|paragraph|para|part|parts|page|question|questions|q|item|items|lot|"
    r"clause|risk|score|minute|job|ref|form|group|stage|stages|version|week|camera|cameras?\s+no|no|number|tender|quote|foi|lines?|level|phase|grade|rm|framework|"
    r"order|invoice|point|points|ticket|row|column|profile|fy|in|since|from|by|until|during|before|after|of\s+\d{1,2}\s\w+|and\s+\d{1,2}\s\w+|"
    + _MONTH
    + r")\.?|[#№])\s*$",
    re.I,
)
_COUNT_LABEL: Final = re.compile(
    r"\b(?:number|no\.?|total|totals?|quantity|qty|count|how many|amount|approx\.? quantity|cameras|recorders|units|devices|nvrs?|dvrs?|ptz|static|drones|bodycams?|domes)\b",
    re.I,
)
_HOW_MANY: Final = re.compile(
    r"\b(?:how many|what number|number of|quantity|total|how much kit)\b|^\W*(?:q\w*\W*)?(?:\d+\W+)?(?:the\s+)?number\b",
    re.I,
)
_YEAR: Final = re.compile(r"^(?:19[89]\d|20[0-4]\d)$")


class DeviceCount(msgspec.Struct, frozen=True, kw_only=True):
    """``count`` devices of ``maker`` (None: all makes, or unstated) at ``start:end``."""

    maker: str | None
    count: int
    surface: str
    start: int
    end: int


def find_counts(
    text: str, mentions: Sequence[Mention], kind: str = "", *, scanned: bool = False
) -> list[DeviceCount]:
    """Return the counts of devices in ``text``, in order; zero is no count but a denial."""
    segments = split(text, kind)
    numbers = list(find_numbers(text, scanned=scanned))
    inside_names = [(m.start, m.end) for m in mentions]
    columns = _columns(segments)
    out: list[DeviceCount] = []
    respectively = _respectively(segments, numbers, mentions)
    for number in numbers:
        if number.value == 0 or number.value > 5_000_000:
            continue
        if any(s <= number.core[0] and number.core[1] <= e for s, e in inside_names):
            continue
        segment = next((s for s in segments if s.start <= number.core[0] < s.end), None)
        if segment is None or (segment.asks and kind == "foi_request"):
            continue
        if number.start in respectively:
            maker: str | None = respectively[number.start]
        elif not _counts_devices(text, number, segment, segments, mentions, columns):
            continue
        else:
            maker = _whose(text, number, segment, segments, mentions, kind)
        surface_start, surface_end = _surface(text, number)
        out.append(
            DeviceCount(
                maker=maker,
                count=number.value,
                surface=text[surface_start:surface_end],
                start=surface_start,
                end=surface_end,
            )
        )
    return _merge_restated(text, out)


def _merge_restated(text: str, counts: list[DeviceCount]) -> list[DeviceCount]:
    """``Sixty-Two (62)`` is one count, said twice."""
    out: list[DeviceCount] = []
    for count in counts:
        if (
            out
            and out[-1].count == count.count
            and re.fullmatch(r"[\s(]*", text[out[-1].end : count.start])
            and "(" in text[out[-1].end : count.start + 1]
        ):
            stop = count.end + (1 if text[count.end : count.end + 1] == ")" else 0)
            out[-1] = msgspec.structs.replace(out[-1], surface=text[out[-1].start : stop], end=stop)
            continue
        out.append(count)
    return out


def _surface(text: str, number: Number) -> tuple[int, int]:
    """A count's surface keeps what is joined to it: ``x4``, ``12nr``, ``about 500``."""
    start, end = number.start, number.end
    while end > start and text[end - 1] in " \n":
        end -= 1
    return start, end


def _columns(segments: list[Segment]) -> dict[int, str]:
    """Header of each row's columns: block → the separator-joined header above it."""
    headers: dict[int, str] = {}
    current = ""
    for segment in segments:
        if not segment.row:
            current = ""
            continue
        if re.search(
            r"\b(?:make|manufacturer|brand|qty|quantity|number|no\.?|count|model)\b",
            segment.text,
            re.I,
        ) and not re.search(r"\d{2,}", segment.text):
            current = segment.text
        elif current:
            headers[segment.block] = current
    return headers


def _cells(text: str) -> list[tuple[int, int]]:
    pattern = (
        r"\|"
        if "|" in text
        else r"\s/\s"
        if text.count(" / ") >= 2
        else r";\s"
        if text.count("; ") >= 3
        else r" {2,}"
    )
    spans, at = [], 0
    for match in re.finditer(pattern, text):
        spans.append((at, match.start()))
        at = match.end()
    return [*spans, (at, len(text))]


def _counts_devices(
    text: str,
    number: Number,
    segment: Segment,
    segments: list[Segment],
    mentions: Sequence[Mention],
    columns: dict[int, str],
) -> bool:
    begin, stop = number.start, number.end
    before = text[max(segment.start, begin - 60) : begin]
    after = text[stop : min(segment.end, stop + 70)]
    flat_after = re.sub(r"\s+", " ", after)
    raw = text[number.core[0] : number.core[1]]
    if (
        re.search(r"[£$€]\s?$|\bgbp\s$", before.lower())
        or re.match(
            r"\s?(?:k\b|m\b|bn\b|million|p\.?a\b|%|per cent|percent|st\b|nd\b|rd\b|th\b|am\b|pm\b|mp\b|inch|''|-inch|°)",
            after.lower(),
        )
        or (after[:1] == '"' and not number.head)
    ):
        return False
    lead = marker_end(segment.text)
    if begin < segment.start + lead and not number.tail:
        return False
    if re.match(rf"\s+{_MONTH}\b", after, re.I) and number.value <= 31:
        return False
    if re.search(rf"\b{_MONTH}\s*$", before, re.I) and not number.spelled:
        return False
    if segment.row:
        return _row_count(number, segment, columns, text)
    device_next = re.match(
        rf"(?:\s|\(|,|-)*(?:(?!{_NOT_DEVICE}\b)[\w'’/&.-]+[\s,]+){{0,6}}?{DEVICE}\b",
        flat_after,
        re.I,
    ) or re.match(rf"\s+[\w-]+\s+{DEVICE}\b", flat_after, re.I)
    maker_next = any(
        stop <= m.start <= stop + 40
        and re.fullmatch(
            r"(?:\s|(?:are|were|is|of|the|from|new|old|older|faulty|x|by|made|x\s|now|little|those|these|them|which|our)\s)*",
            re.sub(r"\s+", " ", text[stop : m.start]),
            re.I,
        )
        for m in mentions
    )
    if (
        _YEAR.match(raw)
        and not (device_next and re.match(rf"\s+{DEVICE}", after, re.I))
        and not number.tail
    ):
        return False
    if (
        re.search(r"\b(?:camera|cam|dome|unit|channel)s?\s+(?:no\.?\s+)?$", before, re.I)
        and not re.match(r"\W*[),.]", after)
        and "cameras" not in before[-9:].lower()
    ):
        return False
    if re.search(r"\bvotes?\b", segment.text, re.I) and re.search(
        r"\b(?:by|to|votes|for|against)\s*$", before, re.I
    ):
        return False
    if number.tail in {"x", "×", "nr", "no", "no.", "nos", "off", "pcs", "nr."} or number.head in {
        "x",
        "×",
    }:
        return not _NOT_RE.match(after) and not re.search(r"\bpanels?\b", flat_after[:20])
    if _NOT_RE.match(after) and not re.match(rf"[\s)]*(?:\w+[\s-]+)?(?:{DEVICE})\b", after, re.I):
        return False
    if (
        _REFERENCE_BEFORE.search(before)
        and not number.spelled
        and not re.match(rf"\s+(?:\w+\s+){{0,2}}{DEVICE}", flat_after, re.I)
    ):
        if not (
            re.search(r"\b(?:from|by|after|before|of|in)\s*$", before, re.I)
            and (device_next or maker_next)
        ):
            if not re.search(r"\b(?:cameras|quantity|qty|number|no)\s*\.?\s*$", before, re.I):
                return False
    if re.match(r"[\s-]+way\b", after):
        return False
    if re.search(r"[\w)]\(\s*$", before) or (
        re.search(
            r"\b(?:parts?|questions?|sections?|lots?|items?|q|stages?|groups?|phases?|annex|schedule)\s+(?:\w+\s+(?:to|and)\s+)?$",
            before,
            re.I,
        )
        and number.spelled
    ):
        return False
    if number.spelled and number.value <= 2 and not device_next and not maker_next:
        return _is_answer(number, segment, segments, text) or bool(
            re.match(r"\s+(?:at|in|on)\s+each\b", after)
        )
    if maker_next:
        return True
    if device_next:
        return not (
            number.spelled and number.value == 1 and not maker_next and re.match(r"\s+of\b", after)
        )
    if re.search(r"\(\s*$", before) and re.match(r"\s*\)", after):
        head = text[max(segment.start, begin - 45) : begin]
        near = any(begin - 45 <= m.end <= begin for m in mentions)
        return near or bool(_DEVICE_RE.search(head)) or bool(_DEVICE_RE.search(segment.text))
    if re.search(r"\(\s*$", before) or re.match(r"\s*\)", after):
        if any(begin - 30 <= m.end <= begin for m in mentions):
            return True
    pair = labelled(segment)
    if pair and pair[1][0] <= begin:
        label = text[pair[0][0] : pair[0][1]]
        value_head = re.fullmatch(r"\W*", text[pair[1][0] : begin]) is not None
        if re.search(
            r"\b(?:cost|spend|value|price|score|age|date|year|sites?|tenders?|bids?|offers?|locations|phone|charge|maintenance|owner|risk|staff)\b",
            label,
            re.I,
        ) and not re.search(r"\bcameras?\b", label, re.I):
            return False
        yearly = re.search(r"\b(?:19|20)\d\d\s*[-–:=]\s*$", text[max(0, begin - 10) : begin])
        if yearly and _DEVICE_RE.search(label):
            return True
        named = any(pair[0][0] <= m.start < pair[0][1] for m in mentions)
        unnamed = re.fullmatch(
            r"\W*(?:unknown|other|others|unbranded|unidentified)\W*", label, re.I
        )
        if value_head and (
            _COUNT_LABEL.search(label) or named or unnamed or _DEVICE_RE.search(label)
        ):
            return True
        if named and re.match(r"\W*(?:yes|y)\W+$", text[pair[1][0] : begin], re.I):
            return True
    tail_label = re.search(
        rf"\b(?:number|total|quantity|qty|how many|count|{DEVICE})\b[\w\s'’()]{{0,30}}(?:[:=–-]|\bis|\bare|\btotal|\bof)?\s*$",
        re.sub(r"\s+", " ", before),
        re.I,
    )
    if tail_label and re.match(r"\s*(?:[.,;)]|$|and\b|in\b)", after):
        return not re.search(r"\b(?:cost|spend|sites?|locations?)\b", before[-30:], re.I)
    if _is_answer(number, segment, segments, text):
        return True
    if re.match(
        r"\s*(?:are|were|is|being|remain|of (?:them|these|those|which|that))\b", after
    ) and (
        _DEVICE_RE.search(segment.text)
        and not re.match(r"\s*(?:are|is|were)\s+(?:sites|councils)", after)
    ):
        return (
            bool(
                re.search(
                    r"\b(?:of|and|the remaining|remaining|,)\s*$|^\W*$",
                    before[-14:] if before else "",
                    re.I,
                )
            )
            or maker_next
        )
    if any(
        m.end <= begin
        and re.fullmatch(
            r"[\s,:–=-]*(?:x|qty|quantity|number|total(?:s|ling)?)?[\s:.]*",
            text[m.end : begin],
            re.I,
        )
        for m in mentions
        if segment.start <= m.start
    ) and re.match(r"\s*(?:[.,;)]|$|cameras?|units?|devices?|and\b)", after):
        return True
    if re.search(r"\bof (?:which|these|those|whom)\s*,?\s*$", before, re.I) and re.match(
        r"\s+(?:had|have|are|were|was|is|need|will|no longer|do|did)\b", flat_after
    ):
        return bool(_DEVICE_RE.search(segment.text))
    if re.match(r"\s+(?:still )?remain\b", flat_after) and any(m.end <= begin for m in mentions):
        return True
    if re.match(r"\s+in (?:number|all|total)\b", flat_after) and (
        _DEVICE_RE.search(segment.text)
        or any(segment.start <= m.start < segment.end for m in mentions)
    ):
        return True
    return (
        bool(re.search(r"\b(?:qty|quantity)\.?\s*:?\s*$", before, re.I))
        or bool(
            re.match(r"\s+(?:in total|in all|altogether)\b", flat_after)
            and re.search(r"\b(?:so|or|i\.?e\.?|are|have|has)\s*$", before)
        )
        or bool(
            re.match(
                r"\s+(?:were|are|have been)\s+(?:live|fitted|installed|added|bought|replaced|removed|in\s+use|working|operational)\b",
                flat_after,
            )
        )
        or bool(
            re.match(r"\s+in\s+total\b", flat_after)
            and (mentions or _DEVICE_RE.search(segment.text))
        )
        or bool(
            re.search(r"\bwe have\s*$|\bthere (?:are|were)\s*$", before, re.I)
            and re.match(r"\s*[.,;]|$", after)
        )
        or bool(
            re.search(r"\ban (?:extra|additional|further)\s*$", before)
            and re.match(r"\s+(?:were|was)\b", flat_after)
        )
        or bool(
            re.search(r"\b(?:first|last|final|remaining|next|other|further)\s*$", before)
            and re.match(r"\s+(?:going|having|being|were|are|to\s+be)\b", flat_after)
        )
    )


def _is_answer(number: Number, segment: Segment, segments: list[Segment], text: str) -> bool:
    """Whether the number is the head of an answer to "how many"."""
    from nameplate.tracing.extract.answering import bare

    head = bare(segment.text)
    at = text.find(head[:20], segment.start) if head else -1
    if at < 0 or not (
        at <= number.core[0]
        and re.fullmatch(
            r"(?:a total of|approximately|approx\.?|about|around|circa|c\.?|some|over|there are|we have|[\s~x:.-])*",
            text[at : number.core[0]],
            re.I,
        )
    ):
        return False
    rest = re.sub(r"\s+", " ", text[number.end : segment.end])
    if segment.answers >= 0:
        question = segments[segment.answers].text
        if _HOW_MANY.search(question) and not re.search(
            r"\b(?:sites?|hours|days|schools|people|staff|incidents|years|long)\b", question, re.I
        ):
            return bool(re.match(r"\s*(?:$|[.,;()]|in\b|cameras?|units?)", rest, re.I))
        if re.search(r"\bhow many\b|\bnumber\b", question, re.I):
            return False
    whole = " ".join(s.text for s in segments)
    return bool(
        segment.answers < 0
        and re.fullmatch(r"\s*\.?\s*", rest)
        and marker_end(segment.text) > 0
        and number.value >= 3
        and re.search(r"(?i)\bmake|camera|cctv|\b(?:yes|no)\b", whole)
    ) or bool(re.match(r"\s+and\s+\d+\s+respectively", rest))


def _respectively(
    segments: list[Segment], numbers: list[Number], mentions: Sequence[Mention]
) -> dict[int, str]:
    """``142 and 58 respectively``: the numbers go to the makers of the sentence before, in order."""
    out: dict[int, str] = {}
    for segment in segments:
        if "respectively" not in segment.text.lower():
            continue
        own = [
            n
            for n in numbers
            if segment.start <= n.start < segment.end
            and n.core[0] >= segment.start + marker_end(segment.text)
        ]
        makers: list[str] = []
        for m in sorted(mentions, key=lambda m: m.start):
            if m.start < segment.end and m.maker not in makers:
                makers.append(m.maker)
        if own and len(own) == len(makers):
            out.update({n.start: maker for n, maker in zip(own, makers, strict=True)})
    return out


def _row_count(
    number: Number,
    segment: Segment,
    columns: dict[int, str],
    text: str,
) -> bool:
    """Whether a number in a table row stands in a column of counts."""
    header = columns.get(segment.block)
    cells = _cells(segment.text)
    place = number.core[0] - segment.start
    index = next((i for i, (s, e) in enumerate(cells) if s <= place < e), -1)
    cell = segment.text[cells[index][0] : cells[index][1]].strip() if index >= 0 else ""
    if header and not _YEAR.match(text[number.core[0] : number.core[1]]):
        heads = [header[s:e].strip().lower() for s, e in _cells(header)]
        if index < len(heads) and re.search(
            r"\b(?:qty|quantity|number|no\.?|count|units?|total|cameras)\b", heads[index]
        ):
            return bool(re.fullmatch(r"\W*(?:[xX×]\s?)?[\d,]+\s?(?:nr|no|x)?\W*(?:\(.*)?", cell))
    if number.tail or number.head in {"x", "×"}:
        return True
    if _YEAR.match(cell) or _YEAR.match(text[number.core[0] : number.core[1]]):
        return False
    if re.search(rf"{DEVICE}", cell, re.I) and re.match(
        rf"\W*(?:[xX]\s?)?[\d,]+\s+(?:[\w-]+\s+){{0,3}}{DEVICE}", cell, re.I
    ):
        return True
    after = text[number.end : segment.end]
    if re.match(rf"\s*(?:\w+\s+){{0,2}}{DEVICE}\b", after, re.I) and not _NOT_RE.match(after):
        return True
    if re.search(r"\bqty\.?\s*:?\s*$", text[segment.start : number.start], re.I):
        return True
    return False


def _whose(
    text: str,
    number: Number,
    segment: Segment,
    segments: list[Segment],
    mentions: Sequence[Mention],
    kind: str,
) -> str | None:
    """Maker that a count is of: in its noun phrase, its brackets, its label or its question."""
    adjacent = [
        m
        for m in mentions
        if m.end <= number.start and re.fullmatch(r"[\s:–=x(-]*", text[m.end : number.start])
    ]
    if (
        adjacent
        and re.match(r"\s*(?:[,;.)]|and\b|$)", text[number.end :])
        and adjacent[-1].role is not Role.COMPATIBLE
    ):
        return adjacent[-1].maker
    here = sorted(
        (m for m in mentions if segment.start <= m.start < segment.end), key=lambda m: m.start
    )
    stop = min([segment.end, *(i for i in (text.find(c, number.end) for c in ";") if i > 0)])
    if segment.row:
        return here[0].maker if here else None
    after = [m for m in here if m.start >= number.end and m.start < stop]
    if after:
        gap = re.sub(r"\s+", " ", text[number.end : after[0].start])
        gap = re.sub(r"^ in (?:number|total|all)\b", " ", gap)
        loose = (
            not re.search(r"\d", gap)
            and re.fullmatch(r"[\s,(]*(?:[\w'’/.-]+[\s,(]+){0,6}", gap)
            and not re.search(
                r"\b(?:and|or|but|with|plus|for|to|in|at|on|replaced|swapped|existing|formerly|while|than|which were|were|will|as)\b|\)",
                gap,
                re.I,
            )
        )
        typed = re.fullmatch(
            r"\s+(?:(?:static|fixed|ptz|pan[\w-]*|domes?|bullets?|internal|external|indoor|outdoor|overt|covert|hd|ip|4k|analogue|turrets?)\s+){1,2}(?:and|,|plus)\s+(?:\d[\d,]*|[a-z-]+)\s+(?:[\w-]+\s+){0,3}",
            gap,
            re.I,
        )
        if typed and not re.search(r"\b(?:other|with|for|by)\b", gap):
            return after[0].maker
        if loose or re.fullmatch(
            r"(?:\s|\b(?:are|were|is|of|the|from|new|old|older|faulty|made|manufactured|by|x|little|those|existing|further|additional|ip|hd|4k|cctv|ptz|fixed|dome|static|overt|"
            r"cameras?|units?|devices?|recorders?|domes|bullets|turrets|body[\s-]worn|are all|of these|be|now|currently|which|that|nr|no)\b\.?|[,(])*",
            gap,
            re.I,
        ):
            several = [
                m
                for m in after[1:]
                if re.fullmatch(r"\s*(?:,|and|or|&|/)\s*", text[after[0].end : m.start])
            ]
            if several and several[0].maker != after[0].maker:
                return None
            return None if after[0].role is Role.COMPATIBLE else after[0].maker
    before = [m for m in here if m.end <= number.start]
    if before and before[-1].role is Role.COMPATIBLE:
        return None
    if before:
        nearest = before[-1]
        own_noun = re.match(
            rf"\s*(?:[\w-]+\s+){{0,2}}{DEVICE}", text[number.end : segment.end], re.I
        )
        if own_noun and (
            text[nearest.end : nearest.end + 1] == ")"
            or re.search(
                r"\band (?:its|our|their|all|the|a total of|another|other)\s*$",
                text[nearest.end : number.start],
                re.I,
            )
        ):
            return None
        between = text[nearest.end : number.start]
        if (
            after
            and not own_noun
            and len(between) < 110
            and not re.search(r"[;.]", between)
            and re.search(
                r"\b(?:last|final|all|first|remaining|of which|of these)\s*$", between, re.I
            )
        ):
            return nearest.maker
        gap = re.sub(r"\s+", " ", text[nearest.end : number.start])
        if re.fullmatch(
            r"[\s,:–=x-]*\(?\s*(?:[\w'’-]+\s+){0,3}\(?\s*|[\s\S]{0,40}[-–:]\s*(?:yes[,;]?\s*)?",
            gap,
            re.I,
        ) and not re.search(r"[.;]", gap):
            linked = re.search(r"\b(?:and|,)\s*$", gap) and re.match(
                r"\s*(?:other|analogue|static|fixed|ptz)", text[number.end : number.end + 14], re.I
            )
            if not linked:
                return nearest.maker
        makers = {m.maker for m in here}
        if (
            len(makers) == 1
            and not re.search(r"\bof which\b", gap)
            and not re.search(
                rf"\b(?:our|the|total|all)\s+\S*\s*{DEVICE}",
                text[number.end : number.end + 30],
                re.I,
            )
        ):
            if re.search(r"[()]", gap) or len(gap) < 90:
                return nearest.maker
    if (
        before
        and "(" in text[before[-1].end : number.start]
        and ")" not in text[before[-1].end : number.start]
    ):
        return before[-1].maker
    if not here:
        return _asked_maker(text, number, segment, segments, mentions, kind)
    return None


_REFERS: Final = re.compile(
    r"\b(?:those|these|them|that (?:make|brand)|of the make|extra|in all|each|respectively|units|if so|first|last|existing stock|remain(?:s|ing)?|they)\b",
    re.I,
)


def _asked_maker(
    text: str,
    number: Number,
    segment: Segment,
    segments: list[Segment],
    mentions: Sequence[Mention],
    kind: str,
) -> str | None:
    """Maker of a count in a sentence that names none: its question's, or the one just spoken of."""
    held = [
        m
        for m in mentions
        if m.role not in {Role.OTHER, Role.NOT_USED, Role.DISCUSSED, Role.COMPATIBLE}
    ]
    makers = list(dict.fromkeys(m.maker for m in held))
    if segment.answers >= 0:
        question = segments[segment.answers]
        named = list(
            dict.fromkeys(m.maker for m in mentions if question.start <= m.start < question.end)
        )
        heads = re.fullmatch(
            r"\W*(?:answer by [\w\s]{2,40}:\s*)?(?:A\d*\W+)?(?:yes\W+)?(?:[\w.]+\W+){0,2}",
            text[segment.start : number.start],
            re.I,
        )
        if len(named) == 1:
            return named[0] if heads else None
        if named:
            return None
        if heads and _REFERS.search(question.text) and len(makers) == 1:
            return makers[0]
        if heads and _HOW_MANY.search(question.text):
            return makers[0] if len(makers) == 1 and not _DEVICE_RE.search(question.text) else None
    if kind not in {"foi_response", "other", "award", "spend", "committee_report", "supplier_page"}:
        return None
    earlier = [m for m in held if m.end <= number.start]
    if not earlier:
        return None
    place = segments.index(segment)
    recent = segments[max(0, m_index(segments, earlier[-1]))]
    close = place - segments.index(recent) <= 2
    inside = {m.maker for m in earlier if recent.start <= m.start < recent.end}
    if (
        close
        and len(inside) == 1
        and (_REFERS.search(segment.text) or re.search(r"\bwe have\b", segment.text, re.I))
        and not re.search(
            r"\b(?:total|in all|overall|altogether|new|whole|other)\b.{0,30}\bcameras?\b",
            segment.text,
            re.I,
        )
    ):
        return earlier[-1].maker
    listed = marker_end(segment.text) > 0 or labelled(segment) is not None or bool(number.tail)
    if listed and len(makers) == 1 and len({m.maker for m in mentions}) == 1:
        return makers[0]
    return None


def m_index(segments: list[Segment], mention: Mention) -> int:
    """Index of the segment a mention stands in; 0 where it stands in none."""
    return next((i for i, s in enumerate(segments) if s.start <= mention.start < s.end), 0)
