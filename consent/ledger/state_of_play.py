"""The state of play: the answer for each platform on a day."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import urlencode

from django.utils import timezone

from consent.ledger.answers import ShortAnswer, Stance, Verdict
from consent.ledger.facts import facts_of_all
from consent.ledger.question import Question
from consent.ledger.verdict import short_answer
from consent.vocabulary import People, StateValue
from platforms.models import Platform
from platforms.vocabulary import Category

#: From most to least exposure; "unclear" is last but one.
ORDER = tuple(StateValue)
RANK = {value: rank for rank, value in enumerate(ORDER)}
#: Stances in the order in which pages list them.
STANCES = tuple(Stance)


class Reader(NamedTuple):
    """Whom an answer is for. place: a code, or "" for the whole world. people: None if not said."""

    place: str = ""
    people: People | None = None
    plan: str = ""

    def on(self, day: dt.date) -> Question:
        """Return the question of this reader for a day."""
        return Question(day, *self)

    def page_of(self, platform: Platform, day: dt.date, age: int | None = None) -> str:
        """Return the address of the page of a platform that gives this reader the answer of a day.

        Today is not named in it. age: of minors.
        """
        asof = "" if day == timezone.localdate() else day.isoformat()
        of_minor = "" if age is None or self.people != People.MINORS else str(age)
        chosen = {**self._asdict(), "age": of_minor, "asof": asof}
        query = urlencode({axis: value for axis, value in chosen.items() if value})
        return f"{platform.get_absolute_url()}?{query}".rstrip("?")


ANYBODY = Reader()


@dataclass(frozen=True, slots=True)
class PlatformLine:
    """A platform in a list, with all that a verdict says.

    others: answers for other people, about uses that the verdict knows nothing of.
    """

    platform: Platform
    verdict: Verdict
    others: Sequence[Verdict] = ()


@dataclass(frozen=True, slots=True)
class IndexLine:
    """A platform in the list of all platforms, with its answer alone."""

    platform: Platform
    answer: ShortAnswer


@dataclass(frozen=True, slots=True)
class CategoryGroup:
    category: Category
    lines: list[IndexLine]


def answers_on(day: dt.date, reader: Reader = ANYBODY) -> Mapping[int, ShortAnswer]:
    """Return the answer of every listed platform by its key."""
    question = reader.on(day)
    return {pk: short_answer(facts, question) for pk, facts in facts_of_all().items()}


def answers_of_today() -> Mapping[int, ShortAnswer]:
    return answers_on(timezone.localdate())


def index_by_category(
    platforms: Iterable[Platform], answers: Mapping[int, ShortAnswer]
) -> list[CategoryGroup]:
    """Group platform lines by category, in the order of the closed list."""
    grouped: dict[str, list[IndexLine]] = defaultdict(list)
    for platform in platforms:
        grouped[platform.category].append(IndexLine(platform, answers[platform.pk]))
    return [
        CategoryGroup(category, grouped[category]) for category in Category if grouped[category]
    ]
