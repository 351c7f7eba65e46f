"""Figures for the operator in the Prometheus text format, read from the database when asked.

Nothing is counted in memory: any number of web processes give the same answer.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator

from django.conf import settings
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from consent.alerts.sending.mail_health import figures
from consent.alerts.sending.smtp import short_reason
from consent.models import Change, Subscription
from consent.vocabulary import SubscriberState
from consent.web.page_cache import private_page
from platforms.models import Fetch, Heartbeat
from platforms.outcomes import Outcome
from platforms.watch.state import watch_state


@require_safe
@private_page
def metrics(request: HttpRequest) -> HttpResponse:
    """404 without METRICS_TOKEN in the settings, 401 without it in the request."""
    if not settings.METRICS_TOKEN:
        raise Http404
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not constant_time_compare(token, settings.METRICS_TOKEN):
        refused = HttpResponse("This needs a token.\n", "text/plain; charset=utf-8", status=401)
        refused["WWW-Authenticate"] = "Bearer"
        return refused
    registry = CollectorRegistry()
    registry.register(_Ledger(timezone.now()))
    return HttpResponse(generate_latest(registry), CONTENT_TYPE_LATEST)


class _Ledger(Collector):
    """The figures at one time."""

    def __init__(self, now: dt.datetime) -> None:
        self._now = now

    def collect(self) -> Iterator[GaugeMetricFamily]:
        yield from self._mail()
        yield from self._reading()
        seen = Heartbeat.of_all_parts()
        reports = [(part, beat_at.timestamp() if beat_at else 0) for part, beat_at in seen.items()]
        about = "When beat, or a worker of a queue, last reported; 0: never."
        yield _by("heartbeat_timestamp_seconds", about, "part", reports)
        waiting = Change.objects.waiting().count()
        yield _figure("changes_waiting", "Changes for curators to look at.", waiting)

    def _mail(self) -> Iterator[GaugeMetricFamily]:
        found = figures(self._now)
        late = found.late.total_seconds()
        yield _figure("mail_oldest_due_seconds", "How long the oldest due mail has waited.", late)
        due, waiting, sent, refused = (
            [(queue.kind, getattr(queue, name)) for queue in found.queues]
            for name in ("due", "waiting", "sent_today", "refused")
        )
        yield _by("mails_due", "Mails whose time has come.", "kind", due)
        yield _by("mails_waiting", "Mails not sent yet, due or not.", "kind", waiting)
        yield _by("mails_sent_24h", "Mails accepted by the server in 24 hours.", "kind", sent)
        about = "Mails put off by a server and waiting, or given up in the last hour."
        yield _by("mails_refused", about, "kind", refused)
        reasons: Counter[str] = Counter()
        for reason, count in found.failures:
            reasons[short_reason(reason)] += count
        yield _by("mails_failed_7d", "Mails given up in 7 days.", "reason", reasons.items())
        failing = len(Subscription.objects.failing_views())
        yield _figure("saved_views_failing", "Saved views that cannot be asked.", failing)
        states = dict.fromkeys(map(str, SubscriberState.values), 0) | dict(found.subscribers)
        yield _by("subscribers", "Subscribers.", "state", states.items())

    def _reading(self) -> Iterator[GaugeMetricFamily]:
        state = watch_state(self._now)
        fresh, behind = state.pages, state.behind.total_seconds()
        outage = int(state.outage_since is not None)
        yield _figure("own_outage", "1 while our own connection is down.", outage)
        yield _figure("disk_free_percent", "Free space on the disk with our data.", state.disk_free)
        yield _figure("pages_watched", "Pages that workers read.", fresh.watched)
        yield _figure("pages_unreadable", "Pages that cannot be read now.", fresh.failing)
        yield _figure("pages_never_read", "Pages that were never read.", fresh.never_read)
        yield _figure("pages_due", "Pages whose time has come.", state.due)
        yield _figure("seconds_behind", "How long the page due longest has waited.", behind)
        if fresh.visited_at is not None:
            name, about = "last_visit_timestamp_seconds", "When a page was last tried."
            yield _figure(name, about, fresh.visited_at.timestamp())
        visits = dict.fromkeys(map(str, Outcome.values), 0) | dict(
            Fetch.objects.filter(started_at__gte=self._now - dt.timedelta(days=1))
            .order_by()
            .values_list("outcome")
            .annotate(Count("pk"))
        )
        yield _by("visits_24h", "Visits to pages in 24 hours.", "outcome", visits.items())


def _figure(name: str, about: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"default_on_{name}", about, value=value)


def _by(
    name: str, about: str, label: str, values: Iterable[tuple[str, float]]
) -> GaugeMetricFamily:
    family = GaugeMetricFamily(f"default_on_{name}", about, labels=[label])
    for key, value in values:
        family.add_metric([key], value)
    return family
