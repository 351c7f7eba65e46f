"""Forms to subscribe and to manage subscriptions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.http import QueryDict
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from consent.alerts.fan_out.digest_times import time_zones
from consent.alerts.subscriptions.choices import Choices, view_in_words
from consent.alerts.subscriptions.mail_addresses import bare_address
from consent.ledger.filters import TimelineFilters
from consent.ledger.reader_place import PlaceField
from consent.models import Subscriber, Subscription
from consent.search.asked_names import read_names
from consent.search.plain_words import words
from consent.vocabulary import NARROWABLE_SCOPES, DataKind, Frequency, Scope
from consent.web.open_forms import UnhurriedForm
from platforms.models import Platform

_LONGEST_NAMES = 500  # characters
_FREQUENCIES = [(str(frequency.value), capfirst(frequency.label)) for frequency in Frequency]


class AddressForm(forms.Form):
    address = forms.EmailField(
        label=_("Your mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
        error_messages={"required": _("Type the address that alerts should go to.")},
    )

    def clean_address(self) -> str:
        address = str(self.cleaned_data["address"])
        try:
            bare_address(address)
        except ValueError:
            raise forms.ValidationError(_("No mail can be sent to an address like this.")) from None
        return address


class WhatField(forms.MultipleChoiceField):
    """Subjects other than platforms and kinds of data, which have their own fields."""

    def to_python(self, value: Any) -> list[str]:
        # Forms of the release before sent "some" where platforms or kinds of data were picked.
        return [scope for scope in super().to_python(value) if scope not in ("", "some")]


class ChoicesForm(forms.Form):
    """What to follow, how often, for which place. Used by the sign-up and the manage page.

    All that is ticked counts: platforms and "training turned on" do not exclude each other.
    """

    what = WhatField(
        label=_("What do you want to hear about?"),
        required=False,
        choices=[
            (str(scope.value), capfirst(scope.label))
            for scope in (Scope.TURNS_ON, Scope.EVERYTHING)
        ],
        initial=[Scope.TURNS_ON.value],
        widget=forms.CheckboxSelectMultiple,
    )
    names = forms.CharField(
        label=_("Platforms by name, with commas between them"),
        required=False,
        max_length=_LONGEST_NAMES,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "off",
                "spellcheck": "false",
                "list": "platform-names",
                "data-suggest": "",
                "data-filters": "all-platforms",
            }
        ),
    )
    platforms = forms.MultipleChoiceField(
        label=_("Platforms"), required=False, widget=forms.CheckboxSelectMultiple
    )
    data_kinds = forms.MultipleChoiceField(
        label=_("Kinds of data"),
        required=False,
        choices=DataKind.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    only_turned_on = forms.BooleanField(
        label=_("Of these, only when AI training is turned on"),
        required=False,
    )
    view = forms.CharField(required=False, max_length=500, widget=forms.HiddenInput)
    frequency = forms.ChoiceField(
        label=_("How often?"),
        choices=_FREQUENCIES,
        initial=Frequency.AS_IT_HAPPENS,
        widget=forms.RadioSelect,
    )
    place = PlaceField(label=_("Only what concerns people in"), anywhere=_("any place"))
    reminders = forms.BooleanField(
        label=_("Remind me a week and a day before a deadline to opt out"), required=False
    )
    time_zone = forms.ChoiceField(
        label=_("Time zone, for digests at 8 in the morning"), required=False, initial="UTC"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["platforms"].choices = [  # type: ignore[attr-defined] # a choice field
            (platform.slug, platform.name) for platform in Platform.objects.all()
        ]
        self.fields["time_zone"].choices = [  # type: ignore[attr-defined] # a choice field
            (name, name.replace("_", " ")) for name in time_zones()
        ]
        if query := self.view_query():
            what = self.fields["what"]
            this_view = gettext("This view of the timeline: %s") % view_in_words(query)
            what.choices = [(Scope.VIEW, this_view), *what.choices]  # type: ignore[attr-defined] # a choice field
        elif Scope.VIEW in self.initial.get("what", ()):
            self.initial["what"] = [Scope.TURNS_ON.value]

    def view_query(self) -> str:
        """Return the query of the view this form was opened for, without unknown filters.

        Empty without a view, and for one that mails cannot follow (see view_problem).
        """
        view = self._view()
        return view.query() if view.can_be_mailed() else ""

    def view_problem(self) -> str:
        """Return why mails do not follow all of the view; empty if they do."""
        view = self._view()
        if not view.can_be_mailed():
            return gettext(
                "That view cannot be followed by mail, which goes out when a change is published "
                "and cannot know yet what becomes of it."
            )
        if problems := view.problems():
            lines = [f"{problem.label}: {problem.message}" for problem in problems]
            return gettext("Left out of the view: %s") % " ".join(lines)
        if view.chosen().get("reviewed"):
            return gettext(
                "Mail goes out when a change is published. You will hear of those that were "
                "reviewed twice before that, not of those reviewed a second time later on."
            )
        return ""

    def _view(self) -> TimelineFilters:
        query = self.data.get("view") if self.is_bound else self.initial.get("view")
        return TimelineFilters(QueryDict(str(query or "")))

    def clean_names(self) -> list[str]:
        """Return the slugs of the platforms that are named; unknown names keep back no other."""
        asked = read_names(self.cleaned_data["names"], list(Platform.objects.listed()))
        meant = [
            platform
            for name in asked
            for platform in (name.platforms or (name.owner.platforms if name.owner else ()))
        ]
        if asked and not meant:
            unknown = ", ".join(name.typed for name in asked)
            message = gettext("We have nothing on record under this name: %(name)s")
            raise forms.ValidationError(message % {"name": unknown})
        return list(dict.fromkeys(platform.slug for platform in meant))

    def find(self, typed: str) -> tuple[list[str], list[str]]:
        """Return the slugs of platforms that names mean, and of those with a word like them."""
        listed = list(Platform.objects.listed())
        parts = [words(part) for part in typed[:_LONGEST_NAMES].replace("\n", ",").split(",")]
        meant = [
            platform.slug
            for name in read_names(typed[:_LONGEST_NAMES], listed)
            for platform in (name.platforms or (name.owner.platforms if name.owner else ()))
        ]
        alike = [
            platform.slug
            for platform in listed
            if platform.slug not in meant
            and any(part and _begins(part, words(platform.name)) for part in parts)
        ]
        return list(dict.fromkeys(meant)), alike

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        named = cleaned.get("names") or []
        cleaned["platforms"] = list(dict.fromkeys([*cleaned.get("platforms", []), *named]))
        fields = ("what", "platforms", "data_kinds")
        if not any(cleaned.get(field) for field in fields) and not self.errors.keys() & set(fields):
            self.add_error("what", _("Tick at least one thing to hear about."))
        return cleaned

    def only_preticked(self) -> bool:
        """True if somebody chose something and left ticked what we had ticked for everybody.

        Call on a valid form.
        """
        cleaned = self.cleaned_data
        chose = bool(cleaned["platforms"] or cleaned["data_kinds"])
        return chose and cleaned["what"] == [self.data.get("preticked")]

    def choices(self) -> Choices:
        """Call on a valid form. Mails come in the language of the form's page."""
        cleaned = self.cleaned_data
        subjects = [
            *((str(Scope.PLATFORM), slug) for slug in cleaned["platforms"]),
            *((str(Scope.DATA_KIND), kind) for kind in cleaned["data_kinds"]),
            *(
                (scope, self.view_query() if scope == Scope.VIEW else "")
                for scope in cleaned["what"]
            ),
        ]
        return Choices(
            subjects=tuple(subjects),
            frequency=cleaned["frequency"],
            place=cleaned["place"],
            reminders=cleaned["reminders"],
            only_turned_on=cleaned["only_turned_on"],
            time_zone=cleaned["time_zone"] or "UTC",
            language=get_language() or settings.LANGUAGE_CODE,
        )


def _begins(typed: Sequence[str], name: Sequence[str]) -> bool:
    """Whether words as typed so far are in a name: "google dr" in "Google Drive"."""
    return f" {' '.join(typed)}" in f" {' '.join(name)}"


class SubscribeForm(UnhurriedForm, AddressForm, ChoicesForm):
    """The form of the sign-up page."""

    field_order = ("address",)


class CodeForm(AddressForm):
    code = forms.RegexField(
        r"^\s*\d{3}\s?\d{3}\s*$",
        label=_("Six digits"),
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "size": 8}
        ),
    )


class SubscriptionForm(forms.ModelForm):
    """One subscription on the manage page."""

    frequency = forms.ChoiceField(label=_("How often"), choices=_FREQUENCIES)
    place = ChoicesForm.base_fields["place"]

    class Meta:
        model = Subscription
        fields = ("frequency", "place", "only_turned_on", "reminders")
        labels = {
            "only_turned_on": _("Only when AI training is turned on"),
            "reminders": _("Remind me before deadlines"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.scope not in NARROWABLE_SCOPES:
            del self.fields["only_turned_on"]


class PreferencesForm(forms.ModelForm):
    """Time zone of digests and language of mails."""

    time_zone = forms.ChoiceField(
        label=_("Time zone"), choices=[(name, name.replace("_", " ")) for name in time_zones()]
    )

    language = forms.ChoiceField(label=_("Language of the mails"), choices=settings.LANGUAGES)

    class Meta:
        model = Subscriber
        fields = ("time_zone", "language")


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Why? (if you like; no personal data)"),
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": 300}),
    )
