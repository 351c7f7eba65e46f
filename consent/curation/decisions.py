"""Decisions on changes and entries. Nothing else publishes or rejects them.

Each public function is one decision of one curator in one transaction. It writes the Decision,
changes the status of the Change and, when it publishes, opens and closes States.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from consent.curation.decision_state import ChangeBefore, DecisionHeld, Proposal
from consent.curation.publication import (
    NewState,
    draft_of_entry,
    proposed_states,
    put_on_timeline,
    require_complete,
    restore_draft,
    states_from,
)
from consent.curation.soundness import sound_act
from consent.models import Change, Control, Decision, Entry, Guide, Use
from consent.models.changes import UNDECIDED
from consent.vocabulary import ChangeStatus, DismissReason, PublicationStatus, Ruling
from platforms.guards import public_act
from platforms.record_versions import Act
from platforms.vocabulary import PublicChangeKind

#: The status of a change after a decision on it.
_STATUS_AFTER = {
    Ruling.PROPOSE: ChangeStatus.PROPOSED,
    Ruling.RETURN: ChangeStatus.WAITING,
    Ruling.PUBLISH: ChangeStatus.PUBLISHED,
    Ruling.DISMISS: ChangeStatus.DISMISSED,
    Ruling.MERGE: ChangeStatus.MERGED,
    Ruling.SNOOZE: ChangeStatus.SNOOZED,
    Ruling.REOPEN: ChangeStatus.WAITING,
}


class AlreadyDecidedError(Exception):
    """Another curator decided on this change in the meantime; nothing was overwritten."""


@transaction.atomic
def publish(
    change: Change,
    *,
    entry: Entry,
    curator: User,
    states: Sequence[NewState] = (),
    settling: Sequence[Change] = (),
    settles: Sequence[Entry] = (),
    rehearsed: bool = False,
) -> Entry:
    """Publish the entry of a change and open its states.

    If the platform asks for a second reviewer, the entry waits for one instead
    (`awaits_second_review`): it is not public and nobody is notified until `confirm`.

    settling: earlier changes that the entry covers as well. settles: announcements whose outcome
    it is. rehearsed: publish without a second review; only in a transaction that is rolled back.
    Raises AlreadyDecidedError when another curator was first, ValidationError when the entry or a
    state is inconsistent; nothing is written then.
    """
    change = lock_undecided(change)
    if not rehearsed and (change.page.platform.second_review or entry.asks_for_second_review()):
        return _propose(
            entry,
            change=change,
            curator=curator,
            states=states,
            settling=settling,
            settles=settles,
        )
    with _publication_of(entry, curator, settles) as act:
        draft = put_on_timeline(entry, reviewer=curator, states=states, settles=settles)
        _decide(
            change,
            Ruling.PUBLISH,
            curator=curator,
            entry=entry,
            act=act,
            held={"draft": draft},
        )
    _settle(settling, entry, curator)
    return entry


@transaction.atomic
def publish_by_hand(
    entry: Entry,
    *,
    curator: User,
    states: Sequence[NewState] = (),
    settles: Sequence[Entry] = (),
    rehearsed: bool = False,
) -> Entry:
    """Publish an entry that is based on outside sources instead of a change.

    It waits for a second reviewer if one is required. settles, rehearsed: as in `publish`. Raises
    ValidationError when the entry is inconsistent.
    """
    if entry.changes.filter(status__in=UNDECIDED).exists():
        raise ValidationError("This draft belongs to a waiting change: publish it there.")
    if not rehearsed and entry.asks_for_second_review():
        return _propose(entry, change=None, curator=curator, states=states, settles=settles)
    with _publication_of(entry, curator, settles) as act:
        draft = put_on_timeline(entry, reviewer=curator, states=states, settles=settles)
        _decide(
            None,
            Ruling.PUBLISH,
            curator=curator,
            entry=entry,
            act=act,
            held={"draft": draft},
        )
    return entry


@transaction.atomic
def confirm(entry: Entry, *, curator: User, note: str = "") -> Entry:
    """Publish, as second reviewer, an entry that another editor proposed.

    Raises AlreadyDecidedError when it does not wait for a review (any more), ValidationError when
    the same person confirms or the entry has become inconsistent; nothing is written then.
    """
    entry, proposal = _lock_proposal(entry)
    if entry.reviewer_id == curator.pk:
        raise ValidationError("You proposed this: somebody else confirms it.")
    proposed: Proposal = proposal.held["proposal"]
    states = states_from(proposed["states"])
    settles = list(Entry.objects.filter(pk__in=proposed["settles"]))
    assert entry.reviewer is not None
    with _publication_of(entry, curator, settles) as act:
        draft = put_on_timeline(
            entry, reviewer=entry.reviewer, second=curator, states=states, settles=settles
        )
        _decide(
            proposal.change,
            Ruling.PUBLISH,
            curator=curator,
            entry=entry,
            note=note,
            act=act,
            held={"draft": draft},
        )
    settling = Change.objects.filter(pk__in=proposed["settling"], status__in=UNDECIDED)
    _settle(settling, entry, curator)
    return entry


@transaction.atomic
def send_back(entry: Entry, *, curator: User, note: str) -> Entry:
    """Turn an entry that waits for a second reviewer into a draft, with its change in the queue.

    The first editor may do so as well. Raises AlreadyDecidedError, and ValidationError without a
    reason.
    """
    if not note.strip():
        raise ValidationError("Say why you send it back.")
    entry, proposal = _lock_proposal(entry)
    restore_draft(entry, proposal.held["draft"])
    entry.status_reason = f"Sent back: {note}"[:300]
    entry.save()
    _decide(proposal.change, Ruling.RETURN, curator=curator, entry=entry, note=note)
    return entry


@transaction.atomic
def add_review(entry: Entry, *, curator: User, note: str = "") -> Entry:
    """Add an editor as reviewer of a published entry. Raises ValidationError.

    The editor becomes its second reviewer, or the first of an entry that came from a file. After a
    revision or merge by somebody else, a reviewer may review it again.
    """
    entry = Entry.objects.select_for_update().get(pk=entry.pk)
    if why := why_no_review(entry, curator):
        raise ValidationError(why)
    first = entry.reviewer_id in (None, curator.pk)
    place, when = (
        ("reviewer", "reviewed_at") if first else ("second_reviewer", "second_reviewed_at")
    )
    setattr(entry, place, curator)
    setattr(entry, when, timezone.now())
    with decision_on(entry, by=curator) as act:
        # Neither the text nor the time of its last edit changes.
        entry.save(update_fields=[place, when])
        _decide(None, Ruling.REVIEW, curator=curator, entry=entry, note=note, act=act)
    return entry


def why_no_review(entry: Entry, curator: User) -> str:
    """Return why a curator cannot review a published entry; "" if they can."""
    if entry.status != PublicationStatus.PUBLISHED:
        return "Only what is published is reviewed here."
    unseen = entry.revisions.not_seen_by_another()
    merges = entry.decisions.merges_for_second_reviewer()
    if unseen.filter(editor=curator).exists():
        return "You revised this: somebody else looks at it."
    if merges.filter(curator=curator).exists():
        return "You merged a change into this: somebody else looks at it."
    if unseen.exists() or merges.exists():
        return ""
    if entry.second_reviewer_id is not None:
        return "This entry has two reviewers already."
    if entry.reviewer_id == curator.pk:
        return "You are a reviewer of this entry already: somebody else reviews it too."
    return ""


@transaction.atomic
def dismiss(change: Change, *, curator: User, reason: DismissReason, note: str = "") -> None:
    """Decide that a change is no news, and why. Raises AlreadyDecidedError."""
    change = lock_undecided(change)
    _decide(
        change,
        Ruling.DISMISS,
        curator=curator,
        reason=DismissReason(reason),
        note=note,
    )


@transaction.atomic
def dismiss_together(
    keys: Sequence[int], *, curator: User, reason: DismissReason, note: str = ""
) -> int:
    """Dismiss changes, given by primary key, for one reason; return how many.

    Each gets its Decision. They share a batch, so that `undo_batch` can take all of them back.
    Changes that somebody decided on meanwhile are left alone.
    """
    batch = uuid.uuid4()
    undecided = Change.objects.select_for_update(of=("self",)).filter(
        pk__in=keys, status__in=UNDECIDED
    )
    count = 0
    for change in undecided.order_by("pk"):
        _decide(
            change,
            Ruling.DISMISS,
            curator=curator,
            reason=DismissReason(reason),
            note=note,
            batch=batch,
        )
        count += 1
    return count


@transaction.atomic
def merge(
    change: Change, *, into: Entry, curator: User, note: str = "", told_together: bool = False
) -> None:
    """Decide that a published entry already covers a change; it names the platform from then on.

    told_together: it was published with the entry, by all who reviewed that.
    Raises AlreadyDecidedError, and ValidationError for an entry that is not published (any more).
    """
    change = lock_undecided(change)
    into = Entry.objects.select_for_update().get(pk=into.pk)
    if into.status != PublicationStatus.PUBLISHED:
        raise ValidationError("Changes are merged into what is published.")
    with decision_on(into, by=curator) as act:
        into.platforms.add(change.page.platform)
        held: DecisionHeld = {"told_together": True} if told_together else {}
        _decide(change, Ruling.MERGE, curator=curator, entry=into, note=note, act=act, held=held)


@transaction.atomic
def snooze(change: Change, *, until: dt.date, curator: User, note: str = "") -> None:
    """Take a change out of the queue until a day. Raises AlreadyDecidedError."""
    change = lock_undecided(change)
    _decide(change, Ruling.SNOOZE, curator=curator, note=note, snoozed_until=until)


@transaction.atomic
def reopen(change: Change, *, curator: User, note: str = "") -> None:
    """Put a dismissed, merged or snoozed change back into the queue.

    The change loses the published entry that it was merged into, and gets its earlier draft back.
    Raises ValidationError for a published change (correct its entry instead) and for one that waits
    for a second reviewer (send it back instead).
    """
    change = Change.objects.select_for_update(of=("self",)).get(pk=change.pk)
    if change.status == ChangeStatus.PUBLISHED:
        raise ValidationError("A published change is corrected, not reopened.")
    if change.status == ChangeStatus.PROPOSED:
        raise ValidationError("It waits for a second reviewer: send it back, with the reason.")
    entry = change.entry
    if entry is None or entry.status == PublicationStatus.DRAFT:
        _decide(change, Ruling.REOPEN, curator=curator, note=note)
        return
    before = _state_of_change(change)
    with decision_on(entry, by=curator):
        change.entry = _draft_before_merge(change)
        _decide(change, Ruling.REOPEN, curator=curator, note=note, held={"change": before})


@transaction.atomic
def confirm_dismissal(change: Change, *, curator: User) -> None:
    """Record that a second person agrees with a dismissal.

    Raises ValidationError when the change is not dismissed, or was dismissed by the same person.
    """
    change = Change.objects.select_for_update(of=("self",)).get(pk=change.pk)
    last = change.decisions.standing().first()
    if last is None or last.ruling != Ruling.DISMISS:
        raise ValidationError("Only a dismissal is looked at again, and only once.")
    if last.curator == curator:
        raise ValidationError("Somebody else looks again at what you dismissed.")
    Decision.objects.create(change=change, ruling=Ruling.CONFIRM, curator=curator)


@transaction.atomic
def confirm_effect(entry: Entry, *, curator: User, note: str = "") -> Decision:
    """Log that somebody looked on or after the day and found the entry in effect.

    Nothing public changes. Raises ValidationError for an entry that is not published or has no
    effective date that has come; one that is due is corrected instead.
    """
    entry = Entry.objects.select_for_update().get(pk=entry.pk)
    today = timezone.localdate()
    has_come = entry.effective_on is not None and entry.effective_on <= today
    if entry.status != PublicationStatus.PUBLISHED or not has_come:
        raise ValidationError("Only a published entry whose day has come can be found in effect.")
    return Decision.objects.create(entry=entry, ruling=Ruling.CONFIRM, curator=curator, note=note)


def lock_undecided(change: Change) -> Change:
    """Lock a change until the end of the transaction. Raises AlreadyDecidedError."""
    change = Change.objects.select_for_update(of=("self",)).get(pk=change.pk)
    require_undecided(change)
    return change


def require_undecided(change: Change) -> None:
    """Raise AlreadyDecidedError, with name and time, if somebody decided on this change."""
    if change.status not in UNDECIDED:
        last = change.decisions.first()
        by = f" by {last.curator} on {last.decided_at:%Y-%m-%d %H:%M}" if last else ""
        verb = "is" if change.status == ChangeStatus.PROPOSED else "was"
        raise AlreadyDecidedError(f"This change {verb} {change.get_status_display()}{by}.")


def _decide(
    change: Change | None,
    ruling: Ruling,
    *,
    curator: User,
    entry: Entry | None = None,
    reason: DismissReason | str = "",
    note: str = "",
    snoozed_until: dt.date | None = None,
    act: Act | None = None,
    held: DecisionHeld | None = None,
    batch: uuid.UUID | None = None,
) -> None:
    """Write the Decision, and change the status of its change if it is about one."""
    kept: DecisionHeld = held or {}
    if change is not None:
        kept = {"change": _state_of_change(change), **kept}
        change.status = _STATUS_AFTER[ruling]
        change.snoozed_until = snoozed_until
        if entry is not None:
            change.entry = entry
        change.save(update_fields=["status", "entry", "snoozed_until"])
        _clear_marks(change)
    Decision.objects.create(
        change=change,
        ruling=ruling,
        reason=reason,
        note=note,
        entry=entry,
        curator=curator,
        act=act.id if act else None,
        held=kept,
        batch=batch,
    )


def _propose(
    entry: Entry,
    *,
    change: Change | None,
    curator: User,
    states: Sequence[NewState],
    settling: Sequence[Change] = (),
    settles: Sequence[Entry] = (),
) -> Entry:
    """Store exactly what an editor would publish, for the second reviewer."""
    if entry.status != PublicationStatus.DRAFT or entry.reviewer_id is not None:
        raise AlreadyDecidedError("This entry is published, or waits for a second reviewer.")
    require_complete(entry, states)
    draft = draft_of_entry(Entry.objects.get(pk=entry.pk))
    entry.reviewer, entry.reviewed_at = curator, timezone.now()
    entry.status_reason = "Waiting for a second reviewer."
    entry.save()
    held: DecisionHeld = {
        "draft": draft,
        "proposal": {
            "states": proposed_states(states),
            "settling": [earlier.pk for earlier in settling],
            "settles": [announcement.pk for announcement in settles],
        },
    }
    _decide(change, Ruling.PROPOSE, curator=curator, entry=entry, held=held)
    return entry


def proposal_of(entry: Entry) -> Decision | None:
    """Return the proposal of an entry while it waits for a second reviewer, or None."""
    if not entry.awaits_second_review:
        return None
    proposals = entry.decisions.standing().filter(ruling=Ruling.PROPOSE)
    proposal: Decision | None = proposals.select_related(
        "change__page__platform", "curator"
    ).first()
    return proposal


def _lock_proposal(entry: Entry) -> tuple[Entry, Decision]:
    """Lock an entry that waits for a second reviewer. Its change is locked first, as always."""
    proposal = proposal_of(entry)
    if proposal is not None and proposal.change is not None:
        change = Change.objects.select_for_update(of=("self",)).get(pk=proposal.change.pk)
        proposal.change = change
    locked = Entry.objects.select_for_update().get(pk=entry.pk)
    if proposal is None or proposal_of(locked) != proposal:
        raise AlreadyDecidedError("This entry waits for no second reviewer (any more).")
    return locked, proposal


def decision_on(*entries: Entry, by: User) -> AbstractContextManager[Act]:
    """Allow a decision to change published entries."""
    return public_act(PublicChangeKind.DECISION, by=by, on=entries)


def _publication_of(
    entry: Entry, curator: User, settles: Sequence[Entry]
) -> AbstractContextManager[Act]:
    """Allow an entry to be published, and to settle others, if no platform gets new errors."""
    records = [entry, *settles]
    platforms = entry.platforms.all()
    return sound_act(PublicChangeKind.DECISION, by=curator, on=records, platforms=platforms)


def _draft_before_merge(change: Change) -> Entry | None:
    """Return the draft that a change had before it was merged, if it is still a draft."""
    merge = change.decisions.standing().filter(ruling=Ruling.MERGE).first()
    number = merge.held["change"]["entry"] if merge else None
    drafts = Entry.objects.filter(status=PublicationStatus.DRAFT, reviewer=None)
    return drafts.filter(pk=number).first() if number else None


def _settle(earlier: Iterable[Change], entry: Entry, curator: User) -> None:
    for change in earlier:
        note = "Told together with a later one."
        merge(change, into=entry, curator=curator, note=note, told_together=True)


def _state_of_change(change: Change) -> ChangeBefore:
    """Return the status of a change and the records that it marks, for `Decision`."""
    return {
        "status": change.status,
        "snoozed_until": change.snoozed_until.isoformat() if change.snoozed_until else None,
        "entry": change.entry_id,
        "marked_uses": _marked_by(change, Use),
        "marked_controls": _marked_by(change, Control),
        "marked_guides": _marked_by(change, Guide),
    }


def _marked_by(change: Change, model: type[Use | Control | Guide]) -> list[int]:
    rows = model._default_manager.filter(source_change=change).order_by("pk")
    return list(rows.values_list("pk", flat=True))


def _clear_marks(change: Change) -> None:
    """Remove the marks of a change that the decision makes unnecessary.

    A dismissed change did not concern uses, controls or guides. After publishing, the states are up
    to date; a guide stays marked until somebody walks its steps again.
    """
    settled = {"source_changed_at": None, "source_change": None}
    if change.status in (ChangeStatus.DISMISSED, ChangeStatus.PUBLISHED, ChangeStatus.MERGED):
        Use.objects.filter(source_change=change).update(**settled)
        Control.objects.filter(source_change=change).update(**settled)
    if change.status == ChangeStatus.DISMISSED:
        Guide.objects.filter(source_change=change).update(**settled)
