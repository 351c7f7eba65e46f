"""The dates of an entry: announced, decided, due, in effect, deadline, observed, published."""

import datetime as dt
import re
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from consent.models import Entry
from consent.vocabulary import Basis, Effect, Precision, PublicationStatus
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
    """One date of an entry. kind is a key of _LABELS.

    elsewhere: documented by others before it was imported into this ledger (decision 5).
    filed: decided is the day on which a lawsuit or a complaint was filed.
    of_settlement: decided is the day of a settlement, and not that on which its suit was filed.
    settled: of a day that something was due, that another entry says what became of it.
    reported: announced is the day of a report that does not say from when it holds.
    is_open: decided is the day on which an authority asked or began to look, and decided nothing.
    """

    kind: str
    on: dt.date
    precision: str = Precision.DAY
    elsewhere: bool = False
    filed: bool = False
    of_settlement: bool = False
    settled: bool = False
    reported: bool = False
    is_open: bool = False

    @property
    def label(self) -> str:
        if self.kind == "effective" and self.on > timezone.localdate():
            return gettext("Takes effect")
        if self.kind == "due":
            if self.settled:
                return gettext("Announced for")
            is_to_come = self.on > timezone.localdate()
            return gettext("Due") if is_to_come else gettext("Due, not confirmed")
        if self.of_settlement:
            # Translators: of a lawsuit, beside its day
            return gettext("Settlement")
        if self.filed:
            return gettext("Filed")
        if self.is_open:
            # Translators: of an inquiry or a letter of an authority, beside its day
            return gettext("An authority acted")
        if self.reported:
            return gettext("Reported")
        if self.elsewhere:
            return gettext("Documented by others")
        return str(_LABELS[self.kind])


_LABELS = {
    "announced": _("Announced"),
    "decided": _("Decided"),
    "due": _("Due"),
    "effective": _("In effect"),
    "deadline": _("Deadline to say no"),
    "observed": _("Seen by us"),
    "published": _("Published here"),
}


_SETTLES = re.compile(r"\bsettle", re.IGNORECASE)
#: The kinds by which Entry.timeline_on is found, in this order.
_LEADING = ("effective", "decided", "announced", "due", "observed", "published")


def dates_of(entry: Entry) -> list[Dated]:
    """Return the known dates, in the order of _LABELS."""
    dates = [
        Dated(
            kind,
            on,
            precision,
            filed=kind == "decided" and _is_filed(entry),
            of_settlement=kind == "decided" and is_settlement(entry),
            is_open=kind == "decided" and _decides_nothing(entry),
            settled=kind == "due" and is_settled(entry),
            reported=kind == "announced" and _is_only_reported(entry),
        )
        for kind, on, precision in (
            ("announced", entry.announced_on, entry.announced_precision),
            ("decided", entry.decided_on, entry.decided_precision),
            ("due", entry.due_on, entry.due_precision),
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


def dates_with_announcement(entry: Entry) -> list[Dated]:
    """Return the known dates; of an effect also the day on which another entry announced it."""
    dates = dates_of(entry)
    if entry.effective_on is not None and (earlier := announcement_of(entry)) is not None:
        assert earlier.announced_on is not None
        announced = Dated("announced", earlier.announced_on, earlier.announced_precision)
        if earlier is not entry:
            dates.insert(0, announced)
    return dates


def is_settled(entry: Entry) -> bool:
    """Return whether another entry says what became of this announcement."""
    return entry.outcome is not None and entry.outcome.status == PublicationStatus.PUBLISHED


def due_date(entry: Entry) -> Dated | None:
    """Return the day for which something is announced and has no outcome on record."""
    return next((date for date in dates_of(entry) if date.kind == "due" and not date.settled), None)


def has_begun(entry: Entry, day: dt.date) -> bool:
    """Return whether any date of an entry is not after a day: of today, all have."""
    return day == timezone.localdate() or any(date.on <= day for date in dates_of(entry))


def leading_date(entry: Entry, kind: str = "") -> Dated | None:
    """Return the date an entry is listed under: of this kind, or the first that is known.

    Without a kind it is the date in Entry.timeline_on, with its kind and precision.
    """
    by_kind = {date.kind: date for date in dates_of(entry)}
    candidates = (kind,) if kind else _LEADING
    for candidate in candidates:
        if candidate in by_kind:
            return by_kind[candidate]
    return None


def notice_days(entry: Entry) -> int | None:
    """Return the days from announcement to effect; negative if announced later, None if unknown.

    An effect that was announced by an entry of its own takes its announcement from there.
    """
    announced = announcement_of(entry)
    if announced is None or entry.effective_on is None:
        return None
    if {announced.announced_precision, entry.effective_precision} != {Precision.DAY}:
        return None
    assert announced.announced_on is not None
    return (entry.effective_on - announced.announced_on).days


def announcement_of(entry: Entry) -> Entry | None:
    """Return the entry that says when this one was announced: itself, or an earlier one."""
    if entry.announced_on is not None:
        return entry
    earlier = [
        each
        for each in entry.announcements.all()
        if each.announced_on is not None and each.status == PublicationStatus.PUBLISHED
    ]
    return min(earlier, key=lambda each: (each.announced_on, each.key), default=None)


def _is_only_reported(entry: Entry) -> bool:
    """Return whether reports are the basis, and name no day of an announcement or an effect."""
    is_reported = entry.basis == Basis.REPORTED and Effect.ANNOUNCED not in entry.effects
    return is_reported and not (entry.effective_on or entry.due_on or entry.decided_on)


def _decides_nothing(entry: Entry) -> bool:
    """Return whether an authority acted and no decision is on record; a ruling is one itself."""
    is_ruling = Effect.COURT_RULING in entry.effects
    return Effect.REGULATOR_ACTION in entry.effects and not is_ruling and not entry.result


def is_settlement(entry: Entry) -> bool:
    """Return whether a record about a lawsuit is about its settlement, as its title says."""
    return Effect.LAWSUIT in entry.effects and bool(_SETTLES.search(entry.title))


def _is_filed(entry: Entry) -> bool:
    return bool({Effect.LAWSUIT, Effect.COMPLAINT} & set(entry.effects))
