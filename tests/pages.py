"""Acts on pages as a person does: reads the form that was shown, changes it, presses a button."""

from __future__ import annotations

from typing import Any

from django.test import Client
from selectolax.lexbor import LexborHTMLParser, LexborNode

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

    typed: fields by name (with `__` for a hyphen); None clears a box or empties a field. Doubts
    that block publishing are ticked, unless `checked` is given.
    """
    which = f'[type=submit][name="{button}"]' + (f'[value="{value}"]' if value is not None else "")
    form = _form_with(page.content, which)
    sent = _sent_by(form)
    if button == "publish":
        sent |= doubts_in(page.content)
    for name, words in typed.items():
        name = name.replace("__", "-")
        if words is None:
            sent.pop(name, None)
        else:
            sent[name] = words
    pressed = form.css(which)[0].attributes
    sent[button] = pressed.get("value") or ""
    address = pressed.get("formaction") or form.attributes.get("action") or _address_of(page)
    return client.post(address, sent, follow=True)


def doubts_in(markup: bytes | str) -> Fields:
    """What is sent when every doubt that blocks publishing is ticked."""
    doubts = LexborHTMLParser(markup).css("[name=checked]")
    return {"checked": [doubt.attributes["value"] for doubt in doubts]} if doubts else {}


def _address_of(page: Any) -> str:
    query = page.request.get("QUERY_STRING")
    return f"{page.request['PATH_INFO']}?{query}" if query else str(page.request["PATH_INFO"])


def _form_with(markup: bytes | str, holding: str) -> LexborNode:
    # Forms of the desk are large: a reader in Python would take longer than drawing them.
    forms = LexborHTMLParser(markup).css("form")
    found = [form for form in forms if form.css_first(holding)]
    assert found, f"no form holds {holding}: {[_sent_by(form) for form in forms]}"
    return found[0]


def _sent_by(form: LexborNode) -> Fields:
    sent: dict[str, list[Any]] = {}
    for control in form.css("input[name], textarea[name], select[name]"):
        if "disabled" not in control.attributes:
            sent.setdefault(control.attributes["name"] or "", []).extend(_values_of(control))
    return {name: each[0] if len(each) == 1 else each for name, each in sent.items() if each}


def _values_of(control: LexborNode) -> list[Any]:
    given = control.attributes
    kind = given.get("type") or "text"
    if control.tag == "textarea":
        return [control.text()]
    if control.tag == "select":
        options = control.css("option")
        chosen = [option for option in options if "selected" in option.attributes]
        if not chosen and "multiple" not in given:
            chosen = options[:1]
        return [_value_of(option, option.text()) for option in chosen]
    if kind in ("submit", "button", "image", "reset", "file"):
        return []
    if kind in ("checkbox", "radio"):
        return [_value_of(control, "on")] if "checked" in given else []
    return [_value_of(control, "")]


def _value_of(control: LexborNode, otherwise: str) -> str:
    """Return its value, which may be empty, or something else if it has none."""
    given = control.attributes
    return (given["value"] or "") if "value" in given else otherwise
