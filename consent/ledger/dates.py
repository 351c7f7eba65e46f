"""The dates of an entry, kept apart: what each one is, on which day, and how precisely known."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from consent.models import Entry
from consent.vocabulary import Precision
from platforms.vocabulary import Origin


class ListedBy(TextChoices):
    """By which one of its dates an entry is listed, where a reader does not leave that to us."""

    EFFECTIVE = "effective", _("the date in effect")
    OBSERVED = "observed", _("the day we saw it")
    PUBLISHED = "published", _("the day it was published")

    @property
    def field(self) -> str:
        """The field of Entry that holds this date."""
        return {"effective": "effective_on", "observed": "observed_to"}.get(self, "published_at")


@dataclass(frozen=True, slots=True)
class Dated:
    """One date of an entry. kind is one of announced, effective, deadline, observed, published.

    elsewhere: published by others before this ledger took it over (decision 5).
    """

    kind: str
    on: dt.date
    precision: str = Precision.DAY
    elsewhere: bool = False

    @property
    def label(self) -> str:
        if self.kind == "effective" and self.on > timezone.localdate():
            return gettext("Takes effect")
        if self.elsewhere:
            return gettext("Documented by others")
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
        elsewhere = entry.origin == Origin.CATALOG
        dates.append(Dated("published", entry.published_at.date(), elsewhere=elsewhere))
    return dates


def leading_date(entry: Entry, kind: str = "") -> Dated | None:
    """Return the date an entry is listed under: of this kind, or the first that is known.

    Without a kind it is the date in Entry.timeline_on, with its kind and precision.
    """
    by_kind = {date.kind: date for date in dates_of(entry)}
    for each in (kind,) if kind else ("effective", "announced", "observed", "published"):
        if each in by_kind:
            return by_kind[each]
    return None


def notice_days(entry: Entry) -> int | None:
    """Days between announcement and effect, negative when told afterwards; None if not known."""
    days = Precision.DAY
    if entry.announced_on is None or entry.effective_on is None:
        return None
    if (entry.announced_precision, entry.effective_precision) != (days, days):
        return None
    return (entry.effective_on - entry.announced_on).days
