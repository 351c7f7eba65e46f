"""What a curator fills in to publish, dismiss or put off a change."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone

from consent.curation.drafts import quoted_passage
from consent.curation.publishing import NewState
from consent.models import Change, Entry, Setting, State
from consent.models.entries import EntryQuerySet
from consent.vocabulary import (
    DataKind,
    DismissReason,
    Effect,
    Precision,
    PublicationStatus,
    StateValue,
)
from consent.web.day_input import DayField

STATES_STAY = "No recorded setting changes its state"
_DATES = ("announced", "effective", "deadline")


class CommaSeparated(forms.CharField):
    """A list of short words typed with commas between them."""

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        if isinstance(value, list):
            return value
        text = super().to_python(value) or ""
        return [word.strip() for word in text.split(",") if word.strip()]


class EntryForm(forms.ModelForm):
    """The sentence, the kind and the dates of an entry, prefilled from the suggestion."""

    effects = forms.MultipleChoiceField(
        choices=Effect.choices, widget=forms.CheckboxSelectMultiple, required=False
    )
    data_kinds = forms.MultipleChoiceField(
        choices=DataKind.choices, widget=forms.CheckboxSelectMultiple, required=False
    )
    regions = CommaSeparated(help_text="Separated by commas, for example: EU, EEA, UK")
    follows = forms.ModelChoiceField(
        Entry.objects.published().newest_first(),
        required=False,
        help_text="What this corrects, postpones or withdraws: those told of it are told of this.",
    )

    quote = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 3}),
        label="Quoted passage",
        help_text="The words of the page that show it, as they stand there.",
    )
    date_not_stated = forms.BooleanField(
        required=False, label="The page does not say from when", initial=False
    )
    states_stay = forms.BooleanField(required=False, label=STATES_STAY)
    settle_earlier = forms.BooleanField(
        required=False,
        label="This entry also tells what the earlier waiting changes of this page say",
    )

    class Meta:
        model = Entry
        fields = (
            "title",
            "summary",
            "effects",
            "direction",
            "follows",
            "data_kinds",
            "regions",
            "audience",
            *(field for name in _DATES for field in (f"{name}_on", f"{name}_precision")),
            "confidence",
            "basis",
            "note",
        )
        widgets = {
            "summary": forms.Textarea(attrs={"rows": 4}),
            "note": forms.Textarea(attrs={"rows": 2}),
        } | {f"{name}_on": forms.DateInput(attrs={"type": "date"}) for name in _DATES}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not cleaned.get("effects"):
            self.add_error("effects", "Name at least one effect, or “wording only”.")
        if not cleaned.get("effective_on") and not cleaned.get("date_not_stated"):
            self.add_error("effective_on", "Give the day, or tick that the page does not say.")
        return cleaned


def require_states(
    form: forms.BaseForm, effects: Sequence[str], states: Sequence[NewState]
) -> bool:
    """Ask for a state that changes, or for the word that none does. Call with a cleaned form."""
    if states or Effect.WORDING_ONLY in effects:
        return True
    if not form.cleaned_data.get("states_stay"):
        form.add_error("states_stay", "Name a setting's new state, or tick that none changes.")
    return bool(form.cleaned_data.get("states_stay"))


def entry_form(change: Change, entry: Entry, data: Any = None, **more: Any) -> EntryForm:
    """The form of a change's entry, prefilled from its suggestion or its draft."""
    cited = entry.sources.filter(snapshot=change.after_id).first() if entry.pk else None
    initial = {
        "quote": cited.quote if cited else quoted_passage(change),
        "date_not_stated": entry.effective_on is None,
        "states_stay": not _proposed_value(entry) or not change.page.settings.exists(),
    }
    return EntryForm(data, instance=entry, initial=initial, **more)


class StateForm(forms.Form):
    """The next state of one setting; left at "no change" it does nothing."""

    value = forms.ChoiceField(
        choices=[("", "— no change —"), *StateValue.choices], required=False, label="New state"
    )
    starts_on = DayField(required=False, label="from")
    precision = forms.ChoiceField(choices=Precision.choices, initial=Precision.DAY, required=False)
    note = forms.CharField(required=False, max_length=500)

    def __init__(self, data: Any = None, *, setting: Setting, initial: dict[str, Any]) -> None:
        super().__init__(data, prefix=f"setting-{setting.pk}", initial=initial)
        self.setting = setting
        self.present = _present_state(setting)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("value") and not cleaned.get("starts_on"):
            raise ValidationError(
                f"Say from which day “{self.setting.label}” is in its new state; "
                "for a month or a year, give its first day and the precision."
            )
        return cleaned

    def new_state(self) -> NewState | None:
        """Return the state to open, or None where nothing changes. Call on a valid form."""
        if not self.cleaned_data["value"]:
            return None
        return NewState(
            setting=self.setting,
            value=StateValue(self.cleaned_data["value"]),
            starts_on=self.cleaned_data["starts_on"],
            precision=Precision(self.cleaned_data["precision"] or Precision.DAY),
            note=self.cleaned_data["note"],
        )


def state_forms(change: Change, entry: Entry, data: Any = None) -> list[StateForm]:
    """One form for each setting of the platform; those that rest on the page come prefilled."""
    start = entry.effective_on or change.observed_to.date()
    settings = change.page.platform.settings.all()
    return _state_forms(settings, change.page.settings.all(), entry, start, data)


def states_by_hand(entry: Entry, data: Any = None) -> list[StateForm]:
    """One form for each setting of an entry's platforms; those it names come prefilled."""
    settings = Setting.objects.filter(platform__in=entry.platforms.all())
    return _state_forms(settings, entry.settings.all(), entry, entry.effective_on, data)


def _state_forms(
    settings: QuerySet[Setting],
    concerned: QuerySet[Setting],
    entry: Entry,
    start: dt.date | None,
    data: Any,
) -> list[StateForm]:
    proposed, named = _proposed_value(entry), set(concerned.values_list("pk", flat=True))
    prefilled = {"value": proposed, "starts_on": start}

    def moves(setting: Setting) -> bool:
        present = _present_state(setting)
        return setting.pk in named and proposed not in ("", present.value if present else "")

    return [
        StateForm(data, setting=setting, initial=prefilled if moves(setting) else {})
        for setting in settings.prefetch_related("states")
    ]


def _present_state(setting: Setting) -> State | None:
    return next((state for state in setting.states.all() if state.ends_on is None), None)


def _proposed_value(entry: Entry) -> str:
    """The state that an entry's effects name outright; anything subtler is the curator's."""
    proposals = {
        Effect.DEFAULT_ON: StateValue.ON_BY_DEFAULT,
        Effect.DEFAULT_OFF: StateValue.OFF_BY_DEFAULT,
        Effect.USE_REMOVED: StateValue.NOT_USED,
    }
    named = [value for effect, value in proposals.items() if effect in entry.effects]
    return named[0] if len(named) == 1 else ""


def mistakes_of(states: Sequence[StateForm]) -> list[tuple[str, str]]:
    """What is wrong with states: the place on the page and the words of each mistake."""
    return [
        (state["value" if name == "__all__" else name].auto_id, f"{state.setting.label}: {words}")
        for state in states
        for name, errors in state.errors.items()
        for words in errors
    ]


class DismissForm(forms.Form):
    reason = forms.ChoiceField(choices=DismissReason.choices)
    note = forms.CharField(required=False, max_length=500)


class SnoozeForm(forms.Form):
    until = DayField()
    note = forms.CharField(required=False, max_length=500)

    def clean_until(self) -> dt.date:
        until: dt.date = self.cleaned_data["until"]
        if until <= timezone.localdate():
            raise ValidationError("Choose a day that is still to come.")
        return until


class MergeForm(forms.Form):
    into = forms.ModelChoiceField(queryset=Entry.objects.none(), label="Entry")
    note = forms.CharField(required=False, max_length=500)

    def __init__(self, *args: Any, change: Change, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._platform = change.page.platform
        field = self.fields["into"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = self.entries()

    def entries(self) -> EntryQuerySet:
        """Published entries of the platform, the newest first."""
        published: EntryQuerySet = self._platform.entries.filter(status=PublicationStatus.PUBLISHED)
        return published.newest_first()
