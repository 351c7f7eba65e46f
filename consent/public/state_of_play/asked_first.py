"""What an answer begins with if a question is about a kind of data, the day, or the telling."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from itertools import dropwhile, groupby
from typing import NamedTuple

from django.db.models import Q
from django.utils.text import capfirst
from django.utils.translation import gettext, gettext_lazy

from consent.ledger.answers import Line, Since, Stance, Verdict
from consent.ledger.atom_answers import start_of
from consent.ledger.dates import leading_date
from consent.ledger.headline_words import headline, on_whose_word, since_words
from consent.ledger.place_words import SEMICOLON, in_parentheses, listed, place_words
from consent.ledger.platform_facts import PlatformFacts, StateFacts, states_begun
from consent.ledger.question import Question
from consent.ledger.reader_place import reaches
from consent.ledger.verdict import training_uses, verdict_about
from consent.ledger.verdict_words import name_of
from consent.models import Entry
from consent.search.pages import asks_for
from consent.search.plain_words import words
from consent.search.questions import read_subject
from consent.vocabulary import IN_USE, DataKind, People, StateValue, Told
from consent.web.date_words import format_date
from consent.web.page_language import colon
from platforms.models import Platform
from platforms.vocabulary import Category

_NOT_SO = gettext_lazy("not so from %(date)s")
_INTERRUPTED = {
    StateValue.UNCLEAR: gettext_lazy("not known from %(date)s"),
    StateValue.ONLY_IF_AGREED: gettext_lazy("only if people agree from %(date)s"),
}
#: Uses, places or changes that are named one by one. Chosen.
_MOST = 4


class FirstLine(NamedTuple):
    words: str
    entries: Sequence[Entry] = ()


def first_lines(
    facts: PlatformFacts, answer: Verdict, sought: Sequence[str], names: Sequence[str]
) -> list[FirstLine]:
    """Return the lines for what plain words ask: whether their kinds of data, since when, how.

    names: of the platform, whose words ask for nothing: "Google Photos".
    """
    own = set(words(" ".join(names)))
    asked = read_subject([word for word in sought if word not in own]).kinds
    if DataKind.CHATS in asked and _products_of(facts, DataKind.CHATS):
        # "Chats" may also be those with people.
        asked = tuple(dict.fromkeys((*asked, DataKind.PRIVATE_MESSAGES)))
    kinds = [line for kind in asked for line in _of_kind(facts, kind, answer)]
    since = _since(answer) if asks_for("since", sought) else []
    return [*kinds, *since, *(_told(answer) if asks_for("told", sought) else [])]


def messages_of_minors(
    platform: Platform, facts: PlatformFacts, answer: Verdict
) -> list[FirstLine]:
    """Say what holds for private messages, which minors write most, if that is another answer."""
    if answer.people != People.MINORS or platform.category != Category.SOCIAL:
        return []
    return _of_kind(facts, DataKind.PRIVATE_MESSAGES, answer)


def _of_kind(facts: PlatformFacts, kind: DataKind, answer: Verdict) -> list[FirstLine]:
    """Say what is on record of a kind of data if the answer is another one."""

    def told_of(kind: DataKind) -> str:
        uses = [use for use in training_uses(facts) if kind in use.data_kinds]
        question = Question(answer.day, answer.place, answer.people, answer.plan)
        return headline(verdict_about(facts, uses, kind, question)) if uses else ""

    told, whole = told_of(kind), headline(answer)
    # What people write to an assistant are messages to them.
    is_chat = (
        kind == DataKind.PRIVATE_MESSAGES
        and told_of(DataKind.CHATS) == whole
        and not _products_of(facts, DataKind.CHATS)
    )
    is_same = told == whole and not (kind == DataKind.CHATS and _products_of(facts, kind))
    is_sorted = any(use.data_kinds for use in training_uses(facts))
    if is_same or not is_sorted or (is_chat and not told):
        return []
    if not told and _has_entries(facts, kind):
        return []
    told = told or gettext("nothing on record")
    return [FirstLine(f"{capfirst(_label_of(facts, kind))}{colon()} {told}")]


def _label_of(facts: PlatformFacts, kind: DataKind) -> str:
    products = _products_of(facts, kind) if kind == DataKind.CHATS else []
    if not products:
        return str(kind.label)
    return gettext("chats with %(products)s") % {"products": listed(products)}


def _products_of(facts: PlatformFacts, kind: DataKind) -> list[str]:
    """Return the parts of a platform that alone have a kind of data, as an AI has chats."""
    parts = [use.part for use in training_uses(facts) if kind in use.data_kinds]
    return list(dict.fromkeys(parts)) if all(parts) else []


def _has_entries(facts: PlatformFacts, kind: DataKind) -> bool:
    """Return whether an entry is about a kind of data, as one of X is listed under Grok too."""
    return (
        Entry.objects.published()
        .filter(platforms__slug=facts.slug)
        .listing("data_kinds", kind.value)
        .exists()
    )


def _since(answer: Verdict) -> list[FirstLine]:
    """Say the day with what kind of day it is, and on whose word; if it differs, of each use.

    Of what was interrupted or has ended, the first start and what followed.
    """
    lines = _on(answer) or list(answer.lines)
    broken = {line.key: words for line in lines if (words := _interrupted(line, answer.day))}
    if len(lines) == 1 and broken:
        return [FirstLine(words) for words in broken.values()]
    if answer.since is not None:
        said = [since_words(answer.since), on_whose_word(answer)]
        whole = [FirstLine(capfirst(" · ".join(filter(None, said))))]
        named = [line for line in lines if line.key in broken]
    else:
        whole, named = [], lines if broken else _on(answer)
    dated = []
    for line in named[:_MOST]:
        start = start_of(Stance.YES, line, answer.day) if line.is_on else None
        if words := broken.get(line.key) or (since_words(start) if start else ""):
            dated.append(FirstLine(f"{_of(line, answer)}{colon()} {words}"))
    return [*whole, *dated] or [FirstLine(gettext("Since when is not on record."))]


def _interrupted(line: Line, day: dt.date) -> str:
    """Say when it was first on, when no more, and when again; "" if nothing followed."""
    begun = states_begun(line.use, line.branch, day)
    from_first = dropwhile(lambda state: state.value not in IN_USE, begun)
    # A way out that was added or taken away is no interruption.
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
    return str(SEMICOLON).join([capfirst(start), *map(_followed_by, later)])


def _followed_by(state: StateFacts) -> str:
    assert state.since  # only a first state has no day
    if state.value in IN_USE:
        since = since_words(Since(state.since, state.precision, state.since_is))
        return gettext("again %(since)s") % {"since": since}
    words = _INTERRUPTED.get(state.value, _NOT_SO)
    return str(words) % {"date": format_date(state.since, state.precision)}


def _on(answer: Verdict) -> list[Line]:
    return [line for line in answer.lines if line.is_on]


def _of(line: Line, answer: Verdict) -> str:
    """Name a use, and its places if these are not those of the question."""
    name = name_of(line.use)
    return capfirst(
        name if answer.place else in_parentheses(name, [place_words(line.branch.where)])
    )


def _told(answer: Verdict) -> list[FirstLine]:
    """Say how people were told of each change of what the answer rests on, the earliest first."""
    branches = [line.branch.id for line in _on(answer) or answer.lines]
    of_uses = Q(uses__branches__in=branches) | Q(opened_states__branch__in=branches)
    entries = Entry.objects.published().filter(of_uses).exclude(told=[]).distinct()
    latest = [entry for entry in entries.newest_first() if reaches(entry.where, answer.place)][
        :_MOST
    ]
    by_ways: dict[tuple[str, ...], list[Entry]] = {}
    for entry in reversed(latest):
        by_ways.setdefault(tuple(entry.told), []).append(entry)
    lines = [FirstLine(_told_of(ways, each), each) for ways, each in by_ways.items()]
    return lines or [FirstLine(gettext("How people were told is not on record."))]


def _told_of(ways: Sequence[str], entries: Sequence[Entry]) -> str:
    dates = [leading_date(entry) for entry in entries]
    days = [format_date(date.on, date.precision) for date in dates if date]
    said = gettext("How people were told: %(ways)s") % {
        "ways": listed([str(Told(way).label) for way in ways])
    }
    if list(ways) == [Told.NOT_AT_ALL]:
        said = gettext("People were not told")
    return f"{in_parentheses(said, [listed(days)] if days else [])}."
