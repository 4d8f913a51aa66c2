"""The last look: no private value and no kind of private value in any byte of the finished site.

The projection only lets declared fields through; this search does not trust it. It opens what is
packed (Parquet, SQLite, DOCX, PDF), so that compression hides nothing.
"""

from __future__ import annotations

import re
import sqlite3
import zipfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Final

from nameplate.model.errors import StoreError

_KINDS: Final = (
    ("an e-mail address", re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{2,63})+")),
    (
        "a device's hardware address",
        re.compile(r"(?<![\w:-])(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}(?![\w:-])", re.IGNORECASE),
    ),
    (
        "an address inside a network",
        re.compile(
            r"(?<![\w.])(?:10\.\d{1,3}|192\.168|172\.(?:1[6-9]|2\d|3[01]))\.\d{1,3}\.\d{1,3}(?![\w.]*\d)"
        ),
    ),
)


def check_site(site: Path, private: dict[str, str], contact: str = "") -> int:
    """Search every file under ``site``; returns how many were read.

    ``private`` maps a value to where it was held back from; ``contact`` is the publisher's own
    address, which may be shown. Raises StoreError with the file, the place in it and the kind,
    never with the value.
    """
    import ahocorasick_rs

    values = sorted({value.casefold() for value in private})
    origin = {value.casefold(): where for value, where in private.items()}
    automaton = ahocorasick_rs.AhoCorasick(values) if values else None
    count = 0
    for path in sorted(site.rglob("*")):
        if not path.is_file():
            continue
        count += 1
        name = path.relative_to(site).as_posix()
        for place, text in _texts(path):
            for kind, pattern in _KINDS:
                found = next((m for m in pattern.finditer(text) if m[0] != contact), None)
                if found:
                    _stop(f"{name}, {place}", kind)
            for number, start, end in (
                automaton.find_matches_as_indexes(text.casefold()) if automaton else ()
            ):
                if _whole(text.casefold(), start, end):
                    _stop(f"{name}, {place}", f"a value held back from {origin[values[number]]}")
    return count


def _stop(where: str, what: str) -> None:
    raise StoreError(
        f"the site would publish {what}", where=where, do="nothing was published; mend the source"
    )


def _whole(text: str, start: int, end: int) -> bool:
    before, after = text[start - 1 : start], text[end : end + 1]
    return not (before.isalnum() or after.isalnum())


def _texts(path: Path) -> Iterator[tuple[str, str]]:
    """Pieces of a file's text, each with its place."""
    if path.suffix == ".parquet":
        yield from _parquet(path)
    elif path.suffix == ".sqlite":
        yield from _sqlite(path)
    elif path.suffix == ".docx":
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                raw = archive.read(name).decode("utf-8", "replace")
                yield name, re.sub(r"<[^>]{0,2000}>", "", raw)
    elif path.suffix == ".pdf":
        yield from _pdf(path)
    else:
        import html

        escaped = path.suffix in (".html", ".xml", ".svg")
        with path.open(encoding="utf-8", errors="replace") as stream:
            for number, line in enumerate(stream, 1):
                yield f"line {number}", html.unescape(line) if escaped else line


def _parquet(path: Path) -> Iterator[tuple[str, str]]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    with pq.ParquetFile(path) as file:
        yield "its schema", str(file.schema_arrow.to_string(show_field_metadata=True))
        first = 1
        for batch in file.iter_batches(batch_size=4096):
            for name, column in zip(batch.schema.names, batch.columns, strict=True):
                if not pa.types.is_string(column.type):
                    continue
                for number, value in enumerate(column.to_pylist()):
                    if value:
                        yield f"row {first + number}, column {name}", value
            first += batch.num_rows


def _sqlite(path: Path) -> Iterator[tuple[str, str]]:
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as db:
        tables = db.execute("SELECT name FROM sqlite_master WHERE type='table' ORDER BY 1")
        for (table,) in tables.fetchall():
            rows = db.execute(f'SELECT * FROM "{table}"')  # noqa: S608 - names from the file's schema
            for number, row in enumerate(rows, 1):
                for value in row:
                    if isinstance(value, str):
                        yield f"table {table}, row {number}", value


def _pdf(path: Path) -> Iterator[tuple[str, str]]:
    import pypdfium2

    with closing(pypdfium2.PdfDocument(path)) as document:
        for key, value in document.get_metadata_dict().items():
            yield f"its {key}", value
        for number in range(len(document)):
            page = document[number]
            yield f"page {number + 1}", page.get_textpage().get_text_bounded()
