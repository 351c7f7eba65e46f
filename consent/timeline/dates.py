"""The dates of an entry, kept apart: what each one is, on which day, and how precisely known."""

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from consent.models import Entry
from consent.vocabulary import Precision


@dataclass(frozen=True, slots=True)
class Dated:
    """One date of an entry. kind is one of announced, effective, deadline, observed, published."""

    kind: str
    on: dt.date
    precision: str = Precision.DAY

    @property
    def label(self) -> str:
        return str(_LABELS[self.kind])


_LABELS = {
    "announced": _("Announced"),
    "effective": _("In effect"),
    "deadline": _("Deadline to say no"),
    "observed": _("Seen by us"),
    "published": _("Published here"),
}


def dates_of(entry: Entry) -> list[Dated]:
    """Return the known dates in the order of an entry's life."""
    dates = [
        Dated(kind, on, precision)
        for kind, on, precision in (
            ("announced", entry.announced_on, entry.announced_precision),
            ("effective", entry.effective_on, entry.effective_precision),
            ("deadline", entry.deadline_on, entry.deadline_precision),
        )
        if on is not None
    ]
    if entry.observed_to:
        dates.append(Dated("observed", entry.observed_to.date()))
    if entry.published_at:
        dates.append(Dated("published", entry.published_at.date()))
    return dates


def leading_date(entry: Entry) -> Dated | None:
    """Return the date an entry is sorted under (Entry.timeline_on), with its kind and precision."""
    by_kind = {date.kind: date for date in dates_of(entry)}
    for kind in ("effective", "announced", "observed", "published"):
        if kind in by_kind:
            return by_kind[kind]
    return None


def notice_days(entry: Entry) -> int | None:
    """Days between announcement and effect, negative when told afterwards; None if not known."""
    days = Precision.DAY
    if entry.announced_on is None or entry.effective_on is None:
        return None
    if (entry.announced_precision, entry.effective_precision) != (days, days):
        return None
    return (entry.effective_on - entry.announced_on).days
