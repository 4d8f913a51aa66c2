"""Folding text to the plain form in which names are compared, and back to where it stood.

Folding: HTML entities and tags resolved, compatibility forms (full-width and the like: NFKC)
and accents removed, lower case, soft hyphens and zero-width characters dropped, a word broken by
a hyphen at a line's end joined. Every folded character knows the place it came from, so that a
mention's surface is always a substring of the text as published.
"""

from __future__ import annotations

import functools
import html
import re
import unicodedata
from dataclasses import dataclass
from typing import Final

_INLINE: Final = "b|i|u|em|strong|span|font|a|sup|sub|wbr|mark|small|big"
_BLOCK: Final = "br|p|div|li|ul|ol|td|th|tr|table|tbody|thead|h[1-6]|hr|blockquote|pre"
TAG_NAMES: Final = f"{_INLINE}|{_BLOCK}"
"""HTML elements whose tags are markup in running text; other things in <> are left alone."""

INVISIBLE: Final = "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u180e"
"""Soft hyphen, zero-width and direction characters: present in bytes, absent to the reader."""

_DASHES: Final = dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe63\uff0d", "-")
_QUOTES: Final = dict.fromkeys("\u2018\u2019\u02bc\u2032`\u00b4", "'")
_MARKS: Final = dict.fromkeys("\u2122\u2120", " ")
"""Trade and service marks end a name; NFKC would make letters of them."""
_LETTERS: Final = {"ø": "o", "ł": "l", "đ": "d", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe"}

_SPECIAL: Final = re.compile(
    rf"(?P<tag>(?:<|&lt;)/?(?P<name>{TAG_NAMES})(?:[\s/][^<>]{{0,200}}?)?/?(?:>|&gt;))"
    r"|(?P<entity>&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});)"
    r"|(?P<broken>(?<=[^\W\d_])[-\u2010\u2011\u00ad][ \t]*(?:\r\n|\r|\n)[ \t]*(?=[^\W\d_]))"
    rf"|(?P<gone>[{INVISIBLE}]+)"
    # UTF-8 read as Windows-1252 once too often: the lead byte is no letter of a word.
    r"|(?P<mangled>[\u00c2\u00c3](?=[\u0080-\u00bf])|\u00e2(?=\u20ac))"
    r"|(?P<odd>[^\x00-\x7f])",
    re.IGNORECASE,
)
_INLINE_NAME: Final = re.compile(rf"(?:{_INLINE})\Z", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Folded:
    """Folded text; character ``i`` stood at ``origin[i]:stop[i]`` of the text as published.

    Both are None where no character moved.
    """

    text: str
    origin: list[int] | None = None
    stop: list[int] | None = None

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Place of folded ``start:end`` in the text as published; needs ``start < end``."""
        if self.origin is None or self.stop is None:
            return start, end
        return self.origin[start], self.stop[end - 1]


@functools.lru_cache(maxsize=4096)
def fold_character(character: str) -> str:
    """Folded form of one character; may be empty or several characters."""
    known = _DASHES.get(character) or _QUOTES.get(character) or _MARKS.get(character)
    if known:
        return known
    # A Latin letter is stripped of its accents; other scripts keep their marks, which spell.
    wide = unicodedata.normalize("NFKC", character).casefold()
    plain = unicodedata.normalize("NFD", wide)
    if "LATIN" in unicodedata.name(character, "") or "\u0300" <= character <= "\u036f":
        plain = "".join(c for c in plain if not unicodedata.combining(c))
    else:
        plain = wide
    return "".join(_LETTERS.get(c, c) for c in plain)


def _replacement(found: re.Match[str]) -> str:
    if found["tag"]:
        return "" if _INLINE_NAME.match(found["name"]) else " "
    if found["entity"]:
        plain = html.unescape(found[0])
        if plain == found[0]:
            return plain.lower()
        return "".join(
            "" if c in INVISIBLE else c.lower() if c.isascii() else fold_character(c) for c in plain
        )
    if found["odd"]:
        return fold_character(found[0])
    if found["mangled"]:
        return " "
    return ""


def fold(text: str) -> Folded:
    """Fold ``text``; plain ASCII without markup costs no more than lower-casing it."""
    first = _SPECIAL.search(text)
    if first is None:
        return Folded(text.lower())
    parts: list[str] = []
    origin: list[int] = []
    stop: list[int] = []
    done = 0
    for found in _SPECIAL.finditer(text, first.start()):
        start, end = found.span()
        replaced = _replacement(found)
        parts += (text[done:start].lower(), replaced)
        origin.extend(range(done, start))
        stop.extend(range(done + 1, start + 1))
        origin.extend([start] * len(replaced))
        stop.extend([end] * len(replaced))
        done = end
    parts.append(text[done:].lower())
    origin.extend(range(done, len(text)))
    stop.extend(range(done + 1, len(text) + 1))
    return Folded("".join(parts), origin, stop)
