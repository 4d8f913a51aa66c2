"""Turns of phrase that tell what a text says of the equipment it names.

Each cue is a name and a regular expression over a clause in lower case in which the equipment is
``§`` and any other maker's is ``¤``. The names appear in ``role_reason``, so that each role can be
explained. The order in which :mod:`nameplate.tracing.extract.roles` asks is part of the rule.
"""

from __future__ import annotations

import re
from typing import Final

Cues = tuple[tuple[str, re.Pattern[str]], ...]


def _cues(**patterns: str) -> Cues:
    return tuple((name, re.compile(pattern, re.X | re.S)) for name, pattern in patterns.items())


def first(cues: Cues, clause: str) -> str | None:
    """Name of the first cue found in ``clause``, or None."""
    for name, pattern in cues:
        if pattern.search(clause):
            return name
    return None


GOING: Final = (
    r"(?:replac|remov|swap|exchang|renew|retir|withdraw|decommission|dispos|strip|phas|upgrad"
    r"|scrapp?|chang|take\W+(?:down|out|off|away)|tak(?:en|ing)\W+(?:down|out|off|away)|switch(?:ed)?\ off"
    r"|rip(?:ped)?\ out|get(?:ting)?\ rid|recycl|dismantl|rationalis|migrat|super[sc]ed|turn(?:ed)?\ off)\w*"
)
"""Stems of going away, as verbs or nouns."""
_GONE: Final = (
    r"(?:replaced|removed|swapped|exchanged|renewed|retired|withdrawn|decommissioned|disposed|stripped"
    r"|phased\ out|scrapped|changed(?:\ out)?|taken\ (?:down|out|off|away)|destroyed|dismantled|recycled|unscrewed"
    r"|got\ rid\ of|returned|sent\ (?:back|for\ (?:recycling|disposal|scrap|destruction))|thrown|skipped|ripped\ out"
    r"|sold|uninstalled|discarded|superseded|weee|disconnected\ and\ removed|switched\ off|turned\ off|written\ off)"
)

PROHIBITED: Final = _cues(
    heading=r"^\W*(?:prohibited|banned|barred|excluded|not\ (?:permitted|acceptable|allowed|approved))\b[^.]*?[:–-]",
    not_accept=r"§[^.]*\b(?:not\ (?:be\ )?(?:accept\w*|acceptable|permitted|allowed|considered|approved|offered|proposed|eligible|suitable)|unacceptable|inadmissible)\b",
    not_accept_before=r"\b(?:not|no(?:t\ any)?|nor|never)\b[^.]{0,60}\b(?:accept(?:ed)?|permitted|allowed|considered|proposed)\b[^.]*§",
    rejected_if=r"\b(?:bids?|tenders?|offers?|proposals?|submissions?|quotes?)\b[^.]*§[^.]*\bwill\ (?:not\ be|be\ (?:rejected|excluded|disqualified|discounted|deemed))",
    no_x_will=r"\bno\b[^.]{0,90}§[^.]*\b(?:will|shall|may|must|should|can|is\ to|are\ to)\b[^.]{0,15}\b(?:be\ )?(?:accept|offer|suppl|use|purchas|bought|buy|install|propos|consider|procure|fitt|permit|connect|specif)",
    shall_not=r"\b(?:shall|must|may|should|will|can|is|are|do|does|would)\ (?:not|no\ longer|never)\b[^.]{0,40}\b(?:buy|purchas\w*|bought|procur\w*|order\w*|acquir\w*|accept|suppl\w*|offer\w*|install\w*|specif\w*|fit|fitted|propose|source[d]?|lease|deploy\w*|include|connect\w*|be\ (?:used|made|manufactured|connected|deployed))\b",
    cannot=r"\b(?:cannot|can't|won't|mustn't)\b[^.]{0,30}\b(?:buy|purchas|procur|order|acquir|install|specif|offer|be\ (?:used|bought|offered|purchased|installed))",
    barred=r"\b(?:bars?|barred|bans?|banned|banning|prohibit\w*|forbid\w*|forbidden|outlaw\w*|moratorium|embargo\w*|blacklist\w*|debar\w*|proscrib\w*|exclusion\ list|preclud\w*|disallow\w*|rul(?:es?|ed|ing)\ out|exclud(?:e|es|ed|ing))\b",
    stopped_buying=r"\b(?:stopp?ed|ceased?|ended|discontinued|suspended|halted|paused|cease|end|stop|halt|refrain\ from|avoid)\b\W+(?:all\ |any\ |new\ |further\ |the\ |from\ )*(?:buy|purchas|procur|order|install|acquir|specif|fitt|deploy|sourc|us(?:e|ing)\b)\w*",
    no_longer_buys=r"\bno\ longer\b[^.]{0,25}\b(?:buy|buys|bought|purchas\w*|procur\w*|order\w*|install\w*|specif\w*|acquir\w*)\b",
    no_new=r"\bno\ (?:new|further|more|additional|future)\b[^.]{0,50}\b(?:orders?|purchas\w*|buy|bought|procure\w*|install\w*|acqui\w*|cameras?|equipment|devices?|units?)\b",
    not_further=r"\b(?:not|never)\b[^.]{0,25}\b(?:buy|purchase|procure|order|acquire|install)\b",
)
COMMITS: Final = re.compile(
    r"\b(?:shall|must|will|may|should|to|resolved?|agreed?|policy|with\ effect|decision|decided|since|from\ now|carried|stopped|ceased|no\ longer|new|may\ be)\b"
)

NOT_USED: Final = _cues(
    none_from=r"\b(?:none|nothing|nil|zero)\b[^.;]{0,70}§",
    no_x=r"\b(?:no|neither|zero|nil|0)\b(?!\.)(?:\ (?!longer|plans?|information|reason|doubt|contract|central|record|other|list|more|further|later|less)[\w'’/,-]+){0,14}\ ?\W?§",
    no_x_any=r"\b(?:not|never|n't|nor|neither|without|cannot)\b(?!\ (?:currently\ )?(?:know|only|just|replac|recorded|least|until|yet\ (?:been\ )?replac))[^.;]{0,90}?\b(?:any|use[sd]?|using|own\w*|have|has|had|hold|operat\w*|purchas\w*|bought|deploy\w*|install\w*|suppl\w*|made|manufactured|run|employ|utilise\w*|procure\w*|be|is|are)\b[^.;]{0,70}§",
    never=r"§[^.;]{0,60}\b(?:never|(?:is|are|was|were|has|have|do|does|did)\ (?:not|n't)\ (?:currently\ |been\ |being\ |presently\ |and\ \w+\ \w+\ \w+\ )*(?:used|in\ use|installed|deployed|purchased|bought|supplied|present|operated|owned|held|on\ (?:the|our)|part\ of|utilised|any))",
    nil_after=r"§[^.;]{0,70}(?:[-–:=/|]|\bis\b|\bare\b(?:\ all)?|\bwere\b)\s*[‘’'\"]?(?:none|nil|zero|0\b|no\b(?!\ longer)|never|not\ (?:used|in\ use|applicable|to\ our|that\ we))",
    denies=r"\bden(?:y|ies|ied|ying)\b[^.;]{0,60}§",
    not_case=r"\bnot\ the\ case\b",
    not_made_by=r"\b(?:not|none|n't|never)\b[^.;]{0,50}\b(?:made|manufactured|produced|supplied|sourced|branded|badged)\ (?:by|from)?[^.;]{0,60}§",
    free_of=r"\b(?:free\ (?:of|from)|absence\ of|without\ any|other\ than|rather\ than)\b[^.;]{0,30}§",
)

REMOVED: Final = _cues(
    gone=rf"(?:\b(?:has|have|had|was|were|been|being|is|are|all|since|now|then|formerly|subsequently|already)\b[^.;]{{0,40}}?\b{_GONE}\b)",
    we_removed=rf"\b(?:we|council|force|trust|university|contractor|it|they|engineer|authority|college|board|who|which)\b(?:\ (?:have|has|had|since|already|also|now|then))*\ {_GONE}\b",
    participle_after=rf"§[^.;]{{0,90}}?(?<!to\ be\ )(?<!be\ )(?<!will\ be\ )\b{_GONE}\b(?!\ (?:to|by|when|in\ phases))",
    no_longer_use=r"\bno\ longer\b[^.;]{0,30}\b(?:in\ use|use|uses|used|form|forms|have|has|own|owns|hold|operat\w*|part|any|on\ (?:the|our)|there|installed|present|deployed|in\ service|ha\w+)\b",
    used_to=r"\b(?:used\ to\ (?:have|be|use|own|operate|run)|formerly\ (?:used|had|owned|installed)|previously\ (?:used|had|owned|installed|operated)|once\ (?:had|used|owned))\b",
    is_gone=r"(?:§[^.;]{0,60}\b(?:gone|went|skip|disposal|scrap|removal)\b|\b(?:removal|disposal|decommissioning|destruction)\ of\b[^.;]{0,40}§[^.;]{0,40}\b(?:complete|completed|took\ place|finished|done)\b)",
    none_left=r"\b(?:none|nothing)\b[^.;]{0,30}\b(?:left|remains?|remaining)\b|\blast\ (?:of\ the\ |remaining\ |\w+\ )?§?[^.;]{0,60}\b(?:went|left|removed|replaced|swapped)",
    replaced_all=r"\b(?:in\ place\ of|instead\ of|replacing|replaces|replaced|superseding|in\ exchange\ for)\b(?:\ (?:the|all|our|its|their|old|older|existing|former|previous|ageing|some|\d+|(?!on\b|in\b|for\b|at\b|psu\b|lens\b|with\b|by\b)[\w-]+))*\ §",
)
TAKE_OUT: Final = re.compile(
    r"\b(?:take\ (?:down|out|away)|strip(?:\ out)?|remove|removal\ of|removing|retire|dispos(?:e|al)(?:\ of)?|decommission(?:ing)?(?:\ of)?"
    r"|replace|replacing|replacement\ of|swap(?:\ out)?|exchange|dismantl(?:e|ing)|get\ rid\ of|scrap|withdraw|pull\ out|rip\ out|upgrade|upgrading)\b"
    r"(?:\ (?:and|dispose|of|the|all|any|its|our|their|existing|old|older|faulty|failed|current|remaining|ageing|obsolete|these|those|last|\d+|[\w-]+)){0,6}\ ?[^\w]?§",
    re.X,
)
TO_GO: Final = _cues(
    will=rf"\b(?:will|shall|is\ to|are\ to|to|due\ (?:to|for)|due|scheduled\ (?:to|for)|plan(?:s|ned|ning)?\ (?:to|for)?|planned|programmed?\ (?:to|for|of)?|intend(?:s|ed)?\ to|expect(?:s|ed)?\ (?:to|for)|awaiting|pending|going\ to|earmarked\ for|set\ (?:to|for)|until\ (?:their|its)(?:\ planned)?|propose\ to|about\ to|ready\ for|listed\ for|in\ line\ for|budgeted|funded|rolling|phased|committed\ to|agreed\ to|ordered\ to\ be|being|in\ the\ process\ of|begun|started|commenced|underway)\b[^.;]{{0,45}}?\b{GOING}\b",
    be_gone=rf"\bthat\ (?:they|it|these|those|all|the\ \w+)\ (?:all\ )?be\ {GOING}",
    would_be=rf"\bwould\ (?:now\ |all\ |both\ |soon\ )*be\ {GOING}",
    will_go=r"\b(?:will|to)\ (?:go|come\ (?:down|out)|leave|be\ (?:gone|out))\b|\bgoing\ in\b|\bwant\ them\ out\b|\bout\ (?:before|by)\b|\bon\ (?:their|its|the)\ way\ out\b",
    programme=r"\b(?:replacement|removal|renewal|upgrade|refresh|decommissioning|phase-?out)\b[^.;]{0,25}\b(?:due|planned|programme|project|scheduled|in\ progress|expected|approved|agreed|funded|begins?|starts?|target|order|date|by|fy|20\d\d|q[1-4])\b",
    end_of_life=r"\b(?:renewed|replaced|changed|upgraded|retired|swapped)\b[^.;]{0,30}\b(?:when|as\ and\ when|at|on|as)\b[^.;]{0,45}\b(?:end\ of|due|fail\w*|life|necessary|needed|required|budget)",
    tag=r"(?:^|[|/,;]\s*)(?:to\ )?(?:replace|remove|swap|retire|dispose|replacement)\b(?!d)",
)
NO_GOING: Final = re.compile(
    r"\b(?:no|not|nor|never|without|n't|under\ (?:continuous\ )?review|whether|if|whilst|unless|until|could|may|might|would|cost\ of|consider\w*|options?\ (?:for|to))\b[^.;]{0,50}"
    + GOING
    + r"|\b(?:no\ (?:current\ |present\ |immediate\ )?(?:plans?|intention|programme|timetable|decision))\b|\bunder\ (?:continuous\ )?review\b"
    r"|\b(?:normal|usual)\ (?:lifecycle|life\ cycle|replacement\ cycle)\b|\buntil\ (?:the\ )?end\ of\ (?:their\ |its\ )?(?:\w+\ )?life\b|\bstay(?:s|ing)?\b|\bretain(?:ed|s)?\b",
    re.X,
)
NO_PLANS: Final = re.compile(
    r"\b(?:no\ (?:\w+\ )?(?:plans?|intention|programme|timetable|decision)|not\ (?:plan|intend|propos|consider)\w*|under\ (?:\w+\ )?review|normal\ (?:lifecycle|life\ cycle|replacement)|keep\w*\ (?:\w+\ )+under)\b",
    re.X,
)
COMPATIBLE: Final = _cues(
    equivalent=r"\bor\ (?:\w+\ )?(?:equivalent|equal|similar|like|comparable|approved\ alternative)s?\b|\bor\ equiv\b|\(or\ (?:\w+\ )?equiv|\bor\ other\ (?:approved|equivalent)",
    compatible=r"\b(?:compatib\w+|interoperab\w+|integrat\w+|interfac\w+|inter-?operate|work\ (?:with|on|alongside)|run\ on|connect\ (?:to|into)|fit\ (?:in|into|within|onto)|plug\ into|conform\w*\ to|brought\ into|support(?:ed)?\ (?:by|on)|add(?:ed)?\ to\ the\ existing|expansion\ of|communicate\ with|recorded?\ on(?:to)?|managed\ (?:by|through)\ the\ existing|enrol\w*\ (?:on|in)|open\ to)\b",
    are_fine=r"§[^.]{0,40}\b(?:are|is|being)\ (?:all\ )?(?:acceptable|approved|permitted|preferred|recommended|suitable|allowed)\b",
    approved=r"^\W*(?:approved|acceptable|preferred|permitted|recommended)\b[^.]{0,60}[:–-]|\b(?:acceptable|approved|preferred)\ (?:lists?|makes?|manufacturers?|brands?|products?|ranges?)\b|\bmay\ be\ (?:offered|proposed|used)\b|\b(?:equal\ and\ approved|or\ approved\ equal|type\ or\ better|or\ better|as\ a\ minimum|benchmark|reference\ (?:product|make|standard)|to\ the\ standard\ of|of\ the\ type)\b",
    shall_be=r"\b(?:products?|cameras?|recorders?|devices?|equipment|units?|vms|system|domes?)\ (?:shall|must|should|are\ to|is\ to|will|to)\ be\b[^.]{0,30}§",
)
EXISTING: Final = re.compile(
    r"\b(?:existing|current(?:ly)?|present(?:ly)?|in\ place|already|incumbent|installed\ base|in-situ|in\ situ|legacy|in\ use|in\ service|platform|which\ is\ the)\b",
    re.X,
)
MAINTAINED: Final = _cues(
    maintain=r"\b(?:maintain(?:s|ed|ing)?|maintenance|repair(?:s|ed|ing)?|servic(?:e\ (?:of|contract|visit|and|the|\d|x)|ed|ing)|serviced|upkeep|look(?:s|ed|ing)?\ after|keep(?:s|ing)?\b[^.;]{0,20}\bin\ (?:good\ )?(?:repair|order|working)|break-?\ ?fix|ppm|call-?outs?|fault(?:y|s)?\ (?:on|with|repair|call|find)|clean(?:ed|ing)?\b|refocus\w*|re-?aligned?|lens|psu|hard\ (?:drive|disk)|firmware\ (?:update|upgrade)\b|health\ check|engineer\ (?:attended|visit|called|repaired)|attend(?:ed)?\b[^.]{0,30}fault|support\ (?:contract|agreement|and\ maintenance)|extended\ warranty|re-?terminat\w*|power\ supply|diagnos\w*|overhaul\w*|care\ of)\b",
    able_support=r"\b(?:able|capable|competent|accredited|qualified|certified|trained)\b[^.]{0,20}\b(?:support|to\ service|maintain|on)\b",
)
SERVICE_ONLY: Final = re.compile(
    r"\b(?:maintenance|repair|annual)\ (?:costs?|charges?|spend|budget|is|was|:)", re.X
)
SUPPLIED: Final = _cues(
    bought=r"\b(?:bought|buy(?:s|ing)?\b|purchas(?:e[ds]?|es|ing)|ordered|ordering|orders|order\ (?:for|value|no|placed|was)|(?:an|the|on|purchase|our)\ order\b|acquir\w+|procur(?:ed|e\b|ing|ement)|award(?:ed|s)?|suppl(?:y|ied|ies|ying)\b|deliver(?:y|ed|ies)|invoic\w*|paid|payment|spent|spend)\b",
    fitted=r"\b(?:install(?:ed|ation|ing|s)?|fit(?:s|ted|ting)?|put\ (?:in|up)|erect\w*|commission(?:ed|ing)|mounted|deployed|swapped|replaced|exchanged|changed|upgraded|renewed)\b",
    accepted=r"\b(?:accept(?:ed|s|ing)?|approv(?:ed|e|al)|let\ a\ contract|contract(?:ed)?\ (?:with|for|to|value)|tender\ of|offer\ of|call-?off|goods:|winning|successful|chosen|selected|appoint(?:ed)?)\b",
)
IN_USE: Final = _cues(
    now=r"\b(?:in\ (?:use|place|service|situ|operation)|use[sd]?|using|operat(?:e[sd]?|ing|ional)|have|has|had|own(?:s|ed)?|run(?:s|ning)?|comprises?|consists?|made\ up\ of|mixture|are\b|is\b|remain(?:s|ing)?|existing|current(?:ly)?|present|live|still|continue[sd]?|fitted|installed|deployed|platform|standard|estate|based\ on|there\ (?:is|are)|carry|carries|being|found|survey|stock|retained|stays?)\b",
)
OTHER: Final = _cues(
    option=r"\b(?:options?|alternativ\w*|considered|comparison|compar\w+|shortlist\w*|looked\ at|evaluat\w*|trial(?:l?ed)?|tested|demonstrat\w*|reject\w*|unsuccessful|not\ taken\ forward|not\ (?:selected|chosen|successful)|discounted|declined|losing|ranges?\ for)\b",
    offer=r"\b(?:quot(?:e|ed|ation|es)|offer(?:s|ed|ing)?|propos(?:e[ds]?|al|ing)|suggest\w*|recommend(?:ed|s|ation)?|can\ (?:supply|offer)|could\ (?:supply|offer)|estimate[ds]?|should\ .{0,30}wish|move\ to|subject\ to\ (?:order|approval)|upgrade\ option)\b",
    example=r"\b(?:e\.?g\.?|for\ example|for\ instance|such\ as|including\ any|link|click|see\ also|download|brochure|webinar|catalogue|discontinued|stockists?)\b",
    asked_about=r"\b(?:your|the|this|a|my)\ (?:\w+\ )?(?:question|request|enquiry|e-?mail|letter|query|complaint|application)s?\b[^.;:,]{0,60}\b(?:about|on|for|whether|regarding|relating|concerning|names?|named|asks?|asked|of|to)\b[^.;:,]{0,60}§|§[^.;]{0,30}\b(?:was|were)\ named\ in\ (?:your|the)|\bthe\ one\ on\b|\bas\ to\ whether\b|\bquestions?\ \d+\b[^.;]{0,30}\bnames?\b|\byou\ (?:ask|asked|wished|wish|want(?:ed)?|requested|enquired)\b[^.;:,]{0,80}§|\binformation\ (?:about|on|regarding|relating\ to|concerning)\b[^.;]{0,40}§|\bapplicant(?:'s|’s)\b|\b(?:neither\ confirm|whether)\b[^.;,]{0,60}§",
)
DISCUSSED: Final = _cues(
    elsewhere=r"\b(?:other|neighbouring|some|many|several|most|a\ number\ of|certain|few|various|next\ door|elsewhere|\d+|per\ cent|%)\ ?(?:of\ )?(?:the\ )?(?:councils|authorities|forces|bodies|departments|boroughs?|trusts|universities|schools|police\ forces|local\ authorities|organisations)\b|\bborough\ next\ door\b|\bnational(?:ly)?\b|\bministers?\b|\bparliament\b|\bgovernment\b",
    news=r"\b(?:news\w*|press|media|journalists?|reports?\ that|reportedly|article|campaign\w*|petition\w*|demand\w*|protest\w*|claims?|claimed|alleg\w+|concerns?|debate|critic\w*|controvers\w*|spokes\w+|told\ the\ paper|broadcaster|bbc|guardian|telegraph|activists?|think\ tank|mps?\b|lobby\w*)",
    foreign=r"\b(?:united\ states|u\.?s\.?a?\b\ (?:rules?|law|ban|government|federal|sanctions)|american|federal|washington|australian?|canada|canadian|european\ parliament|ndaa|entity\ list|section\ 889|fcc)\b",
    motion=r"\b(?:motion|moved|seconded|amendment|urged?|called\ (?:for|on)|calls\ (?:for|on)|lobby)\b",
    ownership=r"\b(?:owned\ by|state-?owned|partly\ owned|foreign\ state|human\ rights|uyghur|xinjiang|admitted|breach|intruders|hack\w*|vulnerabilit\w*|founded|shares?\b|parent\ company|chinese\ (?:state|government|firm|company))\b",
)
LOST: Final = re.compile(
    r"\b(?:motion|amendment|proposal|it|vote)\b[^.]{0,60}\b(?:lost|defeated|rejected|fell|not\ carried|withdrawn|not\ agreed|voted\ down|failed)\b|\bLOST\b|\bnot\ supported\b",
    re.I | re.X,
)
CARRIED: Final = re.compile(
    r"\b(?:carried|RESOLVED|resolved|agreed|adopted|approved|unanimous(?:ly)?|passed)\b",
    re.X | re.I,
)
RECOMMENDED: Final = re.compile(
    r"\b(?:recommend(?:ed|s|ation|ations)?|it\ is\ proposed|are\ asked\ to|is\ asked\ to|members\ are\ invited|proposed\ (?:that|decision|to)|for\ decision|options?\ appraisal|should\ consider)\b",
    re.I | re.X,
)
OFFERING: Final = re.compile(
    r"\b(?:quot(?:e|ation)\b|we\ (?:can|could|would|are\ pleased\ to)\ (?:offer|supply|quote|propose)|valid\ (?:for\ )?\d+\s*days|cameras?\ offered|items?\ offered|tender\ return|our\ (?:offer|bid|proposal|quotation)|estimate\ (?:no|ref)|propose:|we\ suggest|we\ recommend)",
    re.I | re.X,
)
NEW_FOR_OLD: Final = re.compile(
    r"\b(?:replac\w+|swapp?\w*|exchang\w+|chang\w+|substitut\w+|super[sc]ed\w+|upgrad\w+|renew\w+|taken\ down|removed|gone|switch\w*|mov\w+)\b"
    r"[^.;§]{0,50}?\b(?:with|by|for|to|in\ favour\ of)\b[^.;§]{0,40}§",
    re.X,
)
IN_STEAD: Final = re.compile(
    r"§[^.;]{0,60}\b(?:in\ (?:its|their|the)\ (?:place|stead)|instead|same\ (?:brackets|posts|columns|locations|positions)|in\ place\ of|to\ replace|as\ (?:a\ )?replacements?)\b"
    r"|\b(?:put\ in|fitted|installed|gone\ in|took\ (?:its|their)\ place)\b[^.;]{0,20}§[^.;]{0,20}\b(?:one|ones|instead|in)\b",
    re.X,
)
