"""Doubts that an editor should check before publishing an entry. They do not block it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from django.utils.translation import override

from consent.ledger.place_words import place_name, place_words
from consent.models import Entry
from platforms import places
from platforms.places import Coverage, Where

_IN = re.compile(r"\bin (the )?$", re.IGNORECASE)
_OUTSIDE = re.compile(r"\b(outside|except|excluding)\b", re.IGNORECASE)
#: Other names of places in English sentences. Case-sensitive, since "us" is no place.
_ALSO_NAMED = {
    "European Union": "EU",
    "Europe": "EU",
    "European Economic Area": "EEA",
    "United Kingdom": "GB",
    "Great Britain": "GB",
    "Britain": "GB",
    "U.S.": "US",
    "USA": "US",
    "United States": "US",
    "Korea": "KR",
    "Turkey": "TR",
}

#: States of the US whose names mostly mean something else: the New York Times, Washington DC.
_NAMES_OF_CITIES_TOO = {"US-NY", "US-WA"}


def doubts_about(entry: Entry) -> list[str]:
    """Return possible contradictions between an entry's title and fields, for its editor."""
    doubts = []
    if differing := _places_not_recorded(entry.title, entry.where):
        named = " and ".join(place_name(code) for code in differing)
        doubts.append(
            f"The sentence names {named}; the places are: {place_words(entry.where)}. "
            "Alerts and filters go by the places."
        )
    if not entry.data_kinds:
        doubts.append(
            "No kind of data is named: readers who filter by kind, or subscribed to one, do not "
            "get this entry."
        )
    return doubts


def _places_not_recorded(title: str, where: Where) -> list[str]:
    """Return the places in a title that the codes do not name, or name with opposite meaning.

    "In the EU" and "outside the EU" name the same place with opposite meaning.
    """
    elsewhere = _OUTSIDE.search(title) is not None
    missing = []
    for code, at in _places_in(title).items():
        inside = _names(where.places + where.some_of, code) and _is_covered(code, where)
        outside = _names(where.except_places, code)
        if elsewhere:
            is_recorded = outside or not _is_covered(code, where)
        elif _IN.search(title[:at]):
            is_recorded = inside
        else:
            is_recorded = inside or outside
        if not is_recorded:
            missing.append(code)
    return missing


def _names(codes: tuple[str, ...], code: str) -> bool:
    """Return whether codes name a place, or a group or country that it is part of."""
    members = places.expanded((code,))
    return members <= places.expanded(codes) or code.partition("-")[0] in codes


def _is_covered(code: str, where: Where) -> bool:
    return all(where.covers(cell) != Coverage.NOT for cell in places.cells(code, [where]))


def _places_in(words: str) -> dict[str, int]:
    """Return the places in an English text, with the position of their first mention."""
    positions: dict[str, int] = {}
    for match in _pattern().finditer(words):
        positions.setdefault(_names_of_places()[match[0]], match.start())
    return positions


@cache
def _pattern() -> re.Pattern[str]:
    # The longest first, because some names begin with another one (Niger, Nigeria).
    names = sorted(_names_of_places(), key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, names))})(?!\w)")


@cache
def _names_of_places() -> Mapping[str, str]:
    """Codes by the names of countries, groups and states of the US."""
    states = set(places.parts("US")) - _NAMES_OF_CITIES_TOO
    codes = (*places.GROUPS, *places.countries(), *states)
    with override("en"):
        return {place_name(code): code for code in codes} | _ALSO_NAMED
