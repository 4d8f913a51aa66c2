"""Who allowed a look, at which network, until when; and the plan that is said beforehand."""

from __future__ import annotations

import datetime
import ipaddress
from typing import Final

import msgspec

from nameplate.model.errors import LimitError, UsageError

MAX_ADDRESSES: Final = 4096
"""Addresses of one look: a /20 of IPv4. A larger estate is looked at in parts."""

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class Authority(msgspec.Struct, frozen=True, kw_only=True):
    """What is kept with the results: a person and office, a network, and the last day."""

    authorised_by: str
    network: str
    until: str


class Ports(msgspec.Struct, frozen=True, kw_only=True):
    """Where the services are asked for; defaults are the registered ones."""

    http: tuple[int, ...] = (80, 8000, 8080)
    https: tuple[int, ...] = (443,)
    rtsp: tuple[int, ...] = (554,)
    ws_discovery: int = 3702
    snmp: int = 161


def parse_network(text: str) -> Network:
    """A network in CIDR form; raises UsageError on what is none."""
    try:
        return ipaddress.ip_network(text, strict=True)
    except ValueError as error:
        raise UsageError(
            f"{text!r} is no network ({error})", do="write it as 192.0.2.0/28"
        ) from error


def authority(
    authorised_by: str, authorised_network: str, until: datetime.date | None
) -> Authority:
    """Check that all three parts are told; raises UsageError naming what is missing."""
    missing = [
        option
        for option, value in (
            ("--authorised-by", authorised_by.strip()),
            ("--authorised-network", authorised_network.strip()),
            ("--authorised-until", until),
        )
        if not value
    ]
    if missing or until is None:
        raise UsageError(
            f"nothing is asked of any device without {', '.join(missing)}",
            do="say who authorised the look, for which network, and until when",
        )
    return Authority(
        authorised_by=authorised_by.strip(),
        network=str(parse_network(authorised_network.strip())),
        until=until.isoformat(),
    )


def addresses(network: Network, given: Authority, today: datetime.date) -> list[str]:
    """The addresses to ask; raises UsageError where the authority does not cover them or has
    ended, and LimitError where there are more than MAX_ADDRESSES."""
    covered = parse_network(given.network)
    if network.version != covered.version or not network.subnet_of(covered):  # type: ignore[arg-type]
        raise UsageError(
            f"{network} is not within {covered}, which was authorised",
            do="ask for an authority for it",
        )
    if today.isoformat() > given.until:
        raise UsageError(
            f"the authority ended on {given.until}", do="ask for a new one before looking"
        )
    if network.num_addresses > MAX_ADDRESSES:
        raise LimitError(
            f"{network} has {network.num_addresses} addresses, more than {MAX_ADDRESSES}",
            do="look at it in parts",
        )
    hosts = list(network.hosts()) or [network.network_address]
    return [str(host) for host in hosts]


def plan(count: int, network: Network, ports: Ports, rate: float, community: bool) -> list[str]:
    """What will be done, in sentences, before anything is sent."""
    http = ", ".join(map(str, ports.http))
    requests = 1 + len(ports.http) * 3 + len(ports.https) + len(ports.rtsp) + community
    return [
        f"{count} addresses of {network} will be asked, and no other.",
        f"Of each: WS-Discovery (UDP {ports.ws_discovery}); the web page's greeting, and ONVIF "
        f"GetSystemDateAndTime and GetDeviceInformation (TCP {http}); the certificate's names "
        f"(TCP {', '.join(map(str, ports.https))}); RTSP OPTIONS "
        f"(TCP {', '.join(map(str, ports.rtsp))})"
        + (f"; SNMP sysDescr and sysObjectID (UDP {ports.snmp})." if community else "."),
        "No password is tried, nothing is changed, and nothing is sent that could do harm.",
        f"At most {rate:g} requests a second, {count * requests} in all: about "
        f"{count * requests / rate / 60:.0f} minutes or less.",
    ]
