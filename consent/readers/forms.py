"""What readers fill in to tell us something."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consent.models import Guide, GuideSurface
from consent.readers.vocabulary import Worked
from consent.site.open_forms import OpenForm

NOTE_LENGTH = 500
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
        """What the answer says besides yes or no. Call on a valid form."""
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
