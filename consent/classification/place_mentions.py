"""Places that an English sentence names, and whether it says inside or outside of them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from platforms import places
from platforms.places import Where

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
#: Too vague to be recorded as one group: pages mean the EU, the EEA or the continent by it.
_VAGUE = {"Europe"}

_INSIDE = re.compile(
    r"\b(?:in|within|from|of|for|across|is|are) (?:the )?(?:rest of the )?$", re.IGNORECASE
)
_OUTSIDE = re.compile(
    r"\b(?:outside|except(?: for| in)?|excluding|other than|not in|elsewhere than)"
    r"(?: of)?(?: in)? (?:the )?$",
    re.IGNORECASE,
)
_PEOPLE_AFTER = re.compile(
    r"^(?:[-–]based)? (?:users?|residents?|people|members?|accounts?|customers?|individuals)\b",
    re.IGNORECASE,
)
_LISTED = re.compile(
    r"^\s*(?:,|/|and|or|,\s*(?:and|or))\s*(?:in |outside )?(?:the )?$", re.IGNORECASE
)


def places_in(words: str) -> dict[str, int]:
    """Return the places in an English text, with the position of their first mention."""
    positions: dict[str, int] = {}
    for match in _pattern().finditer(words):
        positions.setdefault(_names_of_places()[match[0]], match.start())
    return positions


def where_in(words: str) -> Where:
    """Return the places that a sentence limits itself to; worldwide if it names none.

    A place counts after "in" or "outside", before "users" and the like, or in a list that began
    so. "EU law" limits nothing.
    """
    inside: list[str] = []
    outside: list[str] = []
    previous: tuple[int, list[str]] | None = None
    for match in _pattern().finditer(words):
        chosen = _list_of(words, match, previous, inside, outside)
        previous = (match.end(), chosen) if chosen is not None else None
        if chosen is not None and match[0] not in _VAGUE:
            chosen.append(_names_of_places()[match[0]])
    return Where(tuple(dict.fromkeys(inside)), () if inside else tuple(dict.fromkeys(outside)))


def _list_of(
    words: str,
    match: re.Match[str],
    previous: tuple[int, list[str]] | None,
    inside: list[str],
    outside: list[str],
) -> list[str] | None:
    """Return the list that a mention of a place belongs to; None if it limits nothing."""
    before = words[max(0, match.start() - 40) : match.start()]
    if _OUTSIDE.search(before):
        return outside
    if previous is not None and _LISTED.match(words[previous[0] : match.start()]):
        return previous[1]
    if _INSIDE.search(before) or _PEOPLE_AFTER.match(words[match.end() :]):
        return inside
    return None


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
    return {places.english_name(code): code for code in codes} | _ALSO_NAMED
