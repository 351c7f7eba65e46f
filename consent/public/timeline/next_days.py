"""What lies ahead: days on which something takes effect, is due, or can last be refused."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from consent.ledger.counts import RecordEnd, events, record_end
from consent.ledger.dates import Dated, dates_of
from consent.ledger.guide_lines import GuideLine, GuideLink, guides_of_entries
from consent.models import Control, Entry
from consent.public.state_of_play.figures import notice_given
from consent.public.timeline.ways_of_day import WayOfDay, guides_beside, ways_of_day
from consent.vocabulary import Direction, Friction, Precision
from consent.web.page_cache import public_page
from consent.web.page_language import webcal_address
from platforms.days import end_of_month
from platforms.models import Page, Platform

#: A company may have many platforms. Chosen.
_MOST_WITH_DEADLINES = 6
_TO_COME = frozenset({"effective", "due", "deadline"})


@dataclass(frozen=True, slots=True)
class ComingDay:
    """A date of an entry. days: from today on; negative if it is over. guides: to saying no."""

    entry: Entry
    date: Dated
    days: int
    guides: Sequence[GuideLink] = ()

    @property
    def ways(self) -> Sequence[WayOfDay]:
        return ways_of_day(self.entry, self.guides)

    @property
    def guides_beside(self) -> Sequence[GuideLine]:
        return guides_beside(self.entry, self.guides)

    @property
    def days_over(self) -> int:
        return -self.days

    @property
    def act_by(self) -> dt.date | None:
        """Return the last day on which one can say no before people lose control, if one can."""
        takes_effect = self.date.kind in {"due", "effective"} and self.is_exact and self.days > 0
        loses = self.entry.direction in {Direction.LESS_CONTROL, Direction.MIXED}
        if not (takes_effect and loses and self.guides) or self.entry.deadline_on:
            return None
        return self.date.on - dt.timedelta(days=1)

    @property
    def names_whom(self) -> bool:
        """Whether the entry says for whom it is, rather than that nothing is known of that."""
        entry = self.entry
        return bool(entry.people or entry.plans or entry.who) or not entry.where.is_worldwide

    @property
    def is_exact(self) -> bool:
        return self.date.precision == Precision.DAY


@dataclass(frozen=True, slots=True)
class Coming:
    """What lies ahead, for a question. named: a month, year or day to come, as it is to be shown.

    until: the last of several days from the named one on that are no month and no year.
    within: of the days that are named. ahead: of all, the nearest first. overdue: what was due and
    is not confirmed. at_times: ways out that are open on certain days only. record_end: how far the
    record goes.
    """

    named: Dated | None
    until: dt.date | None
    within: list[ComingDay]
    ahead: list[ComingDay]
    overdue: list[ComingDay]
    at_times: list[Control]
    record_end: RecordEnd | None

    @property
    def first(self) -> list[ComingDay]:
        """All that lies ahead on the nearest day."""
        return [each for each in self.ahead if each.date.on == self.ahead[0].date.on]

    @property
    def deadlines(self) -> list[ComingDay]:
        return _deadlines(self.ahead)


@dataclass(frozen=True, slots=True)
class Deadlines:
    """Until when people can say no on a platform, or on several of which nothing is on record.

    last: the deadline that is over last. ahead: all that lies ahead. at_times: ways out that are
    open on certain days only.
    """

    platforms: list[Platform]
    ahead: list[ComingDay]
    last: ComingDay | None
    at_times: list[Control]

    @property
    def until(self) -> list[ComingDay]:
        return _deadlines(self.ahead)

    @property
    def others(self) -> list[ComingDay]:
        return [each for each in self.ahead if each.date.kind != "deadline"]


def deadlines_of(
    platforms: Sequence[Platform], today: dt.date, most: int = _MOST_WITH_DEADLINES
) -> list[Deadlines]:
    dated = Q(deadline_on__isnull=False) | Q(pk__in=events().upcoming(today).pks())
    entries = Entry.objects.published().filter(dated, platforms__in=platforms).distinct()
    entries = entries.prefetch_related("platforms").order_by("deadline_on", "key")
    at_times = _open_at_times(today, platforms)
    found = []
    silent = []
    for platform in platforms:
        of_platform = [entry for entry in entries if platform in entry.platforms.all()]
        over = [
            ComingDay(entry, date, (date.on - today).days)
            for entry in of_platform
            for date in dates_of(entry)
            if date.kind == "deadline" and _last_day(date) < today
        ]
        ahead = _dates_from(of_platform, today)
        own = [control for control in at_times if control.platform == platform]
        if ahead or over or own:
            found.append(Deadlines([platform], ahead, over[-1] if over else None, own))
        else:
            silent.append(platform)
    rest = [Deadlines(silent, [], None, [])] if silent else []
    return found[:most] + rest


@require_safe
@public_page()
def next_days(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    ahead = _ahead(today)
    context = {
        "section": "next",
        "today": today,
        "ahead": ahead,
        "record_end": record_end(today),
        "deadlines": _deadlines(ahead),
        "at_times": _open_at_times(today),
        "overdue": _overdue(today),
        "notice": notice_given(),
        "freshness": Page.objects.freshness(),
        "webcal": webcal_address(),
    }
    return render(request, "timeline/next.html", context)


def coming(first: dt.date | None, last: dt.date | None, today: dt.date) -> Coming:
    """Return what lies ahead, and what of it from the first to the last of some days to come."""
    ahead = _ahead(today)
    others = (_overdue(today), _open_at_times(today), record_end(today))
    if first is None or last is None or first < today or last <= today:
        return Coming(None, None, [], ahead, *others)
    precision = _precision_of(first, last)
    named = Dated("due", first, precision or Precision.DAY)
    within = [each for each in ahead if first <= _last_day(each.date) and each.date.on <= last]
    return Coming(named, None if precision else last, within, ahead, *others)


def _precision_of(first: dt.date, last: dt.date) -> Precision | None:
    """Return what days are together; None for some that are no month and no year."""
    if first == last:
        return Precision.DAY
    if last == end_of_month(first):
        return Precision.MONTH
    is_year = first == first.replace(month=1, day=1) and last == first.replace(month=12, day=31)
    return Precision.YEAR if is_year else None


def _ahead(today: dt.date) -> list[ComingDay]:
    entries = Entry.objects.filter(
        pk__in=[*events().upcoming(today).pks(), *events().with_deadline_from(today).pks()]
    )
    return _dates_from(list(entries.prefetch_related("platforms")), today)


def _deadlines(days: Sequence[ComingDay]) -> list[ComingDay]:
    return [each for each in days if each.date.kind == "deadline"]


def _open_at_times(today: dt.date, platforms: Sequence[Platform] | None = None) -> list[Control]:
    """Return the ways out that are open on certain days only, as far as they are still offered.

    platforms: None for all.
    """
    controls = Control.objects.published().select_related("platform").prefetch_related("offers")
    if platforms is not None:
        controls = controls.filter(platform__in=platforms)
    return [
        control
        for control in controls.order_by("platform__name", "pk")
        if Friction.ONLY_AT_TIMES in control.frictions
        and (
            not control.offers.all()
            or any(not offer.ends_on or offer.ends_on > today for offer in control.offers.all())
        )
    ]


def _dates_from(entries: Collection[Entry], today: dt.date) -> list[ComingDay]:
    guides = guides_of_entries(entries)
    found = [
        ComingDay(entry, date, (date.on - today).days, guides.get(entry.pk, ()))
        for entry in entries
        for date in dates_of(entry)
        if date.kind in _TO_COME and not date.settled and _last_day(date) >= today
    ]
    return sorted(found, key=lambda each: (each.date.on, each.entry.key))


def _overdue(today: dt.date) -> list[ComingDay]:
    """Return what was due before today: of a month, when that month is over."""
    entries = list(events().overdue(today).prefetch_related("platforms"))
    guides = guides_of_entries(entries)
    found = []
    for entry in entries:
        date = next(each for each in dates_of(entry) if each.kind == "due")
        last = _last_day(date)
        if last < today:
            found.append(ComingDay(entry, date, (last - today).days, guides.get(entry.pk, ())))
    return found


def _last_day(date: Dated) -> dt.date:
    if date.precision == Precision.MONTH:
        return end_of_month(date.on)
    if date.precision == Precision.YEAR:
        return date.on.replace(month=12, day=31)
    return date.on
