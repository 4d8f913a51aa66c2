"""Decodes one record whole: exactly where it can, leniently where publishers slip.

Numbers with a point come as Decimal, so no sum is ever rounded through binary floating point.
What is forgiven, because the record is still readable: bytes of Windows-1252 in a UTF-8 file,
halves of surrogate pairs, and control characters inside strings. NaN and Infinity are not JSON
(RFC 8259, section 6) and make a record unreadable.
"""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Final, NoReturn

import msgspec

from nameplate.sources.json_window import why_not_json

Json = dict[str, "Json"] | list["Json"] | str | int | bool | Decimal | float | None
"""A decoded value; floats only where a caller made one."""

_DECODER: Final = msgspec.json.Decoder(float_hook=Decimal)


class UnreadableError(Exception):
    """The record is no JSON; ``reason`` says why, for the list of records set aside."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


def decode_record(data: bytes) -> Json:
    """Decode one record's bytes (UTF-8, or Windows-1252 where they are not UTF-8).

    Raises UnreadableError with a reason a person can act on.
    """
    try:
        value: Json = _DECODER.decode(data)
    except RecursionError:
        raise UnreadableError("nested too deeply to be a record") from None
    except (msgspec.DecodeError, UnicodeDecodeError, ValueError) as error:
        return _leniently(data, error)
    return value


def _leniently(data: bytes, first: Exception) -> Json:
    text, _ = decode_text(data)
    try:
        value: Json = json.loads(
            text, strict=False, parse_float=Decimal, parse_constant=_not_a_number
        )
        dumped = json.dumps(value, ensure_ascii=False, default=str)
    except RecursionError:
        raise UnreadableError("nested too deeply to be a record") from None
    except UnreadableError:
        raise
    except ValueError as error:
        if isinstance(first, UnicodeDecodeError):
            raise UnreadableError(f"not JSON: {error}") from None
        raise UnreadableError(why_not_json(first)) from None
    if any("\ud800" <= character <= "\udfff" for character in dumped):
        value = _mend(value)
    return value


def decode_text(data: bytes) -> tuple[str, str]:
    """Text of ``data`` and the name of the encoding it turned out to be in."""
    try:
        return data.decode(), "utf-8"
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace"), "windows-1252"


def _not_a_number(name: str) -> NoReturn:
    raise UnreadableError(f"not JSON: {name} is no number that JSON has")


def _mend(value: Json) -> Json:
    """Replace halves of surrogate pairs by U+FFFD, joining whole pairs, in every string."""
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, list):
        return [_mend(item) for item in value]
    if isinstance(value, dict):
        return {str(_mend(key)): _mend(item) for key, item in value.items()}
    return value
