"""Results on their way through a run: length-prefixed MessagePack in files, never all in memory."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Final, Generic, TypeVar

import msgspec

_T = TypeVar("_T")
_LENGTH: Final = struct.Struct("<I")
_encode = msgspec.msgpack.Encoder(decimal_format="string").encode


class Spill(Generic[_T]):
    """A file that records are added to, one at a time; opened at the first record."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._stream: IO[bytes] | None = None
        self.count = 0

    def add(self, record: _T) -> None:
        """Append one record; raises OSError where the disk is full."""
        if self._stream is None:
            self._stream = self._path.open("wb", buffering=1 << 18)
        raw = _encode(record)
        self._stream.write(_LENGTH.pack(len(raw)))
        self._stream.write(raw)
        self.count += 1

    def close(self) -> None:
        """Flush to the system; a second call does nothing."""
        if self._stream is not None:
            self._stream.close()
            self._stream = None


def read_spill(path: Path, kind: type[_T]) -> Iterator[_T]:
    """Yield the records of a spill file in order; nothing where there is no file."""
    if not path.exists():
        return
    decode = msgspec.msgpack.Decoder(kind).decode
    with path.open("rb", buffering=1 << 18) as stream:
        while prefix := stream.read(_LENGTH.size):
            yield decode(stream.read(_LENGTH.unpack(prefix)[0]))
