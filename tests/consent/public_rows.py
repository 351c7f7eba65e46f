"""What readers see, row by row, as the guards name it (platforms/guards.py)."""

from __future__ import annotations

from typing import Any

from django.db import connection

from platforms.guards import Guard, guarded

Rows = dict[tuple[str, int], tuple[Any, ...]]


def public_rows() -> Rows:
    """Every row that readers see with its guarded columns, by its table and number."""
    return {
        (guard.table, number): tuple(values)
        for guard in guarded()
        for number, *values in _select(guard)
    }


def without_numbers(rows: Rows) -> list[tuple[Any, ...]]:
    """The same rows without their numbers: parts that come back get others."""
    return sorted(((table, *values) for (table, _), values in rows.items()), key=repr)


def differing(before: Rows, after: Rows) -> set[tuple[str, int]]:
    """The rows that were added, changed or removed; of some tables only changes matter."""
    only_changed = {guard.table for guard in guarded() if guard.only}
    return {
        key
        for key in before.keys() | after.keys()
        if before.get(key) != after.get(key)
        and not (key[0] in only_changed and (key not in before or key not in after))
    }


def _select(guard: Guard) -> list[tuple[Any, ...]]:
    columns = ", ".join(f'seen."{column}"' for column in guard.columns)
    seen = guard.public.format(row="seen")
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT seen.id, {columns} FROM {guard.table} AS seen WHERE {seen}")
        return list(cursor.fetchall())
