"""The estate kept in a folder: an append-only log of sightings, and what is derived from it.

``sightings.jsonl`` is primary and only ever grows; sightings merge by id, so that importing the
same file again changes nothing. Originals stand whole under ``originals/`` by SHA-256. All else
(``devices.parquet``, ``history.jsonl``, ``statements.jsonl``, ``estate.json``) is derived again
from the log at each import and holds no clock and no path of this machine.
"""

from __future__ import annotations

import array
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import msgspec

from nameplate import __version__
from nameplate.catalogue import store as catalogue_store
from nameplate.estate.facts import store as facts
from nameplate.estate.identify import parts_of as parts_of_sighting
from nameplate.estate.identify import weigh
from nameplate.estate.identity import Device as Gathered
from nameplate.estate.identity import Resolver
from nameplate.estate.readers.open import find_files, sightings
from nameplate.model.device import Device, Field, Sighting, sighting_id
from nameplate.model.errors import InputError, StoreError
from nameplate.model.statement import Asserter, SourceRef, Statement, made

_NETWORK: Final = frozenset(
    {"onvif", "wsdiscovery", "snmp", "nmap", "isapi", "sadp", "dahua", "banner", "discovery"}
)
"""Formats in which the equipment itself answers; in others somebody writes about it."""
_BATCH: Final = 5000
"""Devices written to Parquet at a time."""
_HISTORY: Final = (
    Field.ADDRESS,
    Field.FIRMWARE,
    Field.MODEL,
    Field.SERIAL,
    Field.SITE,
    Field.LOCATION,
    Field.NAME,
    Field.HOSTNAME,
)


class Logged(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the log: a sighting with its id."""

    sighting_id: str
    sighting: Sighting


class Entries:
    """Logged sightings by number, read from the file when asked for; only offsets are held."""

    def __init__(self, path: Path) -> None:
        self._offsets = array.array("Q", [0])
        self._file = path.open("rb")
        for line in self._file:
            self._offsets.append(self._offsets[-1] + len(line))
        self._decoder = msgspec.json.Decoder(Logged)

    def __len__(self) -> int:
        return len(self._offsets) - 1

    def __getitem__(self, number: int) -> Logged:
        start, end = self._offsets[number], self._offsets[number + 1]
        self._file.seek(start)
        return self._decoder.decode(self._file.read(end - start))

    def __enter__(self) -> Entries:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()


class Imported(msgspec.Struct, frozen=True, kw_only=True):
    """What an import did, in numbers that add up: read = new + known."""

    files: int
    sightings_read: int
    sightings_new: int
    sightings_known: int
    devices: int
    devices_named: int
    set_aside: int
    makers: dict[str, int]


class Estate:
    """An estate in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._log = folder / "sightings.jsonl"

    def logged(self) -> Iterator[Logged]:
        """Sightings in the order in which they came; raises StoreError on a damaged line."""
        if not self._log.is_file():
            return
        decoder = msgspec.json.Decoder(Logged)
        with self._log.open("rb") as log:
            for number, line in enumerate(log, 1):
                try:
                    yield decoder.decode(line)
                except msgspec.DecodeError as error:
                    raise StoreError(
                        f"is damaged ({error})",
                        where=f"sightings.jsonl line:{number}",
                        do="restore the folder from a copy",
                    ) from error

    def add(self, paths: list[Path], body: str = "") -> Imported:
        """Import files: log what is new, keep originals, and derive everything again."""
        self.folder.mkdir(parents=True, exist_ok=True)
        known = {entry.sighting_id for entry in self.logged()}
        aside: dict[tuple[str, str], None] = {}
        read = new = 0
        encoder = msgspec.json.Encoder()
        with self._log.open("ab") as log:
            for sighting in sightings(paths, lambda name, text: aside.setdefault((name, text))):
                if body and not sighting.first(Field.BODY):
                    sighting = _with_body(sighting, body)
                read += 1
                key = sighting_id(sighting)
                if key in known:
                    continue
                known.add(key)
                new += 1
                entry = Logged(sighting_id=key, sighting=sighting)
                log.write(encoder.encode(entry) + b"\n")
        files = self._keep(paths)
        self._add_set_aside(aside)
        makers = self.derive()
        return Imported(
            files=files,
            sightings_read=read,
            sightings_new=new,
            sightings_known=read - new,
            devices=sum(makers.values()),
            devices_named=sum(n for maker, n in makers.items() if maker != "unknown"),
            set_aside=len(aside),
            makers=makers,
        )

    def _keep(self, paths: list[Path]) -> int:
        from nameplate.estate.readers.open import file_hash

        originals = self.folder / "originals"
        originals.mkdir(exist_ok=True)
        count = 0
        for _, path in find_files(paths):
            count += 1
            target = originals / file_hash(path)
            if not target.exists():
                shutil.copyfile(path, target)
        return count

    def _add_set_aside(self, aside: dict[tuple[str, str], None]) -> None:
        path = self.folder / "set_aside.jsonl"
        lines = dict.fromkeys(path.read_bytes().splitlines()) if path.is_file() else {}
        for name, reason in aside:
            row = {"source_file": name, "reason": reason}
            lines.setdefault(msgspec.json.encode(row, order="deterministic"))
        path.write_bytes(b"".join(line + b"\n" for line in lines))

    def derive(self) -> dict[str, int]:
        """Derive devices, history and statements from the log; returns devices by maker."""
        entries = Entries(self._log)
        resolver = Resolver()
        originals: set[str] = set()
        for number, entry in enumerate(self.logged()):
            resolver.add(number, entry.sighting)
            originals.add(entry.sighting.source_sha256)
        makers: dict[str, int] = {}
        part = self.folder / "devices.parquet.part"
        with (
            entries,
            _Parquet(part) as table,
            (self.folder / "history.jsonl").open("wb") as history,
            (self.folder / "statements.jsonl").open("wb") as statements,
        ):
            for gathered in resolver.devices:
                device = derived(gathered, entries)
                table.add(device)
                makers[device.maker] = makers.get(device.maker, 0) + 1
                for change in history_of(gathered, entries):
                    history.write(msgspec.json.encode(change) + b"\n")
                statement = statement_of(device, entries[gathered.sightings[-1]].sighting)
                if statement is not None:
                    statements.write(msgspec.json.encode(statement) + b"\n")
        part.replace(self.folder / "devices.parquet")
        makers = dict(sorted(makers.items(), key=lambda item: (-item[1], item[0])))
        record = {
            "schema_version": 1,
            "nameplate_version": __version__,
            "catalogue_version": catalogue_store.load().version,
            "facts_version": facts.version(),
            "sightings": len(entries),
            "devices": len(resolver.devices),
            "makers": makers,
            "originals": sorted(originals),
        }
        body = msgspec.json.format(msgspec.json.encode(record), indent=2)
        (self.folder / "estate.json").write_bytes(body + b"\n")
        return makers

    def devices(self) -> list[Device]:
        """Devices as last derived; raises InputError where nothing was imported."""
        path = self.folder / "devices.parquet"
        if not path.is_file():
            raise InputError(
                "holds no devices", where=self.folder.name, do="run nameplate estate import first"
            )
        import pyarrow.parquet as pq

        rows: list[dict[str, Any]] = pq.read_table(path).to_pylist()
        for row in rows:
            row["fields"] = dict(row["fields"])
            row["sources"] = dict(row["sources"])
            row["evidence"] = msgspec.json.decode(row["evidence"])
        return [msgspec.convert(row, Device) for row in rows]


def _with_body(sighting: Sighting, body: str) -> Sighting:
    from nameplate.estate.readers.base import reading

    readings = (*sighting.readings, *reading(Field.BODY, body, "option"))
    return msgspec.structs.replace(sighting, readings=readings)


def derived(gathered: Gathered, entries: Entries) -> Device:
    """A device over its sightings: the latest value of each field, and who made it."""
    fields: dict[str, str] = {}
    sources: dict[str, str] = {}
    stamp: dict[str, str] = {}
    services: dict[str, None] = {}
    parts: dict[tuple[str, str], None] = {}
    dates: list[str] = []
    for number in gathered.sightings:
        sighting = entries[number].sighting
        if sighting.observed:
            dates.append(sighting.observed)
        first: set[Field] = set()
        for reading in sighting.readings:
            if reading.field is Field.SERVICE:
                services.setdefault(reading.value)
                continue
            if reading.field in first:
                continue
            first.add(reading.field)
            key = reading.field.value
            # A later sighting counts, unless both say when and it is the older one.
            if key in stamp and sighting.observed and stamp[key] > sighting.observed:
                continue
            fields[key] = reading.value
            stamp[key] = sighting.observed or stamp.get(key, "")
            place = f"{sighting.source_file}#{reading.locator or sighting.locator}"
            sources[key] = place.rstrip("#")
        parts.update(dict.fromkeys(parts_of_sighting(sighting)))
    from nameplate.estate.identify import firmware_of, model_of

    last = entries[gathered.sightings[-1]].sighting
    for field, value in ((Field.MODEL, model_of(last)), (Field.FIRMWARE, firmware_of(last))):
        if value and field.value not in fields:
            fields[field.value] = value
            sources[field.value] = last.source_file
    identity = weigh(tuple(parts), fields.get(Field.MODEL.value, gathered.model))
    return Device(
        device_id=gathered.device_id,
        identity=gathered.identity,
        macs=tuple(gathered.macs),
        fields=dict(sorted(fields.items())),
        sources=dict(sorted(sources.items())),
        services=tuple(sorted(services)),
        maker=identity.maker,
        maker_key=identity.maker_key,
        brand=identity.brand,
        confidence=identity.confidence,
        band=identity.band.value if identity.band else "",
        evidence=identity.evidence,
        contradictions=identity.contradictions,
        note=identity.note,
        first_seen=min(dates, default=""),
        last_seen=max(dates, default=""),
        sightings=len(gathered.sightings),
    )


def history_of(gathered: Gathered, entries: Entries) -> Iterator[dict[str, str]]:
    """Each change of a device's fields, in the order of its sightings, with the source."""
    current: dict[Field, str] = {}
    for number in gathered.sightings:
        entry = entries[number]
        for field in _HISTORY:
            value = entry.sighting.first(field)
            if value and current.get(field) != value:
                yield {
                    "device_id": gathered.device_id,
                    "field": field.value,
                    "old": current.get(field, ""),
                    "new": value,
                    "observed": entry.sighting.observed,
                    "source": f"{entry.sighting.source_file}#{entry.sighting.locator}".rstrip("#"),
                    "sighting_id": entry.sighting_id,
                }
                current[field] = value


def statement_of(device: Device, sighting: Sighting) -> Statement | None:
    """The device's own statement of its maker, or its register's; None where unknown.

    What equipment answers itself is asserted by the device (grade ``observed``); what a register
    says of it is the body's word.
    """
    if not device.maker_key:
        return None
    answers = sighting.format in _NETWORK
    return made(
        Statement(
            statement_id="",
            subject=device.device_id,
            predicate="equipment_maker",
            value={
                "maker": device.maker_key,
                "brand": device.brand,
                "model": device.get(Field.MODEL),
                "role": "in_use",
                "confidence": device.confidence,
                "band": device.band,
            },
            source=SourceRef(
                sha256=sighting.source_sha256,
                locator=sighting.locator,
                title=sighting.source_file,
            ),
            asserter=Asserter.DEVICE if answers else Asserter.BODY,
            asserted_by="the device itself" if answers else "the register of devices",
            observed=device.last_seen,
        )
    )


class _Parquet:
    """Writes devices in batches, so that memory does not hold them all."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._rows: list[dict[str, Any]] = []

    def __enter__(self) -> _Parquet:
        import pyarrow.parquet as pq

        from nameplate.model.tables import DEVICE_SCHEMA

        self._schema = DEVICE_SCHEMA
        self._writer = pq.ParquetWriter(self._path, DEVICE_SCHEMA, compression="zstd")
        return self

    def add(self, device: Device) -> None:
        row = msgspec.to_builtins(device)
        row["evidence"] = msgspec.json.encode(device.evidence).decode()
        row["fields"] = list(device.fields.items())
        row["sources"] = list(device.sources.items())
        self._rows.append(row)
        if len(self._rows) >= _BATCH:
            self._flush()

    def _flush(self) -> None:
        import pyarrow as pa

        self._writer.write_table(pa.Table.from_pylist(self._rows, schema=self._schema))
        self._rows = []

    def __exit__(self, *_: object) -> None:
        if self._rows:
            self._flush()
        self._writer.close()
