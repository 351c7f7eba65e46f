"""What an answer begins with if a question is about a kind of data, the day, or the telling."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from django.utils.text import capfirst
from django.utils.translation import gettext

from consent.ledger.answers import Line, Stance, Verdict
from consent.ledger.atom_answers import start_of
from consent.ledger.headline_words import headline, on_whose_word, since_words
from consent.ledger.place_words import in_parentheses, listed, place_words
from consent.ledger.platform_facts import PlatformFacts
from consent.ledger.question import Question
from consent.ledger.verdict import training_uses, verdict_about
from consent.ledger.verdict_words import name_of
from consent.models import Entry, State
from consent.search.pages import asks_for
from consent.search.plain_words import words
from consent.search.questions import read_subject
from consent.vocabulary import DataKind, PublicationStatus, Told
from consent.web.page_language import colon

#: Uses, places or changes that are named one by one. Chosen.
_MOST = 4


class FirstLine(NamedTuple):
    words: str
    entry: Entry | None = None


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
    """Say the day with what kind of day it is, and on whose word; if it differs, of each use."""
    if answer.since is not None:
        said = [since_words(answer.since), on_whose_word(answer)]
        return [FirstLine(capfirst(" · ".join(filter(None, said))))]
    starts = [(line, start_of(Stance.YES, line, answer.day)) for line in _on(answer)]
    dated = [
        FirstLine(f"{_of(line, answer)}{colon()} {since_words(start)}")
        for line, start in starts[:_MOST]
        if start is not None
    ]
    return dated or [FirstLine(gettext("Since when is not on record."))]


def _on(answer: Verdict) -> list[Line]:
    return [line for line in answer.lines if line.is_on]


def _of(line: Line, answer: Verdict) -> str:
    """Name a use, and its places if these are not those of the question."""
    name = name_of(line.use)
    return capfirst(
        name if answer.place else in_parentheses(name, [place_words(line.branch.where)])
    )


def _told(answer: Verdict) -> list[FirstLine]:
    """Say how people were told of the changes that the answer rests on."""
    starts = {
        (line.branch.id, start.on)
        for line in _on(answer) or answer.lines
        if (start := start_of(answer.stance, line, answer.day))
    }
    opened = State.objects.filter(
        branch__in=[branch for branch, _on in starts],
        opened_by__status=PublicationStatus.PUBLISHED,
    ).select_related("opened_by")
    entries = dict.fromkeys(
        state.opened_by
        for state in opened.order_by("starts_on")
        if (state.branch_id, state.starts_on) in starts
    )
    lines = [FirstLine(_told_of(entry), entry) for entry in entries if entry and entry.told]
    return lines[:_MOST] or [FirstLine(gettext("How people were told is not on record."))]


def _told_of(entry: Entry) -> str:
    ways = listed([str(Told(way).label) for way in entry.told])
    return gettext("How people were told: %(ways)s.") % {"ways": ways}
