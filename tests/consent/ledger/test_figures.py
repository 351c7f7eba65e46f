"""How many platforms train by default: seven classes, and lists across them."""

import datetime as dt
import re
from dataclasses import replace
from itertools import chain

import pytest

from consent.ledger.answers import Axis, Stance, WayOut, Word
from consent.ledger.audiences import is_inferred
from consent.ledger.figure_words import further_sentences
from consent.ledger.figures import (
    TRAINING_CLASSES,
    Among,
    TrainingClass,
    figures_of,
    judged_on,
)
from consent.ledger.figures import _judged as judged_by_itself
from consent.ledger.platform_facts import BranchFacts, PlatformFacts, StateFacts, UseFacts
from consent.ledger.question import Question
from consent.ledger.verdict import people_asked, verdict
from consent.vocabulary import Basis, People, Purpose, SinceIs, StateValue
from platforms.places import Where
from tests.consent.ledger.catalog_facts import whole_catalog
from tests.consent.ledger.test_verdict_properties import for_many, history, question
from tests.consent.ledger.test_verdict_properties import platform as drawn_platform
from tests.sweeps import some

pytestmark = pytest.mark.xdist_group("catalog facts")
TODAY = dt.date(2026, 11, 29)
ON, OFF = StateValue.UNLESS_REFUSED, StateValue.NOT_USED
EVERYWHERE, IN_PART, OTHER = (
    TrainingClass.EVERYWHERE,
    TrainingClass.IN_PART,
    TrainingClass.OTHER_USE,
)


@pytest.fixture(scope="module")
def catalog():
    return whole_catalog()


def use(*values, key="x/a", **fields):
    branches = tuple(
        BranchFacts((StateFacts(value, basis=Basis.STATED),), where) for value, where in values
    )
    return UseFacts(key, "Trains", Purpose.TRAINING, branches, **fields)


def platform(*uses, slug="x", operator="X Corp"):
    return PlatformFacts(slug, slug.title(), operator, uses)


WORLD, EU, ELSEWHERE = Where(), Where(("EU",)), Where(except_places=("EU",))


@pytest.mark.parametrize(
    ("uses", "expected"),
    [
        ([use((ON, WORLD))], EVERYWHERE),
        ([use((ON, ELSEWHERE), (StateValue.NOT_OFFERED, EU))], EVERYWHERE),
        ([use((ON, ELSEWHERE), (OFF, EU))], IN_PART),
        ([use((ON, ELSEWHERE), (StateValue.UNCLEAR, EU))], IN_PART),
        ([use((OFF, WORLD)), use((ON, WORLD), key="x/b")], OTHER),
        ([use((StateValue.ONLY_IF_AGREED, WORLD))], TrainingClass.ONLY_IF_AGREED),
        ([use((OFF, WORLD))], TrainingClass.NO),
        ([use((StateValue.NOT_OFFERED, WORLD))], TrainingClass.NOT_OFFERED),
        ([use((StateValue.UNCLEAR, WORLD))], TrainingClass.UNKNOWN),
        ([use((OFF, ELSEWHERE), (StateValue.UNCLEAR, EU))], TrainingClass.UNKNOWN),
        ([], TrainingClass.UNKNOWN),
    ],
)
def test_a_platform_is_in_the_class_of_what_happens_without_an_act(uses, expected):
    assert judged_on(platform(*uses), Question(TODAY)).training_class == expected


def test_the_lists_across_classes_are_of_those_that_train():
    trapped = StateValue.NO_WAY_OUT
    figures = figures_of(
        (
            platform(use((ON, WORLD)), slug="a", operator="Meta Platforms"),
            platform(use((trapped, ELSEWHERE), (OFF, EU)), slug="b", operator="Meta, Inc."),
            platform(use((trapped, ELSEWHERE), (ON, EU)), slug="c"),
            platform(use((OFF, WORLD)), slug="d", operator="Meta"),
            platform(slug="e", operator="Meta"),
        ),
        Question(TODAY),
    )
    assert figures.total == 5
    assert figures.platforms[Among.TRAINS] == ("a", "b", "c")
    assert figures.platforms[Among.NO_WAY_OUT] == ("b",)
    assert figures.platforms[Among.OWN_WORD] == ("a", "b", "c")
    assert (figures.operator, figures.platforms[Among.ONE_OPERATOR]) == ("Meta", ("a", "b"))
    assert figures.platforms[Among.NOTHING_ON_RECORD] == ("e",)


def test_no_company_has_the_most_where_another_has_as_many():
    def run_by(*companies):
        each = enumerate(companies)
        return tuple(platform(use((ON, WORLD)), slug=f"p{n}", operator=name) for n, name in each)

    tie = figures_of(run_by("Amazon", "Amazon", "Meta", "Meta", "Slack"), Question(TODAY))
    assert (tie.operator, tie.platforms[Among.ONE_OPERATOR]) == ("", ())
    assert "belong" not in " ".join(further_sentences(tie))
    more = figures_of(run_by("Amazon", "Amazon", "Meta", "Meta", "Meta"), Question(TODAY))
    assert (more.operator, more.platforms[Among.ONE_OPERATOR]) == ("Meta", ("p2", "p3", "p4"))
    assert re.search(r"3 of the 5 belong(ed)? to Meta\.", " ".join(further_sentences(more)))


def test_those_that_train_are_since_a_known_day_or_since_none_that_is_known():
    def since(slug, **fields):
        found = use((ON, WORLD))
        state = replace(found.branches[0].states[0], **fields)
        branch = replace(found.branches[0], states=(state,))
        return platform(replace(found, branches=(branch,)), slug=slug)

    day = dt.date(2026, 11, 1)
    figures = figures_of(
        (
            since("exact", since=day),
            since("by-then", since=day, since_is=SinceIs.AT_LATEST),
            since("undated"),
            platform(use((OFF, WORLD)), slug="off"),
        ),
        Question(TODAY),
    )
    assert figures.platforms[Among.SINCE_KNOWN] == ("exact",)
    assert figures.platforms[Among.SINCE_NOT_KNOWN] == ("by-then", "undated")


def test_what_others_say_is_not_the_own_word_of_a_platform():
    reported = use((ON, WORLD))
    state = replace(reported.branches[0].states[0], basis=Basis.REPORTED)
    reported = replace(reported, branches=(replace(reported.branches[0], states=(state,)),))
    said = replace(state, basis=Basis.STATED, said_by="A regulator")
    by_another = replace(reported, branches=(replace(reported.branches[0], states=(said,)),))
    for each in (reported, by_another):
        figures = figures_of((platform(each),), Question(TODAY))
        assert figures.platforms[Among.TRAINS] == ("x",)
        assert figures.platforms[Among.OWN_WORD] == ()


def test_each_platform_of_the_catalog_is_in_one_class_on_every_day_since_2022(catalog):
    first = dt.date(2022, 1, 1)
    days = [first + dt.timedelta(days=number) for number in range((TODAY - first).days)]
    for day in (*some(days, 24), TODAY):
        figures = figures_of(catalog, Question(day))
        in_classes = list(chain(*(figures.platforms[each] for each in TrainingClass)))
        assert sorted(in_classes) == sorted(each.slug for each in catalog), day


def test_the_figures_of_the_catalog_are_those_of_the_answers_on_its_pages(catalog):
    figures = figures_of(catalog, Question(TODAY))
    trains = {
        facts.slug
        for facts in catalog
        if (answer := verdict(facts, Question(TODAY))).stance == Stance.YES
        or (
            (answer.by_axes and any(part.stance == Stance.YES for part in answer.parts))
            and answer.by_axes != (Axis.USE,)
        )
    }
    assert set(figures.platforms[Among.TRAINS]) == trains
    without = {
        facts.slug
        for facts in catalog
        if facts.slug in trains
        and all(
            part.way == WayOut.NONE
            for part in verdict(facts, Question(TODAY)).parts
            if part.stance == Stance.YES
        )
    }
    assert set(figures.platforms[Among.NO_WAY_OUT]) == without


@for_many(lambda chance: [drawn_platform(chance) for _ in range(chance.randint(0, 3))], question)
def test_the_classes_sum_to_all_platforms(drawn, asked):
    figures = figures_of(tuple(drawn), replace(asked, people=None, plan=""))
    assert sum(map(figures.number, TrainingClass)) == figures.total == len(drawn)
    assert figures.number(Among.TRAINS) == sum(map(figures.number, TRAINING_CLASSES))
    trains = set(figures.platforms[Among.TRAINS])
    for key in (Among.NO_WAY_OUT, Among.OWN_WORD, Among.ONE_OPERATOR):
        assert trains.issuperset(figures.platforms[key])
    since = figures.platforms[Among.SINCE_KNOWN] + figures.platforms[Among.SINCE_NOT_KNOWN]
    assert sorted(since) == sorted(figures.platforms[Among.TRAINS])


@for_many(drawn_platform, question)
def test_a_platform_trains_by_default_if_its_answer_says_so(facts, asked):
    asked = replace(asked, people=None, plan="")
    answer = verdict(facts, asked)
    stances = [each.stance for each in answer.by_atom.values()]
    judged = judged_on(facts, asked)
    assert (judged.training_class in TRAINING_CLASSES) == (Stance.YES in stances)
    if answer.stance == Stance.YES:
        assert judged.training_class == EVERYWHERE
        assert judged.no_way_out == (answer.way == WayOut.NONE)
        assert judged.own_word == (answer.word == Word.STATED and not answer.said_by)


@for_many(drawn_platform, question)
def test_between_two_turning_days_nothing_changes(facts, asked):
    assert judged_on(facts, asked) == judged_by_itself(facts, asked)


@for_many(drawn_platform, question)
def test_an_inferred_answer_is_in_no_figure_but_those_not_known(facts, asked):
    asked = replace(asked, people=People.MINORS, plan="")
    if is_inferred(facts, people_asked(facts, asked)):
        assert judged_on(facts, asked).training_class == TrainingClass.UNKNOWN
    assert not is_inferred(facts, people_asked(facts, replace(asked, people=None)))


@for_many(drawn_platform, question, history)
def test_what_is_to_come_changes_no_figure(facts, asked, to_come):
    late = tuple(replace(state, since=dt.date(2030, 1, 1), pending=False) for state in to_come)
    later = replace(
        facts,
        uses=tuple(
            replace(
                use,
                branches=tuple(
                    replace(branch, states=branch.states + late) for branch in use.branches
                ),
            )
            for use in facts.uses
        ),
    )
    asked = replace(asked, plan="")
    assert judged_on(later, asked) == judged_on(facts, asked)


@for_many(drawn_platform, drawn_platform, question)
def test_a_platform_more_moves_no_other(first, second, asked):
    asked = replace(asked, plan="")
    second = replace(second, slug=f"{first.slug}b")
    alone = figures_of((first,), asked).platforms
    both = figures_of((second, first), asked).platforms
    for key in TrainingClass:
        assert (first.slug in both[key]) == (first.slug in alone[key])
