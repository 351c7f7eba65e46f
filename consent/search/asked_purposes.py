"""Finds in what people type for what their data would be used: by others, for ads, read by people.

Phrases are in locale/<language>/search.toml, under [purposes]; all languages count.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

from django.conf import settings

from consent.language_data import language_data
from consent.search.plain_words import has_phrase
from consent.vocabulary import Purpose


def asked_purposes(query: Sequence[str]) -> list[Purpose]:
    """Return the purposes that plain words name besides training."""
    return [purpose for purpose, phrases in _phrases().items() if has_phrase(query, phrases)]


@cache
def _phrases() -> Mapping[Purpose, frozenset[str]]:
    tables = [
        language_data(language, "search").get("purposes", {})
        for language, _name in settings.LANGUAGES
    ]
    found = {
        purpose: frozenset(each for table in tables for each in table.get(purpose.value, ()))
        for purpose in Purpose
    }
    return {purpose: phrases for purpose, phrases in found.items() if phrases}
