r"""The catalogue as patterns on raw bytes: a superset of what decoding would find.

Names, model numbers and words of the trade in plain letters, with whatever can stand between
words in raw bytes: white space, dashes and their escapes in JSON and HTML, in any encoding. What
hides plain letters altogether is in :mod:`nameplate.tracing.oddities`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from nameplate.catalogue.schema import Grammar
from nameplate.catalogue.store import Catalogue
from nameplate.tracing.lexicon import (
    ANYWHERE_MIN,
    BREAK_MAX,
    FUZZY_FREE,
    FUZZY_MIN,
    MODEL_FREE,
    NATIVE_BREAKS,
    TRADE_KINDS,
    Key,
    lexicon,
)
from nameplate.tracing.literals import literals_of

_ONE_BREAK: Final = r"[^a-z0-9]"
BREAKS: Final = (
    *(f"{_ONE_BREAK}{{{n}}}" for n in range(1, BREAK_MAX + 1)),
    *(
        f"{before}{escape}"
        for escape in (
            r"\\[nrtf]",
            r"\\r\\n",
            r"\\u[0-9a-f]{4}",
            "&[a-z]{4,6};",
            r"&#x?[0-9a-f]{1,5};",
            r"\\\\[nr]",
            r"\\u[0-9a-f]{4}\\u[0-9a-f]{4}",
            r"\\n\\n",
        )
        for before in ("", _ONE_BREAK)
    ),
)
"""What stands between two words in raw bytes. One pattern each: a literal with a fixed distance to
another is what the engine is fastest at."""
_LITERAL_MIN: Final = 3
_MODEL_LITERAL: Final = 4
_COMMON: Final = frozenset(
    """
    access adaptive brief micros alert amazon american barriers bell body camera cameras cctv center
    centre
    cisco communication communications company control dedicated digital direct door dynamics
    evidence genie group guard international limited link look manager march mark media
    network networking networks pinnacle protect provision recognition response ring samsung
    security solutions sprite station surveillance system systems tech technology time traffic
    united video view vigilant vision vista walk watch wireless
    """.split()  # noqa: SIM905
)
"""Words too common in notices and ledgers to be looked for without their neighbour."""
_LOOKAROUND: Final = re.compile(r"\(\?(?:=|!|<=|<!)")


def raw_patterns(catalogue: Catalogue) -> list[str]:
    """All patterns for ``catalogue``, in a fixed order, as Latin-1 regular expressions.

    For the flags ``(?is)``: letters match in either case and a dot any byte.
    """
    return sorted({*name_patterns(catalogue), *other_patterns(catalogue)})


def name_patterns(catalogue: Catalogue) -> list[str]:
    """Patterns of makers' and brands' names, in a fixed order."""
    compiled = lexicon(catalogue)
    return sorted({p for key in compiled.ordered for p in _key_patterns(key, compiled.keys)})


def other_patterns(catalogue: Catalogue) -> list[str]:
    """Patterns of model numbers, CPV codes and words of the trade, in a fixed order."""
    found = set(_model_patterns(catalogue.grammars))
    found.update(re.escape(c.prefix) for c in catalogue.cpv if c.sure)
    for term in catalogue.terms:
        if term.kind in TRADE_KINDS:
            for literal in term.literals:
                found.update(_term_patterns(literal))
    return sorted(found)


def _term_patterns(literal: str) -> Iterator[str]:
    """A term's literal: its words, with any break or none between them."""
    words = [_plain(word) for word in re.split(r"[\s-]+", literal)]
    if len(words) > 1 and "." not in literal:
        yield "".join(words)
    yield from _broken(words)


def _broken(words: list[str]) -> Iterator[str]:
    """``words`` with a break between each two, the same kind throughout."""
    if len(words) < 2:
        yield from words
    else:
        for between in BREAKS:
            yield between.join(words)


def _rarest(words: list[str]) -> Iterator[str]:
    """``words`` with a break between each two, by the longest of them that is no common word.

    Where one word is rare enough, finding it at a word's end is cheaper than finding all of them.
    """
    rare = [w for w in words if len(w) >= _MODEL_LITERAL and w not in _COMMON]
    if not rare:
        yield from _broken(words)
        return
    word = max(rare, key=len)
    if words.index(word) == 0:
        yield f"{word}[^a-z]"
    else:
        yield f"[^a-z]{word}"
        yield f"\\\\[nrtbf]{word}"
        yield f"\\\\u[0-9a-f]{{3}}[a-f]{word}"


def _bounded(word: str) -> Iterator[str]:
    """A short name as a word of its own; the last letter of an escape is no letter of it.

    The finder sees to the first and last bytes of a block, which have no neighbour.
    """
    yield f"[^a-z]{word}[^a-z]"
    yield f"\\\\[nrtbf]{word}[^a-z]"
    yield f"\\\\u[0-9a-f]{{3}}[a-f]{word}[^a-z]"


def _character(character: str) -> str:
    """A character in UTF-8, as a JSON escape and as an entity, in both cases."""
    if character.isascii():
        return re.escape(character)
    forms = []
    for c in sorted({character, character.lower(), character.upper()}):
        forms.append("".join(f"\\x{b:02x}" for b in c.encode()))
        units = c.encode("utf-16-be")
        escapes = (units[i : i + 2].hex() for i in range(0, len(units), 2))
        forms.append("".join(f"\\\\u{unit}" for unit in escapes))
        forms.append(f"&#(?:0*{ord(c[0])}|x0*{ord(c[0]):x});")
    return f"(?:{'|'.join(forms)})"


def _plain(word: str) -> str:
    return "".join(_character(c) for c in word)


def _key_patterns(key: Key, keys: dict[str, Key]) -> Iterator[str]:
    text = key.text
    if key.native:
        # Long native names are not looked for across breaks; mentions.py holds to the same.
        between = r".{0,8}" if len(text) <= NATIVE_BREAKS else ""
        yield between.join(_character(c) for c in text)
        return
    free = len(text) >= ANYWHERE_MIN and not key.needs_context()
    for regex in _exact_patterns(key, keys):
        yield from [regex] if free else _bounded(regex)
    if key.fuzzy:
        yield from _fuzzy_patterns(key, keys)


def _exact_patterns(key: Key, keys: dict[str, Key]) -> Iterator[str]:
    if _holds_another(key, keys):
        return
    yield _plain(key.text)
    for breaks in dict.fromkeys(s.breaks for s in key.spellings):
        words = _pieces(key.text, sorted(breaks))
        # A word that is a name by itself finds the longer name too.
        if len(words) > 1 and not any(w in keys for w in words):
            yield from _rarest(words)


def _fuzzy_patterns(key: Key, keys: dict[str, Key]) -> Iterator[str]:
    text = key.text
    # A short name's slips end where a word ends: "hypera" is no Hytera within "hyperactive".
    right = "" if len(text) >= ANYWHERE_MIN else "[^a-z]"
    yield from (slip + right for slip in _slips(text))
    yield re.sub("[il]", "[il1|]", text).replace("o", "[o0]").replace("s", "[s5]")
    if len(text) >= ANYWHERE_MIN and not key.best().breaks:
        for place in range(2, len(text) - 1):
            yield from _rarest([text[:place], text[place:]])
    for place in key.split_points():
        # A slip in the second word, beyond its first letter.
        first = text[:place]
        if len(first) >= FUZZY_MIN and first not in _COMMON:
            yield f"{first}[^a-z]"
        elif len(text) - place >= FUZZY_MIN and first not in keys:
            for regex in _broken([text[:place], text[place]]):
                yield f"[^a-z]{regex}"
                yield f"\\\\[nrtbf]{regex}"
                yield f"\\\\u[0-9a-f]{{3}}[a-f]{regex}"


def _holds_another(key: Key, keys: dict[str, Key]) -> bool:
    """Whether a name that counts anywhere is part of this one, and so finds it too."""
    for a in range(len(key.text)):
        for b in range(a + ANYWHERE_MIN, len(key.text) + 1):
            part = keys.get(key.text[a:b])
            if part is not None and part is not key and not part.needs_context():
                inside = {p - a for s in key.spellings for p in s.breaks if a < p < b}
                own = {p for s in part.spellings for p in s.breaks}
                if inside <= own and not key.fuzzy:
                    return True
    return False


def _pieces(text: str, places: list[int]) -> list[str]:
    return [text[a:b] for a, b in zip([0, *places], [*places, len(text)], strict=True)]


def _slips(word: str) -> Iterator[str]:
    """Forms that hold every spelling one edit away: a letter more, less, changed or swapped.

    Each keeps a run of plain letters long enough for the engine to look for first.
    """
    # The first letter of a short name is not taken to be a slip (lexicon.py holds to the same).
    for i in range(0 if len(word) >= FUZZY_FREE else 1, len(word)):
        before, after = word[:i], word[i + 1 :]
        yield before + after
        yield f"{before}[a-z0-9]{word[i:]}"
        if max(len(before), len(after)) >= _LITERAL_MIN:
            yield f"{before}[a-z0-9]{after}"
        else:
            yield from (before + c + after for c in "abcdefghijklmnopqrstuvwxyz0123456789")
        if i + 1 < len(word):
            yield f"{before}{word[i + 1]}{word[i]}{word[i + 2 :]}"


def _model_patterns(grammars: Iterable[Grammar]) -> Iterator[str]:
    """Model grammars on raw bytes: what may follow a head decides nothing here.

    A dash that is no plain hyphen is an oddity (:mod:`nameplate.tracing.oddities`). A grammar
    that needs a word of the trade beside it is not looked for: that word is. A head that has a
    fair literal in every match is looked for by that alone.
    """
    for grammar in grammars:
        if not grammar.in_text or grammar.weight < MODEL_FREE:
            continue
        head = re.sub(r"(?:\[[^\]]*\]\*|\(\?:[^()]*\)[*?])+\Z", "", grammar.pattern)
        head = "".join(c for c in _without_lookarounds(head) if c.isascii())
        literals = literals_of(head)
        if literals and min(map(len, literals)) >= _MODEL_LITERAL:
            yield from (re.escape(text.decode("ascii")) for text in sorted(literals))
            continue
        for form in _spelt_out(head):
            for left in ("[^a-z0-9]", r"\\[nrtbf]", r"\\u[0-9a-f]{4}", "[0-9]x"):
                yield left + form


def _spelt_out(head: str) -> Iterator[str]:
    """A head that begins with one letter of a few and digits, as literals and what follows."""
    found = re.fullmatch(r"(?:\(\?:[^()]*\)\?)?\[([A-Z]+)\]\\d\{([3-9])\}(.*)", head)
    if found is None:
        yield head
        return
    letters, digits, rest = found[1], int(found[2]) - 2, found[3]
    for letter in letters:
        for number in range(100):
            yield f"{letter}{number:02d}\\d{{{digits}}}{rest}"


def _without_lookarounds(pattern: str) -> str:
    while found := _LOOKAROUND.search(pattern):
        depth, end, in_class = 0, found.start(), False
        for i in range(found.start(), len(pattern)):
            c = pattern[i]
            if pattern[i - 1] == "\\" and pattern[i - 2] != "\\":
                continue
            if c == "[":
                in_class = True
            elif c == "]":
                in_class = False
            elif not in_class:
                depth += (c == "(") - (c == ")")
                if depth == 0:
                    end = i
                    break
        pattern = pattern[: found.start()] + pattern[end + 1 :]
    return pattern
