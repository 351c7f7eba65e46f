"""Reports as two providers post them; django-anymail is told whom to believe, and is believed."""

import base64
import hashlib
import hmac
import json
import time
from types import SimpleNamespace

import pytest
from django.core.checks import run_checks
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as made_up_examples
from hypothesis import strategies as st

from consent.alerts.sending.delivery import send_due
from consent.models import Bounce
from tests.consent.alerts.readers import make_reader, publish
from tests.consent.alerts.sending.test_bounces import bounce, read
from tests.factories import make_platform
from tests.main_job.installation import Installation

pytest.importorskip("anymail")
pytestmark = pytest.mark.django_db

SECRET, KEY = "postman:a long pass phrase", "key-for-tests"
BASIC = "Basic " + base64.b64encode(SECRET.encode()).decode()


@pytest.fixture(autouse=True)
def providers(settings):
    settings.MAIL_WEBHOOKS = ["postmark", "mailgun"]
    settings.MAIL_WEBHOOK_SECRET, settings.MAIL_WEBHOOK_SIGNING_KEY = SECRET, KEY
    settings.ANYMAIL = {"WEBHOOK_SECRET": SECRET, "MAILGUN_WEBHOOK_SIGNING_KEY": KEY}


def postmark(reader, record="Bounce", kind="HardBounce", **fields):
    """As documented by Postmark for its bounce and spam complaint webhooks."""
    return {
        "RecordType": record,
        "MessageStream": "broadcast",
        "ID": 4323372036854775807,
        "Type": kind,
        "TypeCode": 1,
        "Name": "Hard bounce",
        "Tag": "",
        "MessageID": "883953f4-6105-42a2-a16a-77a8eac79483",
        "Metadata": {},
        "ServerID": 23,
        "Description": "The server was unable to deliver your message.",
        "Details": "smtp;550 5.1.1 The email account that you tried to reach does not exist.",
        "Email": reader.address,
        "From": "alerts@defaulton.example",
        "BouncedAt": timezone.now().isoformat(),
        "DumpAvailable": True,
        "Inactive": True,
        "CanActivate": True,
        "Subject": "Chirp trains on posts",
    } | fields


def mailgun(
    reader, event="failed", *, key=KEY, token="a8ce0edb2dd8301dee6c2405235584e45aa91d1e", **data
):
    """As documented by Mailgun, with its signature."""
    at = str(int(time.time()))
    signature = hmac.new(key.encode(), f"{at}{token}".encode(), hashlib.sha256).hexdigest()
    return {
        "signature": {"timestamp": at, "token": token, "signature": signature},
        "event-data": {
            "event": event,
            "timestamp": time.time(),
            "id": "G9Bn5sl1TC6nu79C8C0bwg",
            "log-level": "error",
            "severity": "permanent",
            "reason": "suppress-bounce",
            "recipient": reader.address,
            "recipient-domain": "mail.example",
            "delivery-status": {
                "attempt-no": 1,
                "code": 550,
                "message": "5.1.1 no such user",
                "description": "Not delivering to previously bounced address",
            },
            "message": {"headers": {"message-id": f"alert-1-{reader.pk}@defaulton.example"}},
            "user-variables": {},
            "tags": [],
        }
        | data,
    }


_NOBODY = SimpleNamespace(address="a@mail.example", pk=1)
POSTMARK_FIELDS = postmark(_NOBODY)
MAILGUN_FIELDS = mailgun(_NOBODY)["event-data"]


@pytest.fixture
def tell(client):
    def tell(provider, payload, credentials=BASIC):
        return client.post(
            f"/mail/webhooks/{provider}",
            json.dumps(payload),
            content_type="application/json",
            **({"headers": {"Authorization": credentials}} if credentials else {}),
        )

    return tell


def state(reader):
    reader.refresh_from_db()
    return reader.state


@pytest.mark.parametrize("provider", ["postmark", "mailgun"])
def test_a_permanent_bounce_stops_mail_and_its_repetition_does_nothing_more(tell, provider):
    reader, other = make_reader(), make_reader()
    payload = {"postmark": postmark, "mailgun": mailgun}[provider](reader)
    assert tell(provider, payload).status_code == 200
    assert state(reader) == "bounced"
    assert Bounce.objects.get().status == "5.1.1"
    reader.state = "active"  # it works again, they said
    reader.save()
    assert tell(provider, payload).status_code == 200
    assert (state(reader), state(other), Bounce.objects.count()) == ("active", "active", 1)


def test_a_complaint_stops_mail_for_good(tell):
    ann, bob = make_reader(), make_reader()
    tell("postmark", postmark(ann, "SpamComplaint", "SpamComplaint"))
    tell("mailgun", mailgun(bob, "complained"))
    assert (state(ann), state(bob)) == ("complained", "complained")


def test_the_fifth_soft_bounce_stops_mail(tell):
    ann, bob = make_reader(), make_reader()
    for number in range(5):
        assert (state(ann), state(bob)) == ("active", "active")
        name = {"MessageID": f"m{number}", "Details": "smtp;452 mailbox full"}
        tell("postmark", postmark(ann, kind="SoftBounce", **name))
        headers = {"headers": {"message-id": f"m{number}@defaulton.example"}}
        tell("mailgun", mailgun(bob, severity="temporary", message=headers))
    assert (state(ann), state(bob)) == ("bounced", "bounced")


@pytest.mark.parametrize("provider", ["postmark", "mailgun"])
def test_a_failure_told_by_the_provider_and_by_a_report_counts_once(
    tell, clock, mailbox, monkeypatch, provider
):
    reader = make_reader()
    for number in range(4):
        publish(make_platform(f"p{number}"))
        clock.move(minutes=11)
        send_due()
        sender, _to, mail = mailbox.accepted[-1]
        words = "452 4.2.2 mailbox full"
        at = {"BouncedAt": timezone.now().isoformat(), "Details": f"smtp;{words}"}
        headers = {"headers": {"message-id": mail["Message-ID"].strip("<>")}}
        payload = {
            "postmark": postmark(reader, kind="SoftBounce", MessageID=f"m{number}", **at),
            "mailgun": mailgun(
                reader, severity="temporary", message=headers, timestamp=time.time()
            ),
        }[provider]
        tell(provider, payload)
        for action, status in (("delayed", "4.2.2"), ("failed", "4.4.7")):
            read(bounce(sender, action, status), monkeypatch)
        assert state(reader) == "active"
        clock.move(days=1)
    assert reader.bounces.values("mail").distinct().count() == 4


def test_who_unsubscribes_at_the_provider_has_left_until_they_come_back(tell, clock):
    reader = make_reader()
    event = mailgun(reader, "unsubscribed")
    clock.move(minutes=1)
    event["event-data"]["timestamp"] = time.time()
    tell("mailgun", event)
    assert state(reader) == "left"
    clock.move(hours=1)
    reader.state, reader.kept_at = "active", timezone.now()
    reader.save()
    tell("mailgun", event)
    assert state(reader) == "active"


def test_deliveries_and_strangers_change_nothing(tell):
    reader = make_reader()
    assert tell("mailgun", mailgun(reader, "delivered")).status_code == 200
    stranger = postmark(reader, Email="nobody@mail.example")
    assert tell("postmark", stranger).status_code == 200
    assert state(reader) == "active"
    assert not Bounce.objects.exists()


def test_whoever_lacks_the_secret_is_refused(tell):
    reader = make_reader()
    wrong = "Basic " + base64.b64encode(b"postman:guess").decode()
    assert tell("postmark", postmark(reader), None).status_code == 400
    assert tell("postmark", postmark(reader), wrong).status_code == 400
    assert tell("mailgun", mailgun(reader), wrong).status_code == 400
    assert tell("mailgun", mailgun(reader, key="another")).status_code == 400
    assert state(reader) == "active"


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'{"event-data": 3}', b"\xff"])
def test_what_is_no_report_is_told_so(client, body, caplog):
    for provider in ("postmark", "mailgun"):
        answer = client.post(
            f"/mail/webhooks/{provider}",
            body,
            content_type="application/json",
            headers={"Authorization": BASIC},
        )
        assert answer.status_code == 400 or (provider, body) == ("postmark", b'{"event-data": 3}')
    assert not [
        line for line in caplog.records if line.exc_info and line.name.startswith("consent")
    ]


@pytest.mark.parametrize(
    "odd",
    [
        {"Email": ["a@b.example"]},
        {"Email": {"a": "b"}},
        {"Email": 5},
        {"Email": "x" * 5_000 + "@mail.example"},
        {"Type": []},
        {"BouncedAt": 5},
        {"BouncedAt": "9999-12-31T23:59:59Z"},
        {"BouncedAt": "0001-01-01T00:00:00+14:00"},
        {"BouncedAt": "2024-13-13T00:00:00Z"},
        {"Metadata": None},
        {"Metadata": []},
        {"RecordType": {}},
    ],
)
def test_a_report_with_a_field_of_another_kind_is_refused(tell, odd):
    reader = make_reader()
    answer = tell("postmark", postmark(reader) | odd)
    assert answer.status_code == 400
    assert answer.text == "This is no report of postmark.\n"
    assert state(reader) == "active"


@pytest.mark.parametrize(
    "odd",
    [
        {"Details": ["smtp"], "Description": {"a": 1}},
        {"Details": "550 5.1.1 \x00 \ud800"},
        {"MessageID": f"letter-{'9' * 400}@defaulton.example"},
        {"MessageID": "digest-daily-99999999-1@defaulton.example"},
        {"MessageID": ["a"]},
        {"MessageID": "\ud800\x00"},
        {"ID": "\udfff", "MessageID": ""},
        {"ID": {"a": []}},
        {"BouncedAt": "2024-07-26T00:00:00"},
    ],
)
def test_a_report_with_an_odd_detail_still_counts(tell, odd):
    reader = make_reader()
    assert tell("postmark", postmark(reader) | odd).status_code == 200
    assert state(reader) == "bounced"


@pytest.mark.parametrize("body", [b"[" * 100_000, b"9" * 5_000, b'{"ID": ' + b"9" * 5_000 + b"}"])
def test_json_beyond_what_can_be_read_is_refused(client, body):
    for provider in ("postmark", "mailgun"):
        answer = client.post(
            f"/mail/webhooks/{provider}",
            body,
            content_type="application/json",
            headers={"Authorization": BASIC},
        )
        assert answer.status_code == 400


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda values: st.lists(values, max_size=3) | st.dictionaries(st.text(max_size=5), values),
    max_leaves=8,
)


@given(fields=st.dictionaries(st.sampled_from(sorted(POSTMARK_FIELDS)), JSON_VALUES, max_size=4))
@made_up_examples(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_a_field_holds_the_answer_is_clear(db, client, providers, fields):
    payload = json.dumps(POSTMARK_FIELDS | fields)
    answer = client.post(
        "/mail/webhooks/postmark",
        payload,
        content_type="application/json",
        headers={"Authorization": BASIC},
    )
    assert answer.status_code in (200, 400)


@given(fields=st.dictionaries(st.sampled_from(sorted(MAILGUN_FIELDS)), JSON_VALUES, max_size=4))
@made_up_examples(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_a_signed_field_holds_the_answer_is_clear(db, tell, fields):
    event = fields.pop("event", "failed")
    assert tell("mailgun", mailgun(_NOBODY, event, **fields)).status_code in (200, 400)


def test_the_address_is_there_for_configured_providers_only(client, tell, settings):
    assert client.head("/mail/webhooks/postmark").status_code == 200
    assert client.get("/mail/webhooks/postmark").status_code == 405
    assert tell("sparkpost", {}).status_code == 404
    assert tell("nobody", {}).status_code == 404
    settings.MAIL_WEBHOOK_SECRET = ""
    assert client.head("/mail/webhooks/postmark").status_code == 404
    settings.MAIL_WEBHOOKS, settings.MAIL_WEBHOOK_SECRET = [], SECRET
    assert client.head("/mail/webhooks/postmark").status_code == 404


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, set()),
        ({"MAIL_WEBHOOKS": ["pigeon"]}, {"alerts.E001"}),
        ({"MAIL_WEBHOOK_SECRET": ""}, {"alerts.E003"}),
        ({"MAIL_WEBHOOK_SECRET": "user:short"}, {"alerts.E003"}),
        ({"MAIL_WEBHOOK_SIGNING_KEY": ""}, {"alerts.E004"}),
        ({"MAIL_WEBHOOKS": [], "MAIL_WEBHOOK_SECRET": ""}, set()),
    ],
)
def test_what_is_missing_for_webhooks_is_said_before_anything_starts(settings, changed, expected):
    for name, value in changed.items():
        setattr(settings, name, value)
    assert {each.id for each in run_checks(tags=["security"])} == expected


def test_an_installation_that_anybody_could_call_does_not_pass_its_check(tmp_path):
    place = Installation(tmp_path, site_port=1, MAIL_WEBHOOKS="postmark")
    done = place.manage("check", check=False)
    assert done.returncode == 1
    assert "(alerts.E003) MAIL_WEBHOOK_SECRET is missing or weak." in done.stderr
