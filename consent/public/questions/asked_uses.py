"""Which uses of a platform a question is about, by its words: "generative AI", "third parties"."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from django.utils.translation import get_language

from consent.language_data import listed_words
from consent.ledger.answers import Verdict
from consent.ledger.headline_words import headline, short_name
from consent.ledger.place_words import listed
from consent.ledger.platform_facts import PlatformFacts, UseFacts
from consent.ledger.question import Question
from consent.ledger.verdict import answer_of_use, training_uses, verdict_over
from consent.ledger.verdict_words import name_of, title_language
from consent.public.questions.answer_line import AnswerAbout
from consent.search.asked_purposes import asked_purposes
from consent.search.asked_works import are_named, asked_works
from consent.search.names import GIVEN_TO
from consent.search.plain_words import phrases_in, words
from consent.search.questions import read_subject
from consent.vocabulary import People, Purpose

#: Words in names of uses that say nothing about which use is meant.
_COMMON = listed_words("small_words", "in_uses")


def asked_about(
    facts: PlatformFacts, whole: Verdict, sought: Sequence[str], own: frozenset[str]
) -> AnswerAbout | None:
    """Return the answer about the uses that plain words name; None if they name no part of all.

    whole: the answer about all of them. own: words of the platform's names.
    """
    purposes = set(asked_purposes(sought))
    sought = [*sought, *(word.partition("-")[0] for word in sought if "-" in word)]
    of_purposes = [use for use in facts.uses if not purposes.isdisjoint(_purposes_of(use))]
    named = _named(facts, sought, own) or uses_of_works(facts, sought, own)
    uses = [use for use in named if use in of_purposes] or of_purposes if of_purposes else named
    if not uses or set(uses) >= set(whole.uses):
        return None
    answer = verdict_over(facts, tuple(uses), whole.question)
    is_usual = whole.people == People.PERSONAL or whole.instead_of
    if answer.nothing_on_record and not whole.plan and is_usual:
        answer = _for_whom_it_is(facts, uses, whole.question) or answer
    if not named and headline(answer) == headline(whole):
        return None  # the same is so of all uses, which may be asked about too
    if len(uses) > 1 and of_purposes and not named:
        return AnswerAbout(answer, str(Purpose(uses[0].purpose).label), str(get_language()))
    is_named = all(map(short_name, uses))
    language = str(get_language()) if is_named else title_language(uses[0])
    return AnswerAbout(answer, listed([name_of(use) for use in uses]), language)


def purposes_off_record(facts: PlatformFacts, sought: Sequence[str]) -> list[Purpose]:
    """Return the purposes that plain words name and that no use of the platform has."""
    on_record = {purpose for use in facts.uses for purpose in _purposes_of(use)}
    return [purpose for purpose in asked_purposes(sought) if purpose not in on_record]


def words_given_to(asked: Sequence[str]) -> set[str]:
    """Return the plain words before which a question says to whom something is given."""
    return {word for before, word in itertools.pairwise(asked) if before in GIVEN_TO}


def uses_of_works(
    facts: PlatformFacts, sought: Sequence[str], own: frozenset[str]
) -> list[UseFacts]:
    """Return the training uses of works that plain words name. own: words of platform's names."""
    works = asked_works([word for word in sought if word not in own])
    return [use for use in training_uses(facts) if any(_is_of_work(use, each) for each in works)]


def works_off_record(facts: PlatformFacts, sought: Sequence[str], own: frozenset[str]) -> list[str]:
    """Return the works that plain words name and that no training use of the platform names."""
    works = asked_works([word for word in sought if word not in own])
    uses = training_uses(facts)
    return [work for work in works if not any(_is_of_work(use, work) for use in uses)]


def _is_of_work(use: UseFacts, work: str) -> bool:
    return are_named(work, f"{use.title} {use.covers}")


def _purposes_of(use: UseFacts) -> set[Purpose]:
    """Return the purpose of a use, and those that its title names beside it."""
    return {use.purpose, *asked_purposes(words(use.title))}


def _for_whom_it_is(
    facts: PlatformFacts, uses: Iterable[UseFacts], question: Question
) -> Verdict | None:
    """Answer for the first kind of people that the uses name."""
    for use in uses:
        kinds = {kind for branch in use.branches for kind in branch.people}
        for people in (kind for kind in People if kind in kinds):
            asked = Question(question.day, question.place, people)
            if not (found := answer_of_use(facts, use, asked)).nothing_on_record:
                return found
    return None


def _named(facts: PlatformFacts, sought: Sequence[str], own: frozenset[str]) -> list[UseFacts]:
    """Return the training uses whose own words are in a question, those with most of them."""
    uses = training_uses(facts)
    asked = [word for word in sought if word not in own]
    own_words = _own_words(uses)
    company = {*words(facts.operator.partition("(")[0])}
    given_to = words_given_to(asked)
    fits: dict[UseFacts, int] = {}
    for use in uses:
        phrases = [" ".join(words(name)) for name in (*dict(use.short).values(), use.part)]
        hits = {
            word
            for word in own_words[use.key]
            if word in asked and word not in own and (word not in company or word in given_to)
        }
        whole = [each for each in phrases if " " in each or each == use.part.casefold()]
        told = [each for each in phrases_in(sought, whole) if not own.issuperset(each.split())]
        fits[use] = 10 * bool(told) + len(hits)
    most = max(fits.values(), default=0)
    return [use for use in uses if most and fits[use] == most]


@lru_cache(maxsize=1024)
def _own_words(uses: tuple[UseFacts, ...]) -> Mapping[str, frozenset[str]]:
    """Return the words of the names of each use, by its key, that those of no other have.

    Small words are left out, and those about training, kinds of data, or refusing.
    """
    found: dict[str, set[str]] = {}
    for use in uses:
        names = [*dict(use.short).values(), use.part]
        found[use.key] = {word for name in names for word in words(name)}
    telling = {
        key: {
            word
            for word in of_use
            if word not in _COMMON
            and word in read_subject([word]).other
            and not any(word in found[other] for other in found if other != key)
        }
        for key, of_use in found.items()
    }
    return {key: frozenset(of_use) for key, of_use in telling.items()}
