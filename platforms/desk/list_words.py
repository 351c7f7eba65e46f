"""Shows stored lists and objects in words, on pages of the desk where they are not edited."""

from __future__ import annotations

from typing import Any

from django.utils.html import format_html_join
from django.utils.safestring import SafeString


def in_words(value: Any) -> SafeString:
    """Return a stored value in words: one line for each item of a list or key of an object."""
    if isinstance(value, dict):
        lines = [f"{name}: {_line(item)}" for name, item in value.items()]
    elif isinstance(value, list | tuple):
        lines = [_line(item) for item in value]
    else:
        lines = [] if value is None or value == "" else [str(value)]
    return format_html_join(SafeString("<br>"), "{}", ((line,) for line in lines))


def _line(value: Any) -> str:
    if isinstance(value, dict):
        return "; ".join(f"{name}: {_line(item)}" for name, item in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(map(_line, value)) or "none"
    return "none" if value is None or value == "" else str(value)
