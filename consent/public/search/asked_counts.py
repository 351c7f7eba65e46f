"""How many train: the figures for the places, the people and the kind of platform in a question."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple

from consent.ledger.figures import Among, Figures, TrainingClass, figures_on
from consent.ledger.state_of_play import Reader
from consent.public.state_of_play.asked_answers import AskedQuestion
from consent.search.names import AGAINST, CONJUNCTIONS
from consent.search.pages import asks_for, pages_for, without_asking
from consent.search.questions import Subject, read_subject


class AskedCounts(NamedTuple):
    """figures: for each place that is named, or for whom else; of all worldwide if nothing is.

    chosen: the list whose number is asked for. not_counted: words by which nothing is counted.
    """

    figures: Sequence[Figures]
    chosen: Among | TrainingClass
    not_counted: str

    @property
    def day(self) -> dt.date:
        return self.figures[0].day


def asked_counts(asked: AskedQuestion, reader: Reader, day: dt.date) -> AskedCounts | None:
    """Return the figures that a question asks for which names no service; None if it asks for none.

    Those of a kind of data are a list of their own.
    """
    subject = _subject(asked)
    if subject.kinds or not (_asks_how_many(asked) or _compares_places(asked, subject)):
        return None
    places = [reader.place] if reader.place or not asked.places else asked.places
    readers = [reader._replace(place=place) for place in dict.fromkeys(places)]
    return AskedCounts(
        [figures_on(day, each, subject.category) for each in readers],
        _chosen(asked),
        " ".join(_other(subject)),
    )


def _asks_how_many(asked: AskedQuestion) -> bool:
    return any(page.view == "numbers" for page in pages_for(asked.sought))


def _compares_places(asked: AskedQuestion, subject: Subject) -> bool:
    """Return whether a question weighs places and says nothing else: "EU or US, who is better"."""
    return len(asked.places) > 1 and not _other(subject)


def _other(subject: Subject) -> list[str]:
    return [word for word in subject.other if word not in AGAINST | CONJUNCTIONS]


def _chosen(asked: AskedQuestion) -> Among | TrainingClass:
    if asks_for("no-way-out", asked.sought):
        return Among.NO_WAY_OUT
    if asks_for("not-training", asked.sought):
        return TrainingClass.NO
    return Among.TRAINS


def _subject(asked: AskedQuestion) -> Subject:
    """Read what a question is about, besides place, people, day and how many."""
    of_day = set(asked.sought).difference(asked.day.rest) if asked.day else set()
    rest = [word for word in asked.rest if word not in of_day]
    for what in ("numbers", "no-way-out", "not-training", "all-data"):
        rest = without_asking(what, rest)
    return read_subject(rest)
