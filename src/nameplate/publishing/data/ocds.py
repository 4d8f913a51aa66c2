"""OCDS releases that carry attributions in an extension, and the extension itself."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from nameplate.model.ids import make_id
from nameplate.publishing.data.plain import LICENCE
from nameplate.publishing.edition import Edition, plain
from nameplate.publishing.tables import Row

_TEXT: Final = {"type": ["string", "null"]}
RELEASE_PATCH: Final[dict[str, Any]] = {
    "definitions": {
        "Award": {
            "properties": {
                "equipmentAttributions": {
                    "title": "Equipment attributions",
                    "description": "Whose equipment this award bought, derived from evidence.",
                    "type": "array",
                    "uniqueItems": True,
                    "items": {"$ref": "#/definitions/EquipmentAttribution"},
                }
            }
        },
        "EquipmentAttribution": {
            "title": "Equipment attribution",
            "description": "One maker, or an open question, with its grade and fixed wording.",
            "type": "object",
            "required": ["id", "grade", "wording"],
            "additionalProperties": False,
            "properties": {
                "id": {"type": "string", "minLength": 1},
                "grade": {"type": "string", "enum": ["stated", "observed", "named", "open"]},
                "maker": _TEXT,
                "brand": _TEXT,
                "role": _TEXT,
                "wording": {"type": "string"},
                "constructed": _TEXT,
            },
        },
    }
}
"""JSON Merge Patch on the OCDS 1.1 release schema."""
EXTENSION: Final[dict[str, Any]] = {
    "name": {"en": "Equipment attributions"},
    "description": {
        "en": "Adds to each award whose equipment it bought, as an edition of Nameplate holds it."
    },
    "schemas": ["release-schema.json"],
    "compatibility": ["1.1"],
}


def write_ocds(folder: Path, edition: Edition) -> int:
    """Write ``releases.jsonl`` and the extension's files; returns the number of releases.

    A payment line has no ocid and makes no release: it is in the tables only.
    """
    folder.mkdir()
    count = 0
    with (folder / "releases.jsonl").open("w", encoding="utf-8") as stream:
        for release in releases(edition):
            stream.write(json.dumps(release, ensure_ascii=False, separators=(",", ":")) + "\n")
            count += 1
    for name, value in (
        ("extension.json", EXTENSION),
        ("release-schema.json", RELEASE_PATCH),
        (
            "package.json",
            {
                "version": "1.1",
                "extensions": ["extension.json"],
                "publishedDate": f"{edition.day}T00:00:00Z",
                "license": LICENCE["path"],
                "releases": "releases.jsonl, one a line",
            },
        ),
    ):
        text = json.dumps(value, ensure_ascii=False, indent=1) + "\n"
        (folder / name).write_text(text, encoding="utf-8")
    return count


def releases(edition: Edition) -> Iterator[dict[str, Any]]:
    """One release a purchase that has an ocid, in the order of the purchases."""
    held: dict[str, list[Row]] = {}
    for row in edition.tables["attributions"]:
        held.setdefault(row["purchase_id"], []).append(row)
    names = {row["body_id"]: row["name"] for row in edition.tables["bodies"]}
    for row in edition.tables["purchases"]:
        if row["ocid"]:
            found = held.get(row["purchase_id"], [])
            yield _release(row, found, names.get(row["body_id"], ""), edition.day)


def _release(row: Row, held: list[Row], body: str, day: str) -> dict[str, Any]:
    parties = [{"id": row["body_id"], "name": body, "roles": ["buyer"]}] if body else []
    suppliers = [
        {"id": make_id("s", name.casefold()), "name": name}
        for name in filter(None, (row["supplier"] or "").split("; "))
    ]
    parties += [{**one, "roles": ["supplier"]} for one in suppliers]
    award: dict[str, Any] = {
        "id": row["award_id"] or row["purchase_id"],
        "title": row["title"],
        "suppliers": suppliers,
        "equipmentAttributions": [_attribution(item) for item in held],
    }
    if row["date"]:
        award["date"] = f"{row['date'].isoformat()}T00:00:00Z"
    if row["amount"] is not None and row["currency"]:
        # OCDS has numbers here; the exact sums are in the tables.
        award["value"] = {"amount": float(row["amount"]), "currency": row["currency"]}
    release = {
        "ocid": row["ocid"],
        "id": f"{row['purchase_id']}-{day}",
        "date": f"{day}T00:00:00Z",
        "tag": ["award"],
        "initiationType": "tender",
        "parties": parties,
        "awards": [award],
    }
    if body:
        release["buyer"] = {"id": row["body_id"], "name": body}
    return release


def _attribution(item: Row) -> dict[str, Any]:
    fields = ("grade", "maker", "brand", "role", "wording", "constructed")
    held = {name: plain(item[name]) for name in fields if item[name]}
    return {"id": item["attribution_id"], **held}
