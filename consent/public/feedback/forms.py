"""Forms for feedback of readers."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.validators import URLValidator
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consent.models import Guide, GuideSurface, ReaderReport
from consent.public.feedback.own_pages import own_path
from consent.vocabulary import ReportKind, Worked
from consent.web.open_forms import OpenForm, UnhurriedForm

NOTE_LENGTH = 500
TEXT_LENGTH = 2000
QUESTION_LENGTH = 300
#: What a report about an answer begins with.
QUESTION = gettext_lazy("I asked: “%(question)s”\n\n")
_STEP_SHOWN = 60  # characters of a step in the list of places


class AnswerForm(OpenForm):
    """One answer to "Did this work?"; who did not get through is asked where, and what they saw.

    A place is a surface ("web") or one of its steps ("web-3").
    """

    place = forms.ChoiceField(
        error_messages={
            "required": gettext_lazy(
                "Choose the place where it stopped, so that we can look there."
            )
        }
    )
    note = forms.CharField(
        required=False,
        max_length=NOTE_LENGTH,
        label=gettext_lazy("What did you see instead? (if you like)"),
        help_text=gettext_lazy(
            "No personal data, please. Only our curators read it; it is erased after 90 days."
        ),
        widget=forms.Textarea(attrs={"rows": 4, "maxlength": NOTE_LENGTH}),
    )

    def __init__(self, *args: Any, guide: Guide, worked: Worked, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        surfaces = list(guide.surfaces.all())
        place = self.fields["place"]
        assert isinstance(place, forms.ChoiceField)
        if worked == Worked.YES:
            del self.fields["note"]
            place.label, place.required = _("Where did it work? (if you like)"), False
            place.choices = [("", _("Not said")), *((one.surface, _name(one)) for one in surfaces)]
            if len(surfaces) < 2:
                del self.fields["place"]
        else:
            place.label = _("Where did it stop?")
            place.choices = [("", _("Choose a place")), *map(_places_on, surfaces)]

    def words(self) -> dict[str, Any]:
        """Return the details of the answer besides yes or no. Call on a valid form."""
        surface, _dash, step = self.cleaned_data.get("place", "").partition("-")
        return {
            "surface": surface,
            "step": int(step) if step else None,
            "note": self.cleaned_data.get("note", ""),
        }


def _name(surface: GuideSurface) -> str:
    return str(surface.get_surface_display())


def _places_on(surface: GuideSurface) -> tuple[str, list[tuple[str, str]]]:
    steps = [
        (
            f"{surface.surface}-{step.position}",
            _("Step %(number)d: %(act)s")
            % {"number": step.position, "act": Truncator(step.act).chars(_STEP_SHOWN)},
        )
        for step in surface.steps.all()
    ]
    anywhere = _("%(surface)s: at no step in particular") % {"surface": _name(surface)}
    return _name(surface), [*steps, (surface.surface, anywhere)]


class LinkField(forms.URLField):
    """A web address; https if it is typed without a scheme."""

    default_validators = [URLValidator(schemes=["http", "https"])]

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            max_length=1000,
            assume_scheme="https",
            widget=forms.URLInput(attrs={"spellcheck": "false", "autocomplete": "off"}),
            error_messages={
                "invalid": gettext_lazy("Give the whole address, like https://example.org/page.")
            },
            **kwargs,
        )


class ReportForm(UnhurriedForm):
    """Report an error."""

    about = forms.CharField(
        required=False,
        max_length=400,
        label=gettext_lazy("On which page? (if on one)"),
        help_text=gettext_lazy("A page of this site, like /platforms/x."),
        widget=forms.TextInput(attrs={"spellcheck": "false", "autocomplete": "off"}),
    )
    text = forms.CharField(
        max_length=TEXT_LENGTH,
        label=gettext_lazy("What is wrong?"),
        help_text=gettext_lazy("What stands there, and what would be right."),
        widget=forms.Textarea(attrs={"rows": 6, "maxlength": TEXT_LENGTH}),
        error_messages={"required": gettext_lazy("Say in a few words what is wrong.")},
    )
    url = LinkField(
        required=False,
        label=gettext_lazy("Where can we see it? (if you know)"),
        help_text=gettext_lazy("The address of a page that shows it."),
    )
    address = forms.EmailField(
        required=False,
        max_length=254,
        label=gettext_lazy("Your mail address (only if you want an answer)"),
        help_text=gettext_lazy(
            "Used for the answer alone. Erased 30 days after we have dealt with it, and after 180 "
            "days in any case."
        ),
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
    )
    field_order = ("about", "text", "url", "address")

    def clean_about(self) -> str:
        given = self.cleaned_data["about"].strip()
        path = own_path(given)
        if given and not path:
            raise forms.ValidationError(
                _("This is no public page of this site. Leave it empty if you do not know which.")
            )
        return path

    def report(self) -> ReaderReport:
        """Return what was filled in, not saved yet. Call on a valid form."""
        said = self.cleaned_data
        return ReaderReport(
            kind=ReportKind.ERROR,
            about=said["about"],
            text=said["text"],
            url=said["url"],
            address=said["address"],
        )


class PlatformRequestForm(UnhurriedForm):
    """Request a missing platform."""

    name = forms.CharField(
        max_length=120,
        label=gettext_lazy("Which platform?"),
        error_messages={"required": gettext_lazy("Give the name of the platform.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    url = LinkField(
        required=False,
        label=gettext_lazy("Where does it tell about training? (if you know)"),
        help_text=gettext_lazy("The address of its help page, settings page or policy."),
    )
    text = forms.CharField(
        required=False,
        max_length=TEXT_LENGTH,
        label=gettext_lazy("Anything else? (if you like)"),
        widget=forms.Textarea(attrs={"rows": 4, "maxlength": TEXT_LENGTH}),
    )
    address = ReportForm.base_fields["address"]
    field_order = ("name", "url", "text", "address")

    def report(self) -> ReaderReport:
        """Return what was filled in, not saved yet. Call on a valid form."""
        said = self.cleaned_data
        return ReaderReport(
            kind=ReportKind.PLATFORM,
            name=said["name"],
            url=said["url"],
            text=said["text"],
            address=said["address"],
        )
