"""Traced purchases as rows of the stored tables."""

from __future__ import annotations

from typing import Any

import msgspec

from nameplate.model.attribution import Attribution
from nameplate.model.purchase import Party
from nameplate.tracing.api import Traced

Row = dict[str, Any]


def _party(party: Party) -> Row:
    return {"name": party.name, "role": party.role, "identifiers": list(party.identifiers)}


def purchase_row(traced: Traced) -> Row:
    """Row of ``purchases.parquet``."""
    purchase = traced.purchase
    row: Row = msgspec.structs.asdict(purchase)
    row["buyer"] = _party(purchase.buyer) if purchase.buyer else None
    row["suppliers"] = [_party(party) for party in purchase.suppliers]
    row["supplier"] = purchase.supplier
    row["texts"] = [{"path": field.path, "text": field.text} for field in purchase.texts]
    row["cpv"] = list(purchase.cpv)
    row["trade_kind"] = traced.trade_kind
    row["trade_reason"] = traced.trade_reason
    return row


def mention_rows(traced: Traced) -> list[Row]:
    """Rows of ``mentions.parquet``."""
    purchase = traced.purchase
    where = {
        "purchase_id": purchase.purchase_id,
        "source_file": purchase.source_file,
        "locator": purchase.locator,
        "constructed": purchase.constructed,
    }
    return [{**msgspec.structs.asdict(mention), **where} for mention in traced.mentions]


def attribution_row(attribution: Attribution) -> Row:
    """Row of ``attributions.parquet`` and ``.csv``."""
    row: Row = msgspec.structs.asdict(attribution)
    row["evidence"] = msgspec.json.encode(attribution.evidence, order="deterministic").decode()
    return row
