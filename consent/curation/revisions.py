"""What is done to a published entry afterwards: corrected, its date moved, retracted.

Each makes a Revision: public, with its reason and with the words before and after.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.db.models.signals import post_save
from django.dispatch import receiver
from django.utils import timezone

from consent.alerts.fan_out.announce import take_back, tell_revision
from consent.curation.records import mark_edited
from consent.models import Entry, Revision, State, Use
from consent.models.uses import followed
from consent.vocabulary import PublicationStatus, RevisionKind
from platforms.guards import public_change
from platforms.vocabulary import PublicChangeKind

#: The fields that a revision may change, as readers would call them.
REVISABLE = {
    "title": "Sentence",
    "summary": "Summary",
    "effects": "Kind",
    "direction": "Direction",
    "data_kinds": "Data",
    "told": "How people were told",
    "topic": "Topic",
    "places": "Places",
    "except_places": "Places left out",
    "some_of": "Certain places among",
    "people": "Kinds of people",
    "plans": "Plans",
    "who": "People",
    "announced_on": "Announced",
    "announced_precision": "Precision of the announcement",
    "decided_on": "Decided",
    "decided_precision": "Precision of the decision",
    "due_on": "Due",
    "due_precision": "Precision of the due date",
    "effective_on": "In effect",
    "effective_precision": "Precision of the effective date",
    "deadline_on": "Deadline",
    "deadline_precision": "Precision of the deadline",
    "confidence": "Confidence",
    "basis": "How it is known",
    "note": "Doubts",
}


@transaction.atomic
def correct(entry: Entry, *, reason: str, editor: User, **values: Any) -> Revision:
    """Change fields of a published entry, by name. Raises ValidationError.

    With the effective or due date move the states that began on it.
    """
    return _revise(entry, RevisionKind.CORRECTION, reason=reason, editor=editor, values=values)


@transaction.atomic
def postpone(entry: Entry, *, to: dt.date | None, reason: str, editor: User) -> Revision:
    """Move the date from which an entry holds; None when it is put off to no stated day.

    A day that is still to come is due, not effective.
    """
    if to is None and entry.opened_states.exists():
        raise ValidationError("Its states need a day: retract the entry, or give the new day.")
    name = "due_on" if to is not None and to > timezone.localdate() else "effective_on"
    values: dict[str, Any] = {"due_on": None, "effective_on": None} | {name: to}
    if entry.effective_on and name == "due_on":
        values["due_precision"] = entry.effective_precision
    return _revise(entry, RevisionKind.POSTPONEMENT, reason=reason, editor=editor, values=values)


@transaction.atomic
def retract(entry: Entry, *, reason: str, editor: User) -> Revision:
    """Withdraw a published entry: its page says so and why, and its states are taken back."""
    held = _hold(entry, reason)
    with public_change(held, PublicChangeKind.REVISION, by=editor):
        return _retract(held, reason=reason, editor=editor)


def _retract(held: Entry, *, reason: str, editor: User) -> Revision:
    opened = held.opened_states.all()
    if followed(opened).exists():
        raise ValidationError("A later entry moved the same use on; correct it instead.")
    changed = [
        {"field": "State", "before": str(state), "after": "taken back"}
        for state in opened.select_related("branch__use__platform")
    ]
    opened.delete()
    # Mail that waits is stopped; those who have theirs are told by the Revision.
    take_back(held)
    held.status = PublicationStatus.RETRACTED
    held.status_reason = reason[:300]
    held.save(update_fields=["status", "status_reason", "updated_at"])
    return Revision.objects.create(
        entry=held, kind=RevisionKind.RETRACTION, reason=reason, changed=changed, editor=editor
    )


def _revise(
    entry: Entry, kind: RevisionKind, *, reason: str, editor: User, values: dict[str, Any]
) -> Revision:
    held = _hold(entry, reason)
    if unknown := values.keys() - REVISABLE.keys():
        raise ValidationError(f"Not to be revised: {', '.join(sorted(unknown))}.")
    begun = held.effective_on or held.due_on
    before = {name: getattr(held, name) for name in values}
    changed = [
        {"field": REVISABLE[name], "before": _in_words(before[name]), "after": _in_words(value)}
        for name, value in values.items()
        if before[name] != value
    ]
    if not changed:
        raise ValidationError("Nothing is different.")
    for name, value in values.items():
        setattr(held, name, value)
    held.full_clean(exclude=["public_id", "timeline_on"])
    with public_change(held, PublicChangeKind.REVISION, by=editor):
        held.save()
        mark_edited(held)
        _move_states(held, begun, held.effective_on or held.due_on)
    return Revision.objects.create(
        entry=held, kind=kind, reason=reason, changed=changed, editor=editor
    )


def _hold(entry: Entry, reason: str) -> Entry:
    if not reason.strip():
        raise ValidationError("Say why: readers see it.")
    held = Entry.objects.select_for_update().get(pk=entry.pk)
    if held.status != PublicationStatus.PUBLISHED:
        raise ValidationError("Only what is published is revised.")
    return held


def _move_states(entry: Entry, was: dt.date | None, now: dt.date | None) -> None:
    """Move the states that began with an entry. Raises ValidationError where states would cross."""
    opened = State.objects.filter(opened_by=entry, starts_on=was)
    if was is None or was == now or not opened.exists():
        return
    if now is None:
        raise ValidationError("Its states began on that day: give another, or retract the entry.")
    first, last = sorted((was, now))
    between = State.objects.filter(
        Q(starts_on__gt=first, starts_on__lt=last) | Q(starts_on=now),
        branch__in=opened.values("branch"),
    )
    if between.exclude(pk__in=opened.values("pk")).exists():
        raise ValidationError("Another state of the same use stands in the way of that date.")
    for use in Use.objects.filter(branches__states__in=opened):
        mark_edited(use)
    opened.update(starts_on=now)


def _in_words(value: Any) -> str:
    if value is None or value == "":
        return "not stated"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


@receiver(post_save, sender=Revision, dispatch_uid="tell-revision")
def tell(sender: type[Revision], *, instance: Revision, created: bool, **_: Any) -> None:
    """In the transaction that writes the revision, so that neither exists alone."""
    if created:
        tell_revision(instance)
