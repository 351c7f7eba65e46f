"""The JSON in `Decision.held`: what undoing needs of changes and drafts, which have no versions."""

from __future__ import annotations

from typing import TypedDict


class ChangeBefore(TypedDict):
    """A change before a decision on it, and the records that it marked."""

    status: str
    snoozed_until: str | None  # ISO date
    entry: int | None
    marked_uses: list[int]
    marked_controls: list[int]
    marked_guides: list[int]


class DraftBefore(TypedDict, total=False):
    """What a decision on a draft changes of it. uses: of an entry that opens states."""

    reason: str
    reviewer: int | None
    reviewed_at: str | None  # ISO time
    uses: list[int]


class ProposedState(TypedDict):
    """A state that opens once a second reviewer confirms."""

    branch: int
    value: str
    starts_on: str  # ISO date
    precision: str
    since_is: str
    note: str
    said_by: str
    why: str
    earlier: str


class Proposal(TypedDict):
    """What the second reviewer would publish. settling: changes; settles: announcements."""

    states: list[ProposedState]
    settling: list[int]
    settles: list[int]


class GuideMark(TypedDict):
    """That the source of a guide had changed, before somebody wrote new steps."""

    changed_at: str | None  # ISO time
    change: int | None


class DecisionHeld(TypedDict, total=False):
    """A decision has only the parts of what it is about.

    seen: digest of a use, control or guide as the first editor proposed it.
    told_together: the change was merged by the publication of its entry.
    """

    change: ChangeBefore
    draft: DraftBefore
    proposal: Proposal
    seen: str
    told_together: bool
    guide_mark: GuideMark
