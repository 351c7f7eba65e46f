"""Finds in what people type for what their data would be used: by others, for ads, read by people.

Phrases are in locale/<language>/search.toml, under [purposes]; all languages count.
"""

from __future__ import annotations

from collections.abc import Sequence

from consent.language_data import listed_words
from consent.search.plain_words import has_phrase
from consent.vocabulary import Purpose


def asked_purposes(query: Sequence[str]) -> list[Purpose]:
    """Return the purposes that plain words name besides training."""
    return [each for each in Purpose if has_phrase(query, listed_words("purposes", each.value))]
