"""Counts of answers below a guide, and its mark "reported broken"."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from consent.models import Answer, Guide, GuideSurface, Verification
from consent.vocabulary import Surface, Worked

COUNTED_FOR = dt.timedelta(days=30)
#: Fewer answers are not shown, as they would reveal more about people than about the guide.
SHOWN_FROM = 5
#: So many "No" for one surface, within so many days and since it was last walked, mark it.
BROKEN_AT = 3
BROKEN_WITHIN = dt.timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Tally:
    """What readers answered about a guide in the last 30 days.

    failing: surfaces by name, each with how many did not, or only partly, get through on it; the
    most first.
    """

    yes: int
    partly: int
    no: int
    failing: tuple[tuple[str, int], ...]
    counted_on: dt.date

    @property
    def total(self) -> int:
        return self.yes + self.partly + self.no


def tally(guide: Guide, now: dt.datetime) -> Tally | None:
    """Count a guide's answers of the last 30 days; None while there are fewer than five."""
    by_answer: Counter[str] = Counter()
    by_surface: Counter[str] = Counter()
    for worked, surface, count in guide.answers.since(now - COUNTED_FOR).counted():
        by_answer[worked] += count
        if worked != Worked.YES and surface:
            by_surface[surface] += count
    if by_answer.total() < SHOWN_FROM:
        return None
    failing = [(str(Surface(surface).label), count) for surface, count in by_surface.items()]
    return Tally(
        yes=by_answer[Worked.YES],
        partly=by_answer[Worked.PARTLY],
        no=by_answer[Worked.NO],
        failing=tuple(sorted(failing, key=lambda each: (-each[1], each[0]))),
        counted_on=timezone.localdate(now),
    )


@transaction.atomic
def take_answer(guide: Guide, worked: Worked, **words: object) -> Answer:
    """Save an answer, and mark its surface as broken after too many "No".

    words: surface, step and note, where the reader gave them.
    """
    answer = Answer.objects.create(guide=guide, worked=worked, **words)
    if worked == Worked.NO and answer.surface:
        surfaces = GuideSurface.objects.select_for_update(of=("self",)).order_by("pk")
        surface = surfaces.filter(guide=guide, surface=answer.surface).first()
        if surface is not None and not surface.is_reported_broken():
            _mark_if_broken(surface, answer.answered_at)
    return answer


def _mark_if_broken(surface: GuideSurface, now: dt.datetime) -> None:
    since = now - BROKEN_WITHIN
    walked = Verification.objects.walked().of_surface(surface).first()
    if walked is not None:
        since = max(since, walked.checked_at)
    said_no = surface.guide.answers.since(since).filter(surface=surface.surface, worked=Worked.NO)
    if surface.verified_on is not None:
        said_no = said_no.filter(answered_at__date__gte=surface.verified_on)
    if said_no.count() >= BROKEN_AT:
        surface.reported_broken_at = now
        surface.save(update_fields=["reported_broken_at"])
