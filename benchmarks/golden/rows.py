"""What is in the database, row by row, with names that outlive another scheme of keys."""

from __future__ import annotations

import re
import uuid
from collections import Counter
from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import models

from benchmarks.golden.writing import normalised

#: The first of these that a row has names it, below its platform if it has one.
_NAMING = ("key", "public_id", "slug", "username", "address", "url", "name", "sha256")
_PERSON = "auth.user"
_APPS = ("platforms", "consent")
#: Secrets, marks of the work in progress, and what is spread by chance.
_LEFT_OUT = frozenset(
    {
        *("id", "epoch", "claim", "next_visit_at"),
        *("secret", "digest_of_secret", "password", "last_login"),
    }
)

Row = tuple[str, int]
Rows = dict[Row, dict[str, Any]]


def _models() -> list[type[models.Model]]:
    return [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.app_label in _APPS or model._meta.label_lower == _PERSON
    ]


class Names:
    """Names rows when they are first seen; a row keeps its name when it is renamed or deleted."""

    def __init__(self) -> None:
        self._names: dict[Row, str] = {}
        self._counted: Counter[str] = Counter()

    def learn(self, rows: Rows) -> None:
        for row in rows:
            self._name(row, rows)

    def of(self, label: str, number: Any) -> str:
        return self._names.get((label, number), f"{label} of before")

    def _name(self, row: Row, rows: Rows) -> str:
        if row in self._names:
            return self._names[row]
        label, values = row[0], rows[row]
        parents = {
            field: self._name((to, values[field]), rows)
            for field, to in _relations(label)
            if (to, values.get(field)) in rows and (to, values[field]) != row and to != _PERSON
        }
        own = next((str(values[each]) for each in _NAMING if values.get(each)), "")
        if label.count("_"):  # a table between two others
            name = " – ".join(parents.values())
        elif own:
            name = f"{parents['platform_id']}/{own}" if "platform_id" in parents else own
        else:
            of = next(iter(parents.values()), "")
            kind = f"{of} {label.partition('.')[2]}".strip()
            self._counted[kind] += 1
            name = f"{kind} {self._counted[kind]}"
        self._names[row] = name
        return name


def _relations(label: str) -> Iterator[tuple[str, str]]:
    for field in apps.get_model(label)._meta.concrete_fields:
        if field.related_model is not None:
            yield field.attname, field.related_model._meta.label_lower


def read_rows() -> Rows:
    """Return every row of ours by its table and number."""
    return {
        (model._meta.label_lower, values[model._meta.pk.attname]): values
        for model in _models()
        for values in model._base_manager.order_by("pk").values()
    }


def changes(before: Rows, after: Rows, names: Names) -> str:
    """Return the rows that were added (+), changed (~) or removed (-), in lines."""
    names.learn(after)
    parts = sorted(
        normalised(_change(row, before.get(row), after.get(row), names))
        for row in before.keys() | after.keys()
    )
    return re.sub(r"\brevision-\d+", "revision-#", "".join(parts))


def _change(
    row: Row, before: dict[str, Any] | None, after: dict[str, Any] | None, names: Names
) -> str:
    if before == after:
        return ""
    relations = dict(_relations(row[0]))
    lines = []
    for field in sorted((before or {}).keys() | (after or {}).keys()):
        was, now = (before or {}).get(field), (after or {}).get(field)
        if was == now or field in _LEFT_OUT or (before is None and now in ("", None, [], {})):
            continue
        shown = [
            _shown(field, each, values, relations, names)
            for each, values in ((was, before), (now, after))
            if values is not None
        ]
        lines.append(f"    {field.removesuffix('_id')}: {' → '.join(shown)}\n")
    if not lines:
        return ""
    sign = "+" if before is None else "-" if after is None else "~"
    return f"{row[0]} {names.of(*row)} {sign}\n" + ("" if after is None else "".join(lines))


def _shown(
    field: str, value: Any, values: dict[str, Any], relations: dict[str, str], names: Names
) -> str:
    if value is None:
        return "-"
    if field in relations:
        return names.of(relations[field], value)
    if field == "record_id" and "record" in values:  # names a record of any table
        return names.of(values["record"], value)
    if isinstance(value, uuid.UUID):
        return "UUID"
    return repr(_without_numbers(value)) if isinstance(value, dict | list) else repr(value)


def _without_numbers(value: Any) -> Any:
    """Return JSON without its numbers: most are numbers of rows."""
    if isinstance(value, dict):
        return {name: _without_numbers(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_without_numbers(each) for each in value]
    return "#" if isinstance(value, int) and not isinstance(value, bool) else value
