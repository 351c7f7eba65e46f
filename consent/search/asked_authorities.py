"""Finds the authorities that a question names, and whether it asks what they did.

Words are in locale/<language>/search.toml, under [authorities] and [authorities_of]; those of all
languages count.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from consent.language_data import listed_words, tables_of_words
from consent.search.pages import asks_for, without_asking
from consent.search.plain_words import has_phrase


class _Called(NamedTuple):
    slug: str
    phrase: str


class _Adjectives(NamedTuple):
    """Words that name authorities, by their slugs, beside a noun: "irish", of "the regulator"."""

    nouns: frozenset[str]
    of: dict[str, frozenset[str]]


def authorities_named(query: Sequence[str]) -> set[str]:
    """Return the slugs of the authorities, and of those who complain to them, in plain words.

    Of a name inside a longer one the longer counts: "Personal Data Protection Commission".
    """
    found = [each for each in _called() if has_phrase(query, [each.phrase])]
    longer = [f" {each.phrase} " for each in found]
    named = {
        each.slug
        for each in found
        if not any(f" {each.phrase} " in name != f" {each.phrase} " for name in longer)
    }
    for nouns, of in _adjectives():
        if not nouns.isdisjoint(query):
            named.update(slug for slug, those in of.items() if not those.isdisjoint(query))
    return named


def asks_for_acts(query: Sequence[str]) -> bool:
    """Return whether plain words ask what authorities did, rather than how one reaches them.

    That a service is banned for minors is its own rule.
    """
    query = without_asking("not-for", query)
    asks = asks_for("authorities", query) or asks_for("deletion-ordered", query)
    is_about = asks or bool(authorities_named(query))
    return is_about and not (asks_for("beside-authorities", query) or _uses_itself(query))


def _uses_itself(query: Sequence[str]) -> bool:
    """Return whether an authority is asked about as one that uses a service: "the ICO uses X"."""
    text = f" {' '.join(query)} "
    return any(
        f" {each.phrase} {verb} " in text or f" {verb} {article} {each.phrase} " in text
        for each in _called()
        if f" {each.phrase} " in text
        for verb in listed_words("small_words", "use")
        for article in listed_words("small_words", "the")
    )


@cache
def _called() -> tuple[_Called, ...]:
    return tuple(
        _Called(slug, phrase)
        for table in tables_of_words("authorities")
        for slug, phrases in table.items()
        for phrase in phrases
    )


@cache
def _adjectives() -> tuple[_Adjectives, ...]:
    return tuple(
        _Adjectives(
            frozenset(table["nouns"].split()),
            {slug: frozenset(those.split()) for slug, those in table.items() if slug != "nouns"},
        )
        for table in tables_of_words("authorities_of")
        if table
    )
