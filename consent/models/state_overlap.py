"""Makes the database refuse overlapping states: triggers on SQLite, a constraint on PostgreSQL.

Set up after every migrate rather than in a migration: SQLite drops a table's triggers whenever
Django rebuilds the table.
"""

from typing import Any

from django.db import connections

_TABLE = "consent_state"

# Dates are ISO texts in SQLite: '' sorts before all dates and '~' after them.
_SQLITE = """
CREATE TRIGGER IF NOT EXISTS state_no_overlap_{event} BEFORE {event} ON {table}
WHEN EXISTS (
    SELECT 1 FROM {table} AS other
    WHERE other.setting_id = NEW.setting_id AND other.id IS NOT NEW.id
      AND COALESCE(other.starts_on, '') < COALESCE(NEW.ends_on, '~')
      AND COALESCE(NEW.starts_on, '') < COALESCE(other.ends_on, '~')
)
BEGIN
    SELECT RAISE(ABORT, 'state_no_overlap: another state of this setting holds in this interval');
END
"""

# Comparing setting_id as a range of one number avoids the btree_gist extension.
_POSTGRESQL = """
DO $$ BEGIN
    IF NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conname = 'state_no_overlap') THEN
        ALTER TABLE {table} ADD CONSTRAINT state_no_overlap EXCLUDE USING gist (
            int8range(setting_id, setting_id, '[]') WITH &&,
            daterange(starts_on, ends_on) WITH &&
        );
    END IF;
END $$
"""


def forbid_overlapping_states(*, using: str, **_: Any) -> None:
    """Receiver of post_migrate: make the database refuse overlapping states. Safe to repeat."""
    connection = connections[using]
    if _TABLE not in connection.introspection.table_names():
        return  # An early, partial migrate: the table is not there yet.
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for event in ("INSERT", "UPDATE"):
                cursor.execute(_SQLITE.format(event=event, table=_TABLE))
        else:
            cursor.execute(_POSTGRESQL.format(table=_TABLE))
