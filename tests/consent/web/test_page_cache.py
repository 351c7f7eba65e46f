"""Public pages are drawn once for all readers, and are never behind what was published."""

import datetime as dt
import gzip
import uuid
from unittest import mock

import pytest
from django.core.cache import caches
from django.core.management import call_command
from django.db import connection, transaction
from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from consent.curation import decisions, drafts, undo
from consent.models import Branch, Decision, Entry, Offer
from consent.public.feedback.tallies import BROKEN_AT, take_answer
from consent.vocabulary import Worked
from consent.web import editions, page_cache
from consent.web.page_cache import public_page
from platforms.models import Platform
from tests.factories import (
    make_change,
    make_control,
    make_entry,
    make_fetch,
    make_guide,
    make_page,
    make_platform,
    make_report,
    make_state,
    make_use,
)
from tests.practice.site import declare

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.few_cases]


@pytest.fixture(autouse=True)
def shared_cache(settings, tmp_path):
    """The cache that an installation of this kind has: files, or Redis where there is one."""
    place = (
        {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": settings.CACHE_URL}
        if settings.CACHE_URL
        else {
            "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
            "LOCATION": tmp_path / "pages",
        }
    )
    settings.CACHES = settings.CACHES | {"pages": place | {"KEY_PREFIX": uuid.uuid4().hex}}


@pytest.fixture
def clock(monkeypatch):
    """Lets seconds pass for pages that are kept."""

    class Clock:
        now = 1_800_000_000.0

        def time(self):
            return self.now

    found = Clock()
    monkeypatch.setattr(page_cache, "time", found)
    monkeypatch.setattr(editions, "time", found)
    return found


def publish(curator, title="X trains on posts"):
    change = make_change(make_page(make_platform()), "We ask.", "We do not ask.")
    entry = drafts.entry_from(change)
    entry.title, entry.effects, entry.direction = title, ["default-on"], "less-control"
    drafts.draft_entry(change, entry)
    return decisions.publish(change, entry=entry, curator=curator)


def say_no(guide, times):
    for _ in range(times):
        take_answer(guide, Worked.NO, surface="web")


class TestWhatIsPublished:
    def test_is_seen_at_once(self, client, curator):
        assert "X trains on posts" not in client.get("/timeline").text
        publish(curator)
        assert "X trains on posts" in client.get("/timeline").text

    def test_is_gone_at_once_when_it_is_undone(self, client, curator):
        publish(curator)
        assert "X trains on posts" in client.get("/timeline").text
        undo.undo(Decision.objects.get(), curator=curator)
        assert "X trains on posts" not in client.get("/timeline").text

    def test_is_new_to_a_reader_who_has_the_page_of_before(self, client, curator):
        etag = client.get("/timeline")["ETag"]
        publish(curator)
        again = client.get("/timeline", headers={"if-none-match": etag})
        assert again.status_code == 200
        assert "X trains on posts" in again.text

    @pytest.mark.database
    def test_is_not_seen_before_its_transaction_ends_nor_when_that_fails(self, client, curator):
        client.get("/timeline")
        before = editions.begin()
        with transaction.atomic():
            publish(curator)
            assert "X trains on posts" in client.get("/timeline").text  # to this writer alone
            assert caches["pages"].get(editions.KEY) == before
            transaction.set_rollback(True)
        assert caches["pages"].get(editions.KEY) == before
        assert "X trains on posts" not in client.get("/timeline").text


@pytest.mark.database
@pytest.mark.parametrize(
    "write",
    [
        lambda site: Entry.objects.update(title="By another word"),
        lambda site: Entry.objects.bulk_create([Entry(key="b", title="B", direction="neutral")]),
        lambda site: site.entry.platforms.add(make_platform()),
        lambda site: site.use.branches.first().states.update(disputed=True),
        lambda site: make_state(site.use, starts_on=dt.date(2024, 7, 26)),
        lambda site: Branch.objects.update(places=["DE"]),
        lambda site: site.control.uses.clear(),
        lambda site: Offer.objects.create(control=site.control, places=["EU"]),
        lambda site: site.guide.surfaces.update(verified_by="A"),
        lambda site: say_no(site.guide, times=BROKEN_AT),
        lambda site: site.guide.delete(),
        lambda site: site.platform.save(),
        lambda site: site.page.gaps.create(began_at=site.at, noticed_at=site.at, outcome="timeout"),
        lambda site: call_command("load_catalog", site.catalog, verbosity=0),
    ],
    ids=[
        *("edited", "written-in-bulk", "tied-to-a-platform", "disputed", "a-state-opened"),
        *("a-branch-elsewhere", "a-control-of-nothing", "offered-in-one-place"),
        *(
            "verified",
            "reported-broken",
            "a-guide-removed",
            "a-platform-edited",
            "a-gap-opened",
            "catalog-loaded",
        ),
    ],
)
def test_whatever_readers_can_see_begins_a_new_edition(write, tmp_path):
    platform = make_platform("x")
    declare("https://chirp.example", tmp_path / "catalog")
    site = mock.Mock(
        catalog=tmp_path / "catalog",
        platform=platform,
        page=make_page(platform),
        use=make_use(platform),
        entry=make_entry(platform),
        guide=make_guide(platform),
    )
    make_state(site.use, "not-used")
    site.control = make_control(site.use)
    site.at = make_fetch(site.page).started_at
    before = caches["pages"].get(editions.KEY)
    write(site)
    assert caches["pages"].get(editions.KEY) != before


def test_a_visit_that_found_nothing_new_begins_none(client):
    page = make_page(make_platform())
    before = editions.begin()
    make_fetch(page)
    assert caches["pages"].get(editions.KEY) == before


def test_a_write_that_changes_nothing_begins_none():
    platform = make_platform()
    before = editions.begin()
    Platform.objects.filter(pk=platform.pk, name="Another").update(name="Never")
    Platform.objects.filter(slug="nobody").delete()
    assert caches["pages"].get(editions.KEY) == before


@pytest.mark.database
def test_a_write_that_is_rolled_back_hides_none_beside_it():
    platform, entry = make_platform("x"), make_entry(make_platform("y"))
    before = editions.begin()
    with transaction.atomic():
        with transaction.atomic():
            platform.save()
            transaction.set_rollback(True)
        Entry.objects.filter(pk=entry.pk).update(title="By another word")
    assert caches["pages"].get(editions.KEY) != before


def test_what_anybody_may_send_empties_no_cache(client):
    guide = make_guide(make_platform())
    before = editions.begin()
    say_no(guide, times=BROKEN_AT - 1)
    make_report()
    assert caches["pages"].get(editions.KEY) == before


def test_a_page_is_drawn_once_for_all_readers(client, django_assert_num_queries):
    make_entry(make_platform("x"))
    first = client.get("/timeline")
    with django_assert_num_queries(0):
        second = client.get("/timeline")
    assert (second.text, second["ETag"]) == (first.text, first["ETag"])


def test_a_reader_with_the_same_page_is_told_so_without_a_query(client, django_assert_num_queries):
    make_entry(make_platform("x"))
    etag = client.get("/timeline")["ETag"]
    with django_assert_num_queries(0):
        again = client.get("/timeline", headers={"if-none-match": etag})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", etag)
    assert "Accept-Encoding" in again["Vary"]


def test_an_edit_that_leaves_a_page_as_it_is_leaves_its_readers_what_they_have(client):
    etag = client.get("/about")["ETag"]
    make_platform("unlisted", listed=False)
    assert client.get("/about", headers={"if-none-match": etag}).status_code == 304


def test_only_the_head_of_a_kept_page_is_told_to_who_asks_for_the_head(client):
    page = client.get("/timeline")
    head = client.head("/timeline")
    assert (head.status_code, head["ETag"], head.content) == (200, page["ETag"], b"")


def test_a_kept_page_comes_packed_to_browsers_that_can_read_it(client):
    plain = client.get("/timeline")
    packed = client.get("/timeline", headers={"accept-encoding": "gzip, br"})
    assert "Content-Encoding" not in plain
    assert packed["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.content) == plain.content
    assert packed["ETag"] == plain["ETag"]


def test_languages_and_views_are_kept_apart(client):
    make_entry(make_platform("x"))
    addresses = ("/timeline", "/timeline?platform=x", "/de/timeline")
    drawn = [client.get(address).text for address in addresses]
    assert len(set(drawn)) == 3
    assert [client.get(address).text for address in addresses] == drawn


def test_a_page_and_the_part_of_it_that_a_script_asks_for_are_kept_apart():
    @public_page()
    def view(request):
        text = "part" if request.headers.get("HX-Request") else "whole"
        return HttpResponse(text, headers={"Vary": "HX-Request"})

    def ask(**headers):
        return view(RequestFactory().get("/somewhere", headers=headers)).text

    script = {"HX-Request": "true"}
    assert [ask(), ask(**script), ask(), ask(**script)] == ["whole", "part", "whole", "part"]


def test_yesterdays_page_is_not_shown_today(client, monkeypatch, django_assert_num_queries):
    client.get("/timeline")
    tomorrow = mock.Mock(localdate=lambda: "2100-01-01")
    monkeypatch.setattr(page_cache, "timezone", tomorrow)
    with pytest.raises(pytest.fail.Exception), django_assert_num_queries(0):
        client.get("/timeline")


def test_what_flows_by_itself_is_told_anew_after_a_minute(client, clock):
    page = make_page(make_platform())
    unread = client.get("/").text
    make_fetch(page)
    assert client.get("/").text == unread
    clock.now += page_cache.FRESH + 1
    assert client.get("/").text != unread


def test_while_one_draws_an_old_page_anew_the_others_get_it_as_it_is(client, clock):
    page = make_page(make_platform())
    unread = client.get("/").text
    make_fetch(page)
    clock.now += page_cache.FRESH + 1
    place = page_cache._cache_key(
        page_cache._inputs_of(RequestFactory().get("/"), ""), has_query=False
    )
    caches["pages"].add(f"drawing:{place}", True)
    assert client.get("/").text == unread


def test_links_that_newsletters_and_networks_mark_lead_to_the_same_kept_page(
    client, django_assert_num_queries
):
    client.get("/timeline")
    with django_assert_num_queries(0):
        marked = client.get("/timeline?utm_source=mail&fbclid=Iw123")
    assert "utm_source" not in marked.text


def test_any_number_of_views_fills_only_so_many_places(client):
    places = set()
    for number in range(5_000):
        request = RequestFactory().get(f"/search?q={number}")
        places.add(
            page_cache._cache_key(page_cache._inputs_of(request, f"q={number}"), has_query=True)
        )
    assert len(places) <= page_cache._KEYS_FOR_QUERIES


def test_headers_that_anybody_may_invent_make_no_page_of_their_own(client):
    asked = {
        page_cache._inputs_of(RequestFactory().get("/timeline", headers={"HX-Request": word}), "")
        for word in ("true", "false", "a", "b")
    }
    assert len(asked) == 2


def test_queries_that_share_a_key_of_the_cache_are_not_confused():
    rendered = []

    @public_page(reads={"q"})
    def view(request):
        rendered.append(request.GET["q"])
        return HttpResponse(request.GET["q"])

    queries = [f"{number}" for number in range(250)]  # fewer than a cache has room for
    for query in queries * 2:
        assert view(RequestFactory().get("/search", {"q": query})).text == query
    # Some were pushed out by another query with the same key; most were not.
    assert 250 < len(rendered) < 400


class TestKeptByNobody:
    def answer(self, view, **headers):
        request = RequestFactory().get("/somewhere", headers=headers)
        return public_page()(view)(request)

    def drawn_twice(self, view):
        counted = mock.Mock(side_effect=view)
        for _ in range(2):
            response = self.answer(counted)
        return counted.call_count == 2, response

    def test_a_page_with_a_cookie(self):
        def view(request):
            response = HttpResponse("hello")
            response.set_cookie("name", "value")
            return response

        twice, response = self.drawn_twice(view)
        assert twice
        assert "no-store" in response["Cache-Control"]
        assert "ETag" not in response

    def test_a_page_with_the_token_of_a_form(self):
        twice, response = self.drawn_twice(lambda request: HttpResponse(get_token(request)))
        assert twice
        assert "private" in response["Cache-Control"]

    def test_a_page_that_depends_on_what_we_do_not_tell_apart(self):
        def view(request):
            return HttpResponse("hello", headers={"Vary": "User-Agent"})

        assert self.drawn_twice(view)[0]

    def test_an_error(self, client):
        assert client.get("/platforms/x").status_code == 404
        make_platform("x")
        assert client.get("/platforms/x").status_code == 200
        assert self.drawn_twice(lambda request: HttpResponse("gone", status=410))[0]


def test_without_its_cache_the_site_is_slower_and_nothing_else(client, settings, curator):
    settings.CACHES = settings.CACHES | {
        "pages": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "redis://127.0.0.1:1/0",
        }
    }
    publish(curator)
    assert "X trains on posts" in client.get("/timeline").text


@pytest.mark.parametrize(
    "address", ["/", "/guides", "/about", "/search?q=x", "/platforms", "/platforms/x", "/matrix"]
)
def test_made_up_parameters_cost_no_drawing(client, address, django_assert_num_queries):
    make_entry(make_platform("x", name="X"))
    plain = client.get(address).content
    joint = "&" if "?" in address else "?"
    with django_assert_num_queries(0):
        for number in range(3):
            assert client.get(f"{address}{joint}made-up-{number}=1").content == plain


def test_a_view_that_names_unknown_filters_is_not_cached(client):
    make_entry(make_platform("x", name="X"))
    for _ in range(2):
        with CaptureQueriesContext(connection) as queries:
            answer = client.get("/timeline?no-such-filter=1")
        assert "There is no filter of this name." in answer.text
        assert queries  # the page was rendered, not taken from the cache


def test_giving_a_page_out_again_reads_only_the_edition_from_the_cache(client):
    for _ in range(2):
        client.get("/about")
    with mock.patch.object(page_cache, "call_cache", wraps=page_cache.call_cache) as asked:
        assert client.get("/about").status_code == 200
    assert [call.args[1:3] for call in asked.call_args_list] == [("get", editions.KEY)]


def test_what_one_reader_is_sent_does_not_change_the_remembered_page(client):
    packed = {"headers": {"accept-encoding": "gzip"}}
    for _ in range(3):
        plain = client.get("/about")
        assert plain.text.startswith("<!doctype html>")
        sent = client.get("/about", **packed)
        assert sent["Content-Encoding"] == "gzip"
        assert gzip.decompress(sent.content) == plain.content
        assert sent["ETag"] == plain["ETag"]


def test_a_process_remembers_pages_up_to_a_number_of_bytes(monkeypatch):
    monkeypatch.setattr(page_cache, "_MOST_REMEMBERED", 250)
    memory = page_cache._Memory()
    for key in ("a", "b", "b", "c"):
        memory.set(key, page_cache._CachedPage(key, "1", 0.0, HttpResponse(b"x" * 100)))
    assert [key for key in "abc" if memory.get(key)] == ["b", "c"]
