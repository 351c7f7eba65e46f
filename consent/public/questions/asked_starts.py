"""Since when training is on: each start, what interrupted it, and what is disputed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from itertools import dropwhile, groupby, takewhile

from django.utils.text import capfirst
from django.utils.translation import gettext, gettext_lazy

from consent.ledger.answers import Line, Since, Stance, Verdict
from consent.ledger.atom_answers import start_of
from consent.ledger.headline_words import on_whose_word, short_words, since_told, since_words
from consent.ledger.place_words import SEMICOLON, in_parentheses, listed, place_words
from consent.ledger.platform_facts import StateFacts, states_begun
from consent.ledger.verdict_words import LONGEST_NOTE, name_of
from consent.public.questions.answer_line import MOST_NAMED, FirstLine
from consent.vocabulary import IN_USE, StateValue, Why
from consent.web.date_words import as_known, format_date
from consent.web.page_language import colon

_NOT_SO = gettext_lazy("not so from %(date)s")

_INTERRUPTED = {
    StateValue.UNCLEAR: gettext_lazy("not known from %(date)s"),
    StateValue.ONLY_IF_AGREED: gettext_lazy("only if people agree from %(date)s"),
}

#: Of an unclear state that is over.
_TERMS_ALLOWED = gettext_lazy("the terms allowed it from %(date)s")

_STANCES_WITH_START = (Stance.NO, Stance.NOT_ANY_MORE, Stance.ONLY_IF_AGREED, Stance.NOT_OFFERED)

#: Starts that are said one by one before other things that are asked. Chosen.
_FEW = 2


def since_lines(answer: Verdict) -> list[FirstLine]:
    """Say the day with what kind of day it is, and on whose word; if it differs, of each use.

    Of what was interrupted or has ended, the first start and what followed, where it is on
    elsewhere too. Of what never began as far as is known, the answer with its day, and what was on
    record before.
    """
    lines, stopped = lines_on(answer), stopped_lines(answer)
    if not lines:
        return [*_without_start(answer), *ended_lines(answer.lines, answer)]
    broken = {line.key: words for line in lines if (words := _interrupted(line, answer.day))}
    if len(lines) == 1 and broken and not stopped:
        return [_with_note_of_stop(broken[line.key], line, answer.day) for line in lines]
    named, dated = lines, []
    if answer.since is not None and not stopped:
        named = [line for line in lines if line.key in broken or answer.since.last]
    for line in named[:MOST_NAMED]:
        start = start_of(Stance.YES, line.use, line.branch, answer.day)
        if words := broken.get(line.key) or (since_words(start) if start else ""):
            words = f"{_use_or_place(line, lines, answer)}{colon()} {words}"
            dated.append(_with_note_of_stop(words, line, answer.day))
    whole = []
    if answer.since is not None:
        told = " · ".join(filter(None, (since_told(answer), on_whose_word(answer))))
        whole = [FirstLine(capfirst(told))]
    return [*whole, *dated, *stopped] or [FirstLine(gettext("Since when is not on record."))]


def best_of_since(since: Sequence[FirstLine], answer: Verdict) -> Sequence[FirstLine]:
    """Return the start of each place or use, if they differ and are few; else what comes first.

    And what was on in places where it is not, or not known to be, today.
    """
    stopped = stopped_lines(answer)
    of_each = [line for line in since[1:] if line not in stopped] if lines_on(answer) else []
    best = of_each if 0 < len(of_each) <= _FEW else since[:1]
    return [*best, *(line for line in since if line in stopped and line not in best)]


def stopped_lines(answer: Verdict) -> list[FirstLine]:
    """Say of uses that are on in some places when they were on in others, and what followed."""
    lines = lines_on(answer)
    on = {line.use.key for line in lines}
    places = [line.branch.where for line in lines]
    told = (
        (line, _interrupted(line, answer.day))
        for line in answer.lines
        if line.use.key in on and not line.is_on
        if line.branch.where not in places and not line.branch.plans
    )
    return [
        FirstLine(f"{_use_or_place(line, lines, answer)}{colon()} {words}")
        for line, words in told
        if words
    ][:_FEW]


def _use_or_place(line: Line, others: Sequence[Line], answer: Verdict) -> str:
    """Name the places of a use, or the use as well if there are several."""
    is_one_use = len({each.use.key for each in others}) == 1 and not answer.place
    where = capfirst(place_words(line.branch.where)) if is_one_use else ""
    return where or use_and_place(line, answer)


def _without_start(answer: Verdict) -> list[FirstLine]:
    """Say that training is not on, since when that is so, and what was on record before."""
    nothing = FirstLine(gettext("No start of training is on record."))
    if answer.stance not in _STANCES_WITH_START:
        return [nothing]
    told = short_words(answer)
    if answer.since:
        since = since_words(answer.since)
        if answer.stance in (Stance.NO, Stance.NOT_ANY_MORE) and not answer.since.said:
            # Translators: after "No": "No; not since 11 August 2023"
            since = gettext("not %(since)s") % {"since": since}
        told = f"{told}{SEMICOLON}{since}"
    whole = FirstLine(" · ".join(filter(None, (told, on_whose_word(answer)))))
    before = {words: line for line in answer.lines if (words := _before(line, answer.day))}
    label, lines = gettext("Before"), []
    for words, line in before.items():
        name = [use_and_place(line, answer)] if len(before) > 1 else []
        lines.append(FirstLine(f"{in_parentheses(label, name)}{colon()} {words}."))
    if lines or any(_interrupted(line, answer.day) for line in answer.lines):
        return [whole, *lines[:MOST_NAMED]]
    return [whole, nothing]


def ended_lines(lines: Sequence[Line], answer: Verdict) -> list[FirstLine]:
    """Say of each use that was on when it began, and what followed."""
    told = ((line, _interrupted(line, answer.day)) for line in lines)
    return [
        FirstLine(f"{use_and_place(line, answer)}{colon()} {words}" if len(lines) > 1 else words)
        for line, words in told
        if words
    ][:MOST_NAMED]


def _before(line: Line, day: dt.date) -> str:
    """Say what was on record of a use that was never on before what holds; "" if nothing was."""
    begun = states_begun(line.use, line.branch, day)
    if any(state.value in IN_USE for state in begun):
        return ""
    earlier = takewhile(lambda state: state.value != begun[-1].value, begun)
    over = (turn_words(state, is_over=True) for state in earlier if state.since)
    return str(SEMICOLON).join(over)


def turn_words(state: StateFacts, *, is_over: bool = False) -> str:
    """Say what a state made of the one before: "not so from 1 May 2024", "again since 2025"."""
    if state.value in IN_USE:
        since = Since(state.since, state.precision, state.since_is, disputed=state.disputed)
        return gettext("again %(since)s") % {"since": since_words(since)}
    words = _INTERRUPTED.get(state.value, _NOT_SO)
    if is_over and state.why == Why.PERMISSION_ONLY:
        words = _TERMS_ALLOWED
    assert state.since  # only a first state has no day
    return str(words) % {
        "date": as_known(format_date(state.since, state.precision), state.since_is)
    }


def _from_first_use(line: Line, day: dt.date) -> Iterator[StateFacts]:
    """Yield the states of a use from the first one in which it was on."""
    begun = states_begun(line.use, line.branch, day)
    return dropwhile(lambda state: state.value not in IN_USE, begun)


def _interrupted(line: Line, day: dt.date) -> str:
    """Say when it was first on, when no more, and when again; "" if nothing followed."""
    # A way out that was added or taken away is no interruption.
    from_first = _from_first_use(line, day)
    by_kind = groupby(from_first, lambda state: "" if state.value in IN_USE else state.value)
    turns = [next(states) for _kind, states in by_kind]
    if len(turns) < 2:
        return ""
    first, *later = turns
    start = since_words(Since())
    if first.since:
        start = gettext("first on record %(date)s") % {
            "date": format_date(first.since, first.precision)
        }
    return str(SEMICOLON).join([capfirst(start), *map(turn_words, later)])


def _with_note_of_stop(words: str, line: Line, day: dt.date) -> FirstLine:
    """Add the short note on the state that interrupted a use, which says why, if one did."""
    states = _from_first_use(line, day)
    stopped = next((state for state in states if state.value not in IN_USE), None)
    if not stopped or not stopped.note or len(stopped.note) > LONGEST_NOTE:
        return FirstLine(words)
    return FirstLine(f"{words}.", rest=stopped.note)


def disputed_lines(answer: Verdict, *, of_starts: bool = False) -> list[FirstLine]:
    """Say what sources disagree about in what an answer is based on, in the words of the record.

    In the states of its day; those for some places only where one is asked about: elsewhere it is
    another's doubt. of_starts: in the first and last disputed state of each use instead, with its
    name.
    """
    label, lines_of = capfirst(gettext("disputed")), dict[str, list[Line]]()
    for line in lines_on(answer):
        states = [line.state] if line.state else []
        if of_starts:
            states = states_begun(line.use, line.branch, answer.day)
        elif not (answer.place or line.branch.where.is_worldwide):
            continue
        disputed = [each for each in states if each.disputed and each.value in IN_USE]
        for note in dict.fromkeys(state.note for state in (*disputed[:1], *disputed[-1:])):
            lines_of.setdefault(note, []).append(line)
    about = dict.fromkeys(lines_of, "")
    if of_starts:
        about = {note: f" · {_named_together(lines, answer)}" for note, lines in lines_of.items()}
    told = [FirstLine(f"{label}{name}{colon()}", rest=note) for note, name in about.items() if note]
    return told[:MOST_NAMED]


def _named_together(lines: Sequence[Line], answer: Verdict) -> str:
    """Name uses, with their places where these are of one line alone."""
    if len(lines) == 1:
        return use_and_place(lines[0], answer)
    return listed(dict.fromkeys(capfirst(name_of(line.use)) for line in lines))


def lines_on(answer: Verdict) -> list[Line]:
    return [line for line in answer.lines if line.is_on]


def use_and_place(line: Line, answer: Verdict) -> str:
    """Name a use, and its places if these are not those of the question."""
    name = name_of(line.use)
    return capfirst(
        name if answer.place else in_parentheses(name, [place_words(line.branch.where)])
    )
