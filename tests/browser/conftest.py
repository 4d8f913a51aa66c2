"""One Chromium for the session, and a real server with its worker behind HTTPS."""

from __future__ import annotations

import asyncio
import datetime
import io
import ipaddress
import os
import shutil
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

# Playwright's synchronous form keeps an event loop in this thread, which Django takes for one
# of its own; nothing here awaits.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

IMAGES = Path(__file__).resolve().parents[2] / "docs" / "images"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The distribution's Chromium, without a window, for all tests of the session."""
    path = shutil.which("chromium")
    if path is None:
        pytest.fail("Chromium is not installed: run scripts/install-system-test-tools")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield running
        running.close()


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def _certificate(folder: Path) -> ssl.SSLContext:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), False
        )
        .sign(key, hashes.SHA256())
    )
    pem = folder / "tls.pem"
    pem.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    return context


class Proxy(threading.Thread):
    """Ends TLS before the server, as a reverse proxy does; the browser says which scheme it was."""

    def __init__(self, port: int, behind: int, context: ssl.SSLContext) -> None:
        super().__init__(daemon=True)
        self.port, self.behind, self.context = port, behind, context
        self.loop = asyncio.new_event_loop()

    def run(self) -> None:
        with suppress(asyncio.CancelledError):
            self.loop.run_until_complete(self._serve())
        self.loop.close()

    async def _serve(self) -> None:
        server = await asyncio.start_server(self._handle, "127.0.0.1", self.port, ssl=self.context)
        await server.serve_forever()

    async def _handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            to_reader, to_writer = await asyncio.open_connection("127.0.0.1", self.behind)
            await asyncio.gather(self._pipe(reader, to_writer), self._pipe(to_reader, writer))

    @staticmethod
    async def _pipe(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        with suppress(OSError, ssl.SSLError):
            while block := await source.read(65536):
                sink.write(block)
                await sink.drain()
        sink.close()

    def stop(self) -> None:
        def end() -> None:
            for task in asyncio.all_tasks(self.loop):
                task.cancel()

        self.loop.call_soon_threadsafe(end)
        self.join(10)


class Served:
    """``nameplate serve`` in server mode, in a workspace of its own, with its worker."""

    def __init__(self, workspace: Path) -> None:
        self.workspace = workspace
        self.port, self.behind = free_port(), free_port()
        self.address = f"https://127.0.0.1:{self.port}"
        self.environment = {
            **os.environ,
            "NAMEPLATE_WORKSPACE": str(workspace),
            "NAMEPLATE_MODE": "server",
            "DJANGO_SETTINGS_MODULE": "nameplate.web.settings",
            "DATABASE_URL": "",
        }

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "nameplate.cli", *arguments],
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )

    def python(self, code: str) -> str:
        """Run ``code`` with the server's own settings; what it prints."""
        done = subprocess.run(
            [sys.executable, "-c", f"import django; django.setup()\n{code}"],
            env=self.environment,
            capture_output=True,
            text=True,
            check=True,
            timeout=120,
        )
        return done.stdout.strip()

    def __enter__(self) -> Served:
        self.log = (self.workspace / "serve.log").open("wb")
        self.process = subprocess.Popen(
            [
                *(sys.executable, "-m", "nameplate.cli", "serve"),
                *("--workspace", str(self.workspace), "--bind", f"127.0.0.1:{self.behind}"),
            ],
            env=self.environment,
            stdout=self.log,
            stderr=self.log,
        )
        until = time.monotonic() + 90
        while time.monotonic() < until and self.process.poll() is None:
            with suppress(OSError), socket.create_connection(("127.0.0.1", self.behind), 1):
                break
            time.sleep(0.2)
        else:
            raise RuntimeError((self.workspace / "serve.log").read_text())
        self.proxy = Proxy(self.port, self.behind, _certificate(self.workspace))
        self.proxy.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.proxy.stop()
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
        self.log.close()

    def context(self, browser: Browser, **options: Any) -> Any:
        """A person's own browser profile."""
        return browser.new_context(
            base_url=self.address,
            ignore_https_errors=True,
            extra_http_headers={"X-Forwarded-Proto": "https"},
            viewport={"width": 900, "height": 700},
            **options,
        )


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    with Served(tmp_path) as running:
        yield running


def picture(page: Page, name: str, start: str = "body") -> None:
    """Write docs/images/NAME.png, 900 pixels wide in 32 colours, when asked by the environment.

    ``start`` is the element whose top is the picture's.
    """
    if os.environ.get("NAMEPLATE_SCREENSHOTS") != "1":
        return
    from PIL import Image

    IMAGES.mkdir(parents=True, exist_ok=True)
    top, high = page.evaluate(
        "start => [document.querySelector(start).getBoundingClientRect().top + scrollY,"
        " document.documentElement.scrollHeight]",
        start,
    )
    clip = {"x": 0, "y": top, "width": 900, "height": min(high - top, 1100)}
    shot = Image.open(io.BytesIO(page.screenshot(full_page=True, clip=clip)))
    small = shot.convert("RGB").quantize(32, dither=Image.Dither.NONE)
    small.save(IMAGES / f"{name}.png", optimize=True)
