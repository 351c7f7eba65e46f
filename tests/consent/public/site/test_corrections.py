"""The page of corrections: by day and platform, edits of files apart."""

import datetime as dt

import pytest
from bs4 import BeautifulSoup

from consent.models import Revision
from tests.factories import make_entry, make_platform

pytestmark = pytest.mark.django_db


def revise(entry, on, editor=None):
    at = dt.datetime.combine(on, dt.time(12), dt.UTC)
    changed = [{"field": "Sentence", "before": "Old words", "after": "New words"}]
    Revision.objects.create(
        entry=entry,
        kind="correction",
        reason="A slip.",
        changed=changed,
        editor=editor,
        revised_at=at,
    )


def days(client, section):
    page = BeautifulSoup(client.get("/corrections").text, "lxml")
    found = page.select(f"section[aria-labelledby={section}] .revised-day")
    return [" ".join(day.summary.get_text(" ", strip=True).split()) for day in found]


def test_revisions_are_grouped_by_day_and_platform_and_those_of_files_are_apart(client, ada):
    entry = make_entry(make_platform("x", name="X"), title="X trains")
    other = make_entry(make_platform("poe", name="Poe"), title="Poe trains")
    revise(entry, dt.date(2026, 1, 5), ada)
    revise(other, dt.date(2026, 1, 5), ada)
    revise(entry, dt.date(2026, 1, 3), ada)
    revise(entry, dt.date(2025, 12, 1))
    assert days(client, "corrected") == [
        "5 January 2026 · 2 edits: Poe, X",
        "3 January 2026 · 1 edit: X",
    ]
    assert days(client, "in-files") == ["1 December 2025 · 1 edit: X"]


def test_a_day_is_folded_by_platform(client, ada):
    for slug in ("poe", "x"):
        revise(make_entry(make_platform(slug, name=slug)), dt.date(2026, 1, 5), ada)
    page = BeautifulSoup(client.get("/corrections").text, "lxml")
    folds = page.select(".revised-day details:not([open])")
    assert [fold.summary.get_text() for fold in folds] == ["poe · 1 edit", "x · 1 edit"]
    assert all("Old words" in fold.get_text() for fold in folds)


def test_of_edits_in_files_the_page_of_the_change_has_the_words(client):
    entry = make_entry(make_platform(), title="X trains")
    revise(entry, dt.date(2025, 12, 1))
    page = BeautifulSoup(client.get("/corrections").text, "lxml")
    link = page.select_one("[aria-labelledby=in-files] .revised-day a")
    assert link.parent.get_text() == "X trains: A slip."
    assert "Old words" not in page.get_text()
    changed = BeautifulSoup(client.get(link["href"]).text, "lxml").select_one("#revisions")
    assert "Old words" in changed.parent.get_text()
