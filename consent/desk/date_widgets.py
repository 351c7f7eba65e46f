"""The admin's field for a date and a time, with a label for each of its two parts."""

from __future__ import annotations

from typing import Any

from django.contrib.admin.widgets import AdminSplitDateTime


class LabelledDateTime(AdminSplitDateTime):
    """Django prints the words "Date" and "Time", but does not tie them to the two inputs."""

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        field = name.rpartition("-")[2].replace("_", " ")
        for part, input_ in zip(("date", "time"), context["widget"]["subwidgets"], strict=True):
            input_["attrs"]["aria-label"] = f"{field}: {part}"
        return context
