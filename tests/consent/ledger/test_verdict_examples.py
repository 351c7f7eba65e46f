"""Answers on eight made-up platforms, whose files are in examples/."""

import datetime as dt
from pathlib import Path

import pytest

from consent.ledger.answers import Answer, Axis, Stance, WayOut
from consent.ledger.headline_words import headline
from consent.ledger.question import Question
from consent.ledger.verdict import answer_alone, matrix_row, training_uses, verdict
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


def said_of(answer):
    return answer.stance, answer.way


def parts_of(answer):
    """The stance and the way of each part, with the uses that it names."""
    return [(part.stance, part.way, part.uses) for part in answer.parts]


def told_of(answer):
    """The use and the value of each sentence below the answer."""
    return [(sentence.use.key, sentence.value.value) for sentence in answer.sentences]


def test_a_messenger_that_spares_letters_differs_by_use_and_its_ways_by_place():
    answer = asked("tinhorn")

    assert said_of(answer) == (Stance.DEPENDS, WayOut.NOT_NEEDED)
    assert answer.answer == Answer.DIFFERS
    assert answer.differs_by == (Axis.USE,)
    assert parts_of(answer) == [
        (Stance.YES, WayOut.BY_PLACE, ("bugle",)),
        (Stance.NO, WayOut.NOT_NEEDED, ("letters",)),
    ]
    assert (answer.since.on, answer.since.last.on) == (
        dt.date(2025, 2, 1),
        dt.date(2025, 6, 10),
    )
    assert answer.ways_differ_by == (Axis.PLACE,)
    assert told_of(answer) == [
        ("letters", "not-used"),
        ("bugle", "no-way-out"),
        ("bugle", "unless-refused"),
    ]


def test_in_one_country_the_messenger_differs_by_use_alone():
    german, american = asked("tinhorn", place="DE"), asked("tinhorn", place="US")

    assert german.differs_by == american.differs_by == (Axis.USE,)
    assert german.parts[0].way == WayOut.REFUSABLE
    assert american.parts[0].way == WayOut.NONE
    assert ways_of(german) == ["objection"]
    assert told_of(german)[1] == ("bugle", "unless-refused")
    assert told_of(american)[1] == ("bugle", "no-way-out")


def test_a_control_offered_to_some_people_of_a_place_is_a_way_perhaps():
    (way,) = asked("tinhorn", place="US").ways

    assert (way.control.key, way.coverage) == ("whisper", Coverage.PERHAPS)


def test_a_use_that_is_on_everywhere_can_be_disputed_in_one_part_of_the_world():
    world = asked("rookery")

    assert said_of(world) == (Stance.YES, WayOut.REFUSABLE)
    assert world.since.differs_by_place
    assert world.since.on == dt.date(2023, 3, 9)
    assert world.since.last.on == dt.date(2024, 11, 30)
    assert (world.since.disputed, world.since.last.disputed) == (False, True)
    assert (ways_of(world), world.minutes) == (["caws-switch"], 3)
    american, irish = (asked("rookery", place=place).since for place in ("US", "IE"))
    assert (american.on, american.disputed) == (dt.date(2023, 3, 9), False)
    assert (irish.on, irish.since_is) == (dt.date(2024, 11, 30), SinceIs.AT_LATEST)
    assert irish.disputed


@pytest.mark.parametrize(
    ("day", "stance", "way", "ways"),
    [
        (dt.date(2022, 12, 31), Stance.UNKNOWN, WayOut.NOT_NEEDED, []),
        (dt.date(2023, 2, 1), Stance.YES, WayOut.NONE, []),
        (dt.date(2023, 3, 9), Stance.YES, WayOut.REFUSABLE, ["caws-switch"]),
        (dt.date(2023, 6, 1), Stance.UNKNOWN, WayOut.ANYWAY, ["caws-switch"]),
        (dt.date(2024, 11, 30), Stance.YES, WayOut.REFUSABLE, ["caws-switch"]),
    ],
)
def test_the_answer_for_a_day_is_that_of_the_state_that_held_then(day, stance, way, ways):
    french = asked("rookery", place="FR", day=day)

    assert (*said_of(french), ways_of(french)) == (stance, way, ways)


def test_a_use_that_begins_in_one_country_is_on_there_from_that_day():
    before = asked("guildhall", place="DE", day=dt.date(2025, 10, 5))
    after = asked("guildhall", place="DE", day=dt.date(2025, 10, 6))

    assert parts_of(before) == [
        (Stance.YES, WayOut.ON_REQUEST, ("ranking",)),
        (Stance.NO, WayOut.NOT_NEEDED, ("makers",)),
    ]
    assert (ways_of(before), before.minutes) == (["request"], 9)
    # A switch stops the one use; of the other one can only ask.
    assert (*said_of(after), after.since.on) == (Stance.YES, WayOut.PART, dt.date(2025, 10, 6))
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
    assert (*said_of(answer), answer.people) == (
        Stance.YES,
        WayOut.ORGANISATION,
        People.ORGANISATION,
    )
    assert (answer.since.precision, answer.since.since_is) == (Precision.MONTH, SinceIs.AT_LATEST)
    assert ways_of(answer) == ["owner-mail"]
    assert answer.ways[0].control.is_by_admin
    assert answer.sentences[0].who == "benches, free and paid"


def test_a_person_who_asks_about_a_platform_for_organisations_gets_their_answer_named():
    answer = asked("workbench", people=People.PERSONAL)

    assert answer.instead_of == People.PERSONAL
    assert answer.people == People.ORGANISATION
    assert "organisations" in headline(answer)
    assert asked("workbench", people=People.NO_ACCOUNT).nothing_on_record


@pytest.mark.parametrize(
    ("people", "plan", "stance", "ways"),
    [
        (None, "", Stance.YES, ["learn-switch"]),
        (People.ORGANISATION, "API", Stance.ONLY_IF_AGREED, []),
        (People.NO_ACCOUNT, "", Stance.YES, ["learn-switch-without-account"]),
        (People.CREATORS, "", Stance.YES, ["learn-switch", "publishers"]),
    ],
)
def test_each_kind_of_people_has_an_answer_and_ways_of_its_own(people, plan, stance, ways):
    own = asked("askaway", people=people, plan=plan)

    assert (own.stance, ways_of(own), own.is_inferred) == (stance, ways, False)


def test_minors_of_whom_nothing_is_on_record_get_the_answer_of_persons_marked_as_inferred():
    minors = asked("askaway", people=People.MINORS)

    assert (*said_of(minors), minors.inferred_from) == (
        Stance.YES,
        WayOut.REFUSABLE,
        People.PERSONAL,
    )
    assert "inferred for minors" in headline(minors)
    assert minors.answer == Answer.UNKNOWN  # version 1 has no word for what is inferred


def test_how_long_recordings_are_kept_is_no_part_of_the_answer():
    answer = asked("hearthstone")

    assert said_of(answer) == (Stance.YES, WayOut.REFUSABLE)
    assert told_of(answer) == [("recordings", "unless-refused")]
    assert answer.since.differs_by_place
    assert asked("hearthstone", place="US").since.on == dt.date(2023, 11, 11)
    assert asked("hearthstone", place="DE").since.on is None


def test_a_platform_for_writers_answers_for_them_and_a_switch_is_turned_on():
    answer = asked("quillnest")

    assert (*said_of(answer), answer.people) == (
        Stance.YES,
        WayOut.REFUSABLE,
        People.CREATORS,
    )
    assert [(way.control.key, way.control.refuse.value) for way in answer.ways] == [
        ("signal", "turn-on")
    ]


def test_two_uses_with_a_form_each_need_both_forms():
    answer = asked("commonplace", place="DE")

    assert said_of(answer) == (Stance.YES, WayOut.REFUSABLE)
    assert not answer.ways_differ_by
    assert (sorted(ways_of(answer)), answer.minutes) == (["chats-form", "pages-form"], 12)


@pytest.mark.parametrize(
    ("about", "stance", "way", "answer"),
    [
        ({}, Stance.YES, WayOut.BY_PLACE, Answer.DIFFERS),
        ({"place": "US"}, Stance.YES, WayOut.NONE, Answer.YES_NO_WAY_OUT),
        ({"people": People.MINORS}, Stance.DEPENDS, WayOut.NOT_NEEDED, Answer.DIFFERS),
        (
            {"people": People.NO_ACCOUNT},
            Stance.YES,
            WayOut.ON_REQUEST,
            Answer.YES_UNLESS_REFUSED,
        ),
    ],
)
def test_a_network_answers_by_place_and_by_people(about, stance, way, answer):
    found = asked("commonplace", **about)

    assert (*said_of(found), found.answer) == (stance, way, answer)


def test_a_request_that_may_be_refused_is_told_as_one():
    answer = asked("commonplace", people=People.NO_ACCOUNT)

    assert not answer.ways[0].control.binding
    assert answer.sentences[0].way == WayOut.ON_REQUEST


def test_each_use_has_an_answer_of_its_own_and_only_those_for_training():
    question = Question(TODAY, "DE")
    found: dict[Stance, list[str]] = {}
    for facts in map(facts_of, NAMES):
        for use in training_uses(facts):
            if answer := answer_alone(facts, use, question):
                found.setdefault(answer.stance, []).append(use.key)

    assert {stance: sorted(keys) for stance, keys in found.items()} == {
        Stance.YES: [
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
        Stance.NO: ["letters"],
        Stance.UNKNOWN: ["neighbours"],
    }


def test_the_matrix_answers_for_each_kind_of_data():
    facts = facts_of("tinhorn")

    american = matrix_row(facts, facts.uses, Question(TODAY, "US"))
    assert {kind: said_of(cell) for kind, cell in american.items()} == {
        DataKind.PRIVATE_MESSAGES: (Stance.NO, WayOut.NOT_NEEDED),
        DataKind.CHATS: (Stance.YES, WayOut.NONE),
    }
    world = matrix_row(facts, facts.uses, Question(TODAY))
    assert said_of(world[DataKind.CHATS]) == (Stance.YES, WayOut.BY_PLACE)
    assert world[DataKind.CHATS].differs_by == (Axis.PLACE,)
    assert world[DataKind.CHATS].part == "Bugle"
