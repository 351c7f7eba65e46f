"""Platforms with today's answer, and answers to other questions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from django.db.models import Q
from django.utils import timezone

from consent.audience import NO_PLAN
from consent.ledger.answers import (
    Axis,
    Part,
    Since,
    Verdict,
    Way,
    WaySince,
    way_on_record,
)
from consent.ledger.catalog_words import translated
from consent.ledger.facts import facts_of, listed_platforms
from consent.ledger.headline_words import (
    headline,
    operator_with_history,
    short_words,
    short_words_and_doubts,
    since_told,
    since_words,
    speaker_of,
)
from consent.ledger.place_words import place_words
from consent.ledger.platform_facts import PlanFacts
from consent.ledger.question import plans_of
from consent.ledger.record_fields import Record, dated
from consent.ledger.state_of_play import ANYBODY, Reader, answers_of_today
from consent.ledger.verdict import verdict
from consent.ledger.verdict_words import sentence_words, way_words
from consent.ledger.who_sets import Setting, settings_of
from consent.open_data.lists.public_list import Key, PublicList
from consent.open_data.lists.record_addresses import answer_address
from consent.open_data.lists.sources_of_lines import SourcesOfLines, reported_lines
from consent.open_data.lists.ways_out import where_found
from consent.open_data.questions import domains_of
from consent.search.operators import operators
from consent.vocabulary import GIVING_UP
from consent.web.absolute_urls import absolute_url
from platforms.characters import cleaned
from platforms.models import Platform
from platforms.places import Coverage, Where


def _keys(where: Q) -> Iterator[Key]:
    rows = Platform.objects.listed().filter(where).order_by()
    return ((slug, pk) for pk, slug in rows.values_list("pk", "slug"))


def _records(keys: Sequence[int]) -> Iterator[Record]:
    platforms = list(Platform.objects.filter(pk__in=keys).order_by())
    facts, today = facts_of(platforms), ANYBODY.on(timezone.localdate())
    answers = {each.pk: verdict(facts[each.pk], today) for each in platforms}
    settings = {pk: settings_of(facts[pk], each) for pk, each in answers.items()}
    ways = [way for each in answers.values() for way in each.ways]
    ways += [each.way for of_platform in settings.values() for each in of_platform]
    found = where_found({way.control.key for way in ways})
    sources = _sources_of_reports(answers.values())
    companies = operators(listed_platforms())
    for platform in platforms:
        address = absolute_url(platform.get_absolute_url())
        answer = _verdict_record(
            platform, answers[platform.pk], settings[platform.pk], found, sources, address
        )
        yield {
            "id": platform.slug,
            "name": platform.name,
            "operator": operator_with_history(platform.operator, facts[platform.pk].behind),
            "category": platform.category,
            "homepage": platform.homepage,
            "aliases": platform.aliases,
            "summary": translated(platform.summary) or None,
            "domains": domains_of(platform.homepage, platform.aliases, companies),
            "same_as": {"ota": [], **dict.fromkeys(_ONE_EACH), **platform.same_as},
            "verdict": answer,
            "url": address,
        }


#: Lists of others that have a service once.
_ONE_EACH = ("wikidata", "tosdr", "justdeleteme", "datenanfragen")
PLATFORMS = PublicList(_keys, _records)


def keys_with_answer(keys: Sequence[Key], answer: str) -> list[Key]:
    """Return the keys of those platforms that have an answer today."""
    answers = answers_of_today()
    return [key for key in keys if key[1] in answers and answers[key[1]].answer == answer]


def verdict_on(platform: Platform, day: dt.date, reader: Reader = ANYBODY) -> Record:
    """Return the answer for a platform as its page gives it."""
    facts = facts_of([platform])[platform.pk]
    answer = verdict(facts, reader.on(day))
    settings = settings_of(facts, answer)
    ways = [*answer.ways, *(each.way for each in settings)]
    found = where_found({way.control.key for way in ways})
    sources = _sources_of_reports([answer])
    address = answer_address(platform, reader, day)
    record: Record = cleaned(_verdict_record(platform, answer, settings, found, sources, address))
    return record


def _sources_of_reports(answers: Iterable[Verdict]) -> SourcesOfLines:
    """Return what names the reporters of these answers, where their states do not."""
    lines = (line for each in answers for line in reported_lines(each))
    unnamed = (line for line in lines if line.state and not line.state.said_by)
    return SourcesOfLines(unnamed, with_passages=False)


def _verdict_record(
    platform: Platform,
    answer: Verdict,
    settings: Iterable[Setting],
    found: Mapping[str, Record],
    sources: SourcesOfLines,
    address: str,
) -> Record:
    """Return a verdict in codes and in words of the language in use.

    found: where the controls of its ways out are (ways_out.py). address: of its page.
    """
    return {
        "platform": platform.slug,
        "place": answer.place or None,
        "people": answer.people,
        "plan": answer.plan or None,
        "asof": answer.day.isoformat(),
        "answer": answer.answer,
        "answer_in_words": short_words_and_doubts(answer),
        "headline": headline(answer),
        "differs_by": [each.value for each in answer.differs_by],
        "since": since_record(answer.since, since_told(answer)),
        "sentences": [
            {
                "use": each.use.key,
                "purpose": each.use.purpose,
                "value": each.value,
                "disputed": each.disputed,
                "in_words": sentence_words(each, answer.operator),
            }
            for each in answer.sentences
        ],
        "ways_out": [_way(way, answer) | found[way.control.key] for way in answer.ways],
        "settings": [_way(each.way, answer) | found[each.way.control.key] for each in settings],
        "ways_differ_by": [each.value for each in answer.ways_differ_by],
        "ways_differ_by_place": Axis.PLACE in answer.ways_differ_by,
        "minutes": answer.minutes,
        "url": address,
        "stance": answer.stance,
        "way": way_on_record(answer.stance, answer.way),
        "lead": answer.lead.key if answer.lead else None,
        "parts": [part_record(each, answer) for each in answer.parts],
        "reason": answer.reason,
        "basis": answer.word,
        "said_by": speaker_of(answer, answer),
        "reporters": sources.reporters(answer),
        "disputed": answer.disputed,
        "inferred_from": answer.inferred_from,
        "short": short_words(answer),
    }


def part_record(part: Part, answer: Verdict) -> Record:
    return {
        "stance": part.stance,
        "way": way_on_record(part.stance, part.way),
        "reason": part.reason,
        "basis": part.word,
        "said_by": speaker_of(part, answer),
        "disputed": part.disputed,
        "places": _places(part.wheres),
        "plans": _plans(part.plans),
        "groups": list(part.groups) or None,
        "uses": list(part.uses) or None,
        "since": since_record(part.since),
    }


def _plans(plans: Collection[str]) -> list[str] | None:
    return [plan for plan in plans if plan != NO_PLAN] if plans else None


def _places(wheres: Iterable[Where]) -> str | None:
    return "; ".join(map(place_words, wheres)) or None


def _is_for_all(way: Way, answer: Verdict) -> bool:
    """True if a way is surely offered to all that were asked about, on each plan."""
    offers = [each.offers.get(way.control.key) for each in answer.by_atom.values()]
    return all(coverage == Coverage.SURELY for coverage in offers)


def plans_on_record(platform: Platform) -> list[Record]:
    """Return the plans that a question may name, as the list of the platform has them."""
    facts = facts_of([platform])[platform.pk]
    listed = {plan.name: plan for plan in facts.plans}
    plans = [listed.get(name) or PlanFacts(name) for name in plans_of(facts)]
    return [
        {
            "name": plan.name,
            "aliases": list(plan.aliases),
            "includes": list(plan.includes),
            "people": list(plan.people),
            "paid": plan.paid,
            "former": plan.former,
            "since": dated(plan.since, plan.since_precision),
            "until": dated(plan.until, plan.until_precision),
            "kind": plan.kind,
        }
        for plan in plans
    ]


def since_record(since: Since | None, in_words: str = "") -> Record | None:
    """in_words: those of an answer, which name the part that began then if it differs."""
    if since is None:
        return None
    return {
        "date": dated(since.on, since.precision),
        "since_is": since.since_is if since.on else None,
        "disputed": since.disputed,
        "differs_by_place": since.differs_by_place,
        "way_since": since.way and _way_since(since.way),
        "in_words": in_words or since_words(since),
    }


def _way_since(way: WaySince) -> Record:
    since = way.since
    return {
        "can_refuse": way.can_refuse,
        "date": dated(since.on, since.precision),
        "since_is": since.since_is,
    }


def _way(way: Way, answer: Verdict) -> Record:
    return {
        "control": way.control.key,
        "label": way.control.words or None,
        "refuse": way.control.refuse,
        "gives_up": way.control.refuse in GIVING_UP,
        "by": way.control.by,
        "binding": way.control.binding,
        "scope": way.control.act_covers,
        "uses": list(way.uses),
        "offered": "surely" if _is_for_all(way, answer) else "perhaps",
        "shares": [
            {"places": _places(share.wheres), "plans": _plans(share.plans)} for share in way.shares
        ],
        "in_words": way_words(way, people=answer.people, operator=answer.operator),
    }
