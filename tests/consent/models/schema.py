"""What a database is made of, to compare two of them. The order of columns is left out."""

import re
from collections.abc import Iterator
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper

#: Names that Django and PostgreSQL make up. They keep the name that a renamed table had.
_GENERATED = re.compile(r"(_[0-9a-f]{8}(_\w+)?|_pkey|_key|_check)$")
#: Each part by a name, and its definition as PostgreSQL writes it.
_QUERIES = {
    "column": """
        SELECT c.relname || '.' || a.attname, concat_ws(
            ' ', format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity,
            pg_get_expr(d.adbin, d.adrelid), a.attcollation::regcollation)
        FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
        LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'v', 'm')
        AND a.attnum > 0 AND NOT a.attisdropped""",
    "constraint": """
        SELECT conrelid::regclass || '.' || conname, pg_get_constraintdef(oid)
        FROM pg_constraint WHERE connamespace = 'public'::regnamespace""",
    "index": """
        SELECT tablename || '.' || indexname, indexdef FROM pg_indexes
        WHERE schemaname = 'public'""",
    "trigger": """
        SELECT tgrelid::regclass || '.' || tgname, pg_get_triggerdef(oid)
        FROM pg_trigger WHERE NOT tgisinternal""",
    "function": """
        SELECT p.oid::regprocedure::text, pg_get_functiondef(p.oid) FROM pg_proc p
        WHERE p.pronamespace = 'public'::regnamespace AND p.prokind = 'f' AND NOT EXISTS
        (SELECT 1 FROM pg_depend WHERE objid = p.oid AND deptype = 'e')""",
    "extension": "SELECT extname, extversion FROM pg_extension",
}


def schema_of(connection: BaseDatabaseWrapper) -> dict[tuple[str, str], Any]:
    """Return the definitions of tables, columns, indexes, constraints, triggers and functions."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT type, name, sql FROM sqlite_master")
            return {
                (kind, name): frozenset(_parts(sql)) if kind == "table" else sql
                for kind, name, sql in cursor.fetchall()
            }
        found = {}
        for kind, query in _QUERIES.items():
            cursor.execute(query)
            for name, definition in cursor.fetchall():
                table, _, own = name.partition(".")
                if kind in ("constraint", "index") and _GENERATED.search(own):
                    found[kind, f"{table}: {definition.replace(own, '(generated)')}"] = ""
                else:
                    found[kind, name] = definition
        return found


def _parts(sql: str) -> Iterator[str]:
    """Split a CREATE TABLE into its columns and constraints."""
    depth, quote, part = 0, "", ""
    for character in sql[sql.index("(") + 1 : sql.rindex(")")]:
        if quote:
            quote = "" if character == quote else quote
        elif character in "'\"":
            quote = character
        else:
            depth += (character == "(") - (character == ")")
            if character == "," and depth == 0:
                yield part.strip()
                part = ""
                continue
        part += character
    yield part.strip()
