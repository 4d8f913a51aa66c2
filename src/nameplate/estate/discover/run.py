"""Asking a network, at a bounded rate, and keeping every raw answer by its hash."""

from __future__ import annotations

import asyncio
import datetime
import hashlib
from collections.abc import Coroutine
from pathlib import Path
from typing import Any, Final

import msgspec

from nameplate import __version__
from nameplate.estate.discover import probes
from nameplate.estate.discover.authority import Authority, Ports

AT_ONCE: Final = 8
"""Addresses that are being asked at the same time."""


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """One raw answer: of which address and port, to which question, and where its bytes are."""

    address: str
    port: int
    question: str
    sha256: str
    size: int
    at: str


class Discovery(msgspec.Struct, frozen=True, kw_only=True):
    """The record of one look; ``discovery.json`` holds it beside ``answers/``."""

    authority: Authority
    network: str
    plan: tuple[str, ...]
    ports: Ports
    rate: float
    community_given: bool
    started: str
    finished: str
    nameplate_version: str
    asked: int
    answering: int
    answers: tuple[Answer, ...]


class _Pace:
    """Lets through at most ``rate`` requests a second."""

    def __init__(self, rate: float) -> None:
        self._gap = 1.0 / rate
        self._next = 0.0
        self._lock = asyncio.Lock()

    async def wait(self) -> None:
        async with self._lock:
            now = asyncio.get_running_loop().time()
            delay = self._next - now
            self._next = max(now, self._next) + self._gap
        if delay > 0:
            await asyncio.sleep(delay)


def _now() -> str:
    return datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")


class Looker:
    """One look at a network, writing into ``folder``."""

    def __init__(self, folder: Path, ports: Ports, rate: float, community: str) -> None:
        self.folder = folder
        self.ports = ports
        self.rate = rate
        self.community = community
        self.answers: list[Answer] = []
        self._pace = _Pace(rate)

    def _keep(self, address: str, port: int, question: str, raw: bytes | None) -> None:
        if not raw:
            return
        sha = hashlib.sha256(raw).hexdigest()
        target = self.folder / "answers" / sha
        if not target.exists():
            target.write_bytes(raw)
        self.answers.append(
            Answer(
                address=address, port=port, question=question, sha256=sha, size=len(raw), at=_now()
            )
        )

    async def _ask(
        self, address: str, port: int, question: str, probe: Coroutine[Any, Any, bytes | None]
    ) -> bool:
        await self._pace.wait()
        raw = await probe
        self._keep(address, port, question, raw)
        return bool(raw)

    async def _address(self, address: str) -> None:
        ports = self.ports
        await self._pace.wait()
        for raw in await probes.ws_discovery(address, ports.ws_discovery):
            self._keep(address, ports.ws_discovery, "ws-discovery", raw)
        for port in ports.http:
            if not await self._ask(address, port, "http", probes.http(address, port)):
                continue
            for operation in ("GetSystemDateAndTime", "GetDeviceInformation"):
                question = f"onvif {operation}"
                await self._ask(address, port, question, probes.onvif(address, port, operation))
        for port in ports.https:
            await self._ask(address, port, "certificate", probes.certificate(address, port))
        for port in ports.rtsp:
            await self._ask(address, port, "rtsp", probes.rtsp(address, port))
        if self.community:
            ask = probes.snmp(address, ports.snmp, self.community)
            await self._ask(address, ports.snmp, "snmp", ask)

    async def look(self, addresses: list[str]) -> None:
        """Ask all addresses, AT_ONCE at a time."""
        (self.folder / "answers").mkdir(parents=True, exist_ok=True)
        gate = asyncio.Semaphore(AT_ONCE)

        async def one(address: str) -> None:
            async with gate:
                await self._address(address)

        await asyncio.gather(*(one(address) for address in addresses))


def discover(
    folder: Path,
    *,
    network: str,
    addresses: list[str],
    given: Authority,
    said: list[str],
    ports: Ports,
    rate: float,
    community: str,
) -> Discovery:
    """Look at ``addresses`` and write ``discovery.json``; the community itself is not kept."""
    looker = Looker(folder, ports, rate, community)
    started = _now()
    asyncio.run(looker.look(addresses))
    order = {address: at for at, address in enumerate(addresses)}
    answers = sorted(looker.answers, key=lambda a: (order[a.address], a.port, a.question, a.sha256))
    found = Discovery(
        authority=given,
        network=network,
        plan=tuple(said),
        ports=ports,
        rate=rate,
        community_given=bool(community),
        started=started,
        finished=_now(),
        nameplate_version=__version__,
        asked=len(addresses),
        answering=len({a.address for a in answers}),
        answers=tuple(answers),
    )
    body = msgspec.json.format(msgspec.json.encode({"nameplate_discovery": found}), indent=2)
    (folder / "discovery.json").write_bytes(body + b"\n")
    return found
