"""Versions of records: whether somebody else changed one since a form was opened."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import QuerySet


def version_of(*rows: QuerySet[Any, Any]) -> str:
    """Name what these queries find in the database now; equal rows have equal names.

    rows: queries of values() or values_list(), in a stable order. They are asked anew, so that a
    version never comes from an object in memory: after a preview that was rolled back, that
    object differs from its row.
    """
    found = [list(query.all()) for query in rows]
    text = json.dumps(found, cls=DjangoJSONEncoder)
    return hashlib.blake2s(text.encode(), digest_size=12).hexdigest()
