"""Every number that readers see, each from one function (docs/catalog.md, "Counts").

A page that shows a number links to a list of exactly that many; the list is made by the same
function, or by the same query.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from consent.ledger.facts import facts_of_all
from consent.ledger.filters import shown_by_default
from consent.ledger.state_of_play import ANYBODY, Reader, verdicts_on
from consent.ledger.verdict import Answer, PlatformFacts, UseFacts, uses_by_answer
from consent.models import Entry, Guide
from consent.models.entries import EntryQuerySet
from consent.web.parts import part
from platforms.models import Platform


def platforms_by_answer(day: dt.date, reader: Reader = ANYBODY) -> Mapping[Answer, int]:
    """Count the listed platforms by their answer, each once; all answers are keys."""
    verdicts = verdicts_on(day, reader).values()
    return {answer: sum(verdict.answer == answer for verdict in verdicts) for answer in Answer}


def platform_count() -> int:
    """Count the listed platforms."""
    return part("platform-count", "", Platform.objects.listed().count)


def training_uses_by_answer(
    day: dt.date, reader: Reader = ANYBODY
) -> Mapping[Answer, list[tuple[PlatformFacts, UseFacts]]]:
    """Return the training uses of all listed platforms by their answer; each counts once.

    A use without a line for the reader, and one that is not offered, does not count.
    """

    def make() -> Mapping[Answer, list[tuple[PlatformFacts, UseFacts]]]:
        return uses_by_answer(facts_of_all().values(), day=day, **reader._asdict())

    return part("uses-by-answer", (day, *reader), make)


def training_use_count(day: dt.date, reader: Reader = ANYBODY) -> int:
    """Count the training uses that are on record for a reader on a day."""
    return sum(map(len, training_uses_by_answer(day, reader).values()))


def events() -> EntryQuerySet:
    """The published entries that count as changes: what the timeline shows without filters."""
    return shown_by_default(Entry.objects.published())


def event_count() -> int:
    """Count the changes on the timeline."""
    return part("event-count", "", events().count)


def guide_count() -> int:
    """Count the published guides."""
    return part("guide-count", "", Guide.objects.published().count)
