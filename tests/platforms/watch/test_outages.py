"""When nearly no host answers at a time, the fault is probably that of our own connection."""

import datetime as dt

import pytest
from django.utils import timezone

from platforms.models import Page
from platforms.outcomes import Outcome
from platforms.watch.outages import Outages, Spell, Visit, find_outages, outages_since
from tests.factories import make_fetch, make_page, make_platform

NOON = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)


def at(minutes):
    return NOON + dt.timedelta(minutes=minutes)


def visits(*, hosts, first=0, answered=True):
    """One visit a minute to so many hosts."""
    return [Visit(at(first + number), f"host-{number}", answered) for number in range(hosts)]


class TestFindOutages:
    def test_many_hosts_silent_at_once_are_an_outage_from_the_first_to_the_last(self):
        calm, silent = visits(hosts=30), visits(hosts=25, first=100, answered=False)
        calm_again = visits(hosts=30, first=200)
        assert find_outages([*calm, *silent, *calm_again]) == Outages(
            (Spell(at(100), at(124)),), is_on=False
        )

    def test_an_outage_is_still_on_while_nobody_has_answered_since(self):
        silent = visits(hosts=25, first=100, answered=False)
        assert find_outages([*visits(hosts=30), *silent]).is_on

    def test_a_few_silent_hosts_are_none_however_often_they_are_tried(self):
        retries = [
            visit
            for first in range(100, 200, 10)
            for visit in visits(hosts=4, first=first, answered=False)
        ]
        assert find_outages([*visits(hosts=30), *retries]) == Outages()

    def test_one_host_that_answers_ends_no_outage(self):
        silent = visits(hosts=25, first=100, answered=False)
        silent[10] = Visit(silent[10].at, "host-10", answered=True)
        assert find_outages(silent).spells == (Spell(at(100), at(124)),)

    def test_few_hosts_say_nothing(self):
        assert find_outages(visits(hosts=4, answered=False)) == Outages()


class TestWhoseFaultItIs:
    outages = Outages((Spell(at(100), at(200)),))

    @pytest.mark.parametrize(
        ("outcome", "began", "ended", "ours"),
        [
            (Outcome.DNS, 100, 200, True),
            (Outcome.TIMEOUT, 90, 210, True),
            (Outcome.CONNECTION, 150, 150, True),
            (Outcome.DNS, -5000, 200, False),  # silent long before
            (Outcome.DNS, 300, 400, False),
            (Outcome.BOT_WALL, 100, 200, False),  # a refusal is an answer
        ],
    )
    def test_is_ours_if_most_of_the_silence_was_in_an_outage(self, outcome, began, ended, ours):
        assert self.outages.explain(outcome, at(began), at(ended)) is ours


@pytest.mark.django_db
class TestOutagesSince:
    def silence(self, count, *, now, outcome=Outcome.DNS):
        pages = [
            make_page(make_platform(), url=f"https://host-{number}.example/help")
            for number in range(count)
        ]
        for number, page in enumerate(pages):
            make_fetch(page, outcome, at=now - dt.timedelta(minutes=count - number))
        return pages

    def test_is_found_in_what_was_recorded(self):
        now = timezone.now()
        self.silence(12, now=now)
        outages = outages_since(now - dt.timedelta(days=1))
        assert outages.is_on
        assert len(outages.spells) == 1

    def test_refusals_are_none(self):
        now = timezone.now()
        self.silence(12, now=now, outcome=Outcome.BOT_WALL)
        assert outages_since(now - dt.timedelta(days=1)) == Outages()

    def test_one_host_with_many_platforms_is_one_host(self):
        now = timezone.now()
        for _ in range(12):
            page = make_page(make_platform(), url=f"https://support.example/{Page.objects.count()}")
            make_fetch(page, Outcome.TIMEOUT, at=now)
        assert outages_since(now - dt.timedelta(days=1)) == Outages()

    def test_what_is_refused_without_asking_the_host_is_no_answer(self):
        now = timezone.now()
        pages = self.silence(12, now=now)
        for page in pages:
            make_fetch(page, Outcome.ROBOTS_DENIED, at=now)
        assert outages_since(now - dt.timedelta(days=1)).is_on

    def test_a_calm_month_is_read_with_two_queries(self, django_assert_num_queries):
        make_fetch(make_page(make_platform()))
        with django_assert_num_queries(2):
            assert outages_since(timezone.now() - dt.timedelta(days=30)) == Outages()
