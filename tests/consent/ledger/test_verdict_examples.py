"""Answers on eight made-up platforms, whose files are in examples/."""

import datetime as dt
from pathlib import Path

import pytest

from consent.ledger.answers import Answer, Axis
from consent.ledger.question import Question
from consent.ledger.verdict import matrix_row, uses_by_answer, verdict
from consent.vocabulary import DataKind, People, Precision, SinceIs
from platforms.places import Coverage
from tests.consent.ledger.catalog_facts import read

TODAY = dt.date(2026, 11, 25)
EXAMPLES = Path(__file__).parent / "examples"
NAMES = sorted(path.stem for path in EXAMPLES.glob("*.yaml"))


def facts_of(name):
    return read(EXAMPLES / f"{name}.yaml")


def asked(name, *, day=TODAY, **about):
    return verdict(facts_of(name), Question(day, **about))


def ways_of(answer):
    return [way.control.key for way in answer.ways]


def told_of(answer):
    """The use and the value of each sentence below the answer."""
    return [(sentence.use.key, sentence.value.value) for sentence in answer.sentences]


def test_a_messenger_that_spares_letters_differs_by_place_and_use():
    answer = asked("tinhorn")

    assert answer.answer == Answer.DIFFERS
    assert answer.differs_by == (Axis.PLACE, Axis.USE)
    assert answer.since is None
    assert answer.ways_differ_by_place
    assert told_of(answer) == [
        ("letters", "not-used"),
        ("bugle", "no-way-out"),
        ("bugle", "unless-refused"),
    ]


def test_in_one_country_the_messenger_differs_by_use_alone():
    german, american = asked("tinhorn", place="DE"), asked("tinhorn", place="US")

    assert german.differs_by == american.differs_by == (Axis.USE,)
    assert ways_of(german) == ["objection"]
    assert told_of(german)[1] == ("bugle", "unless-refused")
    assert told_of(american)[1] == ("bugle", "no-way-out")


def test_a_control_offered_to_some_people_of_a_place_is_a_way_perhaps():
    (way,) = asked("tinhorn", place="US").ways

    assert (way.control.key, way.coverage) == ("whisper", Coverage.PERHAPS)


def test_a_use_that_is_on_everywhere_can_be_disputed_in_one_part_of_the_world():
    world = asked("rookery")

    assert world.answer == Answer.YES_UNLESS_REFUSED
    assert world.since.differs_by_place
    assert world.since.disputed_in_part
    assert (ways_of(world), world.minutes) == (["caws-switch"], 3)
    american, irish = (asked("rookery", place=place).since for place in ("US", "IE"))
    assert (american.on, american.disputed) == (dt.date(2023, 3, 9), False)
    assert (irish.on, irish.since_is) == (dt.date(2024, 11, 30), SinceIs.AT_LATEST)
    assert irish.disputed
    assert not irish.disputed_in_part


@pytest.mark.parametrize(
    ("day", "answer", "ways"),
    [
        (dt.date(2022, 12, 31), Answer.UNKNOWN, []),
        (dt.date(2023, 2, 1), Answer.YES_NO_WAY_OUT, []),
        (dt.date(2023, 3, 9), Answer.YES_UNLESS_REFUSED, ["caws-switch"]),
        (dt.date(2023, 6, 1), Answer.UNKNOWN, []),
        (dt.date(2024, 11, 30), Answer.YES_UNLESS_REFUSED, ["caws-switch"]),
    ],
)
def test_the_answer_for_a_day_is_that_of_the_state_that_held_then(day, answer, ways):
    french = asked("rookery", place="FR", day=day)

    assert (french.answer, ways_of(french)) == (answer, ways)


def test_a_use_that_begins_in_one_country_is_on_there_from_that_day():
    before = asked("guildhall", place="DE", day=dt.date(2025, 10, 5))
    after = asked("guildhall", place="DE", day=dt.date(2025, 10, 6))

    assert (before.answer, before.differs_by) == (Answer.DIFFERS, (Axis.USE,))
    assert (ways_of(before), before.minutes) == (["request"], 9)
    assert (after.answer, after.since.on) == (Answer.YES_UNLESS_REFUSED, dt.date(2025, 10, 6))
    assert (ways_of(after), after.minutes) == (["makers-switch", "request"], 11)


def test_a_use_of_one_country_is_told_with_its_place():
    answer = asked("guildhall")

    places = {
        sentence.use.key: [where.places for where in sentence.wheres]
        for sentence in answer.sentences
    }
    assert places == {"makers": [], "lent-posts": [("GB",)], "ranking": []}


def test_a_platform_for_organisations_answers_for_them_and_only_owners_can_refuse():
    answer = asked("workbench")

    assert answer == asked("workbench", people=People.ORGANISATION)
    assert (answer.answer, answer.people) == (Answer.YES_UNLESS_REFUSED, People.ORGANISATION)
    assert answer.manner.by_organisation
    assert (answer.since.precision, answer.since.since_is) == (Precision.MONTH, SinceIs.AT_LATEST)
    assert ways_of(answer) == ["owner-mail"]
    assert answer.ways[0].control.is_by_admin
    assert answer.sentences[0].who == "benches, free and paid"
    assert asked("workbench", people=People.PERSONAL).nothing_on_record


@pytest.mark.parametrize(
    ("people", "plan", "answer", "ways"),
    [
        (None, "", Answer.YES_UNLESS_REFUSED, ["learn-switch"]),
        (People.ORGANISATION, "API", Answer.ONLY_IF_AGREED, []),
        (People.NO_ACCOUNT, "", Answer.YES_UNLESS_REFUSED, ["learn-switch-without-account"]),
        (People.MINORS, "", Answer.UNKNOWN, []),
        (People.CREATORS, "", Answer.YES_UNLESS_REFUSED, ["learn-switch", "publishers"]),
    ],
)
def test_each_kind_of_people_has_an_answer_and_ways_of_its_own(people, plan, answer, ways):
    own = asked("askaway", people=people, plan=plan)

    assert (own.answer, ways_of(own)) == (answer, ways)
    assert own.nothing_on_record == (people == People.MINORS)


def test_how_long_recordings_are_kept_is_no_part_of_the_answer():
    answer = asked("hearthstone")

    assert answer.answer == Answer.YES_UNLESS_REFUSED
    assert told_of(answer) == [("recordings", "unless-refused")]
    assert answer.since.differs_by_place
    assert asked("hearthstone", place="US").since.on == dt.date(2023, 11, 11)
    assert asked("hearthstone", place="DE").since.on is None


def test_a_platform_for_writers_answers_for_them_and_a_switch_is_turned_on():
    answer = asked("quillnest")

    assert (answer.answer, answer.people) == (Answer.YES_UNLESS_REFUSED, People.CREATORS)
    assert [(way.control.key, way.control.refuse.value) for way in answer.ways] == [
        ("signal", "turn-on")
    ]


def test_two_uses_with_a_form_each_need_both_forms():
    answer = asked("commonplace", place="DE")

    assert answer.answer == Answer.YES_UNLESS_REFUSED
    assert not answer.ways_differ_by_place
    assert (sorted(ways_of(answer)), answer.minutes) == (["chats-form", "pages-form"], 12)


@pytest.mark.parametrize(
    ("about", "answer"),
    [
        ({}, Answer.DIFFERS),
        ({"place": "US"}, Answer.YES_NO_WAY_OUT),
        ({"people": People.MINORS}, Answer.NO),
        ({"people": People.NO_ACCOUNT}, Answer.YES_UNLESS_REFUSED),
    ],
)
def test_a_network_answers_by_place_and_by_people(about, answer):
    assert asked("commonplace", **about).answer == answer


def test_a_request_that_may_be_refused_is_told_as_one():
    answer = asked("commonplace", people=People.NO_ACCOUNT)

    assert not answer.ways[0].control.binding
    assert not answer.sentences[0].manner.binding


def test_uses_count_once_by_answer_and_only_those_for_training():
    found = uses_by_answer(map(facts_of, NAMES), Question(TODAY, "DE"))

    assert {
        answer: sorted(use.key for _, use in uses) for answer, uses in found.items() if uses
    } == {
        Answer.YES_UNLESS_REFUSED: [
            "bugle",
            "caws",
            "chats",
            "crawled",
            "makers",
            "open-web",
            "pages",
            "questions",
            "ranking",
            "recordings",
            "shared-models",
            "strangers",
        ],
        Answer.NO: ["letters"],
        Answer.UNKNOWN: ["neighbours"],
    }


def test_the_matrix_answers_for_each_kind_of_data():
    facts = facts_of("tinhorn")

    american = matrix_row(facts, facts.uses, Question(TODAY, "US"))
    assert {kind: cell.answer for kind, cell in american.items()} == {
        DataKind.PRIVATE_MESSAGES: Answer.NO,
        DataKind.CHATS: Answer.YES_NO_WAY_OUT,
    }
    world = matrix_row(facts, facts.uses, Question(TODAY))
    assert world[DataKind.CHATS].differs_by == (Axis.PLACE,)
    assert world[DataKind.CHATS].part == "Bugle"
