"""One SNMPv2c GET of sysDescr and sysObjectID, and reading its answer (RFC 3416, X.690 BER).

Only what this one question needs; an answer is at most one datagram and never recursed into
deeper than a response is.
"""

from __future__ import annotations

from typing import Final

SYS_DESCR: Final = "1.3.6.1.2.1.1.1.0"
SYS_OBJECT_ID: Final = "1.3.6.1.2.1.1.2.0"
_INTEGER, _OCTETS, _NULL, _OID, _SEQUENCE = 0x02, 0x04, 0x05, 0x06, 0x30
_GET, _RESPONSE = 0xA0, 0xA2


def _length(size: int) -> bytes:
    if size < 0x80:
        return bytes([size])
    body = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([0x80 | len(body)]) + body


def _tlv(tag: int, body: bytes) -> bytes:
    return bytes([tag]) + _length(len(body)) + body


def _oid(text: str) -> bytes:
    parts = [int(p) for p in text.split(".")]
    out = bytearray([parts[0] * 40 + parts[1]])
    for part in parts[2:]:
        chunk = [part & 0x7F]
        while part := part >> 7:
            chunk.append(0x80 | (part & 0x7F))
        out += bytes(reversed(chunk))
    return bytes(out)


def request(community: str, number: int) -> bytes:
    """The datagram that asks for sysDescr and sysObjectID."""
    binds = b"".join(
        _tlv(_SEQUENCE, _tlv(_OID, _oid(name)) + _tlv(_NULL, b""))
        for name in (SYS_DESCR, SYS_OBJECT_ID)
    )
    identifier = _tlv(_INTEGER, number.to_bytes(4, "big"))
    zero = _tlv(_INTEGER, b"\0")
    pdu = _tlv(_GET, identifier + zero + zero + _tlv(_SEQUENCE, binds))
    return _tlv(_SEQUENCE, _tlv(_INTEGER, b"\1") + _tlv(_OCTETS, community.encode()) + pdu)


def _read(data: bytes, at: int) -> tuple[int, bytes, int]:
    tag = data[at]
    size = data[at + 1]
    at += 2
    if size & 0x80:
        count = size & 0x7F
        if not 1 <= count <= 4:
            raise ValueError("length")
        size = int.from_bytes(data[at : at + count], "big")
        at += count
    if at + size > len(data):
        raise ValueError("cut short")
    return tag, data[at : at + size], at + size


def _name(body: bytes) -> str:
    parts = [str(body[0] // 40), str(body[0] % 40)]
    value = 0
    for octet in body[1:]:
        value = (value << 7) | (octet & 0x7F)
        if not octet & 0x80:
            parts.append(str(value))
            value = 0
    return ".".join(parts)


def answer(data: bytes) -> dict[str, str]:
    """Object id → value as text; raises ValueError where the datagram is no such answer."""
    try:
        _, message, _ = _read(data, 0)
        _, _, at = _read(message, 0)
        _, _, at = _read(message, at)
        tag, pdu, _ = _read(message, at)
        if tag != _RESPONSE:
            raise ValueError("no response")
        at = 0
        for _ in range(3):
            _, _, at = _read(pdu, at)
        _, binds, _ = _read(pdu, at)
        found: dict[str, str] = {}
        at = 0
        while at < len(binds) and len(found) < 16:
            _, bind, at = _read(binds, at)
            _, name, inner = _read(bind, 0)
            kind, value, _ = _read(bind, inner)
            if kind == _OCTETS:
                found[_name(name)] = value.decode("utf-8", errors="replace")
            elif kind == _OID and value:
                found[_name(name)] = _name(value)
        return found
    except IndexError as error:
        raise ValueError("cut short") from error
