"""What a clause says of the makers it names, asked cue by cue in a fixed order."""

from __future__ import annotations

import re
from typing import Final

from nameplate.model.mention import Role
from nameplate.tracing.extract import cues
from nameplate.tracing.extract.grouping import DEFAULTS, Document, Group, Verdict
from nameplate.tracing.extract.segments import Segment


def corrected(segments: list[Segment], place: int) -> bool:
    """Whether the sentences after a quotation take it back."""
    after = " ".join(s.text for s in segments[place + 1 : place + 3]).lower()
    return bool(
        re.search(
            r"\b(?:not right|not correct|incorrect|wrong|not so|mistake|error|actually)\b", after
        )
    )


def said(
    group: Group,
    previous: Group | None,
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


def _new_for_old(previous: Group | None, clause: str, document: Document, block: str) -> Verdict:
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
    previous: Group | None,
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
