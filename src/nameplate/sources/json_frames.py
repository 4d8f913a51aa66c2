"""Splits any stream of JSON into records: packages, arrays, concatenated and pretty-printed JSON.

Packages are streamed element by element and never held whole, so a single line of 5 GB costs no
more memory than a file of 5 KB. Nothing is decoded here but the names of the outermost members.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import IntEnum
from typing import Final

import msgspec

from nameplate.sources.json_window import (
    HEAD,
    FrameError,
    TooLargeError,
    TruncatedError,
    Window,
    value_end,
)


class Container(IntEnum):
    """Where in its file a record stood; stored in the spill index, so numbers never change."""

    TOP = 0
    RELEASES = 1
    RECORDS = 2
    ARRAY = 3
    CONTRACTS = 4
    NOTICES = 5


LISTS: Final[dict[str, Container]] = {
    "releases": Container.RELEASES,
    "records": Container.RECORDS,
    "contracts": Container.CONTRACTS,
    "noticeList": Container.NOTICES,
}
"""Members of an outermost object whose elements are records of their own: OCDS packages
(``releases``, ``records``) and Contracts Finder's own exports (``contracts``, ``noticeList``)."""

_RELEASE_MEMBERS: Final = frozenset({"ocid", "tag", "initiationType", "buyer", "parties", "tender"})
"""An object with one of these is itself a release or record, even if it has ``releases``."""

_CONTRACTS_FINDER: Final = (b'"organisation', b'"notice_type"', b'"noticeType"')
"""Names that tell a Contracts Finder export's ``contracts`` from an OCDS release's."""

_AHEAD: Final = 1 << 20
"""How far into an object its list is looked for; a package's own members before it are short."""

_SMALL: Final = 1 << 16
"""Values up to this size are kept when they are a package's own metadata."""

_SIGN: Final = re.compile(rb'[,\]}\n{\["]')
_NAME: Final = re.compile(rb'"(?:[^"\\]|\\.)*"[ \t\r\n]*:', re.DOTALL)


class Frame(msgspec.Struct, frozen=True):
    """One record's bytes and place. ``error`` is empty, or why the record cannot be read.

    ``offset`` and ``length`` are bytes in the file; ``line`` is physical, from 1; ``index`` counts
    from 0 inside ``container``.
    """

    data: bytes
    offset: int
    length: int
    line: int
    container: Container
    index: int
    error: str = ""

    @property
    def pointer(self) -> str:
        """JSON pointer from the outermost value to the record; empty for that value itself."""
        return pointer(self.container, self.index)


def pointer(container: Container, index: int) -> str:
    """JSON pointer to element ``index`` of a container."""
    if container is Container.TOP:
        return ""
    if container is Container.ARRAY:
        return f"/{index}"
    name = next(key for key, value in LISTS.items() if value is container)
    return f"/{name}/{index}"


def frames(window: Window, members: dict[str, object] | None = None) -> Iterator[Frame]:
    """Yield every record of a stream of JSON values, in order.

    An outermost object is one record, unless it is a package: then each element of its list is.
    ``members`` collects a package's own small members (version, links). A broken record comes as
    a Frame with ``error`` set; what follows it is still read.
    """
    number = 0
    while window.skip_space():
        byte = window.byte()
        if byte == ord("["):
            window.position += 1
            yield from _elements(window, Container.ARRAY)
        elif byte == ord("{"):
            yield from _outermost(window, number, members)
        elif byte in b",]" and number:
            window.position += 1  # between values that somebody joined by hand
            continue
        else:
            yield _one(window, Container.TOP, number)
        number += 1


def _one(window: Window, container: Container, index: int) -> Frame:
    offset, line = window.offset, window.line
    try:
        end = window.value_end()
    except FrameError as error:
        if isinstance(error, TruncatedError | TooLargeError) or window.byte() in b'{["':
            length, head = window.skip_broken()
        else:
            length, head = _skip_word(window)
        return Frame(head, offset, length, line, container, index, error.reason)
    data = window.buffer[window.position : end]
    window.position = end
    return Frame(data, offset, len(data), line, container, index)


def _skip_word(window: Window) -> tuple[int, bytes]:
    """Pass over a run of bytes that starts no JSON value, up to the next sign or line."""
    window.ensure(HEAD)
    head = window.buffer[window.position : window.position + HEAD]
    start = window.offset
    while True:
        match = _SIGN.search(window.buffer, window.position)
        window.position = match.start() if match else len(window.buffer)
        if match or not window.more():
            break
    if window.offset == start:
        window.position += 1
    length = window.offset - start
    return length, head[:length]


def _elements(window: Window, container: Container) -> Iterator[Frame]:
    """Records of a list whose opening bracket has been passed; passes its closing one."""
    index = 0
    while window.skip_space():
        byte = window.byte()
        if byte == ord("]"):
            window.position += 1
            return
        if byte == ord(","):
            window.position += 1
            continue
        if byte in b"}:":
            return  # the list was cut short; its owner goes on from here
        frame = _one(window, container, index)
        yield frame
        if frame.error and not window.skip_space():
            return  # one reason for one cut
        index += 1
    yield Frame(
        b"",
        window.offset,
        0,
        window.line,
        container,
        index,
        f"the file ends before its list is closed: {index} complete records were read",
    )


def _outermost(window: Window, number: int, members: dict[str, object] | None) -> Iterator[Frame]:
    """An outermost object: a record, or a package whose list is streamed."""
    found = _find_list(window, members)
    if found is None:
        yield _one(window, Container.TOP, number)
        return
    container, start = found
    window.position = start
    yield from _elements(window, container)
    # What follows the list: the package's remaining members, and its closing brace.
    while window.skip_space():
        byte = window.byte()
        if byte == ord("}"):
            window.position += 1
            return
        if byte == ord(","):
            window.position += 1
            continue
        try:
            window.ensure(_AHEAD)
            start = _value_start(window.buffer, window.position)
            key = _text(window.buffer[window.position : start])
            window.position = start
            if key in LISTS and window.byte() == ord("["):
                window.position += 1
                yield from _elements(window, LISTS[key])
                continue
            end = window.value_end()
        except (FrameError, IndexError) as error:
            offset, line = window.offset, window.line
            length, head = window.skip_broken(depth=1)
            why = error.reason if isinstance(error, FrameError) else "the file ends"
            reason = f"the package's own members after its list cannot be read: {why}"
            yield Frame(head, offset, length, line, container, 0, reason)
            return
        _keep(members, key, window.buffer[window.position : end])
        window.position = end


def _find_list(window: Window, members: dict[str, object] | None) -> tuple[Container, int] | None:
    """Where the list of a package starts (index after its bracket), or None for a record.

    Looks ahead without moving the window, so that a record can still be taken whole.
    """
    window.ensure(_AHEAD)
    buffer = window.buffer
    kept: dict[str, bytes] = {}
    at = window.position + 1
    try:
        while True:
            at = _past(buffer, at, b" \t\r\n,")
            if buffer[at] != ord('"'):
                return None
            value = _value_start(buffer, at)
            key = _text(buffer[at:value])
            if key in _RELEASE_MEMBERS:
                return None
            if key in LISTS and buffer[value] == ord("[") and _is_package(window, key, value, kept):
                for name, data in kept.items():
                    _keep(members, name, data)
                if members is not None:
                    members.setdefault(key, None)
                return LISTS[key], value + 1
            at = value_end(buffer, value)
            kept[key] = buffer[value:at]
    except (FrameError, IndexError):
        return None


class _Own(msgspec.Struct):
    ocid: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET


_OWN: Final = msgspec.json.Decoder(_Own)


def _is_package(window: Window, key: str, at: int, kept: dict[str, bytes]) -> bool:
    """Whether the list at ``at`` belongs to a package, not to a release or record."""
    if key in ("contracts", "noticeList"):
        ahead = window.buffer[at : at + 8192]
        return "meta" in kept or "hitCount" in kept or any(m in ahead for m in _CONTRACTS_FINDER)
    try:
        whole = window.buffer[window.position : value_end(window.buffer, window.position)]
        return _OWN.decode(whole).ocid is msgspec.UNSET
    except (FrameError, msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        return True


def _past(buffer: bytes, at: int, signs: bytes) -> int:
    while buffer[at] in signs:
        at += 1
    return at


def _value_start(buffer: bytes, at: int) -> int:
    """Index of the value of the member whose name starts at ``at``; IndexError at the end."""
    match = _NAME.match(buffer, at)
    if match is None:
        if len(buffer) - at < _AHEAD and b'"' not in buffer[at + 1 :]:
            raise IndexError
        raise FrameError("not JSON: a member without a name")
    return _past(buffer, match.end(), b" \t\r\n")


def _text(name: bytes) -> str:
    """The decoded name of a member, from its bytes up to its value."""
    try:
        return str(msgspec.json.decode(name.rstrip(b" \t\r\n:")))
    except (msgspec.DecodeError, UnicodeDecodeError):
        return ""


def _keep(members: dict[str, object] | None, key: str, data: bytes) -> None:
    if members is None or len(data) > _SMALL:
        return
    try:
        members.setdefault(key, msgspec.json.decode(data))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        members.setdefault(key, None)
