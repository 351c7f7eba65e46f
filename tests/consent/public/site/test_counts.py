"""A link that carries a number leads to a list of exactly so many (promise 9)."""

import datetime as dt
from itertools import cycle

import pytest
from django.utils import timezone

from consent.ledger.counts import events
from consent.ledger.figures import Among, TrainingClass, figures_on
from consent.models import Entry, Guide
from platforms.models import Gap, Page
from platforms.outcomes import Outcome
from platforms.vocabulary import Health
from tests.consent.public.site.counted import count_links, listed
from tests.factories import make_entry, make_fetch
from tests.sweeps import DRILL, some

pytestmark = pytest.mark.django_db

PAGES = (
    *("/", "/platforms", "/platforms?figure=trains", "/platforms?place=DE&people=creators"),
    *("/platforms?asof=2024-01-01", "/platforms/x", "/platforms/linkedin?place=DE"),
    *("/matrix", "/matrix?view=list&place=US", "/timeline", "/timeline?topic=all"),
    *("/timeline?platform=x&place=DE", "/timeline?turned=on&since=2024-01-01", "/guides"),
    *("/about", "/status", "/corrections", "/search?q=does+linkedin+read+my+messages", "/feeds"),
    *("/2026", "/2024", "/operators/meta", "/glossary"),
    *("/methodology", "/checklist", "/checklist?p=x&p=linkedin", "/subscribe", "/report"),
)

#: What each language puts between thousands, by the prefix of its addresses.
SEPARATORS = {"": ",", "/de": ".", "/fr": " "}


@pytest.fixture
def pages(few_platforms):
    """A dozen platforms, with pages that cannot be read and changes that the timeline hides."""
    x = Page.objects.watched().filter(platform__slug="x").first().platform
    make_entry(x, topic="other")
    make_entry(x, effects=["wording-only"], effective_on=dt.date(2025, 3, 1))
    make_entry(x, effective_on=timezone.localdate() + dt.timedelta(days=9))
    make_fetch(Page.objects.watched().last())
    for page in Page.objects.watched()[:3]:
        fetch = make_fetch(page, Outcome.BOT_WALL)
        Gap.objects.create(
            page=page,
            began_at=fetch.started_at,
            noticed_at=fetch.started_at,
            outcome=Outcome.BOT_WALL,
        )
        Page.objects.filter(pk=page.pk).update(health=Health.FAILING)
    change = Entry.objects.published().filter(platforms=x).first()
    return (*PAGES, change.get_absolute_url(), Guide.objects.published()[0].get_absolute_url())


def test_the_totals_of_charts_are_those_of_the_lists(client, pages):
    today = timezone.localdate()

    def get(address):
        return client.get(address).text

    context = client.get("/platforms").context
    heat, notice = context["heat"], context["notice"]
    first = heat.quarters[0].first
    assert heat.total == listed(get, f"/timeline?since={first}&until={today}")
    less = f"/timeline?direction=less-control&since={first}&until={today}"
    assert heat.less == listed(get, less)
    told = events().with_notice()
    assert notice.count == told.count()
    assert notice.late == sum(entry.told_on > entry.effective_on for entry in told)
    steps = client.get("/numbers").context["steps"]
    for row in steps.rows:
        address = f"/platforms?figure={row.training_class}&asof={steps.last.last}"
        silent = figures_on(steps.last.last).platforms[Among.NOTHING_ON_RECORD]
        unseen = len(silent) if row.training_class == TrainingClass.UNKNOWN else 0
        assert row.counts[-1] == listed(get, address) - unseen, row.training_class


def languages_of(pages):
    if DRILL:
        return dict.fromkeys(SEPARATORS, pages)
    return {"": pages, "/de": pages[::4], "/fr": pages[2::4]}


def test_every_link_with_a_number_opens_a_list_of_so_many(client, pages):
    """Each list is read in one language. Out of drills: 24 lists, and pages in one or two."""
    texts, counted = {}, {}

    def get(address):
        if address not in texts:
            answer = client.get(address)
            assert answer.status_code == 200, address
            texts[address] = answer.text
        return texts[address]

    links = {
        prefix: {path: count_links(get(prefix + path), prefix + path) for path in read}
        for prefix, read in languages_of(pages).items()
    }
    figures = {
        prefix: {
            path: [(link.to.removeprefix(prefix) or "/", link.count) for link in on_page]
            for path, on_page in by_page.items()
        }
        for prefix, by_page in links.items()
    }
    for prefix, separator in SEPARATORS.items():
        for path, on_page in links[prefix].items():
            # Sentences have their own order.
            assert sorted(figures[prefix][path]) == sorted(figures[""][path])
            for link in on_page:
                assert link.count, link
                grouped = f"{int(link.count):,}".replace(",", separator)
                assert grouped in link.words or int(link.count) == 1, link
    said = [figure for on_page in figures[""].values() for figure in on_page]
    lists = list(dict.fromkeys(to for to, _ in said))
    for to, prefix in zip(some(lists, 24), cycle(SEPARATORS), strict=False):
        counted[to] = listed(get, prefix + to)
    said = [(to, count) for to, count in said if to in counted]
    wrong = [(to, count, counted[to]) for to, count in said if int(count) != counted[to]]
    assert wrong == []
    kinds = {to.partition("?")[0].partition("#")[0] for to in lists}
    of_records = {"/timeline", "/platforms", "/matrix", "/guides", "/status"}
    assert kinds == of_records | {"/numbers/then-and-now"}


@pytest.mark.parametrize(
    ("html", "found"),
    [
        ('<a href="/timeline">12 changes</a>', [("12 changes", None)]),
        ('<a href="/timeline" data-count="12">twelve</a>', [("twelve", "12")]),
        ('<a href="/guides/x-off">How to say no · 2 minutes</a>', []),
        ('<a href="/changes/ab-x">X trains GPT-4</a>', []),
        ('<a href="https://x.example/9">Section 9</a>', []),
        ('<a href="/timeline?since=2024-07-01">from <time>1 July 2024</time></a>', []),
    ],
)
def test_a_number_without_its_mark_is_noticed(html, found):
    links = count_links(html, "/platforms")
    assert [(link.words, link.count) for link in links] == found
