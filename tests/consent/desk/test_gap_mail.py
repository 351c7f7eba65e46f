"""Curators get a mail at once where it matters, and one list a week about all other pages."""

import datetime as dt

import pytest
from django.core import mail
from django.db.models import F
from django.utils import timezone

from consent.desk.gap_mail import PAUSE, send_dark_list, tell_curators, what_to_do
from platforms.models import Gap, Outage, Page
from platforms.outcomes import Outcome
from tests.factories import make_entry, make_page, make_platform
from tests.practice.site import ERROR, HELP
from tests.practice.watched import Clock, chirp, watcher

pytestmark = pytest.mark.django_db


def make_gap(**fields):
    now = timezone.now()
    page = fields.pop("page", None) or make_page(make_platform(), last_looked_at=now)
    times = {"began_at": now - dt.timedelta(hours=2), "noticed_at": now - dt.timedelta(hours=1)}
    return Gap.objects.create(page=page, **{"outcome": Outcome.TIMEOUT} | times | fields)


def forget_the_last_mail():
    """Move the last mail back, so that the pause between two mails is over."""
    long_ago = timezone.now() - 2 * PAUSE
    Gap.objects.filter(told_at__isnull=False).update(told_at=long_ago)


def test_one_mail_when_the_only_page_fails_and_none_when_it_recovers(
    site, settings, django_capture_on_commit_callbacks
):
    settings.CONTACT_EMAIL = "desk@example.org"
    clock = Clock(timezone.now())
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
    assert "Open the address in a browser" in told.body
    forget_the_last_mail()
    site.answers[HELP] = help_page
    for _ in range(2):
        visit()
    assert len(mail.outbox) == 1


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


def test_a_gap_that_began_and_ended_between_two_mails_is_not_told_of():
    make_gap(ended_at=timezone.now())
    assert tell_curators() == 0
    assert mail.outbox == []


@pytest.fixture
def many_pages():
    """Twenty pages that can be read: one or two that cannot are less than a tenth of all."""
    platform = make_platform()
    return [make_page(platform, last_looked_at=timezone.now()) for _ in range(20)]


def test_a_page_of_a_platform_that_few_ask_for_waits_for_the_weekly_list(many_pages):
    gap = make_gap()
    assert tell_curators() == 0
    assert send_dark_list() >= 1
    (told,) = mail.outbox
    assert told.subject == "The week's list: 1 page dark"
    assert gap.page.url in told.body
    assert "No answer. Open the address in a browser" in told.body


def test_a_page_of_an_important_platform_is_told_of_at_once(many_pages):
    gap = make_gap()
    make_entry(gap.page.platform)
    assert tell_curators() == 1


def test_a_tenth_of_all_pages_that_goes_dark_in_a_day_is_told_of_at_once(many_pages):
    for _ in range(3):
        make_gap()
    assert tell_curators() == 3
    assert mail.outbox[0].subject == "3 pages cannot be read"


def test_a_page_that_comes_and_goes_is_told_of_once_in_a_week(many_pages):
    first = make_gap()
    make_entry(first.page.platform)
    tell_curators()
    for hours in range(9):
        forget_the_last_mail()
        Gap.objects.filter(ended_at=None).update(ended_at=timezone.now())
        make_gap(page=first.page, began_at=timezone.now() - dt.timedelta(minutes=hours))
        tell_curators()
    assert len(mail.outbox) == 1
    send_dark_list()
    assert mail.outbox[1].body.count("10 times: ") == 1


def test_a_page_that_comes_and_goes_each_week_is_told_of_once(many_pages):
    page = make_page(make_platform(), last_looked_at=timezone.now())
    make_entry(page.platform)
    for days in (70, 62, 54, 45, 33, 21, 13, 6, 0):
        Gap.objects.filter(ended_at=None).update(ended_at=F("began_at") + dt.timedelta(days=1))
        make_gap(page=page, began_at=timezone.now() - dt.timedelta(days=days, hours=2))
        forget_the_last_mail()
        tell_at(timezone.now() - dt.timedelta(days=days))
    assert len(mail.outbox) == 1


def tell_at(now, tell=tell_curators):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(timezone, "now", lambda: now)
        tell()


def test_a_page_that_comes_and_goes_all_the_time_is_in_one_weekly_list(many_pages):
    page = make_page(make_platform(), last_looked_at=timezone.now())
    for weeks in range(8, -1, -1):
        monday = timezone.now() - dt.timedelta(weeks=weeks)
        for days in (5, 3, 0):
            Gap.objects.filter(ended_at=None).update(ended_at=F("began_at") + dt.timedelta(days=1))
            began_at = monday - dt.timedelta(days=days, hours=2)
            make_gap(page=page, began_at=began_at, noticed_at=began_at)
        tell_at(monday, send_dark_list)
    (told,) = mail.outbox
    assert "Come and go. A rule or another address may help (1)" in told.body
    assert f"3 times: {page}" in told.body
    assert "Dark" not in told.body


def test_a_page_that_came_and_went_is_listed_once_it_stays_away(many_pages):
    now = timezone.now()
    page = make_page(make_platform(), last_looked_at=now)
    for days in (30, 28, 26, 24):
        began_at = now - dt.timedelta(days=days)
        ended_at = began_at + dt.timedelta(days=1) if days > 24 else None
        make_gap(page=page, began_at=began_at, noticed_at=began_at, ended_at=ended_at)
    for days in (21, 14):
        tell_at(now - dt.timedelta(days=days), send_dark_list)
    come_and_go, dark = [told.body for told in mail.outbox]
    assert "Come and go" in come_and_go
    assert "Dark, longest first (1)" in dark


#: A week in which a list of what is known is due, and the Monday of the week after it.
REPEATED = dt.datetime(2026, 6, 22, 7, tzinfo=dt.UTC)
MONDAY = dt.datetime(2026, 6, 29, 7, tzinfo=dt.UTC)
WEEK = dt.timedelta(weeks=1)


def make_old_gap(began_at, **fields):
    page = make_page(make_platform(), last_looked_at=began_at)
    return make_gap(page=page, began_at=began_at, noticed_at=began_at, **fields)


def lists_of(*mondays):
    """Send the lists of these days and return their bodies."""
    mail.outbox.clear()
    for monday in mondays:
        tell_at(monday, send_dark_list)
    return [told.body for told in mail.outbox]


def test_a_page_that_stays_dark_is_listed_in_each_fourth_week(many_pages):
    gap = make_old_gap(REPEATED - dt.timedelta(days=2))
    weeks = [REPEATED + number * WEEK for number in range(39)]
    lists = lists_of(*weeks)
    assert len(lists) == 10
    assert all(gap.page.url in body for body in lists)
    assert "(30 days)" in lists[1]
    assert "sent in one of 4 weeks" in lists[1]


def test_a_page_that_goes_dark_is_listed_with_those_known_before(many_pages):
    known = make_old_gap(MONDAY - dt.timedelta(days=90), told_at=MONDAY - 12 * WEEK)
    assert lists_of(MONDAY) == []
    new = make_old_gap(MONDAY + dt.timedelta(days=3))
    (told,) = lists_of(MONDAY + WEEK, MONDAY + 2 * WEEK)
    assert "Dark, longest first (2)" in told
    assert known.page.url in told
    assert new.page.url in told


def test_a_page_told_of_at_once_is_in_the_next_list(many_pages):
    told_at = MONDAY - dt.timedelta(days=2)
    gap = make_old_gap(MONDAY - dt.timedelta(days=3), told_at=told_at)
    (told,) = lists_of(MONDAY, MONDAY + WEEK)
    assert gap.page.url in told


def test_a_page_that_was_listed_and_can_be_read_again_is_named_once(many_pages):
    known = make_old_gap(MONDAY - dt.timedelta(days=90), told_at=MONDAY - 12 * WEEK)
    ended = make_old_gap(MONDAY - dt.timedelta(days=20), told_at=MONDAY - 2 * WEEK)
    Gap.objects.filter(pk=ended.pk).update(ended_at=MONDAY + dt.timedelta(days=1))
    (told,) = lists_of(MONDAY + WEEK, MONDAY + 2 * WEEK)
    assert mail.outbox[0].subject == "The week's list: 1 page dark, 1 back"
    dark, back = told.split("Back (1)")
    assert known.page.url in dark
    assert ended.page.url in back
    assert "dark for 21 days" in back


def test_a_page_that_was_dark_between_two_lists_only_makes_none(many_pages):
    ended_at = MONDAY - dt.timedelta(days=1)
    make_old_gap(MONDAY - dt.timedelta(days=3), ended_at=ended_at)
    assert lists_of(MONDAY) == []


def test_pages_never_read_alone_are_listed_in_each_fourth_week(many_pages):
    Page.objects.filter(pk=many_pages[0].pk).update(last_looked_at=None)
    (told,) = lists_of(*[MONDAY + number * WEEK for number in range(4)])
    assert "Never read (1)" in told


def test_selectors_that_missed_in_the_last_list_make_no_list_of_their_own(many_pages):
    now = timezone.now()
    began_at = now - dt.timedelta(days=6)
    Page.objects.filter(pk=many_pages[0].pk).update(read_whole_since=began_at, select=["main"])
    for weeks in range(4):
        tell_at(now + dt.timedelta(weeks=weeks), send_dark_list)
    assert len(mail.outbox) == 1
    make_gap()
    send_dark_list()
    assert "Accept a proposed selector (1)" in mail.outbox[1].body


@pytest.mark.database
def test_the_weekly_list_has_the_longest_dark_page_first(many_pages):
    now = timezone.now()
    short, long = (make_gap(began_at=now - dt.timedelta(days=days)) for days in (2, 130))
    send_dark_list()
    body = mail.outbox[0].body
    assert body.index(long.page.url) < body.index(short.page.url)
    assert "(130 days)" in body


def test_the_weekly_list_names_pages_never_read_and_selectors_that_miss(many_pages):
    lost, never = many_pages[:2]
    Page.objects.filter(pk=lost.pk).update(read_whole_since=timezone.now(), select=["main"])
    Page.objects.filter(pk=never.pk).update(last_looked_at=None)
    assert send_dark_list() == 2
    body = mail.outbox[0].body
    assert "Never read (1)" in body
    assert "Accept a proposed selector (1)" in body


def test_no_list_is_sent_in_a_week_without_trouble(many_pages):
    assert send_dark_list() == 0
    assert mail.outbox == []


@pytest.mark.parametrize("outcome", [each for each in Outcome if not each.looked])
def test_each_reason_says_what_to_do(outcome):
    assert what_to_do(outcome).endswith(".")


def test_a_page_that_lost_its_text_may_be_released_or_marked_as_moved():
    assert "Release it if it is the page, or mark the page as moved." in what_to_do(
        Outcome.COLLAPSED
    )


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
