"""Fields of forms are written by templates of ours, which include nothing: pages have hundreds."""

from django import forms
from django.conf import settings
from django.forms.renderers import DjangoTemplates, TemplatesSetting
from django.test.html import parse_html

CHOICES = [("", "–"), ("a&b", "A & <B>"), (None, "None"), ("Group", [("1", "One"), (2, "Two")])]


class Everything(forms.Form):
    one = forms.ChoiceField(choices=CHOICES, help_text="Choose.")
    some = forms.MultipleChoiceField(choices=CHOICES, initial=["1", "a&b"])
    required = forms.ChoiceField(
        choices=CHOICES, widget=forms.Select(attrs={"required": True, "class": '"x'})
    )
    maybe = forms.NullBooleanField(required=False)
    text = forms.CharField(
        label="<b>Text</b>",
        max_length=1234,
        widget=forms.TextInput(attrs={"disabled": False, "hidden": True}),
    )
    number = forms.FloatField(localize=True)
    hidden = forms.CharField(widget=forms.HiddenInput())
    ticked = forms.BooleanField()
    ticks = forms.MultipleChoiceField(choices=CHOICES, widget=forms.CheckboxSelectMultiple)
    radio = forms.ChoiceField(choices=CHOICES, widget=forms.RadioSelect)
    long = forms.CharField(widget=forms.Textarea(attrs={"rows": 3}))


TYPED = {
    "one": "a&b",
    "some": ["1", "a&b"],
    "required": "none of them",
    "maybe": "true",
    "text": '<i>"',
    "number": "1234.5x",
    "ticks": ["2"],
    "long": "</textarea>",
}


def test_they_are_as_django_writes_them():
    assert settings.FORM_RENDERER == "django.forms.renderers.TemplatesSetting"
    for data in (None, {}, TYPED):
        ours, theirs = (
            Everything(data, renderer=each()) for each in (TemplatesSetting, DjangoTemplates)
        )
        assert parse_html(str(ours)) == parse_html(str(theirs))
        assert not data or "A &amp; &lt;B&gt;</option>" in str(ours)
