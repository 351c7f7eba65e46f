"""Names of plans: those that records use, compared with the closed list of their platform."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping

from consent.vocabulary import People
from platforms.declarations import PlanDeclaration

#: The plans of a platform by their names.
Plans = Mapping[str, PlanDeclaration]


def why_no_plan(name: str, plans: Plans) -> str:
    """Return why a record cannot name a plan, with advice; "" if the list has it."""
    if name in plans:
        return ""
    if not plans:
        return f"no plan {name!r}: no list of plans is on record; add plans to the platform"
    for plan in plans.values():
        if name.casefold() in {other.casefold() for other in (plan.name, *plan.aliases)}:
            return f"no plan {name!r}; the list calls it {plan.name!r}"
    close = difflib.get_close_matches(name, plans, n=1)
    advice = f"did you mean {close[0]!r}?" if close else "add it to the list, or take it out"
    return f"no plan {name!r}; {advice}"


def why_not_for(name: str, people: Iterable[People], plans: Plans) -> str:
    """Return why a record cannot name a listed plan beside people; "" if it can.

    people: empty for everyone.
    """
    named, plan = set(people), plans.get(name)
    if plan is None or not named or not plan.people or named & set(plan.people):
        return ""
    its_own, theirs = ", ".join(sorted(plan.people)), ", ".join(sorted(named))
    return f"the plan {name!r} is for {its_own}, but this is for {theirs}"
