"""States: what each use was, is and is due to be, for whom and where."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from django.db.models import Q

from consent.ledger.catalog_words import translated
from consent.ledger.facts import facts_of_all
from consent.ledger.record_fields import FOR_PEOPLE, Record, dated, source_records
from consent.models import Branch, State
from consent.open_data.lists.public_list import Key, PublicList
from consent.open_data.lists.record_addresses import named
from consent.vocabulary import TRAINING_PURPOSES, PublicationStatus

_Row = Mapping[str, Any]


def _public(where: Q) -> Any:
    """Return the states of published uses. Fields of uses are named "branch__use__…"."""
    published = Q(branch__use__status=PublicationStatus.PUBLISHED)
    return State.objects.filter(published, where, branch__use__platform__listed=True).order_by()


def _keys(where: Q) -> Iterator[Key]:
    rows = list(
        _public(where).values_list(
            *("pk", "branch_id", "branch__use__platform__slug", "branch__use__slug", "starts_on")
        )
    )
    numbers = _numbers({branch for _pk, branch, *_rest in rows})
    for pk, branch, platform, use, starts_on in rows:
        yield _id(named(platform, use), numbers[branch], starts_on), pk


def _id(use: str, number: int, starts_on: dt.date | None) -> str:
    return f"{use}/{number}/{starts_on.isoformat() if starts_on else 'unknown'}"


def _numbers(branches: Collection[int]) -> dict[int, int]:
    """Return the number of each branch within its use, from 1."""
    numbers: dict[int, int] = {}
    count: dict[int, int] = defaultdict(int)
    rows = Branch.objects.filter(use__status=PublicationStatus.PUBLISHED)
    if len(branches) < _FEW:
        rows = rows.filter(use__branches__in=branches).distinct()
    for pk, use in rows.order_by("use_id", "position").values_list("pk", "use_id"):
        count[use] += 1
        numbers[pk] = count[use]
    return numbers


#: Branches for which a query by key is faster than one for all.
_FEW = 400

_FIELDS = (
    *("pk", "branch_id", "value", "starts_on", "starts_precision", "since_is", "disputed", "basis"),
    *("note", "branch__use__slug", "branch__use__purpose", "branch__use__platform__slug"),
    *(f"branch__{name}" for name in FOR_PEOPLE),
    *("opened_by__public_id", "opened_by__status", "opened_by__due_on", "opened_by__effective_on"),
)


def _records(keys: Sequence[int]) -> Iterator[Record]:
    rows = list(State.objects.filter(pk__in=keys).order_by().values(*_FIELDS))
    branches = {row["branch_id"] for row in rows}
    numbers, starts = _numbers(branches), _starts_in(branches)
    sources = source_records("state", keys)
    for row in rows:
        use = named(row["branch__use__platform__slug"], row["branch__use__slug"])
        number, pending = numbers[row["branch_id"]], _is_pending(row)
        begun = row["starts_on"] or dt.date.min
        later = [each for each in starts[row["branch_id"]] if each[0] > begun]
        is_public = row["opened_by__status"] == PublicationStatus.PUBLISHED
        yield {
            "id": _id(use, number, row["starts_on"]),
            "platform": row["branch__use__platform__slug"],
            "use": use,
            "is_training": row["branch__use__purpose"] in TRAINING_PURPOSES,
            "branch": number,
            **{name: row[f"branch__{name}"] for name in FOR_PEOPLE},
            "who": translated(row["branch__who"]) or None,
            "value": row["value"],
            "starts": dated(row["starts_on"], row["starts_precision"]),
            "since_is": row["since_is"] if row["starts_on"] else None,
            "ends": dated(*min(later)) if later and not pending else None,
            "pending": pending,
            "disputed": row["disputed"],
            "basis": row["basis"] or None,
            "note": translated(row["note"]) or None,
            "entry": row["opened_by__public_id"] if is_public else None,
            "sources": sources.get(row["pk"], []),
        }


def _is_pending(row: _Row) -> bool:
    """As State.is_pending."""
    return row["opened_by__due_on"] is not None and row["opened_by__effective_on"] is None


def _starts_in(branches: Collection[int]) -> Mapping[int, list[tuple[dt.date, str]]]:
    """Return when the states of branches began that are not pending."""
    found: dict[int, list[tuple[dt.date, str]]] = defaultdict(list)
    rows = State.objects.filter(branch__in=branches, starts_on__isnull=False).order_by()
    for row in rows.values(
        *("branch_id", "starts_on", "starts_precision"),
        *("opened_by__due_on", "opened_by__effective_on"),
    ):
        if not _is_pending(row):
            found[row["branch_id"]].append((row["starts_on"], row["starts_precision"]))
    return found


STATES = PublicList(_keys, _records)


def holding_on(day: dt.date) -> set[int]:
    """Return the state of each branch that holds on a day: the last begun that is not pending."""
    known_from = {
        each.key: each.known_from for facts in facts_of_all().values() for each in facts.uses
    }
    holding: dict[int, tuple[dt.date, int]] = {}
    for row in _public(Q()).values(
        *("pk", "branch_id", "starts_on", "opened_by__due_on", "opened_by__effective_on"),
        *("branch__use__slug", "branch__use__platform__slug"),
    ):
        use = named(row["branch__use__platform__slug"], row["branch__use__slug"])
        known = row["starts_on"] or known_from.get(use) or dt.date.min
        if _is_pending(row) or known > day:
            continue
        # An undated state is the first of its branch, whenever it became known.
        begun = row["starts_on"] or dt.date.min
        if row["branch_id"] not in holding or holding[row["branch_id"]][0] < begun:
            holding[row["branch_id"]] = (begun, row["pk"])
    return {pk for _begun, pk in holding.values()}
