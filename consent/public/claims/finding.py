"""Finds the claims that a question is about, by their words or by what people call them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache

from django.conf import settings

from consent.declarations.claims import ClaimDeclaration, claims_in
from consent.language_data import language_data
from consent.search.names import named_platforms
from consent.search.pages import without_asking
from consent.search.plain_words import has_phrase, phrases_in, words
from consent.search.questions import in_english
from consent.search.texts import sought
from platforms.models import Platform

_MOST = 5
_SHORTEST_BEGINNING = 4  # letters, as in a search of texts


def claims_about(query: Sequence[str], platforms: Iterable[Platform]) -> list[ClaimDeclaration]:
    """Return the claims with all words of a question, those with most in their sentence first.

    query: plain words. Claims that people call by a phrase of it come before these. The name of
    one of the platforms counts whole, and by any of its spellings: "Le Chat" is about no chats.
    """
    named = named_platforms(without_asking("claims", query), platforms)
    asked = [*named.spellings, *sought(in_english(named.rest))]
    ranks: dict[ClaimDeclaration, int] = {}

    def in_text(text: str) -> set[str]:
        typed = words(text)
        names = {each for each, known in named.spellings.items() if phrases_in(typed, known)}
        return names | _in(typed, set(asked).difference(named.spellings))

    for claim in claims_in(settings.CATALOG_DIR):
        in_claim = in_text(claim.claim)
        further = in_text(f"{claim.said_by} {claim.finding} {claim.instead} {claim.unclear}")
        if has_phrase(query, _phrases().get(claim.slug, ())):
            ranks[claim] = len(asked) + 1
        elif in_claim and in_claim | further == set(asked):
            ranks[claim] = len(in_claim)
    return sorted(ranks, key=lambda claim: -ranks[claim])[:_MOST]


def names_idle_remedy(query: Sequence[str], slugs: Iterable[str]) -> bool:
    """Return whether plain words name a remedy without effect against one of these platforms."""
    named = set(slugs)
    return any(
        claim.is_idle_remedy
        and not named.isdisjoint(claim.platforms)
        and has_phrase(query, _phrases().get(claim.slug, ()))
        for claim in claims_in(settings.CATALOG_DIR)
    )


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
