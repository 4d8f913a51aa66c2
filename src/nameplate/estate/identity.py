"""Which sightings are of one device: hardware address first, then serial, then the rest.

A device keeps its id through a new network address, firmware or file. The order is: hardware
address; serial number with the model; endpoint id; name with site and model; at last the network
address, and that only while nothing contradicts it, since addresses are handed on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

import msgspec

from nameplate.estate.identify import mac_of, model_of
from nameplate.estate.mac import normalise_mac, tells_nothing
from nameplate.model.device import Field, Sighting, device_id

_MIN_SERIAL: Final = 6


class Device(msgspec.Struct):
    """A device while sightings are gathered: its keys, and which sighting set each field."""

    device_id: str
    identity: str
    macs: list[str]
    serial: str
    model: str
    address: str
    sightings: list[int]
    files: set[str]


def serial_of(sighting: Sighting) -> str:
    """The serial number where it can tell devices apart, upper case; otherwise ""."""
    serial = "".join(sighting.first(Field.SERIAL).upper().split())
    digits = "".join(c for c in sighting.first(Field.ADDRESS) if c.isdigit())
    if len(serial) < _MIN_SERIAL or len(set(serial)) < 3 or serial == digits:
        return ""
    return serial


def macs_of(sighting: Sighting) -> list[str]:
    """Hardware addresses that were assigned by a registrant, first the main one."""
    found = dict.fromkeys(
        m for m in (mac_of(sighting), *map(normalise_mac, sighting.all(Field.MAC))) if m
    )
    return [m for m in found if not tells_nothing(m)]


def _rest(sighting: Sighting, model: str) -> str:
    name = sighting.first(Field.NAME) or sighting.first(Field.HOSTNAME)
    site = sighting.first(Field.SITE) or sighting.first(Field.LOCATION)
    if name and (site or model):
        return f"name:{sighting.first(Field.BODY)}|{site}|{name}|{model}".lower()
    return ""


class Resolver:
    """Gathers sightings, in their order, into devices."""

    def __init__(self) -> None:
        self.devices: list[Device] = []
        self._by_key: dict[str, Device] = {}
        self._by_address: dict[str, Device] = {}

    def add(self, number: int, sighting: Sighting) -> Device:
        """The device of a sighting (the ``number``-th), a new one where it is none seen."""
        model = model_of(sighting)
        serial = serial_of(sighting)
        macs = macs_of(sighting)
        address = sighting.first(Field.ADDRESS)
        keys = [f"mac:{m}" for m in macs]
        serial_key = f"serial:{serial}|{model.upper()}" if serial else ""
        endpoint = sighting.first(Field.ENDPOINT).lower()
        others = [f"endpoint:{endpoint}"] if endpoint else []
        rest = _rest(sighting, model)
        device = next((self._by_key[k] for k in keys if k in self._by_key), None)
        if device is None and serial_key:
            device = self._fitting(serial_key, macs, sighting)
        for key in others:
            device = device or self._by_key.get(key)
        if device is None and rest:
            device = self._fitting(rest, macs, sighting, serial)
        if device is None and address:
            device = self._at_address(address, sighting, macs, serial, model)
        if device is None:
            strong = [*keys, serial_key, *others, rest]
            identity = next((k for k in strong if k), "")
            if not identity:
                place = f"{sighting.source_sha256}|{sighting.locator}"
                identity = f"address:{address}|{model}|{place}" if address else f"place:{place}"
            device = Device(device_id(identity), identity, [], serial, model, address, [], set())
            self.devices.append(device)
        self._learn(device, number, sighting, [*keys, serial_key, *others, rest])
        device.macs += [m for m in macs if m not in device.macs]
        device.serial = serial or device.serial
        device.model = model or device.model
        if address:
            device.address = address
            self._by_address[f"{sighting.first(Field.BODY)}|{address}"] = device
        return device

    def _learn(self, device: Device, number: int, sighting: Sighting, keys: list[str]) -> None:
        device.sightings.append(number)
        device.files.add(sighting.source_sha256)
        for key in keys:
            if key:
                self._by_key.setdefault(key, device)

    def _fitting(
        self, key: str, macs: list[str], sighting: Sighting, serial: str = ""
    ) -> Device | None:
        """The device under a key, unless its own addresses or serial say it is another."""
        device = self._by_key.get(key)
        if device is None:
            return None
        if macs and device.macs and sighting.source_sha256 in device.files:
            return None
        if serial and device.serial and serial != device.serial:
            return None
        if not key.startswith("serial:") and macs and device.macs:
            return None
        return device

    def _at_address(
        self, address: str, sighting: Sighting, macs: list[str], serial: str, model: str
    ) -> Device | None:
        device = self._by_address.get(f"{sighting.first(Field.BODY)}|{address}")
        if device is None or sighting.source_sha256 in device.files:
            return None
        if macs and device.macs:
            return None
        if serial and device.serial and serial != device.serial:
            return None
        if model and device.model and model.upper() != device.model.upper():
            return None
        return device


def resolve(sightings: Iterable[Sighting]) -> Iterator[Device]:
    """Devices of all sightings, in the order in which each was first seen."""
    resolver = Resolver()
    for number, sighting in enumerate(sightings):
        resolver.add(number, sighting)
    yield from resolver.devices
