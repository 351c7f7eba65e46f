import datetime as dt
from urllib.parse import parse_qs

import pytest
from bs4 import BeautifulSoup
from django.utils import timezone

from tests.factories import (
    make_change,
    make_entry,
    make_guide,
    make_page,
    make_platform,
    make_setting,
)

pytestmark = pytest.mark.django_db


def days_ago(days):
    return timezone.localdate() - dt.timedelta(days=days)


def test_a_guide_gives_steps_in_order_setting_path_and_what_it_does_not_do(client):
    x = make_platform("x", name="X")
    setting = make_setting(x, label="Allow training", path="Settings › Privacy")
    guide = make_guide(x, setting, slug="x-off", deep_link="https://x.example/settings/training")
    text = client.get(guide.get_absolute_url()).text
    assert text.index("Open the settings.") < text.index("Clear the box.")
    for shown in (
        "Allow training",
        "<span>Privacy</span>",
        "Models already trained are not changed.",
        "Open the setting on x.example",
        "3 minutes",
    ):
        assert shown in text


@pytest.mark.parametrize("status", ["draft", "retracted"])
def test_only_published_guides_can_be_read(client, status):
    guide = make_guide(make_platform(), title="Unready", status=status)
    assert client.get(guide.get_absolute_url()).status_code == 404
    assert "Unready" not in client.get("/guides").text


@pytest.mark.parametrize(
    ("verified_on", "words"),
    [
        (None, "We have not walked through these steps ourselves yet."),
        (100, "These steps were verified more than 90 days ago."),
        (200, "Nobody has verified these steps for more than 180 days."),
    ],
)
def test_a_guide_says_how_old_it_is_before_its_steps(client, verified_on, words):
    verified = verified_on and days_ago(verified_on)
    guide = make_guide(make_platform(), verified_on=verified)
    text = client.get(guide.get_absolute_url()).text
    assert text.index(words) < text.index("Open the settings.")


def test_a_guide_verified_lately_carries_its_date_and_no_warning(client):
    guide = make_guide(make_platform(), verified_on=days_ago(10))
    text = client.get(guide.get_absolute_url()).text
    assert "Steps verified" in text
    assert 'role="note"' not in text


def test_a_changed_source_shows_at_once_and_links_the_published_change(client):
    platform = make_platform()
    entry = make_entry(platform, title="The switch moved")
    change = make_change(make_page(platform), "Old.", "New.", entry=entry)
    guide = make_guide(
        platform,
        verified_on=days_ago(1),
        source_changed_at=timezone.now(),
        source_change=change,
    )
    text = client.get(guide.get_absolute_url()).text
    assert "The page changed since we checked these steps." in text
    assert entry.get_absolute_url() in text


def test_a_changed_source_does_not_give_away_an_unpublished_change(client):
    platform = make_platform()
    draft = make_entry(platform, title="Not yet public", status="draft", published_at=None)
    change = make_change(make_page(platform), "Old.", "New.")
    change.entry = draft
    change.save()
    guide = make_guide(
        platform,
        verified_on=days_ago(1),
        source_changed_at=timezone.now(),
        source_change=change,
    )
    text = client.get(guide.get_absolute_url()).text
    assert "The page changed since we checked these steps." in text
    assert draft.get_absolute_url() not in text


def test_the_list_groups_guides_by_platform_in_few_questions(client, django_assert_max_num_queries):
    for slug in ("x", "slack"):
        platform = make_platform(slug)
        for _ in range(5):
            make_guide(platform)
    with django_assert_max_num_queries(5):
        groups = client.get("/guides").context["groups"]
    assert [(platform.slug, len(guides)) for platform, guides in groups] == [
        ("slack", 5),
        ("x", 5),
    ]


def test_who_cannot_find_the_setting_gets_a_letter_to_send(client):
    guide = make_guide(make_platform("x", name="X & Co.", operator="X Corp."))
    page = BeautifulSoup(client.get(guide.get_absolute_url()).text, "lxml")
    link = page.select_one('#cannot-find ~ ul a[href^="mailto:"]')["href"]
    said = {name: values[0] for name, values in parse_qs(link.partition("?")[2]).items()}
    assert said["subject"] == "Objection to the use of my data for AI training: X & Co."
    assert said["body"].startswith("To the people in charge of privacy at X Corp.\r\n\r\nI object")
    shown = page.select_one(".letter").get_text(" ", strip=True)
    assert shown == f"{said['subject']} {' '.join(said['body'].split())}"


def test_no_guide_that_nobody_walked_is_called_changed_since_we_checked(client):
    guide = make_guide(make_platform(), source_changed_at=timezone.now())
    for address in (guide.get_absolute_url(), "/guides", guide.platform.get_absolute_url()):
        text = client.get(address).text
        assert "changed since we checked" not in text, address
    text = client.get(guide.get_absolute_url()).text
    assert "We have not walked through these steps ourselves yet." in text
    assert "The page that they rest on changed" in text
