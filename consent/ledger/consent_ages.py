"""From which age a child can agree to the use of its data alone, by the law of a country.

The ages are in consent_ages.yaml, with their sources.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import yaml
from django.utils.text import capfirst
from django.utils.translation import gettext
from pydantic import BaseModel, ConfigDict

from consent.ledger.place_words import listed, places_in_sentence
from platforms.places import Where

_FILE = Path(__file__).with_suffix(".yaml")


class ConsentAge(BaseModel):
    """age: None where that which the law of a country sets is not on record here."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    places: tuple[str, ...]
    age: int | None = None
    jointly: bool = False
    publisher: str
    via: str = ""
    source: str
    as_of: dt.date
    quote: str

    def words_in(self, place: str) -> str:
        """Say what the age is for, and that it is another one than that of accounts."""
        where = capfirst(
            gettext("in %(place)s") % {"place": listed(places_in_sentence(Where((place,))))}
        )
        if self.age is None:
            words = gettext(
                "%(where)s, where a service needs consent to use data, a child gives it alone from"
                " an age between 13 and 16, which each country sets."
            )
        elif self.jointly:
            words = gettext(
                "%(where)s, where a service needs consent to use data, a child gives it alone from"
                " the age of %(age)s, before that together with a parent."
            )
        else:
            words = gettext(
                "%(where)s, where a service needs consent to use data, a child gives it alone from"
                " the age of %(age)s; before that, a parent must agree."
            )
        not_meant = gettext(
            "This is not the age for accounts, and does not say that training needs consent."
        )
        return f"{words % {'where': where, 'age': self.age}} {not_meant}"


def consent_age_in(place: str) -> ConsentAge | None:
    """Return what is on record for a country, a part of it or the EU; None elsewhere."""
    return _ages().get(place.partition("-")[0])


@cache
def _ages() -> Mapping[str, ConsentAge]:
    read = yaml.load(_FILE.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    ages = map(ConsentAge.model_validate, read)
    return {place: each for each in ages for place in each.places}
