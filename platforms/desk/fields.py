"""Form fields of the desk for lists: rows of text, of places, of addresses, of selectors."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from itertools import compress, zip_longest
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString

from platforms import places

#: Empty rows below those that are filled in: enough to go on without script.
EMPTY_ROWS = 2


class RowsWidget(forms.Widget):
    """One row for each item of a list, and some empty ones. Script adds and removes rows.

    row: the widget of one item. A MultiWidget has a column for each of its own.
    """

    use_fieldset = True

    def __init__(self, row: forms.Widget, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.row = row

    @property
    def media(self) -> forms.Media:
        rows = forms.Media(css={"all": ["css/desk-rows.css"]}, js=["js/desk-rows.js"])
        return rows + self.row.media

    @property
    def _columns(self) -> list[tuple[str, forms.Widget]]:
        """The suffixes of the names of a row's inputs, with their widgets."""
        if isinstance(self.row, forms.MultiWidget):
            names: list[str] = self.row.widgets_names  # type: ignore[attr-defined]  # not in the stubs
            return list(zip(names, self.row.widgets, strict=True))
        return [("", self.row)]

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[Any]:
        """Return the rows that are filled in: a text each, or a list with one for each column."""
        columns = [_all_of(data, name + suffix) for suffix, _ in self._columns]
        typed = [not isinstance(widget, forms.Select) for _, widget in self._columns]
        rows = [
            row
            for row in zip_longest(*columns, fillvalue="")
            if any(str(part).strip() for part in compress(row, typed))
        ]
        return [list(row) if len(columns) > 1 else row[0] for row in rows]

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return all(name + suffix not in data for suffix, _ in self._columns)

    def id_for_label(self, id_: str) -> str:
        return f"{id_}_0" if id_ else id_

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        attrs = self.build_attrs(self.attrs, attrs)
        id_, values = attrs.pop("id", ""), [*(value or []), *[None] * EMPTY_ROWS]
        rows = [
            self.row.render(name, item, attrs | {"id": f"{id_}_{number}"}, renderer)
            for number, item in enumerate(values)
        ]
        return render_to_string("admin/desk/rows.html", {"rows": rows, "id": id_})


def _all_of(data: Any, name: str) -> list[Any]:
    if hasattr(data, "getlist"):
        return list(data.getlist(name))
    value = data.get(name, [])
    return list(value) if isinstance(value, list | tuple) else [value]


class RowsField(forms.Field):
    """A list, one item a row. Empty rows are left out.

    row: the field of one item; text without one.
    """

    def __init__(
        self,
        row: forms.Field | None = None,
        *,
        encoder: Any = None,  # `models.JSONField.formfield` gives these two
        decoder: Any = None,
        **options: Any,
    ) -> None:
        self.row = row or forms.CharField()
        self.row.required = False
        widget = self.row.widget
        if not isinstance(widget, forms.MultiWidget):
            widget.attrs.setdefault("aria-label", "One of the list")
            widget.attrs.update(self.row.widget_attrs(widget))
        if not isinstance(options.get("widget"), RowsWidget):
            options["widget"] = RowsWidget(widget)
        # The values before are read from the record, never from the form.
        super().__init__(**options | {"show_hidden_initial": False})

    def prepare_value(self, value: Any) -> Any:
        return [self.row.prepare_value(item) for item in value or []]

    def to_python(self, value: Any) -> list[Any]:
        items, mistakes = [], []
        for number, raw in enumerate(value or [], start=1):
            try:
                items.append(self.row.clean(raw))
            except ValidationError as invalid:
                mistakes += [f"Row {number}: {words}" for words in invalid.messages]
        if mistakes:
            raise ValidationError(mistakes)
        return items

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool((initial or self.to_python([])) != self.to_python(data))
        except ValidationError:
            return True


class SentenceField(forms.CharField):
    """One text without line breaks, in a box that shows all of it."""

    def __init__(self, **options: Any) -> None:
        attrs = {"rows": 2, "cols": 80, "aria-label": "One of the list"}
        super().__init__(widget=forms.Textarea(attrs=attrs), **options)

    def to_python(self, value: Any) -> str:
        return " ".join((super().to_python(value) or "").splitlines())


class AddressesField(RowsField):
    """A list of web addresses."""

    def __init__(self, **options: Any) -> None:
        row = forms.URLField(
            max_length=1000,
            assume_scheme="https",
            widget=forms.URLInput(attrs={"size": 80, "aria-label": "Address"}),
            error_messages={
                "invalid": "Write a whole web address, such as https://example.org/terms/2."
            },
        )
        super().__init__(row, **options)


class PlaceField(forms.CharField):
    """One place by its name or its code. Its value is the code. world: whether that is one, too."""

    def __init__(self, *, world: bool = False, **options: Any) -> None:
        self._world = world
        attrs = {"list": PlaceNames.id, "autocomplete": "off", "aria-label": "Place"}
        super().__init__(widget=_PlaceInput(attrs=attrs), **options)

    def prepare_value(self, value: Any) -> Any:
        return place_names().get(value, value)

    def to_python(self, value: Any) -> str:
        name = super().to_python(value)
        if not name:
            return ""
        code = _codes_by_name().get(name.casefold()) or places.code_of(name)
        if code == places.WORLD and not self._world:
            raise ValidationError("Leave all rows empty for the whole world.")
        if not code or (code != places.WORLD and places.code_error(code)):
            raise ValidationError(f"“{name}” is no place that we know: {_advice(name)}.")
        return code


def _advice(name: str) -> str:
    known = places.code_error(name).partition(": ")[2]
    if "," in name:
        known = "write each place in a row of its own"
    return known or "choose one from the list, or write its code, such as DE or US-CA"


@cache
def place_names() -> dict[str, str]:
    """Return what the desk calls places, by code; parts of countries with their country."""
    groups = {code: f"{name} ({code})" for code, name in _GROUPS.items()}
    countries = {code: places.english_name(code) for code in places.countries()}
    parts = {
        code: f"{places.part_name(code)} ({code})"
        for country in places.countries()
        for code in places.parts(country)
    }
    return {places.WORLD: "the world"} | groups | countries | parts


_GROUPS = {"EU": "European Union", "EEA": "European Economic Area"}


@cache
def _codes_by_name() -> dict[str, str]:
    return {name.casefold(): code for code, name in place_names().items()}


class PlaceNames:
    """A block with the names of places, from which script makes the list that inputs offer.

    It is part of a form's media, so that a page with many of these inputs has it once.
    """

    id = "place-names"

    def __html__(self) -> str:
        names = sorted(_offered().values())
        return format_html(
            '<script type="application/json" id="{}-data">{}</script>',
            self.id,
            # All characters that could end the block are escaped as JSON has it.
            SafeString(json.dumps(names).replace("<", "\\u003c").replace("&", "\\u0026")),
        )


_PLACE_NAMES = PlaceNames()


def _offered() -> dict[str, str]:
    """Return the groups, the countries and the parts of the US: others are typed by their code."""
    return {
        code: name
        for code, name in place_names().items()
        if code != places.WORLD and ("-" not in code or code.startswith("US-"))
    }


class _PlaceInput(forms.TextInput):
    @property
    def media(self) -> forms.Media:
        return forms.Media(js=[_PLACE_NAMES])  # type: ignore[list-item]  # an object with __html__


class PlacesField(RowsField):
    """A list of places by their names. Its value is the list of their codes."""

    def __init__(self, *, world: bool = False, **options: Any) -> None:
        super().__init__(PlaceField(world=world), **options)


_START = (("startBefore", "from, with it,"), ("startAfter", "from after"))
_END = (("endBefore", "up to, without it,"), ("endAfter", "up to, with it,"))


class _SelectorInputs(forms.MultiWidget):
    """A CSS selector, or the two ends of a range."""

    template_name = "django/forms/widgets/multiwidget.html"

    def __init__(self) -> None:
        def text(label: str) -> forms.Widget:
            attrs = {"aria-label": label, "placeholder": label, "size": 24}
            return forms.TextInput(attrs=attrs)

        def edge(label: str, choices: Sequence[tuple[str, str]]) -> forms.Widget:
            return forms.Select(choices=choices, attrs={"aria-label": label})

        super().__init__(
            {
                "": text("CSS selector"),
                "start_edge": edge("Where the range starts", _START),
                "start": text("or the start of a range"),
                "end_edge": edge("Where the range ends", _END),
                "end": text("and its end"),
            }
        )

    def decompress(self, value: Any) -> list[str]:
        return ["", "startBefore", "", "endBefore", ""]


class SelectorField(forms.Field):
    """A CSS selector, or a range as a dict with one edge that starts it and one that ends it."""

    def __init__(self, **options: Any) -> None:
        super().__init__(widget=_SelectorInputs(), **options)

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, str):
            return [value, "startBefore", "", "endBefore", ""]
        if isinstance(value, dict):
            (start, first), (end, last) = (_edge(value, edges) for edges in (_START, _END))
            return ["", start, first, end, last]
        return value

    def clean(self, value: Any) -> Any:
        padded = [str(part or "").strip() for part in value] + [""] * 5
        selector, start_edge, start, end_edge, end = padded[:5]
        if selector and not (start or end):
            return selector
        if start and end and not selector:
            edges = dict(_START) | dict(_END)
            if {start_edge, end_edge} <= edges.keys():
                return {start_edge: start, end_edge: end}
        raise ValidationError(
            "Write a CSS selector, such as main or .article; or both ends of a range, such as h1 "
            "and footer; not both kinds in one row."
        )


def _edge(value: dict[str, str], edges: Sequence[tuple[str, str]]) -> tuple[str, str]:
    for name, _ in edges:
        if name in value:
            return name, value[name]
    return edges[0][0], ""


class SelectorsField(RowsField):
    """A list of selectors and ranges, as in a catalog file."""

    def __init__(self, **options: Any) -> None:
        super().__init__(SelectorField(), required=False, **options)


def keep_order(form: forms.BaseForm) -> None:
    """Leave the lists of a cleaned form as they are stored where the same boxes are ticked.

    Boxes are sent in the order of the page. Without this, saving a form as it was shown would
    put lists in another order.
    """
    for name, field in form.fields.items():
        if not isinstance(field, forms.MultipleChoiceField):
            continue
        stored = form.get_initial_for_field(field, name) or []
        if sorted(stored) == sorted(form.cleaned_data.get(name) or []):
            form.cleaned_data[name] = list(stored)
