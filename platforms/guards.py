"""Guards: the database changes nothing that readers see unless a row of the log says why.

Whoever changes something public opens a `PublicChange` for as long as one transaction:

    with public_change(entry, PublicChangeKind.DECISION, by=curator):
        entry.save()

Triggers refuse every other INSERT, UPDATE and DELETE of what a `Guard` names, on SQLite and
PostgreSQL alike. They are set up after every migrate and taken away before it: SQLite rebuilds
tables, and cannot rename one that a trigger of another table mentions. So migrations are free to
change public rows; they are reviewed as code (docs/decisions/0014-one-door.md).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.db import connections, models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from platforms.models import OpenPublicChange, Page, Platform, PublicChange
from platforms.vocabulary import PublicChangeKind

_EVENTS = {"INSERT": ("NEW",), "UPDATE": ("OLD", "NEW"), "DELETE": ("OLD",)}
#: Kinds that may change any record: a load names files, an addition has no number yet.
_OF_ANYTHING = (PublicChangeKind.CATALOG, PublicChangeKind.ADDITION)


@dataclass(frozen=True, slots=True)
class Guard:
    """What of a table readers see, and which records of the log it belongs to.

    public: SQL that is true of a row readers see; `{row}` stands for OLD or NEW.
    owners: pairs of a model's label and SQL for the number of the record that a PublicChange must
    name. free: fields that are bookkeeping. only: guard these fields alone, and only UPDATE.
    """

    model: type[models.Model]
    public: str = "1 = 1"
    owners: tuple[tuple[str, str], ...] = ()
    free: tuple[str, ...] = ()
    only: tuple[str, ...] = ()

    @property
    def table(self) -> str:
        return self.model._meta.db_table

    def events(self, vendor: str) -> tuple[str, ...]:
        if self.only:
            return ("UPDATE",)
        return (*_EVENTS, "TRUNCATE") if vendor == "postgresql" else tuple(_EVENTS)

    @property
    def columns(self) -> list[str]:
        return [
            str(field.column)
            for field in self.model._meta.concrete_fields
            if not field.primary_key
            and field.name not in self.free
            and (not self.only or field.name in self.only)
        ]


_guards: dict[str, Guard] = {}


def guard(*guards: Guard) -> None:
    """Guard these tables from the next migrate on. Called once, while apps get ready."""
    _guards.update({one.table: one for one in guards})


def guarded() -> list[Guard]:
    return [_guards[table] for table in sorted(_guards)]


@contextmanager
def public_change(
    record: models.Model | None,
    kind: PublicChangeKind,
    *,
    by: User | None,
    what: str = "",
    changed: Sequence[dict[str, Any]] = (),
) -> Iterator[PublicChange]:
    """Log why a record that readers see changes, and let it change inside the block.

    record: None only for a load of the catalog and for an addition. what: in words, if not the
    record's own. Everything is one transaction.
    """
    with transaction.atomic():
        logged = log_public_change(record, kind, by=by, what=what, changed=changed)
        with opened(logged):
            yield logged


def log_public_change(
    record: models.Model | None,
    kind: PublicChangeKind,
    *,
    by: User | None,
    what: str = "",
    changed: Sequence[dict[str, Any]] = (),
) -> PublicChange:
    """Write the row that `opened` needs, where the change happens in several blocks."""
    return PublicChange.objects.create(
        kind=kind,
        record=record._meta.label_lower if record is not None else "",
        record_id=record.pk if record is not None else None,
        what=(what or str(record))[:300],
        changed=list(changed),
        by=by,
    )


@contextmanager
def opened(logged: PublicChange) -> Iterator[None]:
    """Let what a row of the log names change inside the block, which is part of a transaction."""
    with transaction.atomic():
        # No change has a negative number: the database refuses to commit before this is removed.
        door = OpenPublicChange.objects.create(change=logged, closed_before_id=-logged.pk)
        yield
        door.delete()


def set_up(*, using: str, **_: Any) -> None:
    """Receiver of post_migrate: set the triggers up. Safe to repeat."""
    connection = connections[using]
    there = set(connection.introspection.table_names())
    if OpenPublicChange._meta.db_table not in there:
        return  # An early, partial migrate.
    with connection.cursor() as cursor:
        for one in guarded():
            if one.table not in there:
                continue
            for event in one.events(connection.vendor):
                for statement in _statements(one, event, connection.vendor):
                    cursor.execute(statement)


def release(*, using: str = "default", **_: Any) -> None:
    """Receiver of pre_migrate: take the triggers away until the migrate is done."""
    connection: BaseDatabaseWrapper = connections[using]
    there = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for one in guarded():
            for event in one.events(connection.vendor) if one.table in there else ():
                cursor.execute(_drop(one, event, connection.vendor))


def _name(one: Guard, event: str) -> str:
    return f"{one.table}_public_{event.lower()}"


def _drop(one: Guard, event: str, vendor: str) -> str:
    on = f" ON {one.table}" if vendor == "postgresql" else ""
    return f"DROP TRIGGER IF EXISTS {_name(one, event)}{on}"


def _statements(one: Guard, event: str, vendor: str) -> Iterator[str]:
    yield _drop(one, event, vendor)
    # A statement that empties a table concerns no single row.
    rows, name = _EVENTS.get(event, ()), _name(one, event)
    refused = f"{_changed(one, event, vendor)} AND NOT {_is_open(one, rows)} AND {_seen(one, rows)}"
    why = f"{one.table}: what readers see changes only with a row of the log"
    if vendor == "sqlite":
        yield (
            f"CREATE TRIGGER {name} BEFORE {event} ON {one.table} "
            f"WHEN {refused} BEGIN SELECT RAISE(ABORT, '{why}'); END"
        )
        return
    # The class of the error is that of a broken constraint, which Django knows.
    yield (
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF {refused} THEN RAISE EXCEPTION '{why}' "
        f"USING ERRCODE = 'integrity_constraint_violation'; END IF; "
        f"RETURN {rows[-1] if rows else 'NULL'}; END $$"
    )
    yield (
        f"CREATE TRIGGER {name} BEFORE {event} ON {one.table} "
        f"FOR EACH {'ROW' if rows else 'STATEMENT'} EXECUTE FUNCTION {name}()"
    )


def _changed(one: Guard, event: str, vendor: str) -> str:
    if event != "UPDATE":
        return "1 = 1"
    differs = "IS NOT" if vendor == "sqlite" else "IS DISTINCT FROM"
    return "(" + " OR ".join(f'OLD."{it}" {differs} NEW."{it}"' for it in one.columns) + ")"


def _seen(one: Guard, rows: tuple[str, ...]) -> str:
    return "(" + (" OR ".join(f"({one.public.format(row=row)})" for row in rows) or "1 = 1") + ")"


def _is_open(one: Guard, rows: tuple[str, ...]) -> str:
    """SQL: this transaction has a change open that names the row, or may change anything."""
    anything = ", ".join(f"'{kind.value}'" for kind in _OF_ANYTHING)
    named = [f"logged.kind IN ({anything})"]
    for label, number in one.owners if rows else ():
        numbers = ", ".join(number.format(row=row) for row in rows)
        named.append(f"(logged.record = '{label}' AND logged.record_id IN ({numbers}))")
    door, log = OpenPublicChange._meta.db_table, PublicChange._meta.db_table
    joined = f"{door} AS door JOIN {log} AS logged ON logged.id = door.change_id"
    return f"EXISTS (SELECT 1 FROM {joined} WHERE {' OR '.join(named)})"  # noqa: S608  (our names)


def guard_platforms() -> None:
    """Guard what this room shows: the words of platforms, and which platform a page belongs to."""
    guard(
        Guard(
            Platform,
            public="{row}.listed",
            owners=(("platforms.platform", "{row}.id"),),
            free=("origin", "declared_digest"),
        ),
        # Whether a second reviewer is asked for goes by the platform of a change's page.
        Guard(Page, owners=(("platforms.page", "{row}.id"),), only=("platform",)),
    )
