"""Each month a sample of what raised no entry is drawn by chance and read again by a person.

Its miss rate says how much escapes us (consent/ledger/miss_rates.py publishes it). The method is
acceptance sampling: a simple random sample without replacement of each kind.
"""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Sequence
from typing import TypeVar

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from consent.curation import decisions
from consent.models import Change, Decision, Sample
from consent.vocabulary import ChangeStatus, Ruling, SampleKind, SampleVerdict
from platforms.days import month_after
from platforms.models import Page
from platforms.outcomes import Outcome

#: How many of each kind are drawn a month. Chosen: two hours' reading for one person.
SIZE = 20

_Item = TypeVar("_Item")
_chance = secrets.SystemRandom()  # curators must not foresee what is drawn


def draw_last_month(today: dt.date) -> int:
    """Draw the samples of the month before this day, unless they were; return how many."""
    return draw(month_after(today, -1))


def draw(month: dt.date) -> int:
    """Draw the samples of a month, given by its first day; return how many are new.

    Safe to run twice, or by two at once: a month that has samples gets no more.
    """
    if Sample.objects.filter(month=month).exists():
        return 0
    try:
        with transaction.atomic():
            drawn = [*_dismissed(month), *_not_raised(month)]
            Sample.objects.bulk_create(drawn)
    except IntegrityError:  # another worker drew the same page or change at this moment
        return 0
    return len(drawn)


@transaction.atomic
def settle(sample: Sample, *, reader: User, verdict: SampleVerdict, note: str = "") -> None:
    """Store what a person found who read a sample again.

    A dismissed change that should have been told goes back into the queue; one that was rightly
    dismissed is confirmed. note: what was missed; asked for then. Raises ValidationError for a
    sample that was read before, and for one that the reader dismissed.
    """
    sample = Sample.objects.select_for_update(of=("self",)).get(pk=sample.pk)
    note = note.strip()[:500]
    if sample.verdict:
        raise ValidationError("Somebody has read this sample already.")
    if sample.dismissed_by_id == reader.pk:
        raise ValidationError("You dismissed this: somebody else reads it again.")
    if verdict == SampleVerdict.MISSED and not note:
        raise ValidationError("Say what was missed: the words on the page, or what they mean.")
    if sample.change is not None and sample.change.status == ChangeStatus.DISMISSED:
        if verdict == SampleVerdict.MISSED:
            decisions.reopen(sample.change, curator=reader, note=note)
        elif _is_unconfirmed(sample.change):
            decisions.confirm_dismissal(sample.change, curator=reader)
    sample.verdict, sample.note = verdict, note
    sample.reader, sample.read_at = reader, timezone.now()
    sample.save()


def _is_unconfirmed(change: Change) -> bool:
    last = change.decisions.standing().first()
    return last is not None and last.ruling == Ruling.DISMISS


def _dismissed(month: dt.date) -> list[Sample]:
    """Draw from the changes dismissed in a month that still are."""
    rulings = (
        Decision.objects.last_words()
        .filter(ruling=Ruling.DISMISS, change__status=ChangeStatus.DISMISSED)
        .filter(decided_at__gte=_start(month), decided_at__lt=_start(month_after(month)))
        .order_by()
        .values_list("change", "change__page", "curator")
    )
    found = sorted(set(rulings))
    return [
        Sample(
            month=month,
            kind=SampleKind.DISMISSED,
            change_id=change,
            page_id=page,
            dismissed_by_id=curator,
            population=len(found),
        )
        for change, page, curator in _drawn(found)
    ]


def _not_raised(month: dt.date) -> list[Sample]:
    """Draw from the pages that were read in a month and raised no change in it."""
    start, end = _start(month), _start(month_after(month))
    read = [outcome for outcome in Outcome if outcome.looked]
    changed = Change.objects.filter(observed_to__gte=start, observed_to__lt=end)
    found = list(
        Page.objects.watched()
        .filter(fetches__outcome__in=read)
        .filter(fetches__started_at__gte=start, fetches__started_at__lt=end)
        .exclude(pk__in=changed.values("page"))
        .order_by("pk")
        .values_list("pk", flat=True)
        .distinct()
    )
    return [
        Sample(month=month, kind=SampleKind.NOT_RAISED, page_id=page, population=len(found))
        for page in _drawn(found)
    ]


def _drawn(found: Sequence[_Item]) -> list[_Item]:
    return _chance.sample(found, min(SIZE, len(found)))


def _start(month: dt.date) -> dt.datetime:
    return dt.datetime.combine(month, dt.time(), tzinfo=dt.UTC)
