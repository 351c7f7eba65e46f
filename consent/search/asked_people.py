"""Finds in what people type that it is about somebody under 18: "my child", "a 14-year-old"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from django.conf import settings

from consent.language_data import language_data
from consent.vocabulary import People

_OF_AGE = 18
_I_AM = r"(?:i'?m|i m|i am|aged?|ich bin|j'?ai|j ai)"
_YEARS = r"(?:years?|yrs?|yo|y\.o|jahre?|jahrige?[nrs]?|ans)"
#: An age after "I am", or before "years", in plain words.
_AGE = re.compile(rf"\b{_I_AM} (\d{{1,2}})\b|\b(\d{{1,2}})[- ]?{_YEARS}\b")


class AskedPeople(NamedTuple):
    """people: None if nobody under 18 is named. rest: the words that say something else."""

    people: People | None
    rest: list[str]


def asked_people(typed: Sequence[str]) -> AskedPeople:
    """Find somebody under 18 in plain words that are part of no name."""
    young = _young()
    text = " ".join(typed)
    ages = [int(first or second) for first, second in _AGE.findall(text)]
    is_minor = any(word in young for word in typed) or any(age < _OF_AGE for age in ages)
    rest = [word for word in _AGE.sub(" ", text).split() if word not in young]
    return AskedPeople(People.MINORS if is_minor else None, rest)


@cache
def _young() -> frozenset[str]:
    """Return the words for people under 18 in all languages of the site."""
    tables = [language_data(language, "search") for language, _name in settings.LANGUAGES]
    return frozenset(word for table in tables for word in table.get("minors", "").split())
