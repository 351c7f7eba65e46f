"""Finds plans of a platform in what people type: "ChatGPT Enterprise", "the APIs of Mistral"."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from itertools import takewhile
from typing import NamedTuple

from consent.ledger.platform_facts import PlatformFacts
from consent.ledger.question import plans_of
from consent.search.asked_people import are_people, asked_people
from consent.search.names import AGAINST
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
_ARTICLES = frozenset(
    ("a", "an", "the", "my", "einem", "einer", "dem", "der", "meinem", "un", "une", "le", "la")
)
_AFTER = frozenset(
    (
        *("plan", "plans", "account", "accounts", "subscription", "tier", "version", "workspace"),
        *("konto", "tarif", "abo", "compte", "forfait", "abonnement"),
    )
)
#: Between the names of several services; a comma is a word of its own.
_APART = frozenset((",", "and", "or", "und", "oder", "et", "ou", "than", "als")) | AGAINST
#: Between the names of services that all have the plan after them.
_LISTS = frozenset((",", "and", "und", "et"))
#: Between the names of several plans.
_JOINS = _APART | frozenset(
    (
        *("compared", "comparison", "in", "to", "with", "instead", "of", "rather", "over", "que"),
        *("im", "vergleich", "zu", "zum", "mit", "statt", "par", "rapport", "a", "plutot", "au"),
    )
)
#: Words that weigh one thing against another.
_WEIGHED = _APART - frozenset((",", "and", "und", "et")) | frozenset(("que", "compared"))
#: Between a service and its plan for some people: "ChatGPT for Teachers".
_FOR = frozenset(("for", "fur", "pour"))
#: What a plan called Free is called in other languages.
_FREE = (
    *("kostenlos", "kostenlose", "kostenlosen", "kostenloses", "gratis"),
    *("gratuit", "gratuite", "gratuitement"),
)
#: What people call the only plan of a service that costs money.
_PAID = (
    *("paid plan", "paid tier", "paid version", "paid account", "paid subscription"),
    *("bezahlversion", "kostenpflichtige version", "kostenpflichtiger tarif", "bezahltes konto"),
    *("version payante", "offre payante", "compte payant", "abonnement payant"),
)
_WHEN_PAYING = re.compile(
    r"\b(?:(?:when|if|once) (?:i|you|we) pay(?: for it)?"
    r"|wenn (?:ich|wir|man) (?:dafür )?(?:be)?zahl(?:e|en|t)"
    r"|(?:si|quand) (?:je|on|nous) pa(?:ie|ye|yons))\b",
    re.IGNORECASE,
)
#: A plan that costs money where another is named: "free or paid", "the free tier and the paid one".
_OR_PAID = re.compile(
    r"(?:(?<=\bor )|(?<=\band )|(?<=\bvs )|(?<=/))(?:on |the )*paid(?: ones?)?\b"
    r"(?! (?:plans?|tiers?|versions?|accounts?|subscriptions?|use|users?|customers?|services?"
    r"|for|by|to|out|a|the|its?)\b)"
    r"|(?:(?<=\boder )|(?<=\bund ))(?:bezahlt|kostenpflichtig)\w*\b(?! \w*(?:version|tarif|konto))"
    r"|(?:(?<=\bou )|(?<=\bet ))payante?s?\b",
    re.IGNORECASE,
)
#: Other words for one of the name of a plan, and what people shorten it to. A plan that is itself
#: called so comes first.
_ALSO_CALLED = {
    "organization": ("organisation", "org", "orga"),
    "business": ("biz",),
    "enterprise": ("ent",),
    "education": ("edu",),
    "edu": ("education",),
    "professional": ("pro",),
    "pro": ("professional",),
    "premium": ("prem",),
    "team": ("teams",),
    "teams": ("team",),
}
_IN_FULL = {"biz": "business", "ent": "enterprise", "org": "organization", "edu": "education"}
#: What so many services call a plan that it is the name of none. Chosen.
COMMON_PLANS = frozenset(("enterprise", "business", "pro", "premium", *_IN_FULL))
_API = frozenset(("api", "apis", "schnittstelle", "schnittstellen"))


def plain_words(typed: str) -> list[str]:
    """Return the plain words of a question, with a comma between those of its parts."""
    typed = _OR_PAID.sub("paid plan", _WHEN_PAYING.sub("on paid plan", typed))
    parts = [_words(part) for part in re.split(r"[,;\n]| [+/] ", typed)]
    return [word for part in parts if part for word in (",", *part)][1:]


def _words(text: str) -> list[str]:
    """Return plain words, and "Pro+" as two: it is not Pro."""
    return words(text.replace("+", " plus "))


def asked_plans(
    facts: PlatformFacts,
    names: Sequence[str],
    typed: Sequence[str],
    others: Collection[str] = (),
) -> list[str]:
    """Return the plans that plain words name beside the platform, or all that are an API of it.

    Of several with nothing but "and" between them it is enough if one is beside the platform.
    names: of the platform, by which it may be called. others: names of the other platforms in
    the question, which has their plans too: "ChatGPT Enterprise or Claude Team".
    """
    of_platform = {word for name in names for word in words(name)}
    elsewhere = {word for name in others for word in words(name)}
    of_plans = _spellings(facts).keys()  # "Copilot Pro" is another name of a platform
    own, of_others = of_platform - elsewhere - of_plans, elsewhere - of_platform - of_plans
    of_apis = [plan.name for plan in facts.plans if plan.kind == PlanKind.API and not plan.former]
    every = [
        span
        for span in _plans_in(facts, typed)
        if (
            not are_people(typed[span.start : span.end], _without(span, typed, of_platform))
            or _is_called_so(span, typed, of_platform)
        )
        and not (_is_of_api(span, typed, of_platform) and of_apis and span.plan not in of_apis)
    ]
    spans = [
        span
        for span in every
        if _is_of(own, of_others, span, typed) or _is_of_list(of_platform, of_others, span, typed)
    ]
    chosen = [
        span
        for span in spans
        if of_platform.intersection((*_beside(span, typed), *typed[span.start : span.end]))
        or _is_said_to_be_plan(span, typed)
    ]
    is_between = _JOINS | _ARTICLES | _AFTER | {"on"} | of_platform
    for span in [*spans, *reversed(spans)]:
        if (
            chosen
            and span not in chosen
            and any(_joined(span, each, typed, is_between) for each in chosen)
        ):
            chosen.append(span)
    chosen = chosen or [
        span
        for span in every
        if _is_said_to_be_plan(span, typed) and of_others.isdisjoint(_beside(span, typed))
    ]
    if chosen:
        return list(dict.fromkeys(each.plan for each in sorted(chosen)))
    return [] if _API.isdisjoint(typed) else of_apis


def weighs_free_plans(typed: Sequence[str]) -> bool:
    """Return whether plain words weigh what is free against something else: "free or work"."""
    return not (_WEIGHED.isdisjoint(typed) or {"free", *_FREE}.isdisjoint(typed))


def free_plan(facts: PlatformFacts) -> str:
    """Return the plan called Free of a platform; "" without one."""
    return _spellings(facts).get("free", "")


def plan_off_record(facts: PlatformFacts, names: Sequence[str], typed: Sequence[str]) -> str:
    """Return a plan right after the name of a platform that has none of that name on record."""
    of_platform = {word for name in names for word in words(name)}
    known = {at for span in _plans_in(facts, typed) for at in range(span.start, span.end)}
    name = words(facts.name)
    for at, word in enumerate(typed[1:], start=1):
        # "Microsoft Copilot Pro" is a plan, though "Copilot Pro" is what it was called.
        is_of_name = word in name or (word in of_platform and typed[:at][-len(name) :] != name)
        is_plan = word in COMMON_PLANS and not is_of_name and at not in known
        is_plan = is_plan and (word != "org" or bool(facts.plans))  # "wikipedia org"
        # "Gmail business email" is that of an organisation, on whatever plan.
        is_plan = is_plan and asked_people(typed[at : at + 2]).people is None
        if is_plan and typed[at - 1] in of_platform:
            return _IN_FULL.get(word, word).title()
    return ""


def _beside(span: _Span, typed: Sequence[str]) -> list[str]:
    """Return the words before and after a plan, whatever comma is between."""
    before = [word for word in typed[: span.start] if word != ","][-1:]
    return [*before, *[word for word in typed[span.end :] if word != ","][:1]]


def _is_of_api(span: _Span, typed: Sequence[str], of_platform: Collection[str]) -> bool:
    """Return whether a plan is said to be one of an API: "API free plan", "free Mistral API"."""
    after = [word for word in typed[span.end :] if word not in of_platform]
    return not _API.isdisjoint((*typed[: span.start][-1:], *after[:1]))


def _is_said_to_be_plan(span: _Span, typed: Sequence[str]) -> bool:
    before, after = list(typed[: span.start]), typed[span.end - 1 : span.end + 1]
    # "With a trial key"; but "for a team" is about one.
    if span.end - span.start > 1 and not _ARTICLES.isdisjoint(before[-1:]):
        before.pop()
    before = before[-1:]
    return bool(_BEFORE.intersection(before) or _AFTER.intersection(after))


def _without(span: _Span, typed: Sequence[str], of_platform: Collection[str]) -> list[str]:
    """Return the words of a question without names, which may be of another language."""
    others = (*typed[: span.start], *typed[span.end :])
    return [word for word in others if word not in of_platform]


def _is_called_so(span: _Span, typed: Sequence[str], of_platform: set[str]) -> bool:
    """Return whether words for people are a plan here: "ChatGPT for Teachers", "Teachers plan"."""
    before = [word for word in typed[: span.start] if word not in _FOR][-1:]
    after = typed[span.end : span.end + 1]
    return not (_AFTER.isdisjoint(after) and of_platform.isdisjoint(before))


def _is_of(own: set[str], others: set[str], span: _Span, typed: Sequence[str]) -> bool:
    """Return whether a plan is that of a platform rather than of another in the question.

    It is of the one named before it between the same joining words, else after it; where none is,
    of the one named last, else of the next. own, others: words that name this one and others only.
    """
    if own.intersection(typed[span.start : span.end]):
        return True
    edges = [at for at, word in enumerate(typed) if word in _APART]
    start = max((at for at in edges if at < span.start), default=-1)
    end = min((at for at in edges if at >= span.end), default=len(typed))
    ranges = (
        range(span.start - 1, start, -1),
        range(span.end, end),
        range(start, -1, -1),
        range(end, len(typed)),
    )
    nearest = (typed[at] for each in ranges for at in each if typed[at] in own | others)
    return next(nearest, None) not in others


def _is_of_list(
    of_platform: set[str], of_others: set[str], span: _Span, typed: Sequence[str]
) -> bool:
    """Return whether a plan is after a list of services: "Figma + Airtable Enterprise plan".

    Nothing but names is in that list: in "Figma Pro + Airtable Enterprise plan" each has its own.
    """
    in_list = _LISTS | of_platform | of_others
    listed = set(takewhile(in_list.__contains__, reversed(typed[: span.start])))
    return _is_said_to_be_plan(span, typed) and not (
        listed.isdisjoint(of_platform) or listed.isdisjoint(_LISTS)
    )


def are_plans(facts: PlatformFacts, typed: str) -> bool:
    """Return whether a text names plans and nothing else: "Pro and Max"."""
    sought = plain_words(typed)
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

    The name of the platform is no plan: "Gmail & Google Workspace".
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
    found = {" ".join(_words(name)): plan for name, plan in named.items()}
    # "DeepL Pro" is Pro of DeepL; "ChatGPT for Teachers" is no plan called "for Teachers".
    rests = {name.removeprefix(f"{own} "): plan for name, plan in found.items()}
    found = {name: plan for name, plan in rests.items() if name.split()[0] not in _FOR} | found
    for called, paid in ((_PAID, True), (("free",), False)):
        of_price = [each.name for each in facts.plans if each.paid is paid and not each.former]
        found = dict.fromkeys(called, of_price[0]) | found if len(of_price) == 1 else found
    found = dict.fromkeys(_FREE, found["free"]) | found if "free" in found else found
    also = {each: plan for name, plan in found.items() for each in _otherwise(name)}
    found = also | found
    return {name: plan for name, plan in found.items() if name and name != own}


def _otherwise(name: str) -> Iterator[str]:
    """Yield the name of a plan with one of its words shortened or called otherwise."""
    typed = name.split()
    for at, word in enumerate(typed):
        for other in _ALSO_CALLED.get(word, ()):
            yield " ".join((*typed[:at], other, *typed[at + 1 :]))
