"""Curators get one mail when a page cannot be read, and one when it can be read again."""

import datetime as dt

import pytest
from django.core import mail
from django.utils import timezone

from consent.desk.gap_mail import PAUSE, tell_curators
from platforms.models import Gap, Outage
from platforms.outcomes import Outcome
from tests.factories import make_page, make_platform
from tests.practice.site import ERROR, HELP
from tests.practice.watched import Clock, chirp, watcher

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def make_gap(**fields):
    now = timezone.now()
    page = make_page(make_platform())
    times = {"began_at": now - dt.timedelta(hours=2), "noticed_at": now - dt.timedelta(hours=1)}
    return Gap.objects.create(page=page, **{"outcome": Outcome.TIMEOUT} | times | fields)


def forget_the_last_mail():
    """Move the last mail back, so that the pause between two mails is over."""
    long_ago = timezone.now() - 2 * PAUSE
    Gap.objects.filter(told_at__isnull=False).update(told_at=long_ago)
    Gap.objects.filter(end_told_at__isnull=False).update(end_told_at=long_ago)


def test_one_mail_when_a_page_fails_and_one_when_it_recovers(
    site, settings, django_capture_on_commit_callbacks
):
    settings.CONTACT_EMAIL = "desk@example.org"
    clock = Clock()
    page, watch = chirp(site), watcher(site, clock)
    help_page, site.answers[HELP] = site.answers[HELP], site.answers[ERROR]

    def visit():
        page.refresh_from_db()
        clock.now = max(clock.now, page.next_visit_at)
        with django_capture_on_commit_callbacks(execute=True):
            watch.check_due(page.pk, page.next_visit_at)

    for _ in range(5):
        visit()
    (told,) = mail.outbox
    assert told.to == ["desk@example.org"]
    assert told.subject == "1 page cannot be read"
    for word in ("Chirp: About Perch", page.url, "HTTP error (HTTP status 500)"):
        assert word in told.body
    forget_the_last_mail()
    site.answers[HELP] = help_page
    for _ in range(2):
        visit()
    assert [sent.subject for sent in mail.outbox[1:]] == ["1 page can be read again"]


def test_many_gaps_at_once_come_in_one_mail_after_the_first():
    make_gap()
    tell_curators()
    for _ in range(30):
        make_gap()
        tell_curators()
    assert len(mail.outbox) == 1
    forget_the_last_mail()
    assert tell_curators() == 30
    assert mail.outbox[1].subject == "30 pages cannot be read"


def test_a_gap_that_began_and_ended_between_two_mails_is_told_of_once():
    make_gap(ended_at=timezone.now())
    assert tell_curators() == 1
    forget_the_last_mail()
    assert tell_curators() == 0
    assert [sent.subject for sent in mail.outbox] == ["1 page can be read again"]


def test_a_mail_that_could_not_be_sent_is_sent_later(settings):
    make_gap()
    settings.EMAIL_BACKEND = "consent.alerts.sending.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    with pytest.raises(ConnectionError):
        tell_curators()
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert tell_curators() == 1


class TestAnOutageOfOurs:
    @pytest.fixture
    def outage(self):
        now = timezone.now()
        return Outage.objects.create(
            began_at=now - dt.timedelta(hours=3),
            last_tried_at=now - dt.timedelta(minutes=30),
            ended_at=now - dt.timedelta(minutes=30),
            postponed=41,
        )

    def test_is_told_once_and_blames_no_page(self, outage):
        tell_curators()
        (told,) = mail.outbox
        assert told.subject == "Our own connection failed"
        assert "says nothing about any page" in told.body
        assert "41 visits postponed" in told.body
        assert tell_curators() == 0
        assert len(mail.outbox) == 1

    def test_explains_pages_that_failed_meanwhile_and_no_others(self, outage):
        ours = make_gap()
        theirs = make_gap(outcome=Outcome.BOT_WALL)
        assert tell_curators() == 2
        (told,) = mail.outbox
        assert told.subject == "1 page cannot be read"
        blamed, ours_too = told.body.split("Our own connection failed")
        assert theirs.page.url in blamed
        assert ours.page.url not in blamed
        assert str(ours.page) in ours_too

    def test_keeps_mails_until_it_is_over(self, outage):
        Outage.objects.update(ended_at=None)
        make_gap()
        assert tell_curators() == 0
        assert mail.outbox == []
        Outage.objects.update(ended_at=timezone.now())
        assert tell_curators() == 1


def test_a_mail_sent_by_a_clock_that_was_ahead_does_not_hold_up_the_next():
    make_gap(told_at=timezone.now() + dt.timedelta(hours=25))
    make_gap()
    assert tell_curators() == 1
