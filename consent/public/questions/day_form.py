"""The form for the day of a page's state of play: ?asof=YYYY-MM-DD, by default today."""

import datetime as dt
from collections.abc import Mapping

from django import forms
from django.utils.translation import gettext_lazy as _

from consent.web.day_input import DayField


class DayForm(forms.Form):
    """A GET form with one day. An invalid date is an error, and the page shows today."""

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
        """Return the requested day; None if there is no valid one."""
        self.is_valid()
        asked: dt.date | None = self.cleaned_data.get("asof")
        return asked
