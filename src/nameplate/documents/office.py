"""DOCX and ODT into passages: zip and XML read under limits, entities and macros left alone."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Final
from xml.etree.ElementTree import Element, ParseError

from nameplate.documents.model import Part
from nameplate.documents.passages import cut
from nameplate.model.errors import InputError, LimitError

MAX_UNPACKED: Final = 200 << 20
"""Most bytes of XML unpacked from one document."""
MAX_RATIO: Final = 200
"""Most times a member may unpack to: beyond it, it is a bomb."""

_W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_T: Final = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_TABLE: Final = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"


class _Counted:
    """A stream that refuses to give more than its limit, whatever the archive's header said."""

    def __init__(self, stream: IO[bytes], limit: int, where: str) -> None:
        self.stream, self.left, self.where = stream, limit, where

    def read(self, size: int = -1) -> bytes:
        block = self.stream.read(min(size, 1 << 16) if size > 0 else 1 << 16)
        self.left -= len(block)
        if self.left < 0:
            raise LimitError(
                "the document unpacks to far more than it says",
                where=self.where,
                do="do not open it",
            )
        return block


def _member(archive: zipfile.ZipFile, name: str, where: str) -> _Counted:
    try:
        info = archive.getinfo(name)
    except KeyError:
        raise InputError(
            f"the document has no {name}", where=where, do="check that it is whole"
        ) from None
    if info.file_size > MAX_UNPACKED or info.file_size > MAX_RATIO * max(info.compress_size, 1024):
        raise LimitError("the document unpacks to far too much", where=where, do="do not open it")
    return _Counted(archive.open(info), MAX_UNPACKED, where)


def _events(stream: _Counted, where: str) -> Iterator[tuple[str, Element]]:
    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import iterparse

    try:
        yield from iterparse(
            stream,
            events=("start", "end"),
            forbid_dtd=True,
            forbid_entities=True,
            forbid_external=True,
        )
    except DefusedXmlException:
        raise InputError(
            "the document's XML declares entities or a DTD, which are not read",
            where=where,
            do="save it anew from a trusted program",
        ) from None
    except ParseError as error:
        raise InputError(
            f"the document's XML is malformed ({error})", where=where, do="check that it is whole"
        ) from None


def _open(path: Path, where: str) -> zipfile.ZipFile:
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, NotImplementedError):
        raise InputError(
            "the document is no readable zip archive", where=where, do="check that it is whole"
        ) from None
    if any(info.flag_bits & 1 for info in archive.infolist()):
        archive.close()
        raise InputError(
            "the document is encrypted", where=where, do="ask for a copy without a password"
        )
    return archive


def read_docx(path: Path, notes: list[str], *, name: str = "") -> Iterator[Part]:
    """Yield passages of a DOCX, table rows as lines; raises InputError, LimitError.

    Macros and linked or embedded objects are never opened; ``notes`` says that they are there.
    """
    where = name or path.name
    with _open(path, where) as archive:
        names = archive.namelist()
        if any(n.endswith("vbaProject.bin") for n in names):
            notes.append("holds macros, which were not run")
        if any("/embeddings/" in n for n in names):
            notes.append("holds embedded files, which were not opened")
        for part in [
            "word/document.xml",
            *sorted(n for n in names if n.startswith(("word/footnotes", "word/endnotes"))),
        ]:
            yield from cut(_docx_blocks(_events(_member(archive, part, where), where)))


def _docx_blocks(events: Iterator[tuple[str, Element]]) -> Iterator[tuple[str, str]]:
    number = 0
    text: list[str] = []
    cells: list[str] = []
    depth = deleted = 0
    for event, element in events:
        tag = element.tag
        if event == "start":
            depth += tag == f"{_W}tr"
            deleted += tag == f"{_W}del"
            continue
        if tag == f"{_W}del":
            deleted -= 1
        elif tag == f"{_W}t" and not deleted:
            text.append(element.text or "")
        elif tag in {f"{_W}tab"}:
            text.append("\t")
        elif tag in {f"{_W}br", f"{_W}cr"}:
            text.append("\n")
        elif tag == f"{_W}p":
            if depth:
                text.append(" ")
            else:
                number += 1
                if "".join(text).strip():
                    yield "".join(text), f"paragraph:{number}"
                text = []
        elif tag == f"{_W}tc" and depth:
            cells.append(" ".join("".join(text).split()))
            text = []
        elif tag == f"{_W}tr":
            depth -= 1
            number += 1
            if any(cells):
                yield " | ".join(cells), f"paragraph:{number}"
            cells = []
        if tag in {f"{_W}p", f"{_W}tr", f"{_W}tbl"}:
            element.clear()


def read_odt(path: Path, notes: list[str], *, name: str = "") -> Iterator[Part]:
    """Yield passages of an ODT, table rows as lines; raises InputError, LimitError."""
    where = name or path.name
    with _open(path, where) as archive:
        names = archive.namelist()
        if any(n.startswith(("Basic/", "Scripts/")) for n in names):
            notes.append("holds macros, which were not run")
        if any(n.startswith("Object ") for n in names):
            notes.append("holds embedded files, which were not opened")
        yield from cut(_odt_blocks(_events(_member(archive, "content.xml", where), where)))


def _odt_blocks(events: Iterator[tuple[str, Element]]) -> Iterator[tuple[str, str]]:
    number = 0
    cells: list[str] = []
    held: list[str] = []
    rows = 0
    for event, element in events:
        if event == "start":
            rows += element.tag == f"{_TABLE}table-row"
            continue
        if element.tag in {f"{_T}p", f"{_T}h"}:
            line = " ".join("".join(element.itertext()).split())
            if rows:
                held.append(line)
            else:
                number += 1
                if line:
                    yield line, f"paragraph:{number}"
            element.clear()
        elif element.tag == f"{_TABLE}table-cell":
            cells.append(" ".join(held))
            held = []
        elif element.tag == f"{_TABLE}table-row":
            rows -= 1
            number += 1
            if any(cells):
                yield " | ".join(cells), f"paragraph:{number}"
            cells = []
            element.clear()
