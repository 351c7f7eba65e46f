"""Who asks for an answer: where they live, what kind of people they are, on which plan and day.

What cannot be asked is refused with what can be: every surface asks `checked`.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

from consent.audience import NO_PLAN
from consent.ledger.audiences import audiences_of, is_for, plan_named
from consent.ledger.platform_facts import PlanFacts, PlatformFacts
from consent.vocabulary import People


@dataclass(frozen=True, slots=True)
class Question:
    """place: a code, a group, or "" for the world. people: None if not said."""

    day: dt.date
    place: str = ""
    people: People | None = None
    plan: str = ""


class RefusedQuestionError(Exception):
    """A question that cannot be as it is. axis: the part of it that cannot be.

    allowed: what can be asked there instead; empty where nothing can be.
    plan: one that did not exist yet on the day.
    """

    def __init__(
        self,
        axis: str,
        asked: str,
        platform: str,
        allowed: tuple[str, ...],
        plan: PlanFacts | None = None,
    ) -> None:
        super().__init__(f"{axis}: {asked}")
        self.axis, self.asked, self.platform = axis, asked, platform
        self.allowed, self.plan = allowed, plan


def plans_of(
    facts: PlatformFacts, people: People | None = None, day: dt.date | None = None
) -> tuple[str, ...]:
    """Return the plans that a question may name, in the order of the list; None: of all people.

    Former plans are among them, and names that stand for several; without a list, those that
    records name. Plans that begin after a day are left out.
    """
    known = audiences_of(facts).plans
    kinds = People if people is None else (people,)
    named = [name for kind in kinds for name in known[kind] if name != NO_PLAN]
    listed = [
        plan.name
        for plan in facts.plans
        if people is None or is_for(plan, people)
        if day is None or plan.since is None or plan.since <= day
    ]
    late = {plan.name for plan in facts.plans} - set(listed)
    return tuple(dict.fromkeys((*listed, *(name for name in named if name not in late))))


def checked(facts: PlatformFacts, question: Question) -> Question:
    """Return a question with its plan as the platform writes it.

    Raises RefusedQuestionError for a plan that is not known, not for these people, or not of that
    day, and for one of persons and organisations without a word on which is meant.
    """
    if not question.plan:
        return question
    spellings = _spellings(facts, question.plan)
    listed = next(filter(None, (plan_named(facts, each) for each in spellings)), None)
    by_name = {plan.casefold(): plan for plan in plans_of(facts)}
    named = (by_name[each] for each in spellings if each in by_name)
    name = listed.name if listed else next(named, None)
    allowed = plans_of(facts, question.people, question.day)
    if name is None or (question.people and name not in plans_of(facts, question.people)):
        raise RefusedQuestionError("plan", question.plan, facts.name, allowed)
    if name not in plans_of(facts, day=question.day):
        raise RefusedQuestionError("plan", question.plan, facts.name, allowed, listed)
    if question.people is None and listed and _needs_people(listed):
        kinds = tuple(kind.value for kind in listed.people)
        raise RefusedQuestionError("people", "", facts.name, kinds)
    return replace(question, plan=name)


def _spellings(facts: PlatformFacts, plan: str) -> list[str]:
    """Return a plan as it is asked for, and without the name of the platform: "ChatGPT Team"."""
    asked = " ".join(plan.casefold().split())
    own = (facts.name.casefold(), facts.name.partition(" (")[0].casefold())
    return [asked, *(asked.removeprefix(f"{each} ") for each in own)]


def _needs_people(plan: PlanFacts) -> bool:
    """Return whether a plan alone leaves open who asks; personal accounts come before others."""
    is_of_persons = People.PERSONAL in plan.people and People.ORGANISATION not in plan.people
    return len(plan.people) > 1 and not is_of_persons
