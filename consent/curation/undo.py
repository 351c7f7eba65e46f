"""Undoes a decision within UNDO_FOR (consent/models/changes.py), ten minutes.

It restores everything that the decision changed. Mails about the decision wait as long, and are
cancelled. Nothing is removed from the log: undoing writes a Decision that names the one it undoes.
"""

from __future__ import annotations

import datetime as dt
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from consent.alerts.fan_out.announce import take_back
from consent.curation.decision_state import ChangeBefore, DraftBefore
from consent.curation.decisions import decision_on
from consent.curation.publication import restore_draft
from consent.curation.record_decisions import undo_record
from consent.curation.restoring import put_states_back, restore, steps_of
from consent.models import Change, Control, Decision, Entry, Guide, Use
from consent.models.changes import UNDOABLE
from consent.models.uses import followed
from consent.vocabulary import Ruling
from platforms.record_versions import Act


@transaction.atomic
def undo(decision: Decision, *, curator: User) -> None:
    """Undo the last decision on a change, an entry without a change, a use, control or guide.

    Raises ValidationError when it is not the last one, is too old, or cannot be undone.
    """
    if decision.ruling not in UNDOABLE:
        raise ValidationError("This cannot be taken back.")
    change = None
    if decision.change_id is not None:
        change = Change.objects.select_for_update(of=("self",)).get(pk=decision.change_id)
    about = change or decision.entry or decision.record
    if about is None or about.decisions.first() != decision:
        raise ValidationError("Somebody decided something else on this since.")
    if timezone.now() > decision.undo_until:
        raise ValidationError("Ten minutes have passed: correct, reopen or send it back instead.")
    if decision.record is not None:
        act = undo_record(decision, curator)
    else:
        act = _undo_decision(decision, change, curator)
    Decision.objects.create(
        change=change,
        ruling=Ruling.UNDO,
        entry=decision.entry,
        use=decision.use,
        control=decision.control,
        guide=decision.guide,
        curator=curator,
        undoes=decision,
        act=act.id if act else None,
    )


@transaction.atomic
def undo_batch(decision: Decision, *, curator: User) -> tuple[int, int]:
    """Undo what was decided together with a decision; return how many, and how many stay.

    Those stay about which somebody decided something else since. Raises ValidationError when ten
    minutes have passed.
    """
    if timezone.now() > decision.undo_until:
        raise ValidationError("Ten minutes have passed: reopen the changes one by one instead.")
    together = Decision.objects.standing().filter(batch=decision.batch, curator=curator)
    undone = kept = 0
    for each in together.select_related("change").order_by("pk"):
        assert each.change is not None  # only changes are decided on together
        if each.change.decisions.first() != each:
            kept += 1
            continue
        undo(each, curator=curator)
        undone += 1
    return undone, kept


def _undo_decision(decision: Decision, change: Change | None, curator: User) -> Act | None:
    """Restore the change and the entry of a decision."""
    with _act_on_entry(decision, curator) as act:
        if decision.ruling == Ruling.PUBLISH:
            _unpublish(decision)
        elif decision.ruling == Ruling.PROPOSE:
            entry = _lock_entry(decision)
            restore_draft(entry, decision.held["draft"])
            _save_review(entry)
        elif decision.ruling == Ruling.REVIEW:
            _remove_review(decision)
        elif decision.ruling == Ruling.MERGE:
            _unmerge(decision)
        if change is not None:
            _restore_change(change, decision.held["change"])
    return act


def _act_on_entry(decision: Decision, curator: User) -> AbstractContextManager[Act | None]:
    """Allow changes to the entry and to what it settled, if readers saw the decision."""
    if decision.ruling not in (Ruling.PUBLISH, Ruling.REVIEW, Ruling.MERGE):
        return nullcontext()
    assert decision.entry is not None  # the database sees to it
    return decision_on(decision.entry, *decision.entry.announcements.all(), by=curator)


def _restore_change(change: Change, before: ChangeBefore) -> None:
    change.status = before["status"]
    change.snoozed_until = _day(before["snoozed_until"])
    change.entry_id = before["entry"]
    change.save(update_fields=["status", "snoozed_until", "entry"])
    _restore_marks(change, before)


def _unmerge(decision: Decision) -> None:
    """Take the platform of a change off the entry that it was merged into, if it came with it."""
    entry = _lock_entry(decision)
    assert decision.act is not None  # each merge has one
    if step := steps_of(decision.act).get(("entry", entry.pk)):
        restore(step, entry, message="The entry changed since; correct it instead.")


def _remove_review(decision: Decision) -> None:
    """Give a published entry the reviewers that it had before a review."""
    entry = _lock_entry(decision)
    assert decision.act is not None  # each review has one
    before = steps_of(decision.act)["entry", entry.pk].before
    assert before is not None  # only what is published is reviewed
    for place in ("reviewer", "second_reviewer"):
        setattr(entry, f"{place}_id", before.held[place])
    for when in ("reviewed_at", "second_reviewed_at"):
        at = before.held[when]
        setattr(entry, when, dt.datetime.fromisoformat(at) if at else None)
    _save_review(entry)


def _save_review(entry: Entry) -> None:
    # Neither its text nor the time of its last edit changes.
    of_reviews = ("reviewer", "reviewed_at", "second_reviewer", "second_reviewed_at")
    entry.save(update_fields=["status_reason", "quiet", *of_reviews])


def _lock_entry(decision: Decision) -> Entry:
    assert decision.entry is not None  # the database sees to it
    return Entry.objects.select_for_update().get(pk=decision.entry.pk)


def _unpublish(decision: Decision) -> None:
    """Make the entry a draft again, remove the states it opened, and unsettle announcements."""
    entry = _lock_entry(decision)
    if entry.changes.exclude(pk=decision.change_id or 0).exists():
        raise ValidationError("Other changes were merged into this entry; take them back first.")
    if entry.revisions.standing().exists():
        raise ValidationError(
            "This entry was revised in public since: take the revision back first, or retract the "
            "entry. Both are under “Correct, postpone or retract”."
        )
    draft: DraftBefore = decision.held["draft"]
    assert decision.act is not None  # each publication has one
    opened = entry.opened_states.all()
    if followed(opened).exists():
        raise ValidationError("A later entry moved the same use on; correct it instead.")
    if not take_back(entry):
        raise ValidationError("Mail has gone out about this entry; correct it instead.")
    steps = steps_of(decision.act)
    put_states_back(steps, taken=True)
    settled = [pk for kind, pk in steps if kind == "entry"]
    Entry.objects.filter(pk__in=settled, outcome=entry).update(outcome=None)
    entry.uses.set(draft["uses"])
    restore_draft(entry, draft)
    entry.published_at = None
    entry.save()


def _restore_marks(change: Change, before: ChangeBefore) -> None:
    """Mark uses, controls and guides again whose source this change touched."""
    mark = {"source_changed_at": change.observed_to, "source_change": change}
    for model, marked in (
        (Use, before["marked_uses"]),
        (Control, before["marked_controls"]),
        (Guide, before["marked_guides"]),
    ):
        rows = model._default_manager.filter(pk__in=marked, source_changed_at=None)
        rows.update(**mark)


def _day(value: Any) -> dt.date | None:
    return dt.date.fromisoformat(value) if value else None
