"""Spreadsheets, read in a child process under limits of memory and time.

A spreadsheet reader must believe the file about its size, and a 5 KB file may claim 17 thousand
million cells. So the child (:mod:`nameplate.tabular.child`) looks at the dimensions first, holds
its own memory and processor time to :class:`Limits`, and when it dies all the same the parent
says so in one sentence. Rows stream back over a pipe, so the parent's memory stays flat.
"""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final, Literal

import msgspec

from nameplate.model.errors import InputError, LimitError
from nameplate.tabular.types import Row, Sheet

_FRAME_HEAD: Final = 4
_MAX_FRAME: Final = 1 << 28


@dataclass(frozen=True, slots=True)
class Limits:
    """What one spreadsheet may cost: bytes of address space, seconds, bytes unpacked, grid cells.

    The grid is what a reader allocates: last row times last column that hold a value, at about
    32 bytes a cell.
    """

    memory: int = 1 << 30
    seconds: int = 300
    unpacked: int = 2 << 30
    grid: int = 24_000_000


class _Frame(msgspec.Struct, array_like=True):
    """One message of the child: a sheet begins, rows, the end, or a refusal in words."""

    kind: Literal["sheet", "rows", "end", "limit", "bad"]
    text: str = ""
    do: str = ""
    first: int = 0
    rows: list[list[str]] = msgspec.field(default_factory=list)


def sheets(path: Path, kind: str, limits: Limits) -> Iterator[Sheet]:
    """Yield the sheets of the workbook at ``path`` (``kind``: xlsx, xls or ods).

    Raises LimitError where reading it would cost more than ``limits``, InputError where it is
    damaged.
    """
    arguments = [
        str(path),
        kind,
        str(limits.memory),
        str(limits.seconds),
        str(limits.unpacked),
        str(limits.grid),
    ]
    child = subprocess.Popen(
        [sys.executable, "-I", "-m", "nameplate.tabular.child", *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    late = threading.Event()

    def stop() -> None:
        late.set()
        child.kill()

    timer = threading.Timer(limits.seconds + 10, stop)
    timer.daemon = True
    timer.start()
    if child.stdout is None:
        raise AssertionError("a pipe was asked for")
    try:
        frames = _frames(child.stdout)
        frame = next(frames, None)
        while frame is not None and frame.kind != "end":
            if frame.kind == "limit":
                raise LimitError(frame.text, do=frame.do)
            if frame.kind == "bad":
                raise InputError(frame.text, do=frame.do)
            cursor = _Cursor(frames)
            yield Sheet(frame.text, cursor.rows())
            frame = cursor.finish()
        if frame is None:
            code = child.wait()
            raise _death(code, late=late.is_set(), limits=limits)
    finally:
        timer.cancel()
        child.stdout.close()
        child.kill()
        child.wait()


class _Cursor:
    """The rows of one sheet out of the stream of frames, whether or not anybody reads them."""

    def __init__(self, frames: Iterator[_Frame]) -> None:
        self._frames = frames
        self._after: _Frame | None = None
        self._done = False

    def rows(self) -> Iterator[Row]:
        while not self._done:
            frame = next(self._frames, None)
            if frame is None or frame.kind != "rows":
                self._after, self._done = frame, True
                if frame is None or frame.kind in ("limit", "bad"):
                    return
                return
            for offset, cells in enumerate(frame.rows):
                yield Row(frame.first + offset, cells)

    def finish(self) -> _Frame | None:
        """Skip what was not read and return the frame after this sheet."""
        for _ in self.rows():
            pass
        return self._after


def _frames(stream: IO[bytes]) -> Iterator[_Frame]:
    decoder = msgspec.msgpack.Decoder(_Frame)
    while len(head := stream.read(_FRAME_HEAD)) == _FRAME_HEAD:
        size = int.from_bytes(head, "big")
        if size > _MAX_FRAME:
            return
        body = stream.read(size)
        if len(body) < size:
            return
        yield decoder.decode(body)


def _death(code: int, *, late: bool, limits: Limits) -> LimitError:
    if late or code == -24:  # SIGXCPU
        return LimitError(
            f"reading the workbook took longer than {limits.seconds} seconds",
            do="save the sheet as CSV and give that",
        )
    return LimitError(
        f"reading the workbook needs more than {limits.memory >> 20} MiB of memory, or broke off",
        do="save the sheet as CSV and give that",
    )
