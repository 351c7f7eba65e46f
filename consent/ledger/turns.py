"""The states of uses before and after an entry, and which entries turned training on or off."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import NamedTuple

from django.db.models import Case, F, OuterRef, Q, QuerySet, Subquery, TextChoices, Value, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from consent.ledger.answers import WayOut
from consent.ledger.facts import Facts, use_facts, use_key
from consent.ledger.headline_words import short_name
from consent.ledger.place_words import people_words, place_words
from consent.ledger.platform_facts import PlatformFacts
from consent.ledger.verdict import way_of_branch
from consent.ledger.verdict_words import titles_of
from consent.models import Branch, Entry, State, Use
from consent.models.entries import EntryQuerySet
from consent.models.uses import StateQuerySet, UseQuerySet
from consent.vocabulary import (
    IN_USE,
    LEFT_ALONE,
    Direction,
    PublicationStatus,
    SinceIs,
    StateValue,
    Topic,
)
from platforms.models import Platform


class Turning(TextChoices):
    """What an entry did to a use for training (docs/catalog.md, "Counts")."""

    ON = "on", _("turned training on")
    OFF = "off", _("turned training off")


@dataclass(frozen=True, slots=True)
class Turn:
    """One branch's states before and after an entry; none before the first that is known."""

    before: State | None
    after: State
    #: The state that has begun after this one and holds today; None while this one does.
    now: State | None = None
    #: How people could refuse before, and can after: of `with_ways`.
    way_before: WayOut = WayOut.REFUSABLE
    way_after: WayOut = WayOut.REFUSABLE

    @property
    def branch(self) -> Branch:
        return self.after.branch

    @property
    def use(self) -> Use:
        return self.after.branch.use

    @property
    def is_to_come(self) -> bool:
        return self.after.starts_on is not None and self.after.starts_on > timezone.localdate()

    @property
    def values(self) -> Values:
        before = StateValue(self.before.value) if self.before else None
        return Values(before, StateValue(self.after.value))


@dataclass(frozen=True, slots=True)
class Values:
    """Only the values of a turn's states, for a row of the timeline.

    whom: what tells these turns from the others of the entry, in words; "" where all are alike.
    """

    before: StateValue | None
    after: StateValue
    whom: str = ""


def turns_of(entries: Iterable[Entry]) -> Mapping[int, list[Turn]]:
    """Return the turns of entries by their key: each state they opened, with the one before it.

    Uses that are not public are left out. Two queries for any number of entries.
    """
    wanted = {entry.pk for entry in entries}
    branches = State.objects.filter(opened_by__in=wanted).order_by().values("branch")
    states = (
        State.objects.filter(branch__in=branches)
        .filter(branch__use__in=_public_uses())
        .select_related("branch__use__platform", "opened_by")
    )
    by_branch: dict[int, list[State]] = defaultdict(list)
    for state in states:
        by_branch[state.branch_id].append(state)
    turns: dict[int, list[Turn]] = defaultdict(list)
    for history in by_branch.values():
        for before, after in pairwise([None, *history]):
            if after is not None and after.opened_by_id in wanted:
                turns[after.opened_by_id].append(Turn(before, after, _since(after, history)))
    for of_entry in turns.values():
        of_entry.sort(key=_weight)
    return turns


def with_ways(turns: Iterable[Turn], facts: Facts) -> list[Turn]:
    """Return turns with how people refuse before and after, as the cards of platforms say it."""
    return [
        replace(
            turn,
            way_before=_way_before(turn, facts[turn.use.platform_id]),
            way_after=way_after(turn, facts[turn.use.platform_id]),
        )
        for turn in turns
    ]


def way_after(turn: Turn, facts: PlatformFacts) -> WayOut:
    """Return how the people of a branch refuse from that day on; today, if it has come."""
    return _way_on(max(timezone.localdate(), turn.after.starts_on or dt.date.min), turn, facts)


def _way_before(turn: Turn, facts: PlatformFacts) -> WayOut:
    started = turn.after.starts_on
    if turn.before is None or started is None:
        return WayOut.REFUSABLE
    return _way_on(started - dt.timedelta(days=1), turn, facts)


def _way_on(day: dt.date, turn: Turn, facts: PlatformFacts) -> WayOut:
    use = next((each for each in facts.uses if each.key == use_key(turn.use)), None)
    branches = use.branches if use else ()
    branch = next((each for each in branches if each.id == turn.branch.pk), None)
    if use is None or branch is None:
        return WayOut.REFUSABLE
    return way_of_branch(facts, use, branch, day)


def _since(after: State, history: Sequence[State]) -> State | None:
    """Return the state that replaced another and holds today; None if none did."""
    today = timezone.localdate()
    later = [
        state
        for state in history[history.index(after) + 1 :]
        if not state.is_pending and state.starts_on and state.starts_on <= today
    ]
    return later[-1] if later else None


def turned(entries: EntryQuerySet, which: Turning) -> EntryQuerySet:
    """Return those of these entries that turned a use for training on, or off."""
    return entries.filter(pk__in=turned_on_pks() if which == Turning.ON else turned_off_pks())


def platforms_of(entries: EntryQuerySet) -> set[str]:
    """Return the slugs of the platforms that changes are about."""
    found = Platform.objects.filter(entries__in=entries.order_by().values("pk"))
    return set(found.values_list("slug", flat=True))


def changes_of_platforms(number: int, platforms: Collection[str]) -> str:
    """Say how many changes there are of how many platforms; one may have turned on twice."""
    changes = ngettext("%(number)s change", "%(number)s changes", number) % {"number": number}
    count = len(platforms)
    # Translators: "17 changes of 16 platforms"
    words = ngettext(
        "%(changes)s of %(count)s platform", "%(changes)s of %(count)s platforms", count
    )
    return words % {"changes": changes, "count": count}


def turned_on_pks(*, to_come: bool = False) -> QuerySet[State, int]:
    """Return the keys of entries that turned a use for training on, as a query.

    They opened an on-state where there was none, not "at the latest" unless it was off on an
    earlier day, and leave people less control: where it was on and the way out goes, nothing was
    turned on. to_come: also those whose state is due and not seen yet.
    """
    return _turned_on(to_come=to_come).values_list("opened_by", flat=True)


def turned_on_between(first: dt.date, last: dt.date) -> Mapping[tuple[int, dt.date], Entry]:
    """Return the entries that turned uses on from a day to another, by branch and day."""
    states = _turned_on().filter(starts_on__range=(first, last)).select_related("opened_by")
    return {
        (state.branch_id, state.starts_on): state.opened_by
        for state in states
        if state.starts_on and state.opened_by
    }


def turned_off_pks() -> QuerySet[State, int]:
    """Return the keys of entries that turned a use for training off, as a query.

    They opened a state in which nothing is used, or only if people agree, after an on-state.
    """
    return _turned_off().values_list("opened_by", flat=True)


def what_turned() -> Case:
    """Return an expression: what the entry that opened a state turned by it; "" for nothing."""
    return Case(
        When(pk__in=_turned_on().values("pk"), then=Value(Turning.ON.value)),
        When(pk__in=_turned_off().values("pk"), then=Value(Turning.OFF.value)),
        default=Value(""),
    )


def _turned_on(*, to_come: bool = False) -> StateQuerySet:
    opened = _opened_states(to_come=to_come).filter(
        Q(before=None) | ~Q(before__in=IN_USE),
        value__in=IN_USE,
        opened_by__direction__in=(Direction.LESS_CONTROL, Direction.MIXED),
    )
    was_off = Q(before__in=LEFT_ALONE, before_on__isnull=False)
    return opened.filter(was_off | ~Q(since_is=SinceIs.AT_LATEST))


def _turned_off() -> StateQuerySet:
    return _opened_states().filter(Q(before__in=IN_USE), value__in=LEFT_ALONE)


def _opened_states(*, to_come: bool = False) -> StateQuerySet:
    """States of public uses for training that entries opened, with value and day of the last."""
    # The first state of a branch may have no date; it is before all others.
    earlier = State.objects.filter(branch=OuterRef("branch")).filter(
        Q(starts_on__lt=OuterRef("starts_on")) | Q(starts_on=None) & ~Q(pk=OuterRef("pk"))
    )
    before = earlier.order_by(F("starts_on").desc(nulls_last=True))
    opened = State.objects.filter(
        opened_by__isnull=False, branch__use__in=_public_uses().training()
    ).annotate(
        before=Subquery(before.values("value")[:1]),
        before_on=Subquery(before.values("starts_on")[:1]),
    )
    if not to_come:
        opened = opened.exclude(opened_by__due_on__isnull=False, opened_by__effective_on=None)
    return opened.order_by()


def concerns_training(entry: Entry) -> bool:
    """Return whether an entry is about training, and not only about uses for other purposes."""
    if entry.topic != Topic.TRAINING:
        return False
    uses = [use for use in entry.uses.all() if use.status == PublicationStatus.PUBLISHED]
    return not uses or any(use.is_training for use in uses)


def distinct_values(turns: Iterable[Turn]) -> list[Values]:
    """Return the values of the turns without duplicates, and without those that stayed the same."""
    return list(_by_values(turns))


def values_told_apart(turns: Iterable[Turn]) -> list[Values]:
    """Return distinct values; of several, each with what tells its turns from the others, in words.

    That is the platform or the use, where none is in two groups; else all that differs.
    """
    by_values = _by_values(turns)
    groups = [[_marks(turn) for turn in group] for group in by_values.values()]
    keys = [[{marks[mark].key for marks in group} for group in groups] for mark in range(_MARKS)]
    told = [mark for mark in range(_MARKS) if any(each != keys[mark][0] for each in keys[mark])]
    if alone := [mark for mark in told if mark in _EXACT and _are_disjoint(keys[mark])]:
        told = alone[:1]
    words = [[", ".join(marks[mark].words for mark in told) for marks in group] for group in groups]
    return [
        replace(values, whom="; ".join(dict.fromkeys(whom)))
        for values, whom in zip(by_values, words, strict=True)
    ]


class _Mark(NamedTuple):
    """One thing that may tell turns apart."""

    key: Hashable
    words: str


_MARKS = 4
#: The platform and the use. Groups of people overlap in other ways than by the same words.
_EXACT = (0, 1)


def _marks(turn: Turn) -> tuple[_Mark, ...]:
    """The platform, the use, the people and the places of a turn."""
    facts = use_facts(turn.use, ())
    branch = turn.branch
    people = people_words(branch.people, branch.plans, branch.who)
    places = place_words(branch.where)
    # A use without a short name is told by its title, which depends on the state.
    use = short_name(facts) or titles_of(facts).beside({turn.values.after})
    return (
        _Mark(turn.use.platform_id, turn.use.platform.name),
        _Mark(turn.use.pk, use),
        _Mark(people, people),
        _Mark(places, places),
    )


def _are_disjoint(groups: Sequence[Set[Hashable]]) -> bool:
    return sum(map(len, groups)) == len(set().union(*groups))


def _by_values(turns: Iterable[Turn]) -> Mapping[Values, Sequence[Turn]]:
    found: dict[Values, list[Turn]] = defaultdict(list)
    for turn in turns:
        if turn.values.before != turn.values.after:
            found[turn.values].append(turn)
    return found


def _public_uses() -> UseQuerySet:
    return Use.objects.published().order_by()


def _weight(turn: Turn) -> tuple[int, int, int]:
    """Order turns as the platform's file orders its uses and their branches."""
    branch = turn.after.branch
    return branch.use.platform_id, branch.use.position, branch.position
