"""The numbers that readers see, each from one function (docs/catalog.md, "Counts").

How many platforms train by default is in figures.py.

A page that shows a number links to a list of exactly that many; the list is made by the same
function, or by the same query.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import Count, Q

from consent.ledger.facts import facts_of_all, listed_platforms
from consent.ledger.filters import shown_by_default
from consent.ledger.guide_lines import GuideLine
from consent.ledger.platform_facts import PlatformFacts, StateFacts, states_begun
from consent.ledger.state_of_play import ANYBODY, Reader
from consent.ledger.turns import Turning, turned
from consent.ledger.verdict import answer_alone, training_uses
from consent.models import Entry, Guide
from consent.models.entries import EntryQuerySet
from consent.vocabulary import Direction, Friction, SinceIs, Told
from platforms.models import Page, Platform


def platform_count() -> int:
    """Count the listed platforms."""
    return len(listed_platforms())


def training_use_count(day: dt.date, reader: Reader = ANYBODY) -> int:
    """Count the training uses that are on record for a reader on a day, as the matrix lists them.

    A use without a line for the reader, and one that is not offered, does not count.
    """
    question = reader.on(day)
    return sum(
        answer_alone(facts, use, question) is not None
        for facts in facts_of_all().values()
        for use in training_uses(facts)
    )


def events() -> EntryQuerySet:
    """The published entries that count as changes: what the timeline shows without filters."""
    return shown_by_default(Entry.objects.published())


@dataclass(frozen=True, slots=True)
class EventHeat:
    """Changes since a day: of all platforms by direction, and of those with most by quarter."""

    busiest: list[Platform]
    per_quarter: Mapping[tuple[int, dt.date, Direction], int]
    per_direction: Mapping[Direction, int]


def event_heat(first: dt.date, last: dt.date, *, platforms: int) -> EventHeat:
    """Count the changes from a day to another one, as the timeline lists them."""
    entries = events().between(first, last)
    listed = {platform.pk: platform for platform in listed_platforms()}
    keys = entries.busiest_platforms(platforms)
    busiest = [listed[key] for key in keys if key in listed]  # not one that is just being added
    return EventHeat(busiest, entries.per_quarter_of(busiest), entries.per_direction())


def notice_counts() -> Mapping[int, int]:
    """Count the changes with both days known by the days from announcement to effect."""
    return events().spread_of_notice()


class DigestCounts(NamedTuple):
    """The numbers in the subject of a digest."""

    changes: int
    turning_on: int


def digest_counts(turns_on: Mapping[int, bool]) -> DigestCounts:
    """Count the changes that a digest is about.

    turns_on: by the key of each entry, whether it turns training on.
    """
    return DigestCounts(len(turns_on), sum(turns_on.values()))


@dataclass(frozen=True, slots=True)
class SpanCounts:
    """How many changes some days had, by what they did; each is a list on the timeline.

    turned_on, turned_off: changes that turned a use for training on or off. less_control and
    more_control: by direction, seen from the person.
    """

    changes: int
    turned_on: int
    turned_off: int
    less_control: int
    more_control: int


def events_of_year(year: int) -> EntryQuerySet:
    """Return the changes of a year, by the first date that is known of each."""
    return events().between(dt.date(year, 1, 1), dt.date(year, 12, 31))


def span_counts(first: dt.date, last: dt.date) -> SpanCounts:
    """Count the changes from a day to another one, by the first date that is known of each."""
    entries = events().between(first, last)
    counted = entries.aggregate(
        changes=Count("pk"),
        less=Count("pk", filter=Q(direction=Direction.LESS_CONTROL)),
        more=Count("pk", filter=Q(direction=Direction.MORE_CONTROL)),
    )
    return SpanCounts(
        changes=counted["changes"],
        turned_on=turned(entries, Turning.ON).count(),
        turned_off=turned(entries, Turning.OFF).count(),
        less_control=counted["less"],
        more_control=counted["more"],
    )


def year_counts(year: int) -> SpanCounts:
    """Count the changes of a year."""
    return span_counts(dt.date(year, 1, 1), dt.date(year, 12, 31))


def years_of_events() -> Sequence[int]:
    """Return the years that have changes, the latest first."""
    return sorted({month.year for month in events().per_month("timeline_on")}, reverse=True)


def event_count() -> int:
    """Count the changes on the timeline."""
    return events().count()


class RecordEnd(NamedTuple):
    """How far the record goes. entry_on: the day of the latest entry that is not to come.

    later: platforms with states that began after that day, without an entry.
    """

    entry_on: dt.date
    later: list[tuple[PlatformFacts, list[StateFacts]]]


def record_end(today: dt.date) -> RecordEnd | None:
    """Return how far the record goes, if there is an entry."""
    latest = events().so_far(today).order_by("-timeline_on")
    entry_on = latest.values_list("timeline_on", flat=True).first()
    if entry_on is None:
        return None
    begun = [(each, begun_without_entry(each, entry_on, today)) for each in facts_of_all().values()]
    return RecordEnd(entry_on, [(facts, states) for facts, states in begun if states])


def begun_without_entry(facts: PlatformFacts, after: dt.date, until: dt.date) -> list[StateFacts]:
    """Return the states of training that began on these days without an entry, one a start.

    What began on a day at the latest may have begun before the first of these days.
    """
    found = {
        (state.since, state.precision, state.since_is): state
        for use in training_uses(facts)
        for branch in use.branches
        for state in states_begun(use, branch, until)
        if state.since and state.since > after
        if state.since_is != SinceIs.AT_LATEST and not state.has_entry
    }
    return [found[start] for start in sorted(found)]


@dataclass(frozen=True, slots=True)
class Counted:
    """One word of a closed list, and how often it was found."""

    value: str
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class WaysOfTelling:
    """How people were told of the changes that turned training on.

    total: all such changes. ways: those known, each with its number; a change told in two ways is
    in both. not_known: changes of which no source says it.
    """

    total: int
    ways: Sequence[Counted]
    not_known: int


def ways_of_telling() -> WaysOfTelling:
    """Count the changes that turned training on by how people were told of them."""
    told = list(turned(events(), Turning.ON).order_by().values_list("told", flat=True))
    counted = Counter(way for ways in told for way in ways)
    ways = [Counted(way.value, str(way.label), counted[way]) for way in Told if counted[way]]
    return WaysOfTelling(len(told), ways, told.count([]))


@dataclass(frozen=True, slots=True)
class EffortLine:
    """What one guide asks. acts: the steps on the shortest surface."""

    guide: GuideLine
    acts: int
    frictions: tuple[Friction, ...]


@dataclass(frozen=True, slots=True)
class EffortToRefuse:
    """What published guides ask of people, those with most acts first."""

    total: int
    frictions: Sequence[Counted]
    lines: Sequence[EffortLine]


def effort_to_refuse(guides: Iterable[GuideLine]) -> EffortToRefuse:
    """Count the frictions of guides."""
    lines = [EffortLine(guide, guide.fewest_steps(), guide.frictions) for guide in guides]
    counted = Counter(friction for line in lines for friction in line.frictions)
    return EffortToRefuse(
        total=len(lines),
        frictions=[
            Counted(friction.value, str(friction.label), counted[friction])
            for friction in Friction
            if counted[friction]
        ],
        lines=sorted(lines, key=lambda line: (-line.acts, line.guide.platform.name)),
    )


def watched_page_count() -> int:
    """Count the pages that workers visit, as the footer and the status page do."""
    return Page.objects.watched().count()


def guide_count() -> int:
    """Count the published guides."""
    return Guide.objects.published().count()
