"""Times in which our own connection failed: those that were recorded, and those that visits show.

Workers notice most outages at once and record them (platforms/watch/line.py). Where they could not
tell, the visits show a time in which nearly no host answered. A page that could not be reached in
such a time says nothing about its platform.
"""

from __future__ import annotations

import datetime as dt
from collections import OrderedDict, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from platforms.models import Fetch, Outage
from platforms.outcomes import NO_ANSWER, NOT_ASKED, Outcome

# Chosen, not measured: of 135 platforms some hosts are always slow, sixteen of twenty never were.
#: The latest visits that are compared, one for each host.
_HOSTS_COMPARED = 20
#: Share of them without an answer that makes an outage.
_MOST = 0.8
#: Fewer hosts than these say nothing about our connection.
_FEWEST_HOSTS = 5


@dataclass(frozen=True, slots=True)
class Visit:
    """A visit that asked a host. answered: with anything, a refusal included."""

    at: dt.datetime
    host: str
    answered: bool


@dataclass(frozen=True, slots=True)
class Spell:
    """From the first to the last visit without an answer."""

    began_at: dt.datetime
    ended_at: dt.datetime


@dataclass(frozen=True, slots=True)
class Outages:
    """Outages of our connection, oldest first. is_on: the last one lasts."""

    spells: tuple[Spell, ...] = ()
    is_on: bool = False

    def explain(self, outcome: str, began_at: dt.datetime, ended_at: dt.datetime) -> bool:
        """True if a page was unreachable mostly during outages: it is probably our fault.

        outcome: of the last visit. began_at, ended_at: the first and the last failed visit.
        """
        if outcome not in NO_ANSWER:
            return False
        if began_at >= ended_at:
            return any(spell.began_at <= began_at <= spell.ended_at for spell in self.spells)
        within = sum(
            (
                max(min(ended_at, spell.ended_at) - max(began_at, spell.began_at), dt.timedelta())
                for spell in self.spells
            ),
            dt.timedelta(),
        )
        return within * 2 >= ended_at - began_at


def find_outages(visits: Iterable[Visit]) -> Outages:
    """Find the outages in visits, which are in order of time."""
    latest: OrderedDict[str, Visit] = OrderedDict()
    spells: list[Spell] = []
    is_on = False
    for visit in visits:
        latest.pop(visit.host, None)
        latest[visit.host] = visit
        if len(latest) > _HOSTS_COMPARED:
            latest.popitem(last=False)
        silent = [each.at for each in latest.values() if not each.answered]
        is_on = len(latest) >= _FEWEST_HOSTS and len(silent) >= _MOST * len(latest)
        if is_on:
            began_at = silent[0]
            if spells and began_at <= spells[-1].ended_at:
                began_at = min(began_at, spells.pop().began_at)
            spells.append(Spell(began_at, silent[-1]))
    return Outages(tuple(spells), is_on)


def outages_since(moment: dt.datetime) -> Outages:
    """Return the outages of our connection from a moment on: recorded ones, and those of visits."""
    return combined(recorded_outages(moment), outages_in_visits(moment))


def recorded_outages(moment: dt.datetime) -> Outages:
    """Return the outages from a moment on that workers noticed. One query."""
    rows = list(Outage.objects.since(moment))
    spells = tuple(Spell(row.began_at, row.ended_at or row.last_tried_at) for row in rows)
    return Outages(spells, is_on=any(row.ended_at is None for row in rows))


def combined(*several: Outages) -> Outages:
    """Return all outages as one, with spells that overlap as one spell."""
    spells: list[Spell] = []
    for spell in sorted(
        (spell for outages in several for spell in outages.spells),
        key=lambda spell: spell.began_at,
    ):
        if spells and spell.began_at <= spells[-1].ended_at:
            before = spells.pop()
            spell = Spell(before.began_at, max(before.ended_at, spell.ended_at))
        spells.append(spell)
    return Outages(tuple(spells), any(outages.is_on for outages in several))


def outages_in_visits(moment: dt.datetime) -> Outages:
    """Find the outages of our connection in the recorded visits from a moment on.

    One query finds out whether enough hosts were silent on any day. Only then all visits are read.
    """
    fetches = Fetch.objects.filter(started_at__gte=moment)
    silent_hosts: dict[dt.date, set[str]] = defaultdict(set)
    silent = fetches.filter(outcome__in=NO_ANSWER).values_list("started_at", "page__url")
    for started_at, url in silent:
        silent_hosts[started_at.date()].add(_host(url))
    days = [day for day, hosts in silent_hosts.items() if len(hosts) >= _FEWEST_HOSTS]
    if not days:
        return Outages()
    # The visits of the day before show whether the hosts used to answer.
    first = dt.datetime.combine(min(days), dt.time(), dt.UTC) - dt.timedelta(days=1)
    asked = (
        fetches.filter(started_at__gte=first)
        .exclude(outcome__in=NOT_ASKED)
        .order_by("started_at", "pk")
        .values_list("started_at", "page__url", "outcome")
    )
    return find_outages(
        Visit(started_at, _host(url), Outcome(outcome) not in NO_ANSWER)
        for started_at, url, outcome in asked.iterator()
    )


def _host(url: str) -> str:
    return urlsplit(url).hostname or ""
