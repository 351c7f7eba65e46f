"""Rulings on changes and entries: the only door to the public side.

Every function here is one ruling of one curator, in one transaction: it writes the Decision,
moves the Change, and, when something is published, opens and closes States.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from consent.curation.decision_state import DecisionState
from consent.curation.publishing import (
    Moved,
    NewState,
    put_on_timeline,
    require_complete,
    restore_entry,
    standing_of_entry,
    states_from,
    words_of,
)
from consent.models import Change, Control, Decision, Entry, Guide, Use
from consent.models.changes import UNDECIDED
from consent.vocabulary import ChangeStatus, DismissReason, PublicationStatus, Ruling
from platforms.guards import public_change
from platforms.models import PublicChange
from platforms.vocabulary import PublicChangeKind

#: How a change stands after a ruling on it.
_LEADS_TO = {
    Ruling.PROPOSE: ChangeStatus.PROPOSED,
    Ruling.RETURN: ChangeStatus.WAITING,
    Ruling.PUBLISH: ChangeStatus.PUBLISHED,
    Ruling.DISMISS: ChangeStatus.DISMISSED,
    Ruling.MERGE: ChangeStatus.MERGED,
    Ruling.SNOOZE: ChangeStatus.SNOOZED,
    Ruling.REOPEN: ChangeStatus.WAITING,
}


class AlreadyDecidedError(Exception):
    """Another curator ruled on this change in the meantime; nothing was overwritten."""


@transaction.atomic
def publish(
    change: Change,
    *,
    entry: Entry,
    curator: User,
    states: Sequence[NewState] = (),
    settling: Sequence[Change] = (),
    settles: Sequence[Entry] = (),
    note: str = "",
    rehearsed: bool = False,
) -> Entry:
    """Put a change's entry on the timeline and open the states it brings.

    Where a platform asks for a second reviewer, the entry waits for one instead, unseen and
    untold (`awaits_second_review`), and `confirm` does what is said here.

    settling: earlier changes that the entry tells as well. settles: announcements of which it is
    the outcome. rehearsed: publish all the same; only for a transaction that is rolled back.
    Raises AlreadyDecidedError when another curator was first, ValidationError when the entry or a
    state does not hold together; nothing is written then.
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
            note=note,
        )
    with ruling_on(entry, curator):
        moved = put_on_timeline(entry, reviewer=curator, states=states, settles=settles)
        _rule(change, Ruling.PUBLISH, curator=curator, entry=entry, note=note, moved=moved)
    _settle(settling, entry, curator)
    return entry


@transaction.atomic
def publish_by_hand(
    entry: Entry,
    *,
    curator: User,
    states: Sequence[NewState] = (),
    settles: Sequence[Entry] = (),
    note: str = "",
    rehearsed: bool = False,
) -> Entry:
    """Put an entry on the timeline that rests on outside sources instead of a change.

    Waits for a second reviewer where one is asked for. settles, rehearsed: as in `publish`. Raises
    ValidationError when the entry does not hold together.
    """
    if entry.changes.filter(status__in=UNDECIDED).exists():
        raise ValidationError("This draft tells a change that waits: publish it with that.")
    if not rehearsed and entry.asks_for_second_review():
        return _propose(
            entry, change=None, curator=curator, states=states, settles=settles, note=note
        )
    with ruling_on(entry, curator):
        moved = put_on_timeline(entry, reviewer=curator, states=states, settles=settles)
        _rule(None, Ruling.PUBLISH, curator=curator, entry=entry, note=note, moved=moved)
    return entry


@transaction.atomic
def confirm(entry: Entry, *, curator: User, note: str = "") -> Entry:
    """Publish, as its second reviewer, what another editor would publish.

    Raises AlreadyDecidedError when it waits for nobody (any more), ValidationError when the same
    person confirms, or when it no longer holds together; nothing is written then.
    """
    entry, proposal = _hold_proposal(entry)
    if entry.reviewer_id == curator.pk:
        raise ValidationError("You proposed this: somebody else confirms it.")
    proposed: DecisionState = proposal.after
    states = states_from(proposed["proposed"])
    settles = list(Entry.objects.filter(pk__in=proposed.get("settles", ())))
    assert entry.reviewer is not None
    with ruling_on(entry, curator):
        moved = put_on_timeline(
            entry, reviewer=entry.reviewer, second=curator, states=states, settles=settles
        )
        _rule(proposal.change, Ruling.PUBLISH, curator=curator, entry=entry, note=note, moved=moved)
    settling = Change.objects.filter(pk__in=proposed["settling"], status__in=UNDECIDED)
    _settle(settling, entry, curator)
    return entry


@transaction.atomic
def send_back(entry: Entry, *, curator: User, note: str) -> Entry:
    """Make a draft again of what waits for a second reviewer, and put its change in the queue.

    The first editor may do so as well. Raises AlreadyDecidedError, and ValidationError without a
    reason.
    """
    if not note.strip():
        raise ValidationError("Say why you send it back.")
    entry, proposal = _hold_proposal(entry)
    before = standing_of_entry(entry)
    restore_entry(entry, proposal.before)
    entry.status_reason = f"Sent back: {note}"[:300]
    entry.save()
    moved = Moved(before, standing_of_entry(entry))
    _rule(proposal.change, Ruling.RETURN, curator=curator, entry=entry, note=note, moved=moved)
    return entry


@transaction.atomic
def add_review(entry: Entry, *, curator: User, note: str = "") -> Entry:
    """Let an editor put their name to what is public already: as its second reviewer, or as its
    first where it came from a file. Who stands for it already does so again once somebody else
    revised it. Raises ValidationError.
    """
    entry = Entry.objects.select_for_update().get(pk=entry.pk)
    if why := why_no_review(entry, curator):
        raise ValidationError(why)
    before = standing_of_entry(entry)
    first = entry.reviewer_id in (None, curator.pk)
    place, when = (
        ("reviewer", "reviewed_at") if first else ("second_reviewer", "second_reviewed_at")
    )
    setattr(entry, place, curator)
    setattr(entry, when, timezone.now())
    with ruling_on(entry, curator):
        # The words stay as they are, and so does the time of their last edit.
        entry.save(update_fields=[place, when])
        moved = Moved(before, standing_of_entry(entry))
        _rule(None, Ruling.REVIEW, curator=curator, entry=entry, note=note, moved=moved)
    return entry


def why_no_review(entry: Entry, curator: User) -> str:
    """Why somebody cannot put their name to an entry that is public; "" if they can."""
    if entry.status != PublicationStatus.PUBLISHED:
        return "Only what is published is reviewed here."
    unseen = entry.revisions.not_seen_by_another()
    if unseen.filter(editor=curator).exists():
        return "You revised this: somebody else looks at it."
    if unseen.exists():
        return ""
    if entry.second_reviewer_id is not None:
        return "Two people stand for this entry already."
    if entry.reviewer_id == curator.pk:
        return "Your name stands there already: somebody else reviews it too."
    return ""


@transaction.atomic
def dismiss(change: Change, *, curator: User, reason: DismissReason, note: str = "") -> None:
    """Rule that a change is no news, and why. Raises AlreadyDecidedError."""
    change = lock_undecided(change)
    _rule(
        change,
        Ruling.DISMISS,
        curator=curator,
        reason=DismissReason(reason),
        note=note,
    )


@transaction.atomic
def merge(change: Change, *, into: Entry, curator: User, note: str = "") -> None:
    """Rule that a change tells what a published entry already tells.

    Raises AlreadyDecidedError, and ValidationError for an entry that is not published (any more).
    """
    change = lock_undecided(change)
    into = Entry.objects.select_for_update().get(pk=into.pk)
    if into.status != PublicationStatus.PUBLISHED:
        raise ValidationError("Changes are merged into what is published.")
    with ruling_on(into, curator):
        _rule(change, Ruling.MERGE, curator=curator, entry=into, note=note)


@transaction.atomic
def snooze(change: Change, *, until: dt.date, curator: User, note: str = "") -> None:
    """Take a change out of the queue until a day. Raises AlreadyDecidedError."""
    change = lock_undecided(change)
    _rule(change, Ruling.SNOOZE, curator=curator, note=note, snoozed_until=until)


@transaction.atomic
def reopen(change: Change, *, curator: User, note: str = "") -> None:
    """Put a dismissed, merged or snoozed change back into the queue.

    An entry that is public meanwhile, as what it was merged into, is none of its drafts any more;
    a draft that it had before a merge is. A published one is corrected by an entry of its own
    instead, and one that waits for a second reviewer is sent back: raises ValidationError.
    """
    change = Change.objects.select_for_update(of=("self",)).get(pk=change.pk)
    if change.status == ChangeStatus.PUBLISHED:
        raise ValidationError("A published change is corrected, not reopened.")
    if change.status == ChangeStatus.PROPOSED:
        raise ValidationError("It waits for a second reviewer: send it back, with the reason.")
    told_by = change.entry
    if told_by is None or told_by.status == PublicationStatus.DRAFT:
        _rule(change, Ruling.REOPEN, curator=curator, note=note)
        return
    before = _standing_of(change)
    with ruling_on(told_by, curator):
        change.entry = _draft_before_merge(change)
        _rule(change, Ruling.REOPEN, curator=curator, note=note, moved=Moved(before, {}))


@transaction.atomic
def confirm_dismissal(change: Change, *, curator: User) -> None:
    """Record that a second person looked at a dismissed change and would dismiss it too.

    Raises ValidationError when it is not dismissed, or was dismissed by the same person.
    """
    change = Change.objects.select_for_update(of=("self",)).get(pk=change.pk)
    last = change.decisions.standing().first()
    if last is None or last.ruling != Ruling.DISMISS:
        raise ValidationError("Only a dismissal is looked at again, and only once.")
    if last.curator == curator:
        raise ValidationError("Somebody else looks again at what you dismissed.")
    Decision.objects.create(change=change, ruling=Ruling.CONFIRM, curator=curator)


def lock_undecided(change: Change) -> Change:
    """Hold a change until the end of the transaction. Raises AlreadyDecidedError."""
    change = Change.objects.select_for_update(of=("self",)).get(pk=change.pk)
    require_undecided(change)
    return change


def require_undecided(change: Change) -> None:
    """Raises AlreadyDecidedError, which names who ruled and when."""
    if change.status not in UNDECIDED:
        last = change.decisions.first()
        by = f" by {last.curator} on {last.decided_at:%Y-%m-%d %H:%M}" if last else ""
        verb = "is" if change.status == ChangeStatus.PROPOSED else "was"
        raise AlreadyDecidedError(f"This change {verb} {change.get_status_display()}{by}.")


def _rule(
    change: Change | None,
    ruling: Ruling,
    *,
    curator: User,
    entry: Entry | None = None,
    reason: DismissReason | str = "",
    note: str = "",
    snoozed_until: dt.date | None = None,
    moved: Moved | None = None,
) -> None:
    """Move the change, if the ruling is on one, and write the ruling down with what it moved."""
    before: DecisionState = moved.before if moved else {}
    after: DecisionState = moved.after if moved else {}
    if change is not None:
        before = _standing_of(change) | before
        change.status = _LEADS_TO[ruling]
        change.snoozed_until = snoozed_until
        if entry is not None:
            change.entry = entry
        change.save(update_fields=["status", "entry", "snoozed_until"])
        _settle_marks(change)
        after = _standing_of(change) | after
    Decision.objects.create(
        change=change,
        ruling=ruling,
        reason=reason,
        note=note,
        entry=entry,
        curator=curator,
        before=before,
        after=after,
    )


def _propose(
    entry: Entry,
    *,
    change: Change | None,
    curator: User,
    states: Sequence[NewState],
    settling: Sequence[Change] = (),
    settles: Sequence[Entry] = (),
    note: str = "",
) -> Entry:
    """Keep what an editor would publish, exactly, until a second one has looked at it."""
    if entry.status != PublicationStatus.DRAFT or entry.reviewer_id is not None:
        raise AlreadyDecidedError("This entry is published, or waits for a second reviewer.")
    require_complete(entry, states)
    before = standing_of_entry(Entry.objects.get(pk=entry.pk))
    entry.reviewer, entry.reviewed_at = curator, timezone.now()
    entry.status_reason = "Waiting for a second reviewer."
    entry.save()
    after: DecisionState = {
        **standing_of_entry(entry),
        "title": entry.title,
        "effects": list(entry.effects),
        "direction": entry.direction,
        "proposed": words_of(states),
        "settling": [earlier.pk for earlier in settling],
        "settles": [announcement.pk for announcement in settles],
    }
    moved = Moved(before, after)
    _rule(change, Ruling.PROPOSE, curator=curator, entry=entry, note=note, moved=moved)
    return entry


def proposal_of(entry: Entry) -> Decision | None:
    """What was ruled when an entry was sent to a second reviewer, while it waits for one."""
    if not entry.awaits_second_review:
        return None
    proposals = entry.decisions.standing().filter(ruling=Ruling.PROPOSE)
    found: Decision | None = proposals.select_related("change__page__platform", "curator").first()
    return found


def _hold_proposal(entry: Entry) -> tuple[Entry, Decision]:
    """Hold an entry that waits for a second reviewer, and its change (first, as everywhere)."""
    proposal = proposal_of(entry)
    if proposal is not None and proposal.change is not None:
        change = Change.objects.select_for_update(of=("self",)).get(pk=proposal.change.pk)
        proposal.change = change
    held = Entry.objects.select_for_update().get(pk=entry.pk)
    if proposal is None or proposal_of(held) != proposal:
        raise AlreadyDecidedError("This entry waits for no second reviewer (any more).")
    return held, proposal


def ruling_on(entry: Entry, curator: User) -> AbstractContextManager[PublicChange]:
    """Let a ruling change what readers see of an entry."""
    return public_change(entry, PublicChangeKind.DECISION, by=curator)


def _draft_before_merge(change: Change) -> Entry | None:
    """The draft that a merged change had, as long as it is still a draft that waits for nobody."""
    merge = change.decisions.standing().filter(ruling=Ruling.MERGE).first()
    before: DecisionState = merge.before if merge else {}
    number = before.get("entry")
    drafts = Entry.objects.filter(status=PublicationStatus.DRAFT, reviewer=None)
    return drafts.filter(pk=number).first() if number else None


def _settle(earlier: Iterable[Change], entry: Entry, curator: User) -> None:
    for change in earlier:
        merge(change, into=entry, curator=curator, note="Told together with a later one.")


def _standing_of(change: Change) -> DecisionState:
    """How a change stands, and what it has marked, in JSON."""
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


def _settle_marks(change: Change) -> None:
    """Take back what a change had marked, as far as the ruling answers it.

    Dismissed, it was no change to uses, controls or guides. Told, the states follow it; a guide
    stays marked until someone walks its steps again.
    """
    settled = {"source_changed_at": None, "source_change": None}
    if change.status in (ChangeStatus.DISMISSED, ChangeStatus.PUBLISHED, ChangeStatus.MERGED):
        Use.objects.filter(source_change=change).update(**settled)
        Control.objects.filter(source_change=change).update(**settled)
    if change.status == ChangeStatus.DISMISSED:
        Guide.objects.filter(source_change=change).update(**settled)
