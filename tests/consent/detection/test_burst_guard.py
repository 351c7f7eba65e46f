"""Many pages that change at once are marked as a burst, because the cause may be our own."""

import datetime as dt

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from consent.curation import decisions
from consent.detection.changes import BURST_PAGES, BURST_WINDOW
from consent.models import Change
from consent.vocabulary import DismissReason
from platforms.models import Page
from platforms.signals import page_changed
from platforms.vocabulary import CaptureSource
from tests.factories import make_page, make_platform, make_snapshot

pytestmark = pytest.mark.django_db


@pytest.fixture
def pages():
    platform = make_platform("chirp")
    return [make_page(platform) for _ in range(2 * BURST_PAGES)]


def change(page, *, source=CaptureSource.VISIT):
    """Send the signal of a changed page, as recording does."""
    now = timezone.now()
    before = make_snapshot(page, f"Before, on {page.url}.", now - dt.timedelta(days=1))
    after = make_snapshot(page, f"After, on {page.url}.", now)
    after.source = source
    after.save()
    page_changed.send(
        Page,
        page=page,
        before=before,
        after=after,
        before_document=before.documents.get(),
        after_document=after.documents.get(),
        observed_from=before.last_seen_at,
    )
    return after.change


def held():
    return Change.objects.filter(burst=True).count()


def test_a_few_changes_are_no_burst(pages):
    for page in pages[: BURST_PAGES - 1]:
        change(page)
    assert held() == 0


@pytest.mark.database
def test_all_changes_of_a_burst_are_held_the_first_ones_too(pages):
    for page in pages[: BURST_PAGES + 1]:
        change(page)
    assert held() == BURST_PAGES + 1


def test_ten_changes_among_very_many_pages_are_no_burst(pages):
    for _ in range(4 * BURST_PAGES):
        make_page(pages[0].platform)
    for page in pages[:BURST_PAGES]:
        change(page)
    assert held() == 0


def test_changes_spread_over_the_day_are_no_burst(pages):
    for page in pages[:BURST_PAGES]:
        change(page)
        Change.objects.update(detected_at=timezone.now() - BURST_WINDOW * 2)
    assert held() == 0


def test_imported_history_is_no_burst(pages):
    for page in pages:
        change(page, source=CaptureSource.OPEN_TERMS_ARCHIVE)
    assert held() == 0


def test_what_a_curator_has_ruled_on_is_not_held_again(pages):
    ruled = change(pages[0])
    decisions.dismiss(ruled, curator=User.objects.create_user("ada"), reason=DismissReason.WORDING)
    for page in pages[1:BURST_PAGES]:
        change(page)
    assert held() == BURST_PAGES - 1
