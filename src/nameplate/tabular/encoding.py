"""Which encoding a text file is in, settled by the evidence of its bytes.

Order: a byte-order mark; NULs in every other byte (UTF-16 without a mark); valid UTF-8 all
through; then Windows-1252 against the DOS code pages 437 and 850, by what each high byte would
mean. The pound sign is the best witness: 0xA3 in Windows-1252 (ISO 8859-1), 0x9C in both DOS
code pages (Unicode's mapping tables CP1252.TXT, CP437.TXT and CP850.TXT).
"""

from __future__ import annotations

import codecs
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_BLOCK: Final = 1 << 20
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Characters that British records hold, and how strongly each speaks for the page it comes from.
_LIKELY: Final = dict.fromkeys("£€", 3.0) | dict.fromkeys("–—‘’“”…•\u00a0°½¼®™´·²³", 1.0)
_LETTERS: Final = dict.fromkeys("áéíóúàèìòùâêîôûŵŷäëïöüçñåøæßÁÉÍÓÚÀÈÌÒÙÂÊÎÔÛÄËÏÖÜÇÑÅØÆ", 0.5)
_WEIGHT: Final = _LETTERS | _LIKELY
_PAGES: Final = ("cp1252", "cp850", "cp437")
_LATIN_ONLY: Final = frozenset({0x81, 0x8D, 0x8F, 0x90, 0x9D})
"""Bytes that Windows-1252 leaves undefined."""


@dataclass(frozen=True, slots=True)
class Encoding:
    """A Python codec name, and whether some bytes have no character in it.

    ``plain`` says that every byte is ASCII apart from a byte-order mark.
    """

    name: str
    plain: bool = False
    damaged: bool = False


def detect_encoding(path: Path) -> Encoding:
    """Read the whole of ``path`` in blocks and name its encoding. Memory is one block.

    Raises OSError where the file cannot be read.
    """
    with path.open("rb") as stream:
        head = stream.read(_BLOCK)
        for mark, name in _MARKS:
            if head.startswith(mark):
                return _checked_utf8(path) if name == "utf-8-sig" else Encoding(name)
        wide = _wide(head)
        if wide:
            return Encoding(wide)
        decoder: codecs.IncrementalDecoder | None = codecs.getincrementaldecoder("utf-8")()
        plain = True
        high: Counter[int] = Counter()
        followed: Counter[bool] = Counter()
        block = head
        while block:
            if not (block.isascii() and plain):
                plain = plain and block.isascii()
                if decoder is not None:
                    try:
                        decoder.decode(block)
                    except UnicodeDecodeError:
                        decoder = None
            elif decoder is not None:
                decoder.decode(b"")
            if not block.isascii():
                high.update(byte for byte in block.translate(None, delete=_ASCII))
                followed[_pound_before_digit(block)] += 1
            block = stream.read(_BLOCK)
    if plain:
        return Encoding("utf-8", plain=True)
    if decoder is not None:
        try:
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            decoder = None
        else:
            return Encoding("utf-8")
    if _mostly_utf8(path):
        return Encoding("utf-8", damaged=True)
    return _code_page(high, dos_pound=followed[True] > 0)


_ASCII: Final = bytes(range(128))


def _checked_utf8(path: Path) -> Encoding:
    """UTF-8 with a mark, and whether what follows keeps to it."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    plain = True
    with path.open("rb") as stream:
        stream.seek(len(codecs.BOM_UTF8))
        try:
            while block := stream.read(_BLOCK):
                plain = plain and block.isascii()
                decoder.decode(block)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return Encoding("utf-8-sig", damaged=True)
    return Encoding("utf-8-sig", plain=plain)


def _wide(head: bytes) -> str:
    """UTF-16 without a mark: in mostly Latin text, every other byte is NUL."""
    sample = head[: 1 << 16]
    if len(sample) < 4 or b"\0" not in sample:
        return ""
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    half = len(sample) / 2
    if odd > 0.6 * half and even < 0.1 * half:
        return "utf-16-le"
    if even > 0.6 * half and odd < 0.1 * half:
        return "utf-16-be"
    return ""


def _mostly_utf8(path: Path) -> bool:
    """Whether characters of several bytes outnumber stray bytes by three to one, or more."""
    good = bad = 0
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    with path.open("rb") as stream:
        while block := stream.read(_BLOCK):
            if not block.isascii():
                text = decoder.decode(block)
                strays = text.count("\N{REPLACEMENT CHARACTER}")
                bad += strays
                good += len(text) - len(text.encode("ascii", "ignore")) - strays
            else:
                decoder.decode(b"")
    return good >= 3 * bad


def _pound_before_digit(block: bytes) -> bool:
    """Whether 0x9C stands where a pound sign does: before a digit, or in brackets."""
    at = block.find(0x9C)
    while at >= 0:
        after = block[at + 1 : at + 2]
        if after.isdigit() or (after == b")" and block[at - 1 : at] == b"("):
            return True
        at = block.find(0x9C, at + 1)
    return False


def _code_page(high: Counter[int], *, dos_pound: bool) -> Encoding:
    """The single-byte page under which the high bytes make the likeliest characters."""
    scores: dict[str, float] = {}
    for page in _PAGES:
        total = 0.0
        for byte, count in high.items():
            if page == "cp1252" and byte in _LATIN_ONLY:
                total -= 2.0 * count
                continue
            character = bytes([byte]).decode(page)
            total += _WEIGHT.get(character, -0.25 if character.isalpha() else -1.0) * count
        scores[page] = total
    if dos_pound and not high[0xA3]:
        scores["cp1252"] -= 3.0 * high[0x9C]
    best = max(_PAGES, key=lambda page: (scores[page], -_PAGES.index(page)))
    return Encoding(best, damaged=best == "cp1252" and any(high[byte] for byte in _LATIN_ONLY))
