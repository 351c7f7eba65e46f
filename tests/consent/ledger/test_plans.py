"""Which plans of a platform a question may name."""

import pytest

from consent.ledger.plans import UnknownPlanError, known_plan, plans_of
from consent.ledger.platform_facts import OfferFacts, PlatformFacts
from consent.vocabulary import People
from tests.consent.ledger.test_verdict import NOT_USED, UNLESS, branch, control, use

CHATS = use(
    "chats",
    branch(UNLESS, plans=("Free", "Pro")),
    branch(NOT_USED, people=(People.ORGANISATION,), plans=("Enterprise",)),
)
SWITCH = control("switch", "chats", offered=(OfferFacts(plans=("Max",)),))
CHATTER = PlatformFacts("chatter", "Chatter", "Chatter Inc.", (CHATS,), (SWITCH,))


def test_the_plans_are_those_of_branches_and_offers():
    assert plans_of(CHATTER) == ("Free", "Pro", "Enterprise", "Max")
    assert plans_of(CHATTER, People.CREATORS) == ("Free", "Pro", "Max")
    assert plans_of(CHATTER, People.ORGANISATION) == ("Enterprise", "Max")


def test_a_plan_is_found_however_it_is_capitalised():
    assert known_plan(CHATTER, " enterprise ") == "Enterprise"
    assert known_plan(CHATTER, "") == ""


@pytest.mark.parametrize(
    ("asked", "people", "allowed"),
    [
        ("nonsense", None, ("Free", "Pro", "Enterprise", "Max")),
        ("Enterprise", People.PERSONAL, ("Free", "Pro", "Max")),
        ("Free", People.ORGANISATION, ("Enterprise", "Max")),
    ],
)
def test_a_plan_that_is_not_on_record_for_the_people_is_refused_with_those_that_are(
    asked, people, allowed
):
    with pytest.raises(UnknownPlanError) as refused:
        known_plan(CHATTER, asked, people)
    assert refused.value.allowed == allowed
