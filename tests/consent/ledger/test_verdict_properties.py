"""What holds of every verdict, whatever the catalog says."""

import datetime as dt
import os
from dataclasses import replace
from random import Random

import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from consent.audience import Atom
from consent.ledger.answers import Answer, Stance, WayOut, in_version_1
from consent.ledger.atom_answers import stance_of, way_of_use
from consent.ledger.headline_words import headline, short_words, since_words
from consent.ledger.offers import Standing, offers_on
from consent.ledger.platform_facts import (
    BranchFacts,
    ControlFacts,
    OfferFacts,
    PlanFacts,
    PlatformFacts,
    StateFacts,
    UseFacts,
)
from consent.ledger.question import Question, RefusedQuestionError, checked, plans_of
from consent.ledger.verdict import (
    answer_alone,
    matrix_row,
    people_asked,
    short_answer,
    verdict,
    verdict_of_use,
)
from consent.ledger.verdict_words import act_words, sentence_html, sentence_words, ways_words
from consent.vocabulary import (
    TRAINING_PURPOSES,
    ActCovers,
    Basis,
    By,
    DataKind,
    Earlier,
    People,
    PlanKind,
    Purpose,
    Reach,
    Refuse,
    SinceIs,
    StateValue,
    Why,
)
from platforms.places import WORLDWIDE, Coverage, Where

#: PLATFORMS_DRAWN=5000 draws so many for each property (`make drills`).
DRAWN = int(os.environ.get("PLATFORMS_DRAWN", "0"))
OFFERED = [value for value in StateValue if value != StateValue.NOT_OFFERED]
#: Stances that need every use known.
CALM = {Stance.NO, Stance.ONLY_IF_AGREED, Stance.NOT_ANY_MORE}
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
PEOPLE = [*[(People.PERSONAL,)] * 5, (People.PERSONAL, People.CREATORS), *[(k,) for k in People]]
PLANS = [(), (), (), ("Free",), ("Pro",), ("Free", "Pro"), ("API",)]
OPTIONAL_DAYS = [None, None, *DAYS]
#: Mostly a value that is known, so that calm answers and their exceptions are met often.
VALUES = [*StateValue, StateValue.NOT_USED, StateValue.UNLESS_REFUSED]
#: Lists of plans: none, an open one and a closed one.
LISTS = [
    ((), False),
    ((PlanFacts("Free"), PlanFacts("Pro", people=(People.PERSONAL,))), False),
    (
        (
            PlanFacts("Free", people=(People.PERSONAL,), paid=False),
            PlanFacts("Pro", people=(People.PERSONAL, People.ORGANISATION)),
            PlanFacts("Max", people=(People.PERSONAL,), since=dt.date(2023, 1, 1)),
            PlanFacts("Team", people=(People.ORGANISATION,)),
            PlanFacts("Business", includes=("Team", "Pro")),
        ),
        True,
    ),
    (
        (
            PlanFacts("Free", aliases=("Basic",), people=(People.PERSONAL,)),
            PlanFacts("Junior", people=(People.MINORS,)),
            PlanFacts("API", people=(People.PERSONAL, People.ORGANISATION), kind=PlanKind.API),
        ),
        False,
    ),
]


def for_many(*makers, few=30):
    """Check a property of what functions make of a random.Random.

    Of few Hypothesis seeks the smallest that fails; many are drawn by chance, which is faster.
    """

    def decorated(check):
        if not DRAWN:
            drawn = (st.randoms(use_true_random=False).map(make) for make in makers)
            return settings(max_examples=few, deadline=None)(given(*drawn)(check))

        def check_many():
            for seed in range(DRAWN):
                chance = Random(seed)
                try:
                    check(*(make(chance) for make in makers))
                except AssertionError as error:
                    error.add_note(f"Made of Random({seed})")
                    raise

        check_many.__name__ = check.__name__
        return check_many

    return decorated


def history(chance):
    first = chance.randint(0, 2)
    return tuple(
        StateFacts(
            value := chance.choice(VALUES),
            since=DAYS[first + number] if number or first else None,
            since_is=chance.choice(list(SinceIs)),
            pending=number > 0 and chance.choice([False, True]),
            disputed=chance.choice([False, True]),
            earlier=chance.choice([None, None, *Earlier]) if number else None,
            why=chance.choice([None, *Why]) if value == StateValue.UNCLEAR else None,
            basis=chance.choice([None, *Basis]),
            said_by=chance.choice(["", "", "", "Somebody"]),
        )
        for number in range(chance.randint(1, 3))
    )


def branch(chance):
    return BranchFacts(
        history(chance),
        chance.choice(PLACES),
        chance.choice(PEOPLE),
        chance.choice(PLANS),
        who=chance.choice(["", "", "", "some group"]),
        who_narrows=chance.choice([False, False, False, True]),
        adults=chance.choice([False, False, False, True]),
    )


def use(chance, number):
    return UseFacts(
        key=f"use{number}",
        title=f"Your data {number} trains models",
        title_if_not=f"Your data {number} trains no models",
        purpose=chance.choice([*[Purpose.TRAINING] * 5, *Purpose]),
        branches=tuple(branch(chance) for _ in range(chance.randint(1, 3))),
        part=chance.choice(["", "Part"]),
        data_kinds=tuple(chance.sample(list(DataKind)[:3], chance.randint(1, 3))),
        known_from=chance.choice(OPTIONAL_DAYS),
    )


def offer(chance):
    return OfferFacts(
        chance.choice(PLACES),
        chance.choice([(), *PEOPLE]),
        chance.choice(PLANS),
        chance.choice(OPTIONAL_DAYS),
        chance.choice(OPTIONAL_DAYS),
    )


def control(chance, number):
    return ControlFacts(
        key=f"control{number}",
        uses=tuple(chance.choice(["use0", "use1", "use2"]) for _ in range(chance.randint(1, 3))),
        refuse=chance.choice(list(Refuse)),
        label=f"Label {number}",
        by=chance.choice(list(By)),
        binding=chance.choice([False, True]),
        act_covers=chance.choice(list(ActCovers)),
        reach=chance.choice(list(Reach)),
        offered=tuple(offer(chance) for _ in range(chance.randint(0, 2))),
        has_guide=chance.choice([False, True]),
        minutes=chance.choice([None, None, *range(1, 21)]),
        only_at_times=chance.choice([False, False, False, True]),
    )


def platform(chance):
    slug = f"p{chance.getrandbits(60)}"  # answers are found by it: many of one are slow
    plans, is_complete = chance.choice(LISTS)
    return PlatformFacts(
        slug,
        slug.upper(),
        "Operator",
        tuple(use(chance, number) for number in range(chance.choice([0, 1, 2, 2, 3, 3]))),
        tuple(control(chance, number) for number in range(chance.randint(0, 3))),
        plans=plans,
        plans_complete=is_complete,
        min_age=chance.choice([None, None, 13, 18]),
    )


def question(chance):
    return Question(
        day=dt.date(2020, 1, 1) + dt.timedelta(days=chance.randint(0, 6 * 365)),
        place=chance.choice([*INSIDE, *POINTS]),
        people=chance.choice([*[None] * 5, *People]),
        plan=chance.choice(["", "", "Free", "Pro", "Junior", "API"]),
    )


def point(chance):
    return chance.choice(POINTS)


def late_use(chance):
    return use(chance, 9)


def itself(chance):
    return chance


def names_an_api(facts):
    training = (use for use in facts.uses if use.is_training)
    return any("API" in branch.plans for use in training for branch in use.branches)


def essence(found):
    return found.stance, found.way, found.by_axes, {(line.key, line.value) for line in found.lines}


def fields(answer):
    """What an answer in an atom says, without the lists that only reorder it."""
    return (
        *(answer.stance, answer.way, answer.lead, answer.reason, answer.word),
        *(answer.earlier, frozenset(answer.by_use)),
    )


def within(atom: Atom, by_atom):
    """Return the atom of a wider question in which an atom is."""
    for other in by_atom:
        code = atom.cell.codes[0]
        country = code.partition("-")[0]
        is_there = code in other.cell.codes or (
            country in other.cell.codes and code not in other.cell.besides
        )
        if not is_there and other.cell.codes == ("world",):
            is_there = country not in other.cell.besides
        if is_there and (other.people, other.plan) == (atom.people, atom.plan):
            return other
    raise AssertionError(atom)


@for_many(
    platform,
    question,
    lambda chance: chance.choice(list(INSIDE)),
    lambda chance: chance.choice(["", "Free", "Pro"]),
)
def test_a_narrower_question_keeps_what_is_known_and_a_wider_one_what_is_true(
    facts, asked, place, plan
):
    asked = replace(asked, people=people_asked(facts, replace(asked, plan="")), plan="")
    whole = verdict(facts, replace(asked, place=place))
    for point in INSIDE[place]:
        narrow = verdict(facts, replace(asked, place=point, plan=plan))
        for atom, answer in narrow.by_atom.items():
            if any(atom.plan == other.plan for other in whole.by_atom):
                assert fields(whole.by_atom[within(atom, whole.by_atom)]) == fields(answer)


@for_many(platform, question, point)
def test_answers_of_all_places_alike_are_that_of_the_whole(facts, asked, point):
    found = verdict(facts, asked)
    stances = {each.stance for each in found.by_atom.values()}
    if found.stance != Stance.DEPENDS:
        assert stances == {found.stance}
    else:
        assert found.by_axes
        assert len({each.told for each in found.by_atom.values()}) > 1 or stances == {
            Stance.DEPENDS
        }
    short = short_answer(facts, asked)
    assert (short.stance, short.way, short.by_axes, short.is_warm, short.answer) == (
        *(found.stance, found.way, found.by_axes, found.is_warm, found.answer),
    )
    assert short_words(short) == short_words(found)


#: The rows of the table, as conditions without an order: the lead, the others, what was earlier.
def rows(values, earlier):
    on = {StateValue.NO_WAY_OUT, StateValue.UNLESS_REFUSED}
    lead, others = (values[0], values[1:]) if values else (None, ())
    nothing = not values
    lead_on = lead in on
    other_on = bool(on.intersection(others))
    lead_unclear = lead == StateValue.UNCLEAR
    other_unclear = StateValue.UNCLEAR in others
    calm = not (nothing or lead_on or other_on or lead_unclear or other_unclear)
    agreed = StateValue.ONLY_IF_AGREED in values
    stays = Earlier.STAYS_IN_USE in earlier
    return {
        Stance.NOT_OFFERED: [nothing],
        Stance.YES: [lead_on],
        Stance.DEPENDS: [
            not lead_on and other_on,
            not nothing and not (lead_on or other_on or lead_unclear) and other_unclear,
        ],
        Stance.UNKNOWN: [lead_unclear and not other_on],
        Stance.ONLY_IF_AGREED: [calm and agreed],
        Stance.NOT_ANY_MORE: [calm and not agreed and stays],
        Stance.NO: [calm and not agreed and not stays],
    }


@for_many(
    lambda chance: chance.choices(list(OFFERED), k=chance.randint(0, 4)),
    lambda chance: {*chance.sample([None, *Earlier], chance.randint(0, 1 + len(Earlier)))},
)
def test_exactly_one_row_fits(values, earlier):
    fitting = [stance for stance, each in rows(values, earlier).items() for row in each if row]
    assert fitting == [stance_of(values, earlier)]


#: Whether a use can be refused, as conditions without an order.
def ways(value, controls, people):
    can = value == StateValue.UNLESS_REFUSED
    if can:  # leaving counts only where there is nothing else
        controls = [each for each in controls if each.refuse != Refuse.LEAVE] or controls
    binding = [each for each in controls if each.binding and not each.only_at_times]
    parameters = [each for each in binding if each.refuse == Refuse.SEND_PARAMETER]
    others = [each for each in binding if each not in parameters]
    once = [each for each in others if each.covers_one_at_a_time]
    apart = parameters + once
    lasting = [each for each in others if not each.covers_one_at_a_time]
    by_person = any(not each.is_by_admin for each in lasting)
    by_admin = any(each.is_by_admin for each in lasting)
    organised = people == People.ORGANISATION
    agreed = value == StateValue.ONLY_IF_AGREED
    admins = [each.is_by_admin for each in controls if not each.is_preset]
    asks_admin = any(admins) if organised else bool(admins) and all(admins)
    return {
        WayOut.NONE: value == StateValue.NO_WAY_OUT,
        WayOut.HOW_NOT_ON_RECORD: can and not controls,
        WayOut.REFUSABLE: can and by_person,
        WayOut.EACH_TIME: can and once and not by_person and not (organised and by_admin),
        WayOut.EACH_REQUEST: can
        and parameters
        and not once
        and not by_person
        and not (organised and by_admin),
        WayOut.AT_TIMES: can
        and not binding
        and any(each.binding and each.only_at_times for each in controls),
        WayOut.ON_REQUEST: can and controls and not any(each.binding for each in controls),
        WayOut.ORGANISATION: (agreed and asks_admin)
        or (can and by_admin and not by_person and (organised or not apart)),
        WayOut.NOT_NEEDED: (agreed and not asks_admin)
        or not (can or agreed or value == StateValue.NO_WAY_OUT),
    }


@for_many(
    lambda chance: chance.choice(list(StateValue)),
    lambda chance: [control(chance, number) for number in range(chance.randint(0, 3))],
    lambda chance: chance.choice(list(People)),
)
def test_exactly_one_way_fits_a_use(value, controls, people):
    offered = [replace(each, uses=("use0",)) for each in controls]
    everybody = BranchFacts((StateFacts(value),), people=())
    fitting = [way for way, fits in ways(value, offered, people).items() if fits]
    assert fitting == [way_of_use(value, "use0", offered, people, [everybody])]


@for_many(platform, question, itself)
def test_the_order_of_records_changes_nothing_but_the_lead(facts, asked, random):
    def shuffled(records):
        return tuple(random.sample(records, len(records)))

    training = [use for use in facts.uses if use.is_training]
    rest = shuffled(training[1:]) + tuple(use for use in facts.uses if not use.is_training)
    other = replace(
        facts,
        uses=tuple(replace(use, branches=shuffled(use.branches)) for use in (*training[:1], *rest)),
        controls=tuple(
            replace(each, offered=shuffled(each.offered)) for each in shuffled(facts.controls)
        ),
    )
    found, again = verdict(facts, asked), verdict(other, asked)
    if training[:1] and all(each.lead in ("", training[0].key) for each in found.by_atom.values()):
        assert {atom: fields(each) for atom, each in found.by_atom.items()} == {
            atom: fields(each) for atom, each in again.by_atom.items()
        }


@for_many(platform, question, late_use)
def test_a_use_after_the_lead_never_removes_a_yes(facts, asked, late):
    asked = replace(asked, people=people_asked(facts, asked))
    if asked.people == People.MINORS:
        return  # a use that names minors ends what is inferred
    more = replace(facts, uses=(*facts.uses, replace(late, purpose=Purpose.TRAINING)))
    if names_an_api(more) != names_an_api(facts):
        return  # it has terms of its own: branches without plans are no longer for it
    found, again = verdict(facts, asked), verdict(more, asked)
    if again.people != found.people:
        return  # the first people that the platform has
    for atom, each in again.by_atom.items():
        if atom.plan in {other.plan for other in found.by_atom}:
            before = found.by_atom[within(atom, found.by_atom)]
            if before.stance == Stance.YES:
                assert each.stance == Stance.YES


@for_many(platform, question)
def test_an_answer_of_one_part_is_disputed_as_its_part_is(facts, asked):
    found = verdict(facts, asked)
    if len(found.parts) == 1:
        assert found.parts[0].disputed == found.disputed


@for_many(platform, question, itself)
def test_more_doubt_never_makes_an_answer_calmer(facts, asked, chance):
    asked = replace(asked, people=people_asked(facts, asked))
    training = [use for use in facts.uses if use.is_training]
    if not training:
        return
    changed = chance.choice(training)
    number = chance.randrange(len(changed.branches))
    branch = changed.branches[number]
    doubtful = replace(
        branch, states=(*branch.states[:-1], replace(branch.states[-1], value=StateValue.UNCLEAR))
    )
    branches = (*changed.branches[:number], doubtful, *changed.branches[number + 1 :])
    uses = tuple(replace(use, branches=branches) if use is changed else use for use in facts.uses)
    found, again = verdict(facts, asked), verdict(replace(facts, uses=uses), asked)
    for atom, each in again.by_atom.items():
        if each.stance in CALM:
            assert found.by_atom[atom].stance in CALM | {Stance.NOT_OFFERED}


@for_many(platform, question)
def test_there_is_no_way_out_only_where_a_state_says_so(facts, asked):
    for each in (facts, replace(facts, controls=())):
        found = verdict(each, asked)
        for answer in found.by_atom.values():
            if answer.way == WayOut.NONE:
                assert any(line.value == StateValue.NO_WAY_OUT for line in answer.lines)
            assert (answer.way == WayOut.NOT_NEEDED) <= (answer.stance != Stance.YES)


@for_many(platform, question)
def test_what_is_called_ended_has_ended(facts, asked):
    for control in facts.controls:
        offered = offers_on(facts, asked)[control.key]
        if offered.standing == Standing.ENDED:
            assert offered.ended_on <= asked.day
            assert all(each.until and each.until <= asked.day for each in control.offered)


@for_many(platform, question)
def test_uses_outside_training_change_no_answer(facts, asked):
    training = tuple(use for use in facts.uses if use.purpose in TRAINING_PURPOSES)
    asked = replace(asked, people=people_asked(facts, asked))
    alone = replace(facts, uses=training, controls=())
    if asked.plan and asked.plan not in plans_of(alone, asked.people):
        return  # only what is left out names it
    found, again = verdict(facts, asked).by_atom, verdict(alone, asked).by_atom
    for atom, each in again.items():
        if atom.plan in {other.plan for other in found}:
            assert found[within(atom, found)].stance == each.stance


@for_many(platform, question)
def test_an_answer_alone_is_that_of_the_whole_verdict(facts, asked):
    asked = replace(asked, people=people_asked(facts, asked))
    for use in facts.uses:
        whole = verdict_of_use(facts, use, asked)
        alone = answer_alone(facts, use, asked)
        assert (alone and alone.stance) == (whole and whole.stance)


@for_many(platform, question, history)
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


@for_many(platform, question, point)
def test_ways_out_are_offered_and_reach_each_use_once(facts, asked, point):
    found = verdict(facts, replace(asked, place=point))
    on = {line.use.key for each in found.by_atom.values() for line in each.lines if line.is_on}
    if len(found.by_atom) > 1:
        return
    reached = [key for way in found.ways for key in way.uses]
    assert len(reached) == len(set(reached))
    leads = {each.lead for each in found.by_atom.values() if each.way == WayOut.ANYWAY}
    assert set(reached) <= on | leads
    for way in found.ways:
        assert way.uses
        assert way.control.reach != Reach.PAST_ONLY
        assert way.coverage > Coverage.NOT
    left = on - set(reached)
    for control in facts.controls:  # nothing is missed that is offered to everyone, always
        if control.offered == (OfferFacts(),) and control.reach != Reach.PAST_ONLY:
            assert left.isdisjoint(control.uses)


@for_many(platform, question, few=12)
def test_every_verdict_can_be_put_into_words(facts, asked):
    found = verdict(facts, asked)
    for language in ("en", "de", "fr"):
        with translation.override(language):
            words = [headline(found), short_words(found), ways_words(found)]
            words += [sentence_words(sentence, facts.operator) for sentence in found.sentences]
            words += [sentence_html(sentence, facts.operator) for sentence in found.sentences]
            words += [since_words(found.since)] if found.since else []
            words += [act_words(control) for control in facts.controls]
            assert headline(found)
            assert not any("%(" in text or "{" in text or "  " in text for text in words), words
    assert bool(found.sentences) == bool(found.lines)


@for_many(platform, question, point)
def test_what_is_not_known_has_a_reason_and_elsewhere_is_said_of_the_world_only(
    facts, asked, point
):
    for place in (asked.place, point):
        found = verdict(facts, replace(asked, place=place))
        assert (found.reason is not None) == (found.stance == Stance.UNKNOWN)
        assert not (place and "elsewhere" in headline(found))
        assert not (place and found.since and "elsewhere" in since_words(found.since))


@for_many(platform, question)
def test_nothing_is_inferred_for_minors_who_have_a_plan_of_their_own(facts, asked):
    found = verdict(facts, replace(asked, people=People.MINORS, plan=""))
    if any(plan.people == (People.MINORS,) for plan in facts.plans):
        assert not found.is_inferred
    if found.is_inferred:
        assert found.answer == Answer.UNKNOWN
        assert "inferred for" in headline(found)


@for_many(platform, platform, question)
def test_answers_that_differ_have_different_headlines(first, second, asked):
    one, other = (verdict(replace(facts, name="X"), asked) for facts in (first, second))
    what = [(each.stance, each.way, each.reason, each.word, each.said_by) for each in (one, other)]
    if what[0] != what[1]:
        assert headline(one) != headline(other)


@for_many(platform, question)
def test_a_plan_that_there_is_not_is_refused_with_those_that_there_are(facts, asked):
    try:
        known = checked(facts, asked)
    except RefusedQuestionError:
        known = None
    if known is None or not known.plan:
        return
    with pytest.raises(RefusedQuestionError) as refused:
        checked(facts, replace(asked, plan="nonsense"))
    assert known.plan in refused.value.allowed
    for plan in facts.plans:
        for alias in plan.aliases if plan.name == known.plan else ():
            assert checked(facts, replace(asked, plan=alias.upper())).plan == known.plan


@for_many(platform, question, few=12)
def test_a_cell_of_the_matrix_is_the_answer_of_the_training_uses_with_its_data(facts, asked):
    row = matrix_row(facts, facts.uses, asked)
    for kind in DataKind:
        of_kind = tuple(use for use in facts.uses if use.is_training and kind in use.data_kinds)
        assert (kind in row) == bool(of_kind)
        if kind in row:
            assert row[kind].uses == of_kind
            assert row[kind].day == asked.day


@pytest.mark.parametrize("stance", Stance)
@pytest.mark.parametrize("way", WayOut)
@pytest.mark.parametrize("inferred", [False, True])
def test_version_1_is_a_frozen_projection(stance, way, inferred):
    answer = in_version_1(stance, way, is_inferred=inferred)
    refusable = {
        "refusable",
        "each-time",
        "each-request",
        "organisation",
        "on-request",
        "how-not-on-record",
    }
    various = {"part", "by-place", "by-plan"}
    if inferred or stance == "unknown":
        assert answer == Answer.UNKNOWN
    elif stance == "yes" and way in refusable:
        assert answer == Answer.YES_UNLESS_REFUSED
    elif stance == "yes" and way == "none":
        assert answer == Answer.YES_NO_WAY_OUT
    elif stance == "depends" or (stance == "yes" and way in various):
        assert answer == Answer.DIFFERS
    elif stance == "only-if-agreed":
        assert answer == Answer.ONLY_IF_AGREED
    elif stance != "yes":
        assert answer == Answer.NO
