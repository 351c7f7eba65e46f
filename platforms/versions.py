"""Versions of records, to detect that somebody changed one since a form was opened."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Model, QuerySet


def version_of(*queries: QuerySet[Any, Any]) -> str:
    """Return a digest of the rows that these queries return now.

    queries: of values() or values_list(), in a stable order. They are run again, so that a
    version never comes from an object in memory: after the rollback of a preview, that object
    differs from its row.
    """
    rows = [list(query.all()) for query in queries]
    text = json.dumps(rows, cls=DjangoJSONEncoder)
    return hashlib.blake2s(text.encode(), digest_size=12).hexdigest()


def stored(record: Model) -> QuerySet[Any, Any]:
    """Return the row of a record as it is saved, for `version_of`."""
    return type(record)._base_manager.filter(pk=record.pk).values()
