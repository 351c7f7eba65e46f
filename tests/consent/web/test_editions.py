"""Data that many pages need are read once for an edition, and nobody can tell by looking."""

import datetime as dt
from contextlib import nullcontext

import pytest
import time_machine
from django.core.cache import caches
from django.core.cache.backends.locmem import LocMemCache
from django.db import connection, transaction

from consent.models import Branch, Control, Entry, Guide, GuideStep, GuideSurface, State, Use
from consent.web import editions
from consent.web.editions import per_edition, reading
from consent.web.page_language import forget_made
from platforms.models import Platform
from tests.factories import (
    make_control,
    make_entry,
    make_fetch,
    make_guide,
    make_page,
    make_platform,
    make_state,
    make_use,
)

pytestmark = pytest.mark.django_db(transaction=True)

NOON = dt.datetime(2026, 11, 24, 12, tzinfo=dt.UTC)
TODAY = NOON.date()
#: The pages that read what is kept: all platforms, the facts of all, all guides.
ADDRESSES = (
    *("/", "/platforms", "/platforms?asof=2024-01-01", "/matrix", "/matrix?view=list", "/guides"),
    *("/matrix?place=EU&sort=exposure", "/search?q=x", "/de/", "/de/matrix", "/matrix.csv"),
)


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


class CacheOfEditions(LocMemCache):
    """A cache that keeps the edition, which is a text, and no pages."""

    def set(self, key, value, *args, **kwargs):
        if isinstance(value, str):
            super().set(key, value, *args, **kwargs)


@pytest.fixture(autouse=True)
def no_page_is_cached(settings, tmp_path):
    """Render each page when it is requested, from the data that are kept."""
    pages = {"BACKEND": f"{__name__}.CacheOfEditions", "LOCATION": f"{tmp_path}/editions"}
    settings.CACHES = settings.CACHES | {"pages": pages}


@pytest.fixture
def site():
    """Two platforms with uses, controls, guides, and states that entries opened."""
    x, y = make_platform("x", name="X"), make_platform("y", name="Y & Co")
    make_fetch(make_page(x), at=NOON)
    for number, platform in enumerate((x, y, x, y)):
        use = make_use(platform, data_kinds=["public-posts", "chats"], places=["EU"])
        control = make_control(use)
        day = dt.date(2024, 7, 26) + dt.timedelta(days=20 * number)
        entry = make_entry(platform, key=f"posts-{number}", title="Posts", effective_on=day)
        entry.uses.add(use)
        make_state(use, "only-if-agreed")
        make_state(use, "unless-refused", starts_on=day, opened_by=entry)
        if platform == x:
            make_guide(x, control, slug="x-off" if number else "x-other", verified_on=TODAY)
    later = TODAY + dt.timedelta(days=2)
    announced = make_entry(x, y, title="Pictures will be used", effective_on=later)
    make_state(use, "no-way-out", starts_on=later, opened_by=announced)


def draw(client, addresses=ADDRESSES):
    return {address: client.get(address).text for address in addresses}


def draw_from_nothing(client, addresses=ADDRESSES):
    forget_made()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(editions, "reading", lambda edition: nullcontext())
        return draw(client, addresses)


def test_pages_drawn_from_what_is_kept_are_the_same_to_the_byte(client, site):
    from_nothing = draw_from_nothing(client)
    assert draw(client) == from_nothing
    assert draw(client) == from_nothing


EDITS = [
    (lambda: Platform.objects.filter(slug="y").update(name="Yonder"), "/"),
    (lambda: Platform.objects.filter(slug="y").update(listed=False), "/platforms"),
    (lambda: make_platform("z"), "/platforms"),
    (lambda: Guide.objects.update(title="Say no <here>"), "/guides"),
    (lambda: Guide.objects.filter(slug="x-off").delete(), "/guides"),
    (lambda: Control.objects.update(label="Let us learn"), "/guides"),
    (lambda: GuideSurface.objects.update(reported_broken_at=NOON), "/guides"),
    (lambda: GuideStep.objects.all().delete(), "/guides"),
    (lambda: Use.objects.update(title="We learn from you"), "/matrix?view=list"),
    (lambda: Control.objects.update(binding=False), "/matrix?place=EU&sort=exposure"),
    (lambda: Branch.objects.update(places=["JP"]), "/matrix?place=EU&sort=exposure"),
    (lambda: State.objects.update(value="unclear"), "/de/matrix"),
]


def test_what_is_written_is_seen_on_the_page_that_shows_it(client, site):
    for number, (edit, seen_at) in enumerate(EDITS):
        before = draw(client, [seen_at])
        edit()
        after = draw(client, [seen_at])
        assert after != before, number
        assert after == draw_from_nothing(client, [seen_at]), number


def test_what_a_new_day_changes_is_seen_without_an_edit(client, site, noon):
    before = draw(client)
    noon.move_to(NOON + dt.timedelta(days=2))
    after = draw(client)
    assert {"/", "/matrix"} <= {
        address for address in ADDRESSES if after[address] != before[address]
    }
    assert after == draw_from_nothing(client)


def test_what_is_written_past_us_is_seen_after_a_minute(client, site, noon):
    before = draw(client, ["/platforms"])["/platforms"]
    connection.connection.execute("UPDATE platforms_platform SET name = 'Behind our back'")
    noon.shift(editions.LASTING + 1)
    assert "Behind our back" in draw(client, ["/platforms"])["/platforms"]
    assert "Behind our back" not in before


def test_a_draft_is_seen_by_who_looks_at_it_and_leaves_no_trace(client, site):
    before = draw(client)
    with transaction.atomic():
        Platform.objects.filter(slug="x").update(name="Only a draft")
        assert "Only a draft" in client.get("/platforms").text
        transaction.set_rollback(True)
    assert draw(client) == before


@pytest.mark.database
def test_a_page_drawn_while_something_is_committed_leaves_nothing_old_behind(site):
    edition = editions.begin()
    with reading(edition):  # a page that read its edition just before
        Entry.objects.update(title="Just now")
        per_edition("name", lambda: "read before")
    with reading(caches["pages"].get(editions.KEY)):
        assert per_edition("name", lambda: "read anew") == "read anew"


def test_data_are_made_once_for_an_edition_and_a_name(db):
    with reading("first"):
        assert per_edition("a", lambda: 1) == 1
        assert per_edition("a", lambda: 2) == 1
        assert per_edition("b", lambda: 3) == 3
    with reading("second"):
        assert per_edition("a", lambda: 4) == 4


def test_data_are_not_kept_outside_of_public_pages(db):
    assert per_edition("a", lambda: 1) == 1
    assert per_edition("a", lambda: 2) == 2
