"""What the filter forms of timeline and matrix share: few fields in sight, the rest on request."""

import unicodedata
from collections.abc import Mapping
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
    """Something in the address of a view that does not hold, and where to put it right."""

    label: str
    message: str
    anchor: str = ""


class ManyChoices(DjangoTemplates):
    """Draws a list of hundreds of choices in one go, not by a template for each."""

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
    """Text on one line. Refuses control characters and what else ends a line (U+2028, U+2029)."""

    def validate(self, value: str) -> None:
        super().validate(value)
        if any(unicodedata.category(character) in ("Cc", "Zl", "Zp") for character in value):
            raise forms.ValidationError(_("Give words on one line, without control characters."))


class FilterForm(forms.Form):
    """A GET form whose address is the view. What is not understood filters nothing and is named."""

    default_renderer = ManyChoices()

    #: The fields that are always in sight.
    ALWAYS_SHOWN: ClassVar[tuple[str, ...]] = ()
    #: What an address of the view may hold besides the filters.
    OTHER_PARAMS: ClassVar[tuple[str, ...]] = ()

    def main(self) -> list[forms.BoundField]:
        return [self[name] for name in self.ALWAYS_SHOWN]

    def more(self) -> list[forms.BoundField]:
        """The fields behind "more filters"."""
        return [self[name] for name in self.fields if name not in self.ALWAYS_SHOWN]

    def more_in_use(self) -> bool:
        return bool(self.chosen().keys() - set(self.ALWAYS_SHOWN)) or bool(self.errors)

    def given(self) -> tuple[tuple[str, str], ...]:
        """All that was given for its fields, understood or not."""
        return tuple((name, self.data[name]) for name in self.fields if name in self.data)

    def chosen(self) -> dict[str, Any]:
        """The valid filters that were given."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    def query(self, **instead: str | None) -> str:
        """The query string of this view, or of one with other values; None takes a filter out."""
        values: Mapping[str, str | None] = {
            name: self.data.get(name) for name in self.chosen()
        } | instead
        kept = QueryDict(mutable=True)
        for name in self.fields:
            if value := values.get(name):
                kept[name] = value
        return kept.urlencode()

    def problems(self) -> list[Problem]:
        """All that was asked for and is not applied, so that nothing is ignored in silence."""
        found = [
            Problem(str(self.fields[name].label), str(message), self[name].id_for_label)
            for name, messages in self.errors.items()
            for message in messages
        ]
        for name in self.data:
            if name in self.OTHER_PARAMS:
                continue
            if name not in self.fields:
                found.append(Problem(name, _("There is no filter of this name.")))
            elif isinstance(self.data, QueryDict) and len(self.data.getlist(name)) > 1:
                message = _("Given more than once; only the last one counts.")
                found.append(
                    Problem(str(self.fields[name].label), message, self[name].id_for_label)
                )
        return found
