"""Full-text search over purchases: FTS5 on SQLite, a tsvector with a GIN index on PostgreSQL.

Both hold title, suppliers, body and the record's own texts, are filled by the loader for each
purchase it writes, and answer with the purchase's row id.
"""

from typing import Any, ClassVar

from django.db import migrations

SQLITE = [
    """CREATE VIRTUAL TABLE purchase_search USING fts5(
    content, tokenize = 'unicode61 remove_diacritics 2', content='')""",
]
POSTGRESQL = [
    """CREATE TABLE purchase_search (
    purchase_id bigint PRIMARY KEY REFERENCES register_purchase(id) ON DELETE CASCADE
    DEFERRABLE INITIALLY DEFERRED, content tsvector NOT NULL)""",
    "CREATE INDEX purchase_search_content ON purchase_search USING gin (content)",
]


def make(apps: Any, editor: Any) -> None:  # noqa: ARG001
    """Create the index of this database's kind."""
    for statement in SQLITE if editor.connection.vendor == "sqlite" else POSTGRESQL:
        editor.execute(statement)


def undo(apps: Any, editor: Any) -> None:  # noqa: ARG001
    """Drop it."""
    editor.execute("DROP TABLE purchase_search")


class Migration(migrations.Migration):
    """Full-text search."""

    dependencies: ClassVar = [("register", "0004_published")]
    operations: ClassVar = [migrations.RunPython(make, undo)]
