"""What stands beside a headline that says less than is asked: private accounts, agreement."""

import pytest
from bs4 import BeautifulSoup

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("whole_catalog")]


@pytest.mark.parametrize(
    ("prefix", "asked", "told"),
    [
        ("", "is my private Instagram account used for AI?", "posts or accounts that are private"),
        ("", "my account on X is protected, do they train on it", "posts of protected accounts"),
        ("", "TikTok private account AI", "Whether private accounts are left out is not on record"),
        (
            "/de",
            "Mein Instagram-Profil ist privat, trainiert Meta?",
            "Konten, die privat sind",
        ),
        ("/fr", "mon compte Instagram est privé, Meta l’utilise ?", "comptes privés"),
    ],
)
def test_whether_private_accounts_are_left_out_is_said_first(client, prefix, asked, told):
    page = BeautifulSoup(client.get(f"{prefix}/answers", {"q": asked}, follow=True).text, "lxml")
    line = page.select_one(".box-line")
    first = line.select_one(".box-first")
    assert told in " ".join(first.text.split())
    assert first.find_next(class_="box-answer")


def test_what_is_left_out_comes_first_only_where_private_accounts_are_named(client):
    page = BeautifulSoup(client.get("/answers", {"q": "Instagram"}).text, "lxml")
    assert not page.select_one(".box-line .box-first")


def test_where_it_is_set_is_shown_if_one_of_several_uses_needs_agreement(client):
    page = BeautifulSoup(client.get("/answers", {"q": "stop google reading my gmail"}).text, "lxml")
    button = page.select_one(".box-line a[href*='/guides/']")
    assert button["href"].startswith("/guides/gmail")
    assert "Where it is set" in button.text
