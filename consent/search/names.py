"""Finds the platforms that a query names: by name, alias or domain, despite typing errors."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from platforms.models import Platform

#: From this similarity (0 to 100) on a word counts as a typing error of another. Chosen: one wrong
#: letter in five.
_LIKE = 80
#: Shorter words resemble too many others to correct them. Chosen.
_SHORTEST_FORGIVEN = 4
_LONGEST_NAME = 4  # words

_WORD = re.compile(r"[\w.&+-]*\w")


@dataclass(frozen=True, slots=True)
class Named:
    """The platforms that a query names, and its words that are part of no name.

    corrected: the right spelling of the name, if it was typed with an error.
    """

    platforms: list[Platform]
    rest: list[str]
    corrected: str = ""


def words(text: str) -> list[str]:
    """Cut a text into plain lower-case words without accents; domains stay whole."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return _WORD.findall("".join(letter for letter in plain if not unicodedata.combining(letter)))


def named_platforms(query: Sequence[str], platforms: Iterable[Platform]) -> Named:
    """Find names in the words of a query; the longest first, so that "meta ai" is not "meta"."""
    names = _names(platforms)
    found: dict[int, Platform] = {}
    rest: list[str] = []
    at = 0
    while at < len(query):
        for length in range(min(_LONGEST_NAME, len(query) - at), 0, -1):
            if matching := names.get(" ".join(query[at : at + length])):
                found.update({platform.pk: platform for platform in matching})
                at += length
                break
        else:
            rest.append(query[at])
            at += 1
    if found:
        return Named(list(found.values()), rest)
    return _with_typing_errors(rest, names)


def closest(typed: str, known: Iterable[str]) -> str | None:
    """Return the known word most similar to the typed one; None if none is similar enough."""
    if len(typed) < _SHORTEST_FORGIVEN:
        return None
    best = process.extractOne(
        typed,
        [name for name in known if len(name) >= _SHORTEST_FORGIVEN],
        scorer=fuzz.ratio,
        score_cutoff=_LIKE,
    )
    return best[0] if best else None


def _with_typing_errors(query: list[str], names: dict[str, list[Platform]]) -> Named:
    for span in (query, *([word] for word in query)):
        typed = " ".join(span)
        if best := closest(typed, names):
            matching = names[best]
            rest = [word for word in query if word not in span]
            return Named(matching, rest, corrected=matching[0].name)
    return Named([], query)


def _names(platforms: Iterable[Platform]) -> dict[str, list[Platform]]:
    """Return platforms by every spelling of their names: words joined by spaces."""
    names: dict[str, list[Platform]] = {}
    for platform in platforms:
        spellings = [platform.name, platform.slug.replace("-", " "), *platform.aliases]
        for spelling in dict.fromkeys(" ".join(words(spelling)) for spelling in spellings):
            names.setdefault(spelling, []).append(platform)
    return names
