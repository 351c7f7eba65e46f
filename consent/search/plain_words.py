"""Cuts texts into plain words."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cache

from consent.language_data import listed_words

_WORD = re.compile(r"[\w.&+-]*\w")
#: Between the names of a list.
CONJUNCTIONS = listed_words("small_words", "joins")
#: Words of a name with one beside it. Chosen.
_FEW = 4


def words(text: str) -> list[str]:
    """Cut a text into plain lower-case words without accents; domains stay whole."""
    if text.isascii():  # most texts; to look at each letter takes ten times as long
        return _WORD.findall(text.casefold())
    plain = unicodedata.normalize("NFKD", text.casefold())
    return _WORD.findall("".join(letter for letter in plain if not unicodedata.combining(letter)))


def phrases_in(query: Iterable[str], phrases: Iterable[str]) -> list[str]:
    """Return those of the phrases, plain words with spaces between them, that a query has."""
    text = f" {' '.join(query)} "
    return [phrase for phrase in phrases if f" {phrase} " in text]


def shapes_in(query: Iterable[str], phrases: Iterable[str]) -> list[str]:
    """Return those of the phrases that a query has, with those of words with others between."""
    text = f" {' '.join(query)} "
    return [
        phrase
        for phrase in phrases
        if all(part in text for part in phrase.split(" … "))
        and (f" {phrase} " in text or (" … " in phrase and _is_in(text, phrase)))
    ]


def has_phrase(query: Sequence[str], phrases: Iterable[str]) -> bool:
    """Return whether a query has one of the phrases, plain words with spaces between them.

    An ellipsis in a phrase stands for any words: "how long … keep". One after ^ begins the query:
    "fine Meta", where "is it fine" asks for something else. One before $ ends a few words that are
    no sentence: "Meta fine".
    """
    text = f" {' '.join(query)} "
    if isinstance(phrases, frozenset):  # of hundreds, few begin with a word of the query
        beginning = _by_first_word(phrases)
        phrases = [phrase for word in set(text.split()) for phrase in beginning.get(word, ())]
    return any(_is_in(text, phrase) for phrase in phrases)


@cache
def _by_first_word(phrases: frozenset[str]) -> Mapping[str, Sequence[str]]:
    found = defaultdict(list)
    for phrase in phrases:
        found[phrase.removeprefix("^").removesuffix("$").split()[0]].append(phrase)
    return found


def _is_in(text: str, phrase: str) -> bool:
    if phrase.startswith("^"):
        return text.startswith(f" {phrase[1:]} ")
    if phrase.endswith("$"):
        query = text.split()
        is_short = len(query) <= _FEW and UNINDEXED.isdisjoint(query)
        return is_short and text.endswith(f" {phrase[:-1]} ")
    if " … " not in phrase:
        return f" {phrase} " in text
    return bool(re.search(" " + " .*?".join(map(re.escape, phrase.split(" … "))), text))


#: Words that PostgreSQL leaves out of its index; SQLite is not asked for them either.
UNINDEXED = frozenset(
    words(
        "a about above after again against all am an and any are as at be because been before being"
        " below between both but by can did do does doing don down during each few for from further"
        " had has have having he her here hers herself him himself his how i if in into is it its"
        " itself just me more most my myself no nor not now of off on once only or other our ours"
        " ourselves out over own s same she should so some such t than that the their theirs them"
        " themselves then there these they this those through to too under until up very was we"
        " were what when where which while who whom why will with you your yours yourself"
        " yourselves"
    )
)
