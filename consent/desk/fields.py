"""Form fields of the desk for lists, places and people."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms

from consent.desk.scope_fields import require_listed_plans
from consent.vocabulary import People, Precision
from platforms import places
from platforms.desk.fields import PlacesField, RowsField, keep_order
from platforms.models import Platform
from platforms.places import Where


class WhereForm(forms.Form):
    """Places where something applies."""

    places = PlacesField(
        required=False,
        help_text="By name, or by code: DE, US-CA. Left empty, with the two below: the whole "
        "world.",
    )
    except_places = PlacesField(
        required=False,
        label="Except",
        help_text="Places taken out of these, or of the world: “outside the EU” is the EU here.",
    )
    some_of = PlacesField(
        world=True,
        required=False,
        label="Some of",
        help_text="Certain places among these, which the sources do not name; or “the world”.",
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        keep_order(self)
        names = ("places", "except_places", "some_of")
        lists = [tuple(cleaned.get(name) or ()) for name in names]
        for mistake in places.errors(Where(*lists)):
            key, _, words = mistake.partition(": ")
            field = "except_places" if key == "except" else key
            self.add_error(field, f"{words}.")
        return cleaned


class WhoForm(WhereForm):
    """Where something applies, and for whom."""

    people = forms.MultipleChoiceField(
        choices=People.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label="Kinds of people",
        help_text="None ticked: everyone.",
    )
    plans = RowsField(
        required=False, help_text="Only these plans, of the platform's list: Free, Pro."
    )
    who = forms.CharField(
        required=False,
        max_length=200,
        label="Exactly who",
        help_text="The group in words, if the kinds above are too rough. Readers see it.",
    )

    #: Their lists have the plans that may be named. The form or its rows set it.
    plans_of: Sequence[Platform] = ()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        people = cleaned.get("people") or ()
        require_listed_plans(self, self.plans_of, people=people)
        return cleaned


def begins(day: dt.date, precision: str) -> dt.date:
    """Return the first day of the month or year, for a day of this precision."""
    if precision == Precision.YEAR:
        return day.replace(month=1, day=1)
    return day.replace(day=1) if precision == Precision.MONTH else day


def to_precision(form: forms.BaseForm, names: Sequence[str]) -> None:
    """Set the days of a cleaned form to the first of their month or year.

    names: NAME for each pair of fields, NAME_on and NAME_precision.
    """
    for name in names:
        if day := form.cleaned_data.get(f"{name}_on"):
            precision = form.cleaned_data.get(f"{name}_precision") or Precision.DAY
            form.cleaned_data[f"{name}_on"] = begins(day, precision)
