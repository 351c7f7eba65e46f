"""Every mail: two parts with the same links, the headers it should have, a short subject."""

import datetime as dt
import re

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from consent.alerts.fan_out.digests import make_digests
from consent.alerts.mails import emails
from consent.alerts.mails.previews import previews
from consent.alerts.mails.stories import load_stories
from consent.curation.revisions import postpone
from consent.ledger.turns import Turning, turned
from consent.models import Entry, Passage
from consent.vocabulary import ON_REQUEST
from consent.web.date_words import format_date
from tests.consent.alerts.readers import make_reader, parts, publish
from tests.factories import (
    make_change,
    make_entry,
    make_page,
    make_platform,
    make_source,
    make_state,
    make_use,
)

pytestmark = pytest.mark.django_db


def http_links(text):
    return set(re.findall(r"https?://[^\s<>\"')\]]+", text))


@pytest.fixture
def mails(clock):
    return previews()


def test_all_fourteen_are_there(mails):
    assert len(mails) >= 14


def test_text_and_html_have_the_same_links(mails):
    for name, mail in mails.items():
        shown = {link for link in http_links(mail.html) if "w3.org" not in link}
        assert http_links(mail.text) == shown, name


def test_without_a_mail_address_readers_are_led_to_the_form(clock, settings):
    settings.CONTACT_EMAIL = "curators@localhost"  # as where it is not set
    for name, mail in previews().items():
        for part in (mail.text, mail.html):
            assert "curators@localhost" not in part, name
            assert "https://defaulton.example/report" in part, name


def test_subjects_are_short_and_on_one_line(mails):
    for name, mail in mails.items():
        # A title is never cut: its last words often say for whom it holds.
        longest = 100 if name in ("alert-coming", "letter-revised") else 70
        assert 0 < len(mail.subject) <= longest, name
        assert "\n" not in mail.subject


def test_mails_are_small_without_images_and_scripts(mails):
    for name, mail in mails.items():
        assert len(mail.html) < 60_000, name
        assert not re.search(r"<(img|script|link|iframe)\b", mail.html), name
        assert '<html lang="en"' in mail.html, name
        tables = re.findall(r"<table\b[^>]*>", mail.html)
        assert tables
        assert all('role="presentation"' in table for table in tables), name


def test_mails_ask_nothing_of_outlook_that_it_cannot_draw(mails):
    """Word draws mails in Outlook for Windows: tables, colours by attribute, no box model."""
    for name, mail in mails.items():
        drawn = re.sub(r"<!--.*?-->", "", mail.html, flags=re.DOTALL)
        css = " ".join([*re.findall(r"<style>(.*?)</style>", drawn, re.DOTALL), drawn])
        assert not re.search(r"(display:\s*(flex|grid)|position:|float:|url\(|var\()", css), name
        assert re.search(r"<!--\[if mso\]><table [^>]*width=\"600\"", mail.html), name
        assert mail.html.count("<!--[if mso]>") == mail.html.count("<![endif]-->"), name
        for cell in re.findall(r'<td class="(?:card|removed|added|button)"[^>]*>', drawn):
            assert "bgcolor=" in cell, (name, cell)
        for button in re.findall(r'<td class="button"[^>]*><a [^>]*>', drawn):
            assert "mso-padding-alt:" in button, name  # Word ignores the padding of a link
            assert re.search(r'<a [^>]*style="[^"]*color:#fbfaf6', button), (
                name
            )  # and so may others


def test_subscription_mails_carry_the_list_headers_and_mails_on_request_none(mails):
    on_request = {f"letter-{kind}" for kind in ON_REQUEST}
    for name, mail in mails.items():
        if name in on_request:
            assert not [header for header in mail.headers if header.startswith("List-")], name
            assert "hello@" in mail.sender
            continue
        assert "alerts@" in mail.sender
        https, mailto = mail.headers["List-Unsubscribe"].split(", ")
        assert https.startswith("<https://defaulton.example/u/")
        assert len(https) - 2 < 70
        assert mailto.startswith("<mailto:bounces+u0-")
        assert mail.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert mail.headers["List-Id"] == "Default On alerts <alerts.defaulton.example>"
        assert mail.headers["Auto-Submitted"] == "auto-generated"
        for header in ("List-Help", "List-Archive", "Message-ID"):
            assert mail.headers[header], name
        assert "Why you get this" in mail.text
        assert https.strip("<>") in mail.text


def test_captured_text_cannot_become_markup_or_another_line(mails):
    mail = mails["alert-change"]
    assert "<b>hostile</b>" not in mail.html
    assert "&lt;b&gt;hostile&lt;/b&gt;" in mail.html
    assert "<b>hostile</b>" in mail.text


def test_what_is_still_to_come_is_not_told_as_if_it_were_so_now(clock, mailbox, deliver):
    chirp = make_platform("chirp", name="Chirp")
    make_reader()
    make_reader(frequency="daily")
    entry = publish(chirp, effective_on=dt.date(2027, 1, 1))
    make_state(make_use(chirp), starts_on=dt.date(2027, 1, 1), opened_by=entry)
    deliver(minutes=11)
    clock.move(days=1)
    make_digests()
    deliver()
    assert len(mailbox.mails) == 2
    for mail in mailbox.mails:
        for part in parts(mail):
            assert "from then on" in part
            assert " now:" not in part
            assert ", now" not in part


def test_a_digest_lists_as_many_changes_as_its_subject_says(clock, mailbox, deliver, monkeypatch):
    monkeypatch.setattr(emails, "MOST_IN_DIGEST", 5)
    chirp = make_platform("chirp", name="Chirp")
    make_reader(frequency="weekly")
    for number in range(5 + 3):
        entry = publish(
            chirp, key=f"chirp-{number}", direction="less-control", effects=["announced"]
        )
        if number % 2:
            make_state(make_use(chirp), starts_on=entry.effective_on, opened_by=entry)
    clock.move(days=8)
    make_digests()
    deliver()
    [mail] = mailbox.mails
    changes, turning_on = re.findall(r"\d+", mail["Subject"])[:2]
    entries = Entry.objects.published()
    assert int(changes) == entries.count()
    assert int(turning_on) == turned(entries, Turning.ON).count() == 4
    for part in parts(mail):
        assert "And 3 more" in part
        links = {link for link in http_links(part) if "/c/" in link or "/changes/" in link}
        assert len(links) == int(changes)
        assert not [link for link in http_links(part) if link.endswith("/timeline")]


@pytest.mark.parametrize("frequency", ["daily", "weekly"])
def test_a_digest_begins_with_the_days_by_which_to_refuse(clock, mailbox, deliver, frequency):
    make_reader(frequency=frequency)
    sent_on = timezone.localdate() + dt.timedelta(days=8)
    for name, days in (("Late", 20), ("Soon", 2), ("Last", 0), ("Missed", -1), ("Never", None)):
        deadline = None if days is None else sent_on + dt.timedelta(days=days)
        publish(title=f"{name} trains on posts", deadline_on=deadline)
    clock.move(days=8)
    make_digests()
    deliver()
    [mail] = mailbox.mails
    for part in parts(mail):
        head = re.sub(r"<[^>]+>", "", part.partition("<body")[2] or part).split("What changed")[0]
        lines = re.findall(r"Refuse by .*? trains on posts", head)
        assert [line.partition(" (")[2] for line in lines] == [
            "today is the last day): Last trains on posts",
            "2 days left): Soon trains on posts",
            "20 days left): Late trains on posts",
        ]
        assert lines[0].startswith(f"Refuse by {format_date(sent_on)} ")


def test_a_reminder_begins_with_the_day_and_its_button_is_the_guide(mails):
    mail = mails["letter-reminder"]
    day = format_date(timezone.localdate() + dt.timedelta(days=7))
    assert mail.text.startswith(f"Refuse by {day} (7 days left): Chirp uses public posts")
    buttons = re.findall(r'<td class="button"[^>]*><a href="([^"]+)"[^>]*>([^<]+)', mail.html)
    assert [(url.split("/")[-2], label) for url, label in buttons] == [
        ("guides", "The steps to refuse")
    ]


def test_a_subject_about_what_is_coming_begins_with_the_day(mails, clock):
    title = "Chirp uses public posts to train Perch unless people opt out"
    assert re.fullmatch(rf"Coming \d+ \w+ \d{{4}}: {title}", mails["alert-coming"].subject)


def test_a_moved_date_is_told_with_the_day_it_was_and_the_day_it_is(clock, mailbox, deliver):
    make_reader()
    entry = publish(make_platform("chirp", name="Chirp"), effective_on=dt.date(2026, 12, 1))
    deliver(minutes=11)
    editor = User.objects.get(username="ada")
    postpone(entry, to=dt.date(2027, 3, 1), reason="They need more time.", editor=editor)
    deliver(minutes=11)
    assert mailbox.subjects()[1] == f"Postponed to 1 Mar 2027: {entry.title}"
    for part in parts(mailbox.mails[1]):
        assert "1 December 2026" in part
        assert "1 March 2027" in part


def test_the_notice_to_an_old_address_does_not_say_to_do_nothing():
    notice = previews()["letter-address-changed"]
    for part in (notice.text, notice.html):
        assert "write to us" in part
        assert "do nothing" not in part


@pytest.mark.parametrize("sign", ["\x00", "\x1b[2J", "\u202e", "\r\nBcc: all", "\u2066"])
def test_signs_that_steer_a_terminal_or_turn_text_around_are_gone_from_captured_words(sign):
    entry = make_entry(make_platform())
    words = f"We train{sign} on posts."
    Passage.objects.create(source=make_source(entry), position=0, sha256="0" * 64, words=words)
    [quote] = load_stories([entry.pk])[entry.pk].quotes
    assert not re.search(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", quote.added)
    assert quote.added.startswith("We train")


def test_a_mail_quotes_the_words_that_the_entry_rests_on_and_not_what_changed_first():
    page = make_page(make_platform())
    said = "We keep chats for a year. " * 20
    words = "Statistics train no models."
    before = "Effective: May 1\n\nTerms\n\nEffective: May 1\n\nWe make statistics.\n\nOther words."
    after = f"Effective: June 1\n\nTerms\n\nEffective: June 1\n\n{said}{words}\n\nOther words."
    entry = make_entry(page.platform)
    make_change(page, before, after, entry=entry)
    Passage.objects.create(source=make_source(entry), position=0, sha256="0" * 64, words=words)
    [quote] = load_stories([entry.pk])[entry.pk].quotes
    assert quote.added == words
    assert quote.removed == "We make statistics."


def test_a_mail_says_once_what_changed_twice_in_the_same_way():
    page = make_page(make_platform())
    texts = [f"Effective: {day}\n\nOur terms\n\nEffective: {day}" for day in ("May 1", "June 1")]
    entry = make_entry(page.platform)
    make_change(page, *texts, entry=entry)
    [quote] = load_stories([entry.pk])[entry.pk].quotes
    assert (quote.removed, quote.added) == ("Effective: May 1", "Effective: June 1")
