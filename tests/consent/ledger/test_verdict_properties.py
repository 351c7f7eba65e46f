"""What holds of every verdict, whatever the catalog says."""

import datetime as dt
from dataclasses import replace

from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from consent.ledger.answers import Answer, DiffersBy
from consent.ledger.platform_facts import (
    BranchFacts,
    ControlFacts,
    OfferFacts,
    PlatformFacts,
    StateFacts,
    UseFacts,
    default_people,
)
from consent.ledger.question import Question
from consent.ledger.verdict import (
    answer_alone,
    matrix_row,
    uses_by_answer,
    verdict,
    verdict_of_use,
)
from consent.ledger.verdict_words import (
    act_words,
    headline,
    sentence_html,
    sentence_words,
    since_words,
    ways_words,
)
from consent.vocabulary import (
    TRAINING_PURPOSES,
    ActCovers,
    By,
    DataKind,
    People,
    Purpose,
    Reach,
    Refuse,
    SinceIs,
    StateValue,
)
from platforms.places import WORLDWIDE, Coverage, Where

MANY = settings(max_examples=100, deadline=None)
FEW = settings(max_examples=40, deadline=None)

YES = {Answer.YES_UNLESS_REFUSED, Answer.YES_NO_WAY_OUT}
#: Answers that need every use known.
CALM = {Answer.NO, Answer.ONLY_IF_AGREED}
CODES = ["DE", "NO", "US", "GB", "EU", "EEA", "US-CA", "US-TX"]
#: Each lies inside those that follow it; asking for one of them gives a single cell.
POINTS = ["DE", "FR", "NO", "GB", "BR", "US-CA", "US-TX", "US-NY"]
INSIDE = {
    "": POINTS,
    "EEA": ["DE", "FR", "NO"],
    "EU": ["DE", "FR"],
    "US": ["US-CA", "US-TX", "US-NY"],
}
DAYS = [dt.date(year, 6, 1) for year in (2021, 2022, 2023, 2024, 2025)]

PLACES = [
    *[WORLDWIDE] * 6,
    *[Where((code,)) for code in CODES],
    *[Where(except_places=(code,)) for code in CODES],
    Where(except_places=("EEA", "GB")),
    Where(("US",), ("US-CA",)),
    Where(("EEA",), ("EU",)),
    Where(("US-CA",), some_of=("US",)),
    Where(some_of=("EU",)),
    Where(some_of=("world",)),
    Where(except_places=("DE",), some_of=("world",)),
]
wheres = st.sampled_from(PLACES)
people = st.sampled_from(
    [*[(People.PERSONAL,)] * 5, (People.PERSONAL, People.CREATORS), *[(kind,) for kind in People]]
)
plans = st.sampled_from([(), (), (), ("Free",), ("Pro",), ("Free", "Pro")])
optional_days = st.sampled_from([None, None, *DAYS])
#: Mostly a value that is known, so that calm answers and their exceptions are met often.
values = st.sampled_from([*StateValue, StateValue.NOT_USED, StateValue.UNLESS_REFUSED])


@st.composite
def histories(draw):
    given = draw(st.lists(values, min_size=1, max_size=3))
    first = draw(st.integers(0, 2))
    return tuple(
        StateFacts(
            value,
            since=DAYS[first + number] if number or first else None,
            since_is=draw(st.sampled_from(list(SinceIs))),
            pending=number > 0 and draw(st.booleans()),
            disputed=draw(st.booleans()),
        )
        for number, value in enumerate(given)
    )


branches = st.builds(BranchFacts, histories(), wheres, people, plans)


@st.composite
def platforms(draw, slug="p"):
    uses = tuple(
        UseFacts(
            key=f"use{number}",
            title=f"Your data {number} trains models",
            title_if_not=f"Your data {number} trains no models",
            purpose=draw(st.sampled_from([*[Purpose.TRAINING] * 5, *Purpose])),
            branches=tuple(draw(st.lists(branches, min_size=1, max_size=3))),
            part=draw(st.sampled_from(["", "Part"])),
            data_kinds=tuple(
                draw(st.lists(st.sampled_from(list(DataKind)[:3]), min_size=1, unique=True))
            ),
            known_from=draw(optional_days),
        )
        for number in range(draw(st.sampled_from([0, 1, 2, 2, 3, 3])))
    )
    offers = st.builds(
        OfferFacts, wheres, people | st.just(()), plans, optional_days, optional_days
    )
    controls = tuple(
        ControlFacts(
            key=f"control{number}",
            uses=tuple(draw(st.lists(st.sampled_from([f"use{n}" for n in range(3)]), min_size=1))),
            refuse=draw(st.sampled_from(list(Refuse))),
            label=f"Label {number}",
            by=draw(st.sampled_from(list(By))),
            binding=draw(st.booleans()),
            act_covers=draw(st.sampled_from(list(ActCovers))),
            reach=draw(st.sampled_from(list(Reach))),
            offered=tuple(draw(st.lists(offers, max_size=2))),
            has_guide=draw(st.booleans()),
            minutes=draw(st.none() | st.integers(1, 20)),
        )
        for number in range(draw(st.integers(0, 3)))
    )
    return PlatformFacts(slug, slug.upper(), "Operator", uses, controls)


questions = st.builds(
    Question,
    day=st.dates(dt.date(2020, 1, 1), dt.date(2026, 1, 1)),
    place=st.sampled_from([*INSIDE, *POINTS]),
    people=st.sampled_from([*[None] * 5, *People]),
    plan=st.sampled_from(["", "", "Free", "Pro"]),
)
points = st.sampled_from(POINTS)


def essence(found):
    return found.answer, found.differs_by, {(line.key, line.value) for line in found.lines}


@MANY
@given(platforms(), questions)
def test_uses_outside_training_change_no_answer(facts, asked):
    training = tuple(use for use in facts.uses if use.purpose in TRAINING_PURPOSES)
    assert essence(verdict(facts, asked)) == essence(verdict(replace(facts, uses=training), asked))


@MANY
@given(platforms(), questions)
def test_controls_of_single_conversations_never_turn_a_yes_into_a_no(facts, asked):
    wider = tuple(
        control for control in facts.controls if control.act_covers != ActCovers.ONE_CONVERSATION
    )
    answers = {
        verdict(facts, asked).answer,
        verdict(replace(facts, controls=wider), asked).answer,
    }
    assert not (answers & YES and answers & CALM)


@MANY
@given(platforms(), questions)
def test_no_control_at_all_turns_a_yes_into_a_no(facts, asked):
    without = replace(facts, controls=())
    answers = {verdict(facts, asked).answer, verdict(without, asked).answer}
    assert not (answers & YES and answers & CALM)


@st.composite
def calm_platforms(draw):
    """Platforms that are known everywhere, with the calm values only."""
    known = [StateValue.NOT_USED, StateValue.ONLY_IF_AGREED, StateValue.NOT_OFFERED]
    uses = tuple(
        replace(
            use,
            known_from=None,
            branches=tuple(
                BranchFacts((StateFacts(draw(st.sampled_from(known))),), plans=branch.plans)
                for branch in use.branches
            ),
        )
        for use in draw(platforms()).uses
    )
    return PlatformFacts("p", "P", "Operator", uses)


@MANY
@given(
    calm_platforms() | platforms(),
    questions,
    st.integers(0, 3),
    st.booleans(),
    st.sampled_from(list(StateValue)),
)
def test_one_unknown_line_never_yields_a_calm_answer(facts, asked, position, is_perhaps, value):
    asked = replace(asked, people=asked.people or default_people(facts.uses))
    unknown = UseFacts(
        "unknown",
        "Your data train models",
        Purpose.TRAINING,
        (
            BranchFacts(
                (StateFacts(value if is_perhaps else StateValue.UNCLEAR),),
                Where(some_of=("world",)) if is_perhaps else WORLDWIDE,
                (asked.people,),
            ),
        ),
    )
    uses = (*facts.uses[:position], unknown, *facts.uses[position:])
    assert verdict(replace(facts, uses=uses), asked).answer not in CALM


@MANY
@given(calm_platforms() | platforms(), questions, st.data())
def test_one_unknown_line_of_a_use_never_yields_a_calm_answer(facts, asked, data):
    asked = replace(asked, people=asked.people or default_people(facts.uses), plan="")
    training = [use for use in facts.uses if use.is_training]
    if not training:
        return
    changed = data.draw(st.sampled_from(training))
    unknown = BranchFacts((StateFacts(StateValue.UNCLEAR),), people=(asked.people,), plans=("Odd",))
    uses = tuple(
        replace(use, branches=(*use.branches, unknown)) if use is changed else use
        for use in facts.uses
    )
    assert verdict(replace(facts, uses=uses), asked).answer not in CALM


@MANY
@given(platforms(), questions, st.sampled_from(list(INSIDE)))
def test_unlike_places_always_differ_and_like_ones_answer_alike(facts, asked, place):
    asked = replace(asked, people=asked.people or default_people(facts.uses))
    whole = verdict(facts, replace(asked, place=place))
    inside = [verdict(facts, replace(asked, place=point)) for point in INSIDE[place]]
    answers = {each.answer for each in inside}
    if len(answers) > 1:
        assert whole.answer == Answer.DIFFERS
        assert DiffersBy.PLACE in whole.differs_by
    if whole.answer != Answer.DIFFERS:
        assert answers == {whole.answer}
    elif DiffersBy.PLACE not in whole.differs_by:
        assert {(each.answer, each.differs_by) for each in inside} == {
            (whole.answer, whole.differs_by)
        }


@FEW
@given(platforms("a"), platforms("b"), questions)
def test_a_platform_more_changes_no_other(first, second, asked):
    def of_first(found):
        return {
            answer: [use for facts, use in uses if facts is first] for answer, uses in found.items()
        }

    alone = uses_by_answer([first], asked)
    assert of_first(uses_by_answer([first, second], asked)) == of_first(alone)
    assert of_first(uses_by_answer([second, first], asked)) == of_first(alone)


@MANY
@given(platforms(), questions)
def test_an_answer_alone_is_that_of_the_whole_verdict(facts, asked):
    for use in facts.uses:
        whole = verdict_of_use(facts, use, asked)
        assert answer_alone(use, asked) == (whole and whole.answer)


@MANY
@given(platforms(), questions, histories())
def test_what_is_pending_or_to_come_changes_nothing(facts, asked, to_come):
    late = tuple(replace(state, since=dt.date(2030, 1, 1), pending=False) for state in to_come)
    pending = tuple(
        replace(state, since=asked.day, pending=True, value=StateValue.NOT_USED)
        for state in to_come
    )
    uses = tuple(
        replace(
            use,
            branches=tuple(
                replace(branch, states=branch.states + pending + late) for branch in use.branches
            ),
        )
        for use in facts.uses
    )
    changed = verdict(replace(facts, uses=uses), asked)
    found = verdict(facts, asked)
    assert (essence(changed), changed.since) == (essence(found), found.since)


@MANY
@given(platforms(), questions, points)
def test_an_answer_rests_on_its_lines(facts, asked, point):
    found = verdict(facts, replace(asked, place=point))
    values = {line.value for line in found.lines}
    (cell,) = found.cells
    remaining = {line.value for line in cell.lines}
    assert all(line.use.is_training for line in found.lines)
    match found.answer:
        case Answer.YES_UNLESS_REFUSED:
            assert values == {StateValue.UNLESS_REFUSED}
            assert StateValue.NO_WAY_OUT not in remaining
            assert cell.lines[0].is_on
        case Answer.YES_NO_WAY_OUT:
            assert values == {StateValue.NO_WAY_OUT}
            assert cell.lines[0].is_on
        case Answer.ONLY_IF_AGREED:
            assert values == {StateValue.ONLY_IF_AGREED}
            assert remaining <= {StateValue.ONLY_IF_AGREED, StateValue.NOT_USED}
        case Answer.NO:
            assert values in ({StateValue.NOT_USED}, {StateValue.NOT_OFFERED})
            assert remaining == values
        case Answer.UNKNOWN:
            assert values <= {StateValue.UNCLEAR}
            assert not remaining & {StateValue.NO_WAY_OUT, StateValue.UNLESS_REFUSED}
        case Answer.DIFFERS:
            assert found.lines == cell.lines
            assert DiffersBy.PLACE not in found.differs_by
    assert (found.since is not None) == (found.answer in YES)


@MANY
@given(platforms(), questions, points)
def test_ways_out_are_offered_and_reach_each_use_once(facts, asked, point):
    found = verdict(facts, replace(asked, place=point))
    on = {line.use.key for line in found.lines if line.is_on}
    reached = [key for way in found.ways for key in way.uses]
    assert len(reached) == len(set(reached))
    assert set(reached) <= on
    for way in found.ways:
        assert way.uses
        assert way.control.reach != Reach.PAST_ONLY
        assert way.coverage > Coverage.NOT
    left = on - set(reached)
    for control in facts.controls:  # nothing is missed that is offered to everyone, always
        if control.offered == (OfferFacts(),) and control.reach != Reach.PAST_ONLY:
            assert left.isdisjoint(control.uses)


@FEW
@given(platforms(), questions)
def test_every_verdict_can_be_put_into_words(facts, asked):
    found = verdict(facts, asked)
    for language in ("en", "de"):
        with translation.override(language):
            words = [headline(found), ways_words(found)]
            words += [sentence_words(sentence, facts.operator) for sentence in found.sentences]
            words += [sentence_html(sentence, facts.operator) for sentence in found.sentences]
            words += [since_words(found.since)] if found.since else []
            words += [act_words(control) for control in facts.controls]
            assert headline(found)
            assert not any("%(" in text or "{" in text or "  " in text for text in words), words
    assert bool(found.sentences) == bool(found.lines)


@FEW
@given(platforms(), questions)
def test_a_cell_of_the_matrix_is_the_answer_of_the_training_uses_with_its_data(facts, asked):
    row = matrix_row(facts, facts.uses, asked)
    for kind in DataKind:
        other = tuple(
            use if kind in use.data_kinds else replace(use, purpose=Purpose.FEATURE)
            for use in facts.uses
        )
        expected = verdict(replace(facts, uses=other), asked)
        if kind in row:
            assert essence(row[kind]) == essence(expected)
        else:
            assert expected.nothing_on_record
