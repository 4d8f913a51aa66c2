"""One name in its comparable form: Latin, lower case, tokens, legal forms set apart.

The steps, in order: Unicode NFKC and case folding; other scripts to Latin (Chinese by
``names.chinese``, what `rigour` knows by `rigour`, the rest by `anyascii`); ``t/a`` and the like
split off; initials joined (``J.P.`` to ``jp``); legal forms taken out (`rigour`'s list of about
3,000 spellings); numbers in words to digits; filler words dropped.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from typing import Final

import msgspec
from rigour.names import remove_org_types
from rigour.text.translit import maybe_ascii, should_ascii

from nameplate.names.chinese import HAN, latinise_han
from nameplate.names.words import words

_TRADING_AS: Final = re.compile(
    r"\s*[,(]?\s*(?:\bt/as?\b|\bt/a(?=\w)|\bt\\as?\b|\btrading as\b|\bdba\b|\bd/b/a\b|\baka\b|"
    r"\bformerly(?: known as)?\b|\bf/k/a\b|\bfka\b|\bpreviously\b)\s*",
)
_HINTS: Final = (
    "t/a",
    "t\\a",
    "trading as",
    "dba",
    "d/b/a",
    "aka",
    "former",
    "fka",
    "f/k/a",
    "previously",
)
"""Of each marker above one piece that must be in the text: cheaper to look for than the pattern."""
_FORMER: Final = ("formerly", "f/k/a", "fka", "previously")
_DOTTED: Final = re.compile(r"\b(?:[^\W\d_]\.\s?){2,}[^\W\d_]?\b\.?")
_TOKEN: Final = re.compile(r"[^\W_]+")
_APOSTROPHES: Final = str.maketrans("", "", "'’‘`´ʼ\u02bb\u02bc")
_FILLER: Final = frozenset({"and", "the", "of", "for", "de", "und", "et", "y", "dba"})
_SHORT_FORMS: Final = frozenset({"sa", "as", "ab", "ag", "se", "ao", "co", "nv", "bv", "oy", "sl"})
"""Two-letter legal forms: `rigour` takes them out anywhere, but in front they are initials."""
_FORM_WORDS: Final = words(
    """
    ltd limited plc llp llc inc incorporated cic lp gmbh ag sa sarl srl bv nv ab as oy ooo
    oao ojsc jsc zao pao spzoo coltd cyf unltd unlimited
    """
)
_NUMBERS: Final[dict[str, str]] = {
    **{
        word: str(number)
        for number, words in enumerate(
            [
                "zero",
                "one",
                "two",
                "three",
                "four",
                "five",
                "six",
                "seven",
                "eight",
                "nine",
                "ten",
                "eleven",
                "twelve",
            ]
        )
        for word in [words]
    },
    **{
        word: f"{number}"
        for number, words in enumerate(
            ["first 1st", "second 2nd", "third 3rd", "fourth 4th", "fifth 5th"], start=1
        )
        for word in words.split()
    },
}
_TENS: Final[dict[str, int]] = {
    "twenty": 20,
    "thirty": 30,
    "forty": 40,
    "fifty": 50,
    "sixty": 60,
    "seventy": 70,
    "eighty": 80,
    "ninety": 90,
}
_SPELLINGS: Final[dict[str, str]] = {
    "organisation": "organization",
    "organisations": "organizations",
    "labour": "labor",
    "centre": "center",
    "defence": "defense",
    "telecommunication": "telecommunications",
    "telecomms": "telecommunications",
    "telecom": "telecommunications",
    "corp": "corporation",
    "intl": "international",
    "int": "international",
    "tech": "technology",
    "technologies": "technology",
    "svcs": "services",
    "serv": "services",
    "service": "services",
    "sys": "systems",
    "system": "systems",
    "mgmt": "management",
    "mgt": "management",
    "assoc": "associates",
    "bros": "brothers",
    "govt": "government",
    "dept": "department",
    "univ": "university",
    "solution": "solutions",
    "grp": "group",
    "hldgs": "holdings",
    "holding": "holdings",
    "co": "company",
    "mfg": "manufacturing",
    "eng": "engineering",
    "elec": "electrical",
    "sec": "security",
    "natl": "national",
    "cttee": "committee",
    "st": "saint",
    "usa": "us",
    "gb": "uk",
}
"""Spelling → the one used here: British/American pairs and the abbreviations of ledgers."""
_PHRASES: Final = (
    ("united kingdom", "uk"),
    ("great britain", "uk"),
    ("united states of america", "us"),
    ("united states", "us"),
    ("u k", "uk"),
)
_PHRASE_HEADS: Final = frozenset({"united", "great", "u"})
_COUNTING: Final = frozenset(_NUMBERS) | frozenset(_TENS)
_MARKS: Final = re.compile(r"[.'’‘`´ʼ]")
_VESSEL: Final = re.compile(r"^(?:m\s?[/.]?\s?[vt]|s\s?[/.]?\s?s|motor vessel|f\s?[/.]?\s?v)\.?\s+")
_PERSON_TITLES: Final = words(
    """
    mr mrs ms miss dr prof professor sir dame lord lady president präsident prasident
    general gen col colonel major capt captain sheikh shaikh shaykh haji hajji mullah
    maulavi mawlawi alhaj al-haj mohtarma rev revd
    """
)


class Prepared(msgspec.Struct, frozen=True):
    """A name ready to compare. ``tokens`` are in order, without legal forms and filler words.

    ``plain`` is the whole name in Latin lower case; ``joined`` the tokens without spaces;
    ``core`` the tokens sorted and joined by spaces: equal cores are equal names but for order,
    legal form and punctuation. ``person`` says that it was prepared as a person's name.
    """

    text: str
    plain: str
    tokens: tuple[str, ...]
    joined: str
    core: str
    person: bool = False


def latin(text: str) -> str:
    """``text`` in lower-case Latin letters without diacritics, whatever its script."""
    if text.isascii():
        return text.lower()
    text = unicodedata.normalize("NFKC", text)
    if HAN.search(text):
        text = latinise_han(text)
    text = text.casefold()
    if text.isascii():
        return text
    if should_ascii(text):
        text = maybe_ascii(text)
    if not text.isascii():
        from anyascii import anyascii

        text = anyascii(text)
    return text.lower()


def _undot(match: re.Match[str]) -> str:
    return match.group().replace(".", "").replace(" ", "") + " "


def _numbers(tokens: list[str]) -> list[str]:
    found: list[str] = []
    for token in tokens:
        number = _NUMBERS.get(token)
        if number is not None:
            if found and found[-1] in _TENS and number != "0" and int(number) < 10:
                found[-1] = str(_TENS[found[-1]] + int(number))
            else:
                found.append(number)
        else:
            found.append(token)
    return [str(_TENS[token]) if token in _TENS else token for token in found]


def split_trading_names(text: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Split ``Acme Ltd t/a Bolt`` into the name and the other names with what each is.

    Returns the name before the first marker and pairs (``trading`` or ``former``, name). A text
    without a marker, or with nothing before it, comes back whole.
    """
    lowered = text.lower()
    if not any(map(lowered.__contains__, _HINTS)):
        return text, ()
    pieces: list[tuple[str, str]] = []
    last, kind = 0, ""
    if len(lowered) != len(text):
        return text, ()
    for match in _TRADING_AS.finditer(lowered):
        pieces.append((kind, text[last : match.start()]))
        marker = match.group().strip(" ,(")
        kind = "former" if marker.startswith(_FORMER) else "trading"
        last = match.end()
    if not pieces or not pieces[0][1].strip():
        return text, ()
    pieces.append((kind, text[last:]))
    others = tuple((kind, name.strip(" ()-,")) for kind, name in pieces[1:])
    return pieces[0][1].strip(" ,(-"), tuple(pair for pair in others if pair[1])


def _person(text: str) -> Prepared:
    plain = latin(text).translate(_APOSTROPHES)
    if "," in plain:
        family, _, given = plain.partition(",")
        plain = f"{given} {family}"
    tokens = [token for token in _TOKEN.findall(plain.replace(".", ". ")) if token]
    kept = [token for token in tokens if token not in _PERSON_TITLES] or tokens
    return Prepared(text, plain, tuple(kept), "".join(kept), " ".join(sorted(kept)), person=True)


@functools.lru_cache(maxsize=65_536)
def prepare(text: str, schema: str = "Company") -> Prepared:
    """Return the comparable form of ``text``. ``schema`` is a FollowTheMoney schema's name:
    ``Person`` and ``Vessel`` are read in their own way, everything else as an organisation.

    The cache is keyed by the text itself, never by an entity's id, so a reused id cannot bring
    back another name's form.
    """
    if schema == "Person":
        return _person(text)
    if text.isascii():
        plain = text.lower()
    else:
        # Forms in their own script or with umlauts go first: Latin letters would hide them.
        native = unicodedata.normalize("NFKC", text).casefold()
        bare = remove_org_types(native)
        plain = latin(bare if _TOKEN.search(bare) else native)
    if "&" in plain:
        plain = plain.replace("&amp;", "&")
    if schema == "Vessel":
        plain = _VESSEL.sub("", plain)
    stripped = remove_org_types(plain)
    if _MARKS.search(stripped):
        # Initials are joined after the forms with dots have gone, and may uncover another form.
        whole = stripped if _TOKEN.search(stripped) else plain
        stripped = remove_org_types(_DOTTED.sub(_undot, whole).translate(_APOSTROPHES))
    tokens = _TOKEN.findall(stripped)
    if plain[2:3] == " " and plain[:2] in _SHORT_FORMS and (not tokens or tokens[0] != plain[:2]):
        tokens.insert(0, plain[:2])
    if " ii" in plain and "ii" not in tokens and " ii " in f"{plain} ":
        tokens.append("ii")  # `rigour` takes it for a Bulgarian legal form; here it counts a series
    while len(tokens) > 1 and tokens[-1] in _FORM_WORDS:
        tokens.pop()
    if not _PHRASE_HEADS.isdisjoint(tokens):
        joined = " ".join(tokens)
        for phrase, short in _PHRASES:
            joined = joined.replace(phrase, short)
        tokens = joined.split()
    kept = [_SPELLINGS.get(token, token) for token in tokens if token not in _FILLER]
    if not kept:
        kept = tokens or _TOKEN.findall(plain) or [plain.strip()]
    if not _COUNTING.isdisjoint(kept):
        kept = _numbers(kept)
    return Prepared(text, plain, tuple(kept), "".join(kept), " ".join(sorted(kept)))


def core(text: str) -> str:
    """Tokens of an organisation's name sorted, without legal form: equal for equal names."""
    return prepare(text).core
