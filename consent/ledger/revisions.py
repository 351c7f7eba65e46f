"""Public revisions of an entry, in the language of the page."""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from consent.ledger.catalog_words import translated
from consent.ledger.dates import dates_of
from consent.ledger.facts import facts_of_all
from consent.ledger.place_words import SEMICOLON, place_name
from consent.ledger.verdict_words import name_of
from consent.models import Entry, Reference, Revision
from consent.models.public_names import public_name
from consent.vocabulary import (
    Basis,
    Confidence,
    DataKind,
    Direction,
    Effect,
    EffectPrecision,
    People,
    Precision,
    PublicationStatus,
    RevisionKind,
    SinceIs,
    Told,
    Topic,
)
from consent.web.date_words import as_known, format_date
from platforms.record_versions import shown_versions

_MONTH = re.compile(r"\d{4}-\d{2}")
_PRECISIONS = dict(Precision.choices)
#: By the field names that revisions are stored with (consent/curation/revisions.py, REVISABLE): the
#: label, and the labels of values from a closed list.
_FIELDS: Mapping[str, tuple[Any, Mapping[str, Any]]] = {
    "Sentence": (gettext_lazy("Sentence"), {}),
    "Summary": (gettext_lazy("Summary"), {}),
    "Kind": (gettext_lazy("Kind of change"), dict(Effect.choices)),
    "Direction": (gettext_lazy("Direction"), dict(Direction.choices)),
    "Data": (gettext_lazy("Data"), dict(DataKind.choices)),
    "People": (gettext_lazy("People"), {}),
    "Announced": (gettext_lazy("Announced"), {}),
    "Precision of the announcement": (gettext_lazy("Announcement known to the"), _PRECISIONS),
    "Topic": (gettext_lazy("Topic"), dict(Topic.choices)),
    "Places": (gettext_lazy("Places"), {}),
    "Places left out": (gettext_lazy("Places left out"), {}),
    "Certain places among": (gettext_lazy("Certain places among"), {}),
    "Kinds of people": (gettext_lazy("Kinds of people"), dict(People.choices)),
    "Plans": (gettext_lazy("Plans"), {}),
    "Decided": (gettext_lazy("Decided"), {}),
    "Precision of the decision": (gettext_lazy("Decision known to the"), _PRECISIONS),
    "Due": (gettext_lazy("Due"), {}),
    "Precision of the due date": (gettext_lazy("Due date known to the"), _PRECISIONS),
    "In effect": (gettext_lazy("In effect"), {}),
    "Precision of the effective date": (
        gettext_lazy("Effective date known to the"),
        dict(EffectPrecision.choices),
    ),
    "Deadline": (gettext_lazy("Deadline"), {}),
    "Precision of the deadline": (gettext_lazy("Deadline known to the"), _PRECISIONS),
    "Confidence": (gettext_lazy("Confidence"), dict(Confidence.choices)),
    "How it is known": (gettext_lazy("How it is known"), dict(Basis.choices)),
    "Doubts": (gettext_lazy("What is doubtful"), {}),
    "Result": (gettext_lazy("Result"), {}),
    "How people were told": (gettext_lazy("How people were told"), dict(Told.choices)),
    "Platforms": (gettext_lazy("Platforms"), {}),
    "Uses": (gettext_lazy("Uses"), {}),
    "Controls": (gettext_lazy("Controls"), {}),
    "Laws and authorities": (gettext_lazy("Laws and authorities"), {}),
    "Last seen unchanged": (gettext_lazy("Last seen unchanged"), {}),
    "First seen changed": (gettext_lazy("First seen changed"), {}),
    "Outcome": (gettext_lazy("Outcome"), {}),
    "Sources": (gettext_lazy("Sources"), {}),
    "Publication": (gettext_lazy("Publication"), dict(PublicationStatus.choices)),
    "State": (gettext_lazy("State"), {"taken back": gettext_lazy("taken back")}),
}
_PLACES = {"Places", "Places left out", "Certain places among"}
_PLACE_CODES = re.compile(r"[A-Z0-9-]+(, [A-Z0-9-]+)*")
#: Fields of which files write keys, and revisions made at the desk names.
_RECORDS = {"Platforms", "Uses", "Controls", "Laws and authorities"}
_KEYS = re.compile(r"[a-z0-9/-]+(, [a-z0-9/-]+)*")


@dataclass(frozen=True, slots=True)
class Value:
    """What a field said. is_text: in words of a curator, not a label or a day of ours."""

    words: str
    is_text: bool = False

    def __str__(self) -> str:
        return translated(self.words) if self.is_text else self.words


@dataclass(frozen=True, slots=True)
class Reworded:
    """One field of an entry before and after a revision."""

    label: str
    before: Value
    after: Value


@dataclass(frozen=True, slots=True)
class PublicRevision:
    """One public revision."""

    entry: Entry
    kind: RevisionKind
    at: dt.datetime
    editor: str | None
    reason: str
    fields: list[Reworded]
    is_before_shown: bool = False


def revisions_of(entry: Entry) -> list[PublicRevision]:
    """Return all revisions, latest first. entry: from EntryQuerySet.for_change_page."""
    revisions = entry.revisions.all()
    before = older_than_shown(revisions)
    return [in_words(each, is_before_shown=each.pk in before) for each in revisions]


def older_than_shown(revisions: Iterable[Revision]) -> set[int]:
    """Return the keys of edits of catalog files that are older than what readers saw here first."""
    in_files = [each for each in revisions if not each.editor_id]
    keys = {each.entry_id for each in in_files}
    shown = shown_versions("entry", keys) if keys else {}
    return {
        each.pk
        for each in in_files
        if each.entry_id not in shown or each.revised_at < shown[each.entry_id].first_at
    }


def in_words(revision: Revision, *, is_before_shown: bool = False) -> PublicRevision:
    return PublicRevision(
        entry=revision.entry,
        kind=RevisionKind(revision.kind),
        at=revision.revised_at,
        editor=public_name(revision.editor) if revision.editor else None,
        reason=revision.reason,
        fields=fields_of(revision),
        is_before_shown=is_before_shown,
    )


@dataclass(frozen=True, slots=True)
class RevisedDay:
    """The public revisions of one day, by the platforms of their entries."""

    on: dt.date
    count: int
    names: str
    by_platform: list[tuple[str, list[PublicRevision]]]


def by_day(revisions: Iterable[Revision]) -> list[RevisedDay]:
    """Group revisions that come latest first."""
    days: dict[dt.date, dict[str, list[PublicRevision]]] = {}
    names: dict[dt.date, set[str]] = defaultdict(set)
    for revision in revisions:
        platforms = [platform.name for platform in revision.entry.platforms.all()]
        names[timezone.localdate(revision.revised_at)].update(platforms)
        of_day = days.setdefault(timezone.localdate(revision.revised_at), {})
        of_day.setdefault(", ".join(platforms), []).append(in_words(revision))
    return [
        RevisedDay(
            on,
            count=sum(map(len, by_name.values())),
            names=", ".join(sorted(names[on])),
            by_platform=sorted(by_name.items()),
        )
        for on, by_name in days.items()
    ]


def fields_of(revision: Revision) -> list[Reworded]:
    """Return what a revision changed. A day that is only reported is called so, as by its entry."""
    labels = {}
    if any(changed["field"] == "Announced" for changed in revision.changed):
        of_kind = {date.kind: date.label for date in dates_of(revision.entry)}
        labels["Announced"] = of_kind.get("announced", "")
    return [
        _renamed(revision.entry, **changed)
        if changed["field"] in _RECORDS
        else _reworded(**changed, labels=labels)
        for changed in revision.changed
    ]


def _renamed(entry: Entry, field: str, before: str, after: str) -> Reworded:
    """Return a list of records before and after, by their names."""
    written = [each for each in (before, after) if _KEYS.fullmatch(each)]
    keys = {key for each in written for key in each.split(", ")}
    names = _names_of(field, keys, entry) if keys else {}

    def value(stored: str) -> Value:
        if stored not in written:
            return _value(stored, {})
        return Value(str(SEMICOLON).join(names.get(key, key) for key in stored.split(", ")))

    return Reworded(str(_FIELDS[field][0]), value(before), value(after))


def _names_of(field: str, keys: Collection[str], entry: Entry) -> dict[str, str]:
    """Return the names of records by their keys; those that are no longer public are left out."""
    if field == "Laws and authorities":
        named = Reference.objects.filter(slug__in=keys).values_list("slug", "name")
        return {slug: translated(name) for slug, name in named}
    every = facts_of_all().values()
    if field == "Platforms":
        return {each.slug: each.name for each in every if each.slug in keys}
    language = get_language()
    names = {}
    for each in every:
        for use in each.uses if field == "Uses" else ():
            names[use.key] = f"{each.name} · {name_of(use)}"
        for control in each.controls if field == "Controls" else ():
            if control.key.startswith(f"{each.slug}/"):  # those of others may reach its uses
                names[control.key] = f"{each.name} · {control.label_in(language) or control.words}"
    # A file names its own records without their platform.
    owners = [platform.slug for platform in entry.platforms.all()]
    paths = {key: [key, *(f"{owner}/{key}" for owner in owners)] for key in keys}
    found = {key: next(filter(names.get, paths[key]), "") for key in keys}
    return {key: names[path] for key, path in found.items() if path}


def _reworded(field: str, before: str, after: str, labels: Mapping[str, str]) -> Reworded:
    label, words = _FIELDS.get(field, (field, {}))
    value = _place_value if field in _PLACES else _value
    return Reworded(labels.get(field) or str(label), value(before, words), value(after, words))


def _place_value(stored: str, words: Mapping[str, Any]) -> Value:
    """Return names for codes of places, or the words that were written instead."""
    if not _PLACE_CODES.fullmatch(stored):
        return _value(stored, words)
    return Value(", ".join(map(place_name, stored.split(", "))))


def _value(stored: str, words: Mapping[str, Any]) -> Value:
    """Return a stored value for readers: labels instead of codes, dates in words."""
    if stored == "not stated":
        return Value(_("not stated"))
    if words:
        return Value(", ".join(str(words.get(code, code)) for code in stored.split(", ")))
    day = stored.removeprefix("by ")
    try:
        if _MONTH.fullmatch(day):
            told = format_date(dt.date.fromisoformat(f"{day}-01"), Precision.MONTH)
        else:
            told = format_date(dt.date.fromisoformat(day))
    except ValueError:
        return Value(stored, is_text=True)
    return Value(told if day == stored else as_known(told, SinceIs.AT_LATEST))
