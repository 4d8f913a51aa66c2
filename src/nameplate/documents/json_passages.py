"""JSON lines of passages: ``id, kind, title, body, text`` an object a line."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import msgspec

from nameplate.documents.model import Part
from nameplate.model.locator import line as line_locator

MAX_LINE: Final = 16 << 20


class _Line(msgspec.Struct):
    """The fields read; others are left alone."""

    text: str
    id: str | int = ""
    kind: str | None = None
    title: str | None = None
    body: str | None = None


def read_json_lines(path: Path, notes: list[str]) -> Iterator[Part]:
    """Yield one passage a line; a bad line is noted with its number and the rest goes on."""
    decoder = msgspec.json.Decoder(_Line)
    with path.open("rb") as stream:
        number = 0
        while raw := stream.readline(MAX_LINE):
            number += 1
            if not raw.strip():
                continue
            try:
                item = decoder.decode(raw)
            except msgspec.DecodeError as error:
                notes.append(f"line {number} is no passage ({error}) and was set aside")
                continue
            yield Part(
                text=item.text,
                locator=line_locator(number),
                id=str(item.id) or line_locator(number),
                kind=item.kind or "",
                title=item.title,
                body=item.body,
            )
