"""Finds a place in what people type: "linkedin uk", "does slack train in Germany"."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence, Set
from functools import cache
from itertools import dropwhile
from pathlib import Path
from typing import NamedTuple

import yaml
from django.conf import settings
from django.utils.translation import override

from consent.language_data import listed_words
from consent.ledger.place_words import place_name
from consent.ledger.reader_place import ALSO_CALLED, codes_of
from consent.search.plain_words import CONJUNCTIONS, UNINDEXED, words
from platforms.places import (
    GROUPS,
    Where,
    city_countries,
    countries,
    english_name,
    parts,
    region_countries,
)

#: No code of one place: these have rules of their own. All but the last two are the EEA.
EUROPE = "EUROPE"
PARTS_OF_EUROPE = ("EU", "NO", "IS", "LI", "GB", "CH")
_ALSO_CALLED = {**ALSO_CALLED, EUROPE: ("europe", "europa")}
#: Names that are ordinary words too, or names of people: only after a word such as "in". Chosen.
_ORDINARY = frozenset(
    (
        *("us", "states", "chad", "turkey", "jordan", "georgia", "jersey", "mali", "niger", "togo"),
        *("island", "guinea", "reunion", "israel", "andorra", "dominica", "victoria", "washington"),
        *("peru", "america", "amerika", "europa", "ue", "virginia", "carolina", "montana", "wales"),
    )
)
#: Before "eu" where it is no place but a French verb: "LinkedIn a-t-il eu une amende".
_HAD = frozenset(("a", "ai", "as", "ont", "avait", "avoir", "a-t-il", "a-t-elle", "ont-ils"))
#: Parts of countries whose names are ordinary words, or names of services.
_NO_REGIONS = frozenset(
    (
        *(
            "bath",
            "brussels",
            "cascade",
            "casey",
            "center",
            "central",
            "centrale",
            "cher",
            "como",
            "davis",
            "delta",
            "east",
            "easter",
            "fier",
            "general",
        ),
        *("independence", "liberty", "male", "manche", "manus", "marche", "meta", "most", "north"),
        *(
            "pool",
            "principe",
            "progress",
            "reading",
            "sale",
            "south",
            "store",
            "tete",
            "west",
            "zeta",
        ),
    )
)
_SHORTEST_REGION = 4  # letters
_BEFORE = frozenset(
    ("in", "en", "im", "au", "aux", "from", "aus", "within", "fur", "for", "pour", "dans")
)
#: Before a place that is not meant: "outside of the EU", "not in Germany".
_NOT = frozenset(
    (
        *("outside", "not", "except", "excluding", "beyond", "without", "ausserhalb", "nicht"),
        *("ausser", "ohne", "hors", "pas", "sauf", "excepte"),
    )
)
#: Before and after a country in small letters: "from us" names nobody's country.
_BEFORE_US = frozenset(("in", "the", "within", "den"))
_AFTER_US = frozenset(("users", "people", "citizens", "residents", "customers", "accounts"))
_LINKS = frozenset(("of", "von", "de", "d", "l"))
_HERE = frozenset(("here", "hier", "ici"))
_ARTICLES = frozenset(("the", "der", "die", "den", "dem", "le", "la", "les", "l"))
_AGAINST = listed_words("small_words", "against")
_LONGEST = 4  # words
#: Words of a name with a place beside it. Chosen.
_FEW = 3


class AskedPlace(NamedTuple):
    """code: "" if no place is named, EUROPE; a name that several places have, as it is: "Georgia".

    rest: the words without it, and without what is before it. excluded: the place that is not meant
    beside it: "but not in the EU". is_city: a city named it; its part may follow: "Columbus, Ohio".
    """

    code: str
    rest: list[str]
    excluded: str = ""
    is_city: bool = False


def asked_place(
    typed: Sequence[str], certain: Collection[str] = (), is_another: bool = False
) -> AskedPlace:
    """Find the first place in words as plain_words.words cuts them. A place alone is no place.

    certain: words that name a place though they are ordinary ones, such as "US" in capitals.
    is_another: one was found before, so a city may follow "and" instead of "in".
    A place that is excluded is none, and is left out of the rest.
    """
    names = _codes()
    for at in range(len(typed)):
        for length in range(min(_LONGEST, len(typed) - at), 0, -1):
            name = " ".join(typed[at : at + length])
            start = _start(typed, at)
            is_joined = is_another and not CONJUNCTIONS.isdisjoint(typed[:at][-1:])
            code = names.get(name) or (_regions().get(name, "") if start < at or is_joined else "")
            if not code and typed[:at][-1:] == ["a"]:
                code = _cities().get(name, "")  # "à Lyon"
            if name == "us" and name not in certain and not _is_country(typed, at):
                continue
            if code and (start_of_not := _start_of_not(typed, start)) is not None:
                rest = [*typed[:start_of_not], *typed[at + length :]]
                return asked_place(rest, certain)._replace(excluded=code)
            is_verb = name == "eu" and not _HAD.isdisjoint(typed[:at][-1:])
            is_alone = length == len(typed) - at or not at  # "Facebook Jersey"
            is_beside_a_name = is_alone and len(typed) <= _FEW and UNINDEXED.isdisjoint(typed)
            is_ordinary = (name in _ORDINARY or is_verb) and name not in certain
            is_ordinary = is_ordinary and (name == "us" or not is_beside_a_name)
            if not code or (code.isupper() and is_ordinary and start == at):
                continue
            if rest := [*typed[:start], *typed[at + length :]]:
                is_city = name not in names and name in _cities()
                return _without_excluded(AskedPlace(code, rest, is_city=is_city), certain)
    return AskedPlace("", list(typed))


def _is_country(typed: Sequence[str], at: int) -> bool:
    """Return whether "us" in small letters is a country, as the words beside it say."""
    before, after = typed[:at][-1:], typed[at + 1 :][:1]
    return not (_BEFORE_US.isdisjoint(before) and _AFTER_US.isdisjoint(after))


def _without_excluded(found: AskedPlace, certain: Collection[str]) -> AskedPlace:
    """Add the place that is excluded after the one that is meant, if one is."""
    further = asked_place(found.rest, certain) if not _NOT.isdisjoint(found.rest) else found
    if further is found or not further.excluded or further.code:
        return found
    return found._replace(rest=further.rest, excluded=further.excluded)


def weighed_words(typed: Sequence[str]) -> set[str]:
    """Return the words that name a place because they are weighed against one: "us vs germany".

    Beside "or" and "and" only if the other one is a name of a place and no ordinary word.
    """
    found = set()
    for at, word in enumerate(typed):
        before, after = typed[:at], _after_articles(typed[at + 1 :])
        sides = {*before[-1:], *after[:1]}
        joins = word in CONJUNCTIONS and any(map(_is_certain, sides))
        if word in _AGAINST or joins:
            found |= sides
    return found


def _after_articles(typed: Sequence[str]) -> Sequence[str]:
    return list(dropwhile(lambda word: word in _ARTICLES | _BEFORE, typed))


def _is_certain(word: str) -> bool:
    return word in _codes() and word not in _ORDINARY


def place_on_record(place: str, wheres: Iterable[Where]) -> str:
    """Return the one of several places of a name that records name: CD of "Congo".

    The place as it is if the name has one alone, or records name none or several of them.
    """
    codes = codes_of(place)
    if len(codes) < 2:
        return place
    named = {
        code
        for where in wheres
        for code in codes
        if code in (*where.places, *where.except_places, *where.some_of)
    }
    return named.pop() if len(named) == 1 else place


def _start(typed: Sequence[str], at: int) -> int:
    """Return where the words about the place begin, with "in the" before its name."""
    led = _led(typed, at, _ARTICLES, by=_BEFORE)
    return at if led is None else led


def _start_of_not(typed: Sequence[str], start: int) -> int | None:
    """Return where the words begin that exclude a place; None if it is not excluded."""
    return _led(typed, start, _LINKS | _ARTICLES | _HERE, by=_NOT)


def _led(typed: Sequence[str], at: int, between: Set[str], *, by: Set[str]) -> int | None:
    """Return where a word is that leads to what is at a place, with nothing else between."""
    while at and typed[at - 1] in between:
        at -= 1
    return at - 1 if at and typed[at - 1] in by else None


@cache
def _codes() -> dict[str, str]:
    """Return places by their names in the languages of the site; a name of several as it is."""
    named: dict[str, set[str]] = {}
    for name, code in place_names():
        named.setdefault(" ".join(words(name)), set()).add(code)
    return {name: codes.pop() if len(codes) == 1 else name.title() for name, codes in named.items()}


def place_names() -> Iterator[tuple[str, str]]:
    """Yield the names of places in the languages of the site, as spelled, with their codes."""
    for language, _name in settings.LANGUAGES:
        with override(language):
            for code in (*countries(), *GROUPS, *parts("US"), *parts("CA")):
                yield place_name(code), code
                yield english_name(code), code
    for code, others in _ALSO_CALLED.items():
        for name in others:
            yield name, code


@cache
def _regions() -> dict[str, str]:
    """Return countries by names of parts and cities that no other country has: "Sao Paulo".

    Many are ordinary words somewhere, so they count only after a word such as "in".
    """
    named: dict[str, set[str]] = {}
    languages = [language for language, _name in settings.LANGUAGES]
    of_cities = city_countries(languages)
    for name, countries_with_it in (*region_countries().items(), *of_cities.items()):
        named.setdefault(" ".join(words(name)), set()).update(countries_with_it)
    known = {*_codes(), *_ORDINARY, *_NO_REGIONS}
    regions = {
        name: next(iter(codes))
        for name, codes in named.items()
        if len(codes) == 1 and len(name) >= _SHORTEST_REGION and name not in known
    }
    return regions | {name: code for name, code in _cities().items() if name not in known}


@cache
def _cities() -> dict[str, str]:
    """Return the countries of large cities by their names in the languages of the site."""
    file = Path(__file__).with_name("cities.yaml")
    cities: dict[str, list[str]] = yaml.safe_load(file.read_text(encoding="utf-8"))
    return {" ".join(words(name)): code for code, names in cities.items() for name in names}
