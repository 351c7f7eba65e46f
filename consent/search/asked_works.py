"""Finds in what people type which works or data they mean that no kind of data names: songs.

Words are in locale/<language>/search.toml, under [works]; records have the English ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from consent.language_data import language_data, listed_words
from consent.search.names import MINE
from consent.search.plain_words import words

#: Translators: what people make or leave, beside kinds of data
WORKS: Final[dict[str, Promise]] = {
    "music": _("music"),
    "books": _("books"),
    "bookings": _("bookings"),
    "purchases": _("purchases"),
    "payments": _("payments"),
    "location": _("location"),
    "contacts": _("contacts"),
    "health": _("health data"),
    "grades": _("grades"),
}


def asked_works(query: Sequence[str]) -> list[str]:
    """Return the works that plain words name; some words only as somebody's: "my tracks"."""
    owned = [word for before, word in pairwise(query) if before in MINE]
    return [
        work
        for work in WORKS
        if not (
            words_for(work).isdisjoint(query)
            and listed_words("works", f"my-{work}").isdisjoint(owned)
        )
    ]


def are_named(work: str, text: str) -> bool:
    """Return whether a text of a record names a work."""
    english = language_data(settings.LANGUAGE_CODE, "search")["works"][work].split()
    return not set(english).isdisjoint(words(text))


def words_for(work: str) -> frozenset[str]:
    """Return the plain words for a work in all languages of the site."""
    return listed_words("works", work)
