"""What an answer needs at the desk: listed plans, parts, and short phrases for uses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError

from consent.declarations.plan_names import why_no_plan, why_not_for
from consent.models import Branch, Entry, Guide, Offer, Use
from consent.vocabulary import People
from platforms.declarations import PlanDeclaration, plans_of
from platforms.desk.list_users import NAMERS
from platforms.models import Platform

LONGEST_PHRASE = 30  # as ShortDeclaration
LONGEST_LOCAL_TITLE = 120  # as LocalTitleDeclaration


def require_listed_plans(
    form: forms.BaseForm, platforms: Iterable[Platform], *, people: Iterable[str] = ()
) -> None:
    """Require that the plans of a cleaned form are in the list of one of these platforms."""
    listed: dict[str, PlanDeclaration] = {}
    for platform in platforms:
        listed |= {plan.name: plan for plan in plans_of(platform)}
    kinds = tuple(map(People, people))
    for name in form.cleaned_data.get("plans") or ():
        if problem := why_no_plan(name, listed) or why_not_for(name, kinds, listed):
            form.add_error("plans", f"{problem[0].upper()}{problem[1:]}.")


def require_listed_part(form: forms.BaseForm, platform: Platform | None) -> None:
    """Require that the part of a cleaned form is in the list of the platform."""
    part = form.cleaned_data.get("part")
    if part and platform and part not in platform.parts:
        known = f" It has {', '.join(platform.parts)}." if platform.parts else ""
        form.add_error("part", f"Add “{part}” to the parts of {platform} first.{known}")


def _inputs(labels: Mapping[str, str]) -> dict[str, forms.Widget | type[forms.Widget]]:
    """Return a box for each key, named by its label."""
    return {
        key: forms.TextInput({"aria-label": label, "placeholder": label, "size": 30})
        for key, label in labels.items()
    }


class _ShortInputs(forms.MultiWidget):
    def __init__(self) -> None:
        super().__init__(_inputs({code: f"Short, {name}" for code, name in settings.LANGUAGES}))

    def decompress(self, value: Mapping[str, str] | None) -> list[str]:
        return [(value or {}).get(code, "") for code, _name in settings.LANGUAGES]


class ShortField(forms.MultiValueField):
    """A phrase in each language of the site, or none: a dict by language, as Use.short is."""

    def __init__(self, **options: Any) -> None:
        fields = [
            forms.CharField(max_length=LONGEST_PHRASE, required=False) for _ in settings.LANGUAGES
        ]
        super().__init__(fields, widget=_ShortInputs(), required=False, **options)

    def compress(self, values: list[str]) -> dict[str, str]:
        phrases = {
            code: phrase for (code, _), phrase in zip(settings.LANGUAGES, values, strict=False)
        }
        if not any(phrases.values()):
            return {}
        if missing := [name for code, name in settings.LANGUAGES if not phrases.get(code)]:
            raise ValidationError(f"Write it in all languages: {', '.join(map(str, missing))}.")
        return phrases


def _other_languages() -> list[tuple[str, str]]:
    return [(code, name) for code, name in settings.LANGUAGES if code != "en"]


class _TitleInputs(forms.MultiWidget):
    def __init__(self) -> None:
        labels: dict[str, str] = {}
        for code, name in _other_languages():
            labels |= {code: name, f"{code}_if_not": f"{name}, where it is not so"}
        super().__init__(_inputs(labels))

    def decompress(self, value: Mapping[str, Mapping[str, str]] | None) -> list[str]:
        known = [(value or {}).get(code, {}) for code, _name in _other_languages()]
        return [each.get(key, "") for each in known for key in ("title", "title_if_not")]


class TitlesField(forms.MultiValueField):
    """The titles of a use in other languages than English: a dict by language, as Use.titles is."""

    def __init__(self, **options: Any) -> None:
        count = 2 * len(_other_languages())
        fields = [
            forms.CharField(max_length=LONGEST_LOCAL_TITLE, required=False) for _ in range(count)
        ]
        super().__init__(fields, widget=_TitleInputs(), required=False, **options)

    def compress(self, values: list[str]) -> dict[str, dict[str, str]]:
        found = {}
        pairs = zip(values[::2], values[1::2], strict=True)
        for (code, name), (title, if_not) in zip(_other_languages(), pairs, strict=False):
            if if_not and not title:
                raise ValidationError(f"Write the title in {name} too.")
            if title:
                found[code] = {"title": title, "title_if_not": if_not}
        return found


def _plans_named(platform: Platform) -> Mapping[str, str]:
    """Return which record names each plan of a platform."""
    of_use, of_control = {"use__platform": platform}, {"control__platform": platform}
    records: list[Any] = [
        *Branch.objects.filter(**of_use).select_related("use__platform"),
        *Offer.objects.filter(**of_control).select_related("control__platform"),
        *Entry.objects.filter(platforms=platform),
        *Guide.objects.filter(platform=platform),
    ]
    return {plan: str(record) for record in records for plan in record.plans}


def _parts_named(platform: Platform) -> Mapping[str, str]:
    return {use.part: str(use) for use in Use.objects.filter(platform=platform) if use.part}


NAMERS["plans"] = _plans_named
NAMERS["parts"] = _parts_named
