"""The file for extensions of browsers: small, whole, and kept by them (docs/extensions.md)."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict

from django.utils import timezone

from consent.ledger.answers import ShortAnswer
from consent.ledger.facts import facts_of_all, listed_platforms
from consent.ledger.guide_lines import all_guide_lines
from consent.ledger.platform_facts import PlatformFacts
from consent.ledger.reader_place import ELSEWHERE
from consent.ledger.record_fields import Record, moment
from consent.ledger.scope_words import short_words
from consent.ledger.state_of_play import Reader
from consent.ledger.verdict import short_answer
from consent.open_data.envelopes import LICENCE
from consent.open_data.questions import domains_of
from consent.web.absolute_urls import absolute_url
from platforms.characters import cleaned
from platforms.places import GROUPS

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
    ("answers", "By group of places; * is every other place, and groups like it are left out."),
    ("groups", "The countries of groups. A group that is not listed is a country."),
    ("words", "What each code of an answer means."),
    ("platform_page, guide_page", "Addresses: put the id in place of {id}."),
)
#: Places with an answer of their own where it differs from that of all other places. Chosen.
_GROUPS = ("EEA", "GB", "CH", "US")
_OTHERS = "*"


def domains() -> Record:
    """Return the domains with their platforms, and the answers of these by group of places.

    version: of the content; it changes if anything but the time of drawing does.
    """
    owners: dict[str, list[str]] = defaultdict(list)
    platforms: dict[str, Record] = {}
    words: dict[str, str] = {}
    guides = _guides()
    facts_by_key = facts_of_all()
    for platform in sorted(listed_platforms(), key=lambda each: each.slug):
        answers = _answers(facts_by_key[platform.pk], words)
        for domain in domains_of(platform.homepage, platform.aliases):
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
    """Return answers as codes by group; groups that are like all other places are left out."""
    today = timezone.localdate()

    def code_in(place: str) -> str:
        answer = short_answer(facts, Reader(place).on(today))
        code = _code(answer)
        words.setdefault(code, short_words(answer))
        return code

    others = code_in(ELSEWHERE)
    by_group = {group: code_in(group) for group in _GROUPS}
    return {_OTHERS: others} | {group: code for group, code in by_group.items() if code != others}


def _code(answer: ShortAnswer) -> str:
    """Return the answer in codes: stance, way, and by what it differs."""
    return "/".join([answer.stance, answer.way, "+".join(answer.by_axes)]).rstrip("/")


def _guides() -> dict[str, str]:
    """Return the first guide of each platform."""
    found: dict[str, str] = {}
    for line in all_guide_lines():
        found.setdefault(line.platform.slug, line.slug)
    return found
