"""Whether people were asked before what they give was used."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import takewhile

from django.utils.translation import gettext

from consent.ledger.answers import Line, Verdict
from consent.ledger.platform_facts import StateFacts, states_begun
from consent.models import Entry
from consent.vocabulary import IN_USE, Effect, StateValue, Told
from consent.web.date_words import format_date
from consent.web.page_language import colon

#: Changes with which a use begins.
STARTS = frozenset({Effect.USE_INTRODUCED, Effect.DEFAULT_ON})


def whether_asked(answer: Verdict) -> Mapping[tuple[str, str], list[Line]]:
    """Say of what is on, or only if people agree, whether they were asked; with whose lines.

    The words come with the note of the record on what is disputed, if it is.
    """
    told: dict[tuple[str, str], list[Line]] = {}
    for line in answer.lines:
        if words := _of_line(line, answer):
            note = line.state.note if line.state and line.state.disputed else ""
            told.setdefault((words, note), []).append(line)
    return told


def _of_line(line: Line, answer: Verdict) -> str:
    begun = states_begun(line.use, line.branch, answer.day)
    values = [state.value for state in begun]
    if not line.state or line.value != line.recorded:
        return ""
    is_agreed = line.value == StateValue.ONLY_IF_AGREED
    if line.state.disputed and (line.is_on or is_agreed):
        return _of_disputed(line.state, begun)
    if is_agreed:
        day = _day_of_turn(begun)
        if day and not {*IN_USE}.isdisjoint(values):
            said = gettext("Nobody was asked at first. Consent is asked for since %(date)s.")
            return said % {"date": day}
        return gettext("Consent is asked for; without it nothing is used.")
    if not line.is_on:
        return ""
    is_shown = _was_shown_in_product(line)
    if StateValue.ONLY_IF_AGREED in values and (day := _day_of_turn(begun)):
        said = gettext("Consent was asked for before. Nobody is asked since %(date)s.")
        if is_shown:
            said = gettext(
                "Consent was asked for before. It is on since %(date)s, as shown in the product."
            )
        return said % {"date": day}
    if is_shown:
        return gettext("It was on from the start, and shown in the product.")
    return gettext("Nobody was asked; it was on from the start.")


def _of_disputed(state: StateFacts, begun: Sequence[StateFacts]) -> str:
    """Say that it is not certain today, and what was certain when it was first on."""
    doubt = gettext("Sources disagree, so whether people are asked is not certain")
    doubt = f"{doubt}{colon() if state.note else '.'}"
    first = next(each for each in begun if each.value != StateValue.UNCLEAR)
    if first.value in IN_USE and not first.disputed:
        return " ".join((gettext("Nobody was asked at first."), doubt))
    return doubt


def _day_of_turn(begun: Sequence[StateFacts]) -> str:
    """Return the day since when it is on, or not on, as it is now."""
    is_on = begun[-1].value in IN_USE
    alike = takewhile(lambda state: (state.value in IN_USE) == is_on, reversed(begun))
    first = [*alike][-1]
    return format_date(first.since, first.precision) if first.since else ""


def _was_shown_in_product(line: Line) -> bool:
    """Return whether a change with which the use began for these people was shown there."""
    entries = Entry.objects.published()
    opened = entries.filter(opened_states__branch=line.branch.id)
    of_use = entries.filter(uses__branches=line.branch.id, opened_states=None)
    there = [each for each in of_use if each.where == line.branch.where or each.where.is_worldwide]
    return any(
        Told.IN_PRODUCT in entry.told and not STARTS.isdisjoint(entry.effects)
        for entry in (*opened, *there)
    )
