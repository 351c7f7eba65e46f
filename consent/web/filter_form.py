"""Base of the filter forms of timeline and matrix: a few fields shown, the others folded away."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.forms.renderers import DjangoTemplates
from django.forms.utils import flatatt
from django.http import HttpRequest, QueryDict
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _


@dataclass(frozen=True, slots=True)
class Problem:
    """An invalid parameter in the address of a view, and the anchor of its field.

    name: of the parameter; "" for one that concerns several.
    """

    label: str
    message: str
    anchor: str = ""
    name: str = ""


class ManyChoices(DjangoTemplates):
    """Renders a select of hundreds of options at once: one template for each is slow."""

    def render(
        self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None
    ) -> str:
        if template_name != forms.Select.template_name:
            return super().render(template_name, context, request)
        widget = context["widget"]
        options = format_html_join(
            "",
            '<option value="{}"{}>{}</option>',
            (
                (option["value"], flatatt(option["attrs"]), option["label"])
                for _name, group, _index in widget["optgroups"]
                for option in group
            ),
        )
        attributes = flatatt(widget["attrs"])
        return format_html('<select name="{}"{}>{}</select>', widget["name"], attributes, options)


class OneLineField(forms.CharField):
    """Text on one line, without control characters and line separators (U+2028, U+2029)."""

    def validate(self, value: str) -> None:
        super().validate(value)
        if any(unicodedata.category(character) in ("Cc", "Zl", "Zp") for character in value):
            raise forms.ValidationError(_("Give words on one line, without control characters."))


class SharedFields(dict[str, forms.Field]):
    """Fields that all instances of a form share."""

    def __deepcopy__(self, memo: dict[int, Any]) -> dict[str, forms.Field]:
        return dict(self)


class FilterForm(forms.Form):
    """A GET form; its address is the view. Invalid parameters do not filter: see problems()."""

    default_renderer = ManyChoices()

    #: Fields that are always shown.
    ALWAYS_SHOWN: ClassVar[tuple[str, ...]] = ()
    #: Parameters that the address may contain besides the filters.
    OTHER_PARAMS: ClassVar[tuple[str, ...]] = ()

    def __init__(self, data: Mapping[str, Any] | None = None, *args: Any, **kwargs: Any) -> None:
        # Django copies all fields with their choices for each form. No view changes its fields, and
        # a published entry is compared with hundreds of saved views.
        self.base_fields = SharedFields(self.base_fields)  # type: ignore[misc] # of this form
        super().__init__(data, *args, **kwargs)

    @classmethod
    def params(cls) -> set[str]:
        """Return every parameter that the address of a view may have."""
        return {*cls.base_fields, *cls.OTHER_PARAMS, "plan"}  # views about many refuse a plan

    def main(self) -> list[forms.BoundField]:
        return [self[name] for name in self.ALWAYS_SHOWN]

    def more(self) -> list[forms.BoundField]:
        """The fields behind "more filters"."""
        return [self[name] for name in self.fields if name not in self.ALWAYS_SHOWN]

    def more_in_use(self) -> bool:
        return bool(self.chosen().keys() - set(self.ALWAYS_SHOWN)) or bool(self.errors)

    def _given(self, name: str) -> tuple[str, ...]:
        """Return what was given for a field: all of it where several values count, or the last."""
        if isinstance(self.data, QueryDict) and self._takes_many(name):
            return tuple(dict.fromkeys(self.data.getlist(name)))
        value = self.data.get(name)
        return () if value is None else (value,)

    def _takes_many(self, name: str) -> bool:
        return isinstance(self.fields[name], forms.MultipleChoiceField)

    def chosen(self) -> dict[str, Any]:
        """Return the valid filters that were given."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    def query(self, **instead: str | Sequence[str] | None) -> str:
        """Return the query string of this view with some values replaced; None removes a filter."""
        values = {name: self._given(name) for name in self.chosen()}
        for name, value in instead.items():
            values[name] = (value,) if isinstance(value, str) else tuple(value or ())
        query = QueryDict(mutable=True)
        for name in self.fields:
            if chosen := [value for value in values.get(name, ()) if value]:
                query.setlist(name, chosen)
        return query.urlencode()

    def allowed(self, name: str) -> list[str] | None:
        """Return the values that a filter takes, if it is one with a closed list."""
        field = self.fields.get(name)
        if not isinstance(field, forms.ChoiceField) or isinstance(field, forms.ModelChoiceField):
            return None
        return [str(value) for value, _label in field.choices if value]  # type: ignore[misc,union-attr]

    def problems(self) -> list[Problem]:
        """Return every parameter that is not applied, so that none is ignored silently."""
        problems = [
            Problem(str(self.fields[name].label), str(message), self[name].id_for_label, name)
            for name, messages in self.errors.items()
            for message in messages
        ]
        for name in self.data:
            if name in self.OTHER_PARAMS:
                continue
            if name not in self.fields:
                problems.append(Problem(name, _("There is no filter of this name."), name=name))
            elif self._takes_many(name):
                continue
            elif isinstance(self.data, QueryDict) and len(self.data.getlist(name)) > 1:
                message = _("Given more than once; only the last one counts.")
                problems.append(
                    Problem(str(self.fields[name].label), message, self[name].id_for_label, name)
                )
        return problems
