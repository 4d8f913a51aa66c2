"""OpenSanctions' exports: FollowTheMoney entities as JSON lines, and ``targets.simple.csv``.

In the JSON lines a listing is an entity of its own (schema ``Sanction``) that points at the firm,
so the file is read twice: first the sanctions, then the firms. Dates come from the sanction;
``first_seen`` is when OpenSanctions first saw the firm, which is kept and is no listing date.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import msgspec

from nameplate.catalogue.watchlists.days import iso
from nameplate.catalogue.watchlists.entry import ListEntry, Reading, split
from nameplate.catalogue.watchlists.reading import fault, read_text, table
from nameplate.model import locator
from nameplate.model.errors import InputError, LimitError

DATASETS: Final = {
    "us_dod_chinese_milcorps": "us-dod-1260h",
    "us_bis_denied": "us-denied-persons",
    "us_fcc_covered_list": "us-fcc-covered",
    "us_section_889": "us-889",
    "gb_fcdo_sanctions": "uk-sanctions",
    "us_dhs_uflpa": "us-uflpa",
}
"""OpenSanctions' dataset → the catalogue's watchlist."""

TARGETS: Final = frozenset(
    {"Person", "Company", "Organization", "LegalEntity", "PublicBody", "Vessel", "Airplane"}
    | {"Security", "CryptoWallet", "Asset"}
)
_TIES: Final = frozenset({"Ownership", "Directorship", "UnknownLink", "Representation", "Family"})
_KNOWN: Final = frozenset(
    {"name", "alias", "weakAlias", "previousName", "abbreviation", "country", "jurisdiction"}
    | {
        "address",
        "addressEntity",
        "topics",
        "notes",
        "sourceUrl",
        "programId",
        "registrationNumber",
    }
    | {"leiCode", "innCode", "ogrnCode", "uscCode", "isinCode", "ticker", "taxNumber", "vatCode"}
    | {"idNumber", "imoNumber", "website", "email", "phone", "birthDate", "nationality", "status"}
    | {"dunsCode", "uniqueEntityId", "wikidataId", "passportNumber", "parent", "sector", "keywords"}
    | {"createdAt", "modifiedAt", "legalForm", "incorporationDate", "publisher", "summary"}
    | {"mainCountry", "gender", "birthPlace", "title", "position", "flag", "type", "mmsi"}
    | {"firstName", "lastName", "middleName", "fatherName", "secondName", "citizenship", "swiftBic"}
    | {"callSign", "tonnage", "buildDate", "pastFlags", "description", "operator", "owner"}
    | {"classification", "dissolutionDate", "opencorporatesUrl", "okpoCode", "npiCode", "sanctions"}
)
"""Properties of the FollowTheMoney schemata above that are kept; others are reported."""
_IDS: Final = (
    "registrationNumber", "leiCode", "innCode", "ogrnCode", "uscCode", "isinCode", "ticker",
    "taxNumber", "vatCode", "idNumber", "imoNumber", "dunsCode", "uniqueEntityId", "wikidataId",
)  # fmt: skip
_SANCTION: Final = frozenset(
    {"entity", "authority", "program", "programId", "programUrl", "startDate", "endDate", "status"}
    | {"listingDate", "date", "country", "sourceUrl", "reason", "provisions", "authorityId"}
    | {"unscId", "duration", "summary", "description", "modifiedAt", "recordId", "publisher"}
    | {"retrievedAt", "alephUrl"}
)


def _lines(path: Path, reading: Reading, max_bytes: int) -> Iterator[tuple[str, dict[str, Any]]]:
    size = path.stat().st_size
    if size > max_bytes:
        raise LimitError(
            f"the file has {size:,} bytes, more than {max_bytes:,} are not read",
            where=path.name,
            do="import one dataset, not the whole collection",
        )
    with path.open("rb") as stream:
        number = 0
        for number, raw in enumerate(stream, 1):
            line = raw.rstrip(b"\r\n")
            if not line.strip():
                continue
            place = locator.line(number)
            try:
                value = msgspec.json.decode(line)
            except msgspec.DecodeError as error:
                if not raw.endswith(b"\n"):
                    raise InputError(
                        "the file is cut off: its last line is no whole JSON",
                        where=f"{path.name}, line {number}",
                        do="download it again; the snapshot in force stays",
                    ) from error
                if number == 1:
                    raise InputError(
                        "the first line is no JSON",
                        where=path.name,
                        do="give entities.ftm.json, one entity a line",
                    ) from error
                reading.rows += 1
                reading.aside(place, f"no JSON: {error}", line[:120].decode("utf-8", "replace"))
                continue
            except UnicodeDecodeError as error:
                raise InputError(
                    f"line {number} is not UTF-8", where=path.name, do="download it again"
                ) from error
            good = isinstance(value, dict) and {"id", "schema", "properties"} <= value.keys()
            if good:
                yield place, value
            elif number == 1:
                raise InputError(
                    "the first line is no FollowTheMoney entity (id, schema, properties)",
                    where=path.name,
                    do="give entities.ftm.json, one entity a line",
                )
            else:
                reading.rows += 1
                reading.aside(place, "no FollowTheMoney entity", line[:120].decode())
        if number == 0:
            raise InputError("the file is empty", where=path.name, do="download it again")


def _values(entity: dict[str, Any], *names: str) -> tuple[str, ...]:
    """All values of the named properties, as text; nested entities give their captions."""
    found: list[str] = []
    for name in names:
        for value in entity["properties"].get(name, ()):
            if isinstance(value, dict):
                inner = value.get("properties", {})
                found += [str(v) for v in (inner.get("full") or inner.get("name") or ())[:1]]
            else:
                found.append(str(value))
    return tuple(dict.fromkeys(found))


def read_ftm(path: Path, reading: Reading, max_bytes: int) -> Iterator[ListEntry]:
    """FollowTheMoney entities, one JSON object a line (also with sanctions nested in them)."""
    silent = Reading()
    sanctions: dict[str, list[dict[str, Any]]] = defaultdict(list)
    parents: dict[str, list[str]] = defaultdict(list)
    captions: dict[str, str] = {}
    for _, entity in _lines(path, silent, max_bytes):
        if entity["schema"] == "Sanction":
            for target in _values(entity, "entity"):
                sanctions[target].append(entity)
        elif entity["schema"] == "Ownership":
            for asset in _values(entity, "asset"):
                parents[asset] += _values(entity, "owner")
        elif parents is not None and entity["schema"] in TARGETS:
            captions[entity["id"]] = entity.get("caption", "")
    for place, entity in _lines(path, reading, max_bytes):
        schema = entity["schema"]
        if schema not in TARGETS:
            reading.auxiliary[schema] += 1
            if schema == "Sanction":
                for key in entity["properties"].keys() - _SANCTION:
                    reading.unknown[f"Sanction.{key}"] += 1
            elif schema not in _TIES and schema not in ("Address", "Identification", "Passport"):
                reading.unknown[f"schema {schema}"] += 1
            continue
        nested = [s for s in entity["properties"].get("sanctions", ()) if isinstance(s, dict)]
        mine = [*sanctions.get(entity["id"], ()), *nested]
        if not mine and entity.get("target") is False:
            reading.auxiliary[f"{schema} that is no target"] += 1
            continue
        reading.rows += 1
        if reason := fault([str(v) for vs in entity["properties"].values() for v in vs]):
            reading.aside(place, reason, str(entity.get("caption", entity["id"])))
            continue
        above = [captions.get(owner) or owner for owner in parents.get(entity["id"], ())]
        yield from _ftm_entries(entity, mine, above, place, reading)


def _ftm_entries(
    entity: dict[str, Any],
    sanctions: list[dict[str, Any]],
    parents: list[str],
    place: str,
    reading: Reading,
) -> Iterator[ListEntry]:
    properties = entity["properties"]
    names = _values(entity, "name")
    caption = entity.get("caption") or (names[0] if names else "")
    if not caption:
        reading.aside(place, "has no name", entity["id"])
        return
    other = {}
    for key in sorted(properties.keys() - _KNOWN):
        reading.unknown[f"{entity['schema']}.{key}"] += 1
        other[key] = "; ".join(_values(entity, key))
    for key in ("first_seen", "last_seen", "last_change"):
        if entity.get(key):
            other[key] = str(entity[key])
    also = _values(entity, "alias", "weakAlias", "previousName", "abbreviation")
    aliases = [name for name in (*names, *also) if name != caption]
    datasets = tuple(entity.get("datasets", ()))
    for number, sanction in enumerate(sanctions or [{"id": "", "properties": {}}]):
        starts = _values(sanction, "startDate", "date")
        ends = _values(sanction, "endDate")
        listed = _values(sanction, "listingDate")
        sets = tuple(sanction.get("datasets", ())) or datasets
        yield ListEntry(
            entry_id=f"{entity['id']}|{sanction['id'] or number}",
            name=caption,
            kind="Person" if entity["schema"] == "Person" else _kind(entity["schema"]),
            aliases=tuple(dict.fromkeys(aliases)),
            watchlist=next((DATASETS[d] for d in sets if d in DATASETS), ""),
            source_list=", ".join(sets),
            programs=_values(sanction, "program", "programId") or _values(entity, "programId"),
            valid_from=iso((starts or listed or ("",))[0]),
            valid_to=iso(ends[0]) if ends else "",
            announced=iso(listed[0]) if listed else "",
            scope="; ".join(_values(sanction, "provisions", "reason")),
            citation="; ".join(_values(sanction, "authority")),
            identifiers=tuple(f"{key}:{v}" for key in _IDS for v in _values(entity, key)),
            countries=_values(entity, "country", "jurisdiction", "nationality"),
            addresses=_values(entity, "address", "addressEntity"),
            parents=tuple(dict.fromkeys((*parents, *_values(entity, "parent")))),
            note="; ".join(_values(entity, "notes")),
            url=(_values(sanction, "sourceUrl") or _values(entity, "sourceUrl") or ("",))[0],
            other=other,
            locator=place,
        )


def _kind(schema: str) -> str:
    kinds = {"PublicBody": "Organization", "Security": "Thing", "CryptoWallet": "Thing"}
    return kinds.get(schema, "Thing" if schema == "Asset" else schema)


SIMPLE: Final = (
    "id", "schema", "name", "aliases", "birth_date", "countries", "addresses", "identifiers",
    "sanctions", "phones", "emails", "program_ids", "dataset", "first_seen", "last_seen",
    "last_change",
)  # fmt: skip


def read_simple(path: Path, reading: Reading, max_bytes: int) -> Iterator[ListEntry]:
    """``targets.simple.csv``: it holds no listing dates, which are then not computable."""
    text = read_text(path, max_bytes)
    reading.notes.append("this form gives no listing dates: listed then is not computable from it")
    for place, row in table(path, text, reading, ("id", "schema", "name", "dataset")):
        kept = ("birth_date", "phones", "emails", "first_seen", "last_seen", "last_change")
        yield ListEntry(
            entry_id=row["id"],
            name=row["name"],
            kind=_kind(row["schema"]),
            aliases=split(row.get("aliases", "")),
            source_list=row["dataset"],
            programs=split(row.get("program_ids", "")),
            citation=row.get("sanctions", ""),
            identifiers=split(row.get("identifiers", "")),
            countries=split(row.get("countries", "")),
            addresses=split(row.get("addresses", "")),
            other=reading.unknown_fields(row, SIMPLE)
            | {key: row[key] for key in kept if row.get(key)},
            locator=place,
        )
