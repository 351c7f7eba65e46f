"""What a question asks of one platform, and the answer about just that."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from itertools import chain
from typing import NamedTuple

from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext

from consent.ledger.answers import Verdict
from consent.ledger.asked_plan import asked_plans, plan_off_record
from consent.ledger.headline_words import headline
from consent.ledger.place_words import listed
from consent.ledger.platform_facts import PlatformFacts, UseFacts
from consent.ledger.question import Question
from consent.ledger.verdict import training_uses, verdict, verdict_at_age
from consent.ledger.verdict_words import name_of, title_language
from consent.ledger.way_buttons import Guides, WayButton, way_buttons
from consent.models import Entry
from consent.public.questions.answer_line import AnswerAbout, FirstLine
from consent.public.questions.asked_kinds import (
    about_kind,
    given_to_others,
    is_told_apart,
    kinds_asked,
    kinds_on_record,
    label_asked,
    label_of,
    nothing_alone,
    of_data_on_record,
    of_kind,
)
from consent.public.questions.asked_question import AskedQuestion
from consent.public.questions.asked_uses import asked_about, purposes_off_record, works_off_record
from consent.search.asked_works import WORKS, words_for
from consent.search.names import names_of
from consent.search.pages import asks_for
from consent.search.plain_words import words
from consent.vocabulary import DataKind
from consent.web.page_language import colon
from platforms.models import Platform


class PlatformQuestion(NamedTuple):
    """What a question asks of one platform. others: names of the further ones in it.

    announced: for it. of_children: uses that name children of the age that is asked about.
    not_for_age: keys of uses that are for others alone. then: the answers of the days before this
    one that are asked about, each with the words for its day.
    """

    platform: Platform
    facts: PlatformFacts
    question: AskedQuestion
    day: dt.date
    others: Collection[str]
    offered: str
    guides: Guides
    announced: Sequence[Entry] = ()
    of_children: tuple[UseFacts, ...] = ()
    not_for_age: frozenset[str] = frozenset()
    then: Sequence[tuple[str, Verdict]] = ()

    @property
    def days(self) -> list[dt.date]:
        """The days that are answered for: the one that was asked about, and today."""
        return list(dict.fromkeys((self.day, timezone.localdate())))

    @property
    def own(self) -> frozenset[str]:
        """The words of its names, which ask for nothing: "Google Photos"."""
        return frozenset(words(" ".join(names_of(self.platform))))

    @property
    def plans(self) -> list[str]:
        """Its plans that were typed."""
        return asked_plans(self.facts, names_of(self.platform), self.question.typed, self.others)

    @property
    def plan_off_record(self) -> str:
        """What was typed as a plan of it and is not on record; "" if nothing is."""
        return plan_off_record(self.facts, names_of(self.platform), self.question.typed)

    def first_way(self, answer: Verdict) -> list[WayButton]:
        """Return the buttons of the best way out of an answer."""
        phone_first = asks_for("phone", self.question.sought)
        return way_buttons(
            self.facts, answer, guides=self.guides, phone_first=phone_first, first_alone=True
        )


def answer_about(asked: PlatformQuestion, whole: Verdict) -> AnswerAbout:
    """Choose what of a whole answer a question is about: some uses, or a kind of data."""
    facts, sought = asked.facts, asked.question.sought
    page = str(get_language())
    about_data = [word for word in sought if word in asked.question.rest]  # and not about people
    works = works_off_record(facts, about_data, asked.own)
    of_works = {word for work in works for word in words_for(work)}
    named = [word for word in sought if word not in of_works]
    named_kinds = kinds_asked(facts, whole, named, asked.own)
    kinds = kinds_on_record(facts, whole, named_kinds)
    alone = [nothing_alone(facts, kind) for kind in named_kinds if kind not in kinds]
    nothing = gettext("nothing on record")
    off_record, of_no_record = (
        [FirstLine(f"{capfirst(str(label))}{colon()} {nothing}") for label in labels]
        for labels in (
            [purpose.label for purpose in purposes_off_record(facts, sought)],
            [WORKS[work] for work in works],
        )
    )
    alone = [*of_no_record, *alone]
    name = frozenset(words(facts.name))
    about = asked_about(facts, whole, about_data, name)
    if about and asked.not_for_age.issuperset(use.key for use in about.verdict.uses):
        # Of others it is said.
        return AnswerAbout(whole, gettext("All together"), page, off_record, of_no_record)
    if about and _leaves_out_data(facts, about, kinds):
        return AnswerAbout(whole, gettext("All together"), page, off_record, alone)
    if about:
        missing = [of_kind(facts, kind, whole) for kind in kinds if not _is_known(facts, kind)]
        return about._replace(first=off_record, after=[*missing, *alone])
    of_children = asked.of_children
    of_age = verdict_at_age(facts, whole.question, of_children) if of_children else whole
    if of_age.uses != whole.uses:
        label = listed([name_of(use) for use in asked.of_children])
        language = title_language(asked.of_children[0])
        return AnswerAbout(of_age, label, language, off_record, of_no_record)
    apart = [kind for kind in kinds if is_told_apart(facts, kind, whole)]
    if len(apart) == 1 and (of_one := about_kind(facts, whole, apart[0])):
        label = label_asked(facts, apart[0], of_one, sought)
        return AnswerAbout(of_one, label, page, off_record, alone)
    known = [kind for kind in apart if _is_known(facts, kind)]
    of_known = about_kind(facts, whole, known[0]) if len(known) == 1 else None
    if of_known and headline(of_known) == headline(whole):  # which is said once
        missing = [of_kind(facts, kind, whole) for kind in apart if kind not in known]
        # Translators: before an answer: "Chats with My AI; all together: Yes"
        label = gettext("%(kind)s; all together") % {"kind": label_of(facts, known[0])}
        return AnswerAbout(whole, label, page, off_record, [*missing, *alone])
    elsewhere = {
        kind: given_to_others(facts, kind, whole, asked.others)
        for kind in apart
        if kind not in known
    }
    of_known_kinds = [of_kind(facts, kind, whole) for kind in known]
    lines = [*off_record, *chain(*elsewhere.values()), *of_known_kinds]
    # What holds for more comes before that nothing is known of a part of it.
    alone = [*(of_kind(facts, kind, whole) for kind in elsewhere if not elsewhere[kind]), *alone]
    label = gettext("All together")
    if not known and (apart or works):
        label = of_data_on_record(whole)
    elif not apart and (kinds or not alone):
        label = ""
    return AnswerAbout(whole, label, page if label else "", lines, alone)


def answer_on(asked: PlatformQuestion, question: Question) -> AnswerAbout:
    """Answer what is asked of a platform for the place, people and day of another question."""
    return answer_about(asked, verdict(asked.facts, question))


def _leaves_out_data(facts: PlatformFacts, about: AnswerAbout, kinds: Collection[DataKind]) -> bool:
    """Return whether data that is named is in other uses alone than those that are.

    "Are my messages with friends used to train Meta AI" is not about chats with it.
    """
    asked = {*kinds} - {kind for use in about.verdict.uses for kind in use.data_kinds}
    if DataKind.CHATS in kinds:  # which may be messages
        asked.discard(DataKind.PRIVATE_MESSAGES)
    return any(not asked.isdisjoint(use.data_kinds) for use in training_uses(facts))


def _is_known(facts: PlatformFacts, kind: DataKind) -> bool:
    uses = training_uses(facts)
    return any(kind in use.data_kinds for use in uses) or not any(use.data_kinds for use in uses)
