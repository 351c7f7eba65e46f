"""Form fields of the desk for lists of words and for places."""

from __future__ import annotations

from typing import Any

from django import forms

from platforms import places


class CommaSeparated(forms.CharField):
    """A list of short words typed with commas between them."""

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        if isinstance(value, list):
            return value
        text = super().to_python(value) or ""
        return [word.strip() for word in text.split(",") if word.strip()]

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(self.to_python(initial or []) != self.to_python(data))


class CodesField(CommaSeparated):
    """Codes of places. Small letters are read as capitals."""

    def to_python(self, value: Any) -> Any:
        return [_in_capitals(code) for code in super().to_python(value)]


def _in_capitals(code: str) -> str:
    return code.upper() if places.is_known(code.upper()) else code
