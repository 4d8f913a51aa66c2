"""Arrow schemas of the stored tables, apart from the types so that these import in no time."""

from __future__ import annotations

from typing import Final

import pyarrow as pa

from nameplate.model import SCHEMA_VERSION


def _schema(name: str, fields: list[tuple[str, pa.DataType]]) -> pa.Schema:
    metadata: dict[bytes | str, bytes | str] = {
        "nameplate.schema": name,
        "nameplate.schema_version": str(SCHEMA_VERSION),
    }
    return pa.schema(fields, metadata=metadata)


_MONEY: Final = pa.decimal128(24, 4)

_PARTY: Final = pa.struct(
    [("name", pa.string()), ("role", pa.string()), ("identifiers", pa.list_(pa.string()))]
)

PURCHASE_SCHEMA: Final = _schema(
    "purchase",
    [
        ("purchase_id", pa.string()),
        ("ocid", pa.string()),
        ("award_id", pa.string()),
        ("body", pa.string()),
        ("body_source", pa.string()),
        ("buyer", _PARTY),
        ("suppliers", pa.list_(_PARTY)),
        ("supplier", pa.string()),
        ("title", pa.string()),
        ("texts", pa.list_(pa.struct([("path", pa.string()), ("text", pa.string())]))),
        ("amount", _MONEY),
        ("currency", pa.string()),
        ("amount_kind", pa.string()),
        ("amount_tax", pa.string()),
        ("amount_note", pa.string()),
        ("is_framework", pa.bool_()),
        ("date", pa.date32()),
        ("date_kind", pa.string()),
        ("date_end", pa.date32()),
        ("cpv", pa.list_(pa.string())),
        ("department", pa.string()),
        ("reference", pa.string()),
        ("status", pa.string()),
        ("trade_kind", pa.string()),
        ("trade_reason", pa.string()),
        ("source_file", pa.string()),
        ("source_sha256", pa.string()),
        ("locator", pa.string()),
        ("url", pa.string()),
        ("constructed", pa.string()),
    ],
)
"""``purchases.parquet``: a Purchase and what tracing says of its kind."""

ATTRIBUTION_SCHEMA: Final = _schema(
    "attribution",
    [
        ("attribution_id", pa.string()),
        ("purchase_id", pa.string()),
        ("body", pa.string()),
        ("supplier", pa.string()),
        ("maker", pa.string()),
        ("brand", pa.string()),
        ("role", pa.string()),
        ("grade", pa.string()),
        ("probability", pa.float64()),
        ("band", pa.string()),
        ("prior", pa.float64()),
        ("amount", _MONEY),
        ("currency", pa.string()),
        ("amount_kind", pa.string()),
        ("amount_tax", pa.string()),
        ("amount_note", pa.string()),
        ("in_totals", pa.bool_()),
        ("date", pa.date32()),
        ("date_kind", pa.string()),
        ("title", pa.string()),
        ("trade_kind", pa.string()),
        ("evidence", pa.string()),
        ("wording", pa.string()),
        ("source_file", pa.string()),
        ("source_sha256", pa.string()),
        ("locator", pa.string()),
        ("constructed", pa.string()),
    ],
)
"""``attributions.parquet``; ``evidence`` is a JSON array of Evidence."""

MENTION_SCHEMA: Final = _schema(
    "mention",
    [
        ("purchase_id", pa.string()),
        ("maker", pa.string()),
        ("maker_key", pa.string()),
        ("brand", pa.string()),
        ("surface", pa.string()),
        ("field", pa.string()),
        ("start", pa.int32()),
        ("end", pa.int32()),
        ("role", pa.string()),
        ("role_reason", pa.string()),
        ("via", pa.string()),
        ("name_id", pa.string()),
        ("source_file", pa.string()),
        ("locator", pa.string()),
        ("constructed", pa.string()),
    ],
)
"""``mentions.parquet``: a Mention, the purchase it stands in and where that was read."""

DEVICE_SCHEMA: Final = _schema(
    "device",
    [
        ("device_id", pa.string()),
        ("identity", pa.string()),
        ("macs", pa.list_(pa.string())),
        ("fields", pa.map_(pa.string(), pa.string())),
        ("sources", pa.map_(pa.string(), pa.string())),
        ("services", pa.list_(pa.string())),
        ("maker", pa.string()),
        ("maker_key", pa.string()),
        ("brand", pa.string()),
        ("confidence", pa.float64()),
        ("band", pa.string()),
        ("evidence", pa.string()),
        ("contradictions", pa.list_(pa.string())),
        ("note", pa.string()),
        ("first_seen", pa.string()),
        ("last_seen", pa.string()),
        ("sightings", pa.int32()),
    ],
)
"""``devices.parquet``: a Device; ``evidence`` is a JSON array of Evidence."""
