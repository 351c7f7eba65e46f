"""What holds for every page that anybody may read."""

import re

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import User
from django.contrib.staticfiles import finders
from django.db import DatabaseError
from django.db.backends.utils import CursorWrapper
from django.test import Client

from consent.curation.revisions import correct
from consent.models import PublicName
from tests.consent.public.site.markup import faults
from tests.consent.public.site.sitemaps import sitemap_urls
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
from tests.sweeps import some

pytestmark = [pytest.mark.django_db, pytest.mark.few_cases]

_ENGLISH = (
    "/",
    "/timeline",
    "/timeline?platform=x",
    "/changes/{change}",
    "/changes/{change}?view=side",
    "/platforms",
    "/platforms/x",
    "/guides",
    "/guides/x-off",
    "/status",
    "/about",
    "/corrections",
    "/feeds",
    "/evidence",
    "/matrix",
    "/compare?p=x",
    "/search?q=x",
    "/methodology",
    "/feeds/timeline.atom",
)
_GERMAN = [f"/de{path}" for path in _ENGLISH if not path.endswith(".atom")]
PAGES = (*_ENGLISH, *some(_GERMAN, 6))


@pytest.fixture
def change():
    """Fill the site with one of everything; return the address part of its change."""
    x = make_platform("x", name="X", summary="Posts feed Grok.")
    page = make_page(x)
    make_fetch(page)
    use = make_use(x)
    use.pages.add(page)
    entry = make_entry(x)
    entry.uses.add(use)
    make_source(entry)
    make_state(use, starts_on=entry.effective_on, opened_by=entry)
    make_guide(x, make_control(use), slug="x-off")
    make_change(page, "We ask.", "We do not ask.", entry=entry)
    return f"{entry.public_id}-{entry.slug}"


def may_be_kept_by_any_cache(response):
    assert not response.cookies
    assert "public" in response["Cache-Control"]
    assert "Cookie" not in response.get("Vary", "")


def names_no_third_party_and_carries_no_inline_code(response):
    assert "'unsafe-inline'" not in response["Content-Security-Policy"]
    for forbidden in (" style=", " onclick=", "<style", 'src="http'):
        assert forbidden not in response.text
    for script in re.findall(r"<script[^>]*>[^<]*", response.text):
        # A file of our own, or data that no browser runs.
        assert re.fullmatch(r'<script src="/static/[^"]+" defer>', script) or script.startswith(
            '<script type="application/ld+json">'
        )


def has_one_first_heading_one_main_part_and_a_title(text):
    assert text.count("<h1") == 1
    assert text.count("<main") == 1
    assert text.count("<title>") == 1
    assert 'href="#content"' in text


def costs_nothing_when_it_has_not_changed(client, address, etag):
    response = client.get(address, headers={"if-none-match": etag})
    assert (response.status_code, response.content) == (304, b"")


def is_read_only(client, address):
    assert client.post(address).status_code == 405
    assert client.head(address).status_code == 200


class TestEveryPublicPage:
    @pytest.mark.parametrize("path", PAGES)
    def test_is_kept_by_any_cache_and_whole_without_cookie_third_party_or_fault(
        self, client, change, path
    ):
        # One test, so that the site is filled once.
        address = path.format(change=change)
        response = client.get(address)
        assert response.status_code == 200
        may_be_kept_by_any_cache(response)
        names_no_third_party_and_carries_no_inline_code(response)
        if not path.endswith(".atom"):
            has_one_first_heading_one_main_part_and_a_title(response.text)
            assert faults(response.text) == []
        costs_nothing_when_it_has_not_changed(client, address, response["ETag"])
        is_read_only(client, address)

    @pytest.mark.django_db(transaction=True)  # nothing is kept while writes are open
    @pytest.mark.parametrize("path", some(PAGES, 6))
    def test_asks_few_questions(self, client, change, path, django_assert_max_num_queries):
        client.get("/about")  # loads the facts of all platforms, which pages share until an edit
        # A platform's page has all its uses, ways out, changes and watched pages.
        with django_assert_max_num_queries(22 if path.endswith("/platforms/x") else 15):
            client.get(path.format(change=change))


def test_a_new_entry_is_seen_at_once_by_a_reader_who_asks_again(client, change):
    etag = client.get("/timeline")["ETag"]
    make_entry(make_platform(), title="Brand new")
    response = client.get("/timeline", headers={"if-none-match": etag})
    assert response.status_code == 200
    assert "Brand new" in response.text


def test_a_head_request_is_answered_like_get_and_logs_nothing(client, change, caplog):
    for path in some(PAGES, 12):
        path = path.format(change=change)
        answer = client.head(path)
        assert answer.status_code == 200, path
        assert answer.content == b""
        assert answer["Content-Length"] == client.get(path)["Content-Length"]
    assert caplog.records == []


def test_an_empty_site_still_answers_everywhere(client):
    for path in PAGES:
        if "{" not in path and "/x" not in path:
            assert client.get(path).status_code == 200


def test_corrections_name_what_was_corrected_and_what_was_taken_back(client):
    make_entry(make_platform(), title="We had the date wrong", effects=["correction"])
    make_entry(make_platform(), title="Not a correction")
    make_entry(make_platform(), title="Mixed up", status="retracted", status_reason="Two products.")
    make_entry(make_platform(), title="Never public", status="retracted", published_at=None)
    text = client.get("/corrections").text
    assert "We had the date wrong" in text
    assert "Mixed up" in text
    assert "Two products." in text
    assert "Not a correction" not in text
    assert "Never public" not in text


def test_corrections_tell_what_was_said_before_and_why_it_was_changed(client):
    editor = User.objects.create_user("login")
    PublicName.objects.create(curator=editor, name="ada")
    entry = make_entry(make_platform(), title="X trains on posts", direction="mixed")
    correct(entry, reason="We had misread it.", editor=editor, direction="less-control")
    page = BeautifulSoup(client.get("/corrections").text, "lxml")
    told = " ".join(page.select_one(".revisions").get_text(" ").split())
    assert told.startswith("X trains on posts Corrected")
    assert "by ada: We had misread it." in told
    assert "Direction We said: mixed We say: less control" in told


def test_the_sitemap_names_public_pages_only(client, change, settings):
    draft = make_entry(make_platform(), status="draft", published_at=None)
    hidden = make_guide(make_platform(), status="draft")
    addresses = {url.findtext("{*}loc") for url in sitemap_urls(client)}
    for path in ("/", "/platforms/x", "/guides/x-off", f"/changes/{change}"):
        assert settings.SITE_URL + path in addresses
    assert settings.SITE_URL + draft.get_absolute_url() not in addresses
    assert settings.SITE_URL + hidden.get_absolute_url() not in addresses


def test_a_view_of_a_page_names_the_page_itself_as_the_lasting_address(client, change, settings):
    text = client.get(f"/changes/{change}?view=side").text
    assert f'<link rel="canonical" href="{settings.SITE_URL}/changes/{change}">' in text


def test_an_address_that_leads_nowhere_says_so_and_offers_ways_on(client):
    response = client.get("/nowhere")
    assert response.status_code == 404
    assert "There is nothing at this address" in response.text
    assert 'href="/platforms"' in response.text


def test_a_fault_of_ours_is_told_without_asking_the_database(client, monkeypatch):
    from consent.public.site import views

    monkeypatch.setattr(views, "methodology_html", lambda: 1 / 0)
    client.raise_request_exception = False
    response = client.get("/methodology")
    assert response.status_code == 500
    assert "Something broke here" in response.text


@pytest.mark.parametrize(
    ("path", "heading"),
    [
        ("/subscribe/start", "This address takes a form, and none was sent"),
        ("/de/subscribe/code", "Diese Adresse nimmt ein Formular entgegen, und keines kam an"),
    ],
)
def test_the_address_of_a_form_opened_as_a_page_says_so(client, path, heading):
    answer = client.get(path)
    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert BeautifulSoup(answer.text, "lxml").h1.text == heading


@pytest.mark.parametrize("path", ["/timeline?since={}", "/matrix?asof={}", "/platforms/x?asof={}"])
@pytest.mark.parametrize("day", ["bogus", "2024-02-31"])
def test_what_is_no_day_is_refused_in_words_and_not_put_into_the_field(client, change, path, day):
    page = BeautifulSoup(client.get("/de" + path.format(day)).text, "lxml")
    field = page.select_one('input[type="date"][aria-invalid="true"]')
    assert "value" not in field.attrs
    assert page.find(id=field["aria-describedby"]).text.strip()


def test_a_day_stands_in_its_field_as_browsers_want_it_in_every_language(client, change):
    page = BeautifulSoup(client.get("/de/platforms/x?asof=2024-07-26").text, "lxml")
    assert page.select_one('input[name="asof"]')["value"] == "2024-07-26"


@pytest.mark.parametrize(
    ("asked", "kept"),
    [
        ("/timeline/", "/timeline"),
        ("/Platforms/X/", "/platforms/x"),
        ("/de/Matrix?state=unclear", "/de/matrix?state=unclear"),
        ("/GUIDES/x-off", "/guides/x-off"),
    ],
)
def test_an_address_typed_with_a_slash_or_capitals_too_many_leads_on(client, change, asked, kept):
    answer = client.get(asked)
    assert (answer.status_code, answer["Location"]) == (301, kept)


@pytest.mark.parametrize("path", ["/confirm/ABC/", "/u/ABC", "/alerts/ABC", "/nothing/HERE/"])
def test_links_of_mails_and_what_is_nowhere_lead_nowhere_else(client, change, path):
    assert client.get(path).status_code in (200, 404)


def test_the_page_of_feeds_leads_to_feeds_and_files_that_answer(client, change):
    page = BeautifulSoup(client.get("/feeds").text, "lxml")
    addresses = {a["href"] for a in page.select("main a")}
    assert len(addresses) >= 8
    for address in addresses:
        assert client.get(address).status_code == 200, address


def test_a_feed_is_put_together_by_choosing(client, change):
    form = BeautifulSoup(client.get("/feeds").text, "lxml").select_one(".feed-form")
    chosen = {field["name"]: "" for field in form.select("select")} | {"platform": "x"}
    answer = client.get(form["action"], chosen)
    assert answer.status_code == 200
    assert answer.text.count("<entry>") == 1


def test_a_day_to_come_is_refused_and_leads_to_what_is_announced(client, change):
    refused = client.get("/platforms/x?asof=2099-01-01")
    assert refused.status_code == 400
    assert "What is announced is among the changes" in refused.text
    assert client.get("/platforms/x?asof=2024-01-01").status_code == 200


@pytest.mark.parametrize(
    "path", ["/search?q=%00", "/timeline?platform=x%00", "/de/checklist?p=%00", "/platforms/%00"]
)
def test_a_null_character_in_an_address_is_refused_in_words(client, change, path):
    answer = client.get(path)
    assert answer.status_code == 400
    assert "<h1>" in answer.text


@pytest.mark.parametrize(
    ("path", "heading"),
    [
        ("/report", "This form could not be taken"),
        ("/de/report", "Dieses Formular konnte nicht angenommen werden"),
    ],
)
def test_a_form_without_its_token_is_refused_in_words(path, heading):
    answer = Client(enforce_csrf_checks=True).post(path, {"text": "Wrong date."})
    page = BeautifulSoup(answer.text, "lxml")
    assert (answer.status_code, page.h1.text) == (403, heading)


def test_what_broke_is_told_without_asking_the_database(client, change):
    def broken(*_args, **_kwargs):
        raise DatabaseError("gone")

    client.raise_request_exception = False
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(CursorWrapper, "execute", broken)
        answer = client.get("/de/platforms/x?asof=2020-01-01")
    page = BeautifulSoup(answer.text, "lxml")
    assert answer.status_code == 500
    assert page.html["lang"] == "de"
    styles = [link["href"] for link in page.select('link[rel="stylesheet"]')]
    assert all(finders.find(href.removeprefix("/static/")) for href in styles)
