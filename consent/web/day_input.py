"""A form field for a day within the bounds of the ledger."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.dateparse import parse_date

from platforms.days import EARLIEST, LATEST, require_within_bounds


class DayInput(forms.DateInput):
    """Writes its value as year-month-day in every language; omits it if it is no date.

    Source: HTML, section "Date state": browsers show nothing for any other value.
    """

    input_type = "date"

    def format_value(self, value: Any) -> str | None:
        if not isinstance(value, dt.date):
            try:
                value = parse_date(str(value or ""))
            except ValueError:  # the format is right, but the day does not exist
                return None
        return value.isoformat() if value else None


class DayField(forms.DateField):
    """A day from platforms.days.EARLIEST to LATEST."""

    widget = DayInput
    default_validators = [require_within_bounds]

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return super().widget_attrs(widget) | {"min": str(EARLIEST), "max": str(LATEST)}
