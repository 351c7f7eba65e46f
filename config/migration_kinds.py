"""Whether code of the version before survives a migration.

A migration says it in one line, `upgrade = "KIND: reason"`, unless its operations already do: a new
table, a new column that old code need not fill, an index. See CONTRIBUTING.md, "Migrations".
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations import Migration, operations
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

#: The reason of all steps in a database that has no tables.
NEW_DATABASE = "the database is new"


class Kind(StrEnum):
    """What a migration does to code of the version before that still runs."""

    EXPAND = "expand"  # it goes on as before
    CONTRACT = "contract"  # it reads or writes what is no longer there, or no longer allowed
    REWRITE = "rewrite"  # it would write old forms while rows are converted
    LOCK = "lock"  # it would wait for long, for a large table is locked


class UnstatedError(Exception):
    """A migration's operations do not say of which kind it is, and neither does the migration."""


@dataclass(frozen=True, slots=True)
class Step:
    """A migration that is pending."""

    app: str
    name: str
    kind: Kind
    reason: str

    @property
    def is_safe(self) -> bool:
        return self.kind == Kind.EXPAND

    def __str__(self) -> str:
        return f"{self.app}.{self.name}"


def pending(connection: BaseDatabaseWrapper) -> list[Step]:
    """Return the migrations that a database lacks, in order. Raises DatabaseError."""
    executor = MigrationExecutor(connection)
    loader = executor.loader
    plan = [migration for migration, _ in executor.migration_plan(loader.graph.leaf_nodes())]
    if not plan:
        return []
    is_new = not loader.applied_migrations
    applied = [key for key in loader.applied_migrations if key in loader.graph.nodes]
    state = loader.project_state(applied) if applied else ProjectState()
    steps = []
    for migration in plan:
        try:
            kind, reason = kind_of(migration, state)
        except UnstatedError as error:  # of another package: a test refuses one of ours
            kind, reason = Kind.CONTRACT, str(error)
        if is_new:
            kind, reason = Kind.EXPAND, NEW_DATABASE
        steps.append(Step(migration.app_label, migration.name, kind, reason))
        state = migration.mutate_state(state, preserve=False)
    return steps


def unknown(connection: BaseDatabaseWrapper) -> list[str]:
    """Return the applied migrations that this version does not have: those of a later one."""
    loader = MigrationExecutor(connection).loader
    apps = loader.migrated_apps
    return sorted(
        f"{app}.{name}"
        for app, name in loader.applied_migrations
        if app in apps and (app, name) not in (loader.disk_migrations or {})
    )


def kind_of(migration: Migration, before: ProjectState) -> tuple[Kind, str]:
    """Return the kind of a migration and the reason. Raises UnstatedError.

    before: the models' state before the migration.
    """
    if migration.replaces:
        return Kind.EXPAND, "replaces others, and runs in new databases only"
    if stated := getattr(migration, "upgrade", ""):
        kind, colon, reason = stated.partition(":")
        if kind not in list(Kind) or not colon or not reason.strip():
            kinds = ", ".join(Kind)
            raise UnstatedError(f'{migration}: write upgrade = "KIND: reason"; kinds are {kinds}')
        return Kind(kind), reason.strip()
    state = before.clone()
    for operation in migration.operations:
        for part in _database_operations(operation):
            if not _is_expanding(part, migration, before, state):
                name = part.__class__.__name__
                raise UnstatedError(f"{migration} does not say what {name} means for old code")
        operation.state_forwards(migration.app_label, state)
    return Kind.EXPAND, "adds only"


def _database_operations(operation: Operation) -> Iterable[Operation]:
    if isinstance(operation, operations.SeparateDatabaseAndState):
        return operation.database_operations
    return [operation]


def _is_expanding(
    operation: Operation, migration: Migration, before: ProjectState, state: ProjectState
) -> bool:
    """Return whether an operation by itself shows that old code survives it.

    before: the models' state before the migration. state: that before the operation.
    """
    app = migration.app_label
    if isinstance(operation, _ALWAYS_EXPANDING):
        return True
    if not isinstance(operation, _OF_A_MODEL):
        return False
    key = app, operation.model_name_lower
    if key not in before.models:  # a table that old code does not know
        return True
    if isinstance(operation, operations.AddField):
        return _need_not_be_filled(operation.field)
    if isinstance(operation, operations.AlterField):
        fields: Any = state.models[key].fields
        return _widens(fields[operation.name], operation.field)
    if isinstance(operation, operations.AddConstraint):
        name = operation.constraint.name
        replaced = [each for each in _constraints(before, key) if each.name == name]
        return any(_allows_more(each, operation.constraint) for each in replaced)
    if isinstance(operation, operations.RemoveConstraint):
        return any(
            isinstance(other, operations.AddConstraint) and other.constraint.name == operation.name
            for other in migration.operations
        )
    return False


_ALWAYS_EXPANDING = (
    operations.CreateModel,
    operations.AddIndex,
    operations.RemoveIndex,
    operations.AlterModelOptions,
    operations.AlterModelManagers,
)
_OF_A_MODEL = (
    operations.AddField,
    operations.AlterField,
    operations.RemoveField,
    operations.AddConstraint,
    operations.RemoveConstraint,
)


def _constraints(state: ProjectState, key: tuple[str, str]) -> list[models.BaseConstraint]:
    return list(state.models[key].options.get("constraints", ()))


def _allows_more(old: models.BaseConstraint, new: models.BaseConstraint) -> bool:
    """Return whether two constraints list a column's values, and all old values are in the new."""
    lists = []
    for constraint in (old, new):
        condition = getattr(constraint, "condition", None)
        if not isinstance(condition, models.Q) or len(condition.children) != 1:
            return False
        [child] = condition.children
        if not isinstance(child, tuple) or not child[0].endswith("__in") or condition.negated:
            return False
        lists.append((child[0], set(child[1])))
    (old_column, old_values), (new_column, new_values) = lists
    return old_column == new_column and old_values <= new_values


def _need_not_be_filled(field: models.Field[Any, Any]) -> bool:
    """Return whether rows can be inserted by code that does not know the column."""
    return field.many_to_many or field.null or field.has_db_default()


def _widens(old: models.Field[Any, Any], new: models.Field[Any, Any]) -> bool:
    """Return whether the column stays as it is, or only allows longer texts."""
    (_, old_path, old_args, old_options) = old.deconstruct()
    (_, new_path, new_args, new_options) = new.deconstruct()
    for options in (old_options, new_options):
        for name in new.non_db_attrs:
            options.pop(name, None)
    old_length, new_length = old_options.pop("max_length", 0), new_options.pop("max_length", 0)
    return (old_path, old_args, old_options) == (new_path, new_args, new_options) and (
        old_length or 0
    ) <= (new_length or 0)
