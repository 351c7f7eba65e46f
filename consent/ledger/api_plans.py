"""The plans of kind "api" that are sold, each with whom it is asked about."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from django.utils.translation import ngettext

from consent.ledger.answers import Stance
from consent.ledger.audiences import is_for, is_sold
from consent.ledger.facts import facts_of_all, listed_platforms
from consent.ledger.platform_facts import PlanFacts, PlatformFacts
from consent.ledger.state_of_play import Reader
from consent.ledger.verdict import verdict
from consent.vocabulary import People, PlanKind
from platforms.models import Platform


class ApiPlan(NamedTuple):
    platform: Platform
    facts: PlatformFacts
    plan: PlanFacts
    reader: Reader


def api_plans(day: dt.date, place: str = "") -> Iterator[ApiPlan]:
    """Yield the plans that programs send data under on a day, in the order of platforms."""
    facts_by_key = facts_of_all()
    for platform in listed_platforms():
        facts = facts_by_key[platform.pk]
        for plan in facts.plans:
            if plan.kind == PlanKind.API and is_sold(plan, day):
                yield ApiPlan(platform, facts, plan, Reader(place, _people(plan), plan.name))


def api_plans_by_answer(day: dt.date) -> Mapping[Stance, Sequence[ApiPlan]]:
    """Return these plans by their answer."""
    plans: dict[Stance, list[ApiPlan]] = defaultdict(list)
    for each in api_plans(day):
        plans[verdict(each.facts, each.reader.on(day)).stance].append(each)
    return plans


def plans_of_providers(plans: int, providers: int) -> str:
    """Say how many plans there are, and of how many companies: one can have several."""
    words = (
        ngettext("%(number)s provider", "%(number)s providers", providers) % {"number": providers},
        ngettext("%(number)s plan", "%(number)s plans", plans) % {"number": plans},
    )
    return ", ".join(words)


def _people(plan: PlanFacts) -> People | None:
    """Return who is asked about: organisations where the plan is sold to them."""
    if not plan.people:
        return None
    return People.ORGANISATION if is_for(plan, People.ORGANISATION) else plan.people[0]
