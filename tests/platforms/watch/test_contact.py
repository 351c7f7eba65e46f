"""Without CONTACT_EMAIL no page is visited, and commands, desk and readers see why."""

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from platforms import tasks
from platforms.models import Fetch

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(page, site, settings):
    settings.CONTACT_EMAIL = "curators@localhost"
    settings.FETCH_HOST_PAUSE = 0
    yield page
    assert site.requests == []


def test_no_page_is_queued(page, monkeypatch):
    monkeypatch.setattr(tasks.check_page, "apply_async", pytest.fail)
    assert tasks.check_due_pages() == 0


@pytest.mark.parametrize(
    "command", [["check_pages", "--all"], ["probe", "{url}"], ["import_wayback", "{url}"]]
)
def test_commands_say_what_is_missing(page, command):
    with pytest.raises(CommandError, match="CONTACT_EMAIL") as error:
        call_command(*(word.format(url=page.url) for word in command))
    assert error.value.returncode == 2
    assert not Fetch.objects.exists()


def test_a_probe_at_the_desk_says_what_is_missing(page, admin_client):
    path = reverse("admin:platforms_page_probe", args=[page.pk])
    answer = admin_client.post(path, follow=True)
    assert "CONTACT_EMAIL" in answer.content.decode()


def test_the_status_page_says_that_no_page_is_visited(page, client):
    assert "No page is visited yet" in client.get(reverse("status")).content.decode()


@pytest.mark.parametrize("language", ["", "/de", "/fr"])
def test_readers_get_no_note_for_whoever_runs_the_site(page, client, language):
    for path in ("/status", page.platform.get_absolute_url()):
        text = client.get(f"{language}{path}").text
        assert "CONTACT_EMAIL" not in text
        assert "whoever runs it" not in text


def test_the_desk_says_what_is_missing(page, admin_client):
    text = admin_client.get(reverse("admin:consent_change_changelist")).text
    assert "No page is visited: CONTACT_EMAIL is not set." in text


def test_the_status_page_says_nothing_if_pages_are_visited(client):
    assert "No page is visited yet" not in client.get(reverse("status")).content.decode()
