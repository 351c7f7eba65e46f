"""The plans of kind "api" that are sold, each with whom it is asked about."""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from django.utils.translation import ngettext

from consent.ledger.answers import Stance
from consent.ledger.audiences import is_for, is_sold
from consent.ledger.facts import facts_of_all, listed_platforms
from consent.ledger.headline_words import operator_in_brief
from consent.ledger.place_words import in_parentheses
from consent.ledger.platform_facts import PlanFacts, PlatformFacts
from consent.ledger.state_of_play import Reader
from consent.ledger.verdict import verdict
from consent.vocabulary import People, PlanKind
from consent.web.page_language import colon
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


def product_in_full(operator: str, product: str) -> str:
    """Return a product after its company where it is named neither like that nor as an API."""
    company = operator_in_brief(operator, product)
    own, named = (re.findall(r"\w+", name.casefold()) for name in (company, product))
    is_named = "api" in named or not set(own).isdisjoint(named)
    if is_named or "".join(own) in "".join(named):
        return product
    return f"{company}{colon()} {product}"


def products_with_plans(plans: Iterable[ApiPlan]) -> list[str]:
    """Return the products of plans by name; with its plans, where it has others too."""
    by_product: dict[PlatformFacts, list[str]] = defaultdict(list)
    for each in plans:
        by_product[each.facts].append(each.plan.name)
    names = []
    for facts, listed in by_product.items():
        others = {plan.name for plan in facts.plans}.difference(listed)
        product = product_in_full(facts.operator, facts.name)
        names.append(in_parentheses(product, listed if others else []))
    return sorted(names, key=str.casefold)


def _people(plan: PlanFacts) -> People | None:
    """Return who is asked about: organisations where the plan is sold to them."""
    if not plan.people:
        return None
    return People.ORGANISATION if is_for(plan, People.ORGANISATION) else plan.people[0]
