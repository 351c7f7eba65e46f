"""A new SECRET_KEY, with the former one in SECRET_KEY_FALLBACKS: curators notice nothing."""

import re
import secrets

import pytest
from django.contrib.auth.models import User
from django.test import Client

from consent.desk import login_limits, two_factors
from consent.desk.roles import ADMINISTRATOR
from consent.desk.work_mail import send_work_mails
from consent.models import WorkMail
from tests.consent.desk.test_invitations import invite
from tests.consent.desk.test_login import (
    CODE,
    DESK,
    ada,
    backup_codes,
    clock,
    give_password,
)
from tests.consent.desk.test_work_mail import choose, relevant

__all__ = ["ada", "backup_codes", "clock"]  # fixtures

pytestmark = pytest.mark.django_db


@pytest.fixture
def rotate(settings):
    def rotate():
        settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
        settings.SECRET_KEY = secrets.token_urlsafe(60)

    return rotate


def test_a_session_lives_on(client, ada, rotate):
    give_password(client)
    assert client.get(DESK).status_code == 200
    rotate()
    assert client.get(DESK).status_code == 200


def test_backup_codes_live_on_and_each_is_used_up(client, ada, backup_codes, rotate, clock):
    rotate()
    for right in (True, False):
        browser = Client()
        give_password(browser)
        browser.post(CODE, {"code": backup_codes[0]})
        assert (browser.get(DESK).status_code == 200) is right
        clock.shift(3600)
    assert two_factors.backup_codes_left(ada) == two_factors.BACKUP_CODES - 1


def test_a_known_browser_stays_known(client, ada, rotate, rf):
    give_password(client)
    request = rf.get("/")
    request.COOKIES = {name: cookie.value for name, cookie in client.cookies.items()}
    assert login_limits._is_known(request, "ada")
    rotate()
    assert login_limits._is_known(request, "ada")


def test_an_invitation_lives_on(client, person, mailoutbox, rotate):
    client.force_login(person(ADMINISTRATOR, name="root-not"))
    invite(client)
    link = re.search(r"https?://[^/]+(/admin/join/\S+)", mailoutbox[0].body)[1]
    rotate()
    assert "new_password1" in Client().get(link, follow=True).text
    assert User.objects.filter(username="grace").exists()


def test_mail_about_work_can_still_be_stopped(client, editor, mailoutbox, rotate, clock):
    editor.email = "ada@team.example"
    editor.save()
    client.force_login(editor)
    choose(client, frequency="at-once")
    clock.shift(60)
    relevant()
    clock.shift(60)
    assert send_work_mails() == 1
    link = re.search(r"<https?://[^/]+([^>]+)>", mailoutbox[0].extra_headers["List-Unsubscribe"])[1]
    rotate()
    assert Client().post(link).status_code == 200
    assert WorkMail.objects.get().frequency == "never"
