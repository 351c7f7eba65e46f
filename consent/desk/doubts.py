"""Doubts that an editor should check before publishing an entry; some block it until ticked."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from consent.classification.place_mentions import places_in
from consent.classification.scope import ORGANISATION, Context, clauses_of, plan_word, scope_in
from consent.classification.titles import ALL_DATA, PEOPLES_DATA
from consent.curation.prefill import Prefill, deciding_passage, present_state, reading_of, value_of
from consent.curation.publication import NewState
from consent.desk.forms import SAME_EVENT, with_siblings
from consent.ledger.place_words import place_name, place_words
from consent.models import Change, Entry
from consent.vocabulary import Direction, StateValue
from platforms import places
from platforms.models import Platform
from platforms.places import Coverage, Where

_IN = re.compile(r"\bin (the )?$", re.IGNORECASE)
_OUTSIDE = re.compile(r"\b(outside|except|excluding)\b", re.IGNORECASE)

#: States by how much control people have, the least first. An unclear state has no rank.
_RANK = {
    StateValue.NO_WAY_OUT: 0,
    StateValue.UNLESS_REFUSED: 1,
    StateValue.ONLY_IF_AGREED: 2,
    StateValue.NOT_USED: 3,
}
#: How titles name kinds of people whom a passage is limited to.
_PEOPLE_IN_TITLES = {
    ORGANISATION: re.compile(
        r"organi[sz]ation|business|enterprise|compan|school|commercial|team|workspace|edu", re.I
    ),
    "minors": re.compile(r"minor|child|kid|teen|under 1|pupil", re.I),
    "creators": re.compile(r"creator", re.I),
    "no-account": re.compile(r"without an account|signed out|logged out|guest", re.I),
}


@dataclass(frozen=True, slots=True)
class Doubt:
    """A doubt that an editor must tick before publishing.

    key: what the tick sends. same_as: the entry on record that this may be about.
    """

    key: str
    words: str
    same_as: Entry | None = None


def blocking_doubts(
    change: Change, entry: Entry, quote: str, states: Sequence[NewState], known: Prefill
) -> tuple[Doubt, ...]:
    """Return what must be ticked before the entry of a change is published.

    entry: as filled in. quote: the passage that it cites. states: what it opens.
    """
    return (
        *_doubts_about_moves(change, entry, states, known),
        *_doubts_about_title(change, entry, quote),
        *_doubts_about_events(change, entry),
    )


def _doubts_about_moves(
    change: Change, entry: Entry, states: Sequence[NewState], known: Prefill
) -> Iterator[Doubt]:
    better: list[NewState] = []
    worse: list[NewState] = []
    for state in states:
        present = present_state(state.branch)
        was = _RANK.get(StateValue(present.value)) if present else None
        now = _RANK.get(state.value)
        if was is not None and now is not None and was != now:
            (better if now > was else worse).append(state)
    against = {Direction.MORE_CONTROL: worse, Direction.LESS_CONTROL: better}
    if against.get(Direction(entry.direction)):
        words = "The direction says one thing and the new state another: look which is right."
        yield Doubt("direction", words)
    passage = deciding_passage(getattr(change, "suggestion", None))
    if better and passage and not passage["before"]:
        words = "A state gets better by one added sentence: does the page say nothing else on it?"
        yield Doubt("better", words)
    if len(states) > 1 and not {state.branch for state in states} <= known.covered:
        yield Doubt("branches", "Several branches move, and these words do not name all of them.")


def _doubts_about_title(change: Change, entry: Entry, quote: str) -> Iterator[Doubt]:
    if unsaid := list(_limits_unsaid(change, entry.title, quote)):
        words = f"The title is wider than the quoted words: they are about {', '.join(unsaid)}."
        yield Doubt("title", words)


def _limits_unsaid(change: Change, title: str, quote: str) -> Iterator[str]:
    """Yield what the quoted words are limited to and a title does not say."""
    passage = deciding_passage(getattr(change, "suggestion", None))
    context = Context(change.page.platform.name)
    scope, folded = scope_in(clauses_of(quote)[0], context), title.casefold()
    reading = reading_of(passage if passage and passage[passage["decides"]] == quote else None)
    yield from (part for part in {*scope.parts, *reading.parts} if part.casefold() not in folded)
    plans = {*scope.plans, *reading.plans}
    yield from (plan for plan in plans if plan_word(plan) not in folded)
    for kind in {*scope.people, *reading.people}:
        named = _PEOPLE_IN_TITLES.get(kind)
        if named and not plans and not named.search(title):
            yield kind
    limited = not scope.where.is_worldwide or reading.places or reading.except_places
    if limited and not places_in(title):
        yield "certain places"
    if PEOPLES_DATA in title and reading.data and not ALL_DATA.search(quote):
        yield "certain data"


def _doubts_about_events(change: Change, entry: Entry) -> Iterator[Doubt]:
    day = entry.effective_on or entry.due_on or entry.decided_on
    if day is None:
        yield Doubt("date", "No date is given: does the page really not say from when?")
    day = day or change.observed_to.date()
    yield from doubts_about_same_event(entry, [change.page.platform], day)


def doubts_about_same_event(
    entry: Entry, platforms: Sequence[Platform], day: dt.date | None
) -> Iterator[Doubt]:
    """Yield a doubt if the record has an event like this: company, 45 days, an effect in common.

    day: of this event; without one it cannot be compared.
    """
    others = Entry.objects.published().filter(platforms__in=with_siblings(platforms))
    others = others.exclude(pk=entry.pk)
    for other in others.distinct().newest_first() if day else ():
        begun = other.effective_on or other.due_on or other.announced_on
        begun = begun or (other.observed_to and other.observed_to.date())
        assert day is not None
        near = begun is not None and abs(begun - day) <= SAME_EVENT
        if near and set(other.effects) & set(entry.effects):
            words = f"An event like it is on record: “{other.title}” ({begun}). Is it another one?"
            yield Doubt("event", words, same_as=other)
            return


def doubts_about(entry: Entry) -> list[str]:
    """Return possible contradictions between an entry's title and fields, for its editor."""
    doubts = []
    if differing := _places_not_recorded(entry.title, entry.where):
        named = " and ".join(place_name(code) for code in differing)
        doubts.append(
            f"The sentence names {named}; the places are: {place_words(entry.where)}. "
            "Alerts and filters go by the places."
        )
    if not entry.data_kinds:
        doubts.append(
            "No kind of data is named: readers who filter by kind, or subscribed to one, do not "
            "get this entry."
        )
    return doubts + _doubts_about_states(entry) if entry.pk else doubts


def _doubts_about_states(entry: Entry) -> list[str]:
    """Return where the states that an entry opens disagree with its effects or its dates."""
    opened = list(entry.opened_states.select_related("branch__use"))
    uses = [use.title for use in entry.uses.all()]
    if not opened and uses and value_of(entry.effects):
        return [
            f"The entry opens no state, though its effects change one: {'; '.join(uses)}. If it "
            "is about some places or people of a branch only, give the use a branch for them first."
        ]
    day = entry.effective_on or entry.due_on or entry.decided_on
    return [
        f"“{state.branch.use.title}” has its new state from {state.starts_on}, "
        f"the entry is of {day}."
        for state in opened
        if day is not None and state.starts_on != day
    ]


def _places_not_recorded(title: str, where: Where) -> list[str]:
    """Return the places in a title that the codes do not name, or name with opposite meaning.

    "In the EU" and "outside the EU" name the same place with opposite meaning.
    """
    elsewhere = _OUTSIDE.search(title) is not None
    missing = []
    for code, at in places_in(title).items():
        inside = _names(where.places + where.some_of, code) and _is_covered(code, where)
        outside = _names(where.except_places, code)
        if elsewhere:
            is_recorded = outside or not _is_covered(code, where)
        elif _IN.search(title[:at]):
            is_recorded = inside
        else:
            is_recorded = inside or outside
        if not is_recorded:
            missing.append(code)
    return missing


def _names(codes: tuple[str, ...], code: str) -> bool:
    """Return whether codes name a place, or a group or country that it is part of."""
    members = places.expanded((code,))
    return members <= places.expanded(codes) or code.partition("-")[0] in codes


def _is_covered(code: str, where: Where) -> bool:
    return all(where.covers(cell) != Coverage.NOT for cell in places.cells(code, [where]))
