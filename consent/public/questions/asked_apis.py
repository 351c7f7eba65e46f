"""Which APIs are meant where "API" stands beside names: "which API, OpenAI or Gemini"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from consent.ledger.facts import facts_of
from consent.search.asked_names import AskedName
from consent.search.names import spellings_of
from consent.search.pages import asks_for
from consent.search.plain_words import words
from platforms.models import Platform
from platforms.vocabulary import PlanKind

_COMPOUND = re.compile(r"(?<=\w)-(?=(?:apis?|schnittstellen?)\b)", re.IGNORECASE)


def with_apis_apart(typed: str) -> str:
    """Make two words of "OpenAI-API"."""
    return _COMPOUND.sub(" ", typed)


def of_apis(names: list[AskedName], typed: str, listed: Sequence[Platform]) -> list[AskedName]:
    """Let names stand for their APIs if a question asks for APIs.

    What is typed itself, or has API plans, stays: "Gemini API or the Gemini app".
    """
    if not asks_for("api", words(typed)):
        return names
    named = {each.pk for name in names for each in name.platforms}
    apis = {
        spelling.removesuffix(" api"): each
        for each in listed
        if each.pk not in named
        for spelling in spellings_of(each)
        if spelling.endswith(" api")
    }
    return [replace(name, platforms=_apis_of(name.platforms, apis)) for name in names]


def _apis_of(platforms: list[Platform], apis: dict[str, Platform]) -> list[Platform]:
    """Return the API of each platform; of a company with several, those that are APIs."""
    own = [
        next((apis[each] for each in spellings_of(platform) if each in apis), platform)
        for platform in platforms
    ]
    if len(own) < 2:
        return own
    facts = facts_of(own)
    with_plans = [
        each for each in own if any(plan.kind == PlanKind.API for plan in facts[each.pk].plans)
    ]
    return list(dict.fromkeys(with_plans or own))
