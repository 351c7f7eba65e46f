"""A page that goes back and forth: one row, decided once."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from consent.models import Change
from consent.vocabulary import ChangeStatus
from tests.factories import make_change, make_entry, make_page, make_platform
from tests.practice.page_life import PageLife, policy

pytestmark = pytest.mark.django_db

OTHER = policy(also="<p>We keep your messages for a year.</p>")


def months_apart(life, times):
    """Let a page go to its other text and back, so rarely that each change would be new."""
    for _ in range(times):
        life.clock.forward(days=40)
        life.visit(OTHER)
        life.clock.forward(days=40)
        life.visit(policy())


def test_a_page_that_goes_back_and_forth_for_years_is_two_rows(admin_client):
    life = PageLife()
    life.visit()
    months_apart(life, 5)
    assert [change.repeats for change in Change.objects.order_by("pk")] == [5, 5]
    shown = admin_client.get(reverse("admin:consent_change_changelist")).content.decode()
    assert shown.count("5 times") == 2


def test_a_page_that_flips_within_days_counts_its_returns_in_one_row():
    life = PageLife()
    life.visit()
    for _ in range(3):
        life.visit(OTHER)
        life.visit(policy())
    (change,) = Change.objects.all()
    assert change.repeats == 3


def test_what_was_dismissed_is_not_asked_again():
    life = PageLife()
    life.visit()
    months_apart(life, 1)
    Change.objects.update(status=ChangeStatus.DISMISSED)
    months_apart(life, 2)
    assert not Change.objects.waiting().exists()


def test_what_was_published_is_asked_again_when_it_comes_back_after_months():
    life = PageLife()
    life.visit()
    life.visit(OTHER)
    Change.objects.update(status=ChangeStatus.PUBLISHED, entry=make_entry(life.page.platform))
    life.clock.forward(days=40)
    life.visit(policy())
    life.clock.forward(days=40)
    life.visit(OTHER)
    assert Change.objects.waiting().count() == 2


def test_an_import_of_years_does_not_fill_the_list_of_texts_that_shrank_lately(admin_client):
    page = make_page(make_platform(), last_looked_at=timezone.now())
    old = make_change(page, "words " * 100, "words")
    Change.objects.filter(pk=old.pk).update(
        observed_to=timezone.now() - dt.timedelta(days=900), detected_at=timezone.now()
    )
    shown = admin_client.get(reverse("admin:consent_change_health"))
    assert list(shown.context["shrunken"]) == []
