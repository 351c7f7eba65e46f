"""Reads what people type as a question: about which place, people and day it is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple

from django.http import HttpRequest
from django.utils import timezone

from consent.ledger.asked_place import EUROPE, AskedPlace, asked_place, weighed_words
from consent.ledger.asked_plan import plain_words, weighs_free_plans
from consent.ledger.facts import listed_platforms
from consent.ledger.reader_place import codes_of
from consent.public.questions.question_refusal import up_to_today
from consent.public.questions.reader_form import ReaderForm
from consent.search.asked_day import AskedDay, asked_day
from consent.search.asked_people import asked_people, without_telling
from consent.search.names import spellings_of
from consent.search.operators import operators
from consent.search.pages import asks_for, without_asking
from consent.search.plain_words import words
from consent.vocabulary import People


class AskedQuestion(NamedTuple):
    """sought: all plain words. rest: those that are about neither place nor people.

    typed: all of them, with the commas.
    place: "" if none is named, or EUROPE. places: those named, if they are several.
    is_open: the account may be the reader's own or an organisation's. at_school: a school is named.
    age: of a minor, if it is named. excludes: the last of the places is one that is not meant.
    weighs_work: one's own account is named beside that of an organisation.
    further_day: a second day that is past, if both are single days.
    without_days: all plain words without the first day that is named and a second one.
    """

    sought: list[str]
    rest: list[str]
    place: str
    people: People | None
    is_open: bool
    day: AskedDay | None = None
    at_school: bool = False
    typed: Sequence[str] = ()
    places: Sequence[str] = ()
    age: int | None = None
    excludes: bool = False
    weighs_work: bool = False
    further_day: dt.date | None = None
    without_days: Sequence[str] = ()

    @property
    def is_for_everybody(self) -> bool:
        """Whether it may mean all people, and names no kind of them. All countries are places."""
        return asks_for("everybody", self.sought) and self.people is None and not self.is_open

    @property
    def weighs_free_plans(self) -> bool:
        """Whether it weighs plans for nothing against those of organisations."""
        return self.people == People.ORGANISATION and weighs_free_plans(self.sought)

    @property
    def aside(self) -> set[str]:
        """The words about place, people, day and the form of the answer: they name no service."""
        of_days = set(self.sought).difference(self.without_days)
        in_no_form = without_asking("side-by-side", without_asking("sheet", self.sought))
        of_form = set(self.sought).difference(in_no_form)
        return of_days | of_form | set(self.sought).difference(self.rest)

    @property
    def one_place(self) -> str:
        """The place that is named, if it is one. Of all Europe no list is kept."""
        return "" if self.place == EUROPE or self.places else self.place

    def refuse_day_to_come(self, request: HttpRequest) -> None:
        """Raise RefusedQuestionError for a day to come, which no service has an answer for.

        A month or a year to come is said to be one, beside the answer of today.
        """
        if self.day and self.day.first == self.day.last and "asof" not in request.GET:
            up_to_today(self.day.first)

    def form(self, request: HttpRequest) -> ReaderForm:
        """Return the form with what was chosen, and what was read where nothing was chosen."""
        named = self.day if self.day and not self.day.is_open else None
        on = named and (named.weighed_from if named.goes_on else named.last)
        day = on.isoformat() if on else ""
        read = {"place": self.one_place, "people": self.people or "", "asof": day}
        return ReaderForm({**read, **request.GET.dict()})


def read_question(typed: str) -> AskedQuestion:
    sought = without_telling(words(typed))
    certain = _in_capitals(typed) | weighed_words(sought)
    if "us" not in certain and _ends_with_a_name_and_us(sought):
        certain |= {"us"}
    named = [asked_place(sought, certain)]
    while (another := asked_place(named[-1].rest, certain, is_another=bool(named[-1].code))).code:
        named.append(another)
    without_place = named[-1].rest
    excluded = next((each.excluded for each in reversed(named) if each.excluded), "")
    places = _as_narrow_as_named(named)
    place = places[0]
    if place and excluded:  # "in the UK but not in the EU"
        places.append(excluded)
    if len(places) > 1:  # of all Europe no list is kept
        places = ["EU" if each == EUROPE else each for each in places]
    asked = asked_people(without_place)
    today = timezone.localdate()
    day = asked_day(sought, today)
    further = asked_day(day.rest, today) if day else None
    rest = without_asking("each-country", without_asking("everybody", asked.rest))
    return AskedQuestion(
        sought,
        rest,
        place,
        asked.people,
        asked.is_open,
        day,
        asked.at_school,
        plain_words(typed),
        places if _can_be_compared(places) else (),
        asked.age,
        bool(place and excluded),
        asked.weighs_work,
        further.first if day and further and _are_past_days((day, further), today) else None,
        further.rest if further else day.rest if day else sought,
    )


def _are_past_days(days: Sequence[AskedDay], today: dt.date) -> bool:
    """Return whether all are single days before today, and differ."""
    named = {day.first for day in days if day.first == day.last < today and not day.is_open}
    return len(named) == len(days)


def _as_narrow_as_named(named: Sequence[AskedPlace]) -> list[str]:
    """Return the places without the country of a city whose part is named too: "Columbus, Ohio"."""
    parts_of = {each.code.partition("-")[0] for each in named if "-" in each.code}
    narrow = [each.code for each in named if not (each.is_city and each.code in parts_of)]
    return narrow or [named[0].code]


def _can_be_compared(places: Sequence[str]) -> bool:
    """Return whether places are several, and each is one place."""
    return len(set(places)) > 1 and all(codes_of(each) == (each,) for each in places)


def _ends_with_a_name_and_us(sought: Sequence[str]) -> bool:
    """Return whether "us" follows the name of a service or company alone: "facebook us"."""
    if sought[-1:] != ["us"]:
        return False
    name, listed = " ".join(sought[:-1]), listed_platforms()
    return name in operators(listed) or any(name in spellings_of(each) for each in listed)


def _in_capitals(typed: str) -> set[str]:
    """Return the words in capitals, which are places even where they are ordinary words: "US"."""
    if typed.isupper():
        return set()
    return {word for each in typed.split() if each.isupper() for word in words(each)}
