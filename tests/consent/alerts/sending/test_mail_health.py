"""What the operator sees, and what nobody else does; GET changes nothing."""

import pytest
from django.core import mail
from django.forms.models import model_to_dict

from consent.alerts.mails.previews import previews
from consent.alerts.sending import mail_health
from consent.alerts.sending.delivery import send_due
from consent.alerts.subscriptions import tokens
from consent.models import Alert, Letter, Subscriber, Subscription, Token
from tests.consent.alerts.readers import make_reader, publish
from tests.full_disk import full_disk  # noqa: F401  (a fixture)

pytestmark = pytest.mark.django_db


def test_the_outbox_and_every_mail_are_shown_to_staff_only(clock, client, admin_client):
    make_reader()
    publish()
    clock.move(minutes=45)
    page = admin_client.get("/admin/consent/alert/").text
    assert "1</strong> mails due" in page
    assert "(stuck)" in page
    for name in previews():
        shown = admin_client.get(f"/admin/consent/alert/mails/sample/{name}")
        assert shown.status_code == 200
        assert "sandbox" in shown["Content-Security-Policy"]
        assert client.get(f"/admin/consent/alert/mails/sample/{name}").status_code == 302
    assert admin_client.get("/admin/consent/subscriber/").status_code == 200


def test_mails_written_to_a_folder_can_be_read_in_the_admin(clock, admin_client, settings):
    settings.EMAIL_BACKEND = "consent.alerts.sending.mail_files.EmailBackend"
    make_reader()
    publish()
    clock.move(minutes=11)
    assert send_due().sent == 1
    page = admin_client.get("/admin/consent/alert/mails/").text
    name = page.split("mails/written/")[1].split("?")[0]
    assert name.endswith(".eml")
    shown = admin_client.get(f"/admin/consent/alert/mails/written/{name}?part=html").text
    assert "The change with its sources" in shown
    assert admin_client.get("/admin/consent/alert/mails/written/..%2Fsecret").status_code == 404


def everything():
    return [
        model_to_dict(row)
        for model in (Subscriber, Subscription, Token, Letter, Alert)
        for row in model.objects.order_by("pk")
    ]


def test_get_and_head_change_nothing_anywhere_in_the_flow(clock, client):
    from django.utils import timezone

    reader = make_reader()
    publish()
    token = tokens.issue(
        reader,
        "confirm",
        {"subjects": [["everything", ""]], "frequency": "daily"},
        timezone.now(),
    )
    moving = tokens.issue(reader, "new-address", {"address": "n@mail.example"}, timezone.now())
    manage = tokens.manage_text(reader)
    before = everything()
    for path in (
        "/subscribe",
        "/subscribe/start",
        "/subscribe/code",
        "/alerts",
        f"/confirm/{tokens.link_text(token)}",
        f"/confirm/{tokens.link_text(token)}/again",
        f"/address/{tokens.link_text(moving)}",
        f"/alerts/{manage}",
        f"/alerts/{manage}/export",
        f"/u/{tokens.unsubscribe_text(reader.pk)}",
        f"/u/{tokens.unsubscribe_text(reader.pk)}/now",
    ):
        for method in (client.get, client.head):
            answer = method(path)
            assert answer.status_code in (200, 405), path
            assert answer.status_code == 405 or "no-store" in answer["Cache-Control"]
    assert everything() == before
    assert mail.outbox == []


@pytest.fixture
def cache_on_a_full_disk(settings, full_disk, monkeypatch):  # noqa: F811
    """The cache, which says whether an alarm was mailed, cannot be written."""
    files = "django.core.cache.backends.filebased.FileBasedCache"
    settings.CACHES = {"default": {"BACKEND": files, "LOCATION": str(full_disk / "cache")}}
    monkeypatch.setattr(mail_health, "_pauses", {})


@pytest.fixture
def stuck_mail(clock):
    make_reader()
    publish()
    clock.move(hours=2)


def test_an_alarm_is_mailed_once_on_a_full_disk(cache_on_a_full_disk, stuck_mail, clock):
    assert mail_health.raise_alarm()
    clock.move(minutes=5)
    assert not mail_health.raise_alarm()
    (alarm,) = mail.outbox
    assert "Mail is stuck" in alarm.subject
    clock.move(seconds=mail_health.ALARM_PAUSE)
    assert mail_health.raise_alarm()


def test_an_alarm_that_could_not_be_mailed_on_a_full_disk_is_tried_again(
    cache_on_a_full_disk, stuck_mail, monkeypatch
):
    def refuse(*_):
        raise OSError("no connection")

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(mail_health, "send_mail", refuse)
        assert not mail_health.raise_alarm()
    assert mail_health.raise_alarm()
    assert len(mail.outbox) == 1
