"""Revises published entries: corrects them, moves their date, retracts them, takes that back.

Each revision is public: a Revision with its reason and with the fields before and after.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.db.models.signals import post_save
from django.dispatch import receiver
from django.utils import timezone

from consent.alerts.fan_out.announce import (
    announce_again,
    revision_key,
    take_back,
    tell_revision,
)
from consent.curation.restoring import put_states_back, restore, steps_of
from consent.curation.soundness import sound_act
from consent.models import Control, Entry, Letter, Reference, Revision, State, Use
from consent.models.uses import followed
from consent.vocabulary import EffectPrecision, Precision, PublicationStatus, RevisionKind
from platforms.guards import public_act
from platforms.models import Platform
from platforms.record_versions import Act
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
    "result": "Result",
}

#: The lists of records that a correction may change, with their names for readers.
REVISABLE_LISTS = {
    "platforms": "Platforms",
    "uses": "Uses",
    "controls": "Controls",
    "references": "Laws and authorities",
}

#: The name for readers of sources that are other ones since a correction.
SOURCES = "Sources"


@transaction.atomic
def correct(
    entry: Entry,
    *,
    reason: str,
    editor: User,
    write_sources: Callable[[Entry], None] | None = None,
    **values: Any,
) -> Revision:
    """Change fields of a published entry, or its uses and controls, by name.

    write_sources: writes the sources that it has from now on. Raises ValidationError.

    If the effective or due date changes, the states that began on it move as well.
    """
    return _revise(
        entry,
        RevisionKind.CORRECTION,
        reason=reason,
        editor=editor,
        values=values,
        write_sources=write_sources,
    )


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
        at_latest = entry.effective_precision == EffectPrecision.BY_DAY
        values["due_precision"] = Precision.DAY if at_latest else entry.effective_precision
    return _revise(entry, RevisionKind.POSTPONEMENT, reason=reason, editor=editor, values=values)


@transaction.atomic
def take_effect(entry: Entry, *, editor: User, note: str = "") -> Revision:
    """Turn the due date of an entry into its effective date: somebody has seen it in effect.

    Raises ValidationError before that day.
    """
    if entry.due_on is None or entry.due_on > timezone.localdate():
        raise ValidationError("Its day has not come.")
    return _revise(
        entry,
        RevisionKind.CORRECTION,
        reason=note or "What was due has been seen in effect.",
        editor=editor,
        values={
            "due_on": None,
            "effective_on": entry.due_on,
            "effective_precision": entry.due_precision,
        },
    )


@transaction.atomic
def retract(entry: Entry, *, reason: str, editor: User) -> Revision:
    """Retract a published entry and delete its states. Its page says so, with the reason."""
    locked = _lock(entry, reason)
    with _revision_of(locked, reason, editor) as act:
        return _retract(locked, act, reason=reason, editor=editor)


def _retract(entry: Entry, act: Act, *, reason: str, editor: User) -> Revision:
    opened = entry.opened_states.all()
    if followed(opened).exists():
        raise ValidationError("A later entry moved the same use on; correct it instead.")
    changed = [
        {"field": "State", "before": str(state), "after": "taken back"}
        for state in opened.select_related("branch__use__platform")
    ]
    opened.delete()
    # Waiting mail is cancelled. Readers who got theirs already get mail about the Revision.
    waiting = entry.alerts.count()
    take_back(entry)
    cancelled = waiting - entry.alerts.count()
    entry.status = PublicationStatus.RETRACTED
    entry.status_reason = reason[:300]
    entry.save(update_fields=["status", "status_reason", "updated_at"])
    return Revision.objects.create(
        entry=entry,
        kind=RevisionKind.RETRACTION,
        reason=reason,
        changed=changed,
        editor=editor,
        act=act.id,
        cancelled=cancelled,
    )


@transaction.atomic
def take_back_revision(revision: Revision, *, reason: str = "", editor: User) -> Revision:
    """Restore an entry as it was before its last revision, and log that in public.

    Within UNDO_FOR its editor needs no reason; later readers may have had mail, and get another.
    Raises ValidationError when it is not the last one, or when the states can not come back.
    """
    soon = timezone.now() <= revision.undo_until and revision.editor == editor
    reason = reason.strip() or (_UNDONE_SOON if soon else "")
    if not reason:
        raise ValidationError("Say why: readers see it.")
    entry = Entry.objects.select_for_update().get(pk=revision.entry_id)
    last = entry.revisions.standing().first()
    if revision.pk is None or last != revision or revision.act is None:
        raise ValidationError("Only the last revision can be taken back, and only once.")
    Letter.objects.filter(key=revision_key(revision), claimed_at=None, sent_at=None).delete()
    with sound_act(
        PublicChangeKind.REVISION,
        by=editor,
        on=[entry],
        platforms=entry.platforms.all(),
        public_reason=reason,
    ) as act:
        steps, began = steps_of(revision.act), entry.effective_on or entry.due_on
        restore(steps["entry", entry.pk], entry, message=_REVISED_SINCE)
        if revision.kind == RevisionKind.RETRACTION:
            put_states_back(steps, taken=False)
            if revision.cancelled:
                announce_again(entry, before=revision.revised_at)
        else:
            _move_states(entry, began, entry.effective_on or entry.due_on)
    return Revision.objects.create(
        entry=entry,
        kind=RevisionKind.TAKEN_BACK,
        reason=reason,
        editor=editor,
        act=act.id,
        undoes=revision,
        changed=[
            {"field": row["field"], "before": row["after"], "after": row["before"]}
            for row in revision.changed
        ],
    )


_UNDONE_SOON = "Taken back by our editors within ten minutes, before any mail left."


_REVISED_SINCE = "Something else changed in it since; correct it instead."


def _revision_of(entry: Entry, reason: str, editor: User) -> AbstractContextManager[Act]:
    kind = PublicChangeKind.REVISION
    return public_act(kind, by=editor, on=[entry], public_reason=reason)


def _source_words(entry: Entry) -> list[str]:
    """Return a line for each source, in which every value of it is that readers see."""
    return [
        ", ".join(
            str(part)
            for part in (
                source.publisher,
                source.title and f"“{source.title}”",
                source.published_on and _day_words(source.published_on, source.published_precision),
                source.url,
                source.archived_url,
                source.seen_via and f"cited by {source.seen_via}",
                *(f"“{passage.words}”" for passage in source.passages.all() if passage.words),
            )
            if part
        )
        for source in entry.sources.prefetch_related("passages")
    ]


def _day_words(day: dt.date, precision: str) -> str:
    length = {Precision.YEAR.value: 4, Precision.MONTH.value: 7}.get(precision, 10)
    return day.isoformat()[:length]


def _revise(
    entry: Entry,
    kind: RevisionKind,
    *,
    reason: str,
    editor: User,
    values: dict[str, Any],
    write_sources: Callable[[Entry], None] | None = None,
) -> Revision:
    locked = _lock(entry, reason)
    lists = {name: list(values.pop(name)) for name in REVISABLE_LISTS if name in values}
    if unknown := values.keys() - REVISABLE.keys():
        raise ValidationError(f"Not to be revised: {', '.join(sorted(unknown))}.")
    begun = locked.effective_on or locked.due_on
    before = {name: getattr(locked, name) for name in values}
    lists_before = {name: list(getattr(locked, name).all()) for name in lists}
    changed = _changed_fields(before, values) + _changed_lists(lists_before, lists)
    for name, value in values.items():
        setattr(locked, name, value)
    locked.full_clean(exclude=["public_id", "timeline_on"])
    with _revision_of(locked, reason, editor) as act:
        if write_sources is not None:
            changed += _changed_sources(locked, write_sources)
        if not changed:
            raise ValidationError("Nothing is different.")
        locked.save()
        for name, records in lists.items():
            getattr(locked, name).set(records)
        _move_states(locked, begun, locked.effective_on or locked.due_on)
    return Revision.objects.create(
        entry=locked, kind=kind, reason=reason, changed=changed, editor=editor, act=act.id
    )


def _changed_fields(before: dict[str, Any], after: dict[str, Any]) -> list[dict[str, str]]:
    """Return the fields that differ, in words for `Revision.changed`."""
    return [
        {
            "field": REVISABLE[name],
            "before": _field_words(before[name]),
            "after": _field_words(value),
        }
        for name, value in after.items()
        if before[name] != value
    ]


def _changed_lists(
    before: dict[str, list[Any]], after: dict[str, list[Any]]
) -> list[dict[str, str]]:
    """Return the lists of records that differ, in words for `Revision.changed`."""
    return [
        {
            "field": REVISABLE_LISTS[name],
            "before": _list_words(before[name]),
            "after": _list_words(records),
        }
        for name, records in after.items()
        if set(before[name]) != set(records)
    ]


def _changed_sources(entry: Entry, write_sources: Callable[[Entry], None]) -> list[dict[str, str]]:
    """Write other sources and return what is different, as a Revision keeps it."""
    before = _source_words(entry)
    write_sources(entry)
    after = _source_words(entry)
    if not after:
        raise ValidationError("An entry keeps at least one source: add another, or retract it.")
    gone = [words for words in before if words not in after]
    new = [words for words in after if words not in before]
    if not (gone or new):
        return []
    return [
        {
            "field": SOURCES,
            "before": "; ".join(gone) or "not stated",
            "after": "; ".join(new) or "not stated",
        }
    ]


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
    opened.update(starts_on=now)


def _list_words(records: Sequence[Platform | Use | Control | Reference]) -> str:
    words = [
        record.title if isinstance(record, Use) else getattr(record, "words", str(record))
        for record in records
    ]
    return "; ".join(sorted(words)) or "not stated"


def _field_words(value: Any) -> str:
    if value is None or value == "":
        return "not stated"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


@receiver(post_save, sender=Revision, dispatch_uid="tell-revision")
def notify(sender: type[Revision], *, instance: Revision, created: bool, **_: Any) -> None:
    """Queue mail about a revision, in the same transaction, so that neither exists alone."""
    if created:
        tell_revision(instance)
