"""An edition: a frozen publication's data, versions, decisions and what changed since the last."""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from nameplate import __version__
from nameplate.catalogue.store import Catalogue, load
from nameplate.model.errors import InputError, UsageError
from nameplate.model.ids import make_id
from nameplate.model.wording import GRADE_WORDING
from nameplate.publishing import gate
from nameplate.publishing.method import method
from nameplate.publishing.project import Projection, named_firms, project
from nameplate.publishing.tables import TABLES, Row

EDITION_VERSION: Final = 1
"""Version of ``edition.json``."""
_WATCHED: Final = ("maker", "brand", "role", "grade", "amount", "currency", "amount_kind", "date")
"""Fields of an attribution whose change is a correction."""


@dataclass(frozen=True)
class Options:
    """What an edition is made of. ``day`` is None where the trace's own day is to be taken."""

    folder: Path
    name: str = ""
    day: datetime.date | None = None
    bodies: frozenset[str] = frozenset()
    replies: Path | None = None
    override: gate.Override | None = None
    previous: Path | None = None
    corrections: Path | None = None
    contact: str = ""


@dataclass
class Edition:
    """All that is published: tables, versions, and changes; ``private`` is what must not be."""

    about: dict[str, Any]
    tables: dict[str, list[Row]]
    changes: list[Row]
    private: dict[str, str] = field(default_factory=dict)
    method: dict[str, Any] = field(default_factory=dict)
    maker_keys: dict[str, str] = field(default_factory=dict)

    @property
    def day(self) -> str:
        """The day of the edition, ISO."""
        return str(self.about["day"])


def make_edition(options: Options, catalogue: Catalogue | None = None) -> Edition:
    """Build an edition's data; raises GateError where a named firm has not had its say."""
    catalogue = catalogue or load()
    projection = _project(options, catalogue)
    day = _day(options, projection.run)
    tables = projection.tables
    tables["parties"] = gate.party_rows(
        named_firms(projection), gate.load_replies(options.replies), day
    )
    gate.check(tables["parties"], options.override)
    described = method(projection.run)
    digest = data_sha256(tables)
    previous = _previous(options.previous)
    override = options.override
    about = {
        "edition_version": EDITION_VERSION,
        "name": options.name or f"Edition of {day.isoformat()}",
        "day": day.isoformat(),
        "data_sha256": digest,
        "catalogue_version": projection.run["catalogue_version"],
        "publishing_catalogue_version": catalogue.version,
        "code_version": projection.run["code_version"],
        "publishing_version": __version__,
        "method_version": described["version"],
        "mode": projection.run["mode"],
        "trace_as_of": projection.run["as_of"],
        "outcome": projection.run["outcome"],
        "bodies_asked_for": sorted(options.bodies),
        "wording": {grade.value: sentence for grade, sentence in GRADE_WORDING.items()},
        "override": {"by": override.by, "reason": override.reason} if override else None,
        "contact": options.contact,
        "rows": {table.name: len(tables[table.name]) for table in TABLES},
        "previous": previous["about"] if previous else None,
    }
    changes = _changes(previous, tables, about, _reasons(options.corrections)) if previous else []
    keys = projection.maker_keys
    return Edition(about, tables, changes, projection.private, described, keys)


def _project(options: Options, catalogue: Catalogue) -> Projection:
    record = options.folder / "run.json"
    run = json.loads(record.read_bytes()) if record.is_file() else {"as_of": ""}
    day = _day(options, run) if record.is_file() else datetime.date.min
    return project(options.folder, catalogue, day, options.bodies)


def _day(options: Options, run: Mapping[str, Any]) -> datetime.date:
    if options.day:
        return options.day
    try:
        return datetime.date.fromisoformat(str(run["as_of"]))
    except ValueError:
        raise UsageError(
            "an edition needs its day, and the trace was made without one",
            do="give --as-of DATE (the same day gives the same bytes)",
        ) from None


def money_text(value: Decimal) -> str:
    """A sum as a plain number: no exponent, no more than the decimals it has, pence in full."""
    text = f"{value.normalize():f}"
    whole, _, rest = text.partition(".")
    return f"{whole}.{rest.ljust(2, '0')}" if rest else whole


def plain(value: object) -> Any:
    """A cell as JSON has it: sums as text, so that no reader rounds them; days as ISO text."""
    if isinstance(value, Decimal):
        return money_text(value)
    return value.isoformat() if isinstance(value, datetime.date) else value


def json_line(row: Row) -> bytes:
    """A row as one line of JSON, with a newline."""
    cells = {name: plain(value) for name, value in row.items()}
    return json.dumps(cells, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def data_sha256(tables: Mapping[str, list[Row]]) -> str:
    """SHA-256 over the JSON lines of all tables, in the order of their declaration."""
    digest = hashlib.sha256()
    for table in TABLES:
        digest.update(table.name.encode() + b"\0")
        for row in tables[table.name]:
            digest.update(json_line(row))
    return digest.hexdigest()


def _previous(site: Path | None) -> dict[str, Any] | None:
    if site is None:
        return None
    try:
        about = json.loads((site / "edition.json").read_bytes())
        lines = (site / "data" / "attributions.jsonl").read_bytes().splitlines()
        rows = [json.loads(line) for line in lines]
        feed = json.loads((site / "corrections.json").read_bytes())
        return {
            "about": {k: about[k] for k in ("name", "day", "data_sha256", "catalogue_version")}
            | {"method_version": about["method_version"], "code_version": about["code_version"]},
            "rows": {row["attribution_id"]: row for row in rows},
            "feed": feed["items"],
        }
    except (OSError, ValueError, KeyError) as error:
        raise InputError(
            "this is no edition that Nameplate published", where=str(site), do="check --previous"
        ) from error


def _reasons(path: Path | None) -> dict[str, str]:
    if path is None:
        return {}
    try:
        found = json.loads(path.read_bytes())
        return {str(key): str(value) for key, value in found.items()}
    except (OSError, ValueError, AttributeError) as error:
        raise InputError(
            "not a JSON object of attribution ids and reasons", where=path.name
        ) from error


def _changes(
    previous: dict[str, Any], tables: Mapping[str, list[Row]], about: Row, reasons: dict[str, str]
) -> list[Row]:
    """New entries first, then all those of the editions before: a correction is never dropped."""
    before = previous["rows"]
    now = {
        row["attribution_id"]: {name: plain(value) for name, value in row.items()}
        for row in tables["attributions"]
    }
    versions = [
        f"{label} {previous['about'][key]} to {about[key]}"
        for key, label in (
            ("catalogue_version", "the catalogue went from"),
            ("method_version", "the method went from"),
            ("code_version", "the program went from"),
        )
        if previous["about"].get(key) != about[key]
    ]
    cause = "; ".join(versions) or "the records or statements it rests on changed"
    rows = []
    for identity in sorted({*before, *now}):
        old, new = before.get(identity), now.get(identity)
        fields = [n for n in _WATCHED if old and new and old.get(n) != new.get(n)]
        if old and new and not fields:
            continue
        kind = "changed" if old and new else ("added" if new else "withdrawn")
        was = {n: old.get(n) for n in fields or _WATCHED} if old else None
        became = {n: new.get(n) for n in fields or _WATCHED} if new else None
        row = new or old or {}
        hashes = (previous["about"]["data_sha256"], about["data_sha256"])
        rows.append(
            {
                "id": make_id("c", identity, *hashes),
                "attribution_id": identity,
                "body_id": row.get("body_id") or "",
                "kind": kind,
                "edition": about["name"],
                "day": about["day"],
                "was": was,
                "is": became,
                "why": reasons.get(identity) or cause,
            }
        )
    return rows + list(previous["feed"])
