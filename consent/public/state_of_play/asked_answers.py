"""Reads what people type as a question, and answers it for each platform."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import urlencode

from django.http import HttpRequest
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext_lazy

from consent.ledger.answers import Sentence, Stance, Verdict
from consent.ledger.asked_place import asked_place
from consent.ledger.asked_plan import asked_plans
from consent.ledger.audiences import plan_named
from consent.ledger.facts import Facts
from consent.ledger.guide_lines import GuideLine, all_guide_lines
from consent.ledger.headline_words import short_name
from consent.ledger.platform_facts import PlatformFacts
from consent.ledger.question import plans_of
from consent.ledger.state_of_play import Reader
from consent.ledger.verdict import of_other_products, verdict
from consent.ledger.verdict_words import name_of, title_language
from consent.ledger.way_buttons import WayButton, best_guides, way_buttons
from consent.public.state_of_play.asked_first import (
    FirstLine,
    first_lines,
    messages_of_minors,
)
from consent.public.state_of_play.reader_form import ReaderForm
from consent.search.asked_people import asked_people
from consent.search.plain_words import words
from consent.vocabulary import People
from platforms.models import Platform

#: Sentences below an answer of the box. Chosen.
_SENTENCES = 5


class AskedQuestion(NamedTuple):
    """sought: all plain words. rest: those that are about neither place nor people.

    is_open: the account may be the reader's own or an organisation's.
    """

    sought: list[str]
    rest: list[str]
    place: str
    people: People | None
    is_open: bool

    def form(self, request: HttpRequest) -> ReaderForm:
        """Return the form with what was chosen, and what was read where nothing was chosen."""
        read = {"place": self.place, "people": self.people or ""}
        return ReaderForm({**read, **request.GET.dict()})


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """address: of the platform's page, for the same reader. plan: that was typed.

    others: answers for other people on the plan, or about uses that the verdict knows nothing of.
    first: what it begins with, by the question. also: what nobody asked for, and is another answer.
    """

    platform: Platform
    verdict: Verdict
    buttons: list[WayButton]
    address: str
    plan: str = ""
    others: Sequence[Verdict] = ()
    first: Sequence[FirstLine] = ()
    also: Sequence[FirstLine] = ()

    @property
    def sentences(self) -> Sequence[Sentence]:
        """What a headline that depends on something has no room for."""
        is_open = self.verdict.stance == Stance.DEPENDS
        return self.verdict.sentences[:_SENTENCES] if is_open else ()

    @property
    def off_record(self) -> list[tuple[str, str]]:
        """The uses that are on record for some places or plans only, where sentences are shown.

        Each with the language of its name (see title_language).
        """
        atoms = self.verdict.by_atom.values()
        told = [{line.use.key for line in atom.lines} for atom in atoms] if self.sentences else []
        counts = Counter(key for keys in told for key in keys)
        in_part = {key for key, count in counts.items() if count < len(told)}
        return [
            (
                capfirst(name_of(use)),
                str(get_language()) if short_name(use) else title_language(use),
            )
            for use in self.verdict.uses
            if use.key in in_part
        ]

    @property
    def has_more(self) -> bool:
        return len(self.sentences) < len(self.verdict.sentences)


def read_question(typed: str) -> AskedQuestion:
    sought = words(typed)
    place, without_place = asked_place(sought)
    asked = asked_people(without_place)
    return AskedQuestion(sought, asked.rest, place, asked.people, asked.is_open)


class Whose(NamedTuple):
    """For whom answers are. others: for whom they can be shown as well, with the query string."""

    people: str
    is_open: bool
    others: list[tuple[str, str]]


#: As in "Answers for …", and in the order in which they are offered.
_FOR = {
    People.PERSONAL: gettext_lazy("adults with an account of their own"),
    People.ORGANISATION: gettext_lazy("organisations"),
    People.MINORS: gettext_lazy("people under 18"),
    People.CREATORS: gettext_lazy("creators"),
    People.NO_ACCOUNT: gettext_lazy("people without an account"),
}
_OFFERED = (People.PERSONAL, People.ORGANISATION, People.MINORS)


def whose(asked: AskedQuestion, reader: Reader, typed: str) -> Whose | None:
    """Return for whom the answers to a question are; None where nothing was said of people."""
    is_open = asked.is_open and reader.people is None
    if reader.people is None and not is_open:
        return None
    shown = reader.people or People.PERSONAL
    others = [
        (str(_FOR[kind]), urlencode({"q": typed, "place": reader.place, "people": kind.value}))
        for kind in _OFFERED
        if kind != shown
    ]
    return Whose(str(_FOR[shown]), is_open, others)


def answer_lines(
    platforms: Iterable[Platform], facts: Facts, reader: Reader, sought: Sequence[str]
) -> dict[Platform, list[AnswerLine]]:
    """Answer for each platform: once, or for each of its plans in the words."""
    guides = best_guides(all_guide_lines())
    return {
        platform: [
            _line(platform, facts[platform.pk], readers, guides, sought)
            for readers in _readers(platform, facts[platform.pk], reader, sought)
        ]
        for platform in platforms
    }


def _readers(
    platform: Platform, facts: PlatformFacts, reader: Reader, sought: Sequence[str]
) -> list[list[Reader]]:
    """Return for whom to answer: for each plan that was typed, each kind of people that has it."""
    plans = asked_plans(facts, [platform.name, *platform.aliases], sought)
    if reader.people == People.MINORS:
        plans = [plan for plan in plans if plan in plans_of(facts, People.MINORS)]
    return [_readers_on(plan, facts, reader) for plan in plans] or [[reader]]


def _readers_on(plan: str, facts: PlatformFacts, reader: Reader) -> list[Reader]:
    if reader.people and plan in plans_of(facts, reader.people):
        return [reader._replace(plan=plan)]
    listed = plan_named(facts, plan)
    kinds: Sequence[People | None] = listed.people if listed and len(listed.people) > 1 else (None,)
    return [reader._replace(plan=plan, people=kind) for kind in kinds]


def _line(
    platform: Platform,
    facts: PlatformFacts,
    readers: Sequence[Reader],
    guides: Mapping[str, GuideLine],
    sought: Sequence[str],
) -> AnswerLine:
    today = timezone.localdate()
    reader, *others = readers
    question = reader.on(today)
    answer = verdict(facts, question)
    chosen = urlencode({axis: str(value) for axis, value in reader._asdict().items() if value})
    address = f"{platform.get_absolute_url()}?{chosen}" if chosen else platform.get_absolute_url()
    first = first_lines(facts, answer, sought, [platform.name, *platform.aliases])
    also = messages_of_minors(platform, facts, answer)
    return AnswerLine(
        platform,
        answer,
        way_buttons(facts, answer, guides)[:1],
        address,
        reader.plan,
        [verdict(facts, other.on(today)) for other in others]
        or of_other_products(facts, answer, question),
        first,
        [line for line in also if line not in first],
    )
