"""Filters of lists offer platforms of which there is something, and no others."""

import datetime as dt

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse
from django.utils import timezone

from platforms.models import Gap, VisitDay
from platforms.outcomes import Outcome
from tests.factories import make_fetch, make_page, make_platform, make_snapshot

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("without_bar")]


@pytest.mark.parametrize("model", ["fetch", "visitday", "gap", "snapshot"])
def test_a_list_offers_no_platform_of_which_it_shows_nothing(client, editor, model):
    now = timezone.now()
    for slug in ("chirp", "warble"):
        page = make_page(make_platform(slug, name=slug.title()))
        make_fetch(page)
        make_snapshot(page, slug, now)
        Gap.objects.create(page=page, began_at=now, noticed_at=now, outcome=Outcome.SOFT_404)
        VisitDay.objects.create(
            page=page,
            day=dt.date(2026, 3, 1),
            outcome=Outcome.READ,
            visits=1,
            first_at=now,
            last_at=now,
        )
    make_page(make_platform("silent", name="Silent"))
    page = client.get(reverse(f"admin:platforms_{model}_changelist"))
    nav = BeautifulSoup(page.content, "lxml").select_one("#changelist-filter")
    offered = {link.text.strip() for link in nav.select("a")}
    assert offered >= {"Chirp", "Warble"}
    assert "Silent" not in offered
