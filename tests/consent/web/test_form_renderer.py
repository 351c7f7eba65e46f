"""Forms drawn without templates are to the byte what Django's templates make of them."""

import datetime as dt

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy

from consent.web.form_renderer import FormRenderer

NASTY = "<\"Tom & 'Jerry'\">"
CHOICES = [("", "---------"), (NASTY, NASTY), (1000, 1000), ("safe", mark_safe("<b>bold</b>"))]
GROUPED = [("", "none"), (NASTY, [("a", "A"), ("b", gettext_lazy("Yes"))])]
ATTRIBUTES = {"class": NASTY, "required": True, "hidden": False, "maxlength": 1000, "data-x": None}
WIDGETS = {
    "text": forms.TextInput,
    "url": forms.URLInput,
    "email": forms.EmailInput,
    "number": forms.NumberInput,
    "password": forms.PasswordInput,
    "hidden": forms.HiddenInput,
    "date": forms.DateInput,
    "area": forms.Textarea,
    "box": forms.CheckboxInput,
    "select": lambda attrs: forms.Select(attrs, CHOICES),
    "grouped": lambda attrs: forms.Select(attrs, GROUPED),
    "several": lambda attrs: forms.SelectMultiple(attrs, CHOICES),
    "nullable": forms.NullBooleanSelect,
    "boxes": lambda attrs: forms.CheckboxSelectMultiple(attrs, CHOICES),
    "grouped boxes": lambda attrs: forms.CheckboxSelectMultiple(attrs, GROUPED),
    "radio": lambda attrs: forms.RadioSelect(attrs, CHOICES),
    "days": forms.SelectDateWidget,
}
VALUES = [None, "", NASTY, mark_safe("<i>"), 1000, dt.date(2026, 11, 24), True, ["a", "safe"]]


@pytest.mark.parametrize("kind", WIDGETS)
@pytest.mark.parametrize("attributes", [{}, {"id": "id_x"}, {"id": "id_x", **ATTRIBUTES}])
def test_a_widget_is_the_same(kind, attributes):
    widget = WIDGETS[kind](attrs=attributes)
    refused = {"days": str | int | list, "nullable": list}.get(kind, ())
    for value in VALUES:
        if isinstance(value, refused):
            continue
        drawn, from_templates = (
            widget.render("a name", value, renderer=renderer())
            for renderer in (FormRenderer, DjangoTemplates)
        )
        assert drawn == from_templates


class Example(forms.Form):
    name = forms.CharField(label=NASTY, help_text="Help")
    day = forms.DateField(label=gettext_lazy("Yes"), label_suffix="")
    choice = forms.MultipleChoiceField(choices=GROUPED, required=False)
    key = forms.CharField(widget=forms.HiddenInput)


@pytest.mark.parametrize("given", [None, {"name": "", "day": NASTY, "choice": NASTY}])
@pytest.mark.parametrize("auto_id", ["id_%s", False])
def test_a_form_with_its_labels_and_errors_is_the_same(given, auto_id):
    drawn, from_templates = (
        Example(given, auto_id=auto_id, renderer=renderer())
        for renderer in (FormRenderer, DjangoTemplates)
    )
    assert drawn.as_p() == from_templates.as_p()
    assert str(drawn) == str(from_templates)
