"""Mails are written in our own bytes. Whoever reads them must find what was meant."""

import email
import email.policy
import random
import smtplib

import pytest
from aiosmtpd.controller import Controller

from consent.alerts.mails.emails import Mail
from consent.alerts.mails.previews import previews
from consent.alerts.sending.delivery import send_due
from consent.alerts.sending.mime import as_bytes
from consent.alerts.sending.smtp import as_message
from consent.alerts.subscriptions.addresses import normalise
from tests.consent.alerts.conftest import Mailbox
from tests.consent.alerts.readers import make_reader, parts, publish
from tests.services import free_port

AWKWARD = [
    ".\n..\n.hidden\r\n.",
    "ends in blanks  \n\ttabs\t\n-- \nsignature",
    "x" * 3000 + "\n" + "ü" * 900,
    "=_default-on\n--=_default-on--\n=3D=\n",
    "From here on\r\nold Mac\rUnix\n",
    "“quotes” 🙂 \u202e \u2028\n",
    "\n\n\n",
]


def mail(**fields):
    known = {
        "to": "reader@mail.example",
        "subject": "Chirp trains on posts",
        "text": "Text.\n",
        "html": "<p>HTML.</p>\n",
        "sender": "Default On <alerts@defaulton.example>",
        "returns_to": "bounces+a1-1-00@defaulton.example",
    }
    return Mail(**known | fields)


def read(raw):
    return email.message_from_bytes(raw, policy=email.policy.default)


def unix(text):
    return text.replace("\r\n", "\n").replace("\r", "\n")


@pytest.mark.django_db
def test_every_mail_says_in_our_bytes_what_it_says_in_those_of_django():
    for name, each in previews().items():
        ours, theirs = read(as_bytes(each)), read(as_message(each).message().as_bytes())
        assert not ours.defects, name
        ours_said = {k.lower(): " ".join(str(v).split()) for k, v in ours.items()}
        theirs_said = {k.lower(): " ".join(str(v).split()) for k, v in theirs.items()}
        for said in (ours_said, theirs_said):
            said.pop("date")
            said.pop("content-type")  # each has a boundary of its own
        assert ours_said == theirs_said, name
        assert [unix(each) for each in parts(ours)] == list(parts(theirs)), name


@pytest.mark.django_db
def test_no_line_tempts_a_server_to_write_the_mail_anew():
    for name, each in previews().items():
        raw = as_bytes(each)
        assert raw.isascii(), name
        assert b"\n" not in raw.replace(b"\r\n", b""), name
        assert b"\r" not in raw.replace(b"\r\n", b""), name
        head, _, body = raw.partition(b"\r\n\r\n")
        assert max(map(len, body.split(b"\r\n"))) <= 76, name
        assert max(map(len, head.split(b"\r\n"))) <= 200, name  # only what has no space is long


@pytest.mark.parametrize("text", AWKWARD)
def test_awkward_text_arrives_as_it_was(text):
    found = parts(read(as_bytes(mail(text=text, html=text))))
    assert [unix(each) for each in found] == [unix(text)] * 2


def test_any_text_arrives_as_it_was():
    chance = random.Random(7)
    letters = "ab =.\t\n\n--_?<>ä€🙂\r"
    for _ in range(300):
        text = "".join(chance.choices(letters, k=chance.randint(0, 400)))
        assert unix(parts(read(as_bytes(mail(text=text, html="-"))))[0]) == unix(text)


@pytest.mark.parametrize(
    "subject",
    [
        "Größe und Übergröße: was sich bei „Chirp“ ändert und was nicht, ab Januar",
        "a " * 60 + "end",
        "=?utf-8?q?no?= tricks",
    ],
)
def test_subjects_arrive_as_they_were(subject):
    raw = as_bytes(mail(subject=subject))
    assert max(map(len, raw.partition(b"\r\n\r\n")[0].split(b"\r\n"))) <= 78
    unfolded = email.message_from_bytes(raw, policy=email.policy.default)["Subject"]
    assert unfolded == subject


@pytest.mark.parametrize("ending", ["\r\nBcc: all@mail.example", "\n\nBody", "\r", "\x00", "\x7f"])
@pytest.mark.parametrize(
    "place", ["to", "subject", "sender", "List-Unsubscribe", "Message-ID", "References"]
)
def test_nothing_can_begin_a_header_of_its_own(place, ending):
    if place in ("to", "subject", "sender"):
        broken = mail(**{place: getattr(mail(), place) + ending})
    else:
        broken = mail(headers={place: f"<x@defaulton.example>{ending}"})
    try:
        raw = as_bytes(broken)
    except ValueError:
        return
    # A sender's name loses its line breaks when it is parsed; nothing else may come through.
    assert place == "sender"
    assert read(raw)["Bcc"] is None
    assert len(read(raw)["From"].addresses) == 1


@pytest.mark.parametrize(
    "to", ["no-at-sign", "a b@mail.example", "<x>@mail.example", "ä@b.example"]
)
def test_what_is_no_address_is_refused(to):
    with pytest.raises(ValueError, match="to no address"):
        as_bytes(mail(to=to))


def test_an_international_domain_is_written_in_ascii():
    assert read(as_bytes(mail(to="me@bücher.example")))["To"] == "me@xn--bcher-kva.example"


def test_a_domain_is_never_rewritten_into_that_of_somebody_else():
    """IDNA 2003 made "strasse" of "straße"; both can be bought, by two people."""
    assert read(as_bytes(mail(to="me@straße.example")))["To"] == "me@xn--strae-oqa.example"
    assert normalise("Me@Straße.example") != normalise("me@strasse.example")
    assert normalise("me@BÜCHER.example") == normalise("me@xn--bcher-kva.example")


class Grouping(Mailbox):
    """A mail server that takes commands in groups, as those in use do."""

    async def handle_EHLO(self, server, session, envelope, hostname, responses):
        session.host_name = hostname
        return [*responses[:1], "250-PIPELINING", *responses[1:]]

    async def handle_MAIL(self, server, session, envelope, address, options):
        if refusal := self.refuse.get("sender"):
            return refusal
        envelope.mail_from = address
        return "250 OK"


@pytest.fixture
def grouping(settings):
    handler = Grouping()
    controller = Controller(handler, hostname="127.0.0.1", port=free_port())
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", controller.port
    yield handler
    controller.stop()


@pytest.mark.django_db
def test_commands_in_groups_bring_the_same_mail(clock, grouping):
    readers = [make_reader() for _ in range(3)]
    publish()
    clock.move(minutes=11)
    assert send_due().sent == 3
    assert {to for _sender, to, _mail in grouping.accepted} == {each.address for each in readers}
    assert all(sender.startswith("bounces+a") for sender, _to, _mail in grouping.accepted)
    assert not any(each.defects for each in grouping.mails)


@pytest.mark.django_db
def test_a_refusal_among_grouped_commands_is_blamed_on_whom_it_is_about(clock, grouping):
    gone, busy, fine = make_reader("gone@a.example"), make_reader("busy@b.example"), make_reader()
    grouping.refuse = {"gone@a.example": "550 5.1.1 no such user", "busy@b.example": "451 later"}
    publish()
    clock.move(minutes=11)
    tally = send_due()
    assert (tally.sent, tally.failed, tally.put_off) == (1, 1, 1)
    assert [to for _sender, to, _mail in grouping.accepted] == [fine.address]
    gone.refresh_from_db()
    busy.refresh_from_db()
    assert (gone.state, busy.state) == ("bounced", "active")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("refused", "answer"), [("data", "554 5.6.0 not this"), ("sender", "553 5.7.1 not from you")]
)
def test_a_mail_refused_as_a_whole_stops_nobodys_alerts(clock, grouping, refused, answer):
    reader = make_reader()
    grouping.refuse[refused] = answer
    publish()
    clock.move(minutes=11)
    tally = send_due()
    assert tally.sent == 0
    assert any(answer[:3] in reason for reason in tally.errors)
    reader.refresh_from_db()
    assert reader.state == "active"
    grouping.refuse.clear()
    clock.move(minutes=30)
    assert send_due().sent == (1 if refused == "sender" else 0)


def test_a_server_that_wants_a_mail_for_nobody_gets_an_empty_one():
    """RFC 2920 lets a server answer DATA with 354 though it refused the only recipient."""
    from consent.alerts.sending.smtp import _transact

    said, answers = [], iter([(250, b""), (550, b"nobody"), (354, b""), (554, b""), (250, b"")])

    class Server(smtplib.SMTP):
        def has_extn(self, name):
            return name == "pipelining"

        def ehlo_or_helo_if_needed(self):
            pass

        def send(self, words):
            said.append(words if isinstance(words, bytes) else words.encode())

        def getreply(self):
            return next(answers)

    with pytest.raises(smtplib.SMTPRecipientsRefused):
        _transact(Server(), "a@x.example", "b@x.example", b"Subject: secret\r\n\r\n.\r\n")
    assert said[1] == b".\r\n"
    assert b"secret" not in b"".join(said)
