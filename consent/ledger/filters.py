"""The filters of the timeline: one GET form whose address is the view."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet, TextChoices
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consent.ledger.dates import ListedBy
from consent.ledger.reader_place import (
    PlaceField,
    concerns,
    place_label,
    reaches,
)
from consent.ledger.state_of_play import Reader
from consent.ledger.turns import Turning, turned
from consent.models import Entry, FormerSlug, Guide, State, Use
from consent.models.entries import EntryQuerySet
from consent.search.plain_words import words
from consent.search.texts import saying
from consent.vocabulary import (
    ENFORCEMENT_EFFECTS,
    DataKind,
    Direction,
    Effect,
    People,
    StateValue,
    Told,
    Topic,
)
from consent.web.date_words import format_date
from consent.web.day_input import DayField
from consent.web.filter_form import FilterForm, OneLineField
from platforms.models import Platform
from platforms.places import Where


@dataclass(frozen=True, slots=True)
class ActiveFilter:
    """An active filter in words. without: the query string of the view without this filter."""

    name: str
    label: str
    value: str
    without: str


class EntryStatus(TextChoices):
    """What happened to an entry after it was published."""

    ANNOUNCED = "announced", _("announced, not in effect yet")
    IN_EFFECT = "in-effect", _("in effect")
    PUT_OFF = "put-off", _("postponed, paused or withdrawn")
    CORRECTED = "corrected", _("corrected by us")
    RETRACTED = "retracted", _("retracted by us")


#: The value of the topic filter that hides none.
ALL_TOPICS = "all"
#: The value for acts of courts and regulators about training.
ACTS_ON_TRAINING = "enforcement-training"
_TOPIC_CHOICES = [
    ("", _("training and enforcement")),
    (ALL_TOPICS, _("everything")),
    *Topic.choices,
    (ACTS_ON_TRAINING, _("courts and regulators, about training")),
]
#: The value of the filter for changes of which no source says how people were told.
TOLD_NOT_KNOWN = "not-known"
_TOLD_CHOICES = [("", _("any")), *Told.choices, (TOLD_NOT_KNOWN, _("not known"))]
#: No entry has these when it is published, which is when mails about it are written.
_ONLY_LATER = {EntryStatus.CORRECTED, EntryStatus.RETRACTED}


def _choices(choices: Iterable[tuple[str, Any]]) -> list[tuple[str, Any]]:
    return [("", _("any")), *choices]


class PlatformField(forms.ModelChoiceField):
    """Accepts current and former slugs, so that saved views and feeds work after a renaming."""

    def to_python(self, value: Any) -> Platform | None:
        try:
            return super().to_python(value)
        except forms.ValidationError:
            if platform := FormerSlug.objects.platform_once_called(str(value)):
                return platform
            raise


class TimelineFilters(FilterForm):
    """The filters of the timeline.

    Without any, entries about other matters than training and enforcement and those of new wording
    only are hidden, and counted (see hidden_topic and hidden_wording).
    """

    ALWAYS_SHOWN = ("place", "platform", "direction", "q")
    OTHER_PARAMS = ("older",)
    #: Fields with free text; all others are chosen from a list or a calendar.
    TYPED = ("q",)

    q = OneLineField(label=_("Words"), required=False, max_length=100)
    platform = PlatformField(
        Platform.objects.listed().only("slug", "name"),
        label=_("Platform"),
        required=False,
        to_field_name="slug",
        empty_label=_("all platforms"),
        error_messages={"invalid_choice": _("We watch no platform of this name.")},
    )
    kind = forms.MultipleChoiceField(
        label=_("Kinds of change"),
        required=False,
        choices=Effect.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    direction = forms.ChoiceField(
        label=_("Direction"), required=False, choices=_choices(Direction.choices)
    )
    datakind = forms.ChoiceField(
        label=_("Data"), required=False, choices=_choices(DataKind.choices)
    )
    turned = forms.ChoiceField(
        label=_("Training"), required=False, choices=_choices(Turning.choices)
    )
    told = forms.ChoiceField(label=_("How people were told"), required=False, choices=_TOLD_CHOICES)
    topic = forms.ChoiceField(label=_("About"), required=False, choices=_TOPIC_CHOICES)
    place = PlaceField()
    people = forms.ChoiceField(label=_("People"), required=False, choices=_choices(People.choices))
    state = forms.ChoiceField(
        label=_("State afterwards"), required=False, choices=_choices(StateValue.choices)
    )
    status = forms.ChoiceField(
        label=_("Status"), required=False, choices=_choices(EntryStatus.choices)
    )
    by = forms.ChoiceField(
        label=_("Listed by"),
        required=False,
        choices=[("", _("the first date known")), *ListedBy.choices],
    )
    since = DayField(label=_("From"), required=False)
    until = DayField(label=_("Until"), required=False)
    guide = forms.BooleanField(label=_("Only with a guide"), required=False)
    reviewed = forms.BooleanField(label=_("Only reviewed twice"), required=False)
    wording = forms.BooleanField(label=_("Show wording-only changes"), required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and since > until:
            self.add_error("until", _("This day is before the first day asked for."))
        return cleaned

    def more_in_use(self) -> bool:
        """Unfold the other fields only for errors: active filters are listed elsewhere anyway."""
        return bool(self.errors.keys() - set(self.ALWAYS_SHOWN))

    def reader(self) -> Reader:
        """Return the reader's place and kind of account, for links to pages that answer by them."""
        people = self.chosen().get("people")
        return Reader(self.chosen().get("place", ""), People(people) if people else None)

    def listed_by(self) -> str:
        """Return the field of Entry for order, months and the span of days."""
        by = self.chosen().get("by")
        return ListedBy(by).field if by else "timeline_on"

    def shown(self) -> EntryQuerySet:
        """Return the entries of the view."""
        return self.shown_of(self._public())

    def shown_of(self, entries: EntryQuerySet) -> EntryQuerySet:
        """Return those of these entries that the view shows."""
        return self._without_hidden(self.narrow(entries))

    def per_month(self) -> dict[dt.date, int]:
        """Count the entries of each month, ignoring the view's span of days."""
        entries = self._without_hidden(self.narrow_at_any_time(self._public()))
        return entries.per_month(self.listed_by())

    def hidden_wording(self) -> EntryQuerySet:
        """Return the entries that are hidden because only the wording changed."""
        if not self.hides_wording():
            return Entry.objects.none()
        return self._without_other(only_wording(self.narrow(self._public())))

    def hidden_topic(self) -> EntryQuerySet:
        """Return the entries that are hidden because they are about other matters."""
        if not self.hides_other():
            return Entry.objects.none()
        other = self.narrow(self._public()).filter(topic=Topic.OTHER)
        return self._without_wording(other)

    def acts_on_training(self) -> EntryQuerySet | None:
        """Return what the view shows about training; None if it is not one of enforcement."""
        if self.chosen().get("topic") != Topic.ENFORCEMENT:
            return None
        return self.shown().about_training()

    def _public(self) -> EntryQuerySet:
        """Return published entries; retracted ones only if the status filter asks for them."""
        if self.chosen().get("status") == EntryStatus.RETRACTED:
            return Entry.objects.retracted()
        return Entry.objects.published()

    def _without_hidden(self, entries: EntryQuerySet) -> EntryQuerySet:
        return self._without_other(self._without_wording(entries))

    def _without_wording(self, entries: EntryQuerySet) -> EntryQuerySet:
        return without_wording(entries) if self.hides_wording() else entries

    def _without_other(self, entries: EntryQuerySet) -> EntryQuerySet:
        return entries.counted() if self.hides_other() else entries

    def narrow(self, entries: EntryQuerySet) -> EntryQuerySet:
        """Apply all filters. What is hidden without being asked for is still in it."""
        by = self.listed_by()
        entries = self.narrow_at_any_time(entries).exclude(**{by: None})
        if since := self.chosen().get("since"):
            entries = entries.from_day(since, by)
        if until := self.chosen().get("until"):
            entries = entries.to_day(until, by)
        return entries

    def narrow_at_any_time(self, entries: EntryQuerySet) -> EntryQuerySet:
        """Apply the filters except the span of days."""
        chosen = self.chosen()
        if platform := chosen.get("platform"):
            entries = entries.filter(platforms=platform)
        if direction := chosen.get("direction"):
            entries = entries.filter(direction=direction)
        if query := chosen.get("q"):
            entries = saying(entries, words(query))
        if kinds := chosen.get("kind"):
            entries = entries.listing("effects", *kinds)
        if data_kind := chosen.get("datakind"):
            entries = entries.listing("data_kinds", data_kind)
        topic = chosen.get("topic", ALL_TOPICS)
        if topic in (Topic.ENFORCEMENT, ACTS_ON_TRAINING):
            entries = entries.filter(Q(topic=Topic.ENFORCEMENT) | _of_authorities())
            if topic == ACTS_ON_TRAINING:
                entries = entries.about_training()
        elif topic != ALL_TOPICS:
            entries = entries.filter(topic=topic)
        if turning := chosen.get("turned"):
            entries = turned(entries, Turning(turning))
        if told := chosen.get("told"):
            known = told != TOLD_NOT_KNOWN
            entries = entries.listing("told", told) if known else entries.filter(told=[])
        if chosen.get("place"):
            entries = entries.filter(self._reaching)
        if chosen.get("people"):
            entries = entries.filter(self._concerning)
        if state := chosen.get("state"):
            entries = entries.filter(Exists(_states_opened_by_entry(state)))
        if status := chosen.get("status"):
            entries = _with_status(entries, EntryStatus(status))
        if chosen.get("reviewed"):
            entries = entries.reviewed_twice()
        if chosen.get("guide"):
            entries = entries.filter(Exists(_guides_of_entry()))
        return entries

    @cached_property
    def _reaching(self) -> Q:
        """Match entries that hold, surely or perhaps, in the place.

        Places are lists of codes, so each combination that occurs is checked in Python, once.
        """
        fields = ("places", "except_places", "some_of")
        found = Q(pk__in=())
        for combination in Entry.objects.order_by().values_list(*fields).distinct():
            if reaches(Where(*map(tuple, combination)), self.chosen()["place"]):
                found |= Q(**dict(zip(fields, combination, strict=True)))
        return found

    @cached_property
    def _concerning(self) -> Q:
        """Match entries that are about the kind of people, or about everyone."""
        found = Q(pk__in=())
        for kinds in Entry.objects.order_by().values_list("people", flat=True).distinct():
            if concerns(kinds, self.chosen()["people"]):
                found |= Q(people=kinds)
        return found

    def can_be_mailed(self) -> bool:
        """False for a view that never contains an entry when it is published."""
        return self.chosen().get("status") not in _ONLY_LATER

    def hides_wording(self) -> bool:
        chosen = self.chosen()
        return not chosen.get("wording") and Effect.WORDING_ONLY not in chosen.get("kind", ())

    def hides_other(self) -> bool:
        return not self.chosen().get("topic")

    def active(self) -> list[ActiveFilter]:
        """Return the active filters."""
        return [
            ActiveFilter(
                name=name,
                label=str(self.fields[name].label),
                value=self._in_words(name, value),
                without=self.query(**{name: None}),
            )
            for name, value in self.chosen().items()
        ]

    def _in_words(self, name: str, value: Any) -> str:
        field = self.fields[name]
        if value is True:
            return ""
        if isinstance(value, dt.date):
            return format_date(value)
        if name == "place":
            return place_label(value)
        if isinstance(field, forms.MultipleChoiceField):
            labels = dict(field.choices)  # type: ignore[arg-type] # flat pairs, see above
            return ", ".join(str(labels[each]) for each in value)
        if isinstance(field, forms.ChoiceField) and not isinstance(field, forms.ModelChoiceField):
            return str(dict(field.choices)[value])  # type: ignore[arg-type] # flat pairs, see above
        return str(value)


def _states_opened_by_entry(value: str) -> QuerySet[State]:
    opened = State.objects.filter(opened_by=OuterRef("pk"), value=value)
    return opened.filter(branch__use__in=Use.objects.published().order_by())


def _of_authorities() -> Q:
    """Match what courts and regulators did, on any topic, and what follows from it."""
    acts = Entry.objects.published().order_by().listing("effects", *ENFORCEMENT_EFFECTS)
    return Q(pk__in=acts.values("pk")) | Q(follows__in=acts.values("pk"))


def _guides_of_entry() -> QuerySet[Guide]:
    of_control = Q(controls__entries=OuterRef("pk"))
    return Guide.objects.published().filter(of_control | Q(controls__uses__entries=OuterRef("pk")))


def _with_status(entries: EntryQuerySet, status: EntryStatus) -> EntryQuerySet:
    today = timezone.localdate()
    if status == EntryStatus.ANNOUNCED:
        return entries.announced(today)
    if status == EntryStatus.IN_EFFECT:
        return entries.in_effect(today)
    if status == EntryStatus.PUT_OFF:
        return entries.put_off()
    if status == EntryStatus.CORRECTED:
        return entries.corrected()
    return entries.retracted()


def only_wording(entries: EntryQuerySet) -> EntryQuerySet:
    """Return entries in which only the wording changed."""
    return entries.filter(effects=[Effect.WORDING_ONLY.value])


def shown_by_default(entries: EntryQuerySet) -> EntryQuerySet:
    """Return what the timeline shows without filters: no other matters, no wording alone."""
    return without_wording(entries.counted())


def without_wording(entries: EntryQuerySet) -> EntryQuerySet:
    return entries.exclude(effects=[Effect.WORDING_ONLY.value])


def address(path: str, query: str) -> str:
    return f"{path}?{query}" if query else path
