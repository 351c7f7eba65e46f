"""A person is invited with one form, chooses a password by the mailed link, and logs in."""

import re

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from consent.desk.roles import ADMINISTRATOR, EDITOR
from tests.pages import fields_of, press

pytestmark = pytest.mark.django_db

PASSWORD = "a right good password"


def invite(client, **typed):
    page = client.get(reverse("admin:auth_user_invite"))
    given = {"username": "grace", "email": "grace@team.example", "role": EDITOR} | typed
    return press(client, page, "invite", **given)


@pytest.fixture
def administrator(client, person):
    user = person(ADMINISTRATOR, name="root-not")
    client.force_login(user)
    return user


def test_an_invited_person_chooses_a_password_and_has_the_role(client, administrator, mailoutbox):
    assert reverse("admin:auth_user_invite") in client.get("/admin/auth/user/").text
    assert "Invited: grace" in invite(client).text
    grace = User.objects.get(username="grace")
    assert grace.is_staff
    assert not grace.has_usable_password()
    assert [group.name for group in grace.groups.all()] == [EDITOR]
    [mail] = mailoutbox
    assert mail.to == ["grace@team.example"]
    link = re.search(r"https?://[^/]+(/admin/join/\S+)", mail.body)[1]
    stranger = Client()
    page = stranger.get(link, follow=True)
    place = page.redirect_chain[-1][0]
    typed = fields_of(page, "[name=new_password1]")
    typed |= {"new_password1": PASSWORD, "new_password2": PASSWORD}
    assert stranger.post(place, typed)["Location"] == reverse("admin:login")
    grace.refresh_from_db()
    assert grace.check_password(PASSWORD)
    used = Client().get(link, follow=True)
    assert "new_password1" not in used.text


def test_an_address_is_invited_once(client, administrator, mailoutbox):
    invite(client)
    refused = invite(client, username="hopper", email="Grace@team.example")
    assert "has this address already" in refused.text
    assert len(mailoutbox) == 1


def test_without_mail_there_is_no_account(client, administrator, settings):
    settings.EMAIL_BACKEND = "consent.alerts.sending.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    assert "no account was made" in invite(client).text
    assert not User.objects.filter(username="grace").exists()


def test_an_editor_invites_nobody(client, editor):
    assert client.get(reverse("admin:auth_user_invite")).status_code == 403
    assert client.post(reverse("admin:auth_user_invite"), {"username": "eve"}).status_code == 403
