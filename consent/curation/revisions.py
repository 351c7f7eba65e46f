"""Revises published entries: corrects them, moves their date, retracts them, takes that back.

Each revision is public: a Revision with its reason and with the fields before and after.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Sequence
from typing import Any

from django.contrib.auth.models import User
from django.core import serializers
from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
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
from consent.curation.soundness import no_new_faults
from consent.models import Control, Entry, Letter, Passage, Reference, Revision, State, Use
from consent.models.uses import followed
from consent.vocabulary import Precision, PublicationStatus, RevisionKind
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

#: The lists of records that a correction may change, with their names for readers.
REVISABLE_LISTS = {
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
        values["due_precision"] = entry.effective_precision
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
    with public_change(locked, PublicChangeKind.REVISION, by=editor):
        return _retract(locked, reason=reason, editor=editor)


def _retract(entry: Entry, *, reason: str, editor: User) -> Revision:
    opened = entry.opened_states.all()
    if followed(opened).exists():
        raise ValidationError("A later entry moved the same use on; correct it instead.")
    before: dict[str, Any] = {"states": [_as_json(state) for state in opened]}
    changed = [
        {"field": "State", "before": str(state), "after": "taken back"}
        for state in opened.select_related("branch__use__platform")
    ]
    opened.delete()
    # Waiting mail is cancelled. Readers who got theirs already get mail about the Revision.
    waiting = entry.alerts.count()
    take_back(entry)
    before["cancelled"] = waiting - entry.alerts.count()
    entry.status = PublicationStatus.RETRACTED
    entry.status_reason = reason[:300]
    entry.save(update_fields=["status", "status_reason", "updated_at"])
    return Revision.objects.create(
        entry=entry,
        kind=RevisionKind.RETRACTION,
        reason=reason,
        changed=changed,
        editor=editor,
        before=before,
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
    if revision.pk is None or last != revision or not revision.before:
        raise ValidationError("Only the last revision can be taken back, and only once.")
    Letter.objects.filter(key=revision_key(revision), claimed_at=None, sent_at=None).delete()
    with (
        public_change(entry, PublicChangeKind.REVISION, by=editor),
        no_new_faults(entry.platforms.all()),
    ):
        if revision.kind == RevisionKind.RETRACTION:
            _restore_retracted(entry, revision)
        else:
            _restore_values(entry, revision.before["values"])
            if "sources" in revision.before:
                _restore_sources(entry, revision.before["sources"])
            for name, keys in revision.before["lists"].items():
                getattr(entry, name).set(keys)
    return Revision.objects.create(
        entry=entry,
        kind=RevisionKind.TAKEN_BACK,
        reason=reason,
        editor=editor,
        undoes=revision,
        changed=[
            {"field": row["field"], "before": row["after"], "after": row["before"]}
            for row in revision.changed
        ],
    )


_UNDONE_SOON = "Taken back by our editors within ten minutes, before any mail left."


def _restore_retracted(entry: Entry, revision: Revision) -> None:
    """Publish an entry again with the states that its retraction deleted."""
    for row in revision.before["states"]:
        values = _read(State, row)
        taken = State.objects.filter(branch=row["branch_id"], starts_on=values["starts_on"])
        if taken.exists():
            raise ValidationError("Another state of this use begins on the same day by now.")
        State.objects.create(**values, opened_by=entry)
    entry.status, entry.status_reason = PublicationStatus.PUBLISHED, ""
    entry.save(update_fields=["status", "status_reason", "updated_at"])
    if revision.before["cancelled"]:
        announce_again(entry, before=revision.revised_at)


def _restore_values(entry: Entry, values: dict[str, Any]) -> None:
    began = entry.effective_on or entry.due_on
    for name, value in _read(Entry, values).items():
        setattr(entry, name, value)
    entry.full_clean(exclude=["public_id", "timeline_on"])
    entry.save()
    _move_states(entry, began, entry.effective_on or entry.due_on)


def _stored_sources(entry: Entry) -> list[Any]:
    """Return the sources of an entry and their passages, as `_restore_sources` reads them."""
    sources = list(entry.sources.all())
    passages = Passage.objects.filter(source__in=sources)
    return list(json.loads(serializers.serialize("json", [*sources, *passages])))


def _restore_sources(entry: Entry, stored: list[Any]) -> None:
    entry.sources.all().delete()
    for row in serializers.deserialize("python", stored):
        row.save()


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
    length = {Precision.YEAR: 4, Precision.MONTH: 7}.get(Precision(precision), 10)
    return day.isoformat()[:length]


def _read(model: type[Entry | State], values: dict[str, Any]) -> dict[str, Any]:
    fields = {field.attname: field for field in model._meta.concrete_fields}
    return {name: fields[name].to_python(value) for name, value in values.items()}


def _as_json(state: State) -> dict[str, Any]:
    """Return the stored values of a state, without the entry that opened it."""
    names = ("branch_id", "value", "starts_on", "starts_precision", "since_is", "basis")
    values = {name: getattr(state, name) for name in (*names, "disputed", "note")}
    return values | {"starts_on": state.starts_on and state.starts_on.isoformat()}


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
    sources_before = _stored_sources(locked)
    with public_change(locked, PublicChangeKind.REVISION, by=editor):
        if write_sources is not None:
            changed += _changed_sources(locked, write_sources)
        if not changed:
            raise ValidationError("Nothing is different.")
        locked.save()
        for name, records in lists.items():
            getattr(locked, name).set(records)
        _move_states(locked, begun, locked.effective_on or locked.due_on)
    stored = json.loads(json.dumps(before, cls=DjangoJSONEncoder))
    return Revision.objects.create(
        entry=locked,
        kind=kind,
        reason=reason,
        changed=changed,
        editor=editor,
        before={
            "values": stored,
            "lists": {
                name: [record.pk for record in records] for name, records in lists_before.items()
            },
            **({"sources": sources_before} if write_sources is not None else {}),
        },
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


def _list_words(records: Sequence[Use | Control | Reference]) -> str:
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
