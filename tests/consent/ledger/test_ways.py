"""All ways out of a use, on the files of the catalog: in line with what verdicts say."""

import datetime as dt

import pytest

from consent.ledger.answers import WayOut, has_yes
from consent.ledger.question import Question
from consent.ledger.verdict import answer_of_use, ways_of_uses
from consent.ledger.verdict_words import chip_words
from consent.vocabulary import Reach, StateValue
from tests.consent.ledger.catalog_facts import whole_catalog

pytestmark = pytest.mark.xdist_group("catalog facts")

_DAY = dt.date(2026, 11, 25)


@pytest.fixture(scope="module")
def platforms():
    return whole_catalog()


@pytest.mark.parametrize("place", ["", "DE", "GB", "US-CA", "BR"])
def test_the_first_way_out_of_a_use_is_that_of_its_verdict(platforms, place):
    compared = 0
    for facts in platforms:
        for use in facts.uses:
            verdict = answer_of_use(facts, use, Question(_DAY, place))
            # What can be refused anyway, in one audience of several, is not the best for all.
            is_on = has_yes(verdict.by_atom.values())
            if is_on and verdict.ways and not verdict.ways_differ_by:
                ways = ways_of_uses(facts, [use], Question(_DAY, place))
                assert ways[0].control == verdict.ways[0].control, use.key
                assert all(way.control.reach != Reach.PAST_ONLY for way in ways)
                compared += 1
    assert compared > 20


def test_a_state_of_people_who_were_not_asked_about_has_words_of_its_own():
    assert chip_words(StateValue.UNLESS_REFUSED, WayOut.NOT_NEEDED) == "On unless you refuse"
