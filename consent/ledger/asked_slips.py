"""Corrects one wrong letter in words that decide an answer: "our comany", "brazi", "anounced".

For words for people, names of places, and words of questions; names of services are corrected in
consent.search.names. The words are in locale/<language>/search.toml under [slips]. A word of any
language of the site stays as it is.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache
from typing import NamedTuple

from django.conf import settings
from rapidfuzz import process
from rapidfuzz.distance import OSA

from consent.language_data import language_data
from consent.ledger.asked_place import place_names
from consent.search.brands import BRANDS
from consent.search.names import names_of
from consent.search.plain_words import words
from consent.search.questions import asked_language, known_words
from consent.web.editions import per_edition
from platforms.models import Platform

#: Shorter words have too many others beside them: "form" is not "firm". Chosen.
_SHORTEST = 5  # letters
_SHORTEST_OF_SEVERAL = 6  # letters, of a name of a place in several words: "south". Chosen.
_ENDINGS = "emnrs"
_WORD = re.compile(r"[\w.&+-]*\w")
_PARTS = re.compile(r"[,;\n]")


class Slip(NamedTuple):
    typed: str
    meant: str


class Corrected(NamedTuple):
    """A text without slips, and those that were in it, each once."""

    text: str
    slips: list[Slip]


def without_slips(typed: str, platforms: Iterable[Platform]) -> Corrected:
    """Correct words with one letter wrong, missing or too many, or two that are swapped.

    platforms: all that are listed; their names are kept for an edition.
    A word alone between commas may be the name of a service that nobody knows.
    """
    typed = unicodedata.normalize("NFC", typed)
    services = per_edition("plain names of services", lambda: _plain_names(platforms))
    known = _known() | {word for name in services for word in name.split()}
    language = asked_language(words(typed))
    slips: list[Slip] = []

    def meant(found: re.Match[str]) -> str:
        word = found.group()
        plain = "".join(words(word))
        if len(plain) < _SHORTEST or not plain.isalpha() or plain in known or _is_form(plain):
            return word
        spelled = _meant(plain, language)
        if not spelled or _near(plain, services):
            return word
        slips.append(Slip(word, spelled))
        return spelled.upper() if word.isupper() else spelled

    def corrected(part: str) -> str:
        return part if len(words(part)) < 2 else _WORD.sub(meant, part)

    separators = _PARTS.findall(typed)
    parts = zip(map(corrected, _PARTS.split(typed)), [*separators, ""], strict=True)
    return Corrected("".join(f"{part}{end}" for part, end in parts), list(dict.fromkeys(slips)))


def _plain_names(platforms: Iterable[Platform]) -> frozenset[str]:
    names = {name for each in platforms for name in names_of(each)} | BRANDS.keys()
    return frozenset(" ".join(words(name)) for name in names)


def _is_form(plain: str) -> bool:
    """Return whether a word is another one with an ending: "Deutschlands", "mitgeteilte"."""
    return len(plain) > _SHORTEST and plain[-1] in _ENDINGS and plain[:-1] in _known()


def _meant(plain: str, language: str) -> str:
    """Return the word that was meant; "" if none is, or if it may be another place as well."""
    asked = [language] if language else [code for code, _name in settings.LANGUAGES]
    for each in asked:
        listed = _listed(each)
        if found := _near(plain, listed):
            return listed[found[0]]
    places = _places()
    near = _near(plain, places)
    return places[near[0]].spelled if len({places[each].code for each in near}) == 1 else ""


def _near(plain: str, known: Iterable[str]) -> list[str]:
    """Return the known words of which one letter is wrong; the first letter is not, but swapped."""
    near = process.extract(plain, list(known), scorer=OSA.distance, score_cutoff=1, limit=None)
    return [
        word
        for word, *_distance in near
        if len(word) >= _SHORTEST and (word[0] == plain[0] or word[:2] == plain[1::-1])
    ]


class _Place(NamedTuple):
    spelled: str
    code: str


@cache
def _places() -> Mapping[str, _Place]:
    """Return the words in names of countries and groups of these, as they are spelled."""
    return {
        plain: _Place(spelled, code)
        for name, code in reversed(list(place_names()))  # of two spellings the first is kept
        if "-" not in code
        for spelled in name.split()
        for plain in words(spelled)
        if len(plain) >= (_SHORTEST if " " not in name else _SHORTEST_OF_SEVERAL)
    }


@cache
def _listed(language: str) -> Mapping[str, str]:
    """Return the words of a language that are corrected, plain and as they are spelled."""
    spelled = language_data(language, "search").get("slips", {}).get("words", "").split()
    return {"".join(words(word)): word for word in reversed(spelled)}  # "Tochter" before "Töchter"


@cache
def _known() -> frozenset[str]:
    """Return plain words that are no slips, in all languages of the site, and names of places."""
    of_places = frozenset(word for name, _code in place_names() for word in words(name))
    return of_places | known_words()
