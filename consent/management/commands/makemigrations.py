"""Django's `makemigrations`, which makes a table together with its indexes and constraints.

Added one by one, each rebuilds its table on SQLite: a new database took twice as long.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from itertools import chain
from typing import Any

from django.core.management.commands import makemigrations
from django.db.migrations import AddConstraint, AddField, AddIndex, CreateModel, Migration
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.operations.base import Operation
from django.db.models import BaseConstraint, Index


def with_their_tables(operations: Iterable[Operation]) -> list[Operation]:
    """Return the operations, with what a table can be made with moved to where it is made.

    What names a field that is added later stays where it is. Modifies the options of models.
    """
    operations = list(operations)
    models = {made.name_lower: made for made in operations if isinstance(made, CreateModel)}
    added_later: dict[str, list[str]] = defaultdict(list)
    for operation in operations:
        if isinstance(operation, AddField):
            added_later[operation.model_name_lower].append(operation.name)
    kept: list[Operation] = []
    for operation in operations:
        added: Index | BaseConstraint
        if isinstance(operation, AddIndex):
            option, added = "indexes", operation.index
        elif isinstance(operation, AddConstraint):
            option, added = "constraints", operation.constraint
        else:
            kept.append(operation)
            continue
        model = models.get(operation.model_name_lower)
        words = set(re.split(r"\W+|__", repr(added.deconstruct())))
        if model is None or not words.isdisjoint(added_later[operation.model_name_lower]):
            kept.append(operation)
        else:
            model.options[option] = [*model.options.get(option, []), added]
    return kept


class Autodetector(MigrationAutodetector):
    """Django's, for `migrate` too, which says whether a migration is missing."""

    def changes(self, *arguments: Any, **options: Any) -> dict[str, list[Migration]]:
        found = super().changes(*arguments, **options)
        for migration in chain.from_iterable(found.values()):
            operations = with_their_tables(migration.operations)
            migration.operations = operations  # type: ignore[misc]  # a list of each migration
        return found


class Command(makemigrations.Command):
    autodetector = Autodetector
