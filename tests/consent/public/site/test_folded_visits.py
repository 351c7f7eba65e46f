"""Pages, figures and answers are the same before and after old visits are folded into days."""

import datetime as dt

import pytest
import time_machine
from django.utils import timezone

from consent.noise.budget import budget_of
from platforms.desk.visit_history import strips_of
from platforms.models import Fetch, Gap, VisitDay
from platforms.outcomes import Outcome
from platforms.watch.pruning import fold_visits
from tests.consent.desk.conftest import editor, person  # noqa: F401  (fixtures)
from tests.factories import make_fetch, make_page, make_platform, make_snapshot

pytestmark = pytest.mark.django_db

PATHS = (
    *("/", "/status", "/platforms", "/platforms/x", "/platforms/y", "/de/status", "/matrix"),
    *("/api/v1/platforms/x", "/api/v1/pages", "/data/pages.csv", "/api/v1/verdict?platform=x"),
)


def visited_pages():
    """One page that is read, one that fails and one that was visited last long ago."""
    now = timezone.now().replace(microsecond=0)
    x, y = make_platform("x", name="X"), make_platform("y", name="Y")
    read, failing, old = make_page(x), make_page(y), make_page(y)
    for page, first, last in ((read, 200, 0), (failing, 180, 2), (old, 300, 120)):
        begun = now - dt.timedelta(days=first)
        snapshot = make_snapshot(page, f"Text of {page.pk}", begun)
        for number in range(2 * (first - last)):
            at = begun + dt.timedelta(hours=12 * number)
            make_fetch(page, at=at, snapshot=snapshot)
            snapshot.last_seen_at = at
        snapshot.save(update_fields=["last_seen_at"])
    for number in range(4):
        make_fetch(failing, Outcome.TIMEOUT, at=now - dt.timedelta(hours=40 - 10 * number))
    failing.health, failing.gaps_in_a_row = "failing", 4
    failing.health_since = now - dt.timedelta(hours=40)
    failing.save()
    Gap.objects.create(
        page=failing,
        began_at=failing.health_since,
        noticed_at=failing.health_since,
        outcome=Outcome.TIMEOUT,
    )
    return read, failing, old


def answers(client):
    found = {path: client.get(path) for path in PATHS}
    assert {path: answer.status_code for path, answer in found.items()} == dict.fromkeys(PATHS, 200)
    return {path: answer.content for path, answer in found.items()}


def figures(pages):
    now = timezone.now()
    return [budget_of(page, now=now) for page in pages], strips_of(pages, today=now.date(), days=60)


@pytest.mark.database
@time_machine.travel(dt.datetime(2026, 11, 26, 9, 30, tzinfo=dt.UTC), tick=False)
def test_readers_and_programs_get_the_same(client):
    pages = visited_pages()
    before = answers(client)
    figures_before = figures(pages)
    count = Fetch.objects.count()
    assert fold_visits(now=timezone.now()) > 500
    assert Fetch.objects.count() < count - 500
    assert VisitDay.objects.exists()
    assert answers(client) == before
    assert figures(pages) == figures_before


def test_the_desk_shows_a_page_with_folded_visits(client, editor):  # noqa: F811
    pages = visited_pages()
    address = f"/admin/platforms/page/{pages[0].pk}/health/"
    before = client.get(address)
    assert before.status_code == 200
    fold_visits(now=timezone.now())
    after = client.get(address)
    assert after.status_code == 200
    assert after.context["strip"] == before.context["strip"]
    assert client.get("/admin/platforms/visitday/").status_code == 200
