"""Guards: the database refuses changes of public rows outside of an act that is logged.

Code that changes something public does so in one act, within one transaction:

    with public_act(PublicChangeKind.DECISION, by=curator, on=[entry]):
        entry.save()

At its end each record that changed gets a version (platforms/record_versions.py).

Triggers refuse all other INSERTs, UPDATEs and DELETEs of guarded rows, on SQLite and PostgreSQL.
They are created after each migrate and dropped before it: SQLite rebuilds tables, and cannot rename
one that a trigger of another table mentions. So migrations may change public rows; they are
reviewed as code (docs/decisions/0014-one-door.md).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.db import connections, models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from platforms.models import OpenAct, Page, Platform
from platforms.record_versions import Act, write_versions
from platforms.vocabulary import PublicChangeKind

_EVENTS = {"INSERT": ("NEW",), "UPDATE": ("OLD", "NEW"), "DELETE": ("OLD",)}


@dataclass(frozen=True, slots=True)
class Guard:
    """The public part of a table, and the records whose acts may change it.

    public: SQL that is true for a public row; `{row}` stands for OLD or NEW.
    owners: pairs of a model's label and SQL for the number of the record that an act must name.
    free: fields that may always change. only: guard only these fields, and only UPDATE.
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
    """Register guards. They take effect with the next migrate. Called when the app is ready."""
    _guards.update({guard.table: guard for guard in guards})


def guarded() -> list[Guard]:
    return [_guards[table] for table in sorted(_guards)]


@contextmanager
def public_act(
    kind: PublicChangeKind,
    *,
    by: User | None,
    on: Iterable[models.Model] | None,
    public_reason: str = "",
) -> Iterator[Act]:
    """Allow changes of what readers see within the block, and write the versions they lead to.

    on: the records that the act is about; None allows any, for a load of the catalog and for an
    addition, which names its record once it has a key (`Act.name`).
    """
    act = Act(kind, by, public_reason, None if kind == PublicChangeKind.CATALOG else set())
    named = list(on or ())
    for record in named:
        act.name(record)
    doors = [(record._meta.label_lower, record.pk) for record in named] or [("", None)]
    with transaction.atomic():
        # No version has a negative key, so the database refuses to commit before these are deleted.
        OpenAct.objects.bulk_create(
            OpenAct(act=act.id, record=label, record_id=pk, closed_before_id=-1)
            for label, pk in doors
        )
        act.begin()
        yield act
        write_versions(act)
        OpenAct.objects.filter(act=act.id).delete()


def set_up(*, using: str, **_: Any) -> None:
    """Create the triggers; a receiver of post_migrate. Safe to run twice."""
    connection = connections[using]
    tables = set(connection.introspection.table_names())
    if OpenAct._meta.db_table not in tables:
        return  # A migrate that ends at an early migration.
    with connection.cursor() as cursor:
        for guard in guarded():
            if guard.table not in tables:
                continue
            for event in guard.events(connection.vendor):
                for statement in _statements(guard, event, connection.vendor):
                    cursor.execute(statement)


def release(*, using: str = "default", **_: Any) -> None:
    """Drop the triggers for the time of a migrate; a receiver of pre_migrate."""
    connection: BaseDatabaseWrapper = connections[using]
    tables = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for guard in guarded():
            for event in guard.events(connection.vendor) if guard.table in tables else ():
                cursor.execute(_drop(guard, event, connection.vendor))


def _name(guard: Guard, event: str) -> str:
    return f"{guard.table}_public_{event.lower()}"


def _drop(guard: Guard, event: str, vendor: str) -> str:
    on = f" ON {guard.table}" if vendor == "postgresql" else ""
    return f"DROP TRIGGER IF EXISTS {_name(guard, event)}{on}"


def _statements(guard: Guard, event: str, vendor: str) -> Iterator[str]:
    yield _drop(guard, event, vendor)
    # TRUNCATE concerns no single row.
    rows, name = _EVENTS.get(event, ()), _name(guard, event)
    changed, is_open = _changed(guard, event, vendor), _is_open(guard, rows)
    refused = f"{changed} AND NOT {is_open} AND {_is_public(guard, rows)}"
    message = f"{guard.table}: what readers see changes only within an act"
    if vendor == "sqlite":
        yield (
            f"CREATE TRIGGER {name} BEFORE {event} ON {guard.table} "
            f"WHEN {refused} BEGIN SELECT RAISE(ABORT, '{message}'); END"
        )
        return
    # With this error class, Django raises IntegrityError.
    yield (
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF {refused} THEN RAISE EXCEPTION '{message}' "
        f"USING ERRCODE = 'integrity_constraint_violation'; END IF; "
        f"RETURN {rows[-1] if rows else 'NULL'}; END $$"
    )
    yield (
        f"CREATE TRIGGER {name} BEFORE {event} ON {guard.table} "
        f"FOR EACH {'ROW' if rows else 'STATEMENT'} EXECUTE FUNCTION {name}()"
    )


def _changed(guard: Guard, event: str, vendor: str) -> str:
    if event != "UPDATE":
        return "1 = 1"
    differs = "IS NOT" if vendor == "sqlite" else "IS DISTINCT FROM"
    return (
        "("
        + " OR ".join(f'OLD."{column}" {differs} NEW."{column}"' for column in guard.columns)
        + ")"
    )


def _is_public(guard: Guard, rows: tuple[str, ...]) -> str:
    return "(" + (" OR ".join(f"({guard.public.format(row=row)})" for row in rows) or "1 = 1") + ")"


def _is_open(guard: Guard, rows: tuple[str, ...]) -> str:
    """Return SQL: this transaction has opened an act that names the row, or any row."""
    named = ["door.record = ''"]
    for label, number in guard.owners if rows else ():
        numbers = ", ".join(number.format(row=row) for row in rows)
        named.append(f"(door.record = '{label}' AND door.record_id IN ({numbers}))")
    table = OpenAct._meta.db_table
    return f"EXISTS (SELECT 1 FROM {table} AS door WHERE {' OR '.join(named)})"  # noqa: S608  (our names)


def guard_platforms() -> None:
    """Guard the public fields of platforms, and the platform of a page."""
    guard(
        Guard(
            Platform,
            public="{row}.listed",
            owners=(("platforms.platform", "{row}.id"),),
            free=("origin", "declared_digest"),
        ),
        # The platform of a change's page decides whether a second reviewer is required.
        Guard(Page, owners=(("platforms.page", "{row}.id"),), only=("platform",)),
    )
