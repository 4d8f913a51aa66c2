"""HTML into passages, streamed: no tree is built, scripts and styles are dropped."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from nameplate.documents.model import Part
from nameplate.documents.passages import cut
from nameplate.model.errors import LimitError
from nameplate.model.locator import byte_range

BLOCK: Final = 1 << 18
MAX_BYTES: Final = 512 << 20
"""Largest HTML read, in bytes: beyond it a file is a dump, not a document."""
MAX_RUN: Final = 1 << 20
"""Longest run of text kept without a break, in characters; the rest starts a new block."""

_SILENT: Final = frozenset(
    {"script", "style", "noscript", "template", "svg", "head", "nav", "iframe", "object"}
)
_BREAKS: Final = frozenset(
    {
        "p",
        "div",
        "li",
        "tr",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "section",
        "article",
        "table",
        "ul",
        "ol",
        "dl",
        "dt",
        "dd",
        "blockquote",
        "pre",
        "hr",
        "header",
        "footer",
        "main",
        "form",
        "fieldset",
        "caption",
    }
)
_CELLS: Final = frozenset({"td", "th"})


class _Target:
    """Gathers text between block tags; a table row becomes one line with ``|`` between cells."""

    def __init__(self) -> None:
        self.ready: list[tuple[str, str]] = []
        self.held: list[str] = []
        self.size = 0
        self.silent = 0
        self.title: list[str] = []
        self.in_title = False
        self.offset = 0
        self.started = 0
        self.scripts = 0

    def start(self, tag: str | bytes, attrs: Mapping[str | bytes, str | bytes]) -> None:  # noqa: ARG002
        if tag == "title":
            self.in_title = True
        if tag == "script":
            self.scripts += 1
        if tag in _SILENT:
            self.silent += 1
        elif tag in _BREAKS and tag not in {"tr"}:
            self.flush()
        elif tag == "br":
            self.held.append("\n")
        elif tag in _CELLS and self.held and not self.held[-1].endswith(("\n", "| ")):
            self.held.append(" | ")

    def end(self, tag: str | bytes) -> None:
        if tag == "title":
            self.in_title = False
        if tag in _SILENT:
            self.silent = max(0, self.silent - 1)
        elif tag == "tr":
            self.held.append("\n")
        elif tag in _BREAKS:
            self.flush()

    def data(self, data: str | bytes) -> None:
        text = data if isinstance(data, str) else data.decode("utf-8", "replace")
        if self.in_title:
            if len(self.title) < 20:
                self.title.append(text)
            return
        if self.silent:
            return
        if not self.held:
            self.started = self.offset
        self.held.append(text)
        self.size += len(text)
        if self.size > MAX_RUN:
            self.flush()

    def comment(self, text: str | bytes) -> None:
        """Comments are no text."""

    def close(self) -> None:
        self.flush()

    def flush(self) -> None:
        text = "".join(self.held)
        lines = [" ".join(part.split()) for part in text.split("\n")]
        joined = "\n".join(part for part in lines if part)
        if joined:
            self.ready.append((joined, byte_range(self.started, max(self.offset, self.started))))
        self.held, self.size = [], 0


def read_html(path: Path, notes: list[str]) -> Iterator[Part]:
    """Yield passages of an HTML file in constant memory; raises LimitError over 512 MB.

    The locator is the byte range (to within a block of 256 KB) that the passage was read from.
    """
    if path.stat().st_size > MAX_BYTES:
        raise LimitError(
            f"the page is over {MAX_BYTES >> 20} MB", where=path.name, do="cut it into parts"
        )
    target = _Target()

    def blocks() -> Iterator[tuple[str, str]]:
        from lxml import etree

        parser = etree.HTMLParser(
            target=target, no_network=True, huge_tree=True, recover=True, remove_comments=True
        )
        with path.open("rb") as stream:
            while block := stream.read(BLOCK):
                try:
                    parser.feed(block)
                except (etree.LxmlError, ValueError) as error:
                    notes.append(
                        f"the page is malformed near byte {target.offset}: {str(error)[:80]}"
                    )
                    break
                target.offset += len(block)
                yield from target.ready
                target.ready.clear()
        try:
            parser.close()
        except (etree.LxmlError, ValueError):
            target.flush()
        yield from target.ready
        target.ready.clear()
        if target.scripts:
            notes.append(f"holds {target.scripts} scripts, which were not run")

    for part in cut(blocks()):
        yield Part(
            text=part.text,
            locator=part.locator,
            title=" ".join("".join(target.title).split()) or None,
        )
