r"""Ways of writing bytes that hide a plain letter or a break: few, fixed, and scanned for always.

``\\u0068``, ``&#104;``, soft hyphens, accents, full-width letters, tags and UTF-16 hide any name
from a pattern spelt in plain letters. A record with one of them is always a candidate, so the
patterns of names need not know them. Which characters fold to plain letters is Unicode's matter:
a test walks all code points and holds these patterns to :mod:`nameplate.tracing.folding`.

All are regular expressions on bytes written as Latin-1 text, in the part of the syntax that
Hyperscan and :mod:`re` share, matched case-insensitively.
"""

from __future__ import annotations

from typing import Final

from nameplate.tracing.folding import TAG_NAMES

_HEX_PLAIN: Final = r"0*(?:[46][1-9a-f]|[57][0-9a]|3[0-9]|2[d-f]|5f)"
_DECIMAL_PLAIN: Final = r"0*(?:4[5-9]|5[0-7]|6[5-9]|[78][0-9]|90|9[7-9]|1[01][0-9]|12[0-2])"

# Every alternative begins with a byte that is rare in plain text, so that the engine can skip
# from one to the next; what stands before it is not asked, for that would cost the skipping.
_AND: Final = "&(?:amp;)?"
"""An ampersand that opens an entity, escaped itself or not."""

ODDITIES: Final[tuple[str, ...]] = (
    # UTF-8 of letters with accents, marks, and what NFKC makes plain letters and digits of.
    # Text mangled by a second encoding (an accented A before another high byte) is left out.
    r"[\xc4-\xc9\xcc\xcd][\x80-\xbf]|\xc3[\x80\x81\x84-\xa1\xa3-\xbf]|\xc3[\x82\x83][^\xc2]"
    r"|\xc3\xa2(?:[^\xe2]|\xe2[^\x82])|\xc2[\xaa\xb2\xb3\xb9\xba\xbc-\xbe]|\xca[\xb0-\xb8]|\xcb[\xa0-\xa4]"
    r"|\xe1[\xaa\xab\xb4-\xbb]|\xe2\x81[\xb0-\xbf]|\xe2\x82[\x80-\x9c\xa8]|\xe2\x86\x89|\xe2\x84[\x80-\xa1\xa3-\xbf]"
    r"|\xe2[\x85\x91-\x93\xb1]|\xe3[\x88-\x8f]|\xea[\x9c-\x9f\xac-\xad]|\xef\xac|\xef\xbc[\x8e-\xbf]|\xef\xbd[\x80-\x9a]"
    r"|\xf0[\x9d\x9f\x90]",
    # UTF-8 of what no reader sees inside a word, and of dashes that a model number may hold.
    r"\xc2\xad|\xe2\x80[\x8b-\x8f]|\xe2\x81\xa0|\xe1\xa0\x8e|\xef\xbb\xbf"
    r"|(?:\xe2\x80[\x90-\x95]|\xe2\x88\x92|\xef\xb9\xa3|\xef\xbc\x8d)[a-z0-9]",
    # The same behind a JSON escape, plain letters and digits too.
    r"\\u00(?:[46][1-9a-f]|[57][0-9a]|3[0-9]|2[d-f]|5f|c[014-9a-f]|[df][0-9a-f]|e[013-9a-f]|aa|ad|b[239abcde])"
    r"|\\u00c[23](?:[^\x5c]|\\[^u]|\\u(?:[^0]|0[^0]|00[^89ab]))"
    r"|\\u00e2(?:[^\x5c]|\\[^u]|\\u(?:[^2]|2[^0]|20[^a]))"
    r"|\\u0(?:[12][0-9a-f]{2}|3[0-6][0-9a-f])|\\u1(?:a[bc]|d[2-9a-f]|e)|\\u180e"
    r"|\\u20(?:0[b-f]|6|[789]|a8)|\\u20(?:1[0-5]|2d)[a-z0-9]|\\u2212[a-z0-9]|\\u21[0-8]|\\u24[6-9a-f]|\\u2c[67]"
    r"|\\u3[23]|\\ua[7b]|\\ud8|\\uf(?:b0|e63|eff|f[0-5])",
    # The same as an entity, escaped once more where a web page was put into one.
    rf"{_AND}#(?:{_DECIMAL_PLAIN}|x{_HEX_PLAIN});"
    rf"|{_AND}[a-z]{{1,2}}(?:acute|grave|circ|uml|tilde|cedil|ring|slash|caron|breve|macr|ogon|dot|strok|lig|th|d);"
    rf"|{_AND}(?:ord[fm]|sup[123]|frac[0-9]{{2}}|shy|zwj|zwnj|lrm|rlm|[a-z]{{2}}lig);"
    rf"|{_AND}(?:[a-z]{{0,2}}dash|hyphen|minus|#8[0-9]{{3}});[a-z0-9]"
    rf"|{_AND}#0*(?:1[7-9][0-9]|[2-9][0-9]{{2}}|[1-79][0-9]{{3}}|8[013-9][0-9]{{2}}|820[3-7]|8288"
    r"|[1-9][0-9]{4,6});"
    rf"|{_AND}#x0*(?:[0-9a-f]{{2,3}}|[13-9a-f][0-9a-f]{{3}}|2[1-9a-f][0-9a-f]{{2}}|20[06][0-9a-f]"
    r"|[1-9a-f][0-9a-f]{4,5});",
    # An entity of an entity, or one whose ampersand is itself escaped.
    r"(?:&amp;|\\u0026|&#0*38;|&#x0*26;)(?:#|[a-z]{2,8}[0-9]{0,2};)",
    # A single high byte beside plain ones is no UTF-8: a Windows or DOS code page.
    r"[\xc2-\xf4][\x00-\x7f]|[\xf5-\xff]|[\xc0\xc1]",
    r"[\x00-\x7f][\x80-\x9b\x9d-\xa2\xa4-\xa7\xaa\xad\xb2\xb3\xb5-\xb7\xb9\xba\xbc-\xbe]",
    # A tag; a hyphen at a line's end.
    rf"(?:<|\\u003c|&lt;)\\?/?(?:{TAG_NAMES})(?:\s|\\?/|\\[nrt]|>|\\u003e|&gt;)",
    r"-(?:\\[nr]|[\r\n])|- (?:\\[nr]|[\r\n])|-  (?:\\[nr]|[\r\n])|\\u201[01]\\[nr]|-\\u000[ad]",
)
"""On bytes of any 8-bit or UTF-8 encoding."""

UTF16_SEEN: Final = r"\x00[\x20-\x7e]"
"""UTF-16 of either order; asked once a block, which is then decoded and looked at again."""
