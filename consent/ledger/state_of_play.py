"""The state of play: the answer for each platform on a day."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.utils import timezone

from consent.ledger.answers import Answer, Verdict
from consent.ledger.facts import facts_of_all, listed_platforms
from consent.ledger.question import Question
from consent.ledger.verdict import verdict
from consent.vocabulary import People, StateValue
from consent.web.parts import part, shared_part
from platforms.models import Platform
from platforms.vocabulary import Category

#: From most to least exposure; "unclear" is last but one.
ORDER = tuple(StateValue)
RANK = {value: rank for rank, value in enumerate(ORDER)}
#: Answers in the order in which pages list them.
ANSWERS = tuple(Answer)


class Reader(NamedTuple):
    """Whom an answer is for. place: a code, or "" for the whole world. people: None if not said."""

    place: str = ""
    people: People | None = None
    plan: str = ""

    def on(self, day: dt.date) -> Question:
        """Return the question of this reader for a day."""
        return Question(day, *self)


ANYBODY = Reader()


@dataclass(frozen=True, slots=True)
class PlatformLine:
    """A platform in a list, with its answer."""

    platform: Platform
    verdict: Verdict

    @property
    def answer(self) -> Answer:
        return self.verdict.answer


@dataclass(frozen=True, slots=True)
class CategoryGroup:
    category: Category
    lines: list[PlatformLine]


def verdicts_on(day: dt.date, reader: Reader = ANYBODY) -> Mapping[int, Verdict]:
    """Return the answer of every listed platform by its key. Shared: do not modify the result.

    Only the answers for anybody today are kept between pages: there are too many other questions.
    """

    def make() -> dict[int, Verdict]:
        question = reader.on(day)
        return {pk: verdict(facts, question) for pk, facts in facts_of_all().items()}

    is_usual = reader == ANYBODY and day == timezone.localdate()
    return shared_part("verdicts", day, make) if is_usual else make()


def verdicts_of_today() -> Mapping[int, Verdict]:
    return verdicts_on(timezone.localdate())


def platform_lines(
    platforms: Iterable[Platform], verdicts: Mapping[int, Verdict]
) -> list[PlatformLine]:
    return [PlatformLine(platform, verdicts[platform.pk]) for platform in platforms]


def index_by_category(
    platforms: Iterable[Platform], verdicts: Mapping[int, Verdict]
) -> list[CategoryGroup]:
    """Group platform lines by category, in the order of the closed list."""
    grouped: dict[str, list[PlatformLine]] = defaultdict(list)
    for line in platform_lines(platforms, verdicts):
        grouped[line.platform.category].append(line)
    return [
        CategoryGroup(category, grouped[category]) for category in Category if grouped[category]
    ]


def index_of_today() -> Sequence[CategoryGroup]:
    """Return all listed platforms with today's answers. Shared: do not modify the result."""

    def make() -> Sequence[CategoryGroup]:
        return index_by_category(listed_platforms(), verdicts_of_today())

    return part("categories", "", make)
