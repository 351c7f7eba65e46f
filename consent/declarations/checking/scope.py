"""Checks of what an answer needs beside states: why, short phrases, a reason for the lead."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping

from consent.declarations.catalog import Catalog
from consent.declarations.checking.finding import Finding, all_branches, is_public
from consent.declarations.schema import BranchDeclaration, UseDeclaration
from consent.vocabulary import IN_USE, TRAINING_PURPOSES, PlanKind, StateValue
from platforms import places
from platforms.declarations import PlanDeclaration

_Uses = Mapping[str, UseDeclaration]


def reasons(catalog: Catalog, today: dt.date) -> Iterator[Finding]:
    """Yield present states without why they are unclear, and states with half of a source."""
    for name, use, branch in all_branches(catalog):
        for state in branch.states if is_public(use) else ():
            is_present = state is branch.states[-1]
            if is_present and state.value == StateValue.UNCLEAR and state.why is None:
                since = state.since or "the beginning"
                yield Finding(False, name, f"is unclear since {since}; say why, if pages were read")
            if state.sources and not (state.basis or state.opened_by):
                yield Finding(False, name, f"{state.value.value} has sources, but no basis")
            if state.basis and not (state.sources or state.opened_by):
                yield Finding(False, name, f"{state.value.value} has a basis, but no source")


def leads(catalog: Catalog, today: dt.date) -> Iterator[Finding]:
    """Yield first training uses that are not on while another one is, without a note."""
    for uses in _training_uses(catalog).values():
        (name, lead), *others = uses.items()
        on = [use.slug for _, use in others if _has(use, IN_USE)]
        if on and not (_has(lead, IN_USE) or lead.note):
            words = f"comes first and is not on, but {on[0]} is; give the reason in its note"
            yield Finding(False, name, words)


def phrases(catalog: Catalog, today: dt.date) -> Iterator[Finding]:
    """Yield uses that an answer "by use" must name, without a short phrase."""
    for uses in _training_uses(catalog).values():
        lead, *others = uses.values()
        by_use = any(
            _beside(lead, (*_OFF, *_UNCLEAR), other, IN_USE) or _beside(lead, _OFF, other, _UNCLEAR)
            for other in others
        )
        for name, use in uses.items():
            if by_use and use.short is None:
                yield Finding(False, name, "an answer differs by use; add short")


def plans(catalog: Catalog, today: dt.date) -> Iterator[Finding]:
    """Yield lists of plans that do not say for whom a plan is."""
    for slug, platform in catalog.platforms.items():
        listed = platform.plans.of if platform.plans else ()
        if unknown := [plan.name for plan in listed if not plan.people]:
            yield Finding(False, slug, f"plans without people: {', '.join(unknown)}")


def paying_plans(catalog: Catalog, today: dt.date) -> Iterator[Finding]:
    """Yield plans that people pay for today and of which no training use says anything."""
    training = _training_uses(catalog)
    for slug, platform in catalog.platforms.items():
        branches = [branch for use in training[slug].values() for branch in use.branches]
        for plan in platform.plans.of if platform.plans else ():
            over = plan.former or (plan.until is not None and plan.until.on <= today)
            if branches and plan.paid and not over and not any(_covers(b, plan) for b in branches):
                yield Finding(False, slug, f"{plan.name} is sold, but no training use has it")


def offered_plans(catalog: Catalog, today: dt.date) -> Iterator[Finding]:
    """Yield plans on which a control is offered, but for which none of its uses has an answer.

    Where a branch of a training use names an API, one without plans answers for no API.
    """
    training = _training_uses(catalog)
    for name, control in catalog.controls.items():
        slug = name.partition("/")[0]
        platform = catalog.platforms.get(slug)  # The desk checks a record by itself.
        listed = platform.plans.of if platform and platform.plans else ()
        apis = {plan.name for plan in listed if plan.kind == PlanKind.API}
        named = {plan for use in training[slug].values() for b in use.branches for plan in b.plans}
        uses = [catalog.uses[use] for use in control.uses if use in catalog.uses]
        branches = [branch for use in uses for branch in use.branches]
        for plan in sorted({plan for offer in control.offered for plan in offer.plans}):
            is_apart = plan in apis and not apis.isdisjoint(named)
            has_answer = any(plan in b.plans or not (b.plans or is_apart) for b in branches)
            if branches and not has_answer:
                yield Finding(True, name, f"is offered on {plan}, of which its uses say nothing")


def _covers(branch: BranchDeclaration, plan: PlanDeclaration) -> bool:
    """Return whether a branch speaks of a plan: it names it, or it is for all of its people."""
    if branch.plans:
        return plan.name in branch.plans
    narrowed = branch.who is not None and bool(branch.who.narrows)
    return not narrowed and (not plan.people or bool(set(plan.people) & set(branch.people)))


_OFF = (StateValue.NOT_USED, StateValue.ONLY_IF_AGREED)
_UNCLEAR = (StateValue.UNCLEAR,)


def _training_uses(catalog: Catalog) -> Mapping[str, _Uses]:
    """Return the public training uses of each platform that has some, in order of weight."""
    found: dict[str, dict[str, UseDeclaration]] = defaultdict(dict)
    for name, use in catalog.uses.items():
        if use.purpose in TRAINING_PURPOSES and is_public(use):
            found[name.partition("/")[0]][name] = use
    return found


def _has(use: UseDeclaration, values: Collection[StateValue]) -> bool:
    """Return whether a use has one of these states today, for some people in some place."""
    return any(state.value in values for branch in use.branches for state in branch.states[-1:])


def _beside(
    lead: UseDeclaration,
    values: Collection[StateValue],
    other: UseDeclaration,
    other_values: Collection[StateValue],
) -> bool:
    """Return whether somebody, somewhere has these values of two uses today."""
    return any(
        one.states[-1].value in values
        and each.states[-1].value in other_values
        and set(one.people) & set(each.people)
        and (not one.plans or not each.plans or set(one.plans) & set(each.plans))
        and places.meet(one.where, each.where)
        for one in lead.branches
        for each in other.branches
        if one.states and each.states
    )
