"""Publishes an entry: entry, states and mail. Only consent/curation/decisions.py calls it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.utils import timezone

from consent.alerts.fan_out.announce import announce
from consent.curation.decision_state import DraftBefore, ProposedState
from consent.models import Branch, Entry, State
from consent.vocabulary import (
    Effect,
    Precision,
    PublicationStatus,
    SinceIs,
    StateValue,
    Topic,
)


@dataclass(frozen=True, slots=True)
class NewState:
    """The next state of a use, for the people and places of one branch."""

    branch: Branch
    value: StateValue
    starts_on: dt.date
    precision: Precision = Precision.DAY
    since_is: SinceIs = SinceIs.EXACT
    note: str = ""
    said_by: str = ""
    why: str = ""
    earlier: str = ""


def open_state(new: NewState, *, entry: Entry | None = None) -> State:
    """Open the next state of a branch, which ends the present one. States are never overwritten.

    Raises ValidationError when the next would start before (or on the day) the present one did.
    """
    # The branch is locked, so that two decisions do not both open its next state.
    branch = Branch.objects.select_for_update().get(pk=new.branch.pk)
    present = branch.states.last()
    begun = present.starts_on if present is not None else None
    if present is not None and begun is not None and new.starts_on <= begun:
        raise ValidationError(
            f"“{branch.use}” is “{present.get_value_display()}” since {begun}; "
            f"the next state must start later than that, not on {new.starts_on}."
        )
    return State.objects.create(
        branch=branch,
        value=new.value,
        starts_on=new.starts_on,
        starts_precision=new.precision,
        since_is=new.since_is,
        note=new.note,
        said_by=new.said_by,
        why=new.why,
        earlier=new.earlier,
        opened_by=entry,
    )


def put_on_timeline(
    entry: Entry,
    *,
    reviewer: User,
    second: User | None = None,
    states: Sequence[NewState] = (),
    settles: Sequence[Entry] = (),
) -> DraftBefore:
    """Make an entry public and notify its subscribers; return what it was as a draft.

    Raises ValidationError before any change.

    second: the editor who confirms; the first reviewer is then on the entry already.
    settles: announcements whose outcome this entry is.
    """
    if entry.status == PublicationStatus.PUBLISHED:
        raise ValidationError("This entry is published already.")
    require_complete(entry, states)
    before = draft_of_entry(entry)
    before["uses"] = sorted(entry.uses.values_list("pk", flat=True))
    entry.status = PublicationStatus.PUBLISHED
    entry.status_reason = ""
    entry.published_at = timezone.now()
    if second is None:
        entry.reviewer, entry.reviewed_at = reviewer, entry.published_at
    else:
        entry.second_reviewer, entry.second_reviewed_at = second, entry.published_at
    entry.save()
    _settle(settles, entry, states)
    for new in states:
        open_state(new, entry=entry)
        entry.uses.add(new.branch.use)
    if not entry.quiet:
        announce(entry)
    return before


def _settle(announcements: Sequence[Entry], entry: Entry, states: Sequence[NewState]) -> None:
    """Set an entry as the outcome of announcements.

    The pending states of the announcements are deleted: in the branches where the entry opens a
    state, or all of them if it opens none, because it then postpones what was announced.
    """
    moved = [new.branch.pk for new in states]
    for announcement in announcements:
        locked = Entry.objects.select_for_update().get(pk=announcement.pk)
        if locked.status != PublicationStatus.PUBLISHED or locked.outcome_id is not None:
            raise ValidationError(f"“{locked}” is settled already, or not public any more.")
        pending = [state for state in locked.opened_states.all() if state.is_pending]
        ended = [state for state in pending if not moved or state.branch_id in moved]
        # update() leaves updated_at alone: the text of the announcement does not change.
        Entry.objects.filter(pk=locked.pk).update(outcome=entry)
        for state in ended:
            state.delete()


def draft_of_entry(entry: Entry) -> DraftBefore:
    """Return the reason and the first reviewer of a draft; `restore_draft` sets them again."""
    return {
        "reason": entry.status_reason,
        "reviewer": entry.reviewer_id,
        "reviewed_at": entry.reviewed_at.isoformat() if entry.reviewed_at else None,
    }


def restore_draft(entry: Entry, before: DraftBefore) -> None:
    """Make an entry the draft that it was, without saving it.

    A draft that waits for nobody is not quiet: whoever publishes it decides again whether mail
    goes out.
    """
    entry.status = PublicationStatus.DRAFT
    entry.status_reason = before["reason"]
    entry.reviewer_id = before["reviewer"]
    reviewed_at = before["reviewed_at"]
    entry.reviewed_at = dt.datetime.fromisoformat(reviewed_at) if reviewed_at else None
    entry.second_reviewer = entry.second_reviewed_at = None
    if entry.reviewer_id is None:
        entry.quiet = False


def proposed_states(states: Sequence[NewState]) -> list[ProposedState]:
    """Return states that a proposal would open, as JSON; `states_from` reads them."""
    return [
        {
            "branch": new.branch.pk,
            "value": new.value,
            "starts_on": new.starts_on.isoformat(),
            "precision": new.precision,
            "since_is": new.since_is,
            "note": new.note,
            "said_by": new.said_by,
            "why": new.why,
            "earlier": new.earlier,
        }
        for new in states
    ]


def states_from(rows: Sequence[ProposedState]) -> list[NewState]:
    """Return the states of a proposal. Raises ValidationError if a branch is gone."""
    numbers = {row["branch"] for row in rows}
    branches = Branch.objects.select_related("use").in_bulk(numbers)
    if len(branches) < len(numbers):
        raise ValidationError("A use that was to change is gone; send the entry back.")
    return [
        NewState(
            branch=branches[row["branch"]],
            value=StateValue(row["value"]),
            starts_on=dt.date.fromisoformat(row["starts_on"]),
            precision=Precision(row["precision"]),
            since_is=SinceIs(row["since_is"]),
            note=row["note"],
            said_by=row["said_by"],
            why=row["why"],
            earlier=row["earlier"],
        )
        for row in rows
    ]


def require_complete(entry: Entry, states: Sequence[NewState]) -> None:
    """Raise ValidationError unless an entry has sentence, effects, date, source and platform."""
    unknown = set(entry.effects) - set(Effect.values)
    if unknown:
        raise ValidationError(f"Unknown effects: {', '.join(sorted(unknown))}.")
    if not entry.effects:
        raise ValidationError("Name at least one effect, or “wording only”.")
    if not entry.title.strip() or not entry.summary.strip():
        raise ValidationError("An entry needs its sentence and a summary.")
    if not entry.is_dated:
        raise ValidationError(
            "An entry needs a date: give the day on which it was announced, decided or seen, or "
            "from which it is due or in effect, or the day of a source."
        )
    if not entry.sources.exists():
        raise ValidationError("Every published claim points at evidence: add a source.")
    if not entry.platforms.exists():
        raise ValidationError("Name the platform that this is about.")
    if Effect.WORDING_ONLY in entry.effects and states:
        raise ValidationError("A change of wording only opens no state.")
    if entry.topic == Topic.OTHER and any(new.branch.use.is_training for new in states):
        raise ValidationError("An entry of the topic “other” opens no state of training.")
    if entry.outcome_id is not None and entry.outcome_id == entry.pk:
        raise ValidationError("An announcement is settled by another entry.")
