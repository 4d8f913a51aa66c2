"""Banners: HTTP and RTSP answers as text, and what of them tells of a device."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from nameplate.estate.readers.base import Original, reading, sighting
from nameplate.model.device import Field, Reading, Sighting

MAX_BYTES: Final = 65_536
"""Bytes read of one banner, whatever its size: a greeting's beginning tells all it tells."""
_STATUS: Final = re.compile(r"^(HTTP|RTSP)/\d")
_REALM: Final = re.compile(r'realm="?([^",]{1,200})', re.IGNORECASE)
_TITLE: Final = re.compile(r"<title[^>]{0,100}>([^<]{1,300})", re.IGNORECASE)
_MAKER_IN_BODY: Final = re.compile(r"杭州海康威视数字技术股份有限公司")


def looks_like(head: str) -> bool:
    """Whether a text begins with the status line of HTTP or RTSP."""
    return bool(_STATUS.match(head.lstrip()))


def banner_readings(text: str, locator: str = "") -> list[Reading]:
    """Readings of one answer: server, sign-in realm and title, for HTTP or RTSP."""
    text = text.lstrip()
    status = _STATUS.match(text)
    rtsp = bool(status) and status is not None and status[1] == "RTSP"
    head, _, body = text.replace("\r\n", "\n").partition("\n\n")
    found: list[Reading] = []
    for line in head.split("\n")[1:200]:
        name, _, value = line.partition(":")
        name = name.strip().lower()
        if name == "server":
            found += reading(Field.RTSP_SERVER if rtsp else Field.HTTP_SERVER, value, locator)
        elif name == "www-authenticate" and (realm := _REALM.search(value)):
            found += reading(Field.RTSP_REALM if rtsp else Field.HTTP_REALM, realm[1], locator)
    if title := _TITLE.search(body):
        found += reading(Field.HTTP_TITLE, title[1], locator)
    if maker := _MAKER_IN_BODY.search(body):
        found += reading(Field.HTTP_BODY, maker[0], locator)
    found += reading(Field.SERVICE, "rtsp" if rtsp else "http", locator)
    return found


def read(original: Original) -> Iterator[Sighting]:
    """One device of one recorded answer; only the first MAX_BYTES are looked at."""
    with original.path.open("rb") as stream:
        text = stream.read(MAX_BYTES).decode("utf-8", errors="replace")
    yield sighting(original, "banner", "", banner_readings(text))
