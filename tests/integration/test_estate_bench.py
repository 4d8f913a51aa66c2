# ruff: noqa: E501 - recorded answers stand as they are
"""A bench on the loopback: recorded answers served by small servers, found by nmap and by us.

Only addresses of 127.0.0.0/8 are served and asked.
"""

from __future__ import annotations

import contextlib
import datetime
import json
import shutil
import socket
import ssl
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from nameplate.estate.discover import snmp as ber

HTTP, HTTPS, RTSP, WS, SNMP = 18080, 18443, 18554, 13702, 16161
AXIS, HIK, ENDLESS, DEAD = "127.77.0.1", "127.77.0.2", "127.77.0.5", "127.77.0.6"

AXIS_INFO = (
    '<e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope" '
    'xmlns:tds="http://www.onvif.org/ver10/device/wsdl" '
    'xmlns:acert="http://www.axis.com/vapix/ws/cert"><e:Body><tds:GetDeviceInformationResponse>'
    "<tds:Manufacturer>AXIS</tds:Manufacturer><tds:Model>P3818-PVE</tds:Model>"
    "<tds:FirmwareVersion>11.9.60</tds:FirmwareVersion>"
    "<tds:SerialNumber>B8A44FA04F26</tds:SerialNumber>"
    "</tds:GetDeviceInformationResponse></e:Body></e:Envelope>"
)
MATCH = (
    '<e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope" '
    'xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery" '
    'xmlns:a="http://schemas.xmlsoap.org/ws/2004/08/addressing"><e:Body><d:ProbeMatches>'
    "<d:ProbeMatch><a:EndpointReference><a:Address>urn:uuid:555a3d17-6698-43d9-9a52-2a199ff14dec"
    "</a:Address></a:EndpointReference><d:Scopes>onvif://www.onvif.org/hardware/P3818-PVE "
    "onvif://www.onvif.org/name/AXIS%20P3818-PVE</d:Scopes><d:XAddrs>http://127.77.0.1/onvif"
    "</d:XAddrs></d:ProbeMatch></d:ProbeMatches></e:Body></e:Envelope>"
)


class Bench:
    """Servers that answer what they were given, and remember what they were asked."""

    def __init__(self) -> None:
        self.asked: list[bytes] = []
        self._sockets: list[socket.socket] = []
        self._open = True

    def tcp(self, address: str, port: int, reply: Callable[[bytes, socket.socket], None],
            context: ssl.SSLContext | None = None) -> None:  # fmt: skip
        listening = socket.create_server((address, port))
        self._sockets.append(listening)

        def serve() -> None:
            while self._open:
                try:
                    peer, _ = listening.accept()
                except OSError:
                    return
                threading.Thread(
                    target=self._answer, args=(peer, reply, context), daemon=True
                ).start()

        threading.Thread(target=serve, daemon=True).start()

    def _answer(self, peer: socket.socket, reply, context) -> None:
        with contextlib.suppress(OSError, ssl.SSLError):
            peer.settimeout(5)
            if context is not None:
                peer = context.wrap_socket(peer, server_side=True)
            with peer:
                asked = peer.recv(65536)
                self.asked.append(asked)
                reply(asked, peer)

    def udp(self, address: str, port: int, answers: Callable[[bytes], list[bytes]]) -> None:
        listening = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        listening.bind((address, port))
        self._sockets.append(listening)

        def serve() -> None:
            while self._open:
                try:
                    asked, peer = listening.recvfrom(65536)
                except OSError:
                    return
                self.asked.append(asked)
                for answer in answers(asked) if peer else ():
                    with contextlib.suppress(OSError):
                        listening.sendto(answer, peer)

        threading.Thread(target=serve, daemon=True).start()

    def close(self) -> None:
        self._open = False
        for item in self._sockets:
            with contextlib.suppress(OSError):
                item.shutdown(socket.SHUT_RDWR)
            item.close()


def certificate(folder: Path, name: str, organisation: str) -> ssl.SSLContext:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name(
        [
            x509.NameAttribute(x509.NameOID.COMMON_NAME, name),
            x509.NameAttribute(x509.NameOID.ORGANIZATION_NAME, organisation),
        ]
    )
    start = datetime.datetime(2020, 1, 1)  # noqa: DTZ001 - the library takes naive UTC
    signed = (
        x509.CertificateBuilder().subject_name(subject).issuer_name(subject)
        .public_key(key.public_key()).serial_number(1).not_valid_before(start)
        .not_valid_after(start + datetime.timedelta(days=36500)).sign(key, hashes.SHA256())
    )  # fmt: skip
    (folder / "c.pem").write_bytes(
        signed.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "c.pem")
    return context


def _tlv(tag: int, body: bytes) -> bytes:
    assert len(body) < 65536
    size = bytes([len(body)]) if len(body) < 128 else b"\x82" + len(body).to_bytes(2, "big")
    return bytes([tag]) + size + body


def snmp_answer(description: str, object_id: str) -> bytes:
    values = ((ber.SYS_DESCR, 4, description.encode()), (ber.SYS_OBJECT_ID, 6, ber._oid(object_id)))
    binds = b"".join(
        _tlv(0x30, _tlv(6, ber._oid(name)) + _tlv(kind, body)) for name, kind, body in values
    )
    zero = _tlv(2, b"\0")
    pdu = _tlv(0xA2, _tlv(2, b"\1") + zero + zero + _tlv(0x30, binds))
    return _tlv(0x30, _tlv(2, b"\1") + _tlv(4, b"cctv") + pdu)


def web(server: str, title: str, info: str = "") -> Callable[[bytes, socket.socket], None]:
    def reply(asked: bytes, peer: socket.socket) -> None:
        if asked.startswith(b"POST /onvif") and info:
            body = info if b"GetDeviceInformation" in asked else "<x/>"
        elif asked.startswith(b"GET"):
            body = f"<html><head><title>{title}</title></head></html>"
        else:
            peer.sendall(b"HTTP/1.0 404 Not Found\r\nContent-Length: 0\r\n\r\n")
            return
        head = f"HTTP/1.0 200 OK\r\nServer: {server}\r\nContent-Type: text/html\r\nContent-Length: {len(body)}\r\n\r\n"
        peer.sendall((head + body).encode())

    return reply


def rtsp(server: str) -> Callable[[bytes, socket.socket], None]:
    def reply(_: bytes, peer: socket.socket) -> None:
        peer.sendall(
            f"RTSP/1.0 200 OK\r\nCSeq: 1\r\nServer: {server}\r\nPublic: OPTIONS\r\n\r\n".encode()
        )

    return reply


def flood(_: bytes, peer: socket.socket) -> None:
    peer.sendall(b"HTTP/1.0 200 OK\r\nServer: ")
    for _i in range(1280):
        peer.sendall(b"A" * 8192)


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    folder = tmp_path_factory.mktemp("bench")
    servers = Bench()
    servers.tcp(AXIS, HTTP, web("Apache", "AXIS", AXIS_INFO))
    servers.tcp(
        AXIS,
        HTTPS,
        lambda *_: None,
        certificate(folder, "axis-b8a44fa04f26", "Axis Communications AB"),
    )
    servers.udp(AXIS, WS, lambda _: [MATCH.encode()])
    servers.tcp(HIK, HTTP, web("DNVRS-Webs", "index"))
    servers.tcp(HIK, RTSP, rtsp("Hikvision Rtsp"))
    servers.udp(
        HIK,
        SNMP,
        lambda asked: [snmp_answer("Linux", "1.3.6.1.4.1.39165.1")] if b"cctv" in asked else [],
    )
    servers.tcp(ENDLESS, HTTP, flood)
    servers.udp(ENDLESS, WS, lambda _: [MATCH.encode()] * 500)
    yield servers
    servers.close()


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "nameplate.cli", "estate", *arguments],
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip


def look(out: Path) -> subprocess.CompletedProcess[str]:
    return run(
        "discover", "--network", "127.77.0.0/29", "--authorised-by", "J. Smith, CIO",
        "--authorised-network", "127.77.0.0/24", "--authorised-until", "2099-01-01",
        "--http-port", str(HTTP), "--https-port", str(HTTPS), "--rtsp-port", str(RTSP),
        "--ws-port", str(WS), "--snmp-port", str(SNMP), "--community", "cctv", "--rate", "50",
        "--out", str(out),
    )  # fmt: skip


def identified(path: Path) -> dict[str, dict]:
    done = run("identify", "--jsonl", str(path))
    assert done.returncode == 0, done.stderr
    return {line["address"]: line for line in map(json.loads, done.stdout.splitlines())}


def test_discover_finds_what_is_served_and_keeps_the_authority(
    bench: Bench, tmp_path: Path
) -> None:
    done = look(tmp_path / "d")
    assert done.returncode == 0, done.stderr
    assert done.stdout.index("No password is tried") < done.stdout.index("addresses answered")
    record = json.loads((tmp_path / "d" / "discovery.json").read_text())["nameplate_discovery"]
    assert record["authority"] == {
        "authorised_by": "J. Smith, CIO",
        "network": "127.77.0.0/24",
        "until": "2099-01-01",
    }
    assert "cctv" not in json.dumps(record)
    assert (record["asked"], record["answering"]) == (6, 3)
    kept = {p.name for p in (tmp_path / "d" / "answers").iterdir()}
    assert {a["sha256"] for a in record["answers"]} == kept
    found = identified(tmp_path / "d")
    assert found[AXIS]["maker"] == "Axis Communications"
    assert (found[AXIS]["model"], found[AXIS]["firmware"]) == ("P3818-PVE", "11.9.60")
    kinds = {e["kind"] for e in found[AXIS]["evidence"]}
    assert {"manufacturer", "tls_subject", "onvif_name"} <= kinds
    assert found[HIK]["maker"] == "Hikvision"
    assert DEAD not in found


def test_an_answer_that_never_ends_is_cut(bench: Bench, tmp_path: Path) -> None:
    done = look(tmp_path / "d")
    assert done.returncode == 0, done.stderr
    record = json.loads((tmp_path / "d" / "discovery.json").read_text())["nameplate_discovery"]
    mine = [a for a in record["answers"] if a["address"] == ENDLESS]
    assert max(a["size"] for a in mine) <= 65_536
    assert sum(a["question"] == "ws-discovery" for a in mine) <= 16


def test_no_sign_in_was_ever_tried(bench: Bench, tmp_path: Path) -> None:
    bench.asked.clear()
    assert look(tmp_path / "d").returncode == 0
    assert bench.asked
    for asked in bench.asked:
        lowered = asked.lower()
        assert b"authorization" not in lowered
        assert b"password" not in lowered
        assert b"usernametoken" not in lowered


@pytest.mark.skipif(shutil.which("nmap") is None, reason="nmap is not installed (make system-test)")
def test_a_real_nmap_finds_the_same_and_is_read(bench: Bench, tmp_path: Path) -> None:
    out = tmp_path / "scan.xml"
    done = subprocess.run(
        ["nmap", "-n", "-Pn", "-sT", "-sV", "--version-light", "--host-timeout", "60s",
         "-p", f"{HTTP},{HTTPS},{RTSP}", "--script", "http-title,http-server-header,ssl-cert",
         "-oX", str(out), AXIS, HIK],
        capture_output=True, text=True, timeout=150, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found = identified(out)
    assert found[AXIS]["maker"] == "Axis Communications"
    assert found[HIK]["maker"] == "Hikvision"
