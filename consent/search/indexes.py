"""The tables that full-text search reads: one beside each table of texts, updated by triggers.

Set up after every migrate rather than in a migration: SQLite drops a table's triggers whenever
Django rebuilds the table, and on PostgreSQL a missing right may have been granted since.
"""

import logging
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db import Error, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model

from consent.models import Control, Entry, Guide, Use

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Searched:
    """The columns of a model that are searched.

    titles: its title, or the parts of one. texts: what is found after all titles. lists: JSON
    lists of texts, searched like texts. by_language: JSON objects that have a label for each
    language, which are searched like texts too.
    """

    titles: tuple[str, ...]
    texts: tuple[str, ...]
    lists: tuple[str, ...] = ()
    by_language: tuple[str, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        return (*self.titles, *self.texts, *self.lists, *self.by_language)


SEARCHED: dict[type[Model], Searched] = {
    Use: Searched(("title",), ("part", "covers"), ("former_slugs",)),
    Control: Searched(("label", "name"), ("to",), ("former_labels", "former_slugs"), ("labels",)),
    Entry: Searched(("title",), ("summary",)),
    Guide: Searched(("title",), ("how_to_check",)),
}

_SQLITE = """
DROP TABLE IF EXISTS {index};
CREATE VIRTUAL TABLE {index} USING fts5(
    title, text, tokenize='porter unicode61 remove_diacritics 2'
);
DROP TRIGGER IF EXISTS {index}_added;
CREATE TRIGGER {index}_added AFTER INSERT ON {table} BEGIN {add} END;
DROP TRIGGER IF EXISTS {index}_removed;
CREATE TRIGGER {index}_removed AFTER DELETE ON {table} BEGIN {remove} END;
DROP TRIGGER IF EXISTS {index}_edited;
CREATE TRIGGER {index}_edited AFTER UPDATE OF id, {columns} ON {table}
BEGIN {remove} {add} END;
INSERT INTO {index}(rowid, title, text) SELECT id, {title}, {text} FROM {table};
"""
_ADD = "INSERT INTO {index}(rowid, title, text) VALUES (new.id, {new_title}, {new_text});"
_REMOVE = "DELETE FROM {index} WHERE rowid = old.id;"

# The triggers name no columns: PostgreSQL would refuse to alter those. There is no foreign key: it
# would refuse to truncate the table. A row whose record is gone is never found.
_POSTGRESQL = """
CREATE TABLE IF NOT EXISTS {index} (
    id bigint PRIMARY KEY, in_title tsvector NOT NULL, anywhere tsvector NOT NULL
);
CREATE INDEX IF NOT EXISTS {index}_in_title ON {index} USING gin (in_title);
CREATE INDEX IF NOT EXISTS {index}_anywhere ON {index} USING gin (anywhere);
CREATE OR REPLACE FUNCTION {index}_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        DELETE FROM {index} WHERE id = old.id;
        RETURN old;
    END IF;
    INSERT INTO {index} VALUES (
        new.id,
        to_tsvector('english', {new_title}),
        to_tsvector('english', {new_title} || ' ' || {new_text})
    ) ON CONFLICT (id) DO UPDATE SET in_title = excluded.in_title, anywhere = excluded.anywhere;
    RETURN new;
END $$;
DROP TRIGGER IF EXISTS {index}_keep ON {table};
CREATE TRIGGER {index}_keep AFTER INSERT OR UPDATE OR DELETE ON {table}
FOR EACH ROW EXECUTE FUNCTION {index}_keep();
DELETE FROM {index};
INSERT INTO {index} SELECT
    id, to_tsvector('english', {title}), to_tsvector('english', {title} || ' ' || {text})
FROM {table};
"""
_TRIGRAMS = """
CREATE INDEX IF NOT EXISTS {index}_trigrams_{column} ON {table} USING gin ({column} gin_trgm_ops)
"""
#: The text as consent.search.plain_words.words reads it, which reads queries: without accents, ß as
#: ss. PostgreSQL can do this without the extension unaccent, which only a superuser of the server
#: may allow; the tokenizer of SQLite removes the accents itself. The ranges contain the combining
#: marks of Unicode.
_PLAIN = {
    "sqlite": "replace({text}, 'ß', 'ss')",
    "postgresql": (
        "regexp_replace(normalize(replace({text}, 'ß', 'ss'), NFKD),"
        " '[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]', '', 'g')"
    ),
}
#: All texts of a JSON list, in one.
_LISTED = {
    "sqlite": "coalesce((SELECT group_concat(value, ' ') FROM json_each({column})), '')",
    "postgresql": (
        "coalesce((SELECT string_agg(value, ' ') FROM jsonb_array_elements_text({column})), '')"
    ),
}

_LABELS = {
    "sqlite": (
        "coalesce((SELECT group_concat(json_extract(value, '$.label'), ' ')"
        " FROM json_each({column})), '')"
    ),
    "postgresql": (
        "coalesce((SELECT string_agg(value ->> 'label', ' ') FROM jsonb_each({column})), '')"
    ),
}


def index_of(model: type[Model]) -> str:
    """Return the name of the search table of a model."""
    return f"{model._meta.db_table}_words"


def has_trigrams(database: BaseDatabaseWrapper) -> bool:
    if database.vendor != "postgresql":
        return False
    with database.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_extension WHERE extname = 'pg_trgm'")
        return cursor.fetchone() is not None


def set_up(*, using: str, **_: Any) -> None:
    """Receiver of post_migrate: make the tables for search, and fill them. Safe to repeat."""
    database = connections[using]
    tables = database.introspection.table_names()
    on_postgresql = database.vendor == "postgresql"
    if on_postgresql:
        _allow_trigrams(database)
    else:
        _require_fts5(database)
    for model, searched in SEARCHED.items():
        table = model._meta.db_table
        if table not in tables or not _has_columns(database, table, searched):
            continue  # An early, partial migrate: the table or a column is not there yet.
        names = _names(model, searched, database.vendor)
        with transaction.atomic(using=using), database.cursor() as cursor:
            if on_postgresql:
                cursor.execute(_POSTGRESQL.format(**names))
                if has_trigrams(database):
                    for column in searched.titles:
                        cursor.execute(_TRIGRAMS.format(column=column, **names))
            else:
                acts = {"add": _ADD.format(**names), "remove": _REMOVE.format(**names)}
                for statement in _statements(_SQLITE.format(**names, **acts)):
                    cursor.execute(statement)


def _has_columns(database: BaseDatabaseWrapper, table: str, searched: Searched) -> bool:
    with database.cursor() as cursor:
        described = database.introspection.get_table_description(cursor, table)
    return {column.name for column in described}.issuperset(searched.columns)


def _names(model: type[Model], searched: Searched, vendor: str) -> dict[str, str]:
    """Return what the statements for a model contain: tables, columns, and its texts in SQL."""
    table = model._meta.db_table

    def joined(row: str, columns: tuple[str, ...]) -> str:
        # In quotes: the name of a column may be a word of SQL, such as to.
        parts = [f'{row}."{column}"' for column in columns]
        return _PLAIN[vendor].format(text=" || ' ' || ".join(parts))

    def texts(row: str) -> str:
        parts = [f'{row}."{column}"' for column in searched.texts]
        for template, columns in ((_LISTED, searched.lists), (_LABELS, searched.by_language)):
            parts += [template[vendor].format(column=f'{row}."{each}"') for each in columns]
        return _PLAIN[vendor].format(text=" || ' ' || ".join(parts))

    return {
        "table": table,
        "index": index_of(model),
        "columns": ", ".join(f'"{column}"' for column in searched.columns),
        "title": joined(table, searched.titles),
        "text": texts(table),
        "new_title": joined("new", searched.titles),
        "new_text": texts("new"),
    }


def _statements(script: str) -> list[str]:
    """Split a script at semicolons that end a line: SQLite takes one statement at a time."""
    return [statement for statement in script.split(";\n") if statement.strip()]


def _require_fts5(database: BaseDatabaseWrapper) -> None:
    with database.cursor() as cursor:
        cursor.execute("SELECT sqlite_compileoption_used('ENABLE_FTS5')")
        if not cursor.fetchone()[0]:
            raise ImproperlyConfigured(
                "Search needs FTS5, which the SQLite of this Python was built without. Use another "
                "Python (those of python.org and Debian have it), or PostgreSQL by DATABASE_URL."
            )


def _allow_trigrams(database: BaseDatabaseWrapper) -> None:
    if has_trigrams(database):
        return
    try:
        with transaction.atomic(using=database.alias), database.cursor() as cursor:
            cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    except Error as error:
        log.warning(
            "Search works, but takes longer to correct typing errors: the extension pg_trgm could "
            "not be created (%s). Let an administrator of the database run CREATE EXTENSION "
            "pg_trgm, and run migrate once more.",
            str(error).splitlines()[0],
        )
