"""Log tables: rows are written once, never changed and never deleted.

The model refuses with a clear message; database triggers refuse everything that bypasses the model.
The triggers are created after every migrate, not in a migration: SQLite drops a table's triggers
whenever Django rebuilds the table.
"""

from __future__ import annotations

from typing import Any

from django.db import connections, models
from django.db.backends.base.base import BaseDatabaseWrapper


class AppendOnly(models.Model):
    """Base of log models: a saved row cannot be saved again or deleted."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError(f"{type(self).__name__} is a log: a row is written once.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise TypeError(f"{type(self).__name__} is a log: a row is never removed.")


_SQLITE = """
CREATE TRIGGER IF NOT EXISTS {table}_keeps_{event} BEFORE {event} ON {table}
BEGIN SELECT RAISE(ABORT, '{table} is a log: rows are added, and nothing else'); END
"""

# The error class of a violated constraint: Django raises IntegrityError for it.
_POSTGRESQL_REFUSAL = """
CREATE OR REPLACE FUNCTION is_a_log() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    RAISE EXCEPTION '% is a log: rows are added, and nothing else', TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END $$
"""

# FOR EACH STATEMENT also refuses TRUNCATE, and statements that match no row.
_POSTGRESQL = """
DO $$ BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_trigger
        WHERE tgname = '{table}_keeps' AND tgrelid = '{table}'::regclass
    ) THEN
        CREATE TRIGGER {table}_keeps BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
        FOR EACH STATEMENT EXECUTE FUNCTION is_a_log();
    END IF;
END $$
"""


def protect_logs(*, using: str, **_: Any) -> None:
    """Receiver of post_migrate: create the triggers that refuse changes to logs. Safe to repeat."""
    connection = connections[using]
    existing = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_POSTGRESQL_REFUSAL)
        for table in sorted(existing & log_tables()):  # a partial migrate may lack some
            if connection.vendor == "postgresql":
                cursor.execute(_POSTGRESQL.format(table=table))
                continue
            for event in ("UPDATE", "DELETE"):
                cursor.execute(_SQLITE.format(table=table, event=event))


def unprotect_logs(connection: BaseDatabaseWrapper) -> None:
    """Drop the triggers until the next migrate. For tests."""
    with connection.cursor() as cursor:
        for table in sorted(log_tables()):
            if connection.vendor == "postgresql":
                cursor.execute(f"DROP TRIGGER IF EXISTS {table}_keeps ON {table}")
                continue
            for event in ("UPDATE", "DELETE"):
                cursor.execute(f"DROP TRIGGER IF EXISTS {table}_keeps_{event}")


def log_tables() -> set[str]:
    """The tables of all models that are logs."""
    return {model._meta.db_table for model in AppendOnly.__subclasses__()}
