"""Plans asked for as people call them: with the name of the platform in front, or an older name."""

import datetime as dt

import pytest

from consent.ledger.asked_plan import asked_plans, plain_words, plan_off_record
from consent.ledger.platform_facts import PlanFacts, PlatformFacts
from consent.ledger.question import Question, RefusedQuestionError, checked
from consent.vocabulary import People
from platforms.vocabulary import PlanKind
from tests.consent.ledger.test_plans import CHATS

CHAT = PlatformFacts(
    "chat",
    "Chat",
    uses=(CHATS,),
    plans=(
        PlanFacts("Free", people=(People.PERSONAL,)),
        PlanFacts("Business", aliases=("Team",), people=(People.ORGANISATION,)),
        PlanFacts("Chat for Work", people=(People.ORGANISATION,), includes=("Business",)),
    ),
)


@pytest.mark.parametrize(
    ("asked", "plan"),
    [
        ("Team", "Business"),
        ("Chat Team", "Business"),
        ("chat  business", "Business"),
        ("Chat Free", "Free"),
        ("chat for work", "Chat for Work"),
    ],
)
def test_a_plan_is_known_with_the_name_of_its_platform_in_front(asked, plan):
    assert checked(CHAT, Question(dt.date(2026, 9, 1), plan=asked)).plan == plan


@pytest.mark.parametrize("asked", ["Chat", "Chatter Team", "Chat Gold", "Other Team"])
def test_what_is_no_plan_is_none_with_a_name_in_front_either(asked):
    with pytest.raises(RefusedQuestionError):
        checked(CHAT, Question(dt.date(2026, 9, 1), plan=asked))


DRAW = PlatformFacts(
    "draw",
    "Draw",
    plans=tuple(
        PlanFacts(name)
        for name in ("Professional", "Organization", "Business Plus", "Teams", "Edu")
    ),
)


@pytest.mark.parametrize(
    ("typed", "plans"),
    [
        ("draw org", ["Organization"]),
        ("is draw organisation plan ok", ["Organization"]),
        ("draw pro or org", ["Professional", "Organization"]),
        ("draw biz plus", ["Business Plus"]),
        ("draw team", ["Teams"]),
        ("chatter business + draw org + other", ["Organization"]),
        ("draw education and biz plus", ["Edu", "Business Plus"]),
        ("our team draws on draw", []),
        ("draw ent", []),
        ("draw + chatter org plan", ["Organization"]),
        ("draw, other and chatter org plan", ["Organization"]),
        ("draw pro and chatter org plan", ["Professional"]),
        ("is draw better than chatter org plan", []),
    ],
)
def test_a_shortened_word_of_a_plan_is_that_plan(typed, plans):
    others = ("Chatter", "Other")
    assert asked_plans(DRAW, ["Draw"], plain_words(typed), others) == plans


@pytest.mark.parametrize(
    ("facts", "typed", "plan"),
    [
        (DRAW, "draw ent", "Enterprise"),
        (CHAT, "chat org", "Organization"),
        (PlatformFacts("chat", "Chat", uses=(CHATS,)), "chat org", ""),
        (CHAT, "chat biz", ""),
    ],
)
def test_a_shortened_plan_that_is_not_on_record_is_called_in_full(facts, typed, plan):
    assert plan_off_record(facts, [facts.name], plain_words(typed)) == plan


@pytest.mark.parametrize(
    "typed",
    [
        "does the chat api train on the free tier and when I pay?",
        "chat: free plan or paid plan?",
        "does chat train in the free and the paid tier?",
        "does chat train on the free tier and on the paid one?",
        "chat free or paid?",
        "trainiert Chat kostenlos und bezahlt?",
        "Chat gratuit ou payant ?",
        "Trainiert Chat im kostenlosen Tarif und wenn ich bezahle?",
        "Chat : offre gratuite et quand je paie ?",
    ],
)
def test_the_one_plan_that_costs_money_is_called_so(typed):
    chat = PlatformFacts(
        "chat",
        "Chat",
        plans=(
            PlanFacts("Unpaid", paid=False),
            PlanFacts("Metered", paid=True),
        ),
    )
    assert asked_plans(chat, ["Chat"], plain_words(typed)) == ["Unpaid", "Metered"]


@pytest.mark.parametrize(
    "typed", ["Chat API free plan versus paid", "the free Chat API", "does the Chat API train"]
)
def test_a_plan_of_an_api_is_none_of_the_app(typed):
    apis = tuple(PlanFacts(name, kind=PlanKind.API) for name in ("Trial", "Scale"))
    chat = PlatformFacts("chat", "Chat", plans=(PlanFacts("Free", paid=False), *apis))
    assert asked_plans(chat, ["Chat"], plain_words(typed)) == ["Trial", "Scale"]


def test_to_be_paid_for_data_asks_for_no_plan():
    chat = PlatformFacts("chat", "Chat", uses=(CHATS,), plans=(PlanFacts("Metered", paid=True),))
    for typed in ("was chat paid for my posts?", "who was sued by Chat and paid for my posts?"):
        assert asked_plans(chat, ["Chat"], plain_words(typed)) == []
