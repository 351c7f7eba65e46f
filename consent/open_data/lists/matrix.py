"""The matrix as records."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils import timezone

from consent.ledger.facts import facts_of_all, listed_platforms
from consent.ledger.matrix import MatrixFilters, build_matrix
from consent.ledger.matrix_records import matrix_records
from consent.ledger.record_fields import Record


def matrix_of(filters: MatrixFilters) -> Iterable[Record]:
    """Yield a record for each platform, kind of data and use, as in the file of the matrix."""
    day = filters.day(timezone.localdate())
    return matrix_records(build_matrix(listed_platforms(), facts_of_all(), filters, day))
