"""Finds plans of a platform in what people type: "ChatGPT Enterprise", "the APIs of Mistral"."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

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
#: Between the names of several plans.
_JOINS = frozenset(("and", "or", "vs", "versus", "und", "oder", "et", "ou"))
_API = frozenset(("api", "apis", "schnittstelle", "schnittstellen"))


def asked_plans(facts: PlatformFacts, names: Sequence[str], typed: Sequence[str]) -> list[str]:
    """Return the plans that plain words name beside the platform, or all that are an API of it.

    Of several with nothing but "and" between them it is enough if one is beside the platform.
    names: of the platform, by which it may be called.
    """
    of_platform = {word for name in names for word in words(name)}
    spans = _plans_in(facts, typed)
    chosen: list[_Span] = []
    for span in spans:
        sought = typed[span.start : span.end]
        before, after = typed[: span.start][-1:], typed[span.end : span.end + 1]
        if (
            of_platform.intersection((*before, *after, *sought))
            or _BEFORE.intersection(before)
            or _AFTER.intersection(after)
        ):
            chosen.append(span)
    is_between = _JOINS | of_platform
    for span in [*spans, *reversed(spans)]:
        if (
            chosen
            and span not in chosen
            and any(_joined(span, each, typed, is_between) for each in chosen)
        ):
            chosen.append(span)
    if chosen:
        return list(dict.fromkeys(each.plan for each in sorted(chosen)))
    if _API.isdisjoint(typed):
        return []
    return [plan.name for plan in facts.plans if plan.kind == PlanKind.API and not plan.former]


def are_plans(facts: PlatformFacts, typed: str) -> bool:
    """Return whether a text names plans and nothing else: "Pro and Max"."""
    sought = words(typed)
    named = _plans_in(facts, sought)
    of_plans = {at for span in named for at in range(span.start, span.end)}
    return bool(named) and all(at in of_plans or word in _JOINS for at, word in enumerate(sought))


class _Span(NamedTuple):
    """Where a plan is named: from start up to, but not including, end."""

    start: int
    end: int
    plan: str


def _plans_in(facts: PlatformFacts, typed: Sequence[str]) -> list[_Span]:
    """Return where plans are named, in order; of names within others the longest.

    The name of the platform is no plan: "Gmail and Google Workspace".
    """
    spellings = {" ".join(words(facts.name)): "", **_spellings(facts)}
    found: list[_Span] = []
    for spelling, plan in sorted(spellings.items(), key=lambda each: -len(each[0])):
        sought = spelling.split()
        for start in range(len(typed) - len(sought) + 1):
            end = start + len(sought)
            is_within = any(start < each.end and each.start < end for each in found)
            if list(typed[start:end]) == sought and not is_within:
                found.append(_Span(start, end, plan))
    return sorted(span for span in found if span.plan)


def _joined(span: _Span, other: _Span, typed: Sequence[str], joins: Collection[str]) -> bool:
    first, second = sorted((span, other))
    return all(word in joins for word in typed[first.end : second.start])


def _spellings(facts: PlatformFacts) -> dict[str, str]:
    aliases = {alias: plan.name for plan in facts.plans for alias in plan.aliases}
    named = aliases | {plan: plan for plan in plans_of(facts)}
    own = " ".join(words(facts.name))
    found = {" ".join(words(name)): plan for name, plan in named.items()}
    return {name: plan for name, plan in found.items() if name and name != own}
