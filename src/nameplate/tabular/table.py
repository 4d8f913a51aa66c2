"""``open_table``: any table file as sheets of rows, recognised by content and not by name."""

from __future__ import annotations

import io
import itertools
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from nameplate.model import locator
from nameplate.model.errors import InputError
from nameplate.tabular import delimited, workbook
from nameplate.tabular.encoding import Encoding, detect_encoding
from nameplate.tabular.types import Row, Sheet, TableInfo

__all__ = ["Row", "Sheet", "Table", "TableInfo", "open_table", "row_locator", "sniff_format"]

_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SNIFF_LINES: Final = 100


class Table:
    """A table file, opened: ``info`` at once, ``sheets`` as often as needed, in order."""

    def __init__(self, path: Path, *, limits: workbook.Limits | None = None) -> None:
        self.path = path
        kind = sniff_format(path)
        self.info = TableInfo(kind)
        self._limits = limits or workbook.Limits()
        self.encoding: Encoding | None = None
        self.dialect = delimited.Dialect()
        if kind == "csv":
            self.encoding = detect_encoding(path)
            self.info.encoding = self.encoding.name
            with self._text() as stream:
                lines = list(itertools.islice(_lines(stream), _SNIFF_LINES))
            _refuse_what_is_no_table(lines)
            self.dialect = delimited.sniff(lines)
            self.info.delimiter = self.dialect.delimiter
            if self.dialect.delimiter == "\t":
                self.info.format = "tsv"
            if self.encoding.damaged:
                self.info.notes.append(
                    f"bytes that are no {self.encoding.name} are shown as \N{REPLACEMENT CHARACTER}"
                )

        self._opened = list(self.info.notes)

    @property
    def is_text(self) -> bool:
        """Whether rows are delimited text, located by physical line."""
        return self.encoding is not None

    def sheets(self) -> Iterator[Sheet]:
        """Yield the sheets; each one's rows must be consumed before the next is asked for.

        Raises InputError or LimitError with one sentence where the file cannot be read.
        """
        if self.is_text:
            yield Sheet("", self._text_rows())
        else:
            yield from workbook.sheets(self.path, self.info.format, self._limits)

    def _text_rows(self) -> Iterator[Row]:
        yield from self.rows_from(1)

    def rows_from(self, line: int) -> Iterator[Row]:
        """Rows of a text file from physical line ``line``, which must begin a record."""
        self.info.notes[:] = self._opened
        with self._text() as stream:
            lines = itertools.islice(_lines(stream), line - 1, None)
            yield from delimited.rows_of(lines, self.dialect, self.info.notes, first=line)

    @contextmanager
    def _text(self) -> Iterator[io.TextIOWrapper]:
        if self.encoding is None:
            raise AssertionError("a spreadsheet has no text")
        with self.path.open("r", encoding=self.encoding.name, errors="replace") as stream:
            yield stream


def open_table(path: Path, *, limits: workbook.Limits | None = None) -> Table:
    """Open ``path`` as a table. Raises InputError where it is none, OSError where unreadable."""
    return Table(path, limits=limits)


def row_locator(sheet: str, number: int) -> str:
    """Locator of a row: its physical line, or its sheet and row."""
    return locator.sheet_row(sheet, number) if sheet else locator.line(number)


def sniff_format(path: Path) -> str:
    """``xlsx``, ``xls``, ``ods`` or ``csv`` (any delimited text), by content.

    Raises InputError for an encrypted workbook, another zip, an empty or a binary file.
    """
    with path.open("rb") as stream:
        head = stream.read(1 << 16)
    if not head.strip(b"\0\r\n\t \xef\xbb\xbf"):
        raise InputError("the file is empty", do="fetch it again from its publisher")
    if head.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in _ole_directory(path):
            raise InputError(
                "the workbook is protected by a password", do="save a copy without one"
            )
        return "xls"
    if head.startswith(b"PK"):
        return _sniff_zip(path)
    if head[:2] in (b"\x09\x08", b"\x09\x04", b"\x09\x02") and head[2:4] != b"\0\0":
        return "xls"
    if head.startswith((b"%PDF", b"\x1f\x8b", b"\x89PNG", b"\xff\xd8\xff", b"Rar!", b"7z\xbc\xaf")):
        raise InputError("the file is no table", do="look at what it really is")
    return "csv"


def _ole_directory(path: Path) -> bytes:
    """Bytes in which an OLE file's stream names stand: the whole of it, up to 64 MiB."""
    with path.open("rb") as stream:
        return stream.read(1 << 26)


def _sniff_zip(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
    except zipfile.BadZipFile:
        raise InputError(
            "the workbook is cut short or damaged", do="fetch it again from its publisher"
        ) from None
    if "content.xml" in names:
        return "ods"
    if any(name.startswith("xl/") for name in names):
        return "xlsx"
    raise InputError("a zip archive that holds no workbook", do="unpack it and give its files")


def _lines(stream: io.TextIOWrapper) -> Iterator[str]:
    try:
        yield from delimited.physical_lines(stream)
    except ValueError as error:
        raise InputError(str(error), do="this is no table of rows; leave it out") from None
    except UnicodeError as error:
        raise InputError(
            f"the text is no {stream.encoding}: {error}", do="save it again as UTF-8"
        ) from None


def _refuse_what_is_no_table(lines: list[str]) -> None:
    text = "".join(lines[:50]).lstrip("\ufeff \t\r\n").lower()
    if text.startswith(("<!doctype html", "<html", "<head", "<body", "<script", "<!--")):
        raise InputError(
            "the file is named as a table but is a web page (HTML)",
            do="download the data itself, not the page about it",
        )
    if text.startswith("<?xml"):
        raise InputError(
            "the file is named as a table but is XML", do="save it as CSV or XLSX first"
        )
    control = sum(1 for character in text if character < " " and character not in "\t\n\r\f\0\x1a")
    if text and control / len(text) > 0.05:
        raise InputError("the file is binary, not a table", do="look at what it really is")
