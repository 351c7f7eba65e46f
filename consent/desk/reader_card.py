"""The card of a use as readers see it: what happens, for whom and where, and how to refuse."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.utils.safestring import SafeString

from consent.ledger.answers import Sentence, WayOut
from consent.ledger.facts import facts_of, use_key
from consent.ledger.place_words import people_words, place_words
from consent.ledger.platform_facts import BranchFacts, PlatformFacts, UseFacts, states_begun
from consent.ledger.question import Question
from consent.ledger.state_of_play import RANK
from consent.ledger.verdict import verdict_of_use
from consent.ledger.verdict_words import act_html, chip_words, sentence_words
from consent.models import Use
from consent.vocabulary import People, StateValue
from platforms.places import WORLD


@dataclass(frozen=True, slots=True)
class BranchLine:
    """The state of one branch. due: words for a state in the future, "" if there is none."""

    where: str
    people: str
    value: StateValue
    chip: str
    sentence: str
    due: str


@dataclass(frozen=True, slots=True)
class ReaderCard:
    """The card of one use. acts: the act and the label of each control that reaches it."""

    title: str
    purpose: str
    is_training: bool
    branches: tuple[BranchLine, ...]
    acts: tuple[SafeString, ...]


def reader_cards(uses: Iterable[Use], day: dt.date) -> list[ReaderCard]:
    """Return the cards of the public ones of these uses, as they are on a day."""
    wanted = list(Use.objects.filter(pk__in=[use.pk for use in uses]).select_related("platform"))
    facts = facts_of({use.platform for use in wanted})
    cards = []
    for use in wanted:
        of_platform = facts[use.platform_id]
        of_use = next(
            (use_facts for use_facts in of_platform.uses if use_facts.key == use_key(use)), None
        )
        if of_use is not None:
            cards.append(_card(use, of_platform, of_use, day))
    return cards


def _card(use: Use, facts: PlatformFacts, of_use: UseFacts, day: dt.date) -> ReaderCard:
    lines = tuple(_line(facts, of_use, branch, day) for branch in of_use.branches)
    values = [line.value for line in lines]
    worst = min(values, key=RANK.__getitem__, default=StateValue.UNCLEAR)
    return ReaderCard(
        title=use.title,
        purpose=str(use.get_purpose_display()),
        is_training=use.is_training,
        branches=lines,
        acts=tuple(
            act_html(control, worst, operator=facts.operator)
            for control in facts.controls
            if of_use.key in control.uses
        ),
    )


def _line(facts: PlatformFacts, of_use: UseFacts, branch: BranchFacts, day: dt.date) -> BranchLine:
    sentence = _sentence(facts, of_use, branch, day)
    to_come = [
        state
        for state in branch.states
        if state.pending or (state.since is not None and state.since > day)
    ]
    # Place and people are shown next to it.
    words = sentence_words(replace(sentence, wheres=(), plans=(), who=""), facts.operator)
    due = ""
    if to_come:
        due = f"{chip_words(to_come[0].value)}, due {to_come[0].since}"
    return BranchLine(
        where=place_words(branch.where),
        people=people_words(branch.people, branch.plans, branch.who),
        value=sentence.value,
        chip=chip_words(sentence.value, sentence.way, facts.operator, branch.people),
        sentence=words,
        due=due,
    )


def _sentence(
    facts: PlatformFacts, of_use: UseFacts, branch: BranchFacts, day: dt.date
) -> Sentence:
    """Return the verdict's sentence for one branch, in a place that the branch covers."""
    alone = replace(of_use, branches=(branch,))
    place = next(iter(branch.where.places), "")
    people = next(iter(branch.people), People.PERSONAL)
    plan = next(iter(branch.plans), "")
    if WORLD not in branch.where.some_of or branch.where.places:
        verdict = verdict_of_use(facts, alone, Question(day, place, people, plan))
        if verdict is not None and verdict.sentences:
            return verdict.sentences[0]
    begun = [state.value for state in states_begun(of_use, branch, day)]
    value = begun[-1] if begun else StateValue.UNCLEAR
    return Sentence(of_use, value, WayOut.REFUSABLE, False, (branch,))
