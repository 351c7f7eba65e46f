"""What a mail server gets from us. Whoever reads it must find what was meant."""

import email
import email.policy
import random

import pytest

from consent.alerts.mails.emails import Mail
from consent.alerts.mails.previews import previews
from consent.alerts.sending.delivery import send_due
from consent.alerts.sending.smtp import hand_over, open_connection
from consent.alerts.subscriptions.mail_addresses import normalise
from tests.consent.alerts.conftest import Mailbox, serving
from tests.consent.alerts.readers import make_reader, parts, publish

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


class MailServer(Mailbox):
    """Keeps the bytes of the last mail, and may refuse our sender."""

    async def handle_MAIL(self, server, session, envelope, address, options):
        if refusal := self.refuse.get("sender"):
            return refusal
        envelope.mail_from = address
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        self.raw = envelope.content
        return await super().handle_DATA(server, session, envelope)


@pytest.fixture
def mail_server(settings):
    with serving(MailServer(), settings) as handler:
        yield handler


@pytest.fixture
def as_bytes(mail_server):
    """Return the bytes of a mail that a server gets."""
    connection = open_connection()

    def as_bytes(mail):
        hand_over(connection, mail)
        return mail_server.raw

    yield as_bytes
    connection.close()


@pytest.mark.django_db
def test_every_mail_arrives_as_it_was_composed(as_bytes):
    for name, each in previews().items():
        found = read(as_bytes(each))
        assert not found.defects, name
        headers = {key: " ".join(str(value).split()) for key, value in found.items()}
        expected = {"From": each.sender, "To": each.to, "Subject": each.subject, **each.headers}
        assert headers.pop("Date")
        assert headers.pop("MIME-Version") == "1.0"
        assert headers.pop("Content-Type").startswith("multipart/alternative")
        assert headers == expected, name
        assert [unix(part) for part in parts(found)] == [each.text, each.html], name


@pytest.mark.django_db
def test_no_line_tempts_a_server_to_write_the_mail_anew(as_bytes):
    for name, each in previews().items():
        raw = as_bytes(each)
        assert raw.isascii(), name
        assert b"\n" not in raw.replace(b"\r\n", b""), name
        assert b"\r" not in raw.replace(b"\r\n", b""), name
        head, _, body = raw.partition(b"\r\n\r\n")
        assert max(map(len, body.split(b"\r\n"))) <= 76, name
        assert max(map(len, head.split(b"\r\n"))) <= 200, name  # only what has no space is long


@pytest.mark.parametrize("text", AWKWARD)
def test_awkward_text_arrives_as_it_was(as_bytes, text):
    found = parts(read(as_bytes(mail(text=text, html=text))))
    assert [unix(each) for each in found] == [unix(text)] * 2


def test_any_text_arrives_as_it_was(as_bytes):
    chance = random.Random(7)
    letters = "ab =.\t\n\n--_?<>ä€🙂\r"
    for _ in range(300):
        text = "".join(chance.choices(letters, k=chance.randint(1, 400)))
        assert unix(parts(read(as_bytes(mail(text=text, html="-"))))[0]) == unix(text)


@pytest.mark.parametrize(
    "subject",
    [
        "Größe und Übergröße: was sich bei „Chirp“ ändert und was nicht, ab Januar",
        "a " * 60 + "end",
        "=?utf-8?q?no?= tricks",
    ],
)
def test_subjects_arrive_as_they_were(as_bytes, subject):
    raw = as_bytes(mail(subject=subject))
    assert max(map(len, raw.partition(b"\r\n\r\n")[0].split(b"\r\n"))) <= 78
    unfolded = email.message_from_bytes(raw, policy=email.policy.default)["Subject"]
    assert unfolded == subject


@pytest.mark.parametrize("ending", ["\r\nBcc: all@mail.example", "\n\nBody", "\r", "\x00", "\x7f"])
@pytest.mark.parametrize(
    "place", ["to", "subject", "sender", "List-Unsubscribe", "Message-ID", "References"]
)
def test_nothing_can_begin_a_header_of_its_own(as_bytes, place, ending):
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
def test_what_is_no_address_is_refused(as_bytes, to):
    with pytest.raises(ValueError, match="to no address"):
        as_bytes(mail(to=to))


def test_an_international_domain_is_written_in_ascii(as_bytes):
    assert read(as_bytes(mail(to="me@bücher.example")))["To"] == "me@xn--bcher-kva.example"


def test_a_domain_is_never_rewritten_into_that_of_somebody_else(as_bytes):
    """IDNA 2003 made "strasse" of "straße"; both can be bought, by two people."""
    assert read(as_bytes(mail(to="me@straße.example")))["To"] == "me@xn--strae-oqa.example"
    assert normalise("Me@Straße.example") != normalise("me@strasse.example")
    assert normalise("me@BÜCHER.example") == normalise("me@xn--bcher-kva.example")


@pytest.mark.django_db
def test_each_mail_has_an_envelope_sender_of_its_own(clock, mail_server):
    readers = [make_reader() for _ in range(3)]
    publish()
    clock.move(minutes=11)
    assert send_due().sent == 3
    assert {to for _sender, to, _mail in mail_server.accepted} == {each.address for each in readers}
    senders = {sender for sender, _to, _mail in mail_server.accepted}
    assert len(senders) == 3
    assert all(sender.startswith("bounces+a") for sender in senders)
    assert not any(each.defects for each in mail_server.mails)


@pytest.mark.django_db
def test_a_refusal_is_blamed_on_whom_it_is_about(clock, mail_server):
    gone, busy, fine = make_reader("gone@a.example"), make_reader("busy@b.example"), make_reader()
    mail_server.refuse = {"gone@a.example": "550 5.1.1 no such user", "busy@b.example": "451 later"}
    publish()
    clock.move(minutes=11)
    tally = send_due()
    assert (tally.sent, tally.failed, tally.put_off) == (1, 1, 1)
    assert [to for _sender, to, _mail in mail_server.accepted] == [fine.address]
    gone.refresh_from_db()
    busy.refresh_from_db()
    assert (gone.state, busy.state) == ("bounced", "active")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("refused", "answer"), [("data", "554 5.6.0 not this"), ("sender", "553 5.7.1 not from you")]
)
def test_a_mail_refused_as_a_whole_stops_nobodys_alerts(clock, mail_server, refused, answer):
    reader = make_reader()
    mail_server.refuse[refused] = answer
    publish()
    clock.move(minutes=11)
    tally = send_due()
    assert tally.sent == 0
    assert any(answer[:3] in reason for reason in tally.errors)
    reader.refresh_from_db()
    assert reader.state == "active"
    mail_server.refuse.clear()
    clock.move(minutes=30)
    assert send_due().sent == (1 if refused == "sender" else 0)
