"""How much a word of a name says: rare words tell firms apart, common ones do not."""

from __future__ import annotations

import functools
import math
from importlib import resources
from typing import Final

import msgspec

from nameplate.names.words import words

_PLACES: Final = words(
    """
    uk us eu britain british england english scotland scottish wales welsh ireland irish
    northern europe european emea asia asian africa african america american americas
    nordic benelux global worldwide international london midlands yorkshire north south
    east west northern southern eastern western germany german deutschland france french
    spain spanish espana italy italian italia netherlands holland belgium belgian denmark
    danish danmark norway norwegian norge sweden swedish sverige finland finnish poland
    polish polska portugal austria switzerland schweiz swiss suisse russia russian ukraine
    turkey greece hungary romania bulgaria serbia croatia czech estonia latvia lithuania
    iceland luxembourg malta cyprus israel iran iraq egypt morocco tunisia algeria libya
    nigeria kenya ghana ethiopia congo sudan yemen syria lebanon jordan kuwait qatar oman
    emirates uae dubai china chinese hong kong taiwan japan japanese korea korean
    singapore malaysia indonesia thailand vietnam philippines india indian pakistan
    bangladesh australia australian zealand canada mexico brazil brasil chile peru
    colombia argentina venezuela armenia armenian azerbaijan georgia kazakhstan uzbekistan
    panama cuba
    """
)
"""Words that say where a firm or branch sits: countries and parts of the United Kingdom. Two
branches in two places are two firms."""
_SEATS: Final = words(
    """
    hangzhou zhejiang shenzhen beijing shanghai guangzhou guangdong chengdu tianjin
    jiangsu nanjing suzhou xiamen fujian wuhan chongqing xinjiang urumqi
    """
)
"""Cities and provinces that head a Chinese firm's registered name, and are left out of its daily
one: 0.25."""

_ROMAN: Final = words(
    """
    ii iii iv v vi vii viii ix x xi xii xiii xiv xv xvi xvii xviii xix xx
    """
)
_FORM_LIKE: Final = words(
    """
    company corporation group holdings enterprise enterprises associates partners
    """
)
"""Words that stand for a legal form as often as for a name: they weigh 0.15 at most."""
_FEW_LETTERS: Final = 2


class _Frequencies(msgspec.Struct, frozen=True):
    names: int
    tokens: dict[str, int]


@functools.cache
def _frequencies() -> _Frequencies:
    raw = (resources.files("nameplate.names") / "token_frequencies.json").read_bytes()
    return msgspec.json.decode(raw, type=_Frequencies)


def weight(token: str) -> float:
    """Weight of a word in (0, 1]: its inverse document frequency over about 14,000 firms' names.

    A word in no more than 5 of them has 1, ``services`` about 0.3. Numbers, single letters and
    places say less than their rarity: 0.5, 0.35 and at most 0.4 (chosen, not measured).
    """
    table = _frequencies()
    count = table.tokens.get(token, 0)
    if token.isdigit() or token in _ROMAN:
        return 0.5
    if len(token) < _FEW_LETTERS:
        return 0.35
    full = math.log(table.names / 5)
    value = min(1.0, math.log(table.names / max(count, 5)) / full)
    value = max(0.08, value)
    if token in _FORM_LIKE:
        return min(value, 0.15)
    if token in _SEATS:
        return 0.25
    return min(value, 0.4) if token in _PLACES else value


def is_place(token: str) -> bool:
    """Whether the word names a country or region."""
    return token in _PLACES


def is_number(token: str) -> bool:
    """Whether the word counts: digits, or a Roman numeral from II to XX."""
    return token in _ROMAN or token[:1].isdigit()


@functools.lru_cache(maxsize=262_144)
def facts(token: str) -> tuple[float, bool, bool]:
    """``weight``, ``is_place`` and ``is_number`` of a word in one look-up."""
    return weight(token), is_place(token), is_number(token)
