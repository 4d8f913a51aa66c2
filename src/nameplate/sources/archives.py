"""Unpacking archives into plain files, hashed on the way, under limits that stop bombs.

Members never choose where they are written: each goes to a numbered file in a folder of the run.
"""

from __future__ import annotations

import bz2
import errno
import gzip
import hashlib
import lzma
import shutil
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO, Final, cast

from nameplate.model.errors import InputError, LimitError
from nameplate.sources.files import Unread, why
from nameplate.sources.sniff import ARCHIVES, sniff

_BLOCK: Final = 1 << 20
_CHECK_DISK: Final = 64 << 20
_DAMAGE: Final = (
    zipfile.BadZipFile,
    tarfile.TarError,
    lzma.LZMAError,
    zlib.error,
    EOFError,
    OSError,
    RuntimeError,
    NotImplementedError,
    ValueError,
)
"""What the standard library raises on a damaged, encrypted or unknown kind of archive."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What unpacking one archive given may cost, nested archives included.

    Real publications stay far below: OCDS in gzip shrinks 10- to 40-fold. ``ratio`` binds only
    once ``ratio_from`` bytes have come out, so that small files of blanks pass.
    """

    depth: int = 4
    members: int = 100_000
    total: int = 64 << 30
    ratio: int = 250
    ratio_from: int = 64 << 20
    spare_disk: int = 256 << 20


@dataclass(frozen=True, slots=True)
class Member:
    """An unpacked file: ``name`` is ``archive!member``, ``sha256`` of its bytes at ``path``."""

    name: str
    path: Path
    size: int
    sha256: str
    family: str
    reason: str


Opener = Callable[[], IO[bytes]]


@dataclass(slots=True)
class _Unpacking:
    """One archive given, and what it has cost so far, nested archives included."""

    into: Path
    limits: Limits
    packed: int
    members: int = 0
    total: int = 0

    def open(self, path: Path, name: str, family: str, depth: int) -> Iterator[Member | Unread]:
        """Yield what one archive holds; LimitError ends the whole."""
        if depth > self.limits.depth:
            yield Unread(name, f"archives are opened {self.limits.depth} deep and no further")
            return
        try:
            for inner, opener in _streams(path, family):
                shown = f"{name}!{inner}" if inner else name
                if opener is None:
                    yield Unread(shown, "it is encrypted")
                    continue
                self.members += 1
                if self.members > self.limits.members:
                    raise LimitError(
                        f"it holds more than {self.limits.members:,} files", where=name
                    )
                target = self.into / f"{self.members:06d}"
                try:
                    with opener() as stream:
                        size, digest = self.copy(stream, target, shown)
                except LimitError:
                    target.unlink(missing_ok=True)
                    raise
                except _DAMAGE as error:
                    target.unlink(missing_ok=True)
                    if _is_full(error):
                        raise
                    yield Unread(shown, f"the archive is damaged here ({_said(error)})")
                    if family != "zip":
                        return
                    continue
                kind = sniff(target, shown)
                if kind.family in ARCHIVES and not kind.reason:
                    # The ratio is always taken against the archive given: bombs are nested.
                    yield from self.open(target, shown, kind.family, depth + 1)
                    target.unlink(missing_ok=True)
                else:
                    yield Member(shown, target, size, digest, kind.family, kind.reason)
        except _DAMAGE as error:
            if _is_full(error):
                raise
            yield Unread(name, f"the archive is damaged ({_said(error)})")

    def copy(self, stream: IO[bytes], target: Path, shown: str) -> tuple[int, str]:
        """Write a member out, hashing; raises LimitError as soon as it costs too much."""
        digest = hashlib.sha256()
        size = 0
        unchecked = _CHECK_DISK
        limits = self.limits
        with target.open("wb") as out:
            while block := stream.read(_BLOCK):
                size += len(block)
                self.total += len(block)
                unchecked += len(block)
                if self.total > limits.total:
                    raise LimitError(f"it unpacks to more than {limits.total:,} bytes", where=shown)
                if self.total > limits.ratio_from and self.total > limits.ratio * self.packed:
                    raise LimitError(
                        f"it unpacks to more than {limits.ratio} times its size, as a bomb does",
                        where=shown,
                    )
                if unchecked > _CHECK_DISK:
                    unchecked = 0
                    if shutil.disk_usage(target.parent).free < limits.spare_disk:
                        raise LimitError("there is no room on the disk to unpack it", where=shown)
                digest.update(block)
                out.write(block)
        return size, digest.hexdigest()


def unpack(
    path: Path, name: str, family: str, into: Path, limits: Limits | None = None
) -> Iterator[Member | Unread]:
    """Yield the members of an archive, archives in it opened too, in the archive's own order.

    What cannot be read is yielded as Unread with its reason and the rest goes on; a limit that is
    passed ends the archive. The caller removes each member's file when it has done with it.
    Raises OSError only where ``into`` cannot be written.
    """
    into.mkdir(parents=True, exist_ok=True)
    unpacking = _Unpacking(into, limits or Limits(), path.stat().st_size)
    try:
        yield from unpacking.open(path, name, family, 1)
    except LimitError as error:
        yield Unread(error.where, error.what)


def _streams(path: Path, family: str) -> Iterator[tuple[str, Opener | None]]:
    """Yield (member's name, what opens it); a compressed single file is one without a name."""
    if family == "zip":
        with zipfile.ZipFile(path) as archive:
            for info in archive.infolist():
                if info.is_dir() or _is_clutter(info.filename):
                    continue
                encrypted = info.flag_bits & 1
                yield info.filename, None if encrypted else partial(archive.open, info)
    elif family == "tar":
        with tarfile.open(path, "r:") as tar:
            yield from _tar_streams(tar)
    elif _holds_tar(path, family):
        with _decompressed(path, family) as plain, tarfile.open(fileobj=plain, mode="r|") as tar:
            yield from _tar_streams(tar)
    else:
        yield "", partial(_decompressed, path, family)


def _decompressed(path: Path, family: str) -> IO[bytes]:
    """Open a compressed file for reading what it holds."""
    if family == "gzip":
        return cast(IO[bytes], gzip.open(path, "rb"))
    return cast(IO[bytes], bz2.open(path, "rb") if family == "bzip2" else lzma.open(path, "rb"))


def _tar_streams(tar: tarfile.TarFile) -> Iterator[tuple[str, Opener]]:
    for info in tar:
        if info.isfile() and not _is_clutter(info.name):
            yield info.name.removeprefix("./"), partial(_tar_member, tar, info)
        # A tar in one pass keeps what it saw of every member: let it go.
        tar.members = []  # type: ignore[attr-defined]


def _tar_member(tar: tarfile.TarFile, info: tarfile.TarInfo) -> IO[bytes]:
    stream = tar.extractfile(info)
    if stream is None:  # pragma: no cover - isfile() was asked before
        raise tarfile.TarError("the member has no bytes")
    return stream


def _holds_tar(path: Path, family: str) -> bool:
    """Whether the compressed stream begins as a tar does."""
    with _decompressed(path, family) as stream:
        return bool(stream.read(512)[257:262] == b"ustar")


def _is_clutter(name: str) -> bool:
    """Whether a member is what an operating system leaves behind, not what was published."""
    base = name.rstrip("/").rsplit("/", 1)[-1]
    return name.startswith("__MACOSX/") or base.startswith("._") or base == ".DS_Store"


def _is_full(error: BaseException) -> bool:
    """Whether our own disk, not the archive, is at fault."""
    return isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EFBIG, errno.EDQUOT)


def _said(error: BaseException) -> str:
    """The library's own reason, in one short line."""
    if isinstance(error, OSError) and error.errno is not None:
        return why(error)
    if isinstance(error, InputError):
        return error.what
    return (str(error).splitlines() or [type(error).__name__])[0][:120]
