"""The audiences of a platform's branches and offers, with all their people and plans named."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from consent.audience import NO_PLAN, Audience, Who
from consent.ledger.platform_facts import (
    BranchFacts,
    OfferFacts,
    PlanFacts,
    PlatformFacts,
    UseFacts,
)
from consent.vocabulary import People, PlanKind, Refuse
from platforms.places import meet

EVERYBODY = frozenset(People)
#: People who have an account of another kind too, if the records do not name them.
_ACCOUNT = {People.CREATORS: People.PERSONAL, People.MINORS: People.PERSONAL}


@dataclass(frozen=True, eq=False)
class Audiences:
    """branches and offers: by the key of their use or control and their number in it.

    plans: that people of each kind can have, in the order of the list; NO_PLAN among them if a
    record names none. people: kinds that training uses name.
    """

    branches: Mapping[tuple[str, int], Audience]
    offers: Mapping[tuple[str, int], Audience]
    plans: Mapping[People, tuple[str, ...]]
    people: frozenset[People]


@lru_cache(maxsize=1024)
def audiences_of(facts: PlatformFacts) -> Audiences:
    """A branch without plans is for the plans of its people that no sibling branch names.

    An offer without plans is for all, but for no API apart unless it is a parameter of a request.
    """
    named = frozenset().union(
        *(
            _people(branch.people)
            for use in facts.uses
            if use.is_training
            for branch in use.branches
        )
    )
    apart = _apis_apart(facts)
    plans = {
        kind: _plans_of(facts, kind, apart if kind == People.MINORS and kind in named else set())
        for kind in People
    }
    branches = {
        (use.key, number): Audience(
            _people(branch.people),
            _plans_of_branch(facts, use, branch, plans, apart),
            branch.where,
            Who(branch.who, branch.who_narrows),
        )
        for use in facts.uses
        for number, branch in enumerate(use.branches)
    }
    every = frozenset().union({NO_PLAN}, *plans.values())
    without_apis = every - apart
    offers = {
        (control.key, number): Audience(
            _people(offer.people),
            frozenset(expanded(facts, offer.plans))
            or (every if control.refuse == Refuse.SEND_PARAMETER else without_apis),
            offer.where,
        )
        for control in facts.controls
        for number, offer in enumerate(control.offered)
    }
    return Audiences(branches, offers, plans, named)


def people_among(
    facts: PlatformFacts, records: Iterable[BranchFacts | OfferFacts], kind: People
) -> People:
    """Return whose branches of a use, or offers of a control, hold for people of a kind.

    Creators take the branches that name them, else those of personal accounts. So do minors,
    unless some training use of the platform names them.
    """
    if kind == People.CREATORS:
        named = any(kind in _people(record.people) for record in records)
        return kind if named else People.PERSONAL
    return People.PERSONAL if is_inferred(facts, kind) else kind


def is_inferred(facts: PlatformFacts, kind: People) -> bool:
    """Return whether the answer for a kind of people comes from the records of personal accounts.

    That of creators is not inferred: they have such an account. Nothing is inferred for minors
    where a training use names them, or where they have a plan of their own.
    """
    return kind == People.MINORS and not (
        kind in audiences_of(facts).people or any(map(_is_made_for_minors, facts.plans))
    )


def first_people(facts: PlatformFacts) -> People:
    """Return the first kind of people, in the order of People, that a training use names."""
    named = audiences_of(facts).people
    return next((kind for kind in People if kind in named), People.PERSONAL)


def expanded(facts: PlatformFacts, names: Iterable[str]) -> tuple[str, ...]:
    """Return the plans that names of plans stand for: by alias, and by what one includes."""
    found: list[str] = []
    for name in names:
        plan = plan_named(facts, name)
        found += (plan.includes or (plan.name,)) if plan else (name,)
    return tuple(dict.fromkeys(found))


def plan_named(facts: PlatformFacts, name: str) -> PlanFacts | None:
    """Return the plan of the platform's list with a name or an alias, in any case of letters."""
    wanted = name.strip().casefold()
    for plan in facts.plans:
        if wanted in (each.casefold() for each in (plan.name, *plan.aliases)):
            return plan
    return None


def is_sold(plan: PlanFacts, day: dt.date) -> bool:
    """Return whether people can have a plan on a day, as far as its days are known."""
    begun = plan.since is None or plan.since <= day
    return begun and not plan.former and (plan.until is None or day < plan.until)


def _is_made_for_minors(plan: PlanFacts) -> bool:
    return People.MINORS in plan.people and People.PERSONAL not in plan.people


def is_for(plan: PlanFacts, kind: People) -> bool:
    return not plan.people or kind in plan.people or _ACCOUNT.get(kind) in plan.people


def _people(named: Iterable[People]) -> frozenset[People]:
    return frozenset(named) or EVERYBODY


def _plans_of(facts: PlatformFacts, kind: People, apart: set[str]) -> tuple[str, ...]:
    """Return the plans that the list has for people of a kind, and those that records name.

    NO_PLAN is for all others: where the list is open and the lead has a branch without plans.
    apart: plans that these people have only if the list names them.
    """
    kinds = {kind, _ACCOUNT.get(kind, kind)}
    by_use = [
        [each for each in use.branches if not kinds.isdisjoint(_people(each.people))]
        for use in sorted(facts.uses, key=lambda use: not use.is_training)
    ]
    lead: list[BranchFacts] = next(filter(None, by_use), [])
    branches = [branch for of_use in by_use for branch in of_use]
    offers = [
        offer
        for control in facts.controls
        for offer in control.offered
        if not kinds.isdisjoint(_people(offer.people))
    ]
    listed = [
        plan.name
        for plan in facts.plans
        if not plan.includes and is_for(plan, kind)
        if plan.name not in apart or kind in plan.people
    ]
    foreign = {plan.name for plan in facts.plans} - set(listed)
    records = [*(each.plans for each in branches), *(each.plans for each in offers)]
    named = [name for plans in records for name in expanded(facts, plans)]
    plans = tuple(dict.fromkeys((*listed, *(name for name in named if name not in foreign))))
    is_open = not (facts.plans_complete and listed)
    others = any(not branch.plans and (is_open or branch.who_narrows) for branch in lead)
    return (*plans, NO_PLAN) if others or not plans else plans


def _plans_of_branch(
    facts: PlatformFacts,
    use: UseFacts,
    branch: BranchFacts,
    plans: Mapping[People, tuple[str, ...]],
    apart: set[str],
) -> frozenset[str]:
    if branch.plans:
        return frozenset(expanded(facts, branch.plans))
    if branch.who_narrows:  # fewer people than any plan has: no answer for one
        return frozenset({NO_PLAN})
    people = _people(branch.people)
    siblings = [
        other
        for other in use.branches
        if other.plans
        and not people.isdisjoint(_people(other.people))
        and meet(branch.where, other.where)
    ]
    taken = {name for other in siblings for name in expanded(facts, other.plans)}
    every = frozenset().union(*(plans[kind] for kind in _with_kin(people)))
    return every - taken - apart


def _apis_apart(facts: PlatformFacts) -> set[str]:
    """Return the plans that are APIs with terms of their own: if training names one of them."""
    apis = {plan.name for plan in facts.plans if plan.kind == PlanKind.API}
    branches = (branch for use in facts.uses if use.is_training for branch in use.branches)
    named = {name for branch in branches for name in expanded(facts, branch.plans)}
    return set() if apis.isdisjoint(named) else apis


def _with_kin(people: frozenset[People]) -> frozenset[People]:
    """Return kinds of people with those who have such an account too."""
    return people | {kind for kind, other in _ACCOUNT.items() if other in people}
