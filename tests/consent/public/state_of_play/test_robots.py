"""The section on robots.txt: what a platform lets the crawlers of others do."""

import pytest
from django.utils import timezone

from platforms.extraction import EXTRACTOR_VERSION
from platforms.fetching.ai_crawlers import known_crawlers
from platforms.models import Document, Snapshot
from tests.factories import make_page, make_platform

pytestmark = pytest.mark.django_db


def section(client, address="/platforms/chirp"):
    page = client.get(address).content.decode()
    return page[page.index('id="robots"') : page.index('id="pages"')]


@pytest.fixture
def page():
    platform = make_platform("chirp", name="Chirp")
    return make_page(platform, kind="robots", url="https://chirp.example/robots.txt")


def read(page, text, content_type="text/plain"):
    now = timezone.now()
    snapshot = Snapshot.objects.create(
        page=page,
        sha256="0" * 64,
        size=len(text),
        content_type=content_type,
        final_url=page.url,
        first_seen_at=now,
        last_seen_at=now,
    )
    Document.objects.create(
        snapshot=snapshot, extractor_version=EXTRACTOR_VERSION, rules="", text=text, digest="1"
    )


def test_it_says_what_the_file_says_and_that_this_is_about_others(client, page):
    read(
        page,
        "User-agent: *\nContent-Signal: ai-train=no\nDisallow: /private\n\n"
        "User-agent: GPTBot\nDisallow: /",
    )

    shown = section(client)
    assert "What Chirp lets the crawlers of others do" in shown
    assert "What the platform itself does with your data is above." in shown
    assert "AI training: no (Content-Signal: ai-train=no)" in shown
    row = shown[shown.index(">GPTBot<") :]
    assert row.index("OpenAI") < row.index("<td>AI training</td>") < row.index("<td>no</td>")
    assert "ClaudeBot (parts of it)" in shown
    assert "YouBot" not in shown  # of many crawlers that a file does not name, the best known
    assert f"and {len(known_crawlers()) - 1 - 18} more" in shown


def test_it_is_in_german_too(client, page):
    read(page, "User-agent: GPTBot\nDisallow: /")

    assert "Was Chirp den Crawlern anderer erlaubt" in section(client, "/de/platforms/chirp")


@pytest.mark.parametrize("content_type", [None, "text/html; charset=utf-8"])
def test_nothing_is_shown_of_a_file_that_was_never_read_but_that(client, page, content_type):
    if content_type:
        read(page, "User-agent: GPTBot\nDisallow: /", content_type)

    shown = section(client)
    assert "We have not read a robots.txt there yet." in shown
    assert "GPTBot" not in shown


def test_a_platform_without_such_a_page_has_no_section(client):
    make_platform("duck")

    assert 'id="robots"' not in client.get("/platforms/duck").content.decode()
