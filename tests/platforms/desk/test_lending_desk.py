"""Lending a session in the admin: its cookies are entered once and never shown."""

import pytest
from cryptography.fernet import Fernet
from django.contrib.admin.models import LogEntry
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from platforms.models import LentSession, Page
from platforms.vocabulary import Access
from platforms.watch.lent_sessions import cookies_of

pytestmark = pytest.mark.django_db

SECRET = "5ecret-of-ada"
JAR = f"127.0.0.1\tFALSE\t/\tFALSE\t0\tsession\t{SECRET}\n"
ADD = "admin:platforms_lentsession_add"


@pytest.fixture(autouse=True)
def key(settings):
    settings.SESSION_KEYS = [Fernet.generate_key().decode()]


@pytest.fixture(autouse=True)
def behind_a_login(page):
    Page.objects.update(access=Access.ACCOUNT)


def lend(client, page, jar=JAR, **fields):
    upload = SimpleUploadedFile("cookies.txt", jar.encode())
    return client.post(
        reverse(ADD), {"platform": page.platform_id, "hosts": "", "jar": upload, **fields}
    )


@pytest.mark.database
def test_a_curator_lends_a_session_and_workers_can_use_it(curator, page):
    answer = lend(curator, page)
    assert answer.status_code == 302, answer.context["errors"]
    session = LentSession.objects.get()
    assert session.hosts == ["127.0.0.1"]
    assert session.lent_by.username.startswith("staff")
    assert cookies_of(session, now=timezone.now())[0].value == SECRET
    assert Page.objects.watched().get() == page


def test_no_page_of_the_desk_shows_a_lent_session(curator, page):
    lend(curator, page)
    session = LentSession.objects.get()
    for name, args in (("changelist", ()), ("change", (session.pk,)), ("history", (session.pk,))):
        shown = curator.get(reverse(f"admin:platforms_lentsession_{name}", args=args)).text
        assert "Chirp" in shown
        assert SECRET not in shown
        assert bytes(session.cookies).decode() not in shown
    assert SECRET not in str(list(LogEntry.objects.values()))


def test_a_refused_jar_is_not_shown_again(curator, page):
    answer = lend(curator, page, f"session={SECRET}")
    assert "Line 1 is not of a cookies.txt" in answer.text
    assert SECRET not in answer.text
    assert not LentSession.objects.exists()


def test_without_a_key_the_desk_says_which_setting_is_missing(curator, page, settings):
    settings.SESSION_KEYS = []
    assert "SESSION_KEYS is not set" in lend(curator, page).text


def test_hosts_can_be_named(curator, page):
    jar = f"accounts.chirp.example\tFALSE\t/\tTRUE\t0\tsession\t{SECRET}\n"
    lend(curator, page, jar, hosts="Chirp.example accounts.chirp.example")
    assert LentSession.objects.get().hosts == ["chirp.example", "accounts.chirp.example"]


def test_a_session_is_withdrawn_and_erased(curator, page):
    lend(curator, page)
    session = LentSession.objects.get()
    curator.post(
        reverse("admin:platforms_lentsession_changelist"),
        {"action": "withdraw_sessions", "_selected_action": [session.pk]},
    )
    session.refresh_from_db()
    assert session.withdrawn_at is not None
    assert bytes(session.cookies) == b""


def test_lending_needs_the_right_to_it(onlooker, page):
    assert lend(onlooker, page).status_code == 403
    assert not LentSession.objects.exists()
