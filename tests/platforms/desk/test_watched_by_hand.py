"""Pages that need an account without a lent session: curators check them by hand."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from platforms.models import Page
from platforms.vocabulary import Access

pytestmark = pytest.mark.django_db

LIST = "admin:platforms_page_changelist"


@pytest.fixture(autouse=True)
def behind_a_login(page):
    Page.objects.update(access=Access.ACCOUNT)


def due(client):
    """Return the titles that the desk lists for a check."""
    listed = client.get(reverse(LIST), {"by_hand": "due"})
    assert listed.status_code == 200
    return [page.title for page in listed.context["cl"].result_list]


def confirm(client, *pages):
    return client.post(
        reverse(LIST),
        {"action": "confirm_by_hand", "_selected_action": [page.pk for page in pages]},
        follow=True,
    )


def test_a_page_never_checked_is_listed_for_a_check(curator, page):
    assert due(curator) == ["About Perch"]
    assert "to be confirmed by hand (1)" in curator.get(reverse(LIST)).text


@pytest.mark.database
def test_a_checked_page_is_listed_again_after_the_interval(curator, page, settings):
    settings.HAND_CHECK_DAYS = 30
    confirm(curator, page)
    page.refresh_from_db()
    assert page.confirmed_by_hand_at is not None
    assert due(curator) == []
    Page.objects.update(confirmed_by_hand_at=timezone.now() - dt.timedelta(days=31))
    assert due(curator) == ["About Perch"]


def test_a_check_is_logged_with_the_curator(curator, page):
    confirm(curator, page)
    ruling = page.rulings.get()
    assert ruling.act == "confirm"
    assert ruling.before == {"confirmed_by_hand_at": None}
    assert ruling.curator.username.startswith("staff")


def test_a_page_that_workers_visit_is_not_checked_by_hand(curator, page):
    Page.objects.update(access=Access.PUBLIC)
    assert "Left alone: 1" in confirm(curator, page).text
    page.refresh_from_db()
    assert page.confirmed_by_hand_at is None


def test_a_check_needs_the_right_to_change_pages(onlooker, page):
    confirm(onlooker, page)
    page.refresh_from_db()
    assert page.confirmed_by_hand_at is None
