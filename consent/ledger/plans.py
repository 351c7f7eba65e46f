"""The plans of a platform that a question may name: those that its branches and offers name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from consent.ledger.platform_facts import PlatformFacts
from consent.vocabulary import People


class UnknownPlanError(Exception):
    """A plan that is not on record for a platform and these people. allowed: those that are."""

    def __init__(self, plan: str, platform: str, allowed: tuple[str, ...]) -> None:
        super().__init__(plan)
        self.plan, self.platform, self.allowed = plan, platform, allowed


def plans_of(facts: PlatformFacts, people: People | None = None) -> tuple[str, ...]:
    """Return the plans on record for people of a kind, in the order of the file; None: of all."""
    return tuple(dict.fromkeys(_named(facts, people)))


def known_plan(facts: PlatformFacts, asked: str, people: People | None = None) -> str:
    """Return a plan as the platform writes it; "" if none is asked for. Raises UnknownPlanError.

    Every surface that takes a plan asks this function, so that no plan is answered by records of
    other plans.
    """
    if not asked:
        return ""
    allowed = plans_of(facts, people)
    wanted = asked.strip().casefold()
    for plan in allowed:
        if plan.casefold() == wanted:
            return plan
    raise UnknownPlanError(asked, facts.name, allowed)


def _named(facts: PlatformFacts, people: People | None) -> Iterator[str]:
    for use in facts.uses:
        for branch in use.branches:
            if _is_for(branch.people, people):
                yield from branch.plans
    for control in facts.controls:
        for offer in control.offered:
            if _is_for(offer.people, people):
                yield from offer.plans


def _is_for(named: Iterable[People], people: People | None) -> bool:
    """Return whether a record is for people of a kind. Creators have personal plans too."""
    kinds = set(named)
    if people is None or not kinds or people in kinds:
        return True
    return people == People.CREATORS and People.PERSONAL in kinds
