"""A change of thousands of passages is drawn in parts; all of it can be reached without script."""

import gzip
import re
from urllib.parse import urlsplit

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import User
from django.urls import reverse

from consent.diffing.words import word_spans
from consent.public.timeline.page_diffs import compare_texts
from tests.factories import make_change, make_entry, make_page, make_platform, make_source

pytestmark = [pytest.mark.django_db, pytest.mark.few_cases]

VIEWS = ["changes", "inline", "side", "before", "after"]
#: UX.md: HTML of a first view, compressed.
MOST_BYTES = 40_000
SUBJECTS = ("posts", "chats", "files", "pictures", "searches", "contacts", "payments", "places")
PARTNERS = ("vendors", "partners", "banks", "courts", "agencies", "affiliates", "advertisers")


def texts(passages):
    """Two texts of paragraphs that all differ from each other; every third one changed."""
    paragraphs = [
        f"We share your {SUBJECTS[number % 8]} with {number} {PARTNERS[number % 7]} for reason "
        f"{number * 7919 % 100_003}, unless section {number * 104_729 % 99_991} says otherwise."
        for number in range(passages * 3)
    ]
    changed = [
        f"From today on: {paragraph}" if number % 3 == 1 else paragraph
        for number, paragraph in enumerate(paragraphs)
    ]
    return "\n\n".join(paragraphs), "\n\n".join(changed)


def published(passages):
    platform = make_platform("x")
    entry = make_entry(platform)
    change = make_change(make_page(platform), *texts(passages), entry=entry)
    make_source(entry, snapshot=change.after)
    return entry, change


def anchors(page):
    return [int(number) for number in re.findall(r'id="(?:change-\d+-)?passage-(\d+)"', page)]


def followed(client, address):
    """Open an address and what its "next part" leads to, as a reader without script does."""
    pages = []
    while address:
        assert len(pages) < 100
        pages.append(client.get(address).text)
        link = BeautifulSoup(pages[-1], "lxml").select_one('nav a[rel="next"][href*="part="]')
        path = urlsplit(address).path
        address = link and path + "?" + urlsplit(link["href"]).query
    return pages


@pytest.mark.parametrize("view", VIEWS)
def test_a_change_of_5700_passages_stays_under_the_bar_of_a_first_view(client, view):
    entry, _change = published(5_700)
    page = client.get(f"{entry.get_absolute_url()}?view={view}")
    assert len(gzip.compress(page.content)) <= MOST_BYTES


@pytest.mark.parametrize("view", ["changes", "inline", "side"])
def test_all_passages_are_reached_part_by_part_and_each_once(client, view):
    entry, _change = published(400)
    pages = followed(client, f"{entry.get_absolute_url()}?view={view}")
    assert len(pages) > 1
    assert [number for page in pages for number in anchors(page)] == list(range(1, 401))


@pytest.mark.parametrize(("view", "which"), [("before", 0), ("after", 1)])
def test_a_full_text_is_reached_part_by_part(client, view, which):
    entry, _change = published(400)
    pages = followed(client, f"{entry.get_absolute_url()}?view={view}")
    shown = [
        paragraph.text
        for page in pages
        for paragraph in BeautifulSoup(page, "lxml").select(".diff-part .diff-paragraph")
    ]
    assert shown == texts(400)[which].split("\n\n")


def test_the_way_to_the_next_passage_leads_into_the_next_part(client):
    entry, change = published(400)
    first = client.get(entry.get_absolute_url()).text
    last = anchors(first)[-1]
    way = BeautifulSoup(first, "lxml").select_one(
        f"#change-{change.pk}-passage-{last} .passage-way"
    )
    href = way.select("a")[-1]["href"]
    assert href.endswith(f"#change-{change.pk}-passage-{last + 1}")
    there = client.get(entry.get_absolute_url() + href).text
    assert anchors(there)[0] == last + 1
    back = BeautifulSoup(there, "lxml").select_one(".passage-way").select("a")[1]["href"]
    assert anchors(client.get(entry.get_absolute_url() + back).text)[-1] == last


@pytest.mark.parametrize("part", ["0", "-1", "99999999999", "²", "9999", "x", "1.1.1"])
def test_a_part_that_is_not_there_shows_one_that_is(client, part):
    entry, change = published(400)
    answer = client.get(entry.get_absolute_url(), {"part": f"{change.pk}.{part}"})
    assert answer.status_code == 200
    assert anchors(answer.text)


def test_a_short_change_has_no_parts_and_no_script(client):
    entry, _change = published(3)
    page = client.get(entry.get_absolute_url()).text
    assert "part=" not in page
    assert "htmx" not in page


@pytest.mark.parametrize("against", ["reviewed", "before"])
def test_the_desk_shows_a_long_change_part_by_part(client, against):
    client.force_login(User.objects.create_superuser("ada"))
    change = make_change(make_page(make_platform("x")), *texts(400))
    address = reverse("admin:consent_change_change", args=[change.pk])
    pages = followed(client, f"{address}?against={against}")
    assert len(pages) > 1
    assert [number for page in pages for number in anchors(page)] == list(range(1, 401))


@pytest.mark.parametrize("view", VIEWS)
def test_the_desk_opens_a_change_of_5700_passages_under_the_same_bar(client, view):
    client.force_login(User.objects.create_superuser("ada"))
    change = make_change(make_page(make_platform("x")), *texts(5_700))
    address = reverse("admin:consent_change_change", args=[change.pk])
    assert len(gzip.compress(client.get(f"{address}?view={view}").content)) <= MOST_BYTES


def test_a_part_is_drawn_without_comparing_the_words_of_the_others(client, monkeypatch):
    client.force_login(User.objects.create_superuser("ada"))
    change = make_change(make_page(make_platform("x")), *texts(5_700))
    compared = []

    def counted(before, after):
        compared.append(before)
        return word_spans(before, after)

    monkeypatch.setattr("consent.diffing.comparison.word_spans", counted)
    compare_texts.cache_clear()
    page = client.get(reverse("admin:consent_change_change", args=[change.pk])).text
    assert 0 < len(anchors(page)) < 200
    assert len(compared) == len(anchors(page))
    assert "of 58" in page
