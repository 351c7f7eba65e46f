"""What is said beside the headline of an answer though nobody asked for it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from django.utils.translation import gettext

from consent.ledger.answers import Reason, Stance, Verdict
from consent.ledger.headline_words import headline
from consent.ledger.platform_facts import PlatformFacts, UseFacts
from consent.ledger.question import Question, plans_of
from consent.ledger.verdict import answer_of_use, training_uses
from consent.ledger.verdict_words import left_out, note_beside
from consent.models import Source
from consent.public.questions.answer_line import MOST_NAMED, FirstLine
from consent.public.questions.asked_kinds import is_told_apart, of_kind
from consent.public.questions.platform_question import PlatformQuestion
from consent.vocabulary import DataKind, People, Why
from consent.web.page_language import colon
from platforms.models import Platform
from platforms.vocabulary import Category

#: Uses that are named where nothing is on record of what was asked. Chosen.
_MOST_INSTEAD = 3


def reported(answer: Verdict) -> list[FirstLine]:
    """Say what others report, with its page, where nothing else is on record."""
    if answer.reason != Reason.REPORTS_ONLY:
        return []
    lines: list[FirstLine] = []
    for line in answer.lines[:MOST_NAMED]:
        if any(line.state and told.rest == line.state.note for told in lines):
            continue  # the same of another place
        if line.state and line.state.why == Why.REPORTS_ONLY and line.state.note:
            of_state = Source.objects.filter(state__branch=line.branch.id)
            source = of_state.filter(state__starts_on=line.state.since).first()
            label = gettext("What others report")
            address = source.url if source else ""
            lines.append(FirstLine(f"{label}{colon()}", rest=line.state.note, source=address))
    return lines


def of_private_accounts(answer: Verdict, category: str) -> list[FirstLine]:
    """Say whether a use leaves out what private accounts post, which headlines do not say."""
    uses = [use for use, words in left_out(answer) if "accounts" in words]
    if uses:
        label = gettext("Data")
        return [FirstLine(f"{label}{colon()}", rest=use.covers) for use in uses]
    if category != Category.SOCIAL or answer.stance not in (Stance.YES, Stance.DEPENDS):
        return []
    return [FirstLine(gettext("Whether private accounts are left out is not on record."))]


def messages_of_minors(
    platform: Platform, facts: PlatformFacts, answer: Verdict
) -> list[FirstLine]:
    """Say what holds for private messages, which minors write most, if that is another answer."""
    if answer.people != People.MINORS or platform.category != Category.SOCIAL:
        return []
    if not is_told_apart(facts, DataKind.PRIVATE_MESSAGES, answer):
        return []
    told = of_kind(facts, DataKind.PRIVATE_MESSAGES, answer)
    return [] if told.records else [told]


def uses_of_adults(facts: PlatformFacts, answer: Verdict, age: int | None) -> list[FirstLine]:
    """Name the uses that are on for adults where nothing is on record of what minors give.

    Where an age is asked about: also those that are not offered to minors, where others are.
    """
    if answer.people != People.MINORS:
        return []
    lines, uses = [], training_uses(facts)
    if answer.nothing_on_record:
        adults = replace(answer.question, people=People.PERSONAL)
        on = [use for use in uses if answer_of_use(facts, use, adults).stance == Stance.YES]
        others = [use for use in on if use not in answer.uses]
        open_uses = _of_uses(facts, others, answer.question, lambda each: each.nothing_on_record)
        lines = open_uses[:_MOST_INSTEAD]
    if age is not None and not answer.is_not_offered:
        lines += _of_uses(facts, uses, answer.question, lambda each: each.is_not_offered)
    return lines


def on_record_instead(facts: PlatformFacts, answer: Verdict) -> list[FirstLine]:
    """Name the uses that are no training and are on record where nothing is of what was asked."""
    if not answer.nothing_on_record:
        return []
    others = [use for use in facts.uses if use not in answer.uses]
    known = _of_uses(facts, others, answer.question, lambda each: not each.nothing_on_record)
    return known[:_MOST_INSTEAD]


def _of_uses(
    facts: PlatformFacts,
    uses: Iterable[UseFacts],
    question: Question,
    is_told: Callable[[Verdict], bool],
) -> list[FirstLine]:
    answers = ((use, answer_of_use(facts, use, question)) for use in uses)
    return [_about_use(use, each) for use, each in answers if is_told(each)]


def _about_use(use: UseFacts, answer: Verdict) -> FirstLine:
    """Return the answer for a use; of one that is not offered, with what is noted of that."""
    note = note_beside(answer) if answer.is_not_offered else ""
    words = headline(answer)
    return FirstLine(f"{words}." if note else words, rest=note, use=use)


def plan_not_on_record(asked: PlatformQuestion, people: People | None) -> list[FirstLine]:
    """Say that the plan that was typed is not on record, or not for minors."""
    plan = asked.plan_off_record
    if people == People.MINORS:
        answered = {*plans_of(asked.facts, people)}
        if asked.question.at_school:  # its plans are answered for beside those of minors
            answered.update(plans_of(asked.facts, People.ORGANISATION))
        plan = plan or ", ".join(each for each in asked.plans if each not in answered)
    said = gettext("We have no list of plans of %(name)s for this kind of account.")
    if plans_of(asked.facts):
        said = gettext(
            "We have no record of a plan “%(asked)s” of %(name)s for this kind of account."
        )
    return [FirstLine(said % {"asked": plan, "name": asked.facts.name})] if plan else []
