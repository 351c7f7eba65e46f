"""The form field for the labels of a control in other languages than English."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf.locale import LANG_INFO
from django.core.exceptions import ValidationError

from platforms.desk.fields import RowsField

#: Languages by their two-letter codes, in the order of their English names.
_LANGUAGES = sorted(
    ((code, info["name"]) for code, info in LANG_INFO.items() if len(code) == 2 and code != "en"),
    key=lambda language: language[1],
)


class _LanguageSelect(forms.Select):
    """A list of languages. A stored code that is not on it is added, so that it is not lost."""

    def optgroups(self, name: str, value: list[str], attrs: Any = None) -> Any:
        known = {"": "Language"} | dict(_LANGUAGES)
        stored = {code: code for code in value if code not in known}
        self.choices = [*(known | stored).items()]
        return super().optgroups(name, value, attrs)


class _LabelInputs(forms.MultiWidget):
    """A language, the label in it, its path, and the address of a page that shows it."""

    template_name = "django/forms/widgets/multiwidget.html"

    def __init__(self) -> None:
        def words(label: str) -> dict[str, Any]:
            return {"aria-label": label, "placeholder": label, "size": 40}

        super().__init__(
            {
                "language": _LanguageSelect(attrs={"aria-label": "Language"}),
                "": forms.TextInput(words("Label in that language") | {"maxlength": 300}),
                "path": forms.TextInput(words("Menu path, parts joined by ›") | {"maxlength": 500}),
                "source": forms.URLInput(words("Address of a page that shows it")),
            }
        )

    def decompress(self, value: Any) -> list[str]:
        return ["", "", "", ""]


class _LabelField(forms.Field):
    """One language, with what `LocalLabelDeclaration` says of it."""

    _source = forms.URLField(max_length=1000, assume_scheme="https")

    def __init__(self) -> None:
        super().__init__(widget=_LabelInputs())

    def clean(self, value: Any) -> tuple[str, dict[str, str]]:
        language, label, path, source = (" ".join(str(part or "").split()) for part in value)
        if not language:
            raise ValidationError("Choose the language of the label.")
        if language == "en":
            raise ValidationError("The English label belongs into the field “label”.")
        if not label or not source:
            raise ValidationError(
                "Write the label as the product has it in that language, and the address of a "
                "page that shows it."
            )
        return language, {"label": label, "path": path, "source": self._source.clean(source)}


class LocalLabelsField(RowsField):
    """What the product calls a control in other languages: a dict by language, as in files."""

    def __init__(self, **options: Any) -> None:
        super().__init__(_LabelField(), **options)

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, dict):
            return value  # the rows as they were typed
        return [
            [language, local["label"], local["path"], local["source"]]
            for language, local in sorted(value.items())
        ]

    def to_python(self, value: Any) -> Any:
        labels: dict[str, dict[str, str]] = {}
        for language, local in super().to_python(value):
            if language in labels:
                raise ValidationError(f"There are two labels for one language: {language}.")
            labels[language] = local
        return labels
