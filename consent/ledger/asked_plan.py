"""Finds plans of a platform in what people type: "ChatGPT Enterprise", "the APIs of Mistral"."""

from __future__ import annotations

from collections.abc import Sequence

from consent.ledger.platform_facts import PlatformFacts
from consent.ledger.question import plans_of
from consent.search.plain_words import words
from platforms.vocabulary import PlanKind

#: Plain words, without accents, beside the name of a plan. Such names are ordinary words too:
#: "for my team".
_BEFORE = frozenset(
    (
        *("on", "with", "using", "for", "mit", "auf", "im", "fur", "avec", "sur", "pour"),
        *("plan", "tarif"),
    )
)
_AFTER = frozenset(
    (
        *("plan", "plans", "account", "accounts", "subscription", "tier", "version", "workspace"),
        *("konto", "tarif", "abo", "compte", "forfait", "abonnement"),
    )
)
_API = frozenset(("api", "apis", "schnittstelle", "schnittstellen"))


def asked_plans(facts: PlatformFacts, names: Sequence[str], typed: Sequence[str]) -> list[str]:
    """Return the plan that plain words name beside the platform, or all that are an API of it.

    names: of the platform, by which it may be called.
    """
    of_platform = {word for name in names for word in words(name)}
    for spelling, plan in sorted(_spellings(facts).items(), key=lambda each: -len(each[0])):
        sought = spelling.split()
        for at in range(len(typed) - len(sought) + 1):
            end = at + len(sought)
            before, after = typed[:at][-1:], typed[end : end + 1]
            if list(typed[at:end]) == sought and (
                of_platform.intersection((*before, *after, *sought))
                or _BEFORE.intersection(before)
                or _AFTER.intersection(after)
            ):
                return [plan]
    if _API.isdisjoint(typed):
        return []
    return [plan.name for plan in facts.plans if plan.kind == PlanKind.API and not plan.former]


def _spellings(facts: PlatformFacts) -> dict[str, str]:
    aliases = {alias: plan.name for plan in facts.plans for alias in plan.aliases}
    named = aliases | {plan: plan for plan in plans_of(facts)}
    own = " ".join(words(facts.name))
    found = {" ".join(words(name)): plan for name, plan in named.items()}
    return {name: plan for name, plan in found.items() if name and name != own}
