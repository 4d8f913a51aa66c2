"""FollowTheMoney entities: bodies, firms, contracts, awards, links to makers, listings."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from nameplate.model.ids import make_id
from nameplate.publishing.edition import Edition, plain

_REFERENCES: Final = frozenset({"authority", "contract", "entity", "object", "subject", "supplier"})


def _ident(identity: str) -> str:
    """An id as FollowTheMoney takes it: an underscore would make it drop the whole reference."""
    return identity.replace("_", "-")


def write_ftm(path: Path, edition: Edition) -> int:
    """Write entities as JSON lines; returns how many. Each id occurs once."""
    seen: set[str] = set()
    with path.open("w", encoding="utf-8") as stream:
        for entity in entities(edition):
            if entity["id"] in seen:
                continue
            seen.add(entity["id"])
            stream.write(json.dumps(entity, ensure_ascii=False, separators=(",", ":")) + "\n")
    return len(seen)


def entities(edition: Edition) -> Iterator[dict[str, Any]]:
    """All entities; a supplier or maker comes again wherever it is named."""
    tables = edition.tables
    for body in tables["bodies"]:
        yield _entity(
            body["body_id"],
            "PublicBody",
            name=body["name"],
            country="gb",
            dissolutionDate=body["valid_to"],
        )
    for row in tables["purchases"]:
        yield from _purchase(row)
    for row in tables["attributions"]:
        if not row["maker"]:
            continue
        maker = _firm("m", row["maker"])
        yield maker
        yield _entity(
            row["attribution_id"],
            "UnknownLink",
            subject=f"{row['purchase_id']}.contract",
            object=maker["id"],
            role=f"maker of equipment ({row['grade']})",
            summary=row["wording"],
            description=row["constructed"],
            date=row["date"],
        )
    for row in tables["listings"]:
        yield _entity(
            row["listing_id"],
            "Sanction",
            entity=_firm("m", row["maker"])["id"],
            authority=row["authority"],
            program=row["watchlist"],
            startDate=row["valid_from"],
            endDate=row["valid_to"],
            summary=row["citation"],
        )


def _purchase(row: dict[str, Any]) -> Iterator[dict[str, Any]]:
    contract = f"{row['purchase_id']}.contract"
    yield _entity(
        contract,
        "Contract",
        title=row["title"] or "title not given",
        amount=row["amount"],
        currency=row["currency"],
        authority=row["body_id"],
        contractDate=row["date"],
        sourceUrl=row["url"],
        procedureNumber=row["ocid"],
        notes=row["constructed"],
    )
    for name in filter(None, (row["supplier"] or "").split("; ")):
        firm = _firm("s", name)
        yield firm
        yield _entity(
            make_id("aw", row["purchase_id"], firm["id"]),
            "ContractAward",
            supplier=firm["id"],
            contract=contract,
            amount=row["amount"],
            currency=row["currency"],
            date=row["date"],
            recordId=row["award_id"],
        )


def _firm(prefix: str, name: str) -> dict[str, Any]:
    return _entity(make_id(prefix, name.casefold()), "Company", name=name)


def _entity(identity: str, schema: str, **properties: Any) -> dict[str, Any]:
    held = {k: [str(plain(v))] for k, v in properties.items() if v not in (None, "")}
    # A listing's authority is a text, a contract's is a body.
    for name in _REFERENCES & held.keys() - ({"authority"} if schema == "Sanction" else set()):
        held[name] = [_ident(held[name][0])]
    return {"id": _ident(identity), "schema": schema, "properties": held}
