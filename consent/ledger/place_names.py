"""Translations of the most frequent regions and audiences of catalog files."""

import re

from django.conf import settings
from django.utils.text import get_text_list
from django.utils.translation import get_language, gettext, gettext_noop

_PLACES = frozenset(
    {
        gettext_noop("EU"),
        gettext_noop("EEA"),
        gettext_noop("UK"),
        gettext_noop("US"),
        gettext_noop("Australia"),
        gettext_noop("Austria"),
        gettext_noop("Belgium"),
        gettext_noop("Brazil"),
        gettext_noop("California"),
        gettext_noop("Canada"),
        gettext_noop("Ecuador"),
        gettext_noop("France"),
        gettext_noop("Germany"),
        gettext_noop("Greece"),
        gettext_noop("Hong Kong"),
        gettext_noop("Ireland"),
        gettext_noop("Italy"),
        gettext_noop("Japan"),
        gettext_noop("Kenya"),
        gettext_noop("Netherlands"),
        gettext_noop("Nigeria"),
        gettext_noop("Norway"),
        gettext_noop("Poland"),
        gettext_noop("South Africa"),
        gettext_noop("South Korea"),
        gettext_noop("Spain"),
        gettext_noop("Switzerland"),
        gettext_noop("Thailand"),
        gettext_noop("Türkiye"),
    }
)
_PHRASES = frozenset(
    {
        gettext_noop("worldwide"),
        gettext_noop("certain markets"),
        gettext_noop("everyone"),
        gettext_noop("personal accounts"),
        gettext_noop("organisations"),
        gettext_noop("adults"),
        gettext_noop("artists"),
        gettext_noop("contributors"),
        gettext_noop("channel owners"),
        gettext_noop("site owners"),
        gettext_noop("business customers"),
        gettext_noop("enterprise plans"),
        gettext_noop("people without an account"),
        gettext_noop("everyone, with or without an account"),
    }
)
#: Other names of the same places, and places in titles that have no translation here.
_ALSO_NAMED = {
    r"European Union|Europe": "EU",
    r"European Economic Area": "EEA",
    r"United Kingdom|Britain|Great Britain": "UK",
    r"U\.S\.|USA|United States": "US",
    r"Korea": "South Korea",
    r"Turkey": "Türkiye",
    r"India": "India",
    r"China": "China",
    r"Denmark": "Denmark",
    r"Sweden": "Sweden",
    r"Finland": "Finland",
    r"Portugal": "Portugal",
    r"Mexico": "Mexico",
    r"New Zealand": "New Zealand",
    r"Singapore": "Singapore",
    r"Texas": "Texas",
}
_EXCEPTION = re.compile(r"(worldwide except|outside) (.+)")
_SEPARATOR = re.compile(r", | and ")
_PATTERNS = [
    *((re.compile(rf"\b{re.escape(name)}\b"), name) for name in sorted(_PLACES)),
    *((re.compile(rf"\b(?:{names})(?!\w)"), name) for names, name in _ALSO_NAMED.items()),
]


def in_page_language(words: str) -> str | None:
    """Translate a region or an audience of a catalog file; None if there is no translation."""
    if get_language() == settings.LANGUAGE_CODE:
        return words
    if words in _PHRASES:
        return gettext(words)
    exception = _EXCEPTION.fullmatch(words)
    places = _translated(exception[2] if exception else words)
    if places is None or exception is None:
        return places
    if exception[1] == "outside":
        return gettext("outside %(places)s") % {"places": places}
    return gettext("worldwide except %(places)s") % {"places": places}


def in_plain_text(words: str) -> str:
    """Translate for plain text, without language marks; unknown words stay in English."""
    return in_page_language(words) or words


def places_in(words: str) -> dict[str, int]:
    """Return the places in an English text with the position of their first mention.

    Names are those of regions: "the European Union" counts as EU. Case-sensitive, since "us" is
    no place.
    """
    positions: dict[str, int] = {}
    for pattern, name in _PATTERNS:
        if match := pattern.search(words):
            positions[name] = min(match.start(), positions.get(name, match.start()))
    return positions


def _translated(places: str) -> str | None:
    names = [name.removeprefix("the ") for name in _SEPARATOR.split(places)]
    if not all(name in _PLACES for name in names):
        return None
    return get_text_list([gettext(name) for name in names], gettext("and"))
