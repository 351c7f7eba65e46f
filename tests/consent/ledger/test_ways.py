"""All ways out of a use, on the files of the catalog: in line with what verdicts say."""

import datetime as dt

import pytest

from consent.ledger.answers import Stance, WayOut, has_yes
from consent.ledger.guide_lines import GuideLine, PlatformOfGuide
from consent.ledger.headline_words import headline
from consent.ledger.question import Question
from consent.ledger.verdict import (
    answer_of_adults,
    answer_of_use,
    offered_controls,
    verdict,
    ways_of_uses,
)
from consent.ledger.verdict_words import chip_words
from consent.ledger.way_buttons import way_buttons
from consent.models.walks import Walk
from consent.vocabulary import People, Reach, Refuse, StateValue, Surface
from platforms.places import Coverage
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


def guides_of(facts):
    """Stand in for the guides of a platform's controls: one for each that has any."""
    platform = PlatformOfGuide(facts.slug, facts.name, facts.operator, "", ())
    return {
        (control.key, ""): GuideLine(
            *(1, control.key, control.key, platform, control.minutes, "", (), (), (control,)),
            *((Walk(Surface.ANY, None, None),), (1,), False),
        )
        for control in facts.controls
        if control.has_guide
    }


def places_named(facts):
    branches = [branch.where for use in facts.uses for branch in use.branches]
    offers = [offer.where for control in facts.controls for offer in control.offered]
    codes = {
        code for where in (*branches, *offers) for code in (*where.places, *where.except_places)
    }
    return sorted({"DE", "US", "US-CA", "GB", "CA", "BR", "AU"} | codes)


@pytest.mark.parametrize("people", [None, *People])
def test_a_way_out_with_a_guide_that_surely_holds_is_shown_before_what_may_not(platforms, people):
    compared = 0
    for facts in platforms:
        guides = guides_of(facts)
        for place in places_named(facts):
            question = Question(_DAY, place, people)
            answer = verdict(facts, question)
            offered = offered_controls(facts, question)
            sure = [
                f"{guides[way.control.key, ''].get_absolute_url()}#steps"
                for way in answer.ways
                if offered[way.control.key] == Coverage.SURELY
                and way.control.has_guide
                and way.control.refuse != Refuse.LEAVE
                and (answer.people == People.ORGANISATION or not way.control.is_by_admin)
            ]
            for alone in (False, True):
                buttons = way_buttons(facts, answer, guides, first_alone=alone)
                shown = [each.address for each in buttons]
                assert set(shown[: len(sure)]) == set(sure), (facts.slug, place, people)
                compared += len(sure)
    assert compared > 50


@pytest.mark.parametrize(
    ("name", "place", "first", "whom"),
    [
        ("meta-ai", "US", "muse-improve-models-switch", "only for: Muse"),
        ("meta-ai", "", "objection-form", "only: EU, EEA, UK, Brazil, Switzerland, Japan"),
        ("whatsapp", "", "objection-form", "only for: Meta AI chats, only: EU, EEA and UK"),
    ],
)
def test_what_certain_countries_have_is_not_the_first_way_out(platforms, name, place, first, whom):
    facts = next(each for each in platforms if each.slug == name)
    answer = verdict(facts, Question(_DAY, place))
    button, *_ = way_buttons(facts, answer, guides_of(facts))
    assert first in button.address
    assert whom in button.to_whom
    assert "certain countries" not in button.to_whom


@pytest.mark.parametrize(
    ("place", "told"),
    [("", ["only: outside the US, EU", "only: EU, EEA, UK"]), ("DE", ["not confirmed"])],
)
def test_minors_see_the_ways_out_of_their_place_though_only_the_us_names_them(
    platforms, place, told
):
    facts = next(each for each in platforms if each.slug == "tiktok")
    answer = verdict(facts, Question(_DAY, place, People.MINORS))
    buttons = way_buttons(facts, answer, guides_of(facts))
    assert all(words in each.to_whom for words, each in zip(told, buttons, strict=True))
    assert "only: US" not in buttons[0].to_whom


def test_no_minor_loses_what_is_known_of_adults(platforms):
    compared = 0
    for facts in platforms:
        for place in places_named(facts):
            answer = verdict(facts, Question(_DAY, place, People.MINORS))
            adults = verdict(facts, Question(_DAY, place, People.PERSONAL))
            is_known = adults.people == People.PERSONAL and adults.stance != Stance.UNKNOWN
            if answer.nothing_on_record and not answer.inferred_from and is_known:
                beside = answer_of_adults(facts, answer)
                assert beside is not None, (facts.slug, place)
                assert headline(beside) == headline(adults)
                compared += 1
    assert compared > 10
