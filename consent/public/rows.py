"""Rows of the timeline, grouped by month and split into pages."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, groupby
from types import MappingProxyType
from typing import NamedTuple

from django.db.models import prefetch_related_objects
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from consent.ledger.dates import Dated, due_date, leading_date
from consent.ledger.guide_lines import GuideLink, guides_of_entries
from consent.ledger.place_words import place_words
from consent.ledger.turns import Values, turns_of, values_told_apart
from consent.models import Entry
from consent.models.entries import EntryQuerySet
from consent.vocabulary import Effect, PublicationStatus, Purpose, Topic

#: Chosen: about ten screens of a phone.
ROWS_PER_PAGE = 20
#: What an act is about that is not about training.
_SUBJECTS = {
    Purpose.ADS: _("about ads"),
    Purpose.PERSONALISATION: _("about personalisation"),
    Purpose.FEATURE: _("about an AI feature"),
    Purpose.COLLECTION: _("about the collection of data"),
}


@dataclass(frozen=True, slots=True)
class DrawnRow:
    """A rendered row of the timeline, with its dates for grouping."""

    public_id: str
    title: str
    date: Dated | None
    #: The day on which it takes effect, or is due.
    effect_on: dt.date | None
    html: SafeString


@dataclass(frozen=True, slots=True)
class Row:
    """What one line of the timeline shows."""

    entry: Entry
    date: Dated | None
    values: list[Values]
    effects: list[Effect]
    guides: Sequence[GuideLink]
    source_count: int
    #: Entries about the same event for other platforms, where these are not rows of their own.
    twins: Sequence[Entry] = ()

    @property
    def effect(self) -> Dated | None:
        """Return the day to come on which it is due, where the row is dated by an announcement."""
        is_announced = self.date is not None and self.date.kind == "announced"
        return self.due if is_announced and self.is_ahead else None

    @property
    def seen_on(self) -> dt.date | None:
        """Return the day we saw it, unless the row begins with that date."""
        seen = self.entry.observed_to
        return seen.date() if seen and self.date and self.date.kind != "observed" else None

    @property
    def due(self) -> Dated | None:
        """Return the day for which it is announced, unless the row begins with that date."""
        due = due_date(self.entry)
        return due if due and self.date and self.date.kind != "due" else None

    @property
    def is_unconfirmed(self) -> bool:
        """Whether the day for which it was announced is over and no source says that it came."""
        due = due_date(self.entry)
        return due is not None and due.on <= timezone.localdate()

    @property
    def is_ahead(self) -> bool:
        return self.due is not None and self.due.on > timezone.localdate()

    @property
    def retracted(self) -> bool:
        return self.entry.status == PublicationStatus.RETRACTED

    @property
    def topic(self) -> str:
        """What the entry is about, if that is not a change of training."""
        is_change_of_training = self.entry.is_about_training and not self.entry.is_act
        return "" if is_change_of_training else subject_words(self.entry)

    @property
    def place(self) -> str:
        """Where the entry holds, in words; "" for the whole world."""
        where = self.entry.where
        return "" if where.is_worldwide else place_words(where)


def subject_words(entry: Entry) -> str:
    """Say what an entry is about: training, another use of data, or another AI matter."""
    if entry.is_about_training:
        return gettext("about training")
    if entry.topic == Topic.OTHER:
        return entry.get_topic_display()
    return str(_SUBJECTS[entry.subject]) if entry.subject else gettext("subject not recorded")


@dataclass(frozen=True, slots=True)
class Month:
    """Rows of one month, named by its first day.

    continued: its first rows are on the page before this one.
    """

    first: dt.date | None
    rows: list[DrawnRow]
    continued: bool = False

    @property
    def anchor(self) -> str:
        month = f"m{self.first:%Y-%m}" if self.first else "undated"
        return f"{month}-{self.rows[0].public_id}" if self.continued else month


@dataclass(frozen=True, slots=True)
class Cut:
    """The keys of one page of a longer list, and whether there is more to follow."""

    entries: list[int]
    more: bool


def cut(entries: EntryQuerySet, size: int | None = None) -> Cut:
    """Read one page, and one more entry to see whether another page follows."""
    size = size or ROWS_PER_PAGE
    read = list(entries.pks()[: size + 1])
    return Cut(read[:size], len(read) > size)


class _Asked(NamedTuple):
    """All that a row depends on beside the ledger; after: the entry that readers go on from."""

    pk: int
    dated: str
    name_platforms: bool
    after: str = ""


def rows_of(
    *lists: Iterable[int],
    dated: str = "",
    name_platforms: bool = True,
    after: Entry | None = None,
    loaded: Iterable[Entry] = (),
) -> list[list[DrawnRow]]:
    """Draw the rows of several lists of entries, all at once.

    lists: the keys of the entries.
    dated: the kind of date (see Dated) that each line begins with; else the first known.
    name_platforms: whether the rows say which platforms they are about.
    after: the entry before the last list, from whose first row readers go on.
    loaded: all of the entries, of EntryQuerySet.for_rows, if the caller has read them.
    """
    asked = [[_Asked(pk, dated, name_platforms) for pk in each] for each in lists]
    if after and asked[-1]:
        asked[-1][0] = asked[-1][0]._replace(after=after.public_id)
    found = _draw(list(chain.from_iterable(asked)), loaded)
    return [[found[key] for key in keys if key in found] for keys in asked]


def _draw(
    asked: list[_Asked],
    loaded: Iterable[Entry] = (),
    twins: Mapping[int, Sequence[Entry]] = MappingProxyType({}),
) -> dict[_Asked, DrawnRow]:
    """Load the data of all these rows at once and render them. twins: see Row, by key."""
    wanted = {key.pk for key in asked}
    entries = {entry.pk: entry for entry in loaded if entry.pk in wanted}
    if not entries:
        entries = Entry.objects.for_rows().in_bulk(wanted)
    if any(key.name_platforms for key in asked):
        prefetch_related_objects(list(entries.values()), "platforms")
    guides = guides_of_entries(entries.values())
    turns = turns_of(entries.values())
    rows = {}
    for key in asked:
        # Omit entries that were removed between the two queries.
        if (entry := entries.get(key.pk)) is None:
            continue
        row = Row(
            entry=entry,
            date=leading_date(entry, key.dated),
            values=values_told_apart(turns[entry.pk]),
            effects=[Effect(effect) for effect in entry.effects],
            guides=guides.get(entry.pk, ()),
            source_count=entry.source_count,
            twins=twins.get(entry.pk, ()),
        )
        rows[key] = drawn(row, name_platforms=key.name_platforms, first_after=key.after)
    return rows


def drawn(row: Row, *, name_platforms: bool = True, first_after: str = "") -> DrawnRow:
    shown = {"row": row, "name_platforms": name_platforms, "first_after": first_after}
    html = SafeString(render_to_string("parts/_row.html", shown))
    due = due_date(row.entry)
    effect_on = row.entry.effective_on or (due.on if due else None)
    return DrawnRow(row.entry.public_id, row.entry.title, row.date, effect_on, html)


def rows_of_events(entries: Sequence[Entry]) -> list[DrawnRow]:
    """Draw entries, of EntryQuerySet.for_rows; those with one title and date are one row."""
    events = defaultdict(list)
    for entry in entries:
        events[entry.title, leading_date(entry)].append(entry)
    twins = {first.pk: others for first, *others in events.values()}
    prefetch_related_objects(list(chain.from_iterable(twins.values())), "platforms")
    asked = [_Asked(key, "", name_platforms=True) for key in twins]
    return list(_draw(asked, entries, twins).values())


def split_at(today: dt.date, rows: Sequence[DrawnRow]) -> tuple[list[DrawnRow], list[DrawnRow]]:
    """Split rows in timeline order into upcoming ones, nearest first, and past ones."""
    coming = [row for row in rows if row.effect_on and row.effect_on > today]
    coming.sort(key=lambda row: (row.effect_on, row.public_id))
    return coming, [row for row in rows if row not in coming]


def by_month(rows: Iterable[DrawnRow], after: Dated | None = None) -> list[Month]:
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
