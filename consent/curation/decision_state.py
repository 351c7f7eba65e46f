"""The JSON in `Decision.before` and `Decision.after`: its keys, where they are written and read."""

from __future__ import annotations

from typing import Any, TypedDict


class StoredState(TypedDict):
    """A State as it was in the database, to be created again."""

    pk: int
    branch_id: int
    value: str
    starts_on: str | None  # ISO date
    starts_precision: str
    since_is: str
    basis: str
    disputed: bool
    note: str


class SettledAnnouncement(TypedDict):
    """An announcement whose outcome was published, and the pending states that ended with it."""

    entry: int
    states: list[StoredState]


class ProposedState(TypedDict):
    """A state that opens once a second reviewer confirms."""

    branch: int
    value: str
    starts_on: str  # ISO date
    precision: str
    since_is: str
    note: str


class OpenedState(TypedDict):
    """A state that publishing opened."""

    pk: int
    value: str
    starts_on: str  # ISO date


class RecordRows(TypedDict):
    """The stored values of a use, control or guide and of the rows that belong to it."""

    fields: dict[str, Any]
    many: dict[str, list[int]]  # keys of related rows, by field
    parts: dict[str, list[dict[str, Any]]]  # values of rows, by model


class DecisionState(TypedDict, total=False):
    """One side of a decision: what it is about, before or after it.

    A decision has only the keys of what it changed, and older releases wrote fewer of them.
    """

    # The change. Written and read for each decision on a change.
    status: str
    snoozed_until: str | None  # ISO date
    entry: int | None
    marked_uses: list[int]
    marked_controls: list[int]
    marked_guides: list[int]
    # The entry, where the decision is on one.
    entry_status: str
    entry_status_reason: str
    reviewer: int | None
    reviewed_at: str | None  # ISO time
    second_reviewer: int | None
    second_reviewed_at: str | None  # ISO time
    # Before publishing: what undoing puts back.
    uses: list[int]
    settled: list[SettledAnnouncement]
    # After publishing or proposing: for readers of the log, and to undo.
    title: str
    effects: list[str]
    direction: str
    quiet: bool
    states: list[OpenedState]
    # After proposing: what the second reviewer would publish.
    proposed: list[ProposedState]
    settling: list[int]
    settles: list[int]
    # A use, control or guide: as in a catalog file, and as stored.
    said: dict[str, Any]
    rows: RecordRows
