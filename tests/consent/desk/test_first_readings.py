"""After the first visits one screen says what was read, what was not, and what looks wrong."""

import pytest
from bs4 import BeautifulSoup
from django.core.management import call_command
from django.urls import reverse

from consent.desk.first_readings import first_readings
from platforms.models import Page, PageRuling
from tests.arranging import arranged
from tests.factories import make_page, make_platform, make_use
from tests.practice.watched import Clock, visit, watcher

pytestmark = pytest.mark.django_db

TRAINING = "We train our models on your posts unless you turn this off in your settings. "
OTHER = "Our shop sells bicycles in many colours, and repairs them on Mondays. "


def read(site, text, *, path="/page", status=200, lang="en", **fields):
    """A page that workers have visited once on a real server."""
    body = f"<html lang={lang}><title>About</title><body><main><p>{text}</p></main></body></html>"
    site.answers[path] = lambda _: (status, {"Content-Type": "text/html"}, body.encode())
    page = make_page(make_platform(), url=f"{site.url}{path}", **fields)
    clock = Clock()
    visit(watcher(site, clock), page, clock)
    return Page.objects.get(pk=page.pk)


@arranged()
def rest_on(page, use):
    use.pages.add(page)


def doubts_about(page):
    found = first_readings()
    (reading,) = [each for each in (*found.to_check, *found.sound) if each.page == page]
    return list(reading.doubts)


def test_a_page_read_as_expected_is_sound(site):
    page = read(site, TRAINING * 20)
    rest_on(page, make_use(page.platform))
    found = first_readings()
    assert [each.page for each in found.sound] == [page]
    assert (found.to_check, found.untried) == ([], [])


@pytest.mark.parametrize(
    ("text", "fields", "doubt"),
    [
        (TRAINING * 20, {"select": ["main", ".faq"]}, "nothing matches .faq"),
        (TRAINING, {}, "only 15 words"),
        (TRAINING * 20, {"lang": "fr"}, "in fr, expected en"),
    ],
    ids=["part not found", "short", "language"],
)
def test_what_may_be_wrong_with_a_reading_is_said(site, text, fields, doubt):
    assert doubt in doubts_about(read(site, text, **fields))


def test_a_page_that_does_not_say_what_rests_on_it_is_doubted(site):
    page = read(site, OTHER * 20)
    assert doubts_about(page) == []
    rest_on(page, make_use(page.platform, title="Posts train models"))
    assert doubts_about(page) == [
        "says nothing about training, though this rests on it: “Posts train models”"
    ]


def test_a_page_that_was_sent_on_elsewhere_is_doubted(site):
    site.answers["/old"] = lambda _: (302, {"Location": "/page"}, b"")
    page = read(site, TRAINING * 20)
    Page.objects.filter(pk=page.pk).update(url=f"{site.url}/old")
    page.refresh_from_db()
    assert doubts_about(page) == [f"sent on to {site.url}/page"]


def test_a_page_that_was_not_read_says_why_and_one_never_visited_waits(site):
    lost = read(site, TRAINING, status=404)
    new = make_page(make_platform())
    found = first_readings()
    (reading,) = found.to_check
    assert reading.page == lost
    assert not reading.is_read
    assert "404" in reading.why_not
    assert [each.page for each in found.untried] == [new]
    assert found.unread == 1


def test_a_curator_works_through_the_screen(site, editor, client):
    page = read(site, TRAINING, title="About training")
    screen = BeautifulSoup(client.get(reverse("admin:consent_change_readings")).text, "lxml")
    row = screen.select_one(f"#page-{page.pk}")
    assert "only 15 words" in row.get_text()
    for link in row.select("td a"):
        assert client.get(link["href"]).status_code == 200
    answer = client.post(row.form["action"], follow=True)
    assert "Found right" in answer.text
    screen = BeautifulSoup(answer.text, "lxml")
    assert screen.select_one(f"#page-{page.pk}") is None
    assert "0 to check" in screen.get_text()
    assert PageRuling.objects.get().act == "check"


def test_the_screen_is_there_while_the_cache_cannot_be_reached(site, editor, client, settings):
    page = read(site, TRAINING)
    rest_on(page, make_use(page.platform))
    settings.CACHES = settings.CACHES | {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "redis://127.0.0.1:1/0",  # nobody listens there
        }
    }
    assert client.get(reverse("admin:consent_change_readings")).status_code == 200


def test_what_was_never_read_cannot_be_found_right(site, editor, client):
    page = read(site, TRAINING, status=404)
    screen = BeautifulSoup(client.get(reverse("admin:consent_change_readings")).text, "lxml")
    assert screen.select_one(f"#page-{page.pk} form") is None
    client.post(reverse("admin:consent_page_right", args=[page.pk]))
    assert not PageRuling.objects.exists()


def test_the_command_says_the_same(site, capsys):
    page = read(site, TRAINING)
    call_command("first_readings")
    out = capsys.readouterr().out
    assert page.url in out
    assert "only 15 words" in out
    assert out.endswith(
        "1 to check (0 never read), 0 read without a doubt or found right, 0 not visited yet\n"
    )


def test_the_screen_asks_few_questions_for_many_pages(site, editor, client, monkeypatch):
    def queries():
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(connection) as asked:
            assert client.get(reverse("admin:consent_change_readings")).status_code == 200
        return len(asked)

    read(site, TRAINING, path="/1")
    few = queries()
    for number in range(2, 6):
        read(site, TRAINING, path=f"/{number}")
    assert queries() == few
