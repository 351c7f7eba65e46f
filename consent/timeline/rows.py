"""Entries made ready for the page: rows in month groups, cut where the next page starts."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from django.db.models import prefetch_related_objects

from consent.models import Entry, Guide, Source, State
from consent.models.entries import EntryQuerySet
from consent.timeline.dates import Dated, leading_date
from consent.timeline.turns import Turn, Values, distinct_values, turns_of
from consent.vocabulary import Effect, PublicationStatus

ROWS_PER_PAGE = 40


@dataclass(frozen=True, slots=True)
class Row:
    """What one line of the timeline shows."""

    entry: Entry
    date: Dated | None
    values: list[Values]
    effects: list[Effect]
    guides: list[Guide]
    source_count: int

    @property
    def seen_on(self) -> dt.date | None:
        """When we saw it, unless that is the date the line begins with."""
        seen = self.entry.observed_to
        return seen.date() if seen and self.date and self.date.kind != "observed" else None

    @property
    def retracted(self) -> bool:
        return self.entry.status == PublicationStatus.RETRACTED

    @property
    def more_regions(self) -> int:
        """How many regions do not fit on the line, which names three."""
        return max(0, len(self.entry.regions) - 3)


@dataclass(frozen=True, slots=True)
class Month:
    """Rows of one month, named by its first day.

    continued: its first rows are on the page before this one.
    """

    first: dt.date | None
    rows: list[Row]
    continued: bool = False

    @property
    def anchor(self) -> str:
        month = f"m{self.first:%Y-%m}" if self.first else "undated"
        return f"{month}-{self.rows[0].entry.public_id}" if self.continued else month


@dataclass(frozen=True, slots=True)
class Cut:
    """One page of a longer list, and the entry after which the next one starts."""

    entries: list[Entry]
    older_after: Entry | None


def cut(entries: EntryQuerySet, size: int | None = None) -> Cut:
    """Read one page, and one entry more to know whether there is another."""
    size = size or ROWS_PER_PAGE
    read = list(entries[: size + 1])
    return Cut(read[:size], read[size - 1] if len(read) > size else None)


def rows_of(
    *lists: Iterable[Entry], dated: str = "", name_platforms: bool = True
) -> list[list[Row]]:
    """Make rows of several lists of entries, and fetch what they show for all at once.

    dated: the kind of date (see Dated) that each line begins with; else the first known.
    name_platforms: whether the rows say which platforms they are about.
    """
    read = [list(each) for each in lists]
    entries = [entry for each in read for entry in each]
    if name_platforms:
        prefetch_related_objects(entries, "platforms")
    guides = Guide.objects.published().widest_first().per_entry(entries)
    sources = Source.objects.per_entry(entries)
    opened: dict[int | None, list[State]] = defaultdict(list)
    closed: dict[int | None, list[State]] = defaultdict(list)
    for state in State.objects.turned_by(entries):
        opened[state.opened_by_id].append(state)
        closed[state.closed_by_id].append(state)
    return [
        [
            _row(
                entry,
                leading_date(entry, dated),
                turns_of(opened[entry.pk], closed[entry.pk]),
                guides[entry.pk],
                sources.get(entry.pk, 0),
            )
            for entry in each
        ]
        for each in read
    ]


def _row(
    entry: Entry, date: Dated | None, turns: list[Turn], guides: list[Guide], source_count: int
) -> Row:
    return Row(
        entry=entry,
        date=date,
        values=distinct_values(turns),
        effects=[Effect(effect) for effect in entry.effects],
        guides=guides,
        source_count=source_count,
    )


def split_at(today: dt.date, rows: Sequence[Row]) -> tuple[list[Row], list[Row]]:
    """Part rows in timeline order: what is still to come, nearest first, and what has been."""
    coming = [row for row in rows if row.date and row.date.on > today]
    return coming[::-1], [row for row in rows if row not in coming]


def by_month(rows: Iterable[Row], after: Dated | None = None) -> list[Month]:
    """Group rows that come in timeline order under the months of the dates they begin with.

    after: the date of the last row on the page before, whose month may go on here.
    """
    months = [
        Month(first, list(group))
        for first, group in groupby(rows, key=lambda row: _month(row.date))
    ]
    if months and after is not None and _month(after) == months[0].first:
        months[0] = replace(months[0], continued=True)
    return months


def _month(date: Dated | None) -> dt.date | None:
    return date.on.replace(day=1) if date else None
