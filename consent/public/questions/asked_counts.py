"""How many train: the figures for the places, the people and the kind of platform in a question."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from itertools import product
from typing import NamedTuple
from urllib.parse import urlencode

from django.utils.translation import gettext

from consent.ledger.facts import listed_with
from consent.ledger.figures import Among, Figures, TrainingClass, figures_on
from consent.ledger.flips import Began, began_between
from consent.ledger.place_words import place_words
from consent.ledger.state_of_play import ANYBODY, Reader
from consent.public.questions.asked_question import AskedQuestion
from consent.search.asked_day import asked_day
from consent.search.asked_ways import asked_ways
from consent.search.names import AGAINST
from consent.search.pages import (
    asks_for,
    from_asking,
    leads_to,
    without_asking,
    without_quoting,
    without_words_of,
)
from consent.search.plain_words import CONJUNCTIONS
from consent.search.questions import Subject, read_subject
from consent.search.results import ASKING_WHO
from consent.vocabulary import DataKind, People
from consent.web.date_words import format_date
from platforms.days import EARLIEST
from platforms.models import Platform
from platforms.places import Where

#: What such questions say besides place, people and day.
_ASKING = (
    *("numbers", "share", "no-way-out", "not-training", "all-data", "now", "more", "changes"),
    *("added", "side-by-side", "turned-on", "started-in", "all-platforms", "narrows-nothing"),
)

#: Platforms of a list that are named beside its number. Chosen.
_FEW = 8


class AskedCount(NamedTuple):
    """shares: the figures of then and of today, of which the shares of those on record are told.

    They are told beside a past day, of which less is on record, and where a share is asked for.
    compared: with the first of two days, in words; "" for one day.
    """

    figures: Figures
    shares: Sequence[Figures]
    compared: str = ""


class OnlyIn(NamedTuple):
    """The platforms on the list of one of two places that are not on that of the other."""

    place: str
    platforms: Sequence[Platform]


class AskedCounts(NamedTuple):
    """counts: for each day and place that is named, or for whom else; worldwide if nothing is.

    chosen: the list whose number is asked for. not_counted: words by which nothing is counted.
    kinds: of data, by which nothing is either. only_in: of two places, what their lists do not
    share. named: the platforms of the list that is asked for, where it is short, or where it is
    asked who they were. asks_where_only: the first of only_in is the answer. began: which platforms
    began since the first day; None if fewer than all are counted. to_cite: the figure is to be
    quoted, or its definition is asked for.
    """

    counts: Sequence[AskedCount]
    chosen: Among | TrainingClass
    not_counted: str
    today: dt.date
    kinds: Sequence[DataKind] = ()
    only_in: Sequence[OnlyIn] = ()
    named: Sequence[Platform] = ()
    asks_where_only: bool = False
    began: Began | None = None
    to_cite: bool = False

    @property
    def day(self) -> dt.date:
        return self.counts[0].figures.day

    @property
    def two_days(self) -> str:
        """The query of the page that compares the figures of all platforms on two days, or ""."""
        figures = [each.figures for each in self.counts]
        if len(figures) != 2 or self.day == figures[1].day or not figures[0].is_of_all:
            return ""
        return urlencode({"then": self.day, "now": figures[1].day})

    @property
    def on_day(self) -> str:
        """The query by which a platform's page tells what held on the first day; "" for today."""
        return f"?{urlencode({'asof': self.day})}" if self.day < self.today else ""


def asked_counts(
    asked: AskedQuestion, reader: Reader, day: dt.date, today: dt.date
) -> AskedCounts | None:
    """Return the figures that a question asks for which names no service; None if it asks for none.

    Those of a kind of data are a list of their own.
    """
    subject = _subject(asked)
    if not _asks(asked, subject):
        return None
    places = [reader.place] if reader.place or not asked.places else asked.places
    counted_for = _kinds_counted(asked, reader)
    readers = [
        reader._replace(place=place, people=people)
        for people in counted_for
        for place in dict.fromkeys(places)
    ]
    chosen, days = _chosen(asked), _days(asked, day, today)
    began = _began(days, readers, subject, chosen, today)
    counts = [
        _counted(asked, chosen, days, figures_on(on, each, subject.category), today, began)
        for on, each in product(days, readers)
    ]
    is_of_places = len(days) == len(counted_for) == 1
    of_places = [each.figures for each in counts] if is_of_places else []
    few = len(counts[0].figures.platforms[chosen]) <= _FEW
    asks_who = chosen == Among.NO_WAY_OUT or _asks_who_trained(asked, subject)
    is_listed = len(counts) == 1 and (few or asks_who)
    return AskedCounts(
        counts,
        chosen,
        " ".join(_narrowing(asked, subject)),
        today,
        subject.kinds,
        _only_in(of_places) if chosen == Among.TRAINS else (),
        listed_with(counts[0].figures.platforms[chosen]) if is_listed else (),
        asked.excludes,
        began,
        asks_for("quoting", asked.sought),
    )


def _counted(
    asked: AskedQuestion,
    chosen: Among | TrainingClass,
    days: Sequence[dt.date],
    figures: Figures,
    today: dt.date,
    began: Began | None,
) -> AskedCount:
    """Return the figures of a day beside those that they are weighed against.

    Where it is asked who began since the first day, the platforms that began are weighed instead.
    """
    first, now = (figures_on(on, figures.reader, figures.category) for on in (days[0], today))
    if len(days) > 1:
        is_later = figures.day > days[0] and not (began and asked.day and asked.day.goes_on)
        compared = _compared(first, figures, chosen, began) if is_later else ""
        shares = [first, figures] if compared else []
    else:
        compared = ""
        shares = [figures, now] if figures.day < today else [now] * asks_for("share", asked.sought)
    return AskedCount(figures, [each for each in shares if each.on_record], compared)


def _began(
    days: Sequence[dt.date],
    readers: Sequence[Reader],
    subject: Subject,
    chosen: Among | TrainingClass,
    today: dt.date,
) -> Began | None:
    is_of_all = list(readers) == [ANYBODY] and not subject.category and chosen == Among.TRAINS
    last = days[1] if days[1:] else today
    return (
        began_between(days[0] + dt.timedelta(days=1), last)
        if is_of_all and days[0] < last
        else None
    )


def _kinds_counted(asked: AskedQuestion, reader: Reader) -> list[People | None]:
    """Return for whom is counted: who teaches asks of all, of pupils and of the school."""
    if reader.people != asked.people:
        return [reader.people]
    if asked.people == People.MINORS and asked.at_school:
        return [None, People.MINORS, People.ORGANISATION]
    is_at_work = asked.is_open and asked.people == People.ORGANISATION
    return [None, reader.people] if is_at_work else [reader.people]


def _only_in(figures: Sequence[Figures]) -> list[OnlyIn]:
    """Compare the lists of who trains in two places."""
    if len(figures) != 2:
        return []
    return [
        OnlyIn(
            place_words(Where((each.reader.place,))),
            listed_with(
                slug
                for slug in each.platforms[Among.TRAINS]
                if slug not in other.platforms[Among.TRAINS]
            ),
        )
        for each, other in (figures, reversed(figures))
    ]


def _compared(
    before: Figures, after: Figures, chosen: Among | TrainingClass, began: Began | None
) -> str:
    """Say how many more platforms a list has on the later of two days, or how many fewer.

    And of how many of the later ones nothing is on record for the earlier day: they may be no more.
    Where the platforms that began are told, they are told there.
    """
    more = after.number(chosen) - before.number(chosen)
    words = gettext("As many as on %(date)s.")
    if more:
        fewer = gettext("%(number)s fewer than on %(date)s.")
        words = gettext("%(number)s more than on %(date)s.") if more > 0 else fewer
    words %= {"number": abs(more), "date": format_date(before.day)}
    silent = before.platforms[Among.NOTHING_ON_RECORD]
    entered = len(set(silent).intersection(after.platforms[chosen]))
    if began or not entered:
        return words
    text = gettext("Of %(number)s of the later ones nothing is on record for the earlier day.")
    return f"{words} {text % {'number': entered}}"


def asks_for_counts(asked: AskedQuestion) -> bool:
    """Return whether `asked_counts` has figures for a question, without working them out."""
    return _asks(asked, _subject(asked))


def _asks(asked: AskedQuestion, subject: Subject) -> bool:
    if asked_ways(asked.sought) or asks_for("told-nobody", asked.sought):
        return False  # guides or changes are counted
    if subject.kinds:
        return bool(subject.category) and _asks_how_many(asked, subject)
    return (
        _asks_how_many(asked, subject)
        or asks_for("of-one-company", asked.sought)
        or asks_for("by-plan", asked.sought)
        # "EU or US, who is better"
        or (len(asked.places) > 1 and not _other(subject))
        or _compares_days(asked, subject)
        or (asks_for("no-way-out", asked.sought) and not _other(subject))
        or _asks_who_trains(asked, subject)
        or _asks_who_trained(asked, subject)
    )


def _asks_who_trains(asked: AskedQuestion, subject: Subject) -> bool:
    """Return whether a question says no more than "who trains", for a place or for people.

    Organisations get the guides of their administrators beside the list.
    """
    are_people = asked.people not in (None, People.PERSONAL, People.ORGANISATION)
    is_for_some = (asked.place or are_people) and not asked.places and not asked.day
    is_else = _other(subject) or subject.category or subject.wants_way_out
    is_who = not ASKING_WHO.isdisjoint(asked.sought)
    return bool(is_for_some) and is_who and subject.is_about_training and not is_else


def _asks_who_trained(asked: AskedQuestion, subject: Subject) -> bool:
    """Return whether a question says no more than "who trained" on a past day, or for a list."""
    is_past = asked.day is not None and not asked.day.is_open
    is_who = not ASKING_WHO.isdisjoint(asked.sought) or asks_for("all-platforms", asked.sought)
    return is_past and is_who and subject.is_about_training and not _other(subject)


def _asks_how_many(asked: AskedQuestion, subject: Subject) -> bool:
    of_share = asks_for("share", asked.sought) and bool(subject.category)
    return of_share or leads_to("numbers", asked.sought)


def _compares_days(asked: AskedQuestion, subject: Subject) -> bool:
    """Return whether a question weighs a past day against another and says nothing else.

    What happened since a past day is told beside how it was, whatever else is said.
    """
    if asked.day and asked.day.goes_on:
        return True
    is_past = asked.day is not None and not asked.day.is_open
    weighs = asks_for("now", asked.sought) or asks_for("side-by-side", asked.sought)
    weighs = weighs or bool(asked.day and asked.day.weighed_from)
    return is_past and weighs and not _other(subject)


def _days(asked: AskedQuestion, day: dt.date, today: dt.date) -> list[dt.date]:
    """Return the day that is counted, and what words weigh it against: another one, or today."""
    weighed_from = asked.day.weighed_from if asked.day else None
    is_weighed = asked.day and (not asked.day.is_open or asks_for("added", asked.sought))
    if weighed_from and is_weighed and EARLIEST <= weighed_from < day:
        return [weighed_from, day]
    second = asked_day(asked.day.rest, today) if asked.day and day < today else None
    if second and not second.is_open and second.last >= EARLIEST:
        return sorted({day, second.ago or second.last})
    weighs = asks_for("now", asked.sought) or asks_for("added", asked.sought)
    return [day, today] if day < today and weighs else [day]


def _other(subject: Subject) -> list[str]:
    return [word for word in subject.other if word not in AGAINST | CONJUNCTIONS]


def _narrowing(asked: AskedQuestion, subject: Subject) -> list[str]:
    """Return the words that could say by what to count. What stands before "how many" does not."""
    after = from_asking("numbers", asked.sought)
    return [word for word in _other(subject) if word in after and not word.isdigit()]


def _chosen(asked: AskedQuestion) -> Among | TrainingClass:
    if asks_for("no-way-out", asked.sought):
        return Among.NO_WAY_OUT
    if asks_for("by-plan", asked.sought):
        return TrainingClass.IN_PART
    if asks_for("not-training", asked.sought):
        return TrainingClass.NO
    if asks_for("of-one-company", asked.sought):
        return Among.ONE_OPERATOR
    return Among.TRAINS


def _subject(asked: AskedQuestion) -> Subject:
    """Read what a question is about, besides place, people, day, how many and what for."""
    rest = [word for word in asked.without_days if word in asked.rest]
    rest = without_quoting(rest, asked.sought)
    for what in _ASKING:
        rest = without_asking(what, rest)
    rest = without_words_of("of-one-company", rest, asked.sought)
    rest = without_words_of("turned-on", rest, asked.sought)
    return read_subject(rest)
