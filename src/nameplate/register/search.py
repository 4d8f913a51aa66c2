"""Full-text search over purchases, on either database, by one pair of functions."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Final

from django.db import connection
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from nameplate.register.models import Purchase

_WORD: Final = re.compile(r"\w+", re.UNICODE)
MAX_WORDS: Final = 12
"""Words of a query that are looked for; the rest say nothing more and cost time."""


def index(rows: Iterable[tuple[int, str]]) -> None:
    """Add (purchase row id, its searchable text) to the index, in the caller's transaction."""
    values = list(rows)
    if not values:
        return
    statement = (
        "INSERT INTO purchase_search (rowid, content) VALUES (%s, %s)"
        if connection.vendor == "sqlite"
        else "INSERT INTO purchase_search (purchase_id, content) "
        "VALUES (%s, to_tsvector('english', %s)) ON CONFLICT (purchase_id) DO NOTHING"
    )
    with connection.cursor() as cursor:
        cursor.executemany(statement, values)


def words(query: str) -> list[str]:
    """The words of a person's query, lower case; punctuation and operators mean nothing."""
    return [word.lower() for word in _WORD.findall(query)][:MAX_WORDS]


def narrow(purchases: QuerySet[Purchase], query: str) -> QuerySet[Purchase]:
    """Keep the purchases whose text holds every word of ``query``, the last as a beginning.

    An empty query keeps all; one without a single word keeps none.
    """
    if not query.strip():
        return purchases
    found = words(query)
    if not found:
        return purchases.none()
    if connection.vendor == "sqlite":
        terms = " ".join(f'"{word}"' for word in found) + "*"
        inner: Any = RawSQL(
            "SELECT rowid FROM purchase_search WHERE purchase_search MATCH %s", (terms,)
        )
    else:
        # The last word may be unfinished: `:*` takes it as a beginning. Words hold no operators.
        inner = RawSQL(
            "SELECT purchase_id FROM purchase_search "
            "WHERE content @@ (plainto_tsquery('english', %s) && to_tsquery('english', %s))",
            (" ".join(found[:-1]), f"{found[-1]}:*"),
        )
        if len(found) == 1:
            inner = RawSQL(
                "SELECT purchase_id FROM purchase_search "
                "WHERE content @@ to_tsquery('english', %s)",
                (f"{found[0]}:*",),
            )
    return purchases.filter(pk__in=inner)
