"""The day whose state of play a page shows: ?asof=YYYY-MM-DD, today without it."""

import datetime as dt
from collections.abc import Mapping

from django import forms
from django.utils.translation import gettext_lazy as _

from consent.web.day_input import DayField


class DayForm(forms.Form):
    """A GET form with one day. What is no date leaves the page at today, and the form says so."""

    asof = DayField(
        label=_("Show another day"),
        required=False,
        error_messages={
            "invalid": _("This is no date. Write it as year-month-day, such as 2024-07-26.")
        },
    )

    def __init__(self, query: Mapping[str, str]) -> None:
        super().__init__(query)

    def day(self) -> dt.date | None:
        """The day asked for; None without one, or when it is not a date."""
        self.is_valid()
        asked: dt.date | None = self.cleaned_data.get("asof")
        return asked
