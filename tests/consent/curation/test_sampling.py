"""Each month some of what raised no entry is drawn by chance and read again."""

import datetime as dt

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.utils import timezone

from consent.curation import decisions, sampling
from consent.curation.sampling import draw_last_month, settle
from consent.ledger.miss_rates import MissRate, miss_rates
from consent.models import Change, Sample
from consent.vocabulary import ChangeStatus, SampleKind, SampleVerdict
from platforms.outcomes import Outcome
from tests.factories import make_change, make_fetch, make_page, make_platform

pytestmark = pytest.mark.django_db

TODAY = dt.date(2024, 8, 3)
JULY = dt.datetime(2024, 7, 15, tzinfo=dt.UTC)


def dismissed(page, curator, *, at=JULY):
    """A change that was dismissed at a time."""
    change = make_change(page, "before", f"after {Change.objects.count()}")
    Change.objects.filter(pk=change.pk).update(observed_to=at)
    with time_machine.travel(at, tick=False):
        decisions.dismiss(change, curator=curator, reason="noise")
    change.refresh_from_db()
    return change


def read_page(*, at=JULY, outcome=Outcome.READ):
    page = make_page(make_platform())
    make_fetch(page, outcome, at=at)
    return page


def drawn(kind):
    return Sample.objects.filter(kind=kind)


def test_dismissals_of_last_month_are_drawn_and_no_others(ada):
    page = make_page(make_platform())
    change = dismissed(page, ada)
    dismissed(page, ada, at=JULY + dt.timedelta(days=20))
    decisions.reopen(dismissed(page, ada), curator=ada)
    assert draw_last_month(TODAY) == 1
    (sample,) = drawn(SampleKind.DISMISSED)
    assert (sample.change, sample.dismissed_by, sample.population) == (change, ada, 1)
    assert sample.month == dt.date(2024, 7, 1)


def test_pages_that_were_read_and_raised_no_change_are_drawn(ada):
    quiet = read_page()
    read_page(at=JULY - dt.timedelta(days=40))
    read_page(outcome=Outcome.TIMEOUT)
    changed = read_page()
    dismissed(changed, ada)
    draw_last_month(TODAY)
    (sample,) = drawn(SampleKind.NOT_RAISED)
    assert (sample.page, sample.population) == (quiet, 1)


def test_twenty_of_many_are_drawn_once_a_month(ada, monkeypatch):
    page = make_page(make_platform())
    changes = {dismissed(page, ada).pk for _ in range(7)}
    monkeypatch.setattr(sampling, "SIZE", 3)
    assert draw_last_month(TODAY) == 3
    assert draw_last_month(TODAY + dt.timedelta(days=1)) == 0
    chosen = set(drawn(SampleKind.DISMISSED).values_list("change", flat=True))
    assert len(chosen) == 3
    assert chosen <= changes
    assert {sample.population for sample in Sample.objects.all()} == {7}


@pytest.mark.database
def test_every_dismissal_can_be_drawn(ada, monkeypatch):
    page = make_page(make_platform())
    changes = {dismissed(page, ada).pk for _ in range(4)}
    monkeypatch.setattr(sampling, "SIZE", 1)
    seen = set()
    for _ in range(200):  # by chance one of four is never drawn once in 10^24 runs
        draw_last_month(TODAY)
        seen.add(Sample.objects.get().change_id)
        Sample.objects.all().delete()
    assert seen == changes


def test_what_was_missed_goes_back_into_the_queue(ada, bob):
    change = dismissed(make_page(make_platform()), ada)
    draw_last_month(TODAY)
    sample = drawn(SampleKind.DISMISSED).get()
    with pytest.raises(ValidationError, match="Say what was missed"):
        settle(sample, reader=bob, verdict=SampleVerdict.MISSED, note=" ")
    settle(sample, reader=bob, verdict=SampleVerdict.MISSED, note="The switch is on now.")
    change.refresh_from_db()
    assert change.status == ChangeStatus.WAITING
    assert change.decisions.first().note == "The switch is on now."
    with pytest.raises(ValidationError, match="already"):
        settle(sample, reader=bob, verdict=SampleVerdict.RIGHT)


def test_a_right_dismissal_is_confirmed_by_somebody_else(ada, bob):
    change = dismissed(make_page(make_platform()), ada)
    draw_last_month(TODAY)
    sample = drawn(SampleKind.DISMISSED).get()
    with pytest.raises(ValidationError, match="somebody else"):
        settle(sample, reader=ada, verdict=SampleVerdict.RIGHT)
    assert not Sample.objects.unread().readable_by(ada.pk).exists()
    settle(sample, reader=bob, verdict=SampleVerdict.RIGHT)
    assert change.decisions.first().curator == bob
    assert not Sample.objects.unread().exists()


def test_a_change_decided_on_meanwhile_can_still_be_judged(ada, bob):
    change = dismissed(make_page(make_platform()), ada)
    draw_last_month(TODAY)
    decisions.reopen(change, curator=bob)
    sample = drawn(SampleKind.DISMISSED).get()
    settle(sample, reader=bob, verdict=SampleVerdict.MISSED, note="Reopened before.")
    assert Sample.objects.get().verdict == SampleVerdict.MISSED


class TestMissRates:
    @pytest.mark.database
    def test_count_what_was_read_in_the_last_year(self, ada, bob):
        page = make_page(make_platform())
        for month, verdict in ((1, "missed"), (2, "right"), (3, "right"), (4, "")):
            Sample.objects.create(
                month=dt.date(2024, month, 1),
                kind="not-raised",
                page=page,
                population=9,
                verdict=verdict,
                note="Words." if verdict == "missed" else "",
                read_at=timezone.now() if verdict else None,
            )
        assert miss_rates(dt.date(2024, 8, 3)) == [MissRate(SampleKind.NOT_RAISED, 3, 1)]
        assert miss_rates(dt.date(2025, 2, 3)) == [MissRate(SampleKind.NOT_RAISED, 2, 0)]
        assert miss_rates(dt.date(2027, 2, 3)) == []

    @pytest.mark.parametrize(
        ("missed", "read", "bounds"),
        # Newcombe (1998), table I, method 3: 81/263, 15/148, 0/20, 1/29.
        [
            (81, 263, (25.53, 36.62)),
            (15, 148, (6.24, 16.05)),
            (0, 20, (0.0, 16.11)),
            (1, 29, (0.61, 17.18)),
        ],
    )
    def test_have_the_interval_of_wilson(self, missed, read, bounds):
        found = MissRate(SampleKind.DISMISSED, read, missed).bounds
        assert found == pytest.approx(bounds, abs=0.006)
