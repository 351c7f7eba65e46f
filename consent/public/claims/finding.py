"""Finds the claims that a question is about, by their words or by what people call them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache

from django.conf import settings

from consent.declarations.claims import ClaimDeclaration, claims_in
from consent.language_data import language_data
from consent.search.plain_words import phrases_in, words
from consent.search.questions import in_english
from consent.search.texts import sought

_MOST = 5
_SHORTEST_BEGINNING = 4  # letters, as in a search of texts


def claims_about(query: Sequence[str]) -> list[ClaimDeclaration]:
    """Return the claims with all words of a question, those with most in their sentence first.

    query: plain words. Claims that people call by a phrase of it come before these.
    """
    asked = sought(in_english(query))
    ranks: dict[ClaimDeclaration, int] = {}
    for claim in claims_in(settings.CATALOG_DIR):
        in_claim = _in(words(claim.claim), asked)
        further = words(f"{claim.said_by} {claim.finding} {claim.instead} {claim.unclear}")
        if phrases_in(query, _phrases().get(claim.slug, ())):
            ranks[claim] = len(asked) + 1
        elif in_claim and in_claim | _in(further, asked) == set(asked):
            ranks[claim] = len(in_claim)
    return sorted(ranks, key=lambda claim: -ranks[claim])[:_MOST]


def _in(text: Sequence[str], asked: Iterable[str]) -> set[str]:
    """Return the words that a text has, in the plural or at the beginning of longer ones too."""
    stems = {word.removesuffix("s") for word in text}
    return {
        word
        for word in asked
        if word.removesuffix("s") in stems
        or (len(word) >= _SHORTEST_BEGINNING and any(each.startswith(word) for each in stems))
    }


@cache
def _phrases() -> dict[str, list[str]]:
    """Return what people call claims besides their words, by the slug."""
    found: dict[str, list[str]] = {}
    for language, _name in settings.LANGUAGES:
        for slug, phrases in language_data(language, "search").get("claims", {}).items():
            found.setdefault(slug, []).extend(phrases)
    return found
