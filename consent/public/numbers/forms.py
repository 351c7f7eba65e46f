"""The two days that are compared: ?then=2024-11-29&now=2026-11-29."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consent.web.day_input import DayField

_NO_DAY = {"invalid": _("This is no date. Write it as year-month-day, such as 2024-07-26.")}
#: The first day if none is given. Chosen: what a year has changed.
_A_YEAR = dt.timedelta(days=365)


class TwoDays(forms.Form):
    """An invalid day is an error, and the page compares nothing."""

    then = DayField(label=_("Then"), required=False, error_messages=_NO_DAY)
    now = DayField(label=_("Now"), required=False, error_messages=_NO_DAY)

    def __init__(self, query: Mapping[str, str]) -> None:
        now = query.get("now") or timezone.localdate().isoformat()
        then = query.get("then") or (timezone.localdate() - _A_YEAR).isoformat()
        super().__init__({"then": then, "now": now})

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        then, now = given.get("then"), given.get("now")
        for name, day in (("then", then), ("now", now)):
            if day and day > timezone.localdate():
                self.add_error(name, _("This day is still to come."))
        if then and now and then >= now and not self.errors:
            self.add_error("then", _("Give a day before the other one."))
        return given
