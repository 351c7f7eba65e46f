"""The filters of the timeline: one GET form whose address is the view."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import Exists, OuterRef, Q
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from consent.models import Entry, Guide, State
from consent.models.entries import EntryQuerySet
from consent.site.filters import FilterForm
from consent.standing.naming import in_plain_text
from consent.vocabulary import DataKind, Direction, Effect, StateValue
from platforms.models import Platform


@dataclass(frozen=True, slots=True)
class ActiveFilter:
    """One filter in force: its words, and the query string of the view without it."""

    label: str
    value: str
    without: str


def _choices(choices: Iterable[tuple[str, Any]]) -> list[tuple[str, Any]]:
    return [("", _("any")), *choices]


def _region_choices() -> list[tuple[str, Any]]:
    return _choices(
        (region, in_plain_text(region)) for region in Entry.objects.published().regions()
    )


class TimelineFilters(FilterForm):
    """An empty form shows everything."""

    IN_SIGHT = ("platform", "q")

    q = forms.CharField(label=_("Words"), required=False, max_length=100, strip=True)
    platform = forms.ModelChoiceField(
        Platform.objects.listed(),
        label=_("Platform"),
        required=False,
        to_field_name="slug",
        empty_label=_("all platforms"),
    )
    kind = forms.ChoiceField(
        label=_("Kind of change"), required=False, choices=_choices(Effect.choices)
    )
    direction = forms.ChoiceField(
        label=_("Direction"), required=False, choices=_choices(Direction.choices)
    )
    datakind = forms.ChoiceField(
        label=_("Data"), required=False, choices=_choices(DataKind.choices)
    )
    region = forms.ChoiceField(label=_("Region"), required=False, choices=_region_choices)
    state = forms.ChoiceField(
        label=_("State afterwards"), required=False, choices=_choices(StateValue.choices)
    )
    since = forms.DateField(
        label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    until = forms.DateField(
        label=_("Until"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    guide = forms.BooleanField(label=_("Only with a guide"), required=False)
    wording = forms.BooleanField(label=_("Show wording-only changes"), required=False)

    def narrow(self, entries: EntryQuerySet) -> EntryQuerySet:
        """Apply the filters, but for the hiding of wording-only entries."""
        chosen = self.chosen()
        if platform := chosen.get("platform"):
            entries = entries.filter(platforms=platform)
        if direction := chosen.get("direction"):
            entries = entries.filter(direction=direction)
        if words := chosen.get("q"):
            entries = entries.filter(Q(title__icontains=words) | Q(summary__icontains=words))
        for field, value in (
            ("effects", "kind"),
            ("data_kinds", "datakind"),
            ("regions", "region"),
        ):
            if value in chosen:
                entries = entries.listing(field, chosen[value])
        if state := chosen.get("state"):
            entries = entries.filter(
                Exists(State.objects.filter(opened_by=OuterRef("pk"), value=state))
            )
        if since := chosen.get("since"):
            entries = entries.filter(timeline_on__gte=since)
        if until := chosen.get("until"):
            entries = entries.filter(timeline_on__lte=until)
        if chosen.get("guide"):
            entries = entries.filter(
                Exists(Guide.objects.published().filter(settings__entries=OuterRef("pk")))
            )
        return entries

    def hides_wording(self) -> bool:
        chosen = self.chosen()
        return not chosen.get("wording") and chosen.get("kind") != Effect.WORDING_ONLY

    def active(self, query: QueryDict) -> list[ActiveFilter]:
        """The filters in force, each with the view that lacks it."""
        found = []
        for name, value in self.chosen().items():
            rest = query.copy()
            rest.pop(name, None)
            rest.pop("older", None)
            found.append(
                ActiveFilter(
                    label=str(self.fields[name].label),
                    value=self._in_words(name, value),
                    without=rest.urlencode(),
                )
            )
        return found

    def _in_words(self, name: str, value: Any) -> str:
        field = self.fields[name]
        if value is True:
            return ""
        if isinstance(value, dt.date):
            return value.isoformat()
        if isinstance(field, forms.ChoiceField) and not isinstance(field, forms.ModelChoiceField):
            return str(dict(field.choices)[value])  # type: ignore[arg-type] # flat pairs, see above
        return str(value)


def only_wording(entries: EntryQuerySet) -> EntryQuerySet:
    """Entries that say nothing but that words were changed."""
    return entries.filter(effects=[Effect.WORDING_ONLY.value])


def without_wording(entries: EntryQuerySet) -> EntryQuerySet:
    return entries.exclude(effects=[Effect.WORDING_ONLY.value])
