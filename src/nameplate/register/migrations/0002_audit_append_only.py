"""The database itself refuses to change or delete an audit event.

Whoever can drop the trigger can still tamper; that is what the hash chain and the signed heads find.
"""

from typing import Any, ClassVar

from django.db import migrations

SQLITE = [
    """CREATE TRIGGER audit_no_update BEFORE UPDATE ON register_auditevent
    BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END""",
    """CREATE TRIGGER audit_no_delete BEFORE DELETE ON register_auditevent
    BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END""",
]
POSTGRESQL = [
    """CREATE FUNCTION audit_append_only() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'the audit is append-only'; END $$""",
    """CREATE TRIGGER audit_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON register_auditevent
    FOR EACH STATEMENT EXECUTE FUNCTION audit_append_only()""",
]
UNDO_SQLITE = ["DROP TRIGGER audit_no_update", "DROP TRIGGER audit_no_delete"]
UNDO_POSTGRESQL = [
    "DROP TRIGGER audit_no_change ON register_auditevent",
    "DROP FUNCTION audit_append_only",
]


def _run(editor: Any, sqlite: list[str], postgresql: list[str]) -> None:
    for statement in sqlite if editor.connection.vendor == "sqlite" else postgresql:
        editor.execute(statement)


def enforce(apps: Any, editor: Any) -> None:  # noqa: ARG001
    """Create the triggers."""
    _run(editor, SQLITE, POSTGRESQL)


def undo(apps: Any, editor: Any) -> None:  # noqa: ARG001
    """Drop them."""
    _run(editor, UNDO_SQLITE, UNDO_POSTGRESQL)


class Migration(migrations.Migration):
    """Append-only audit."""

    dependencies: ClassVar = [("register", "0001_initial")]
    operations: ClassVar = [migrations.RunPython(enforce, undo)]
