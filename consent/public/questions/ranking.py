"""Which is the best or the worst: no ranking, but the platforms of a kind by their answers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple
from urllib.parse import urlencode

from django.urls import reverse

from consent.ledger.facts import listed_with
from consent.ledger.figures import Among, TrainingClass, figures_on
from consent.ledger.state_of_play import Reader
from consent.public.questions.asked_question import AskedQuestion
from consent.search.pages import asks_for, leads_to, without_asking
from consent.search.questions import read_subject, slugs_of_part
from platforms.models import Platform
from platforms.vocabulary import Category

#: The lists of a kind, from those that do not train to those that leave no way out.
_LISTS = (
    TrainingClass.NO,
    TrainingClass.ONLY_IF_AGREED,
    TrainingClass.OTHER_USE,
    Among.TRAINS,
    Among.NO_WAY_OUT,  # which are among the former
    TrainingClass.UNKNOWN,
)
#: Those that are told where they are empty, too.
_ALWAYS = (TrainingClass.NO, Among.NO_WAY_OUT)
#: Platforms that are named beside a number. Chosen.
_MOST_NAMED = 8
_AI = frozenset(("ai", "ki", "ia"))


class Rank(NamedTuple):
    """A list with its number. named: its platforms, if they are few.

    is_among: those before it.
    """

    label: str
    address: str
    number: int
    named: Sequence[Platform]
    is_among: bool = False


class Ranking(NamedTuple):
    """kind: None if all platforms are meant. platforms: of the part of it that is named.

    is_asked: words ask which is best, and not only for those that do not train.
    """

    kind: Category | None
    ranks: Sequence[Rank]
    platforms: Sequence[Platform] = ()
    is_asked: bool = True


def ranking_asked(asked: AskedQuestion, reader: Reader, today: dt.date) -> Ranking | None:
    """Return the platforms of a kind by answer, where words ask which is best; else None.

    Of a part of a kind, such as messengers, the whole kind is no answer.
    """
    if not asks_for("ranked", asked.sought) or leads_to("providers", asked.sought):
        return None
    subject = read_subject(without_asking("ranked", asked.rest))
    kind = subject.category
    if kind is None and not _AI.isdisjoint(asked.sought):
        kind = Category.ASSISTANT
    if kind is None and (subject.other or subject.kinds):
        return None
    if subject.narrower:
        figures = figures_on(today, reader, kind)
        of_part = slugs_of_part(subject.narrower)
        in_order = (slug for key in _LISTS for slug in figures.platforms[key] if slug in of_part)
        return Ranking(kind, (), listed_with(in_order))
    return Ranking(kind, _ranks(reader, today, kind))


def by_answer(reader: Reader, today: dt.date, kind: Category) -> Ranking:
    """Return the platforms of a kind by answer, where one asks for those that do not train."""
    return Ranking(kind, _ranks(reader, today, kind), is_asked=False)


def _ranks(reader: Reader, today: dt.date, kind: Category | None) -> list[Rank]:
    figures = figures_on(today, reader, kind)
    in_lists = ((key, figures.platforms[key]) for key in _LISTS)
    return [_rank(key, slugs, reader, kind) for key, slugs in in_lists if slugs or key in _ALWAYS]


def _rank(
    key: TrainingClass | Among, slugs: Sequence[str], reader: Reader, kind: Category | None
) -> Rank:
    query = {"figure": key.value, "category": kind.value if kind else ""}
    query |= {"place": reader.place, "people": reader.people or ""}
    chosen = urlencode({name: value for name, value in query.items() if value})
    few = listed_with(slugs) if len(slugs) <= _MOST_NAMED else []
    address = f"{reverse('platforms')}?{chosen}"
    return Rank(str(key.label), address, len(slugs), few, key == Among.NO_WAY_OUT)
