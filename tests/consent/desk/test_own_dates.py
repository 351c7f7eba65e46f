"""A page's own date ("Last updated: …") is when its words were written, not when they hold."""

import datetime as dt

import pytest
from django.urls import reverse

from consent.detection.changes import suggest_once
from consent.models import Change, Entry
from tests.factories import make_change, make_page, make_platform
from tests.pages import press

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("without_bar")]

TRAINS = "We use your posts to train our AI models."


def form_of(client, before, after):
    change = make_change(make_page(make_platform()), before, after)
    suggest_once(change.pk)
    day = dt.datetime(2025, 11, 20, tzinfo=dt.UTC)
    Change.objects.filter(pk=change.pk).update(observed_from=day, observed_to=day)
    return client.get(reverse("admin:consent_change_publish", args=[change.pk]))


def dates_of(form):
    entry = form.context["form"].instance
    return entry.announced_on, entry.announced_precision, entry.effective_on, entry.due_on


@pytest.mark.parametrize(
    ("label", "precision"),
    [
        ("Last updated: 12 November 2025", "day"),
        ("**Last Updated**\n\nNovember 12, 2025", "day"),
        ("Stand: November 2025", "month"),
    ],
)
def test_the_date_that_the_page_now_gives_itself_is_the_announcement(
    client, editor, label, precision
):
    old = label.replace("2025", "2024")
    for before, after in (
        (f"{old}\n\nIt is free.", f"{label}\n\nIt is free.\n\n{TRAINS}"),
        (f"It is free.\n\n{old}", f"It is free.\n\n{TRAINS}\n\n{label}"),
    ):
        form = form_of(client, before, after)
        day = dt.date(2025, 11, 12 if precision == "day" else 1)
        assert dates_of(form) == (day, precision, None, None)
        assert "The page's own date:" in form.text


@pytest.mark.parametrize(
    "label",
    [
        "Last updated: 12 November 2024",  # it was there before
        "Last updated: 12 December 2025",  # it is still to come
        f"Our report, published on 12 November 2025, describes {'at length ' * 15}what we do.",
    ],
)
def test_other_dates_are_no_announcement(client, editor, label):
    before = "Last updated: 12 November 2024\n\nIt is free."
    form = form_of(client, before, f"{label}\n\nIt is free.\n\n{TRAINS}")
    assert dates_of(form)[0] is None
    assert "The page's own date" not in form.text


def test_what_holds_from_before_the_page_was_dated_was_not_announced_then(client, editor):
    words = f"{TRAINS} This is effective from 1 November 2025."
    form = form_of(client, "It is free.", f"Last updated: 12 November 2025\n\n{words}")
    assert dates_of(form) == (None, "day", dt.date(2025, 11, 1), None)


def test_the_page_is_cited_with_its_own_date(client, editor):
    form = form_of(client, "It is free.", f"Last updated: 12 November 2025\n\n{TRAINS}")
    press(client, press(client, form, "look"), "publish", "now")
    entry = Entry.objects.published().get()
    assert entry.sources.get().published_on == dt.date(2025, 11, 12)
    assert entry.timeline_on == dt.date(2025, 11, 12)
    assert entry.effective_on is None
