"""Anybody can send anything to the return address: each mail is read, none stops the others."""

import io
import mailbox as boxes

import pytest
from django.core.management import call_command
from hypothesis import HealthCheck, given
from hypothesis import settings as made_up_examples
from hypothesis import strategies as st

from consent.alerts.sending import bounces
from consent.alerts.sending.bounces import process
from consent.alerts.subscriptions.tokens import return_address
from tests.consent.alerts.readers import make_reader
from tests.consent.alerts.sending.test_bounces import bounce, state

pytestmark = pytest.mark.django_db

#: Each made the strict parser of the standard library fail, or could have.
ODD_VALUES = [
    b"<",
    b"<>",
    b"@",
    b",;:",
    b'"',
    b"(((((",
    b"a: <",
    b"=?",
    b"=?utf-8?b?=?=",
    b"=?nonsense?q?=ff?=",
    b"\xff\xfe\x00",
    b"[",
    b"x@[",
    b"*0*=utf-8''%",
    b"delivery-status; report-type*0*=utf-8''%ff",
    b'multipart/report; report-type="',
    b"multipart/report; boundary=",
    b"multipart/report; boundary*=foo'bar",
    b"\xed\xa0\x80",
    b"\r",
]
HEADERS = [
    b"To",
    b"From",
    b"Delivered-To",
    b"X-Original-To",
    b"Envelope-To",
    b"Return-Path",
    b"X-Failed-Recipients",
    b"Original-Mail-From",
    b"Auto-Submitted",
    b"Content-Type",
    b"Content-Transfer-Encoding",
    b"MIME-Version",
    b"Date",
    b"Message-ID",
    b"Action",
    b"Status",
    b"Diagnostic-Code",
]
values = (
    st.sampled_from(ODD_VALUES)
    | st.binary(max_size=60)
    | st.text(max_size=60).map(lambda text: text.encode(errors="replace"))
)
lines = st.tuples(st.sampled_from(HEADERS) | st.binary(max_size=8), values)


def header_lines(made):
    return b"".join(b"%s: %s\n" % line for line in made)


def test_an_odd_recipient_does_not_keep_the_next_mail_from_being_read(tmp_path):
    reader = make_reader()
    box = boxes.Maildir(tmp_path / "mail")
    box.add(b"From: a@b.example\nTo: <\n\nHello.")
    box.add(bounce(return_address("a1", reader.pk)))
    printed = io.StringIO()
    call_command("process_bounces", str(tmp_path / "mail"), "--delete", stdout=printed)
    assert state(reader) == "bounced"
    assert "not about a mail of ours" in printed.getvalue()


@given(made=st.lists(lines, max_size=6), in_part=st.lists(lines, max_size=6))
@made_up_examples(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_the_headers_are_a_report_is_read(db, made, in_part):
    report = bounce(return_address("a1", 1))  # nobody's, but signed: what follows is read too
    made, in_part = header_lines(made), header_lines(in_part)
    assert process(made + report.replace(b"Action:", in_part + b"Action:"))
    assert process(report.replace(b"--b\n", b"--b\n" + in_part, 2))


@pytest.mark.parametrize("name", HEADERS)
def test_each_odd_value_is_read_in_each_header(name):
    report = bounce(return_address("a1", make_reader().pk))
    for value in ODD_VALUES:
        assert process(b"%s: %s\n%s" % (name, value, report))
        assert process(report.replace(b"Action:", b"%s: %s\nAction:" % (name, value)))


def test_what_no_database_stores_is_left_out_of_the_reason():
    reader = make_reader()
    words = b"550 5.1.1 no\x00such \xff\xed\xa0\x80user"
    process(bounce(return_address("a1", reader.pk)).replace(b"550 no such user", words))
    assert reader.bounces.get().detail.startswith("smtp; 550 5.1.1 no such")
    assert "\x00" not in reader.bounces.get().detail


@pytest.fixture
def faulty(monkeypatch):
    """Let the program fail at each mail to somebody whose name is "broken"."""
    working = bounces.read_return_address

    def read_return_address(address):
        if "broken" in address:
            raise ZeroDivisionError
        return working(address)

    monkeypatch.setattr(bounces, "read_return_address", read_return_address)


@pytest.mark.parametrize("kind", [boxes.Maildir, boxes.mbox])
def test_a_mail_that_cannot_be_read_is_set_aside_and_not_tried_again(
    tmp_path, settings, faulty, kind
):
    settings.VAR_DIR = tmp_path
    reader = make_reader()
    box = kind(tmp_path / "mail")
    box.add(b"To: broken@b.example\n\nHello.")
    box.add(bounce(return_address("a1", reader.pk)))
    box.close()
    printed = io.StringIO()
    call_command("process_bounces", str(tmp_path / "mail"), "--delete", stdout=printed)
    assert "1  not read" in printed.getvalue()
    assert state(reader) == "bounced"
    assert len(kind(tmp_path / "mail")) == 0
    (kept,) = boxes.Maildir(tmp_path / "unread-mails", create=False)
    assert kept["To"] == "broken@b.example"
