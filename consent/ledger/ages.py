"""Which minors a branch is about, by the ages in the words for its group."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple

from consent.audience import ages_named
from consent.ledger.platform_facts import BranchFacts, PlatformFacts, UseFacts
from consent.vocabulary import People
from platforms.places import Where

#: Where most services begin to let people have an account. Chosen.
_NO_CHILD = 13
_OF_AGE = 18
_UNDER = re.compile(r"\bunder[- ](\d+)")


class AtAge(NamedTuple):
    """What is on record for somebody of an age.

    facts: without the branches of minors who are younger or older. named: training uses that name
    the age of children. left_out: uses that are for others, with the words for these.
    """

    facts: PlatformFacts
    named: tuple[UseFacts, ...]
    left_out: tuple[tuple[UseFacts, str], ...]


def ages_of(branch: BranchFacts) -> range | None:
    """Return the ages of the minors whom a branch names; None if it names none."""
    if People.MINORS not in branch.people:
        return None
    return ages_named(branch.who)


def speaks_of_children(words: str, age: int, least: int) -> bool:
    """Return whether words name people below an age, no higher than the least one for accounts."""
    return any(age < int(under) <= least for under in _UNDER.findall(words))


def is_of_children(branch: BranchFacts) -> bool:
    """Return whether a branch is about children alone, and answers for no older minors."""
    ages = ages_of(branch)
    return ages is not None and ages.stop <= _NO_CHILD


def are_of_some_minors(facts: PlatformFacts) -> bool:
    """Return whether a branch is for some of the minors who may have an account: from 13 to 15."""
    ages = (ages_of(branch) for use in facts.uses for branch in use.branches)
    return any(each is not None and _OF_AGE - 1 not in each for each in ages)


@lru_cache(maxsize=256)  # chosen: a few ages at the platforms that people ask about
def at_age(facts: PlatformFacts, age: int) -> AtAge:
    """Leave out what is on record for minors of other ages.

    What names the age comes before what names none, in the same places.
    """
    uses, left_out = [], []
    for use in facts.uses:
        of_age = [each for each in use.branches if age in (ages_of(each) or ())]
        places = {each.where for each in of_age}
        kept = tuple(_kept(use, age, places))
        uses.append(replace(use, branches=kept))
        others = [each for each in use.branches if ages_of(each) and each not in of_age]
        if not of_age:
            left_out += [(use, who) for who in dict.fromkeys(each.who for each in others)]
    named = (each for each in uses if each.is_training and any(map(is_of_children, each.branches)))
    return AtAge(replace(facts, uses=tuple(uses)), tuple(named), tuple(left_out))


def is_too_young(facts: PlatformFacts, age: int, place: str = "") -> bool:
    """Return whether accounts are open to older minors only, and not to people of an age."""
    return age < (facts.min_age_in(place) or 0) < _OF_AGE


def at_age_of_account(facts: PlatformFacts, age: int | None, place: str = "") -> AtAge:
    """Leave out minors of other ages, if people of an age may have an account.

    Who is too young for one is told of all minors, and from which age it is open.
    """
    if age is None or is_too_young(facts, age, place):
        return AtAge(facts, (), ())
    return at_age(facts, age)


def _kept(use: UseFacts, age: int, places: Collection[Where]) -> Iterator[BranchFacts]:
    for branch in use.branches:
        ages = ages_of(branch)
        is_of_others = ages is not None and age not in ages
        is_general = ages is None and branch.people == (People.MINORS,) and branch.where in places
        if not (is_of_others or is_general):
            yield branch
        elif people := tuple(kind for kind in branch.people if kind != People.MINORS):
            yield replace(branch, people=people)
