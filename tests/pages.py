"""Acts on pages as a person does: reads the form that was shown, changes it, presses a button."""

from __future__ import annotations

from typing import Any

from bs4 import BeautifulSoup, Tag
from django.test import Client

Fields = dict[str, Any]


def fields_of(page: Any, holding: str) -> Fields:
    """What a browser would send from a form of a page, untouched and without a button.

    page: an answer of Django's test client. holding: a CSS selector of something in that form. A
    field that is sent more than once has a list.
    """
    return fields_in(page.content, holding)


def fields_in(markup: bytes | str, holding: str) -> Fields:
    """The same from the markup of a page."""
    return _sent_by(_form_with(markup, holding))


def press(client: Client, page: Any, button: str, value: str | None = None, **typed: Any) -> Any:
    """Press a button of the page last shown, after typing; returns the page that follows.

    typed: fields by name (with `__` for a hyphen); None clears a box or empties a field.
    """
    which = f'[type=submit][name="{button}"]' + (f'[value="{value}"]' if value is not None else "")
    form = _form_with(page.content, which)
    sent = _sent_by(form)
    for name, words in typed.items():
        name = name.replace("__", "-")
        if words is None:
            sent.pop(name, None)
        else:
            sent[name] = words
    sent[button] = form.select(which)[0].get("value", "")
    address = str(form.get("action") or _address_of(page))
    return client.post(address, sent, follow=True)


def _address_of(page: Any) -> str:
    query = page.request.get("QUERY_STRING")
    return f"{page.request['PATH_INFO']}?{query}" if query else str(page.request["PATH_INFO"])


def _form_with(markup: bytes | str, holding: str) -> Tag:
    forms = BeautifulSoup(markup, "lxml").find_all("form")
    found = [form for form in forms if form.select(holding)]
    assert found, f"no form holds {holding}: {[_sent_by(form) for form in forms]}"
    return found[0]


def _sent_by(form: Tag) -> Fields:
    sent: dict[str, list[Any]] = {}
    for control in form.select("input[name], textarea[name], select[name]"):
        if not control.has_attr("disabled"):
            sent.setdefault(str(control["name"]), []).extend(_values_of(control))
    return {name: each[0] if len(each) == 1 else each for name, each in sent.items() if each}


def _values_of(control: Tag) -> list[Any]:
    kind = str(control.get("type", "text"))
    if control.name == "textarea":
        return [control.get_text().removeprefix("\r").removeprefix("\n")]
    if control.name == "select":
        options = control.find_all("option")
        chosen = [option for option in options if option.has_attr("selected")]
        if not chosen and not control.has_attr("multiple"):
            chosen = options[:1]
        return [option.get("value", option.get_text()) for option in chosen]
    if kind in ("submit", "button", "image", "reset", "file"):
        return []
    if kind in ("checkbox", "radio"):
        return [control.get("value", "on")] if control.has_attr("checked") else []
    return [control.get("value", "")]
