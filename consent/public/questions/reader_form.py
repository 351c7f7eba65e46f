"""The form for whom an answer is: where people live, what account they have, and the day."""

from __future__ import annotations

from collections.abc import Mapping

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consent.ledger.answers import ADULT
from consent.ledger.platform_facts import PlatformFacts
from consent.ledger.question import RefusedQuestionError, checked, plans_of
from consent.ledger.reader_place import PlaceField, codes_of, people_field
from consent.ledger.state_of_play import Reader
from consent.public.questions.day_form import DayForm
from consent.vocabulary import People


def age_asked(query: Mapping[str, str], people: People | None = People.MINORS) -> int | None:
    """Return the age of a minor that an address gives; None without one, and for others."""
    given = query.get("age", "") if people == People.MINORS else ""
    return int(given) if given in {str(age) for age in range(ADULT)} else None


class ReaderForm(DayForm):
    """A GET form. What cannot be asked is refused: see `reader`.

    facts: of the platform that the page is about; pages about several take no plan.
    """

    PARAMS = ("place", "people", "asof", "plan")

    place = PlaceField()
    people = people_field(_("personal, if not said otherwise"))
    plan = forms.ChoiceField(label=_("Your plan"), required=False)
    field_order = ("place", "people", "plan", "asof")

    def __init__(self, query: Mapping[str, str], facts: PlatformFacts | None = None) -> None:
        super().__init__(query)
        self._facts = facts
        plans = plans_of(facts) if facts else ()
        if plans:
            choices = [("", _("any")), *((plan, plan) for plan in plans)]
            self.fields["plan"].choices = choices  # type: ignore[attr-defined]
        else:
            del self.fields["plan"]

    def more_in_use(self) -> bool:
        """Return whether something was given for the fields that are folded away."""
        names = [name for name in ("people", "plan", "asof") if name in self.fields]
        return any(self[name].value() for name in names)

    def reader(self) -> Reader:
        """Return whom the answer is for.

        Raises RefusedQuestionError for what cannot be asked: an answer that left it out would be
        taken for one about it.
        """
        name = self._facts.name if self._facts else ""
        for axis in (each for each in self.errors if each != "plan"):  # see checked
            given = str(self.data.get(axis, ""))
            meant = codes_of(given) if axis == "place" else ()
            raise RefusedQuestionError(axis, given, name, meant)
        day = self.cleaned_data.get("asof") or timezone.localdate()
        if day > timezone.localdate():
            raise RefusedQuestionError("asof", day.isoformat(), name, ())
        chosen = self.cleaned_data.get("people")
        people = People(chosen) if chosen else None
        plan = self.data.get("plan", "")
        asked = Reader(self.cleaned_data.get("place") or "", people, plan if self._facts else "")
        if self._facts:
            return asked._replace(plan=checked(self._facts, asked.on(day)).plan)
        return asked
