"""What a document reader gives: passages with where they stand, and what went wrong."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import msgspec

from nameplate.model.statement import SourceRef

PASSAGE_CHARACTERS: Final = 6_000
"""A passage's usual upper bound: a page or a long answer, with question and answer together."""


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """One passage. ``locator`` as in :mod:`nameplate.model.locator`; the rest where given."""

    text: str
    locator: str
    id: str = ""
    kind: str = ""
    title: str | None = None
    body: str | None = None


class Document(msgspec.Struct, kw_only=True):
    """A document as found. ``passages`` is read once, and adds to ``notes`` while it is read.

    ``failure`` is one sentence where it could not be read at all: that is no finding of silence.
    """

    name: str
    path: Path
    media: str = ""
    sha256: str = ""
    size: int = 0
    title: str = ""
    passages: Iterator[Part] = iter(())
    notes: list[str] = []
    failure: str = ""

    def source(self, part: Part) -> SourceRef:
        """The citation of a passage of this document."""
        return SourceRef(
            sha256=self.sha256, locator=part.locator, title=part.title or self.title or self.name
        )
