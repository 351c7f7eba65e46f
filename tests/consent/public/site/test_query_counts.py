"""How many queries a page makes when nothing is cached: few, and no more for a larger site."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from consent.models import Entry
from consent.web import editions
from tests.factories import (
    make_control,
    make_entry,
    make_fetch,
    make_guide,
    make_page,
    make_platform,
    make_source,
    make_state,
    make_use,
)
from tests.sweeps import some

# Nothing is shared between the parts of a page while writes are open.
pytestmark = pytest.mark.django_db(transaction=True)

MOST = 15
#: The states of a change have the words of cards, for which the facts of its platforms are read.
MOST_OF_CHANGE = 18
PAGES = (
    "/",
    "/timeline",
    "/timeline?place=DE&kind=default-on",
    "/timeline?q=posts",
    "/2024",
    "/platforms",
    "/platforms?place=DE&people=creators",
    "/platforms?asof=2024-08-01",
    "/platforms/platform-0",
    "/operators/operator",
    "/matrix",
    "/matrix?view=list&place=DE",
    "/guides",
    "/checklist",
    "/checklist?p=platform-0&p=platform-1",
    "/search?q=platform-0",
    "/search?q=trian",
    "/search?q=who+trains+on+my+photos",
    "/status",
    "/corrections",
    "/about",
    "/glossary",
    "/feeds/timeline.atom",
    "/api/v1/platforms",
    "/api/v1/entries",
    "/api/v1/states",
    "/api/v1/controls",
    "/api/v1/guides",
    "/api/v1/uses",
    "/api/v1/providers",
    "/api/v1/matrix",
)


def add_platforms(numbers: range) -> None:
    """Add platforms with two of everything that a page may show."""
    for number in numbers:
        platform = make_platform(f"platform-{number}", operator="Operator Inc.")
        make_fetch(make_page(platform))
        for step in range(2):
            use = make_use(platform, data_kinds=["images-and-video"], slug=f"use-{step}")
            entry = make_entry(
                platform,
                key=f"e-{number}-{step}",
                announced_on=dt.date(2024, 7, 1),
                told=["mail"],
            )
            entry.uses.add(use)
            make_source(entry)
            make_state(use, "not-used", starts_on=dt.date(2024, 1, 1))
            make_state(use, starts_on=dt.date(2024, 7, 26), opened_by=entry)
            make_guide(platform, make_control(use), slug=f"guide-{number}-{step}")


def queries_of(client, address: str) -> int:
    editions.begin()  # now nothing is kept from the page before
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(address)
    assert answer.status_code == 200, address
    return len(asked)


def test_pages_make_few_queries_and_no_more_for_a_larger_site(client):
    add_platforms(range(3))
    entry = Entry.objects.get(key="e-0-0")
    pages = (*some(PAGES, 20), entry.get_absolute_url(), "/guides/guide-0-0")
    few = {address: queries_of(client, address) for address in pages}
    most = dict.fromkeys(pages, MOST) | {entry.get_absolute_url(): MOST_OF_CHANGE}
    assert {each: number for each, number in few.items() if number > most[each]} == {}
    add_platforms(range(3, 12))
    many = {address: queries_of(client, address) for address in pages}
    assert many == few
