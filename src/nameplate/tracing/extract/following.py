"""What the next sentence, the new make, or a bracket says of makers named before it."""

from __future__ import annotations

import re

from nameplate.model.mention import Mention, Role
from nameplate.tracing.extract import cues
from nameplate.tracing.extract.grouping import Group, Verdict
from nameplate.tracing.extract.segments import Segment


def old_for_new(previous: Group, group: Group, verdicts: dict[int, Verdict]) -> None:
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


def aside(mention: Mention, segment: Segment) -> Verdict:
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


def follow_up(
    segment: Segment,
    before: list[Group],
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
