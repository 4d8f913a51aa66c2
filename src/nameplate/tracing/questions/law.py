"""The law a question is asked under: regime, time limit and cost limit, by nation and kind of body.

Not legal advice. FOIA 2000 s.10 counts twenty working days; under s.10(6) a bank holiday in *any*
part of the United Kingdom is no working day. Maintained schools and academies count twenty
working days that are school days, or sixty working days if that is shorter (SI 2010/2768). FOISA
2002 s.10 counts twenty working days, and s.73 takes out bank holidays in Scotland only. EIR 2004
reg. 5(2) counts twenty working days and reg. 7(1) lets them become forty.
"""

from __future__ import annotations

import datetime
import functools
import re
from enum import StrEnum
from typing import Final

import msgspec

from nameplate.model.errors import UsageError


class Regime(StrEnum):
    """The statute a request is made under."""

    FOIA = "FOIA 2000"
    FOISA = "FOISA 2002"
    EIR = "EIR 2004"
    EIR_SCOTLAND = "EISR 2004"
    CONTRACT = "contract"
    NONE = "voluntary"


class Addressee(StrEnum):
    """Whom a question is put to."""

    BODY = "body"
    SUPPLIER = "supplier"
    MAKER = "maker"


WORKING_DAYS: Final = 20
SCHOOL_LONGEST: Final = 60
"""Working days after which a school's time is up even if twenty school days have not passed."""
REVIEW_WINDOW: Final = 40
"""Working days within which an internal review should be asked for (FOIA s.45 code of practice;
FOISA s.20(5))."""
AGGREGATION_DAYS: Final = 60
"""Working days within which like requests may be added together (SI 2004/3244, reg. 5)."""
HOURLY: Final = 25
"""Pounds an hour at which staff time is counted (SI 2004/3244, reg. 4(4))."""
FOISA_HOURLY: Final = 15
"""Pounds an hour at most (SSI 2004/467, reg. 3(2)(b))."""


class Law(msgspec.Struct, frozen=True, kw_only=True):
    """What holds for one request. ``limit`` in pounds, ``hours`` what it comes to at ``rate``."""

    regime: Regime
    name: str
    limit: int
    rate: int
    days: int
    school: bool
    cites: str

    @property
    def hours(self) -> float:
        """Hours of staff time within the cost limit."""
        return self.limit / self.rate


_SCHOOL: Final = re.compile(
    r"(?i)\b(?:school|academy|academies|primary|infants?|juniors?)\b(?!\s+of\b)"
)
_CENTRAL: Final = re.compile(
    r"(?i)\b(?:home office|cabinet office|ministry of|department (?:for|of)|hm (?:treasury|revenue|prison)|foreign,? commonwealth|"
    r"crown prosecution|attorney general|national assembly for wales|welsh (?:parliament|government|ministers)|house of (?:commons|lords)|"
    r"northern ireland (?:assembly|office)|armed forces)\b"
)
_RESERVED: Final = re.compile(
    r"(?i)\b(?:british transport police|network rail|civil nuclear|ministry of defence|maritime and coastguard|hm |uk |office for|ofcom|bbc\b)"
)


def law_for(body: str, nation: str = "", *, environmental: bool = False) -> Law:
    """Law of a request to a body: by its nation where known, else by its name.

    ``nation`` is ``Scotland``, ``England``, ``Wales`` or ``Northern Ireland``. Bodies whose reach
    is the whole United Kingdom answer under FOIA in Scotland too. Central government's limit is
    £600 (24 hours), others' £450 (18 hours); Scotland's is £600 at up to £15 an hour.
    """
    scottish = nation.lower().startswith("scot") or (not nation and scottish_by_name(body))
    if scottish and not _RESERVED.search(body):
        regime = Regime.EIR_SCOTLAND if environmental else Regime.FOISA
        return Law(
            regime=regime,
            name="Freedom of Information (Scotland) Act 2002"
            if not environmental
            else "Environmental Information (Scotland) Regulations 2004",
            limit=600,
            rate=FOISA_HOURLY,
            days=WORKING_DAYS,
            school=False,
            cites="FOISA ss.10, 73; SSI 2004/467",
        )
    central = bool(_CENTRAL.search(body))
    regime = Regime.EIR if environmental else Regime.FOIA
    return Law(
        regime=regime,
        name="Environmental Information Regulations 2004"
        if environmental
        else "Freedom of Information Act 2000",
        limit=600 if central else 450,
        rate=HOURLY,
        days=WORKING_DAYS,
        school=bool(_SCHOOL.search(body)) and not environmental,
        cites="FOIA ss.10, 12; SI 2004/3244" if not environmental else "EIR 2004 regs 5, 7",
    )


def scottish_by_name(body: str) -> bool:
    """Whether a body's name places it in Scotland, where the catalogue does not know it."""
    return bool(
        re.search(
            r"(?i)\b(?:scot(?:land|tish)|highland|glasgow|edinburgh|aberdeen\w*|dundee|falkirk|fife|stirling|moray|"
            r"lothian|midlothian|borders|lanarkshire|ayrshire|argyll|angus|clackmannan\w*|dumfries|inverclyde|orkney|"
            r"shetland|perth and kinross|renfrewshire|dunbartonshire|eilean siar|western isles|grampian|tayside)\b",
            body,
        )
    )


@functools.cache
def bank_holidays(year: int, *, scotland_only: bool) -> frozenset[datetime.date]:
    """Bank holidays of a year: of any part of the United Kingdom, or of Scotland alone."""
    import holidays

    parts = ("SCT",) if scotland_only else ("ENG", "WLS", "SCT", "NIR")
    days: set[datetime.date] = set()
    for part in parts:
        days.update(holidays.country_holidays("GB", subdiv=part, years=year).keys())
    return frozenset(days)


def is_working(day: datetime.date, law: Law) -> bool:
    """Whether a day counts under the law: no Saturday, Sunday, Christmas, Good Friday or bank
    holiday (FOIA: of any part of the United Kingdom; FOISA: of Scotland).
    """
    if day.weekday() >= 5:
        return False
    scotland_only = law.regime in {Regime.FOISA, Regime.EIR_SCOTLAND}
    if day in bank_holidays(day.year, scotland_only=scotland_only):
        return False
    return not scotland_only or (day.month, day.day) != (12, 25)


def add_working_days(start: datetime.date, count: int, law: Law) -> datetime.date:
    """The ``count``-th working day after ``start`` (the day after receipt is the first)."""
    day = start
    while count > 0:
        day += datetime.timedelta(days=1)
        if is_working(day, law):
            count -= 1
    return day


def working_days_between(start: datetime.date, end: datetime.date, law: Law) -> int:
    """Working days after ``start`` up to and with ``end``; 0 where ``end`` is not later."""
    days = (end - start).days
    return sum(
        is_working(start + datetime.timedelta(days=n), law) for n in range(1, max(0, days) + 1)
    )


def deadline(
    received: datetime.date,
    law: Law,
    *,
    paused: int = 0,
    extended: bool = False,
    closures: tuple[tuple[datetime.date, datetime.date], ...] = (),
) -> datetime.date:
    """Last day for the answer to a request received on ``received``.

    ``paused``: working days during which the clock stood still for a clarification.
    ``extended``: the body has taken up to twenty further working days for the public-interest test
    (FOIA s.10(3); the ICO calls twenty reasonable) or for a complex request (EIR reg. 7). FOISA
    knows no such extension: raises UsageError. ``closures`` are a school's holidays, first and
    last day; without them only the sixty working days bind, and that is what is returned.
    """
    if extended and law.regime is Regime.FOISA:
        raise UsageError("FOISA allows no extension for the public interest", do="leave it out")
    total = law.days + paused + (WORKING_DAYS if extended else 0)
    if not law.school:
        return add_working_days(received, total, law)
    longest = add_working_days(received, SCHOOL_LONGEST + paused, law)
    if not closures:
        return longest
    day, left = received, total
    while left > 0 and day < longest:
        day += datetime.timedelta(days=1)
        if is_working(day, law) and not any(a <= day <= b for a, b in closures):
            left -= 1
    return min(day, longest)


class Cost(msgspec.Struct, frozen=True, kw_only=True):
    """Estimated cost of an answer in hours, against the limit."""

    hours: float
    limit_hours: float
    within: bool
    says: str


QUESTION_HOURS: Final = 0.75
"""Judgement: to find and check one line of a contract file or asset list."""
BASE_HOURS: Final = 2.0
"""Judgement: to find the holder of the asset list and of the contracts."""


def estimate(purchases: int, law: Law, *, recent: int = 0) -> Cost:
    """Estimate an answer's cost: a base, and a share for each purchase asked about.

    ``recent`` counts purchases in like requests to the same body within sixty working days, which
    may be added (SI 2004/3244 reg. 5). The figures are judgements and say so in the letter.
    """
    hours = BASE_HOURS + QUESTION_HOURS * (purchases + recent)
    if recent:
        hours += BASE_HOURS
    within = hours <= law.hours
    added = f", with {recent} asked about in the last 60 working days," if recent else ""
    says = (
        f"about {hours:g} hours for {purchases} purchases{added} against a limit of "
        f"£{law.limit} ({law.hours:g} hours at £{law.rate})"
    )
    return Cost(hours=hours, limit_hours=law.hours, within=within, says=says)


def largest_bundle(law: Law, *, recent: int = 0) -> int:
    """How many purchases can be asked about in one request within the cost limit; at least one."""
    spare = law.hours - BASE_HOURS - (BASE_HOURS if recent else 0.0)
    return max(1, int(spare / QUESTION_HOURS) - recent)
