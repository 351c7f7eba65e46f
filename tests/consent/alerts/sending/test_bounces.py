"""What comes back to the return address is believed only as far as we signed it."""

import io
import mailbox as boxes
import sys

import pytest
from django.core.management import CommandError, call_command

from consent.alerts.subscriptions.lifecycle import ask_new_address, resume
from consent.alerts.subscriptions.tokens import return_address
from tests.consent.alerts.readers import links, make_reader, parts, publish

pytestmark = pytest.mark.django_db


def bounce(to, action="failed", status="5.1.1"):
    return f"""\
From: MAILER-DAEMON@mx.example
To: {to}
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

Sorry.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; reader@mail.example
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 no such user
--b--
""".encode()


def complaint(to):
    return f"""\
From: fbl@provider.example
To: {to}
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary="b"

--b
Content-Type: text/plain

Spam.
--b
Content-Type: message/feedback-report

Feedback-Type: abuse
User-Agent: Provider/1.0
Version: 1
--b--
""".encode()


def read(raw, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(raw)))
    printed = io.StringIO()
    call_command("process_bounces", stdout=printed)
    return printed.getvalue().strip()


def state(reader):
    reader.refresh_from_db()
    return reader.state


def test_a_permanent_bounce_stops_mail(monkeypatch):
    reader = make_reader()
    assert "permanent bounce" in read(bounce(return_address("a1", reader.pk)), monkeypatch)
    assert state(reader) == "bounced"


@pytest.mark.database
def test_the_fifth_transient_bounce_stops_mail_and_a_repeated_report_counts_once(monkeypatch):
    reader = make_reader()
    for number in (1, 2, 3, 4, 4, 4):
        read(bounce(return_address(f"a{number}", reader.pk), status="4.2.2"), monkeypatch)
    assert state(reader) == "active"
    read(bounce(return_address("a5", reader.pk), "delayed", "4.2.2"), monkeypatch)
    assert state(reader) == "bounced"


@pytest.mark.parametrize("status", ["5.7.1", "5.2.2", "5.3.4"])
def test_a_refusal_for_what_we_are_or_sent_is_no_permanent_one(monkeypatch, status):
    reader = make_reader()
    assert "transient" in read(bounce(return_address("a1", reader.pk), status=status), monkeypatch)
    assert state(reader) == "active"


def test_a_report_that_names_its_code_in_the_diagnosis_alone_counts_for_what_it_is(monkeypatch):
    reader = make_reader()
    report = bounce(return_address("a1", reader.pk), status="").replace(b"550 no", b"550 5.1.1 no")
    assert "permanent" in read(report, monkeypatch)
    assert reader.bounces.get().status == "5.1.1"


def test_who_asks_for_mail_again_begins_with_a_clean_slate(monkeypatch, clock):
    reader = make_reader()
    for number in range(5):
        read(bounce(return_address(f"a{number}", reader.pk), status="4.2.2"), monkeypatch)
    assert state(reader) == "bounced"
    clock.move(hours=1)
    resume(reader)
    read(bounce(return_address("a9", reader.pk), status="4.2.2"), monkeypatch)
    assert state(reader) == "active"


def test_what_comes_back_from_an_address_left_behind_stops_nothing(
    monkeypatch, clock, client, mailbox, deliver
):
    reader = make_reader("old@mail.example")
    publish()
    deliver(minutes=11)
    ask_new_address(reader, "new@mail.example")
    deliver()
    (link,) = [url for url in links(parts(mailbox.mails[1])[0]) if "/address/" in url]
    client.post(link.removeprefix("https://defaulton.example"))
    mailbox.refuse["old@mail.example"] = "550 5.1.1 no such user"  # the notice to it
    deliver()
    for sender, _to, _mail in mailbox.accepted:  # the alert to the old, the question to the new
        read(bounce(sender), monkeypatch)
    assert state(reader) == "active"
    del mailbox.refuse["old@mail.example"]
    publish()
    deliver(minutes=11)
    sender, to, _mail = mailbox.accepted[-1]
    assert to == "new@mail.example"
    read(bounce(sender), monkeypatch)
    assert state(reader) == "bounced"


def test_a_complaint_stops_mail_for_good(monkeypatch):
    reader = make_reader()
    assert "complaint" in read(complaint(return_address("d3", reader.pk)), monkeypatch)
    assert state(reader) == "complained"


def test_a_mail_to_the_unsubscribe_address_ends_all(monkeypatch):
    reader = make_reader()
    to = return_address("u0", reader.pk)
    read(f"From: me@mail.example\nTo: {to}\nSubject: unsubscribe\n\n".encode(), monkeypatch)
    assert state(reader) == "left"


def test_an_address_that_we_did_not_sign_changes_nothing(monkeypatch):
    reader = make_reader()
    forged = return_address("a1", reader.pk).replace("a1-", "a2-")
    assert "not about a mail of ours" in read(bounce(forged), monkeypatch)
    assert state(reader) == "active"


def test_a_maildir_is_read_and_what_was_understood_is_removed(tmp_path):
    reader = make_reader()
    box = boxes.Maildir(tmp_path / "mail")
    box.add(bounce(return_address("a1", reader.pk)))
    box.add(b"From: a@b.example\nTo: bounces@defaulton.example\n\nHello?")
    printed = io.StringIO()
    call_command("process_bounces", str(tmp_path / "mail"), "--delete", stdout=printed)
    assert state(reader) == "bounced"
    assert len(boxes.Maildir(tmp_path / "mail")) == 1


def test_a_mailbox_that_is_not_there_is_an_error(tmp_path):
    with pytest.raises(CommandError, match="no mailbox"):
        call_command("process_bounces", str(tmp_path / "nothing"))


def test_the_test_mail_arrives_and_says_from_where(mailbox):
    printed = io.StringIO()
    call_command("send_test_mail", "me@mail.example", stdout=printed)
    assert "Accepted for me@mail.example" in printed.getvalue()
    assert mailbox.subjects() == ["Test mail from Default On"]
    sender, _to, mail = mailbox.accepted[0]
    assert sender.startswith("bounces+t0-")
    assert "alerts@defaulton.example" in mail["From"]


def test_the_test_mail_says_what_is_wrong(mailbox, settings):
    mailbox.refuse["me@mail.example"] = "550 5.7.1 relaying denied"
    with pytest.raises(CommandError, match="refused the address: 550"):
        call_command("send_test_mail", "me@mail.example", stdout=io.StringIO())
    settings.EMAIL_PORT = 1
    with pytest.raises(CommandError, match="nothing listens"):
        call_command("send_test_mail", "me@mail.example", stdout=io.StringIO())
