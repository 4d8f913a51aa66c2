"""Documents found, told apart by content, and opened by the reader of their form."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from nameplate.documents.model import Document, Part
from nameplate.documents.passages import cut, paragraphs
from nameplate.documents.store import sha256_of
from nameplate.model.errors import InputError, NameplateError, UsageError

_HEAD: Final = 8192
_SKIPPED: Final = frozenset({".ds_store", "thumbs.db"})


def read_paths(paths: Sequence[Path]) -> Iterator[Document]:
    """Yield every document under ``paths``, folders walked by name, opened but not yet read.

    Raises UsageError where a path is missing. What goes wrong later is in the document.
    """
    for path in paths:
        if not path.exists():
            raise UsageError(
                "there is no such file or folder", where=str(path), do="check the path"
            )
    for path in paths:
        if path.is_dir():
            for file in sorted(
                p
                for p in path.rglob("*")
                if p.is_file() and not p.name.startswith(".") and p.name.lower() not in _SKIPPED
            ):
                yield open_document(file, f"{path.name}/{file.relative_to(path).as_posix()}")
        else:
            yield open_document(path, path.name)


def open_document(path: Path, name: str = "", depth: int = 0) -> Document:
    """Open one document; its passages are read lazily, and failures become its ``failure``."""
    name = name or path.name
    document = Document(name=name, path=path, size=path.stat().st_size, notes=[])
    try:
        document.sha256 = sha256_of(path)
        document.media = media_of(path)
        document.passages = _guarded(document, _parts(document, depth))
    except NameplateError as error:
        document.failure = str(error)
    return document


def _guarded(document: Document, parts: Iterator[Part]) -> Iterator[Part]:
    """The first passage is read at once, so that a document that fails whole says so up front."""
    import itertools

    first = next(parts, None)
    if first is None:
        return iter(())
    return _rest(document, itertools.chain([first], parts))


def _rest(document: Document, parts: Iterator[Part]) -> Iterator[Part]:
    try:
        yield from parts
    except NameplateError as error:
        document.notes.append(f"reading stopped: {str(error).rstrip('.')}")


def media_of(path: Path) -> str:
    """The form of a document by its first bytes: pdf, docx, odt, html, eml, jsonl, text.

    Raises InputError for what is none of them (an image, a spreadsheet, an empty file).
    """
    with path.open("rb") as stream:
        head = stream.read(_HEAD)
    if not head.strip(b"\x00\r\n\t \xef\xbb\xbf"):
        raise InputError("the file is empty", where=path.name, do="check it")
    if b"%PDF-" in head[:1024]:
        return "pdf"
    if head.startswith(b"PK"):
        return _zipped(path)
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        raise InputError(
            "an old Word, Outlook or encrypted Office file, which is not read",
            where=path.name,
            do="save it as DOCX or PDF",
        )
    if head.startswith(b"{\\rtf"):
        raise InputError(
            "an RTF file, which is not read", where=path.name, do="save it as DOCX or PDF"
        )
    if head[:4] in (
        b"\x89PNG",
        b"\xff\xd8\xff\xe0",
        b"\xff\xd8\xff\xe1",
        b"GIF8",
        b"II*\x00",
        b"MM\x00*",
    ):
        raise InputError(
            "not readable: a picture without text", where=path.name, do="read it by hand"
        )
    start = head.lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if (
        start.startswith(b"{")
        and path.suffix.lower() in {".jsonl", ".ndjson", ".json", ""}
        and b'"text"' in head
    ):
        return "jsonl"
    if start.startswith(
        (b"<!doctype html", b"<html", b"<head", b"<body", b"<div", b"<p", b"<table")
    ) or (path.suffix.lower() in {".html", ".htm", ".xhtml"} and b"<" in head):
        return "html"
    if path.suffix.lower() == ".eml" or (
        start.split(b"\n", 1)[0].split(b":", 1)[0].strip()
        in {
            b"from",
            b"received",
            b"return-path",
            b"date",
            b"subject",
            b"mime-version",
            b"delivered-to",
            b"message-id",
        }
        and b"\nsubject:" in b"\n" + start
        and (b"\nfrom:" in b"\n" + start)
    ):
        return "eml"
    if b"\x00" in head and not head.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise InputError(
            "not a text, HTML, PDF, DOCX, ODT or EML document",
            where=path.name,
            do="convert it first",
        )
    return "text"


def _zipped(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
            if "word/document.xml" in names:
                return "docx"
            if "content.xml" in names and archive.read("mimetype")[:60].startswith(
                b"application/vnd.oasis.opendocument.text"
            ):
                return "odt"
    except (zipfile.BadZipFile, KeyError, OSError, RuntimeError):
        raise InputError(
            "a damaged or encrypted archive", where=path.name, do="check that it is whole"
        ) from None
    raise InputError(
        "an archive or spreadsheet, not a document of prose",
        where=path.name,
        do="unpack it, or read spreadsheets with `nameplate trace`",
    )


def _parts(document: Document, depth: int) -> Iterator[Part]:
    path, notes, name = document.path, document.notes, document.name
    if document.media == "pdf":
        from nameplate.documents.pdf import read_pdf

        return read_pdf(path, notes, name=name)
    if document.media in {"docx", "odt"}:
        from nameplate.documents.office import read_docx, read_odt

        return (read_docx if document.media == "docx" else read_odt)(path, notes, name=name)
    if document.media == "html":
        from nameplate.documents.markup import read_html

        return read_html(path, notes)
    if document.media == "eml":
        from nameplate.documents.mail import read_eml

        return read_eml(path, notes, open_document, name=name, depth=depth)
    if document.media == "jsonl":
        from nameplate.documents.json_passages import read_json_lines

        return read_json_lines(path, notes)
    return _text(path)


def _text(path: Path) -> Iterator[Part]:
    encoding = encoding_of(path)
    with path.open(encoding=encoding, errors="replace", newline=None) as stream:
        yield from cut(paragraphs(_lines(stream)))


def _lines(stream: object) -> Iterator[str]:
    while line := stream.readline(1 << 20):  # type: ignore[attr-defined]
        yield line


def encoding_of(path: Path) -> str:
    """Encoding of a text by its byte-order mark, else UTF-8 where it decodes, else Windows-1252."""
    import codecs

    with path.open("rb") as stream:
        head = stream.read(1 << 16)
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8-sig"
