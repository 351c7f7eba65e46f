"""Every page in English at its address, in others under /de/ and /fr/; programs read one."""

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import LocalePrefixPattern

from tests.consent.public.site.sitemaps import sitemap_urls
from tests.factories import make_entry, make_platform

pytestmark = pytest.mark.django_db


def names_of(patterns):
    for each in patterns:
        if isinstance(each, URLResolver):
            yield from names_of(each.url_patterns)
        elif isinstance(each, URLPattern):
            yield str(each.pattern)


def test_the_address_alone_decides_the_language(client):
    for headers in ({}, {"accept-language": "de"}, {"accept-language": "fr"}):
        english = client.get("/timeline", headers=headers)
        german = client.get("/de/timeline", headers=headers)
        assert '<html lang="en">' in english.text
        assert '<html lang="de">' in german.text
        assert (english["Content-Language"], german["Content-Language"]) == ("en", "de")
        for response in (english, german):
            assert "Accept-Language" not in response.get("Vary", "")
            assert not response.cookies


def test_a_cookie_changes_no_language():
    client = Client()
    client.cookies["django_language"] = "de"
    assert '<html lang="en">' in client.get("/about").text


def test_english_has_no_prefix_and_other_languages_do_not_exist(client):
    assert client.get("/en/timeline").status_code == 404
    assert client.get("/it/timeline").status_code == 404
    assert client.get("/de-at/timeline").status_code == 404
    assert client.get("/de").headers["Location"] == "/de/"


def test_what_leads_nowhere_is_said_in_the_language_of_the_address(client):
    response = client.get("/de/nirgends")
    assert response.status_code == 404
    assert '<html lang="de">' in response.text
    assert 'hreflang="' not in response.text
    unknown = client.get("/de/platforms/unknown")
    assert unknown.status_code == 404
    assert "<link rel=" in unknown.text
    assert '<link rel="alternate" hreflang="' not in unknown.text


def test_a_fault_of_ours_is_told_in_the_language_of_the_address(client, monkeypatch):
    from consent.public.site import views

    monkeypatch.setattr(views, "methodology_html", lambda: 1 / 0)
    client.raise_request_exception = False
    response = client.get("/de/methodology")
    assert response.status_code == 500
    assert '<html lang="de">' in response.text
    assert "Hier ist etwas schiefgegangen" in response.text
    assert 'href="/de/"' in response.text


def test_a_page_names_itself_in_every_language(client, settings):
    make_platform("x", name="X")
    for path in ("/platforms/x?asof=2024-06-01", "/de/platforms/x?asof=2024-06-01"):
        text = client.get(path).text
        for language, address in (
            ("en", "/platforms/x"),
            ("x-default", "/platforms/x"),
            ("de", "/de/platforms/x"),
            ("fr", "/fr/platforms/x"),
        ):
            assert (
                f'<link rel="alternate" hreflang="{language}" href="{settings.SITE_URL}{address}">'
                in text
            )
        canonical = path.partition("?")[0]
        assert f'<link rel="canonical" href="{settings.SITE_URL}{canonical}">' in text


def test_a_link_leads_to_the_same_view_in_the_other_language(client):
    text = client.get("/timeline?direction=neutral&guide=on").text
    assert (
        '<a href="/de/timeline?direction=neutral&amp;guide=on" lang="de" hreflang="de">Deutsch</a>'
    ) in text
    text = client.get("/de/timeline?direction=neutral&guide=on").text
    assert (
        '<a href="/timeline?direction=neutral&amp;guide=on" lang="en" hreflang="en">English</a>'
    ) in text


def test_the_answer_to_a_form_offers_no_link_that_would_lose_it(client):
    response = client.post("/de/subscribe/start", {"address": "reader@example.org"})
    assert '<html lang="de">' in response.text
    assert 'hreflang="' not in response.text


def test_an_old_address_of_a_change_leads_on_within_its_language(client):
    entry = make_entry(make_platform())
    response = client.get(f"/de/changes/{entry.public_id}-cut")
    assert response["Location"] == f"/de/changes/{entry.public_id}-{entry.slug}"
    response = client.get(f"/de/changes/{entry.public_id}")
    assert response["Location"] == f"/de/changes/{entry.public_id}-{entry.slug}"


def test_the_sitemap_names_every_page_in_every_language_with_its_counterparts(client, settings):
    make_platform("x", name="X")
    site = settings.SITE_URL
    counterparts = {
        url.findtext("{*}loc"): {
            link.get("hreflang"): link.get("href")
            for link in url.iter("{http://www.w3.org/1999/xhtml}link")
        }
        for url in sitemap_urls(client)
    }
    every = {"en": f"{site}/platforms/x"} | {
        language: f"{site}/{language}/platforms/x" for language in ("de", "fr")
    }
    for address in every.values():
        assert counterparts[address] == every


def test_programs_find_files_at_one_address_only():
    """A file belongs among `files` of its urls module, a page among `urlpatterns`.

    But for pictures, on which there are words.
    """
    (pages,) = (
        each
        for each in get_resolver().url_patterns
        if isinstance(each.pattern, LocalePrefixPattern)
    )
    files = [name for name in names_of(pages.url_patterns) if "." in name]
    assert [name for name in files if not name.startswith(("share/", "wall."))] == []


def test_what_programs_read_stays_english_whatever_the_reader_saw_before(client):
    make_entry(make_platform(), effects=["default-on"])
    before = client.get("/feeds/timeline.atom").content
    client.get("/de/timeline")
    assert client.get("/feeds/timeline.atom").content == before
    assert b"turned on by default" in before
