"""A host that is ill for days: asked seldom, shown as a gap, read again soon, and no news."""

import datetime as dt

import pytest

from consent.models import Change
from platforms.fetching.visit_errors import PermanentFetchError
from platforms.models import Fetch, Gap
from platforms.outcomes import Outcome
from tests.practice.watched import chirp, visit, watcher

pytestmark = [pytest.mark.django_db]

DAYS = dt.timedelta(days=12)


def whole_host(status, **headers):
    """Let the host answer all addresses alike, robots.txt too."""

    def fall_ill(site):
        for path in site.answers:
            site.answers[path] = lambda _: (status, headers, b"Please come back later.")

    return fall_ill


def raising(error):
    """No visit reaches the host."""

    def fall_ill(_):
        def fail(*_, **__):
            raise error

        return fail

    return fall_ill


ILLNESSES = {
    "503 until next year": whole_host(503, **{"Retry-After": "Fri, 01 Jan 2027 00:00:00 GMT"}),
    "an unknown name": raising(PermanentFetchError(Outcome.DNS, "chirp.example: unknown")),
    "an expired certificate": raising(PermanentFetchError(Outcome.TLS, "certificate has expired")),
}


@pytest.mark.parametrize("illness", ILLNESSES)
def test_a_host_that_is_ill_for_days_is_asked_seldom_and_read_again_soon(site, clock, illness):
    page, watch = chirp(site), watcher(site, clock)
    visit(watch, page, clock)
    healthy, began_at = dict(site.answers), clock.now
    fails = ILLNESSES[illness](site)
    ill = watcher(site, clock, visit=fails) if fails else watch
    site.requests.clear()
    while clock.now < began_at + DAYS:
        visit(ill, page, clock)
    visits = Fetch.objects.filter(started_at__gt=began_at)
    assert visits.count() <= 30
    assert len(site.requests) <= 60  # with robots.txt
    assert not any(Outcome(each.outcome).looked for each in visits)
    assert Gap.objects.open().get().began_at <= began_at + dt.timedelta(days=8)
    site.answers.update(healthy)
    page.refresh_from_db()
    assert page.next_visit_at <= clock.now + dt.timedelta(days=9)
    for _ in range(2):  # the first may only ask for robots.txt
        last = visit(watch, page, clock)
    assert last.outcome in (Outcome.READ, Outcome.NOT_MODIFIED)
    assert not Gap.objects.open().exists()
    assert not Change.objects.exists()
