"""JSON lines: told apart from other framings, cut into blocks of whole lines, scanned undecoded."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import Final, NamedTuple, TypeVar

from nameplate.sources.json_window import (
    BLOCK,
    MIB,
    ByteSource,
    FrameError,
    TruncatedError,
    value_end,
)
from nameplate.sources.ocds_index import ENTRY, IndexWriter

_LONGEST_LINE: Final = 16 * MIB
"""A longer line is framed value by value, in bounded memory, like the rest of its file."""

_START: Final = (b'{"ocid":"', b'{"ocid": "')

Source = TypeVar("Source", bound=ByteSource)


class Line(NamedTuple):
    """A line of a block: where it starts and ends, its number (from 0), and whether it was hit."""

    start: int
    end: int
    line: int
    hit: bool


def is_lines(head: bytes, *, at_end: bool) -> bool:
    """Whether a file that starts with ``head`` holds one JSON value a line.

    Decided on the first six lines with text. A pretty-printed document is not, though one of its
    lines may be whole; a file with a broken first line still is, if the lines after it fit.
    """
    lines = [line for line in head.split(b"\n")[:64] if line.strip()]
    if not at_end and lines and b"\n" not in head[-1:] and len(head.split(b"\n", 64)) < 64:
        lines = lines[:-1]
    lines = lines[:6]
    if len(lines) < 2:
        return False
    whole = [_is_whole(line) for line in lines]
    if whole[0]:
        return lines[1].strip() not in (b"{", b"[") or whole[1]
    if not any(whole):
        return False
    try:
        value_end(head, 0)
    except TruncatedError:
        return False
    except FrameError:
        return lines[0].lstrip()[:1] not in b"[" or lines[0].strip() not in (b"{", b"[")
    return False


def _is_whole(line: bytes) -> bool:
    line = line.strip()
    try:
        return line[:1] in (b"{", b"[") and value_end(line, 0) == len(line)
    except FrameError:
        return False


def line_blocks(stream: Source) -> Iterator[tuple[bytes, Source | None]]:
    """Yield blocks of whole lines; the last may lack its line break.

    Where a line is longer than 16 MB, yields what has been read of it together with the stream,
    and stops: the rest must be framed another way.
    """
    carried: list[bytes] = []
    size = 0
    while data := stream.read(BLOCK):
        cut = data.rfind(b"\n") + 1
        if not cut:
            carried.append(data)
            size += len(data)
            if size > _LONGEST_LINE:
                yield b"".join(carried), stream
                return
            continue
        yield b"".join([*carried, data[:cut]]), None
        carried = [data[cut:]] if cut < len(data) else []
        size = len(data) - cut
    if carried:
        yield b"".join(carried), None


def scan_lines(
    block: bytes, start: int, hits: list[int], index: IndexWriter, *, offset: int, line: int
) -> tuple[int, int, list[Line]]:
    """Index a block's releases by the ocid they begin with, decoding nothing.

    Returns how many there were, the line number after the block, and the lines that do not begin
    with an ocid, for the caller to look at. ``line`` counts from 0.
    """
    find, startswith, pack, crc32 = block.find, block.startswith, ENTRY.pack, zlib.crc32
    size, total = len(block), len(hits)
    pointer = read = found = 0
    packed = bytearray()
    odd: list[Line] = []
    while start < size:
        end = find(b"\n", start)
        if end < 0:
            end = size
        hit = False
        while pointer < total and hits[pointer] < end:
            hit = True
            pointer += 1
        if startswith(_START, start):
            opened = find(b'"', start + 8) + 1
            closed = find(b'"', opened, end)
            ocid = block[opened:closed]
            if closed > opened and b"\\" not in ocid and ocid.isascii():
                # The same hash as ocid_key's, which takes text: an ASCII ocid is its own bytes.
                packed += pack(crc32(ocid), end - start, offset + start, line, 0, 0, hit)
                read += 1
                found += hit
            else:
                odd.append(Line(start, end, line, hit))
        else:
            odd.append(Line(start, end, line, hit))
        start = end + 1
        line += 1
    index.extend(packed, read, found)
    return read, line if block.endswith(b"\n") else line - 1, odd
