"""PDF text layers into passages, page by page, read in a child process under limits."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from nameplate.documents.model import Part
from nameplate.documents.passages import cut
from nameplate.model.errors import InputError, LimitError
from nameplate.model.locator import page as page_locator

MEMORY: Final = 2 << 30
"""Address space of the child, in bytes: PDFium maps far more than it uses."""
SECONDS: Final = 120
"""Processor time of the child; the wall clock gets twice as much."""
MAX_PAGES: Final = 5_000


def read_pdf(
    path: Path, notes: list[str], *, memory: int = MEMORY, seconds: int = SECONDS, name: str = ""
) -> Iterator[Part]:
    """Yield passages of a PDF's text layer, with ``page:n`` locators.

    Raises InputError where it is encrypted, malformed or holds pages without any text (a scan:
    not readable, which is not "nothing found"); LimitError where it costs too much. Scripts and
    attached files are never run or opened; ``notes`` says that they are there.
    """
    shown = name or path.name
    child = subprocess.Popen(
        [
            sys.executable,
            "-I",
            "-m",
            "nameplate.documents.pdf_child",
            str(path),
            str(memory),
            str(seconds),
            str(MAX_PAGES),
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        stdin=subprocess.DEVNULL,
    )
    timer = threading.Timer(2 * seconds, child.kill)
    timer.start()
    empty: list[int] = []
    broken: list[int] = []
    seen = total = 0
    try:

        def pages() -> Iterator[tuple[str, str]]:
            nonlocal seen, total
            assert child.stdout is not None  # noqa: S101
            for line in child.stdout:
                frame = json.loads(line)
                if "error" in frame:
                    raise _refusal(frame["error"], shown)
                if "pages" in frame:
                    total = frame["pages"]
                    _extras(frame, notes)
                    continue
                seen += 1
                if frame.get("broken"):
                    broken.append(frame["page"])
                text = frame["text"].replace("\r\n", "\n").replace("\x02", "").replace("\ufffe", "")
                if text.strip():
                    yield text, page_locator(frame["page"])
                else:
                    empty.append(frame["page"])

        for text, locator in pages():
            yield from cut([(text, locator)])
        child.wait()
    finally:
        timer.cancel()
        if child.poll() is None:
            child.kill()
        child.wait()
        if child.stdout is not None:
            child.stdout.close()
    _closing(shown, notes, seen, total, empty, broken, child.returncode)


def _refusal(kind: str, shown: str) -> InputError:
    if kind == "encrypted":
        return InputError(
            "the PDF is encrypted and asks for a password",
            where=shown,
            do="ask for a copy without one",
        )
    return InputError(
        "the PDF is malformed and cannot be opened", where=shown, do="ask for a new copy"
    )


def _extras(frame: dict[str, int], notes: list[str]) -> None:
    if frame.get("scripts"):
        notes.append(f"holds {frame['scripts']} scripts, which were not run")
    if frame.get("attachments"):
        notes.append(f"holds {frame['attachments']} attached files, which were not opened")


def _closing(  # noqa: PLR0917
    shown: str,
    notes: list[str],
    seen: int,
    total: int,
    empty: list[int],
    broken: list[int],
    code: int | None,
) -> None:
    """Say what was not read, or raise where that is all of it."""
    if code not in (0, None, -9, -24) and seen < min(total, MAX_PAGES):
        raise InputError(
            f"the PDF breaks its reader at page {seen + 1}", where=shown, do="ask for a new copy"
        )
    if seen < min(total, MAX_PAGES) or (total == 0 and code not in (0, None)):
        raise LimitError(
            f"reading stopped at page {seen} of {total or 'an unknown number'}: "
            "it costs too much time or memory",
            where=shown,
            do="split the PDF, or read it by hand",
        )
    if seen and len(empty) == seen:
        raise InputError(
            f"not readable: none of its {seen} pages has a text layer (a scan)",
            where=shown,
            do="read it by hand or have its text recognised",
        )
    if empty:
        notes.append(
            f"{len(empty)} of {seen} pages have no text layer and were not read"
            f" (first: page {empty[0]})"
        )
    if broken:
        notes.append(f"{len(broken)} pages are broken (first: page {broken[0]})")
    if total > MAX_PAGES:
        notes.append(f"only the first {MAX_PAGES} of {total} pages were read")
