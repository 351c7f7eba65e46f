"""Parts of pages are drawn once for many pages, and nobody can tell by looking."""

import datetime as dt
from contextlib import nullcontext
from uuid import uuid4

import pytest
import time_machine
from consent.web.parts import part, parts_of
from django.contrib.auth.models import User
from django.core.cache import caches
from django.core.cache.backends.locmem import LocMemCache
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from consent.curation import decisions, drafts, revisions, undo, verification
from consent.models import (
    Branch,
    Control,
    Decision,
    Entry,
    Guide,
    GuideStep,
    GuideSurface,
    State,
    Use,
)
from consent.public import rows
from consent.vocabulary import CheckOutcome
from consent.web import editions, page_cache, parts
from consent.web.languages import forget_made
from platforms.models import Platform
from tests.factories import (
    make_change,
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

pytestmark = pytest.mark.django_db(transaction=True)

NOON = dt.datetime(2026, 11, 24, 12, tzinfo=dt.UTC)
TODAY = NOON.date()
_ENGLISH = (
    "/",
    "/timeline",
    "/timeline?platform=x",
    "/timeline?platform=nobody&kind=default-on&since=2026-12-01&until=2026-11-01",
    "/timeline?place=EU&by=observed",
    "/timeline?since=2024-07-01&until=2024-07-31",
    "/timeline?older={older}",
    "/timeline?status=retracted",
    "/platforms",
    "/platforms?asof=2024-01-01",
    "/platforms/x",
    "/matrix",
    "/matrix?view=list",
    "/matrix?place=EU&sort=exposure",
    "/matrix?asof=2024-01-01",
    "/guides",
    "/guides/x-off",
    "/search?q=x",
    "/corrections",
    "/matrix.csv",
)
ADDRESSES = (*_ENGLISH, "/de/", "/de/timeline", "/de/matrix")


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
    """Render each page when it is requested, from cached parts."""
    pages = {"BACKEND": f"{__name__}.CacheOfEditions", "LOCATION": f"{tmp_path}/editions"}
    settings.CACHES = settings.CACHES | {"pages": pages}


@pytest.fixture
def curator():
    return User.objects.create_user("ada", first_name="Ada")


@pytest.fixture
def site(monkeypatch):
    """Two platforms with all that can be in a row, in a line of the matrix or in a list."""
    monkeypatch.setattr(rows, "ROWS_PER_PAGE", 3)
    x, y = make_platform("x", name="X"), make_platform("y", name="Y & Co")
    make_fetch(make_page(x), at=NOON)
    for number, platform in enumerate((x, y, x, y)):
        use = make_use(platform, data_kinds=["public-posts", "chats"], places=["EU"])
        control = make_control(use)
        day = dt.date(2024, 7, 26) + dt.timedelta(days=20 * number)
        entry = make_entry(
            platform,
            key=f"posts-{number}",
            title=f"Posts feed <models> {number}",
            effective_on=day,
            observed_to=NOON,
            places=["EU", "GB"],
        )
        entry.uses.add(use)
        make_source(entry)
        make_state(use, "only-if-agreed")
        make_state(use, "unless-refused", starts_on=day, opened_by=entry)
        if platform == x:
            make_guide(x, control, slug="x-off" if number else "x-other", verified_on=TODAY)
    later = TODAY + dt.timedelta(days=2)
    announced = make_entry(x, y, title="Pictures will be used", effective_on=later)
    make_state(use, "no-way-out", starts_on=later, opened_by=announced)
    make_entry(y, title="A comma moved", effects=["wording-only"])


def draw(client, addresses=ADDRESSES):
    """Pages as they are now."""
    older = Entry.objects.get(key="posts-2").public_id
    return {address: client.get(address.format(older=older)).text for address in addresses}


def draw_without_parts(client, addresses=ADDRESSES):
    """Pages as they would be if nothing were kept of any."""
    forget_made()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(page_cache, "parts_of", lambda *editions: nullcontext())
        return draw(client, addresses)


def test_pages_drawn_from_parts_are_to_the_byte_what_they_are_without(client, site):
    without = draw_without_parts(client)
    assert draw(client) == without
    assert draw(client) == without


def test_a_page_whose_parts_are_known_asks_for_its_own_list_alone(
    client, site, django_assert_num_queries
):
    client.get("/timeline")
    with django_assert_num_queries(2):  # what is still to come, and what has been
        client.get("/timeline")
    # And which places there are, how many changes, how many hidden for their wording and topic.
    with django_assert_num_queries(6):
        client.get("/timeline?place=EU")


def publish_another(curator):
    change = make_change(make_page(Platform.objects.get(slug="x")), "We ask.", "We do not ask.")
    entry = drafts.entry_from(change)
    entry.title, entry.effects, entry.direction = "X asks nobody", ["default-on"], "less-control"
    drafts.draft_entry(change, entry)
    decisions.publish(change, entry=entry, curator=curator)


def undo_it(curator):
    undo.undo(Decision.objects.latest("pk"), curator=curator)


def correct_the_title(curator):
    entry = Entry.objects.get(key="posts-3")
    revisions.correct(entry, reason="A slip.", editor=curator, title="Posts feed no models")


def retract_one(curator):
    entry = Entry.objects.get(key="posts-0")
    revisions.retract(entry, reason="Not so.", editor=curator)


def postpone_one(curator):
    entry = Entry.objects.get(title="Pictures will be used")
    revisions.postpone(entry, to=TODAY + dt.timedelta(days=9), reason="Put off.", editor=curator)


def find_a_surface_gone(curator):
    surface = Guide.objects.get(slug="x-off").surfaces.get()
    verification.check_surface(surface, CheckOutcome.RETIRED, curator=curator, note="Gone.")


EDITS = [
    (publish_another, "/timeline"),
    (correct_the_title, "/de/timeline"),
    (retract_one, "/timeline?place=EU&by=observed"),
    (postpone_one, "/"),
    (find_a_surface_gone, "/guides"),
    (lambda _: Entry.objects.filter(effects=["default-on"]).update(title="Quietly"), "/"),
    (lambda _: Platform.objects.filter(slug="y").update(name="Yonder"), "/timeline"),
    (lambda _: Platform.objects.filter(slug="y").update(listed=False), "/platforms"),
    (lambda _: make_platform("z"), "/timeline?place=EU&by=observed"),
    (lambda _: make_source(Entry.objects.get(key="posts-2")), "/timeline"),
    (lambda _: Guide.objects.update(title="Say no <here>"), "/timeline?platform=x"),
    (lambda _: Guide.objects.filter(slug="x-off").delete(), "/timeline"),
    (lambda _: Control.objects.update(label="Let us learn"), "/guides"),
    (lambda _: Use.objects.update(title="We learn from you"), "/matrix?view=list"),
    (lambda _: Control.objects.update(refuse="turn-on"), "/platforms/x"),
    (lambda _: Guide.controls.through.objects.all().delete(), "/timeline?older={older}"),
    (lambda _: GuideSurface.objects.update(reported_broken_at=NOON), "/guides"),
    (lambda _: GuideStep.objects.all().delete(), "/guides"),
    (lambda _: Control.objects.update(binding=False), "/matrix?place=EU&sort=exposure"),
    (lambda _: Branch.objects.update(places=["JP"]), "/matrix?place=EU&sort=exposure"),
    (lambda _: State.objects.update(value="unclear"), "/de/matrix"),
    (lambda _: State.objects.all().delete(), "/platforms"),
    (lambda _: make_entry(Platform.objects.get(slug="x"), places=["PE"]), "/timeline"),
]


@pytest.mark.parametrize("third", range(3))
def test_what_is_written_is_seen_on_every_page_that_shows_it(client, site, curator, third):
    """Each page is drawn after a third of all edits, which follow one another on one site."""
    addresses = ADDRESSES[third::3]
    before = draw(client, addresses)
    for number, (edit, seen_at) in enumerate(EDITS):
        if number % 3 != third:
            continue
        if seen_at not in before:
            before |= draw(client, [seen_at])
        edit(curator)
        after = draw(client, dict.fromkeys((seen_at, *addresses)))
        assert after[seen_at] != before[seen_at], number
        assert after == draw_without_parts(client, after), number
        before = {address: after[address] for address in addresses}


@pytest.mark.database
def test_what_is_undone_is_seen_nowhere_any_more(client, site, curator):
    publish_another(curator)
    assert "X asks nobody" in draw(client)["/timeline"]
    undo_it(curator)
    after = draw(client)
    assert not [address for address, page in after.items() if "X asks nobody" in page]
    assert after == draw_without_parts(client)


@pytest.mark.parametrize(
    ("days", "seen_at"), [(2, ["/", "/matrix", "/timeline"]), (91, ["/guides"])]
)
def test_what_a_new_day_changes_is_seen_without_an_edit(client, site, noon, days, seen_at):
    before = draw(client)
    noon.move_to(NOON + dt.timedelta(days=days))
    after = draw(client)
    for address in seen_at:
        assert after[address] != before[address], address
    assert after == draw_without_parts(client)


@pytest.mark.database
def test_what_is_written_past_us_is_seen_after_a_minute(client, site, noon):
    before = draw(client)
    past_django = connection.connection
    past_django.execute("UPDATE consent_entry SET title = 'Behind our back' WHERE status <> ''")
    noon.shift(parts.LASTING + 1)
    after = draw(client)
    assert "Behind our back" in after["/timeline"]
    assert after == draw_without_parts(client)
    assert "Behind our back" not in before["/timeline"]


@pytest.mark.database
def test_a_draft_is_seen_by_who_looks_at_it_and_leaves_no_trace(client, site):
    before = draw(client)
    with transaction.atomic():
        Entry.objects.filter(effects=["default-on"]).update(title="Only a draft")
        assert "Only a draft" in client.get("/timeline").text
        assert "Only a draft" in client.get("/timeline?by=observed&place=EU").text
        transaction.set_rollback(True)
    assert draw(client) == before


@pytest.mark.database
def test_a_page_drawn_while_something_is_committed_leaves_no_part_behind(client, site):
    edition = editions.begin()
    with parts_of(edition):  # a page that read its edition just before
        Entry.objects.filter(effects=["default-on"]).update(title="Just now")
        part("row", "old", lambda: "drawn from what was before")
    with parts_of(caches["pages"].get(editions.KEY)):
        assert part("row", "old", lambda: "drawn anew") == "drawn anew"


def test_parts_that_outlast_a_decision_on_an_entry_read_nothing_that_one_writes(
    client, site, monkeypatch
):
    made, read = [], []
    real = parts._parts

    def watched(cache, group, wanted, make):
        def watched_make(missing):
            with CaptureQueriesContext(connection) as asked:
                found = make(missing)
            made.append(group)
            read.extend(query["sql"] for query in asked)
            return found

        is_steady = cache is not None and cache is parts._steady_in_use.get()
        return real(cache, group, wanted, watched_make if is_steady else make)

    monkeypatch.setattr(parts, "_parts", watched)
    draw(client)
    assert {"listed", "records", "guide-lines"} <= set(made)
    news = [
        table for table, begins in editions._functions().items() if begins is editions.begin_news
    ]
    assert len(news) > 10
    assert [(table, sql) for table in news for sql in read if f'"{table}"' in sql] == []


class TestParts:
    def test_are_made_all_at_once_and_only_if_they_are_not_kept(self):
        asked = []

        def double(keys):
            asked.append(keys)
            return {key: 2 * key for key in keys}

        with parts_of(uuid4().hex):
            assert parts.parts("double", [1, 2], double) == {1: 2, 2: 4}
            assert parts.parts("double", [1, 2, 3], double) == {1: 2, 2: 4, 3: 6}
            assert parts.parts("double", [3, 1], double) == {3: 6, 1: 2}
        assert asked == [[1, 2], [3]]

    def test_of_another_name_or_language_are_others(self):
        with parts_of(uuid4().hex):
            assert part("a", 1, lambda: "first") == "first"
            assert part("b", 1, lambda: "second") == "second"
            with translation.override("de"):
                assert part("a", 1, lambda: "third") == "third"
            assert part("a", 1, lambda: "fourth") == "first"

    def test_without_words_are_kept_once_for_all_languages(self):
        with parts_of(uuid4().hex):
            assert parts.shared_part("a", 1, lambda: "first") == "first"
            with translation.override("de"):
                assert parts.shared_part("a", 1, lambda: "second") == "first"

    def test_are_not_kept_outside_of_public_pages(self):
        assert part("a", 1, lambda: "one") == "one"
        assert part("a", 1, lambda: "two") == "two"

    def test_are_forgotten_before_a_process_runs_out_of_memory(self):
        made = []

        def make(number):
            made.append(number)
            return number

        with parts_of(uuid4().hex):
            for number in [*range(10_000), *reversed(range(10_000))]:
                assert part("a", number, lambda number=number: make(number)) == number
        assert made[:10_000] == list(range(10_000))
        assert 9_999 not in made[10_000:]
        assert len(made) > 15_000
