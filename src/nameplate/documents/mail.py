"""E-mails into passages: the text first, then the attached documents that can be read."""

from __future__ import annotations

import email
import email.policy
import tempfile
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from pathlib import Path
from typing import Final

from nameplate.documents.model import Document, Part
from nameplate.documents.passages import cut, paragraphs
from nameplate.model.errors import InputError, LimitError, NameplateError

MAX_BYTES: Final = 64 << 20
MAX_PARTS: Final = 200
MAX_DEPTH: Final = 3


def read_eml(
    path: Path,
    notes: list[str],
    opened: Callable[[Path, str, int], Document],
    *,
    name: str = "",
    depth: int = 0,
) -> Iterator[Part]:
    """Yield the text of a message and of its attachments; raises InputError, LimitError.

    ``opened`` reads an attachment; one that cannot be read is noted and the rest goes on.
    Locators name the part: ``part:2`` and, in an attachment, its own place after it.
    """
    where = name or path.name
    if path.stat().st_size > MAX_BYTES:
        raise LimitError(
            f"the message is over {MAX_BYTES >> 20} MB",
            where=where,
            do="save its attachments apart",
        )
    with path.open("rb") as stream:
        message = email.message_from_binary_file(stream, policy=email.policy.default)
    if not isinstance(message, EmailMessage) or not (
        message.keys() and (message["from"] or message["subject"] or message["date"])
    ):
        raise InputError("this is no e-mail message", where=where, do="check the file")
    title = str(message["subject"] or "") or None
    best = message.get_body(preferencelist=("plain", "html"))
    with tempfile.TemporaryDirectory(prefix="nameplate-mail-") as folder:
        for number, part in enumerate(message.walk(), start=1):
            if number > MAX_PARTS:
                notes.append(f"only the first {MAX_PARTS} parts were read")
                return
            if part.is_multipart():
                continue
            file_name = part.get_filename()
            if part is best:
                yield from _text(part, number, title, Path(folder))
            elif file_name or part.get_content_disposition() == "attachment":
                yield from _attached(
                    part, number, file_name or f"part {number}", Path(folder), opened, depth, notes
                )


def _text(part: EmailMessage, number: int, title: str | None, folder: Path) -> Iterator[Part]:
    try:
        content = part.get_content()
    except (LookupError, UnicodeError):
        content = part.get_payload(decode=True) or b""
        content = content.decode("utf-8", "replace") if isinstance(content, bytes) else str(content)
    if part.get_content_subtype() == "html":
        from nameplate.documents.markup import read_html

        page = folder / "body.html"
        page.write_text(str(content), encoding="utf-8")
        for piece in read_html(page, []):
            yield Part(text=piece.text, locator=f"part:{number} {piece.locator}", title=title)
        return
    for piece in cut(paragraphs(str(content).splitlines())):
        yield Part(text=piece.text, locator=f"part:{number} {piece.locator}", title=title)


def _attached(  # noqa: PLR0917
    part: EmailMessage,
    number: int,
    shown: str,
    folder: Path,
    opened: Callable[[Path, str, int], Document],
    depth: int,
    notes: list[str],
) -> Iterator[Part]:
    if depth >= MAX_DEPTH:
        notes.append(f"the attachment {shown!r} is nested too deep and was not opened")
        return
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes) or not payload:
        return
    file = folder / f"attachment-{number}{Path(shown).suffix[:10]}"
    file.write_bytes(payload)
    document = opened(file, shown, depth + 1)
    if document.failure:
        notes.append(f"the attachment {shown!r} was not read: {document.failure.rstrip('.')}")
        return
    try:
        for piece in document.passages:
            yield Part(
                text=piece.text,
                locator=f"part:{number} {piece.locator}",
                title=piece.title or shown,
                kind=piece.kind,
                body=piece.body,
                id=piece.id,
            )
    except NameplateError as error:
        notes.append(f"the attachment {shown!r} was not read: {str(error).rstrip('.')}")
    notes.extend(f"in {shown!r}: {note}" for note in document.notes)
