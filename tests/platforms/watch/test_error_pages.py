"""A page that alternates with an error page, both with HTTP 200.

The terms of the Llama API did so for months: 602 of their 611 recorded changes were this.
"""

import secrets

import pytest
from django.urls import reverse

from consent.models import Change
from platforms.models import Fetch, Gap, Snapshot
from platforms.outcomes import Outcome
from platforms.vocabulary import Health
from tests.practice.site import HELP, PAGES
from tests.practice.watched import visit, watcher

pytestmark = pytest.mark.django_db

UNAVAILABLE = (PAGES / "unavailable.html").read_text()


@pytest.fixture(params=[["main"], []], ids=["with a selector", "without one"])
def page(page, request):
    page.select = request.param
    page.save(update_fields=["select"])
    return page


def unavailable(_):
    body = UNAVAILABLE.replace("{{NONCE}}", secrets.token_hex(8))
    body = body.replace("{{VOTES}}", str(secrets.randbelow(900)))
    return 200, {"Content-Type": "text/html; charset=utf-8"}, body.encode()


def test_an_alternating_error_page_is_a_gap_and_never_a_change(site, clock, page):
    watch, terms = watcher(site, clock), site.answers[HELP]
    for answer in [terms, unavailable] * 6 + [terms]:
        site.answers[HELP] = answer
        visit(watch, page, clock)
    outcomes = [fetch.outcome for fetch in Fetch.objects.order_by("started_at")]
    assert outcomes[1::2] == [Outcome.SOFT_404] * 6
    assert set(outcomes[::2]) == {Outcome.READ, Outcome.NOT_MODIFIED}
    page.refresh_from_db()
    assert (page.health, page.flapping_since, page.reappearances) == (Health.OK, None, 0)
    assert Snapshot.objects.readable().get() == page.baseline
    errors = Snapshot.objects.exclude(quarantined_as="")
    assert {error.quarantined_as for error in errors} == {Outcome.SOFT_404}
    assert not Change.objects.exists()


def test_the_terms_changed_behind_an_error_page_are_one_change(site, clock, page):
    watch, terms = watcher(site, clock), site.answers[HELP]
    for answer, site.version in [(terms, 1), (unavailable, 1), (terms, 2), (unavailable, 2)] * 2:
        site.answers[HELP] = answer
        visit(watch, page, clock)
        if site.version == 2 and answer is unavailable:
            break
    change = Change.objects.get()
    page.refresh_from_db()
    assert (change.after, change.before.quarantined_as) == (page.baseline, "")


@pytest.mark.database
def test_a_series_of_errors_is_one_gap_and_it_ends(site, clock, page, client):
    watch, terms = watcher(site, clock), site.answers[HELP]
    seen_at = []
    for answer in [terms, *[unavailable] * 5]:
        site.answers[HELP] = answer
        visit(watch, page, clock)
        seen_at.append(clock.now)
    gap = Gap.objects.get()
    assert (gap.began_at, gap.outcome, gap.ended_at) == (seen_at[1], Outcome.SOFT_404, None)
    status = client.get(reverse("status")).content.decode()
    assert "Says it is not there" in status
    assert f'datetime="{gap.began_at:%Y-%m-%d}' in status
    site.answers[HELP] = terms
    visit(watch, page, clock)
    gap.refresh_from_db()
    assert gap.ended_at == clock.now
    assert not Change.objects.exists()
