"""What a file is, judged by its bytes: a suffix is believed only where the bytes leave it open."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from typing import Final, NamedTuple

HEAD: Final = 65_536
"""Bytes looked at: enough to pass the title rows of a table and the prologue of a document."""

TABLES: Final = frozenset({"csv", "xlsx", "xls", "ods"})
RECORDS: Final = frozenset({"json", "xml"})
PROSE: Final = frozenset({"html", "pdf", "docx", "odt", "text"})
ARCHIVES: Final = frozenset({"gzip", "bzip2", "xz", "zip", "tar"})

_MAGIC: Final[tuple[tuple[bytes, str], ...]] = (
    (b"\x1f\x8b", "gzip"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ\x00", "xz"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "xls"),
    (b"PAR1", "parquet"),
    (b"\x89PNG", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"GIF8", "image"),
    (b"SQLite format 3\x00", "sqlite"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"Rar!\x1a\x07", "rar"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
)
_OPEN_DOCUMENT: Final = {
    b"application/vnd.oasis.opendocument.spreadsheet": "ods",
    b"application/vnd.oasis.opendocument.text": "odt",
}
_ROOT: Final = re.compile(rb"<!doctype\s+html|<[A-Za-z][\w:.-]*[\s/>]", re.IGNORECASE)
"""The first element, or the declaration that makes a document HTML."""
_HTML: Final = re.compile(
    rb"<!doctype\s+html|<html[\s>]|<head[\s>]|<body[\s>]|<table[\s>]|<script[\s>]|<title[\s>]",
    re.IGNORECASE,
)
_JSON_START: Final = re.compile(rb"\s*(?:\{\s*(?:\"|\}|$)|\[\s*(?:[\[{\"\]0-9tfn-]|$))")
_TABLE_SUFFIXES: Final = (".csv", ".tsv", ".tab")
_SEPARATORS: Final = (",", ";", "\t", "|")
_MIN_TABLE_SHARE: Final = 0.6
"""Share of the first lines that must hold one separator for a text to be taken as a table."""


class Sniffed(NamedTuple):
    """``family`` names the reader (a key of the registry) or an unread kind (``image``…)."""

    family: str
    reason: str = ""
    """Why there is no reader for it; empty where there may be one."""


def sniff(path: Path, name: str) -> Sniffed:
    """Return what the file at ``path`` is; ``name`` (its suffix) breaks ties only.

    Raises OSError where it cannot be opened.
    """
    with path.open("rb") as stream:
        head = stream.read(HEAD)
    if not head:
        return Sniffed("empty", "it is empty")
    if head[:4] in (b"PK\x03\x04", b"PK\x05\x06"):
        return _sniff_zip(path)
    for magic, family in _MAGIC:
        if head.startswith(magic):
            known = family in ARCHIVES or family == "xls"
            return Sniffed(family, "" if known else f"{family} files are not read")
    if head[:1024].lstrip().startswith(b"%PDF-"):
        return Sniffed("pdf")
    if head[257:262] == b"ustar":
        return Sniffed("tar")
    return _sniff_text(head, name.lower())


def _sniff_zip(path: Path) -> Sniffed:
    """Tell an office document from an archive by what the zip says it holds."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = {info.filename for info in archive.infolist()[:2000]}
            if "mimetype" in names and archive.getinfo("mimetype").file_size < 200:
                kind = archive.read("mimetype").strip()
                if kind in _OPEN_DOCUMENT:
                    return Sniffed(_OPEN_DOCUMENT[kind])
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError, EOFError) as error:
        return Sniffed("zip", f"the zip is damaged ({error})")
    if "xl/workbook.xml" in names or "xl/workbook.bin" in names:
        return Sniffed("xlsx")
    if "word/document.xml" in names:
        return Sniffed("docx")
    return Sniffed("zip")


def _sniff_text(head: bytes, name: str) -> Sniffed:
    """Judge text: JSON, XML, HTML, a table or prose; binary of no known kind is none of them."""
    text = _decoded(head)
    if text is None:
        return Sniffed("unknown", "it is binary of no known kind")
    plain = text.lstrip("\ufeff").lstrip()
    raw = plain[:8192].encode("utf-8", "replace")
    if _JSON_START.match(raw):
        return Sniffed("statements" if b'"statement_id"' in raw.split(b"\n", 1)[0] else "json")
    if raw.startswith(b"<"):
        # An XML notice may hold elements of the same names (TED's TITLE): its root decides.
        root = _ROOT.search(raw)
        declared = raw.startswith(b"<?xml") or b"xmlns" in raw
        html = _HTML.match(root[0]) if root and declared else _HTML.search(raw)
        return Sniffed("html" if html else "xml")
    if not plain:
        return Sniffed("empty", "it holds only white space")
    if name.endswith(_TABLE_SUFFIXES) or _looks_tabular(plain):
        return Sniffed("csv")
    return Sniffed("html" if len(_HTML.findall(raw)) > 1 else "text")


def _decoded(head: bytes) -> str | None:
    """Decode well enough to look at structure; None for binary."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return head[: len(head) & ~1].decode("utf-16", "replace")
    nuls = head.count(0)
    if nuls > len(head) // 4:
        # Every second byte of UTF-16 without its mark is NUL in Latin text.
        even, odd = head[0::2].count(0), head[1::2].count(0)
        codec = "utf-16-le" if odd > even else "utf-16-be"
        text = head[: len(head) & ~1].decode(codec, "replace")
        return text if text[:500].isprintable() or "\n" in text[:2000] else None
    if nuls > len(head) // 100:
        return None
    control = sum(head.count(code) for code in range(1, 9)) + head.count(0x7F)
    return None if control > len(head) // 50 else head.decode("utf-8", "replace")


def _looks_tabular(text: str) -> bool:
    """Whether one separator stands in most of the first lines, about as often in each."""
    lines = [line for line in re.split(r"[\r\n]+", text)[:60] if line.strip()]
    lines = lines[:-1] or lines
    for separator in _SEPARATORS:
        counts = [line.count(separator) for line in lines]
        having = [count for count in counts if count]
        if len(having) < max(1, _MIN_TABLE_SHARE * len(lines)):
            continue
        common = max(set(having), key=having.count)
        if separator != "," or (common >= 2 and having.count(common) >= len(having) * 0.4):
            return True
    return False
