"""Where a reader lives and what kind of account they have: choices, and what concerns them."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection
from functools import cache
from typing import Any

from django import forms
from django.conf import settings
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from consent.ledger.place_words import cldr_name, listed, place_name, places_in_sentence
from consent.vocabulary import People
from platforms.places import (
    GROUPS,
    Coverage,
    Where,
    cells,
    countries,
    english_name,
    is_known,
    parts,
)

#: A country that no record names. CLDR gives this code to unknown territories.
ELSEWHERE = "ZZ"
#: What people call places besides their names. Small letters without accents.
ALSO_CALLED = {
    "GB": (
        "united kingdom",
        "vereinigtes konigreich",
        "royaume uni",
        "uk",
        "u.k",
        "britain",
        "great britain",
        "england",
        "angleterre",
        "scotland",
        "schottland",
        "ecosse",
        "wales",
        "pays de galles",
        "northern ireland",
        "nordirland",
        "irlande du nord",
        "grossbritannien",
    ),
    "US": (
        *("usa", "u.s", "us", "u.s.a", "america", "united states", "states", "amerika"),
        *("etats unis", "united states of america"),
    ),
    "EU": ("eu", "european union", "ue"),
    "EEA": ("european economic area",),
    "DE": ("germany", "deutschland", "allemagne"),
    "CZ": ("czech republic", "cesko"),
    "NL": ("holland", "nederland", "hollande"),
    "TR": ("turkey", "turkiye"),
    "BE": ("belgie",),
    "BR": ("brasil",),
    "CH": ("svizzera",),
    "DK": ("danmark",),
    "ES": ("espana",),
    "FI": ("suomi",),
    "HR": ("hrvatska",),
    "HU": ("magyarorszag",),
    "IT": ("italia",),
    "NO": ("norge",),
    "PL": ("polska",),
    "SE": ("sverige",),
    "SK": ("slovensko",),
    "CI": ("ivory coast",),
    "AE": ("uae",),
    "IE": ("republic of ireland",),
    "MM": ("burma", "birma", "birmanie"),
    "PS": ("palestine", "palastina"),
    "VG": ("virgin islands",),
    "VI": ("virgin islands",),
    "KR": ("korea", "coree"),  # whoever means the other one says so
    "MK": ("macedonia", "mazedonien", "macedoine"),
    "CG": ("congo", "kongo"),
    "CD": ("congo", "kongo"),
}


def place_code(value: str) -> str:
    """Return the code of a place given by its code or its name; "" if unknown or ambiguous."""
    codes = codes_of(value)
    return codes[0] if len(codes) == 1 else ""


def codes_of(value: str) -> tuple[str, ...]:
    """Return the codes of the places that a code or a name in a language of the site may mean."""
    value = value.strip()
    if value == ELSEWHERE or is_known(value):
        return (value,)
    if is_known(value.upper()) and len(value) > 1:
        return (value.upper(),)
    return _codes_by_name().get(_plain(value), ())


def _plain(name: str) -> str:
    """Return a name in small letters without accents, article and last full stop."""
    letters = unicodedata.normalize("NFKD", name.casefold())
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return plain.removeprefix("the ").rstrip(".")


@cache
def _codes_by_name() -> dict[str, tuple[str, ...]]:
    """Countries, groups, and the parts of the US and Canada, which people ask about by name."""
    named: dict[str, dict[str, None]] = {}
    codes = (*countries(), *GROUPS, *parts("US"), *parts("CA"))
    for language, _name in settings.LANGUAGES:
        with override(language):
            for code in codes:
                for name in filter(None, (place_name(code), cldr_name(code))):
                    named.setdefault(_plain(name), {})[code] = None
    for code in codes:
        for name in (english_name(code), *ALSO_CALLED.get(code, ())):
            named.setdefault(_plain(name), {})[code] = None
    return {name: tuple(found) for name, found in named.items()}


def place_label(code: str) -> str:
    """Name a reader's place in the language of the page."""
    return str(_("another country")) if code == ELSEWHERE else place_name(code)


def place_in_sentence(code: str) -> str:
    """Name a reader's place as it is in a sentence about people there: "in the US"."""
    if code == ELSEWHERE:
        return str(_("in another country"))
    return str(_("in %(place)s")) % {"place": listed(places_in_sentence(Where((code,))))}


def place_choices(anywhere: Any) -> list[tuple[str, Any]]:
    """Return the places that a reader can choose from, by name; first none of them."""
    named = sorted(((code, place_name(code)) for code in countries()), key=_by_name)
    groups = [(code, place_name(code)) for code in GROUPS]
    return [("", anywhere), *groups, *named, (ELSEWHERE, place_label(ELSEWHERE))]


def _by_name(choice: tuple[str, str]) -> str:
    # Without accents: "Österreich" among those with o, "Bénin" before "Bermudes".
    return _plain(choice[1])


_WHERE = _("You live in")
_ANYWHERE = _("anywhere")
_SELECTED = SafeString(" selected")


class _PlaceSelect(forms.Select):
    """Also offers what is chosen, if it is a part of a country, which the list leaves out.

    Django draws each of 260 options from three templates, which takes longer than many a page.
    """

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        chosen = self.format_value(value)
        choices = [(str(code), label) for code, label in self.choices]
        listed = {code for code, _label in choices}
        choices += [
            (code, place_label(code)) for code in chosen if code not in listed and is_known(code)
        ]
        options = ((code, _SELECTED if code in chosen else "", label) for code, label in choices)
        return format_html(
            "<select{}>{}</select>",
            flatatt({"name": name} | self.build_attrs(self.attrs, attrs)),
            format_html_join("\n", '<option value="{}"{}>{}</option>', options),
        )


class PlaceField(forms.ChoiceField):
    """The reader's place. Also accepts parts of countries, and English names."""

    widget = _PlaceSelect

    def __init__(self, *, label: Any = _WHERE, anywhere: Any = _ANYWHERE) -> None:
        super().__init__(label=label, required=False, choices=lambda: place_choices(anywhere))

    def to_python(self, value: Any) -> str:
        given = super().to_python(value)
        return place_code(given) or given

    def valid_value(self, value: str) -> bool:
        return value == ELSEWHERE or is_known(value)


def people_field(anybody: Any) -> forms.ChoiceField:
    """Return the field for the kind of people that an answer is for."""
    return forms.ChoiceField(
        label=_("Your account is"), required=False, choices=[("", anybody), *People.choices]
    )


def reaches(where: Where, place: str) -> bool:
    """Return whether something holds, surely or perhaps, for people in a place; "" is anywhere."""
    if not place:
        return True
    return any(where.covers(cell) != Coverage.NOT for cell in cells(place, [where]))


def concerns(people: Collection[str], chosen: str) -> bool:
    """Return whether something that names these kinds of people is about one kind; "" is any.

    No kind named means everyone. Creators have a personal account too.
    """
    if not (people and chosen):
        return True
    return chosen in people or (chosen == People.CREATORS and People.PERSONAL in people)
