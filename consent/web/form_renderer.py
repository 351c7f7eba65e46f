"""Draws the commonest parts of forms without templates, as Django's own templates would.

A form of the desk has hundreds of inputs and options. Django includes two to four templates for
each of them, which took a quarter of the time that the page took.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.forms.renderers import DjangoTemplates
from django.http import HttpRequest
from django.utils.formats import localize
from django.utils.html import conditional_escape, escape
from django.utils.safestring import SafeString

_FOLDER = "django/forms/widgets"
_OPTION = f"{_FOLDER}/select_option.html"
_BOX = f"{_FOLDER}/checkbox_option.html"
#: Templates that only include the one of an input.
_INPUTS = ("checkbox", "date", "email", "hidden", "number", "password", "text", "url")

_Context = Mapping[str, Any]


class FormRenderer(DjangoTemplates):
    """Renders with a function instead of a template, where there is one."""

    def render(
        self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None
    ) -> str:
        draw = _DRAWN.get(template_name)
        drawn = draw(context) if draw else None
        return super().render(template_name, context, request) if drawn is None else drawn


def _as_text(value: object) -> str:
    """Return what {{ value|stringformat:'s' }} prints."""
    return value if isinstance(value, SafeString) else escape(str(value))


def _as_shown(value: object) -> str:
    """Return what {{ value }} prints."""
    return conditional_escape(value if isinstance(value, str) else str(localize(value)))


def _attributes(attributes: Mapping[str, object] | None) -> str:
    return "".join(
        f" {_as_shown(name)}" if value is True else f' {_as_shown(name)}="{_as_text(value)}"'
        for name, value in (attributes or {}).items()
        if value is not False
    )


def _input(widget: _Context) -> str:
    value = "" if widget["value"] is None else f' value="{_as_text(widget["value"])}"'
    start = f'<input type="{_as_shown(widget["type"])}" name="{_as_shown(widget["name"])}"'
    return f"{start}{value}{_attributes(widget['attrs'])}>"


def _draw_input(context: _Context) -> str:
    return _input(context["widget"])


def _draw_select(context: _Context) -> str | None:
    """Return None if the options have templates of their own."""
    widget = context["widget"]
    parts = [f'<select name="{_as_shown(widget["name"])}"{_attributes(widget["attrs"])}>']
    for group, options, _index in widget["optgroups"]:
        if group:
            parts.append(f'\n  <optgroup label="{_as_shown(group)}">')
        for option in options:
            if option["template_name"] != _OPTION:
                return None
            start = f'\n  <option value="{_as_text(option["value"])}"{_attributes(option["attrs"])}'
            parts.append(f"{start}>{_as_shown(option['label'])}</option>\n")
        if group:
            parts.append("\n  </optgroup>")
    return "".join((*parts, "\n</select>"))


def _draw_boxes(context: _Context) -> str | None:
    """Return None for boxes in groups, and for those that have templates of their own."""
    widget = context["widget"]
    given = {name: widget["attrs"].get(name) for name in ("id", "class")}
    parts = [f"<div{_attributes({name: value for name, value in given.items() if value})}>"]
    for group, options, _index in widget["optgroups"]:
        for option in options:
            if group or option["template_name"] != _BOX or not option["wrap_label"]:
                return None
            number = option["attrs"].get("id")
            start = f"<label{_attributes({'for': number}) if number else ''}>"
            parts.append(f"<div>\n    {start}{_input(option)}\n")
            parts.append(f" {_as_shown(option['label'])}</label>\n\n</div>")
    return "".join((*parts, "\n</div>"))


def _draw_label(context: _Context) -> str:
    label = _as_shown(context["label"])
    if not context["use_tag"]:
        return label.strip()
    tag = context["tag"]
    return f"<{tag}{_attributes(context['attrs'])}>{label}</{tag}>"


def _draw_errors(context: _Context) -> str | None:
    return None if context["errors"] else ""


_DRAWN: dict[str, Callable[[_Context], str | None]] = {
    **{f"{_FOLDER}/{name}.html": _draw_input for name in _INPUTS},
    f"{_FOLDER}/select.html": _draw_select,
    f"{_FOLDER}/checkbox_select.html": _draw_boxes,
    "django/forms/label.html": _draw_label,
    "django/forms/errors/list/default.html": _draw_errors,
    "django/forms/errors/list/ul.html": _draw_errors,
}
