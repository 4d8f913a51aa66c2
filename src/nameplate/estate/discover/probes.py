"""The questions asked of one address, each bounded in time and bytes. None signs in."""

from __future__ import annotations

import asyncio
import ssl
import uuid
from typing import Final

MAX_ANSWER: Final = 65_536
MAX_DATAGRAMS: Final = 16
TIMEOUT: Final = 3.0
_AGENT: Final = "Nameplate (inventory; signs in nowhere)"

_PROBE: Final = """<?xml version="1.0" encoding="UTF-8"?>\
<e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope" \
xmlns:w="http://schemas.xmlsoap.org/ws/2004/08/addressing" \
xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery" \
xmlns:dn="http://www.onvif.org/ver10/network/wsdl"><e:Header>\
<w:MessageID>uuid:{id}</w:MessageID>\
<w:To>urn:schemas-xmlsoap-org:ws:2005:04:discovery</w:To>\
<w:Action>http://schemas.xmlsoap.org/ws/2005/04/discovery/Probe</w:Action></e:Header>\
<e:Body><d:Probe><d:Types>dn:NetworkVideoTransmitter</d:Types></d:Probe></e:Body></e:Envelope>"""
_ASK: Final = """<?xml version="1.0" encoding="UTF-8"?>\
<e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope"><e:Body>\
<{operation} xmlns="http://www.onvif.org/ver10/device/wsdl"/></e:Body></e:Envelope>"""


class _Listener(asyncio.DatagramProtocol):
    def __init__(self, address: str, most: int) -> None:
        self.address = address
        self.most = most
        self.found: list[bytes] = []
        self.done = asyncio.Event()

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        """Keep an answer of the address that was asked, and no other's."""
        if addr[0] != self.address or len(self.found) >= self.most:
            return
        self.found.append(data[:MAX_ANSWER])
        if len(self.found) >= self.most:
            self.done.set()

    def error_received(self, exc: Exception) -> None:  # noqa: ARG002
        """A refused port ends the waiting."""
        self.done.set()


async def _datagrams(address: str, port: int, payload: bytes, most: int) -> list[bytes]:
    loop = asyncio.get_running_loop()
    transport, listener = await loop.create_datagram_endpoint(
        lambda: _Listener(address, most), remote_addr=(address, port)
    )
    try:
        transport.sendto(payload)
        await asyncio.wait_for(listener.done.wait(), TIMEOUT)
    except (TimeoutError, OSError):
        pass
    finally:
        transport.close()
    return listener.found


async def ws_discovery(address: str, port: int) -> list[bytes]:
    """Probe one address (never a multicast group); at most MAX_DATAGRAMS answers."""
    message = uuid.uuid5(uuid.NAMESPACE_URL, f"nameplate:{address}:{port}")
    return await _datagrams(address, port, _PROBE.format(id=message).encode(), MAX_DATAGRAMS)


async def snmp(address: str, port: int, community: str) -> bytes | None:
    """Ask for sysDescr and sysObjectID with the community that was given."""
    from nameplate.estate.discover.snmp import request

    found = await _datagrams(address, port, request(community, 0x4E50), 1)
    return found[0] if found else None


async def _tcp(
    address: str, port: int, payload: bytes, context: ssl.SSLContext | None = None
) -> bytes | None:
    """Send ``payload`` and read at most MAX_ANSWER bytes within TIMEOUT; None where closed."""
    writer: asyncio.StreamWriter | None = None
    received = b""
    try:
        async with asyncio.timeout(TIMEOUT):
            reader, writer = await asyncio.open_connection(
                address, port, ssl=context, limit=MAX_ANSWER
            )
            writer.write(payload)
            await writer.drain()
            while len(received) < MAX_ANSWER:
                block = await reader.read(min(8192, MAX_ANSWER - len(received)))
                if not block:
                    break
                received += block
    except TimeoutError:
        pass
    except (OSError, ssl.SSLError, asyncio.IncompleteReadError, ValueError):
        if not received:
            return None
    finally:
        if writer is not None:
            writer.transport.abort()
    return received or None


def _host(address: str) -> str:
    return f"[{address}]" if ":" in address else address


async def http(address: str, port: int) -> bytes | None:
    """The web server's greeting: one GET of the first page."""
    lines = [
        "GET / HTTP/1.0",
        f"Host: {_host(address)}:{port}",
        f"User-Agent: {_AGENT}",
        "Connection: close",
    ]
    return await _tcp(address, port, ("\r\n".join(lines) + "\r\n\r\n").encode())


async def rtsp(address: str, port: int) -> bytes | None:
    """The video server's greeting: OPTIONS, which needs no sign-in."""
    ask = (
        f"OPTIONS rtsp://{_host(address)}:{port}/ RTSP/1.0\r\nCSeq: 1\r\n"
        f"User-Agent: {_AGENT}\r\n\r\n"
    )
    return await _tcp(address, port, ask.encode())


async def onvif(address: str, port: int, operation: str) -> bytes | None:
    """One ONVIF question (GetSystemDateAndTime, GetDeviceInformation) without credentials."""
    body = _ASK.format(operation=operation).encode()
    lines = [
        "POST /onvif/device_service HTTP/1.0",
        f"Host: {_host(address)}:{port}",
        f"User-Agent: {_AGENT}",
        "Content-Type: application/soap+xml; charset=utf-8",
        f"Content-Length: {len(body)}",
        "Connection: close",
    ]
    return await _tcp(address, port, ("\r\n".join(lines) + "\r\n\r\n").encode() + body)


async def certificate(address: str, port: int) -> bytes | None:
    """The server's certificate (DER), unproved: only its names are wanted."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    # Cameras speak old versions; nothing secret is sent, so any that works will do.
    context.minimum_version = ssl.TLSVersion.TLSv1
    context.set_ciphers("DEFAULT:@SECLEVEL=0")
    writer: asyncio.StreamWriter | None = None
    try:
        async with asyncio.timeout(TIMEOUT):
            _, writer = await asyncio.open_connection(address, port, ssl=context)
            handle = writer.get_extra_info("ssl_object")
            found: bytes | None = handle.getpeercert(binary_form=True)
            return found[:MAX_ANSWER] if found else None
    except (TimeoutError, OSError, ssl.SSLError, ValueError):
        return None
    finally:
        if writer is not None:
            writer.transport.abort()
