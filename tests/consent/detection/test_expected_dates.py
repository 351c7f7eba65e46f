"""A page that announced a date is visited more often around that date."""

import datetime as dt

import pytest
from django.utils import timezone

from consent.detection.expected_dates import expect_news
from consent.models import Suggestion
from consent.vocabulary import ChangeStatus, PublicationStatus
from platforms.models import Page
from tests.factories import make_change, make_entry, make_page, make_platform, make_use
from tests.practice.site import PracticeSite
from tests.practice.watched import Clock, chirp, watcher

pytestmark = pytest.mark.django_db


@pytest.fixture
def page():
    return make_page(make_platform())


def in_days(days):
    return timezone.localdate() + dt.timedelta(days=days)


def expected(page):
    expect_news(Page.objects.all())
    page.refresh_from_db()
    return page.news_expected_on


def announce(page, *dates, **fields):
    """An undecided change whose text gives these effective dates."""
    change = make_change(page, "We do not.", f"From {dates} we do.")
    return Suggestion.objects.create(
        change=change,
        classifier_version=1,
        relevant=fields.pop("relevant", True),
        direction="less-control",
        confidence=0.9,
        dates=[
            {"kind": "effective", "precision": "day", "value": str(date), "quote": ""}
            for date in dates
        ],
    )


@pytest.mark.database
def test_the_date_in_the_text_of_an_undecided_change_is_expected(page):
    announce(page, in_days(20), in_days(10))
    assert expected(page) == in_days(10)


def test_a_change_that_is_not_about_training_announces_nothing(page):
    announce(page, in_days(10), relevant=False)
    assert expected(page) is None


def test_a_dismissed_change_announces_nothing_any_more(page):
    suggestion = announce(page, in_days(10))
    assert expected(page) == in_days(10)
    suggestion.change.status = ChangeStatus.DISMISSED
    suggestion.change.save()
    assert expected(page) is None


def test_a_date_long_past_gives_way_to_the_next(page):
    announce(page, in_days(-8), in_days(30))
    assert expected(page) == in_days(30)


def test_a_published_entry_about_a_use_counts_for_the_pages_it_rests_on(page):
    use = make_use(page.platform)
    use.pages.add(page)
    entry = make_entry(page.platform, effective_on=in_days(5))
    entry.uses.add(use)
    assert expected(page) == in_days(5)


def test_a_draft_announces_nothing(page):
    use = make_use(page.platform)
    use.pages.add(page)
    entry = make_entry(
        page.platform, effective_on=in_days(5), status=PublicationStatus.DRAFT, published_at=None
    )
    entry.uses.add(use)
    assert expected(page) is None


def test_the_page_is_read_more_often_in_the_week_around_the_date():
    pauses = []
    with PracticeSite() as site:
        clock = Clock()
        page, watch = chirp(site), watcher(site, clock)
        for date in (None, clock.now.date() + dt.timedelta(days=6)):
            Page.objects.update(news_expected_on=date)
            page.refresh_from_db()
            clock.now = page.next_visit_at
            watch.check_due(page.pk, page.next_visit_at)
            page.refresh_from_db()
            pauses.append(page.next_visit_at - clock.now)
    assert pauses[1] < pauses[0] / 2
