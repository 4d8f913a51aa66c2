"""A sliding window over a byte stream that finds where JSON values end, without decoding them.

The finding is done by msgspec's validating decoder: asked to decode *one* value from bytes that
hold more, it names the byte at which the rest begins. That costs one pass at about 1.5 GB/s and
allocates nothing. Where the text is broken, a plain bracket count finds the end instead, so that
one bad record does not take the rest of its file with it.
"""

from __future__ import annotations

import re
from typing import Final, Protocol

import msgspec

MIB: Final = 1 << 20
BLOCK: Final = 4 * MIB
"""Bytes read at a time."""
LIMIT: Final = 64 * MIB
"""The largest single record held in memory; a larger one is set aside (peak memory ≤ 400 MB)."""

TRUNCATED: Final = "the file ends in the middle of this record"
"""The reason given for a record that the end of its file cuts off."""
HEAD: Final = MIB
"""Bytes of a broken record that are kept: a record up to this size can be tried more leniently."""

_SPACE: Final = re.compile(rb"[ \t\r\n]*")
_OUTSIDE: Final = re.compile(rb'["{}\[\]]')
_INSIDE: Final = re.compile(rb'["\\]')
_TRAILING: Final = re.compile(r"trailing characters \(byte (\d+)\)")
_BYTE: Final = re.compile(r"\(byte (\d+)\)")
_RAW: Final = msgspec.json.Decoder(msgspec.Raw)


class ByteSource(Protocol):
    """Anything with ``read``; returns fewer bytes than asked only at the end."""

    def read(self, size: int, /) -> bytes:
        """Return up to ``size`` bytes."""
        ...


class FrameError(Exception):
    """The value at the window's position has no findable end; ``reason`` says why.

    ``near_end``: the fault is in the last bytes held, so that more bytes may mend it.
    """

    def __init__(self, reason: str, *, near_end: bool = False) -> None:
        self.reason = reason
        self.near_end = near_end
        super().__init__(reason)


class TruncatedError(FrameError):
    """The stream ends inside the value."""


class TooLargeError(FrameError):
    """The value is larger than LIMIT."""


class Window:
    """A position in a stream, its file offset and its physical line, with read-ahead.

    ``offset`` is the file offset of the first byte of ``stream``, ``line`` its line (from 1).
    Memory is bounded by ``limit`` plus two blocks.
    """

    def __init__(
        self,
        stream: ByteSource,
        *,
        offset: int = 0,
        line: int = 1,
        block: int = BLOCK,
        limit: int = LIMIT,
    ) -> None:
        self._stream = stream
        self._block = block
        self._limit = limit
        self.buffer = b""
        self.base = offset
        self.position = 0
        self._line = line
        self._counted = 0
        self.at_end = False

    @property
    def offset(self) -> int:
        """File offset of the current position."""
        return self.base + self.position

    @property
    def line(self) -> int:
        """Physical line of the current position, counted from 1."""
        self._line += self.buffer.count(b"\n", self._counted, self.position)
        self._counted = self.position
        return self._line

    def more(self) -> bool:
        """Read ahead, forgetting what lies behind the position; False at the end of the stream."""
        if self.at_end:
            return False
        kept = len(self.buffer) - self.position
        # Doubling keeps the cost of a value that spans many blocks linear in its size.
        data = self._stream.read(max(self._block, kept))
        if not data:
            self.at_end = True
            return False
        _ = self.line
        self.base += self.position
        self.buffer = self.buffer[self.position :] + data
        self.position = 0
        self._counted = 0
        return True

    def skip_space(self) -> bool:
        """Move to the next byte that is no JSON white space; False at the end of the stream."""
        while True:
            match = _SPACE.match(self.buffer, self.position)
            self.position = match.end() if match else self.position
            if self.position < len(self.buffer):
                return True
            if not self.more():
                return False

    def byte(self) -> int:
        """The byte at the position; call after :meth:`skip_space` returned True."""
        return self.buffer[self.position]

    def ensure(self, ahead: int) -> None:
        """Read until ``ahead`` bytes past the position are held, or the stream ends."""
        while len(self.buffer) - self.position < ahead and self.more():
            pass

    def value_end(self) -> int:
        """Index in ``buffer`` just after the value at the position.

        Raises TruncatedError, TooLargeError, or FrameError with what is wrong and where.
        """
        while True:
            try:
                end = value_end(self.buffer, self.position)
            except TruncatedError:
                if self.at_end:
                    raise
            except FrameError as error:
                if self.at_end or not error.near_end:
                    raise
            else:
                # A number at the end of the buffer may go on in the next block.
                if end < len(self.buffer) or self.at_end or self.byte() in b'{["':
                    return end
            if len(self.buffer) - self.position > self._limit:
                raise TooLargeError(f"a single record of more than {self._limit // MIB} MB")
            if not self.more():
                self.at_end = True

    def skip_broken(self, depth: int = 0) -> tuple[int, bytes]:
        """Move past a broken value by counting brackets; returns its length and first bytes.

        ``depth`` is how many brackets are open already.

        The window forgets what it passes, so a value of any size costs no memory. A value that
        never closes ends with the stream.
        """
        self.ensure(HEAD)
        head = self.buffer[self.position : self.position + HEAD]
        start = self.offset
        inside = False
        while True:
            pattern = _INSIDE if inside else _OUTSIDE
            match = pattern.search(self.buffer, self.position)
            if match is None:
                self.position = len(self.buffer)
                if not self.more():
                    return self.offset - start, head[: self.offset - start]
                continue
            self.position = match.end()
            found = match[0]
            if found == b"\\":
                if self.position >= len(self.buffer) and not self.more():
                    return self.offset - start, head[: self.offset - start]
                self.position += 1
            elif found == b'"':
                inside = not inside
                if not inside and depth == 0:
                    return self.offset - start, head[: self.offset - start]
            elif found in b"{[":
                depth += 1
            else:
                depth -= 1
                if depth <= 0:
                    return self.offset - start, head[: self.offset - start]


def value_end(buffer: bytes, position: int) -> int:
    """Index in ``buffer`` just after the JSON value at ``position``.

    Raises TruncatedError where the buffer ends first, FrameError where it is no JSON.
    """
    end = len(buffer)
    try:
        _RAW.decode(memoryview(buffer)[position:])
    except msgspec.DecodeError as error:
        trailing = _TRAILING.search(str(error))
        if not trailing:
            if "truncated" in str(error):
                raise TruncatedError(TRUNCATED) from None
            # A number or escape that the buffer cuts is reported as invalid, not as truncated.
            at = _BYTE.search(str(error))
            near = at is None or position + int(at[1]) >= len(buffer) - 12
            raise FrameError(why_not_json(error), near_end=near) from None
        end = position + int(trailing[1]) - 1
    except RecursionError:
        raise FrameError("nested too deeply to be a record") from None
    while end > position and buffer[end - 1] in b" \t\r\n":
        end -= 1
    return end


def why_not_json(error: Exception) -> str:
    """A decoder's message as the reason a record is set aside."""
    detail = str(error).removeprefix("JSON is malformed: ")
    if detail.endswith(")"):
        return f"not JSON: {detail[:-1]} of the record)"
    return f"not JSON: {detail[:1].lower()}{detail[1:]}"
