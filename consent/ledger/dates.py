"""The dates of an entry: announced, in effect, deadline, observed, published."""

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
    """The date by which the timeline is ordered, if a reader chooses one."""

    EFFECTIVE = "effective", _("the date in effect")
    OBSERVED = "observed", _("the day we saw it")
    PUBLISHED = "published", _("the day it was published")

    @property
    def field(self) -> str:
        """Return the field of Entry that contains this date."""
        return {"effective": "effective_on", "observed": "observed_to"}.get(self, "published_at")


@dataclass(frozen=True, slots=True)
class Dated:
    """One date of an entry. kind is one of announced, effective, deadline, observed, published.

    elsewhere: documented by others before it was imported into this ledger (decision 5).
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
    """Return the known dates: announced, effective, deadline, observed, published."""
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
    candidates = (kind,) if kind else ("effective", "announced", "observed", "published")
    for candidate in candidates:
        if candidate in by_kind:
            return by_kind[candidate]
    return None


def notice_days(entry: Entry) -> int | None:
    """Return the days from announcement to effect; negative if announced later, None if unknown."""
    day = Precision.DAY
    if entry.announced_on is None or entry.effective_on is None:
        return None
    if (entry.announced_precision, entry.effective_precision) != (day, day):
        return None
    return (entry.effective_on - entry.announced_on).days
