"""What people can refuse about a day to come: the ways that reach it, and other training there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from django.utils import timezone

from consent.ledger.facts import facts_of_all, use_key
from consent.ledger.guide_lines import GuideLine, GuideLink, all_guide_lines
from consent.ledger.offers import offer_words, offers_on
from consent.ledger.platform_facts import PlatformFacts
from consent.ledger.question import Question
from consent.ledger.verdict import people_asked, training_uses, ways_of_uses
from consent.ledger.verdict_words import act_html
from consent.models import Entry
from consent.vocabulary import People, Reach
from platforms.models import Platform

#: Of guides for all, of ways without a guide, and of guides for a group. Chosen.
_MOST = 2


class WayOfDay(NamedTuple):
    """A guide by its title, or an act without a guide. who: the group that it is for; to: alone."""

    address: str
    title: str = ""
    act: str = ""
    who: str = ""
    to: str = ""


def ways_of_day(entry: Entry, guides: Sequence[GuideLink]) -> list[WayOfDay]:
    """Return what reaches the uses that an entry is about: what is for all before groups."""
    of_guides = [WayOfDay(each.get_absolute_url(), each.title, who=each.who) for each in guides]
    plain = [way for platform, facts in _platforms(entry) for way in _plain(entry, platform, facts)]
    for_all, for_some = (
        [each for each in of_guides if bool(each.who) == some] for some in (False, True)
    )
    return [*for_all[:_MOST], *plain[:_MOST], *for_some[:_MOST]]


def _plain(entry: Entry, platform: Platform, facts: PlatformFacts) -> Iterator[WayOfDay]:
    people = People(entry.people[0]) if entry.people else None
    question = Question(timezone.localdate(), people=people)
    keys = _keys(entry)
    uses = [use for use in facts.uses if use.key in keys]
    offers = offers_on(facts, question)
    for way in ways_of_uses(facts, uses, question) if uses else ():
        control = way.control
        if control.has_guide or control.reach == Reach.PAST_ONLY:
            continue
        yield WayOfDay(
            f"{platform.get_absolute_url()}#{control.key.partition('/')[2]}",
            act=act_html(control, people=people_asked(facts, question), operator=platform.operator),
            to=offer_words(offers[control.key]),
        )


def guides_beside(entry: Entry, guides: Sequence[GuideLink]) -> list[GuideLine]:
    """Return the guides to refusing other training, where one about training has none for all."""
    if not all(guide.who for guide in guides):
        return []
    return [line for platform, facts in _platforms(entry) for line in _beside(entry, facts)]


def _beside(entry: Entry, facts: PlatformFacts) -> Iterator[GuideLine]:
    training, about = {use.key for use in training_uses(facts)}, _keys(entry)
    others = training - about if training & about else set()
    reaching = {control.key for control in facts.controls if others & {*control.uses}}
    for line in all_guide_lines():
        if not line.who and any(act.key in reaching for act in line.acts):
            yield line


def _platforms(entry: Entry) -> Iterator[tuple[Platform, PlatformFacts]]:
    known = facts_of_all()
    return ((each, known[each.pk]) for each in entry.platforms.all() if each.pk in known)


def _keys(entry: Entry) -> set[str]:
    return {use_key(use) for use in entry.uses.select_related("platform")}
