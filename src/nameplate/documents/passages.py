"""Text cut into passages at blank lines, each with the bytes or lines it was cut from."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from nameplate.documents.model import PASSAGE_CHARACTERS, Part
from nameplate.model.locator import line as line_locator


def cut(blocks: Iterable[tuple[str, str]], *, limit: int = PASSAGE_CHARACTERS) -> Iterator[Part]:
    """Join ``(text, locator)`` blocks into passages of at most ``limit`` characters.

    A passage's locator is that of its first block. A block longer than the limit is cut at a
    sentence or, failing that, anywhere: memory stays flat for a text without breaks.
    """
    held: list[str] = []
    size = 0
    first = ""
    for text, locator in blocks:
        for piece in _pieces(text.strip("\n"), limit):
            if not piece.strip():
                continue
            if held and size + len(piece) > limit:
                yield Part(text="\n\n".join(held), locator=first)
                held, size = [], 0
            if not held:
                first = locator
            held.append(piece)
            size += len(piece) + 2
    if held:
        yield Part(text="\n\n".join(held), locator=first)


def _pieces(text: str, limit: int) -> Iterator[str]:
    at = 0
    while len(text) - at > limit:
        window = text[at : at + limit]
        ends = [m.end() for m in re.finditer(r"(?:[.?!]\s|\n)", window)]
        stop = ends[-1] if ends and ends[-1] > limit // 2 else limit
        yield text[at : at + stop]
        at += stop
    yield text[at:]


def paragraphs(lines: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Blocks between blank lines of ``lines``, each with the locator of its first line."""
    held: list[str] = []
    start = 1
    size = 0
    for number, line in enumerate(lines, start=1):
        if line.strip() and size < PASSAGE_CHARACTERS:
            if not held:
                start = number
            held.append(line.rstrip("\r\n"))
            size += len(line)
            continue
        if held:
            yield "\n".join(held), line_locator(start)
            held, size = [], 0
        if line.strip():
            start = number
            held.append(line.rstrip("\r\n"))
            size = len(line)
    if held:
        yield "\n".join(held), line_locator(start)
