"""The rules of the verdict, each on the smallest facts that show it."""

import datetime as dt
from dataclasses import replace

import pytest
from django.utils import translation

from consent.ledger.answers import (
    Answer,
    Axis,
    Reason,
    Share,
    Since,
    Stance,
    WayOut,
    WaySince,
    Word,
)
from consent.ledger.headline_words import (
    MOST_IN_SHORT,
    headline,
    on_whose_word,
    short_words,
    since_words,
)
from consent.ledger.platform_facts import (
    BranchFacts,
    ControlFacts,
    OfferFacts,
    PlanFacts,
    PlatformFacts,
    StateFacts,
    UseFacts,
)
from consent.ledger.question import Question
from consent.ledger.verdict import (
    offered_controls,
    short_answer,
    verdict,
    verdict_of_use,
    ways_of_uses,
)
from consent.ledger.verdict_words import (
    act_html,
    act_words,
    chip_words,
    sentence_html,
    sentence_words,
    way_words,
    ways_words,
)
from consent.vocabulary import (
    ActCovers,
    Basis,
    By,
    Earlier,
    People,
    PlanKind,
    Precision,
    Purpose,
    Reach,
    Refuse,
    SinceIs,
    StateValue,
    Why,
)
from platforms.places import WORLDWIDE, Coverage, Where

TODAY = dt.date(2026, 11, 25)
NO_WAY_OUT, UNLESS, ONLY_IF, NOT_USED, UNCLEAR, NOT_OFFERED = StateValue
CERTAIN = Where(some_of=("world",))
EU = Where(("EU",))


def branch(*states, where=WORLDWIDE, people=(People.PERSONAL,), plans=(), who=""):
    """States are values, or values with the keys of StateFacts."""
    given = tuple(
        StateFacts(state) if isinstance(state, StateValue) else StateFacts(state[0], **state[1])
        for state in states
    )
    return BranchFacts(given, where, people, plans, who)


def use(key, *branches, purpose=Purpose.TRAINING, **facts):
    """A branch may be given as the value of its only state."""
    made = tuple(branch(each) if isinstance(each, StateValue) else each for each in branches)
    title = f"Your {key} trains models"
    return UseFacts(key, title, purpose, made, f"Your {key} trains no models", **facts)


def control(key, *uses, refuse=Refuse.TURN_OFF, **facts):
    return ControlFacts(key, uses, refuse, label=key.title(), **facts)


def answer(*uses, controls=(), day=TODAY, **asked):
    facts = PlatformFacts("p", "P", "Operator", uses, tuple(controls))
    return verdict(facts, Question(day, **asked))


def said(*uses, **asked):
    found = answer(*uses, **asked)
    return found.stance, found.by_axes


def since(day, **facts):
    return {"since": dt.date.fromisoformat(day), **facts}


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([NO_WAY_OUT], (Stance.YES, ())),
        ([UNLESS], (Stance.YES, ())),
        ([ONLY_IF], (Stance.ONLY_IF_AGREED, ())),
        ([NOT_USED], (Stance.NO, ())),
        ([UNCLEAR], (Stance.UNKNOWN, ())),
        ([NOT_OFFERED], (Stance.NOT_OFFERED, ())),
        ([], (Stance.UNKNOWN, ())),
        ([UNLESS, NOT_USED], (Stance.YES, ())),
        ([UNLESS, UNCLEAR], (Stance.YES, ())),
        ([UNLESS, NO_WAY_OUT], (Stance.YES, ())),
        ([NOT_USED, UNLESS], (Stance.DEPENDS, (Axis.USE,))),
        ([UNCLEAR, UNLESS], (Stance.DEPENDS, (Axis.USE,))),
        ([NOT_OFFERED, UNLESS], (Stance.YES, ())),
        ([NOT_USED, ONLY_IF], (Stance.ONLY_IF_AGREED, ())),
        ([NOT_USED, UNCLEAR], (Stance.DEPENDS, (Axis.USE,))),
        ([ONLY_IF, UNCLEAR], (Stance.DEPENDS, (Axis.USE,))),
        ([UNCLEAR, NOT_USED], (Stance.UNKNOWN, ())),
        ([NOT_OFFERED, NOT_USED], (Stance.NO, ())),
        ([NOT_OFFERED, UNCLEAR], (Stance.UNKNOWN, ())),
    ],
)
def test_the_uses_of_a_platform_are_weighed_the_first_leading(values, expected):
    uses = [use(f"use{number}", value) for number, value in enumerate(values)]
    assert said(*uses) == expected


def test_only_uses_for_training_take_part():
    ads = use("ads", NO_WAY_OUT, purpose=Purpose.ADS)
    assert said(ads, use("posts", NOT_USED)) == (Stance.NO, ())
    assert answer(ads).nothing_on_record
    review = use("review", NO_WAY_OUT, purpose=Purpose.HUMAN_REVIEW)
    assert said(review) == (Stance.YES, ())


def test_not_offered_and_nothing_on_record_say_so():
    assert answer(use("posts", NOT_OFFERED)).is_not_offered
    assert not answer(use("posts", NOT_OFFERED), use("chats", NOT_USED)).is_not_offered
    elsewhere = use("posts", branch(UNLESS, where=Where(("US",))))
    assert answer(elsewhere, place="DE").nothing_on_record
    assert not answer(use("posts", UNCLEAR)).nothing_on_record


@pytest.mark.parametrize(("binding", "expected"), [(True, WayOut.PART), (False, WayOut.NONE)])
def test_a_form_that_may_be_turned_down_does_not_soften_no_way_out(binding, expected):
    uses = use("posts", NO_WAY_OUT), use("chats", UNLESS)
    found = answer(*uses, controls=[control("form", "chats", binding=binding)])
    assert (found.stance, found.way) == (Stance.YES, expected)


PARAMETER = control(
    "parameter", "posts", refuse=Refuse.SEND_PARAMETER, act_covers=ActCovers.ONE_ITEM
)


@pytest.mark.parametrize(
    ("controls", "way"),
    [
        ([], WayOut.HOW_NOT_ON_RECORD),
        ([control("a", "posts")], WayOut.REFUSABLE),
        ([control("a", "posts", by=By.ADMIN)], WayOut.ORGANISATION),
        ([control("a", "posts", refuse=Refuse.ASK_ADMIN)], WayOut.ORGANISATION),
        ([control("a", "posts", by=By.ADMIN), control("b", "posts")], WayOut.REFUSABLE),
        ([control("a", "posts", act_covers=ActCovers.ONE_ITEM)], WayOut.EACH_TIME),
        ([PARAMETER], WayOut.EACH_REQUEST),
        ([PARAMETER, control("a", "posts")], WayOut.REFUSABLE),
        ([PARAMETER, control("a", "posts", by=By.ADMIN)], WayOut.EACH_REQUEST),
        ([control("a", "posts", binding=False)], WayOut.ON_REQUEST),
        ([control("a", "posts", only_at_times=True)], WayOut.AT_TIMES),
        ([control("a", "posts", binding=False), control("b", "posts")], WayOut.REFUSABLE),
        ([control("a", "posts", offered=(OfferFacts(CERTAIN),))], WayOut.HOW_NOT_ON_RECORD),
    ],
)
def test_the_controls_say_how_a_use_is_refused(controls, way):
    found = answer(use("posts", UNLESS), controls=controls)
    assert found.way == way
    assert [sentence.way for sentence in found.sentences] == [way]


def test_a_parameter_is_sent_with_each_request_and_not_each_time():
    stated = use("posts", branch((UNLESS, {"basis": Basis.STATED})))
    found = answer(stated, controls=[PARAMETER])
    assert headline(found) == "Yes, unless each request opts out"
    (way,) = found.ways
    assert way_words(way, people=found.people, operator="") == "Send “Parameter” with each request"


def test_no_control_makes_a_way_out_of_what_the_state_denies():
    leave = control("leave", "posts", refuse=Refuse.LEAVE)
    assert answer(use("posts", NO_WAY_OUT), controls=[leave]).way == WayOut.NONE


def test_what_is_unknown_may_be_refused_anyway():
    switch = control("switch", "posts", offered=(OfferFacts(),))
    found = answer(use("posts", UNCLEAR), controls=[switch])
    assert (found.stance, found.way) == (Stance.UNKNOWN, WayOut.ANYWAY)
    assert headline(found) == ("We do not know: no source on it was read; you can refuse anyway")
    assert short_words(found) == "We do not know; you can refuse anyway"


def test_a_parameter_against_what_never_was_clear_is_offered_while_that_is_unclear():
    header = control("header", "posts", "logs", refuse=Refuse.SEND_PARAMETER)
    logs = use("logs", UNLESS, purpose=Purpose.COLLECTION)
    assert answer(use("posts", UNCLEAR), logs, controls=[header]).way == WayOut.ANYWAY
    early, late = (UNCLEAR, since("2023-01-01")), (UNLESS, since("2024-01-01"))
    found = answer(use("posts", branch(early, late)), controls=[header], day=dt.date(2023, 6, 1))
    assert found.way == WayOut.NOT_NEEDED
    assert answer(use("posts", branch()), controls=[header]).way == WayOut.NOT_NEEDED
    switch = control("switch", "posts")
    assert answer(use("posts", UNCLEAR), controls=[switch]).way == WayOut.NOT_NEEDED


def test_the_form_for_most_places_is_the_first_for_somebody_who_names_none():
    form = control("form", "posts", binding=False, offered=(OfferFacts(Where(("FR", "GB"))),))
    brazil = control("brazil", "posts", offered=(OfferFacts(Where(("BR",))),))
    posts = use("posts", branch(UNLESS))
    facts = PlatformFacts("p", "P", "Operator", (posts,), (brazil, form))
    ways = ways_of_uses(facts, [posts], Question(TODAY))
    assert [way.control.key for way in ways] == ["form", "brazil"]
    assert [way.control.key for way in ways_of_uses(facts, [posts], Question(TODAY, "BR"))] == [
        "brazil"
    ]


@pytest.mark.parametrize("act", [Refuse.LEAVE, Refuse.DELETE])
def test_to_give_up_an_account_is_no_way_to_refuse_what_is_unknown(act):
    farewell = control("farewell", "posts", refuse=act, offered=(OfferFacts(),))
    assert answer(use("posts", UNCLEAR), controls=[farewell]).way == WayOut.NOT_NEEDED


def test_a_form_for_some_places_goes_before_what_people_can_give_up_everywhere():
    farewell = control("farewell", "posts", refuse=Refuse.LEAVE, offered=(OfferFacts(),))
    form = control("form", "posts", refuse=Refuse.SUBMIT, offered=(OfferFacts(EU),))
    elsewhere = branch(NO_WAY_OUT, where=Where((), ("EU",)))
    posts = use("posts", elsewhere, branch(UNLESS, where=EU))
    found = answer(posts, controls=[farewell, form])
    assert [way.control.key for way in found.ways] == ["form", "farewell"]
    facts = PlatformFacts("p", "P", "Operator", (posts,), (farewell, form))
    ways = ways_of_uses(facts, [posts], Question(TODAY))
    assert [way.control.key for way in ways] == ["form", "farewell"]


def test_a_group_is_named_beside_what_is_limited_to_it():
    group = {"who": "people with a headset", "who_narrows": True}
    everywhere = replace(branch(UNLESS), **group)
    assert "headset" in headline(answer(use("posts", everywhere)))
    in_one = replace(branch(NOT_USED, where=Where(("US",))), **group)
    elsewhere = branch(UNLESS, where=Where((), ("US",)))
    in_part = headline(answer(use("posts", in_one, elsewhere)))
    assert in_part.startswith("Elsewhere yes, in the US no for people with a headset, source")
    second = use("voice", replace(branch(UNLESS), **group))
    assert "headset" not in headline(answer(use("posts", UNLESS), second))


def test_a_long_headline_still_says_for_whom():
    plan = "Enterprise Unlimited Plus with Advanced Compliance"
    found = answer(
        use("posts", branch(UNCLEAR, people=(People.ORGANISATION,), plans=(plan,))),
        controls=[control("switch", "posts", offered=(OfferFacts(),))],
        people=People.ORGANISATION,
        plan=plan,
    )
    assert plan in headline(found)


def test_what_depends_on_two_things_names_where_and_on_which_plan_it_is_yes():
    uses = use(
        "posts",
        branch(UNLESS, where=Where(("US",)), plans=("Free",)),
        branch(NOT_USED, where=Where(("DE",)), plans=("Free",)),
        branch(ONLY_IF, where=Where(("US",)), plans=("Pro",)),
        branch(NOT_USED, where=Where(("DE",)), plans=("Pro",)),
    )
    assert headline(answer(uses)) == (
        "In the US yes on Free, otherwise it differs, source not on record"
    )


def test_a_use_that_is_on_for_one_plan_alone_is_named_with_the_plan():
    chats = use("chats", NOT_USED, short=(("en", "chats"),))
    review = use(
        "review",
        branch(UNLESS, plans=("Free",)),
        branch(NOT_USED, plans=("Pro",)),
        short=(("en", "review"),),
    )
    found = headline(answer(chats, review))
    assert found.endswith("source not on record: on Free yes for review, otherwise no")


def test_what_is_yes_outside_some_places_names_these():
    posts = use(
        "posts",
        branch(UNLESS, where=Where(except_places=("EU",)), plans=("Free",)),
        branch(ONLY_IF, plans=("Pro",)),
        branch(NOT_USED, where=Where(("EU",)), plans=("Free",)),
    )
    assert headline(answer(posts)).startswith("Yes on Free outside the EU, otherwise it differs")


def on_but_in(places):
    stated = {"basis": Basis.STATED}
    return use(
        "posts",
        branch((UNLESS, stated), where=Where(except_places=places)),
        branch((NOT_USED, stated), where=Where(places)),
    )


def test_a_yes_for_the_world_comes_before_places_that_are_too_many_to_name():
    many = ("FR", "IT", "ES", "PT")
    but = headline(answer(on_but_in(many)))
    assert but == "Depends on your country: yes, in some countries no"
    stated = {"basis": Basis.STATED}
    only = use(
        "posts",
        branch((UNLESS, stated), where=Where(many)),
        branch((NOT_USED, stated), where=Where(except_places=many)),
    )
    said = headline(answer(only))
    assert said == "Depends on your country: in some countries yes, elsewhere no"


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "elsewhere yes; in the EU, EEA, UK and Switzerland no"),
        ("de", "sonst ja; EU, EWR, Vereinigtes Königreich und Schweiz nein"),
        ("fr", "ailleurs oui\N{NARROW NO-BREAK SPACE}; UE, EEE, Royaume-Uni et Suisse non"),
    ],
)
def test_places_with_the_same_rules_in_europe_count_as_one(language, said):
    with translation.override(language):
        assert headline(answer(on_but_in(("CH", "EEA", "GB")))).endswith(said)
    further = headline(answer(on_but_in(("CH", "EEA", "GB", "JP"))))
    assert further.endswith("elsewhere yes; in the EU, EEA, UK, Switzerland and Japan no")
    many = headline(answer(on_but_in(("CH", "EEA", "GB", "JP", "KR", "BR"))))
    assert many.endswith("yes, in some countries no")


def test_places_have_short_names_where_there_is_little_room():
    stated = {"basis": Basis.STATED}
    europe = ("CH", "EEA", "GB")
    posts = use(
        "posts",
        branch((UNLESS, stated), where=Where(except_places=europe), plans=("Discounted Services",)),
        branch((ONLY_IF, stated), plans=("Standard Services",)),
        branch((NOT_USED, stated), where=Where(europe), plans=("Discounted Services",)),
    )
    with translation.override("de"):
        assert headline(answer(posts)) == (
            "Bei Discounted Services ja außer EU, EWR, UK und Schweiz; sonst verschieden"
        )


def test_places_that_differ_by_the_way_out_alone_are_told_together():
    stated = {"basis": Basis.STATED}
    chats = use(
        "chats",
        branch((NO_WAY_OUT, stated), where=Where(except_places=("EU", "JP"))),
        branch((UNLESS, stated), where=Where(("EU",))),
        branch((UNCLEAR, stated), where=Where(("JP",))),
        short=(("en", "AI chats"),),
    )
    messages = use("messages", branch((NOT_USED, stated)), short=(("en", "messages"),))
    assert headline(answer(messages, chats)).endswith(
        "yes for AI chats outside Japan; no for messages"
    )


def test_a_dispute_about_all_that_is_known_is_named_once():
    disputed = {"disputed": True}
    posts = use(
        "posts",
        branch((UNLESS, disputed), where=Where(("US",))),
        branch((NOT_USED, disputed), where=Where(except_places=("US",))),
    )
    assert headline(answer(posts)) == (
        "Depends on your country, source not on record: in the US yes, elsewhere no (disputed)"
    )


def test_a_group_of_one_use_does_not_limit_a_headline_that_names_another():
    newer = use("newer", BranchFacts(branch(NOT_USED).states, who="newer sites", who_narrows=True))
    older = use("older", BranchFacts(branch(UNLESS).states, who="older sites", who_narrows=True))
    found = answer(newer, older)
    assert (found.stance, found.who) == (Stance.DEPENDS, "")
    assert answer(newer).who == "newer sites"


@pytest.mark.parametrize(
    ("earlier", "expected"),
    [
        (None, "No, source not on record; what became of earlier data is not known"),
        (Earlier.GONE, "No, source not on record"),
        (
            Earlier.STAYS_IN_USE,
            "Not any more, source not on record; what was given before stays in use",
        ),
    ],
)
def test_an_end_says_what_became_of_what_was_given_before(earlier, expected):
    ended = branch((UNLESS, {}), (NOT_USED, since("2024-01-01", earlier=earlier)))
    assert headline(answer(use("posts", ended))) == expected


def test_an_answer_rests_on_the_weakest_word_of_what_decides_it():
    stated = branch((NOT_USED, {"basis": Basis.STATED}))
    reported = branch((NOT_USED, {"basis": Basis.REPORTED}))
    assert headline(answer(use("posts", stated))) == "No, according to Operator"
    assert answer(use("posts", stated), use("chats", reported)).word == Word.REPORTED
    on = branch((UNLESS, {"basis": Basis.REPORTED}))
    assert headline(answer(use("posts", on), controls=[control("a", "posts")])) == (
        "Yes, as reported, unless you opt out"
    )
    by_other = branch((NOT_USED, {"basis": Basis.STATED, "said_by": "Somebody"}))
    assert headline(answer(use("posts", by_other))) == "No, according to Somebody"


def test_minors_take_the_answer_of_personal_accounts_only_where_nothing_is_about_ages():
    posts = use("posts", branch((UNLESS, {"basis": Basis.STATED})))
    switch = control("a", "posts")
    found = answer(posts, controls=[switch], people=People.MINORS)
    assert (found.stance, found.inferred_from) == (Stance.YES, People.PERSONAL)
    assert found.answer == Answer.UNKNOWN
    assert headline(found) == ("Yes, unless you opt out (inferred for minors)")
    adults = replace(branch(UNLESS), adults=True)
    assert answer(use("posts", adults), people=People.MINORS).nothing_on_record
    named = use("chats", branch(NOT_USED, people=(People.MINORS,)))
    assert answer(posts, people=People.MINORS).stance == Stance.YES
    of_both = answer(posts, named, people=People.MINORS)
    assert (of_both.stance, of_both.inferred_from) == (Stance.DEPENDS, None)


def test_a_plan_of_minors_has_no_answer_of_others():
    plans = (
        PlanFacts("Free", people=(People.PERSONAL,)),
        PlanFacts("Junior", people=(People.MINORS,)),
    )
    facts = PlatformFacts(
        "p", "P", "Operator", (use("posts", UNLESS),), (control("a", "posts"),), plans=plans
    )
    for plan in ("", "Junior"):
        found = verdict(facts, Question(TODAY, people=People.MINORS, plan=plan))
        assert found.nothing_on_record
        assert not found.is_inferred
        assert not any(each.offers for each in found.by_atom.values())
    assert verdict(facts, Question(TODAY)).stance == Stance.YES


def test_what_is_on_record_for_adults_only_is_said_of_them():
    stated = {"basis": Basis.STATED}
    posts = use(
        "posts",
        branch((UNLESS, stated)),
        branch((NOT_USED, stated), where=Where(("US",)), people=(People.MINORS,)),
    )
    found = answer(posts, people=People.MINORS, place="DE")
    assert headline(found) == "We do not know: nothing on record for minors; for adults: yes"
    assert headline(answer(posts, people=People.MINORS, place="US")) == (
        "No, according to Operator (minors)"
    )
    adults = replace(branch((NOT_USED, stated)), adults=True)
    assert headline(answer(use("posts", adults), people=People.MINORS)) == (
        "We do not know: nothing on record for minors; for adults: no"
    )
    nothing = answer(use("posts", UNCLEAR, branch(UNLESS, people=(People.MINORS,), where=EU)))
    assert nothing.for_adults is None


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        ("", "Depends on your country: in the US no, elsewhere yes without a way out"),
        (
            "EU",
            "Depends on your country: in France no, in the rest of the EU yes without a way out",
        ),
    ],
)
def test_elsewhere_is_said_only_of_the_whole_world(place, expected):
    stated = {"basis": Basis.STATED}
    spared = Where(("US",) if not place else ("FR",))
    others = Where(except_places=spared.places)
    posts = use(
        "posts",
        branch((NOT_USED, stated), where=spared),
        branch((NO_WAY_OUT, stated), where=others),
    )
    said = headline(answer(posts, place=place))
    assert set(said.partition(": ")[2].split(", ")) == set(expected.partition(": ")[2].split(", "))
    assert said.partition(": ")[0] == expected.partition(": ")[0]


def test_within_a_country_an_answer_depends_on_the_region():
    stated = {"basis": Basis.STATED}
    california = Where(("US-CA",))
    posts = use(
        "posts",
        branch((UNCLEAR, {}), where=Where(except_places=("US-CA",))),
        branch((NOT_USED, stated), where=california),
    )
    found = answer(posts, place="US")
    assert headline(found) == (
        "Depends on your region: in California no, in the rest of the US not known"
    )
    assert short_words(found) == "Depends on your region"
    refusable = use("posts", branch(UNLESS), branch(NO_WAY_OUT, where=california))
    both = use(
        "posts", branch(UNLESS, where=Where(except_places=("US-CA",))), *refusable.branches[1:]
    )
    by_region = answer(both, controls=[control("a", "posts")], place="US")
    assert short_words(by_region) == "Yes; refusing differs by region"
    assert "depends on your region" in headline(by_region)


def test_each_part_has_a_word_of_its_own_and_the_weakest_is_that_of_the_answer():
    parts = use(
        "chats",
        branch((UNLESS, {"basis": Basis.STATED}), plans=("Free",)),
        branch((NOT_USED, {"basis": Basis.REPORTED}), plans=("Student",)),
    )
    assert (
        headline(answer(parts)) == "Depends on your plan: yes on Free; no on Student, as reported"
    )
    assert [part.word for part in answer(parts).parts] == [Word.STATED, Word.REPORTED]
    assert answer(parts).word == Word.REPORTED
    alike = use(
        "chats",
        branch((UNLESS, {"basis": Basis.REPORTED}), plans=("Free",)),
        branch((NOT_USED, {"basis": Basis.REPORTED}), plans=("Student",)),
    )
    assert (
        headline(answer(alike)) == "Depends on your plan, as reported: yes on Free, no on Student"
    )


def test_one_of_several_uses_that_are_on_is_enough_for_a_yes_in_part():
    lead = use("posts", branch((NOT_USED, {"basis": Basis.STATED})))
    on = [
        use(key, branch((UNLESS, {"basis": basis})))
        for key, basis in (("voices", None), ("games", Basis.REPORTED), ("code", Basis.STATED))
    ]
    calm = use("repositories", branch((NOT_USED, {"basis": Basis.REPORTED})))
    assert answer(lead, *on, calm).word == Word.STATED
    assert answer(lead, *on[:2], calm).word == Word.REPORTED
    assert answer(lead, on[0], calm).word == Word.NOT_ON_RECORD


def test_what_is_not_known_keeps_its_reason():
    allowed = {"why": Why.PERMISSION_ONLY}
    named = branch((UNCLEAR, allowed), where=Where(("US-CO",), some_of=("US",)))
    found = answer(use("posts", named), place="US")
    assert found.reason == Reason.PERMISSION_ONLY
    assert headline(found) == (
        "We do not know: Operator’s terms allow it; whether it happens is not said (in some places)"
    )
    assert answer(use("posts", named), place="US-CO").reason_axes == ()
    pledge = branch((UNCLEAR, {"why": Why.NOT_SAID}), (ONLY_IF, since("2024-03-19")))
    before = use("posts", pledge, known_from=dt.date(2024, 3, 19))
    assert answer(before, day=dt.date(2023, 6, 1)).reason == Reason.NOT_SAID
    only = use("posts", branch((UNCLEAR, allowed)), known_from=dt.date(2024, 3, 19))
    assert answer(only, day=dt.date(2023, 6, 1)).reason == Reason.NOTHING_ON_RECORD


ORGANISATION = (People.ORGANISATION,)
BOTH = (People.PERSONAL, People.ORGANISATION)


@pytest.mark.parametrize(
    ("people", "controls", "expected"),
    [
        (ORGANISATION, (), "Only if your organisation agrees"),
        (BOTH, (), "Only if you agree"),
        (BOTH, (By.PERSON,), "Only if you agree"),
        (BOTH, (By.ADMIN,), "Only if your organisation agrees"),
        (ORGANISATION, (By.PERSON, By.ADMIN), "Only if your organisation agrees"),
    ],
)
def test_the_words_name_who_agrees(people, controls, expected):
    posts = use("posts", branch(ONLY_IF, people=people))
    given = [
        control(f"c{number}", "posts", by=by, offered=(OfferFacts(),))
        for number, by in enumerate(controls)
    ]
    found = answer(posts, controls=given, people=People.ORGANISATION)
    assert short_words(found) == expected
    assert headline(found).startswith(expected)


@pytest.mark.parametrize(
    ("value", "part", "who", "expected"),
    [
        (NOT_USED, "", "", "No"),
        (NOT_USED, "", "teens from 13, in Florida from 14", "No (some only)"),
        (NOT_USED, "Galaxy AI", "", "No (Galaxy AI)"),
        (ONLY_IF, "Fiverr Go", "freelancers", "Only if you agree (some only, Fiverr Go)"),
        (
            UNLESS,
            "Text-generating service",
            "freelancers",
            "Yes (some only, Text-generating service)",
        ),
        (
            NO_WAY_OUT,
            "Text-generating service",
            "",
            "Yes; no way out (Text-generating service)",
        ),
        (UNCLEAR, "Galaxy AI", "freelancers", "We do not know"),
    ],
)
def test_short_words_are_no_wider_than_the_product_and_group_of_the_answer(
    value, part, who, expected
):
    limited = BranchFacts(branch(value).states, who=who, who_narrows=bool(who))
    facts = PlatformFacts("p", "P", "Operator", (use("posts", limited, part=part),))
    asked = Question(TODAY)
    assert short_words(verdict(facts, asked)) == expected
    assert short_words(short_answer(facts, asked)) == expected
    with translation.override("fr"):
        in_french = short_words(short_answer(facts, asked))
    assert len(in_french) <= MOST_IN_SHORT
    assert ("certains seulement" in in_french) == ("some only" in expected)


def test_where_some_agree_themselves_the_words_name_both():
    plans = use(
        "posts",
        branch(ONLY_IF, people=BOTH, plans=("Teachers",)),
        branch(ONLY_IF, people=ORGANISATION, plans=("Business",)),
    )
    found = answer(plans, people=People.ORGANISATION)
    assert short_words(found) == "Only if you or your organisation agree"
    assert found.answer == Answer.ONLY_IF_AGREED
    stated = {"basis": Basis.STATED}
    mixed = use(
        "posts",
        branch((ONLY_IF, stated), people=ORGANISATION, plans=("API",)),
        branch((NOT_USED, stated), people=ORGANISATION, plans=("Team",)),
    )
    assert "on API only if your organisation agrees" in headline(
        answer(mixed, people=People.ORGANISATION)
    )


def test_an_undated_offer_is_none_before_anything_is_on_record():
    posts = use("posts", UNLESS, known_from=dt.date(2025, 4, 28))
    ended = control("form", "posts", offered=(OfferFacts(until=dt.date(2025, 4, 28)),))
    facts = PlatformFacts("p", "P", uses=(posts,), controls=(ended,))
    for day in (dt.date(2025, 4, 1), dt.date(2025, 5, 1)):
        assert offered_controls(facts, Question(day)) == {}
    before = answer(posts, controls=[control("switch", "posts", offered=(OfferFacts(),))])
    assert before.way == WayOut.REFUSABLE
    early = answer(
        posts,
        controls=[control("switch", "posts", offered=(OfferFacts(),))],
        day=dt.date(2025, 4, 1),
    )
    assert early.way == WayOut.NOT_NEEDED


def test_an_api_with_terms_of_its_own_takes_no_branch_without_plans():
    plans = (
        PlanFacts("Unpaid", people=BOTH, kind=PlanKind.API),
        PlanFacts("Paid", people=BOTH, kind=PlanKind.API),
    )
    chats = use("chats", branch(UNLESS))
    developer = use("developer", branch(NO_WAY_OUT, plans=("Unpaid",)))

    def asked(*uses, plan):
        facts = PlatformFacts("p", "P", "Operator", uses, plans=plans)
        return verdict(facts, Question(TODAY, people=People.PERSONAL, plan=plan))

    assert asked(chats, developer, plan="Unpaid").lead.key == "developer"
    assert asked(chats, developer, plan="Paid").nothing_on_record
    assert asked(chats, plan="Paid").stance == Stance.YES  # all that is sold is the API
    minors = use("calls", branch(NOT_USED, people=(People.MINORS,)))
    facts = PlatformFacts("p", "P", "Operator", (chats, developer, minors), plans=plans)
    found = verdict(facts, Question(TODAY, people=People.MINORS))
    assert {atom.plan for atom in found.by_atom} == {""}


def test_what_began_later_on_other_plans_did_not_begin_elsewhere():
    plans = use(
        "posts",
        branch((UNLESS, since("2024-01-01")), plans=("Free",)),
        branch((UNLESS, since("2025-01-01")), plans=("Pro",)),
    )
    found = answer(plans)
    assert (
        since_words(found.since)
        == "since 1 January 2024; on other plans later, last on 1 January 2025"
    )
    assert not found.since.differs_by_place
    states = use(
        "posts",
        branch((UNLESS, since("2024-01-01")), where=Where(("US-CA",))),
        branch((UNLESS, since("2025-01-01")), where=Where(except_places=("US-CA",))),
    )
    assert "for others later" in since_words(answer(states, place="US").since)
    assert "elsewhere later" in since_words(answer(states).since)


def test_a_platform_without_accounts_of_persons_answers_for_the_first_kind_it_has():
    files = use("files", branch(UNLESS, people=(People.ORGANISATION,)))
    found = answer(files, people=People.PERSONAL)
    assert (found.stance, found.people, found.instead_of) == (
        Stance.YES,
        People.ORGANISATION,
        People.PERSONAL,
    )
    assert answer(files).instead_of is None
    assert answer(use("posts", UNLESS), people=People.ORGANISATION).nothing_on_record


def test_a_branch_that_narrows_people_answers_for_no_plan_that_it_does_not_name():
    narrow = replace(branch(UNLESS), who="people with a voice clone", who_narrows=True)
    facts = PlatformFacts(
        "p", "P", "Operator", (use("posts", narrow),), plans=(PlanFacts("Free"), PlanFacts("Pro"))
    )
    assert verdict(facts, Question(TODAY, plan="Free")).nothing_on_record
    found = verdict(facts, Question(TODAY))
    assert found.by_axes == (Axis.PLAN,)
    assert "people with a voice clone" in headline(found)


def test_each_plan_of_the_list_has_an_answer():
    plans = PlanFacts("Free"), PlanFacts("Pro"), PlanFacts("Work", people=(People.ORGANISATION,))
    posts = use("posts", branch(UNLESS), branch(NOT_USED, plans=("Pro",)))
    facts = PlatformFacts("p", "P", "Operator", (posts,), plans=plans, plans_complete=True)
    by_plan = {
        atom.plan: each.stance for atom, each in verdict(facts, Question(TODAY)).by_atom.items()
    }
    assert by_plan == {"Free": Stance.YES, "Pro": Stance.NO}
    assert verdict(facts, Question(TODAY, plan="Work")).nothing_on_record


def test_people_without_a_branch_get_no_answer_of_others_except_creators():
    personal = use("posts", UNLESS)
    assert said(personal, people=People.CREATORS) == (Stance.YES, ())
    for kind in (People.NO_ACCOUNT, People.ORGANISATION):
        assert answer(personal, people=kind).nothing_on_record
    # A use that names creators anywhere has said what it says about them.
    named = use("posts", UNLESS, branch(NOT_USED, where=Where(("US",)), people=(People.CREATORS,)))
    assert said(named, people=People.CREATORS, place="US") == (Stance.NO, ())
    assert answer(named, people=People.CREATORS, place="DE").nothing_on_record


def test_without_a_choice_the_first_kind_of_people_that_a_training_use_names_is_meant():
    organisations = use("files", branch(UNLESS, people=(People.ORGANISATION,)))
    creators = use("posts", branch(UNLESS, people=(People.MINORS, People.CREATORS)))
    ads = use("ads", NO_WAY_OUT, purpose=Purpose.ADS)
    assert answer(organisations, creators, ads).people == People.CREATORS
    assert answer(ads).people == People.PERSONAL


def test_plans_are_told_apart():
    plans = use("chats", branch(UNLESS, plans=("Free", "Pro")), branch(NOT_USED, plans=("Team",)))
    assert said(plans) == (Stance.DEPENDS, (Axis.PLAN,))
    assert said(plans, plan="Pro") == (Stance.YES, ())
    assert said(plans, plan="Team") == (Stance.NO, ())
    assert answer(plans, plan="Enterprise").nothing_on_record
    with_rest = use("chats", UNLESS, branch(NOT_USED, plans=("Team",)))
    assert answer(with_rest, plan="Enterprise").nothing_on_record
    assert said(with_rest, plan="Team") == (Stance.NO, ())


def test_a_plan_without_people_is_asked_for_the_people_that_it_is_for():
    work = branch(NOT_USED, people=(People.ORGANISATION,), plans=("Team",))
    chats = use("chats", UNLESS, work)
    found = answer(chats, plan="Team")
    assert (found.stance, found.people) == (Stance.NO, People.ORGANISATION)
    assert headline(found) == "No, source not on record (organisations on Team)"
    assert answer(chats).people == People.PERSONAL


def test_a_branch_without_plans_is_for_those_that_no_sibling_names():
    chats = use("chats", UNLESS)
    files = use("files", branch(NOT_USED, plans=("Team",)))
    assert said(chats, files, plan="Team") == (Stance.YES, ())
    assert said(files, chats, plan="Team") == (Stance.DEPENDS, (Axis.USE,))
    refusable = use("files", branch(UNLESS, plans=("Team",)))
    assert said(refusable, chats, plan="Team") == (Stance.YES, ())
    alone = answer(chats, plan="Team")
    assert alone.nothing_on_record
    assert headline(alone) == (
        "We do not know: nothing on record for this plan (personal accounts on Team)"
    )


def test_a_lead_that_is_unclear_on_one_plan_only_differs_by_plan():
    plans = use("chats", branch(UNCLEAR, plans=("Free",)), branch(NOT_USED, plans=("Team",)))
    assert said(plans) == (Stance.DEPENDS, (Axis.PLAN,))


def test_unlike_cells_differ_by_place_and_by_what_else_differs():
    europe = Where(("EEA",)), Where(except_places=("EEA",))
    posts = use("posts", branch(UNLESS, where=europe[0]), branch(NOT_USED, where=europe[1]))
    assert said(posts) == (Stance.DEPENDS, (Axis.PLACE,))
    assert said(posts, place="DE") == (Stance.YES, ())
    assert said(posts, place="EU") == (Stance.YES, ())
    first = use("calls", NOT_USED)
    assert said(first, posts) == (Stance.DEPENDS, (Axis.PLACE, Axis.USE))
    state = use("posts", branch(UNLESS, where=Where(("US",), ("US-IL",))))
    assert said(state, place="US") == (Stance.DEPENDS, (Axis.PLACE,))
    assert said(state, place="US-IL") == (Stance.UNKNOWN, ())
    assert said(state, place="US-NY") == (Stance.YES, ())


def test_cells_that_differ_alike_do_not_differ_by_place():
    inside, outside = Where(("DE",)), Where(except_places=("DE",))
    posts = use("posts", branch(NOT_USED, where=inside), branch(NOT_USED, where=outside))
    assert said(posts, use("chats", UNLESS)) == (Stance.DEPENDS, (Axis.USE,))
    other = use("posts", branch(NOT_USED, where=inside), branch(ONLY_IF, where=outside))
    found = said(other, use("chats", UNLESS))
    assert found == (Stance.DEPENDS, (Axis.PLACE, Axis.USE))


def test_a_place_that_is_perhaps_covered_is_unknown():
    assert said(use("posts", branch(NOT_USED, where=CERTAIN)), place="DE") == (Stance.UNKNOWN, ())


def test_other_values_in_places_not_named_are_doubts_and_the_same_values_are_not():
    other = use("posts", NOT_USED, branch(UNLESS, where=CERTAIN))
    found = answer(other, place="DE")
    assert (found.stance, found.reason) == (Stance.UNKNOWN, Reason.PLACE_NOT_NAMED)
    assert headline(found) == "We do not know: the countries are not named"
    assert [(each.value, each.wheres) for each in found.sentences] == [
        (UNLESS, (CERTAIN,)),
        (NOT_USED, (WORLDWIDE,)),
    ]
    same = use("posts", UNLESS, branch(UNLESS, where=CERTAIN))
    assert said(same, place="DE") == (Stance.YES, ())


def test_the_state_is_the_last_that_has_begun_and_is_not_pending():
    posts = use(
        "posts",
        branch(
            (NOT_USED, since("2020-01-01")),
            (UNLESS, since("2024-01-01")),
            (NO_WAY_OUT, since("2026-01-01", pending=True)),
        ),
    )
    assert said(posts, day=dt.date(2019, 12, 31)) == (Stance.UNKNOWN, ())
    assert said(posts, day=dt.date(2023, 12, 31)) == (Stance.NO, ())
    assert said(posts, day=dt.date(2024, 1, 1)) == (Stance.YES, ())
    assert said(posts) == (Stance.YES, ())


def test_an_undated_first_state_answers_from_the_first_record_on():
    posts = use("posts", NOT_USED, known_from=dt.date(2023, 5, 1))
    assert said(posts, day=dt.date(2023, 4, 30)) == (Stance.UNKNOWN, ())
    assert said(posts, day=dt.date(2023, 5, 1)) == (Stance.NO, ())


@pytest.mark.parametrize(
    ("states", "expected"),
    [
        ([(UNLESS, since("2024-07-16"))], Since(dt.date(2024, 7, 16))),
        (
            [(UNLESS, since("2024-07-01", precision=Precision.MONTH, since_is=SinceIs.AT_LATEST))],
            Since(dt.date(2024, 7, 1), Precision.MONTH, SinceIs.AT_LATEST),
        ),
        # The run of on-states goes on through a change from one to the other.
        (
            [
                (NOT_USED, {}),
                (NO_WAY_OUT, since("2023-01-01")),
                (UNLESS, since("2024-01-01")),
            ],
            Since(dt.date(2023, 1, 1), way=WaySince(Since(dt.date(2024, 1, 1)), True)),
        ),
        (
            [(NO_WAY_OUT, {}), (UNLESS, since("2024-01-01"))],
            Since(dt.date(2024, 1, 1), since_is=SinceIs.AT_LATEST),
        ),
        (
            [(NO_WAY_OUT, {}), (UNLESS, since("2024-01-01", since_is=SinceIs.AT_EARLIEST))],
            Since(),
        ),
        ([(UNLESS, {})], Since()),
        (
            [
                (UNLESS, since("2022-01-01")),
                (NOT_USED, since("2023-01-01")),
                (UNLESS, since("2024-01-01", disputed=True)),
            ],
            Since(dt.date(2024, 1, 1), disputed=True, again=True),
        ),
    ],
)
def test_since_is_the_start_of_the_unbroken_run_of_on_states(states, expected):
    assert answer(use("posts", branch(*states))).since == expected


def test_a_no_that_sources_dispute_says_so_in_the_answer():
    calm, disputed = branch(NOT_USED), branch((NOT_USED, {"disputed": True}))
    assert headline(answer(use("posts", disputed))) == "No, source not on record (disputed)"
    both = answer(use("posts", disputed), use("chats", calm))
    assert headline(both) == "No, source not on record"


def test_since_when_differs_by_place_if_the_cells_began_on_other_days():
    posts = use(
        "posts",
        branch((UNLESS, since("2024-01-01")), where=Where(("EU",))),
        branch((UNLESS, since("2025-01-01", disputed=True)), where=Where(except_places=("EU",))),
    )
    later = Since(dt.date(2025, 1, 1), disputed=True)
    apart, later_in = (Axis.PLACE,), (Where(except_places=("EU",)),)
    first = Since(dt.date(2024, 1, 1), last=later, apart=apart, later_in=later_in)
    assert answer(posts).since == first
    assert answer(posts, place="DE").since == Since(dt.date(2024, 1, 1))


def test_a_no_is_since_a_day_only_if_something_else_is_known_of_before():
    day = dt.date(2024, 1, 1)
    after_on = branch((UNLESS, {}), (NOT_USED, since("2024-01-01", earlier=Earlier.GONE)))
    assert answer(use("posts", after_on)).since == Since(day)
    after_unclear = branch((UNCLEAR, {}), (NOT_USED, since("2024-01-01")))
    assert answer(use("posts", after_unclear)).since == Since(day, said=True)


BETTER_FIRST = [
    (
        {"offered": (OfferFacts(),), "act_covers": ActCovers.ONE_ITEM},
        {"offered": (OfferFacts(where=CERTAIN),)},
    ),
    ({"act_covers": ActCovers.THIS_DEVICE}, {"act_covers": ActCovers.ONE_CONVERSATION}),
    ({"act_covers": ActCovers.THIS_DEVICE}, {"act_covers": ActCovers.ONE_ITEM, "binding": True}),
    ({"by": By.ADMIN}, {"binding": False, "has_guide": True}),
    ({"refuse": Refuse.DELETE}, {"by": By.ADMIN, "refuse": Refuse.TURN_OFF}),
    ({"has_guide": True, "refuse": Refuse.WRITE}, {"refuse": Refuse.TURN_OFF}),
    ({"has_guide": True, "minutes": 2}, {"has_guide": True, "minutes": 3}),
    ({"has_guide": True, "minutes": 9}, {"has_guide": True}),
    ({"refuse": Refuse.TURN_ON}, {"refuse": Refuse.SUBMIT}),
    ({}, {}),
]


@pytest.mark.parametrize(("better", "worse"), BETTER_FIRST)
def test_the_best_way_out_is_chosen(better, worse):
    found = answer(
        use("posts", UNLESS),
        controls=[control("better", "posts", **better), control("worse", "posts", **worse)],
    )
    assert [way.control.key for way in found.ways] == ["better"]
    if better != worse:
        found = answer(
            use("posts", UNLESS),
            controls=[control("worse", "posts", **worse), control("better", "posts", **better)],
        )
        assert [way.control.key for way in found.ways] == ["better"]


def test_a_way_out_that_reaches_more_uses_comes_first_and_all_uses_are_reached():
    uses = use("posts", UNLESS), use("chats", UNLESS), use("calls", UNLESS)
    controls = [
        control("one", "posts", has_guide=True, minutes=1),
        control("two", "posts", "chats", has_guide=True, minutes=5),
        control("rest", "calls", has_guide=True, minutes=2),
    ]
    found = answer(*uses, controls=controls)
    assert [(way.control.key, way.uses) for way in found.ways] == [
        ("two", ("posts", "chats")),
        ("rest", ("calls",)),
    ]
    assert found.minutes == 7
    assert not found.ways_differ_by


def test_deleting_the_past_is_no_way_out():
    wipe = control("wipe", "posts", reach=Reach.PAST_ONLY, refuse=Refuse.DELETE)
    assert answer(use("posts", UNLESS), controls=[wipe]).ways == ()


def test_ways_out_that_differ_by_place_are_not_added_up():
    posts = use(
        "posts",
        branch(UNLESS, where=Where(("EU",))),
        branch(UNLESS, where=Where(except_places=("EU",))),
    )
    controls = [
        control("form", "posts", offered=(OfferFacts(Where(("EU",))),), minutes=5),
        control("switch", "posts", offered=(OfferFacts(Where(except_places=("EU",))),), minutes=1),
    ]
    found = answer(posts, controls=controls)
    assert {way.control.key for way in found.ways} == {"form", "switch"}
    assert (found.ways_differ_by, found.minutes) == ((Axis.PLACE,), None)
    assert answer(posts, controls=controls, place="DE").minutes == 5


def test_ways_out_that_differ_by_plan_are_called_so_and_name_their_plans():
    posts = use("posts", branch(UNLESS, plans=("Free", "Pro")))
    controls = [
        control("form", "posts", offered=(OfferFacts(plans=("Free",)),)),
        control("switch", "posts", offered=(OfferFacts(plans=("Pro",)),)),
    ]
    found = answer(posts, controls=controls, place="DE")
    assert found.ways_differ_by == (Axis.PLAN,)
    assert [(way.control.key, way.shares) for way in found.ways] == [
        ("form", (Share((), ("Free",)),)),
        ("switch", (Share((), ("Pro",)),)),
    ]
    assert ways_words(found) == "The way out differs by plan"
    (alone,) = answer(posts, controls=controls, plan="Pro").ways
    assert (alone.control.key, alone.shares) == ("switch", ())


def test_people_of_one_group_who_refuse_in_other_ways_are_told_apart_by_plan():
    owners = branch(UNLESS, plans=("Free", "Pro"), who="Free and single-user Pro")
    switch = control("switch", "posts", offered=(OfferFacts(plans=("Free",)),))
    found = answer(use("posts", owners), controls=[switch])
    assert [sentence_words(each) for each in found.sentences] == [
        "Your posts trains models unless you refuse (Free)",
        "Your posts trains models unless you refuse; how is not on record (Pro)",
    ]
    narrow = replace(owners, who_narrows=True)
    found = answer(use("posts", narrow), controls=[switch])
    assert {each.who for each in found.sentences} == {"Free and single-user Pro"}


def test_ways_out_of_people_who_share_neither_place_nor_plan_differ_by_both():
    posts = use(
        "posts",
        branch(UNLESS, where=Where(("EU",)), plans=("Free",)),
        branch(UNLESS, where=Where(except_places=("EU",)), plans=("Pro",)),
    )
    controls = [
        control("form", "posts", offered=(OfferFacts(Where(("EU",)), plans=("Free",)),)),
        control("switch", "posts", offered=(OfferFacts(Where(except_places=("EU",))),)),
    ]
    found = answer(posts, controls=controls)
    assert found.ways_differ_by == (Axis.PLACE, Axis.PLAN)
    assert ways_words(found) == "The way out differs by place and plan"


def test_a_control_is_offered_to_its_people_plans_places_and_days():
    posts = use("posts", branch(UNLESS, people=tuple(People)))
    switch = control(
        "switch",
        "posts",
        offered=(
            OfferFacts(
                Where(("DE",)),
                (People.PERSONAL,),
                ("Pro",),
                dt.date(2024, 1, 1),
                dt.date(2025, 1, 1),
            ),
        ),
    )
    facts = PlatformFacts("p", "P", uses=(posts,), controls=(switch,))

    def offered(day="2024-06-01", place="DE", people=People.PERSONAL, plan="Pro"):
        on = dt.date.fromisoformat(day)
        found = offered_controls(facts, Question(on, place, people, plan))
        return found.get("switch", Coverage.NOT)

    assert offered() == Coverage.SURELY
    assert offered("2024-01-01") == Coverage.SURELY
    assert offered("2023-12-31") == offered("2025-01-01") == Coverage.NOT
    assert offered(people=People.CREATORS) == Coverage.SURELY
    assert offered(people=People.MINORS) == Coverage.NOT
    assert offered(plan="Free") == Coverage.NOT
    assert offered(plan="") == Coverage.PERHAPS
    assert offered(place="FR") == Coverage.NOT
    assert offered(place="EU") == Coverage.PERHAPS


def test_a_control_offered_to_each_plan_at_its_own_time_is_offered_to_all_of_them():
    posts = use("posts", branch(UNLESS, plans=("Free",)), branch(UNLESS, plans=("Pro",)))
    switch = control(
        "switch",
        "posts",
        offered=(
            OfferFacts(plans=("Pro",)),
            OfferFacts(plans=("Free",), since=dt.date(2025, 3, 11)),
        ),
    )
    facts = PlatformFacts("p", "P", uses=(posts,), controls=(switch,))
    assert offered_controls(facts, Question(dt.date(2025, 3, 10))) == {"switch": Coverage.PERHAPS}
    assert offered_controls(facts, Question(dt.date(2025, 3, 11))) == {"switch": Coverage.SURELY}


def test_without_an_offer_a_control_follows_the_states_of_its_uses():
    posts = use(
        "posts",
        branch((NO_WAY_OUT, {}), (UNLESS, since("2024-01-01")), where=Where(("DE",))),
        branch(ONLY_IF, where=Where(("FR",))),
        branch(NOT_USED, where=Where(("US",))),
    )
    facts = PlatformFacts("p", "P", uses=(posts,), controls=(control("switch", "posts"),))
    for place, day, is_offered in [
        ("DE", "2023-12-31", False),
        ("DE", "2024-01-01", True),
        ("FR", "2024-01-01", True),
        ("US", "2024-01-01", False),
        ("GB", "2024-01-01", False),
    ]:
        found = offered_controls(facts, Question(dt.date.fromisoformat(day), place))
        assert bool(found) == is_offered, (place, day)


def test_all_ways_out_of_a_use_are_alternatives_with_the_best_first():
    chats = use("chats", branch(UNLESS, where=Where(except_places=("DE",))))
    facts = PlatformFacts(
        "p",
        "P",
        uses=(chats,),
        controls=(
            control("temporary", "chats", act_covers=ActCovers.ONE_CONVERSATION),
            control("form", "chats", offered=(OfferFacts(Where(("GB",))),)),
            control("switch", "chats"),
            control("wipe", "chats", reach=Reach.PAST_ONLY),
        ),
    )
    ways = ways_of_uses(facts, [chats], Question(TODAY))
    assert [(way.control.key, way.coverage) for way in ways] == [
        ("switch", Coverage.SURELY),
        ("temporary", Coverage.SURELY),
        ("form", Coverage.PERHAPS),
    ]
    assert ways_of_uses(facts, [chats], Question(TODAY, "DE")) == ()


def test_a_use_alone_does_not_count_without_a_line_or_if_not_offered():
    facts = PlatformFacts(
        "p",
        "P",
        uses=(
            use("posts", NOT_USED),
            use("chats", branch(UNLESS, where=Where(("US",)))),
            use("calls", NOT_OFFERED),
        ),
    )
    answers = [verdict_of_use(facts, each, Question(TODAY, "DE")) for each in facts.uses]
    assert [found and found.stance for found in answers] == [Stance.NO, None, None]


@pytest.mark.parametrize(
    ("facts", "value", "people", "words"),
    [
        ({}, UNLESS, People.PERSONAL, "Turn off “Train”"),
        ({}, ONLY_IF, People.PERSONAL, "Leave “Train” off"),
        ({"refuse": Refuse.TURN_ON}, UNLESS, People.PERSONAL, "Turn on “Train”"),
        ({"refuse": Refuse.TURN_ON}, ONLY_IF, People.PERSONAL, "Leave “Train” on"),
        ({"refuse": Refuse.SUBMIT}, UNLESS, People.PERSONAL, "Send the form “Train”"),
        ({"refuse": Refuse.WRITE, "to": "a@b.c"}, UNLESS, People.PERSONAL, "Write to a@b.c"),
        ({"refuse": Refuse.WRITE}, UNLESS, People.PERSONAL, "Write to Operator"),
        ({"by": By.ADMIN}, UNLESS, People.PERSONAL, "Ask your admin to turn off “Train”"),
        ({"by": By.ADMIN}, UNLESS, People.ORGANISATION, "Turn off “Train”"),
        (
            {"refuse": Refuse.ASK_ADMIN},
            UNLESS,
            People.PERSONAL,
            "Ask your admin to refuse “Train”",
        ),
        ({"refuse": Refuse.LEAVE}, UNLESS, People.PERSONAL, "Leave “Train”"),
        ({"label": "", "name": "Switch"}, UNLESS, People.PERSONAL, "Turn off: Switch"),
        ({"label": "", "name": "Switch"}, ONLY_IF, People.PERSONAL, "Leave off: Switch"),
        (
            {"label": "Delete history", "refuse": Refuse.DELETE},
            UNLESS,
            People.PERSONAL,
            "Choose “Delete history”",
        ),
    ],
)
def test_act_and_label_are_printed_together(facts, value, people, words):
    shown = ControlFacts(
        **{"key": "c", "uses": (), "refuse": Refuse.TURN_OFF, "label": "Train"} | facts
    )
    assert act_words(shown, value, people=people, operator="Operator (of P)") == words


def test_labels_and_titles_are_escaped_and_marked_as_english():
    shown = control("<b>", "posts")
    found = answer(use("<b>", UNLESS), controls=[control("switch", "<b>")])
    with translation.override("en"):
        assert act_html(shown) == "Turn off <em>&lt;B&gt;</em>"
        assert sentence_html(found.sentences[0]) == (
            "Your &lt;b&gt; trains models unless you refuse"
        )
    with translation.override("de"):
        assert act_html(shown) == '<em>„<span lang="en">&lt;B&gt;</span>“</em> ausschalten'
        assert sentence_html(found.sentences[0]) == (
            '<span lang="en">Your &lt;b&gt; trains models</span>, sofern Sie nicht widersprechen'
        )


def test_chips_have_the_words_of_the_state_and_of_who_can_act():
    assert chip_words(UNLESS) == "On unless you refuse"
    own = [People.ORGANISATION]
    assert chip_words(UNLESS, WayOut.ORGANISATION, people=own) == (
        "On unless your organisation refuses"
    )
    assert chip_words(UNLESS, WayOut.ON_REQUEST, "Meta (Ireland)") == (
        "On unless Meta accepts your objection"
    )
    assert chip_words(ONLY_IF, WayOut.ORGANISATION, people=own) == (
        "Off unless your organisation agrees"
    )
    assert chip_words(NO_WAY_OUT) == "On, no way out"


def test_a_no_of_minors_rests_on_all_that_is_on_for_adults():
    """A use that says nothing of minors leaves open what happens to their data."""
    off = branch((NOT_USED, {"basis": Basis.STATED}), people=(People.MINORS,))
    posts = use("posts", off, UNLESS, short=(("en", "posts"),))
    voice = use("voice", UNLESS, short=(("en", "voice"),))
    found = answer(posts, voice, people=People.MINORS)
    assert (found.stance, found.by_axes) == (Stance.DEPENDS, (Axis.USE,))
    assert [(part.stance, part.uses) for part in found.parts] == [
        (Stance.NO, ("posts",)),
        (Stance.UNKNOWN, ("voice",)),
    ]
    assert headline(found) == "Minors: no for posts, not known for voice; adults: yes"
    for value in (NOT_USED, NOT_OFFERED):
        assert answer(posts, use("voice", value), people=People.MINORS).stance == Stance.NO
    to_come = branch((UNLESS, since("2027-01-01")))
    assert answer(posts, use("voice", to_come), people=People.MINORS).stance == Stance.NO
    on = use("posts", branch(UNLESS, people=(People.MINORS,)))
    assert answer(on, voice, people=People.MINORS).stance == Stance.YES


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (UNLESS, "Yes, as reported by the authority; you can opt out, how is not on record"),
        (NOT_USED, "No, as reported by the authority"),
        (ONLY_IF, "Only if you agree, as reported by the authority"),
    ],
)
def test_a_report_names_who_reports(value, expected):
    told = branch((value, {"basis": Basis.REPORTED, "said_by": "the authority"}))
    assert headline(answer(use("posts", told))) == expected
    assert on_whose_word(answer(use("posts", told))) == "Reported by the authority"
    others = branch((value, {"basis": Basis.REPORTED}), where=EU)
    of_two = headline(answer(use("posts", replace(told, where=Where(("US",))), others)))
    assert "the authority" not in of_two


def test_a_yes_that_sources_dispute_says_so_in_the_answer():
    disputed = (NO_WAY_OUT, {"basis": Basis.STATED, "disputed": True})
    assert headline(answer(use("posts", branch(disputed)))) == (
        "Yes, and there is no way out (disputed)"
    )
    in_part = use("posts", branch(disputed, where=EU), branch(NO_WAY_OUT, where=Where((), ("EU",))))
    assert "disputed" not in headline(answer(in_part))
    apart = use(
        "posts",
        branch(disputed, where=Where(("US",))),
        branch((NOT_USED, {"basis": Basis.STATED}), where=Where((), ("US",))),
    )
    assert headline(answer(apart)) == (
        "Depends on your country: in the US yes without a way out, disputed; elsewhere no"
    )


@pytest.mark.parametrize(
    ("earlier", "expected"),
    [
        (
            Earlier.STAYS_IN_USE,
            "No, the feature is not offered; what was given before stays in use",
        ),
        (Earlier.GONE, "No, the feature is not offered"),
        (None, "Not offered; earlier data: not known"),
    ],
)
def test_what_is_not_offered_any_more_says_what_became_of_earlier_data(earlier, expected):
    ended = branch(
        (UNLESS, {}), (NOT_OFFERED, since("2024-01-01", earlier=earlier, basis=Basis.STATED))
    )
    said = headline(answer(use("posts", ended)))
    for source in (", according to Operator", ", Operator says"):
        said = said.replace(source, "")
    assert said == expected
    never = branch((NOT_OFFERED, {"basis": Basis.STATED}))
    assert (
        headline(answer(use("posts", never)))
        == "No, the feature is not offered, according to Operator"
    )


def test_what_can_be_refused_anyway_has_its_way_out():
    leaving = control("leaving", "posts", refuse=Refuse.LEAVE, offered=(OfferFacts(),))
    asking = control("asking", "posts", binding=False, offered=(OfferFacts(),))
    switch = control("switch", "posts", offered=(OfferFacts(),))
    found = answer(use("posts", UNCLEAR), controls=[leaving, asking, switch])
    assert found.way == WayOut.ANYWAY
    assert [way.control.key for way in found.ways] == ["switch"]


def test_a_day_before_all_records_is_not_blamed_on_the_plan():
    posts = use("posts", branch((UNLESS, since("2025-01-01")), plans=("Free",)))
    other = use("voice", branch((UNLESS, since("2025-01-01")), plans=("Pro",)))
    early = answer(posts, plan="Free", day=dt.date(2024, 1, 1))
    assert headline(early).startswith("We do not know: nothing on record for that day")
    unnamed = answer(posts, other, plan="Pro")
    assert "that day" not in headline(unnamed)


def test_a_yes_of_one_use_that_sources_dispute_says_so_where_places_differ_too():
    stated = {"basis": Basis.STATED}
    posts = use("posts", branch((NOT_USED, stated), where=EU), short=(("en", "posts"),))
    chats = use(
        "chats",
        branch((UNLESS, stated | {"disputed": True}), where=EU),
        branch((UNCLEAR, {}), where=Where((), ("EU",))),
        short=(("en", "chats"),),
    )
    assert headline(answer(posts, chats)) == (
        "Depends on your country: in the EU yes for chats, disputed; elsewhere not known"
    )


def test_what_others_report_of_the_operator_is_never_said_as_its_own_word():
    reported = {"basis": Basis.REPORTED, "said_by": "Operator"}
    mail = use("mail", branch((NOT_USED, reported)), short=(("en", "a rather long name of mail"),))
    calls = use("calls", UNCLEAR, short=(("en", "calls that are not known"),))
    assert headline(answer(mail)) == "No, according to Operator, as reported"
    assert headline(answer(mail, calls, place="US")) == (
        "No for a rather long name of mail, as reported; not known for calls that are not known"
    )


def test_what_is_alike_in_all_parts_says_on_whose_word_it_rests_too():
    def chats(basis, **whose):
        return branch((NOT_USED, {"basis": basis}), **whose)

    text = use(
        "text",
        chats(Basis.STATED, plans=("Free",)),
        chats(Basis.REPORTED, plans=("Pro",)),
        short=(("en", "text chats"),),
    )
    voice = use(
        "voice",
        branch((UNCLEAR, {}), plans=("Free",)),
        chats(Basis.REPORTED, plans=("Pro",)),
        short=(("en", "voice chats"),),
    )
    assert headline(answer(text, voice)) == (
        "No for text chats, as reported; for voice chats it depends on the plan"
    )


def test_a_person_whose_admin_decides_has_no_organisation_to_ask():
    admin = control("switch", "posts", by=By.ADMIN)
    found = answer(use("posts", branch((UNLESS, {"basis": Basis.STATED}))), controls=[admin])
    assert headline(found) == "Yes, unless an administrator opts out"
    of_organisation = use(
        "posts", branch((UNLESS, {"basis": Basis.STATED}), people=(People.ORGANISATION,))
    )
    assert headline(answer(of_organisation, controls=[admin])) == (
        "Yes, unless your organisation opts out (organisations)"
    )


def test_of_three_answers_the_first_is_named():
    named = [
        use(name, branch((value, {"basis": Basis.STATED})), short=(("en", name),))
        for name, value in (("letters", NOT_USED), ("chats", NO_WAY_OUT), ("calls", UNCLEAR))
    ]
    assert headline(answer(*named)) == (
        "Depends on the use: yes without a way out for chats, otherwise it differs"
    )


@pytest.mark.parametrize(
    ("in_us", "expected"),
    [
        (UNLESS, "It depends: in the US yes for calls, elsewhere only if you agree"),
        (UNCLEAR, "Depends on your country and the use"),  # "no for mail" would hide the doubt
    ],
)
def test_where_it_depends_on_the_use_too_only_a_yes_is_named(in_us, expected):
    stated = {"basis": Basis.STATED}
    mail = use("mail", branch((NOT_USED, stated), where=Where(("US",))), short=(("en", "mail"),))
    calls = use(
        "calls",
        branch((in_us, stated), where=Where(("US",))),
        branch((ONLY_IF, stated), where=Where((), ("US",))),
        short=(("en", "calls"),),
    )
    said = headline(answer(mail, calls))
    assert said.replace("Depends on your country:", "It depends:") == expected


@pytest.mark.parametrize(
    ("state", "chip", "sentence"),
    [
        (
            UNLESS,
            "On unless an administrator refuses",
            "Your chats trains models unless an administrator refuses",
        ),
        (
            ONLY_IF,
            "Off unless an administrator agrees",
            "Your chats trains models only if an administrator agrees",
        ),
    ],
)
def test_persons_are_told_of_an_administrator_and_not_of_their_organisation(state, chip, sentence):
    switch = control("switch", "chats", by=By.ADMIN)
    (said,) = answer(use("chats", state), controls=[switch]).sentences
    people = said.branches[0].people
    assert chip_words(said.value, said.way, people=people) == chip
    assert sentence_words(said) == sentence


def test_a_start_after_a_break_does_not_pass_for_the_first_one_elsewhere():
    """In Europe it began a week later, was stopped, and began again."""
    europe = (
        (NO_WAY_OUT, since("2024-05-07")),
        (UNCLEAR, since("2024-08-08")),
        (UNLESS, since("2025-03-20")),
    )
    found = answer(
        use(
            "posts",
            branch((UNLESS, since("2024-04-29")), where=Where(except_places=("EEA",))),
            branch(*europe, where=Where(("EEA",))),
        )
    )
    assert since_words(found.since) == "since 29 April 2024; elsewhere (EU and EEA) later"


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (
            "en",
            "on since 29 April 2024 at the latest, with a way out since 16 July 2024; elsewhere"
            " (EU and EEA) later, last on 20 March 2025",
        ),
        (
            "de",
            "aktiv spätestens seit 29. April 2024, Widerspruch möglich seit 16. Juli 2024;"
            " anderswo (EU und EWR) später, zuletzt am 20. März 2025",
        ),
        (
            "fr",
            "activé depuis le 29 avril 2024 au plus tard, refus possible depuis le 16 juillet"
            " 2024\u202f; ailleurs (UE et EEE) plus tard, en dernier lieu le 20 mars 2025",
        ),
    ],
)
def test_a_way_out_does_not_pass_for_as_old_as_the_use(language, said):
    first = since("2024-04-29", since_is=SinceIs.AT_LATEST)
    found = answer(
        use(
            "posts",
            branch(
                (NO_WAY_OUT, first),
                (UNLESS, since("2024-07-16")),
                where=Where(except_places=("EEA",)),
            ),
            branch((UNLESS, since("2025-03-20")), where=Where(("EEA",))),
        ),
        controls=[control("box", "posts")],
    )
    with translation.override(language):
        assert since_words(found.since) == said


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (
            "en",
            "on since 29 April 2024, with a way out since 16 July 2024; the time before"
            " is disputed",
        ),
        (
            "de",
            "aktiv seit 29. April 2024, Widerspruch möglich seit 16. Juli 2024; die Zeit davor"
            " ist strittig",
        ),
        (
            "fr",
            "activé depuis le 29 avril 2024, refus possible depuis le 16 juillet 2024\u202f; ce qui"
            " valait avant est contesté",
        ),
    ],
)
def test_a_dispute_about_the_time_before_the_way_out_is_not_one_about_today(language, said):
    states = (
        (NO_WAY_OUT, since("2024-04-29", disputed=True)),
        (UNLESS, since("2024-07-16")),
    )
    elsewhere = (UNLESS, since("2025-03-20", disputed=True))
    posts = use("posts", branch(*states, where=Where(except_places=("EEA",))))
    in_europe = use("posts", *posts.branches, branch(elsewhere, where=Where(("EEA",))))
    with translation.override(language):
        assert since_words(answer(posts).since) == said
        both = since_words(answer(in_europe).since)
    if language == "en":  # of two doubts none is said to be that of the last place alone
        begun = said.partition(";")[0]
        last = "elsewhere (EU and EEA) later, last on 20 March 2025"
        assert both == f"{begun}; {last}; disputed in part"


def test_a_dispute_about_today_is_said_of_today():
    def found(first, then):
        states = ((NO_WAY_OUT, since("2024-04-29", **first)), (UNLESS, since("2024-07-16", **then)))
        return since_words(answer(use("posts", branch(*states))).since)

    said = "on since 29 April 2024, with a way out since 16 July 2024"
    assert found({}, {}) == said
    assert found({}, {"disputed": True}) == f"{said}, disputed"
    assert found({"disputed": True}, {"disputed": True}) == f"{said}, disputed"


@pytest.mark.parametrize(
    ("first", "then", "elsewhere", "said"),
    [
        (UNLESS, NO_WAY_OUT, (NO_WAY_OUT, "2025-01-01"), "without a way out since 1 May 2025"),
        (
            UNLESS,
            NO_WAY_OUT,
            (NO_WAY_OUT, "2024-01-01"),
            "without a way out for anybody since 1 May 2025",
        ),
        (NO_WAY_OUT, UNLESS, (UNLESS, "2024-01-01"), "with a way out for all since 1 May 2025"),
        (NO_WAY_OUT, UNLESS, (NO_WAY_OUT, "2024-01-01"), "since 1 January 2024"),
    ],
)
def test_the_day_of_a_way_out_is_that_from_which_it_was_so_for_all(first, then, elsewhere, said):
    value, began = elsewhere
    found = answer(
        use(
            "posts",
            branch(
                (first, since("2024-01-01")),
                (then, since("2025-05-01")),
                where=Where(except_places=("EEA",)),
            ),
            branch((value, since(began)), where=Where(("EEA",))),
        )
    )
    assert (
        since_words(found.since).partition(";")[0].removeprefix("on since 1 January 2024, ") == said
    )


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "on record since November 2026; since when is not known"),
        ("de", "verzeichnet seit November 2026; seit wann, ist nicht bekannt"),
        ("fr", "consigné depuis novembre 2026\u202f; depuis quand, on ne le sait pas"),
    ],
)
def test_the_month_of_our_reading_does_not_pass_for_a_start(language, said):
    with translation.override(language):
        read = Since(dt.date(2026, 11, 1), Precision.MONTH, SinceIs.AT_LATEST)
        assert since_words(read) == said
        earlier = replace(read, on=dt.date(2026, 10, 1))
        assert since_words(replace(earlier, last=read)).count("2026") == 1
        assert not earlier.is_of_our_reading


def test_since_is_of_everywhere_also_where_the_way_out_differs():
    found = answer(
        use(
            "posts",
            branch((NO_WAY_OUT, since("2023-09-01")), where=Where(except_places=("EEA",))),
            branch((UNLESS, since("2025-05-27")), where=Where(("EEA",))),
        )
    )
    assert found.stance == Stance.YES
    said = "since 1 September 2023; elsewhere (EU and EEA) later, last on 27 May 2025"
    assert since_words(found.since) == said


@pytest.mark.parametrize(
    ("language", "started", "precision", "since_is", "said"),
    [
        ("en", "2026-06-03", "day", SinceIs.AT_LATEST, "last on 3 June 2026 at the latest"),
        ("en", "2026-06-01", "month", SinceIs.AT_LATEST, "last in June 2026 at the latest"),
        ("en", "2026-01-01", "year", SinceIs.EXACT, "last in 2026"),
        ("de", "2026-06-03", "day", SinceIs.EXACT, "zuletzt am 3. Juni 2026"),
        ("de", "2026-06-01", "month", SinceIs.AT_LATEST, "zuletzt spätestens im Juni 2026"),
        ("de", "2026-01-01", "year", SinceIs.AT_EARLIEST, "zuletzt frühestens im Jahr 2026"),
        ("fr", "2026-06-01", "day", SinceIs.EXACT, "en dernier lieu le 1er juin 2026"),
        ("fr", "2026-08-01", "month", SinceIs.AT_LATEST, "lieu en août 2026 au plus tard"),
    ],
)
def test_the_last_start_is_said_as_precisely_as_it_is_known(
    language, started, precision, since_is, said
):
    last = since(started, precision=precision, since_is=since_is)
    found = answer(
        use(
            "posts",
            branch((UNLESS, since("2023-09-01")), where=Where(except_places=("EEA",))),
            branch((UNLESS, last), where=Where(("EEA",))),
        )
    )
    with translation.override(language):
        assert since_words(found.since).endswith(said)


def api_facts(api, chats):
    """A platform with chats, for organisations too, and an API that persons may use."""
    everyone = (People.PERSONAL, People.ORGANISATION)
    plans = (PlanFacts("Free"), PlanFacts("API", people=everyone, kind=PlanKind.API))
    of_both = use(
        "chats",
        branch(chats, people=everyone, plans=("Free",)),
        branch(api, people=everyone, plans=("API",)),
    )
    return PlatformFacts("p", "P", "Operator", (of_both,), plans=plans)


@pytest.mark.parametrize(
    ("api", "chats", "people", "plan", "stance"),
    [
        (NOT_USED, UNLESS, None, "", Stance.YES),
        (NOT_USED, UNLESS, People.PERSONAL, "API", Stance.NO),
        (NOT_USED, UNLESS, People.ORGANISATION, "", Stance.DEPENDS),  # they are who buys it
        (UNLESS, NOT_USED, None, "", Stance.DEPENDS),  # a yes is not hidden
        (UNLESS, NO_WAY_OUT, None, "", Stance.YES),
    ],
)
def test_persons_ask_about_an_api_by_its_name(api, chats, people, plan, stance):
    asked = Question(TODAY, people=people, plan=plan)
    assert verdict(api_facts(api, chats), asked).stance == stance


def test_a_plan_for_students_is_asked_about_by_its_name():
    plans = (PlanFacts("Free"), PlanFacts("Student", kind=PlanKind.EDUCATION))
    chats = use("chats", branch(UNLESS, plans=("Free",)), branch(NOT_USED, plans=("Student",)))
    facts = PlatformFacts("p", "P", "Operator", (chats,), plans=plans)
    assert verdict(facts, Question(TODAY)).stance == Stance.YES
    assert verdict(facts, Question(TODAY, plan="Student")).stance == Stance.NO


def test_one_day_known_with_more_and_less_certainty_is_one_start():
    found = answer(
        use(
            "posts",
            branch((UNLESS, since("2025-05-30")), where=Where(("EU",))),
            branch(
                (NO_WAY_OUT, since("2025-05-30", since_is=SinceIs.AT_LATEST)),
                where=Where(except_places=("EU",)),
            ),
        )
    )
    assert since_words(found.since) == "since 30 May 2025 at the latest"


def test_an_api_answers_where_nothing_else_is_on_record():
    plans = (PlanFacts("API", kind=PlanKind.API),)
    facts = PlatformFacts(
        "p", "P", "Operator", (use("calls", branch(NOT_USED, plans=("API",))),), plans=plans
    )
    assert verdict(facts, Question(TODAY)).stance == Stance.NO


POSTS, VOICE = ((("en", "posts"),), (("en", "voice"),))


def test_adults_are_answered_for_with_all_that_happens_to_their_data():
    """The uses that say nothing of minors may be fewer than those on which the answer rests."""
    posts = use("posts", UNLESS, branch(NOT_USED, people=(People.MINORS,)), short=POSTS)
    voice = use("voice", ONLY_IF, short=VOICE)
    assert answer(posts, voice).stance == Stance.YES
    found = answer(posts, voice, people=People.MINORS)
    assert found.for_adults == Stance.YES
    assert headline(found).endswith("not known for voice; adults: yes")
    to_come = branch((UNLESS, since("2026-01-01")), people=(People.MINORS,))
    before = answer(
        use("posts", UNLESS, to_come), voice, people=People.MINORS, day=dt.date(2025, 1, 1)
    )
    assert before.for_adults == Stance.YES
    assert "for adults: yes" in headline(before)


@pytest.mark.parametrize(
    "branches",
    [(UNLESS,), (UNLESS, branch((NOT_OFFERED, {"basis": Basis.STATED}), people=(People.MINORS,)))],
)
@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "Not offered: accounts are for people of 18 and older"),
        ("de", "Nicht angeboten: Konten gibt es erst ab 18 Jahren"),
        (
            "fr",
            "Non proposé\N{NARROW NO-BREAK SPACE}: les comptes sont réservés aux 18 ans et plus",
        ),
    ],
)
def test_accounts_for_adults_only_are_not_offered_to_minors(branches, language, said):
    facts = PlatformFacts("p", "P", "Operator", (use("posts", *branches),), min_age=18)
    asked = Question(TODAY, people=People.MINORS)
    found = verdict(facts, asked)
    assert (found.stance, found.word, found.is_inferred) == (
        Stance.NOT_OFFERED,
        Word.STATED,
        False,
    )
    assert found.answer == short_answer(facts, asked).answer == Answer.NO
    assert short_answer(facts, asked).stance == Stance.NOT_OFFERED
    with translation.override(language):
        assert headline(found).replace("\xa0", "\N{NARROW NO-BREAK SPACE}") == said
    assert verdict(facts, Question(TODAY)).stance == Stance.YES
    older = replace(facts, uses=(use("posts", UNLESS),), min_age=16)
    assert verdict(older, asked).stance == Stance.YES


def test_a_place_is_not_named_for_a_yes_that_holds_everywhere():
    stated = {"basis": Basis.STATED}
    features = use("features", branch((NO_WAY_OUT, stated)), short=(("en", "use of features"),))
    code = use(
        "code",
        branch((ONLY_IF, stated), where=Where(("CN",))),
        branch((UNCLEAR, stated), where=Where(except_places=("CN",))),
        short=(("en", "code"),),
    )
    plans = (PlanFacts("Non-commercial edition", people=(People.PERSONAL,)),)
    facts = PlatformFacts("p", "P", "Operator", (code, features), plans=plans, plans_complete=True)
    said = headline(verdict(facts, Question(TODAY, plan="Non-commercial edition")))
    assert "China" not in said
    assert said.startswith("Yes without a way out for use of features, otherwise")


def games(*lines):
    """A platform whose lead has two home plans and all others, and that has a game assistant."""
    game = replace(branch(UNLESS, who="players with the bar"), who_narrows=True)
    return PlatformFacts(
        "p",
        "P",
        "Operator",
        (
            use("chats", *lines, short=(("en", "chats"),)),
            use("games", game, short=(("en", "the game assistant"),)),
        ),
    )


def test_people_whose_plan_is_not_named_are_on_no_plan_in_words():
    stated = {"basis": Basis.STATED}
    many = ("Family", "Personal", "Home", "Duo")
    found = verdict(
        PlatformFacts(
            "p",
            "P",
            "Operator",
            (use("chats", branch((UNLESS, stated)), branch((NOT_USED, stated), plans=many)),),
        ),
        Question(TODAY),
    )
    assert [part.plans for part in found.parts] == [("",), many]
    assert headline(found) == "Depends on your plan: yes, on some plans no"
    reverse = verdict(
        PlatformFacts(
            "p",
            "P",
            "Operator",
            (use("chats", branch((NOT_USED, stated)), branch((UNLESS, stated), plans=many)),),
        ),
        Question(TODAY),
    )
    assert headline(reverse) == "Depends on your plan: on some plans yes, otherwise no"


def test_a_group_is_named_beside_the_use_that_it_is_limited_to():
    facts = games(NOT_USED, branch(NOT_USED, plans=("Family",)))
    found = verdict(facts, Question(TODAY))
    assert [part.groups for part in found.parts if part.stance == Stance.DEPENDS] == [
        ("players with the bar",)
    ]
    assert headline(found).startswith("Yes for the game assistant (players with the bar), on")


def test_a_way_out_without_a_first_day_is_none_before_its_uses_are_on_record():
    sites = use("sites", branch((UNLESS, since("2025-07-01"))))
    block = control("block", "sites", offered=(OfferFacts(until=dt.date(2026, 9, 15)),))
    assert answer(sites, controls=[block], day=dt.date(2025, 6, 30)).way == WayOut.NOT_NEEDED
    assert answer(sites, controls=[block], day=dt.date(2025, 7, 1)).way == WayOut.REFUSABLE


def test_a_way_out_without_a_first_day_is_not_sure_before_a_record_names_it():
    posts = use("posts", branch((UNLESS, since("2023-03-01"))))
    form = control("form", "posts", offered=(OfferFacts(),), known_from=dt.date(2026, 5, 2))
    before = answer(posts, controls=[form], day=dt.date(2026, 5, 1))
    assert before.way == WayOut.HOW_NOT_ON_RECORD
    assert ways_words(before) == "Turn off “Form”, if it is offered to you"
    assert answer(posts, controls=[form], day=dt.date(2026, 5, 2)).way == WayOut.REFUSABLE
    dated = replace(form, offered=(OfferFacts(since=dt.date(2024, 1, 1)),))
    assert answer(posts, controls=[dated], day=dt.date(2024, 1, 1)).way == WayOut.REFUSABLE
