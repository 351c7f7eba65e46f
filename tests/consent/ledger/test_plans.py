"""Which plans of a platform a question may name."""

import datetime as dt
from dataclasses import replace

import pytest

from consent.ledger.asked_plan import asked_plans
from consent.ledger.headline_words import headline
from consent.ledger.platform_facts import OfferFacts, PlanFacts, PlatformFacts
from consent.ledger.question import Question, RefusedQuestionError, checked, plans_of
from consent.ledger.verdict import verdict
from consent.vocabulary import People, PlanKind
from tests.consent.ledger.test_verdict import NOT_USED, UNLESS, branch, control, use

TODAY = dt.date(2026, 11, 25)
CHATS = use(
    "chats",
    branch(UNLESS, plans=("Free", "Pro")),
    branch(NOT_USED, people=(People.ORGANISATION,), plans=("Enterprise",)),
)
SWITCH = control("switch", "chats", offered=(OfferFacts(plans=("Max",)),))
CHATTER = PlatformFacts("chatter", "Chatter", "Chatter Inc.", (CHATS,), (SWITCH,))
LISTED = PlatformFacts(
    "listed",
    "Listed",
    uses=(CHATS,),
    plans=(
        PlanFacts("Free", aliases=("Basic",), people=(People.PERSONAL,)),
        PlanFacts("Pro", people=(People.PERSONAL, People.ORGANISATION)),
        PlanFacts("Enterprise", people=(People.ORGANISATION,), since=dt.date(2025, 1, 1)),
        PlanFacts("Plus", people=(People.PERSONAL,), former=True),
    ),
    plans_complete=True,
)


def known(facts, plan, people=None, day=TODAY):
    return checked(facts, Question(day, people=people, plan=plan)).plan


def test_the_plans_are_those_of_branches_and_offers():
    assert plans_of(CHATTER) == ("Free", "Pro", "Max", "Enterprise")
    assert plans_of(CHATTER, People.CREATORS) == ("Free", "Pro", "Max")
    assert plans_of(CHATTER, People.ORGANISATION) == ("Enterprise", "Max")


def test_a_plan_is_found_however_it_is_capitalised_and_by_its_aliases():
    assert known(CHATTER, " enterprise ") == "Enterprise"
    assert known(CHATTER, "") == ""
    assert known(LISTED, "basic") == "Free"
    assert known(LISTED, "plus") == "Plus"


@pytest.mark.parametrize(
    ("facts", "asked", "people", "allowed"),
    [
        (CHATTER, "nonsense", None, ("Free", "Pro", "Max", "Enterprise")),
        (CHATTER, "Enterprise", People.PERSONAL, ("Free", "Pro", "Max")),
        (CHATTER, "Free", People.ORGANISATION, ("Enterprise", "Max")),
        (LISTED, "Enterprise", People.PERSONAL, ("Free", "Pro", "Plus")),
        (PlatformFacts("p", "P", uses=(use("posts", UNLESS),)), "Free", None, ()),
    ],
)
def test_a_plan_that_is_not_on_record_for_the_people_is_refused_with_those_that_are(
    facts, asked, people, allowed
):
    with pytest.raises(RefusedQuestionError) as refused:
        known(facts, asked, people)
    assert (refused.value.axis, refused.value.allowed) == ("plan", allowed)


def test_a_plan_is_refused_before_it_existed():
    with pytest.raises(RefusedQuestionError) as refused:
        known(LISTED, "Enterprise", day=dt.date(2024, 12, 31))
    assert refused.value.plan.since == dt.date(2025, 1, 1)
    assert refused.value.allowed == ("Free", "Pro", "Plus")


def test_a_plan_of_persons_and_organisations_needs_a_word_on_which():
    with pytest.raises(RefusedQuestionError) as refused:
        known(LISTED, "Pro")
    assert (refused.value.axis, refused.value.allowed) == ("people", ("personal", "organisation"))
    assert known(LISTED, "Pro", People.ORGANISATION) == "Pro"


@pytest.mark.parametrize("other", [People.MINORS, People.CREATORS])
def test_a_plan_for_persons_only_is_answered_for_personal_accounts(other):
    student = PlanFacts("Student", people=(People.PERSONAL, other))
    facts = replace(LISTED, plans=(*LISTED.plans, student))
    asked = checked(facts, Question(TODAY, plan="student"))
    assert verdict(facts, asked).people == People.PERSONAL


@pytest.mark.parametrize(
    ("plan", "people", "audience"),
    [
        ("Enterprise", None, " (Enterprise)"),
        ("Free", People.CREATORS, " (creators on Free)"),
        ("Pro", People.ORGANISATION, " (organisations on Pro)"),
    ],
)
def test_a_headline_names_a_plan_alone_if_it_is_for_people_of_one_kind(plan, people, audience):
    asked = checked(LISTED, Question(TODAY, people=people, plan=plan))
    assert headline(verdict(LISTED, asked)).endswith(audience)


CHAT = PlatformFacts(
    "chat",
    "Chat",
    uses=(CHATS,),
    plans=(
        PlanFacts("Free", people=(People.PERSONAL,)),
        PlanFacts("Teachers", aliases=("Chat for Teachers",), kind=PlanKind.EDUCATION),
        PlanFacts("Free mode", kind=PlanKind.API),
        PlanFacts("Scale", kind=PlanKind.API),
    ),
)


def test_a_switch_of_the_chat_is_no_way_out_of_the_api():
    api = use("calls", branch(UNLESS, plans=("Free",)), branch(UNLESS, plans=("API",)))
    switch = control("switch", "calls", offered=(OfferFacts(),))
    facts = PlatformFacts(
        "p",
        "P",
        "P",
        (api,),
        (switch,),
        plans=(PlanFacts("Free"), PlanFacts("API", kind=PlanKind.API)),
    )
    assert verdict(facts, Question(TODAY, plan="Free")).ways
    assert not verdict(facts, Question(TODAY, plan="API")).ways


@pytest.mark.parametrize(
    ("typed", "plans"),
    [
        ("chat for teachers", ["Teachers"]),
        ("does chat train on free", ["Free"]),
        ("taugt chat etwas fur teachers", ["Teachers"]),
        ("do the apis of chat train on what i send", ["Free mode", "Scale"]),
        ("chat api", ["Free mode", "Scale"]),
        ("chat scale", ["Scale"]),
        ("is chat safe for my teachers", []),
    ],
)
def test_plans_are_found_in_plain_words(typed, plans):
    assert asked_plans(CHAT, ["Chat"], typed.split()) == plans
