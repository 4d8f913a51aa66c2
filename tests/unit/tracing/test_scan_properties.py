"""What the byte scan finds is what decoding finds: on all code points, and on made-up records."""

import html
import json
import re

from hypothesis import given, settings
from hypothesis import strategies as st

from nameplate.catalogue.store import load
from nameplate.tracing.finder import load_finder
from nameplate.tracing.folding import INVISIBLE, fold, fold_character
from nameplate.tracing.oddities import ODDITIES

ODD = re.compile("|".join(f"(?:{p})" for p in ODDITIES).encode("latin-1"), re.I | re.S)
FINDER = load_finder(load())


def test_every_character_that_folds_to_a_plain_one_is_an_oddity() -> None:
    missed = []
    for point in range(0x80, 0x20000):
        if 0xD800 <= point < 0xE000:
            continue
        character = chr(point)
        folded = fold_character(character)
        hides = character in INVISIBLE or (not folded and character.isprintable())
        if not hides and not re.search("[a-z0-9]", folded):
            continue
        escape = json.dumps(character)[1:-1]
        for raw in (f"a{character}b".encode(), f"a{escape}b".encode(), f"a&#{point};b".encode()):
            if not ODD.search(raw):
                missed.append((hex(point), raw))
    assert missed == []


NAMES = [
    "Hikvision",
    "Hik Vision",
    "Hikvison",
    "Hlkvision",
    "Dahua Technology",
    "Dahaua CCTV",
    "Axis camera",
    "Bosch CCTV",
    "DS-2CD2143G0-I",
    "IPC-HDBW3441E",
    "XNV-8083R",
    "P3245-LVE",
    "\u6d77\u5eb7\u5a01\u89c6",
    "CCTV",
    "c.c.t.v",
    "cc tv",
    "body worn video",
    "body-worn",
    "closed circuit television",
    "number plate recognition",
    "Dedicated Micros",
    "Univ iew",
    "Hytera",
    "surveillance",
    "i-PRO cameras",
    "360 Vision",
]
FILLER = st.text(
    st.sampled_from("abcdefgh xyz 0123 .,;-/'&£é\u2019\u2013\u00a0\u00c2\n"), max_size=25
)


@st.composite
def written(draw: st.DrawFn) -> str:
    """A name as somebody may have written it."""
    name = draw(st.sampled_from(NAMES))
    name = draw(st.sampled_from([str, str.upper, str.lower, str.title]))(name)
    at = draw(st.integers(0, len(name)))
    slip = draw(st.sampled_from(["", "", "", "\u00ad", "\u200b", "<b>", "&shy;", "-\n", "\u0301"]))
    name = name[:at] + slip + name[at:]
    wide = {ord(c): ord(c) + 0xFEE0 for c in map(chr, range(0x21, 0x7F))}
    if draw(st.integers(0, 9)) == 0:
        name = name.translate(wide)
    return name.replace(" ", draw(st.sampled_from([" ", " ", "\u00a0", "\n", "  ", "&nbsp;"])))


def escaped(text: str, how: str) -> bytes | None:
    """The text as bytes in one of the ways that files hold it."""
    try:
        if how == "json":
            return json.dumps(text).encode()
        if how == "json-utf8":
            return json.dumps(text, ensure_ascii=False).encode()
        if how == "json-all":
            return "".join(f"\\u{unit:04x}" for unit in _units(text)).encode()
        if how == "entities":
            return html.escape(text).encode("ascii", "xmlcharrefreplace")
        return text.encode(how)
    except UnicodeEncodeError:
        return None


def _units(text: str) -> list[int]:
    raw = text.encode("utf-16-be")
    return [int.from_bytes(raw[i : i + 2]) for i in range(0, len(raw), 2)]


WAYS = st.sampled_from(
    ["json", "json-utf8", "json-all", "entities", "utf-8", "utf-16", "utf-16-be", "cp1252", "cp850"]
)


@settings(max_examples=400)
@given(FILLER, written(), FILLER, WAYS)
def test_the_scan_misses_nothing_that_decoding_finds(
    before: str, name: str, after: str, how: str
) -> None:
    text = f"{before} {name} {after}"
    raw = escaped(text, how)
    folded = fold(text).text
    decided = FINDER._decide(text)
    if raw is not None and decided:
        assert FINDER.scan(b'{"t":"' + raw + b'"}\n' if "16" not in how else raw), (how, folded)


@settings(max_examples=150)
@given(FILLER, written(), FILLER)
def test_the_sieve_before_the_decision_changes_nothing(before: str, name: str, after: str) -> None:
    text = f"{before} {name}{after}"
    assert FINDER.matches(text) == FINDER._decide(text)
