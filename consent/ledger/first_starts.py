"""Who trained first, as far as that is on record: the first start of each platform."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from consent.ledger.answers import Since
from consent.ledger.platform_facts import (
    BranchFacts,
    PlatformFacts,
    StateFacts,
    UseFacts,
    states_begun,
)
from consent.ledger.verdict import training_uses
from consent.vocabulary import IN_USE, Purpose, SinceIs
from platforms.places import Coverage, Where, cells


class FirstStart(NamedTuple):
    """The first day on which training, or leave for others to train, was on by default.

    ended: the state that holds since it is not so any more; None while it is.
    """

    facts: PlatformFacts
    use: UseFacts
    branch: BranchFacts
    since: Since
    ended: StateFacts | None

    @property
    def on(self) -> dt.date:
        assert self.since.on is not None
        return self.since.on


class FirstStarts(NamedTuple):
    """The first starts, the earliest first: those on a known day, and those without one."""

    known: Sequence[FirstStart]
    not_known: Sequence[FirstStart]

    @property
    def first(self) -> FirstStart | None:
        """The earliest on record; what began "at the earliest" on a day may be later."""
        by_then = (
            each
            for each in (*self.known, *self.not_known)
            if each.since.since_is != SinceIs.AT_EARLIEST
        )
        return min(by_then, key=_order, default=None)


def first_starts(
    platforms: Iterable[PlatformFacts],
    day: dt.date,
    place: str = "",
    from_day: dt.date = dt.date.min,
) -> FirstStarts:
    """Return the dated first start of each platform by a day, surely in a place, or in any.

    from_day: the first of those on or after this day.
    """
    starts = [
        [each for each in _starts(facts, day, place) if each.on >= from_day] for facts in platforms
    ]
    firsts = [min(each, key=_order, default=None) for each in starts]
    found = sorted((each for each in firsts if each), key=_order)
    return FirstStarts(
        [each for each in found if each.since.is_known],
        [each for each in found if not each.since.is_known],
    )


def _order(start: FirstStart) -> tuple[dt.date, bool]:
    return start.on, start.since.is_known


def _is_surely_in(where: Where, place: str) -> bool:
    """Return whether it holds in a place, or in a part of it; "" is anywhere."""
    return not place or any(where.covers(cell) == Coverage.SURELY for cell in cells(place, [where]))


def _starts(facts: PlatformFacts, day: dt.date, place: str) -> Iterator[FirstStart]:
    for use in training_uses(facts):
        if use.purpose == Purpose.HUMAN_REVIEW:
            continue
        for branch in use.branches:
            states = states_begun(use, branch, day)
            at = next((at for at, each in enumerate(states) if each.value in IN_USE), None)
            if at is None or not _is_surely_in(branch.where, place):
                continue
            start, later = states[at], states[at + 1 :]
            since_is = start.since_is
            if start.since is None:  # it was on before what is dated first
                start, since_is = later[0] if later else start, SinceIs.AT_LATEST
            if start.since is None:
                continue
            ended = None if states[-1].value in IN_USE else states[-1]
            since = Since(start.since, start.precision, since_is)
            yield FirstStart(facts, use, branch, since, ended)
