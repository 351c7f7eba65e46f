"""The form for whom an answer is: where people live, what account they have, and the day."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from consent.ledger.scope import FORMER_PLANS, PlaceField, people_field
from consent.ledger.state_of_play import Reader
from consent.public.state_of_play.day_form import DayForm
from consent.vocabulary import People


class ReaderForm(DayForm):
    """A GET form. What is not valid is an error, and the page answers without it."""

    PARAMS = ("place", "people", "asof", "plan")

    place = PlaceField()
    people = people_field(_("personal, if not said otherwise"))
    field_order = ("place", "people", "asof")

    def __init__(self, query: Mapping[str, str]) -> None:
        if isinstance(query, QueryDict) and "plan" in query and "people" not in query:
            # Addresses of older releases chose between personal accounts and organisations.
            query = query.copy()
            given = str(query["plan"])
            query["people"] = FORMER_PLANS.get(given, given)
        super().__init__(query)

    def more_in_use(self) -> bool:
        """Return whether something was given for the fields that are folded away."""
        return bool(self["people"].value() or self["asof"].value())

    def reader(self) -> Reader:
        """Return whom the answer is for; without a valid choice it is for anybody."""
        self.is_valid()
        people = self.cleaned_data.get("people")
        return Reader(
            place=self.cleaned_data.get("place") or "",
            people=People(people) if people else None,
        )
