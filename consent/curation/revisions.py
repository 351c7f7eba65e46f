"""Revises published entries: corrects them, moves their date, retracts them.

Each revision is public: a Revision with its reason and with the fields before and after.
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

#: The fields that a revision may change, with their names for readers.
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

    If the effective or due date changes, the states that began on it move as well.
    """
    return _revise(entry, RevisionKind.CORRECTION, reason=reason, editor=editor, values=values)


@transaction.atomic
def postpone(entry: Entry, *, to: dt.date | None, reason: str, editor: User) -> Revision:
    """Move the effective date of an entry; None if no new day was stated.

    A day in the future is stored as due, not as effective.
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
    """Retract a published entry and delete its states. Its page says so, with the reason."""
    locked = _lock(entry, reason)
    with public_change(locked, PublicChangeKind.REVISION, by=editor):
        return _retract(locked, reason=reason, editor=editor)


def _retract(entry: Entry, *, reason: str, editor: User) -> Revision:
    opened = entry.opened_states.all()
    if followed(opened).exists():
        raise ValidationError("A later entry moved the same use on; correct it instead.")
    changed = [
        {"field": "State", "before": str(state), "after": "taken back"}
        for state in opened.select_related("branch__use__platform")
    ]
    opened.delete()
    # Waiting mail is cancelled. Readers who got theirs already get mail about the Revision.
    take_back(entry)
    entry.status = PublicationStatus.RETRACTED
    entry.status_reason = reason[:300]
    entry.save(update_fields=["status", "status_reason", "updated_at"])
    return Revision.objects.create(
        entry=entry, kind=RevisionKind.RETRACTION, reason=reason, changed=changed, editor=editor
    )


def _revise(
    entry: Entry, kind: RevisionKind, *, reason: str, editor: User, values: dict[str, Any]
) -> Revision:
    locked = _lock(entry, reason)
    if unknown := values.keys() - REVISABLE.keys():
        raise ValidationError(f"Not to be revised: {', '.join(sorted(unknown))}.")
    begun = locked.effective_on or locked.due_on
    before = {name: getattr(locked, name) for name in values}
    changed = [
        {
            "field": REVISABLE[name],
            "before": _field_words(before[name]),
            "after": _field_words(value),
        }
        for name, value in values.items()
        if before[name] != value
    ]
    if not changed:
        raise ValidationError("Nothing is different.")
    for name, value in values.items():
        setattr(locked, name, value)
    locked.full_clean(exclude=["public_id", "timeline_on"])
    with public_change(locked, PublicChangeKind.REVISION, by=editor):
        locked.save()
        mark_edited(locked)
        _move_states(locked, begun, locked.effective_on or locked.due_on)
    return Revision.objects.create(
        entry=locked, kind=kind, reason=reason, changed=changed, editor=editor
    )


def _lock(entry: Entry, reason: str) -> Entry:
    if not reason.strip():
        raise ValidationError("Say why: readers see it.")
    locked = Entry.objects.select_for_update().get(pk=entry.pk)
    if locked.status != PublicationStatus.PUBLISHED:
        raise ValidationError("Only what is published is revised.")
    return locked


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
        raise ValidationError("Another state of this use begins between the old and the new date.")
    for use in Use.objects.filter(branches__states__in=opened):
        mark_edited(use)
    opened.update(starts_on=now)


def _field_words(value: Any) -> str:
    if value is None or value == "":
        return "not stated"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


@receiver(post_save, sender=Revision, dispatch_uid="tell-revision")
def notify(sender: type[Revision], *, instance: Revision, created: bool, **_: Any) -> None:
    """Queue mail about a revision, in the same transaction, so that neither exists alone."""
    if created:
        tell_revision(instance)
