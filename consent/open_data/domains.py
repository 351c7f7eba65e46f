"""The file for extensions of browsers: small, whole, and kept by them (docs/extensions.md)."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict

from django.utils import timezone
from django.utils.text import slugify

from consent.ledger.answers import ShortAnswer, Word, way_on_record
from consent.ledger.facts import facts_of_all, listed_platforms
from consent.ledger.guide_lines import all_guide_lines
from consent.ledger.headline_words import short_words, short_words_and_doubts
from consent.ledger.platform_facts import PlatformFacts
from consent.ledger.record_fields import Record, moment
from consent.ledger.state_of_play import Reader
from consent.ledger.verdict import short_answer
from consent.open_data.envelopes import LICENCE
from consent.open_data.questions import domains_of
from consent.search.operators import operators
from consent.web.absolute_urls import absolute_url
from platforms.characters import cleaned
from platforms.places import GROUPS, countries

SCHEMA = "domains/2"
#: The contract with those who keep the file, as docs/extensions.md has it.
DOMAIN_FIELDS = (
    ("schema", f"{SCHEMA}: within 2, keys are only added."),
    ("version", "Of the content. Ask at most once a day, with the ETag of the last answer."),
    (
        "domains",
        "By domain: the ids of its platforms. Take off labels from the left until it fits.",
    ),
    ("platforms", "By id: name, answers, guide. A guide is null where there is none."),
    ("answers", "By country or group of places, the country first; * is every other place."),
    ("groups", "The countries of groups. A group that is not listed is a country."),
    ("words", "What each code of an answer means."),
    ("platform_page, guide_page", "Addresses: put the id in place of {id}."),
)
#: Places that are asked about for every platform; countries that records name come on top. Chosen.
_GROUPS = ("EEA", "GB", "CH", "US")
_OTHERS = "*"
_NO_WAY_ON_RECORD = "-"


def domains() -> Record:
    """Return the domains with their platforms, and the answers of these by group of places.

    version: of the content; it changes if anything but the time of drawing does.
    """
    owners: dict[str, list[str]] = defaultdict(list)
    platforms: dict[str, Record] = {}
    words: dict[str, str] = {}
    guides = _guides()
    facts_by_key = facts_of_all()
    companies = operators(listed_platforms())
    for platform in sorted(listed_platforms(), key=lambda each: each.slug):
        answers = _answers(facts_by_key[platform.pk], words)
        for domain in domains_of(platform.homepage, platform.aliases, companies):
            owners[domain].append(platform.slug)
        platforms[platform.slug] = {
            "name": platform.name,
            "answers": answers,
            "guide": guides.get(platform.slug),
        }
    content = cleaned(
        {
            "schema": SCHEMA,
            "licence": LICENCE,
            "platform_page": absolute_url("/platforms/{id}"),
            "guide_page": absolute_url("/guides/{id}"),
            "groups": {"EEA": sorted(GROUPS["EEA"])},
            "words": dict(sorted(words.items())),
            "platforms": platforms,
            "domains": dict(sorted(owners.items())),
        }
    )
    body = json.dumps(content, sort_keys=True, ensure_ascii=False).encode()
    return {
        "version": hashlib.sha256(body).hexdigest()[:16],
        "generated_at": moment(timezone.now()),
        **content,
    }


def _answers(facts: PlatformFacts, words: dict[str, str]) -> dict[str, str]:
    """Return answers as codes by group or country; what is like all other places is left out.

    A country that no record of the platform names answers for all others.
    """
    today = timezone.localdate()

    def code_in(place: str) -> str:
        answer = short_answer(facts, Reader(place).on(today))
        code = _code(answer)
        words.setdefault(code, short_words_and_doubts(answer))
        return code

    named = _countries_named(facts)
    others = code_in(next(each for each in countries() if each not in named | GROUPS["EEA"]))
    # Members that are named have an answer of their own; one that is not speaks for the rest.
    rest = sorted(GROUPS["EEA"] - named)
    by_group = {group: code_in(rest[0] if group == "EEA" and rest else group) for group in _GROUPS}
    inside = dict.fromkeys(GROUPS["EEA"], by_group["EEA"])
    alone = {
        each: code
        for each in sorted(named)
        if each not in by_group and (code := code_in(each)) != inside.get(each, others)
    }
    differing = {
        place: code
        for place, code in (by_group | alone).items()
        if code != others or place in inside
    }
    return {_OTHERS: others} | differing


def _countries_named(facts: PlatformFacts) -> frozenset[str]:
    """Return the countries that branches and offers name, whole or in part."""
    wheres = [
        *(branch.where for use in facts.uses for branch in use.branches),
        *(offer.where for control in facts.controls for offer in control.offered),
    ]
    codes = {
        code.partition("-")[0]
        for where in wheres
        for code in (*where.places, *where.except_places, *where.some_of)
    }
    return frozenset(codes & set(countries()))


def _code(answer: ShortAnswer) -> str:
    """Return the answer in codes: stance, way, by what it differs, and marks."""
    way = way_on_record(answer.stance, answer.way) or _NO_WAY_ON_RECORD
    code = "/".join([answer.stance, way, "+".join(answer.by_axes)]).rstrip("/")
    speaker, part = slugify(answer.reporter), slugify(answer.part)
    words = short_words(answer)
    marks = {
        "by-region": words != short_words(answer._replace(place="")),
        "some-only": words != short_words(answer._replace(who="")),
        "in-part": answer.is_agreed_in_part,
        f"only-{part}": words != short_words(answer._replace(part="")),
        f"reported-by-{speaker}" if speaker else "reported": answer.word == Word.REPORTED,
        "disputed": answer.disputed,
    }
    return "/".join([code, *(mark for mark in marks if marks[mark])])


def _guides() -> dict[str, str]:
    """Return the first guide of each platform."""
    found: dict[str, str] = {}
    for line in all_guide_lines():
        found.setdefault(line.platform.slug, line.slug)
    return found
