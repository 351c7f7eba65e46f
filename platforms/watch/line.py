"""Our own connection: whether it is the reason that a host gives no answer.

After a visit without an answer some other hosts are tried, by name and TCP connection only. If none
of them can be reached, the fault is ours: an Outage begins and visits wait until it ends.
"""

from __future__ import annotations

import datetime as dt
import logging
import random
from collections.abc import Callable
from urllib.parse import urlsplit

from django.db import IntegrityError, transaction
from django.db.models import F, Value
from django.db.models.functions import Greatest

from platforms.models import Host, Outage, Page
from platforms.outcomes import Outcome

log = logging.getLogger(__name__)

#: True if a host (by name and port) accepts a connection.
Reaches = Callable[[str, int], bool]

#: Outcomes of visits that our own connection may be the reason for. Without trusted encryption,
#: somebody did answer.
SUSPECT = frozenset({Outcome.TIMEOUT, Outcome.DNS, Outcome.CONNECTION})
#: Hosts that are tried. Chosen: that three of other owners, which answered lately, are all away at
#: the same time as a fourth is unlikely, and trying them takes seconds.
_TRIED = 3
_FEWEST = 2
#: Hosts that were read in this time are tried first.
_LATELY = dt.timedelta(days=7)
#: An outage that returns so soon is the same one.
_SAME_AGAIN = dt.timedelta(minutes=10)


def is_down(reaches: Reaches, *, but: str = "", now: dt.datetime) -> bool:
    """True if no watched host can be reached. but: a URL of the host that gave no answer.

    False if there are too few other hosts to tell.
    """
    hosts = _hosts_to_try(_owner(urlsplit(but).hostname or ""), now)
    return len(hosts) >= _FEWEST and not any(reaches(name, port) for name, port in hosts)


def note_outage(now: dt.datetime) -> None:
    """Record that a visit is postponed because of our own connection."""
    fields = {"last_tried_at": now, "postponed": F("postponed") + 1}
    if Outage.objects.on().update(**fields):
        return
    again = Outage.objects.filter(ended_at__gte=now - _SAME_AGAIN).order_by("-ended_at").first()
    try:
        with transaction.atomic():
            if again is not None:
                Outage.objects.filter(pk=again.pk).update(ended_at=None, told_at=None, **fields)
            else:
                Outage.objects.create(began_at=now, last_tried_at=now, postponed=1)
    except IntegrityError:  # another worker has just noted it
        Outage.objects.on().update(**fields)
        return
    log.error("our own connection is down: no host can be reached. Visits wait until it is back.")


def end_outage(now: dt.datetime) -> None:
    """Record that a host has answered. Does nothing without an outage."""
    # Asked first: an update that changes nothing would still wait for other writers of SQLite.
    # It may have begun in the time to come, while our clock was wrong.
    if Outage.objects.on().exists() and Outage.objects.on().update(
        ended_at=Greatest(Value(now), "began_at")
    ):
        log.error("our own connection is back; visits go on.")


def is_still_down(reaches: Reaches, *, now: dt.datetime) -> bool:
    """During an outage try the connection, and end the outage if it is back."""
    if not Outage.objects.on().exists():
        return False
    if is_down(reaches, now=now):
        Outage.objects.on().update(last_tried_at=now)
        return True
    end_outage(now)
    return False


def forget_unreachable_robots(host: Host, *, since: dt.datetime, before: Host) -> None:
    """Undo what an attempt in an outage noted: that robots.txt cannot be reached."""
    Host.objects.filter(pk=host.pk, robots_asked_at__gte=since).update(
        robots_asked_at=before.robots_asked_at,
        robots_unreachable_since=before.robots_unreachable_since,
        robots_outcome=before.robots_outcome,
        robots_detail=before.robots_detail,
        robots_status=before.robots_status,
    )


def _hosts_to_try(but: str, now: dt.datetime) -> list[tuple[str, int]]:
    """Return hosts of different owners, chosen by chance, first those that answered lately."""
    candidates: dict[str, tuple[bool, tuple[str, int]]] = {}
    watched = Page.objects.watched().order_by().values_list("url", "last_looked_at")
    for url, looked_at in watched:
        parts = urlsplit(url)
        name = parts.hostname or ""
        answered = looked_at is not None and now - looked_at < _LATELY
        if name and (_owner(name) not in candidates or answered):
            port = parts.port or (443 if parts.scheme == "https" else 80)
            candidates[_owner(name)] = (answered, (name, port))
    candidates.pop(but, None)
    chosen = list(candidates.values())
    random.shuffle(chosen)
    chosen.sort(key=lambda candidate: not candidate[0])
    return [host for _answered, host in chosen[:_TRIED]]


def _owner(name: str) -> str:
    """Return the last two labels of a host name: subdomains often are one machine.

    An IP address is its own owner.
    """
    return (
        name if name.replace(".", "").isdigit() or ":" in name else ".".join(name.split(".")[-2:])
    )
