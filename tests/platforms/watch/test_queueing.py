"""Which pages are queued for the workers, and that no page is queued twice."""

import datetime as dt

import pytest
from django.utils import timezone

from platforms import tasks
from platforms.models import QUEUED_FOR, Page
from platforms.tasks import check_due_pages
from platforms.vocabulary import Access
from tests.factories import make_page, make_platform

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def queue(monkeypatch):
    """The queued messages as (arguments, options); replaces the broker."""
    queue = []
    monkeypatch.setattr(
        tasks.check_page, "apply_async", lambda args, **options: queue.append((args, options))
    )
    return queue


@pytest.fixture
def page():
    return make_page(make_platform(), next_visit_at=timezone.now() - dt.timedelta(minutes=1))


def test_a_due_page_is_queued_with_its_due_time(queue, page):
    assert check_due_pages() == 1
    assert queue == [((page.pk, page.next_visit_at.isoformat()), {"expires": 600.0})]


def test_a_queued_page_is_not_queued_again(queue, page):
    check_due_pages()
    assert check_due_pages() == 0
    assert len(queue) == 1


def test_a_page_whose_message_was_lost_is_queued_again(queue, page):
    check_due_pages()
    Page.objects.update(queued_until=timezone.now() - dt.timedelta(seconds=1))
    assert check_due_pages() == 1


def test_a_page_that_becomes_due_again_is_queued_at_once(queue, page):
    check_due_pages()
    Page.objects.update(next_visit_at=timezone.now())
    assert check_due_pages() == 1


@pytest.mark.parametrize(
    "fields_at",
    [
        lambda now: {"next_visit_at": now + dt.timedelta(hours=1)},
        lambda now: {"paused_at": now, "paused_reason": "The page moved."},
        lambda now: {"access": Access.ACCOUNT},
        lambda now: {"claimed_until": now + QUEUED_FOR},
    ],
    ids=["not due", "paused", "behind a login", "held by a worker"],
)
def test_other_pages_are_not_queued(queue, page, fields_at):
    Page.objects.update(**fields_at(timezone.now()))
    assert check_due_pages() == 0
