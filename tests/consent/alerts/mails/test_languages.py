"""Who signs up on a German page is written to in German; links of a mail keep its language."""

import re

import pytest
from django.utils import translation

from config import translations
from consent.alerts.mails.previews import previews
from consent.alerts.subscriptions import tokens
from consent.models import Subscriber
from tests.consent.alerts.readers import links, make_reader, parts, publish
from tests.consent.alerts.subscriptions.test_journey import filled
from tests.factories import make_platform

pytestmark = pytest.mark.django_db

SITE = "https://defaulton.example"


def our_links(text):
    return {link for link in links(text) if link.startswith(SITE) and link != SITE}


def test_from_a_german_page_to_a_german_alert(client, clock, mailbox, deliver):
    page = client.get("/de/subscribe").text
    clock.move(seconds=10)
    client.post("/de/subscribe", filled(page, address="ada@mail.example", what="everything"))
    deliver()
    (confirmation,) = mailbox.mails
    text, html = parts(confirmation)
    assert confirmation["Subject"] == "Benachrichtigungen bestätigen: noch ein Schritt"
    assert '<html lang="de"' in html
    (link,) = our_links(text)
    assert link.startswith(f"{SITE}/de/confirm/")

    manage = client.post(link.removeprefix(SITE), follow=True)
    assert '<html lang="de">' in manage.text
    assert Subscriber.objects.get().language == "de"
    deliver()
    assert mailbox.subjects()[1].startswith("Eingerichtet: jede Änderung")

    publish(make_platform("chirp", name="Chirp"), title="Chirp trains on posts")
    deliver(minutes=11)
    text, html = parts(mailbox.mails[-1])
    assert "Was Sie tun können" in text
    assert '<h1><span lang="en">Chirp trains on posts</span></h1>' in html
    assert our_links(text)
    assert all(link.startswith(f"{SITE}/de/") for link in our_links(text))


def test_a_mail_tells_a_change_in_the_language_of_its_reader(
    clock, mailbox, deliver, settings, tmp_path
):
    settings.CATALOG_DIR = tmp_path
    words = (
        '[chirp]\n"Chirp trains on posts" = "Chirp trainiert mit Beiträgen"\n'
        '"All posts count." = "Alle Beiträge zählen."\n'
    )
    (tmp_path / "_words.de.toml").write_text(words)
    make_reader("ada@mail.example", language="de")
    chirp = make_platform("chirp", name="Chirp")
    entry = publish(
        chirp,
        title="Chirp trains on posts",
        summary="All posts count.",
        effects=["came-to-light"],
    )
    deliver(minutes=11)
    (mail,) = mailbox.mails
    for part in (mail["Subject"], *parts(mail)):
        assert "Chirp trainiert mit Beiträgen" in part
        assert entry.title not in part
    for part in parts(mail):
        assert "Alle Beiträge zählen." in part


def test_readers_of_two_languages_are_told_of_one_change_each_in_theirs(clock, mailbox, deliver):
    for number, language in enumerate(("en", "de", "en", "de", "xx")):
        make_reader(f"r{number}@mail.example", language=language)
    publish(make_platform("chirp", name="Chirp"), title="Chirp trains on posts")
    assert deliver(minutes=11).sent == 5
    told = {mail["To"]: parts(mail)[0] for mail in mailbox.mails}
    for number, words in enumerate(
        ("What you can do", "Was Sie tun können") * 2 + ("What you can do",)
    ):
        assert words in told[f"r{number}@mail.example"]
    assert translation.get_language() == "en"


def test_a_link_asked_for_on_a_german_page_comes_in_german(client, clock, mailbox, deliver):
    make_reader("ada@mail.example")
    client.post("/de/alerts", {"address": "ada@mail.example"})
    deliver()
    assert mailbox.subjects() == ["Ihr Link zum Ändern der Benachrichtigungen"]
    (link,) = our_links(parts(mailbox.mails[0])[0])
    assert link.startswith(f"{SITE}/de/alerts/")


def test_a_reader_may_change_the_language_of_their_mails(client, clock):
    reader = make_reader("ada@mail.example")
    path = f"/alerts/{tokens.manage_text(reader)}"
    client.post(path, {"act": "way", "time_zone": "Europe/Berlin", "language": "de"})
    reader.refresh_from_db()
    assert (reader.time_zone, reader.language) == ("Europe/Berlin", "de")


@pytest.mark.parametrize("language", translations.languages())
def test_every_mail_is_in_the_language_of_its_reader(clock, language):
    with translation.override(language):
        mails = previews()
    english = previews()
    for name, mail in mails.items():
        assert f'<html lang="{language}"' in mail.html, name
        assert mail.subject, name
        if name not in ("alert-change", "alert-postponed"):  # the titles of samples are English
            assert mail.subject != english[name].subject, name
        assert not re.search(r"Why you get this|What you can do|now:|before:", mail.text), name
        shown = {link for link in our_links(mail.html) if "w3.org" not in link}
        assert our_links(mail.text) == shown, name
