"""To whom ways out are offered: labels on small facts, and over the whole catalog."""

import datetime as dt
import re
from pathlib import Path

import pytest
import yaml
from django.utils import translation

from consent.ledger.offers import offer_words, offers_on
from consent.ledger.platform_facts import OfferFacts, PlatformFacts
from consent.ledger.question import Question
from consent.ledger.verdict import offered_controls
from consent.vocabulary import People
from platforms.places import Coverage, Where
from tests.consent.ledger.catalog_facts import read, whole_catalog
from tests.consent.ledger.test_verdict import NO_WAY_OUT, UNCLEAR, UNLESS, branch, control, use

pytestmark = pytest.mark.xdist_group("catalog facts")
CATALOG = Path(__file__).parents[3] / "platforms" / "catalog"
TODAY = dt.date(2026, 11, 25)
YESTERDAY, TOMORROW = TODAY - dt.timedelta(days=1), TODAY + dt.timedelta(days=1)
ORGANISATION, NO_ACCOUNT = (People.ORGANISATION,), (People.NO_ACCOUNT,)
EUROPE, GERMANY = Where(("EU", "GB")), Where(("DE",))
LANGUAGES = ("en", "de", "fr")
ENDED = {"en": "ended on", "de": "beendet am", "fr": "supprimé le"}
#: Ways out that were called "no longer offered" while they are offered to others.
OFFERED_TO_OTHERS = {
    ("chatgpt", "signed-out-switch"): "for people without an account",
    ("roblox", "default-sharing-switch"): "for creators",
    ("roblox", "item-sharing-switch"): "for creators",
    ("grammarly", "product-improvement-switch-team"): "for organisations",
    ("zoom", "ai-companion-features"): "only with Pro and Business",
    ("gmail-workspace", "smart-features-admin-default"): "for organisations",
    ("gmail-workspace", "workspace-intelligence-sources"): "for organisations",
    ("warp", "team-collection"): "for organisations",
    ("le-chat", "team-switch"): "for organisations on Team",
    ("cohere", "allow-prompts"): "for organisations on Cohere platform",
    ("cohere", "allow-finetune"): "for organisations on Cohere platform",
    ("elevenlabs", "zero-retention-mode"): "for organisations on Enterprise",
    ("lovable", "data-collection-opt-out"): "for organisations on Business and Enterprise",
    ("windsurf", "team-opt-out"): "for organisations on Teams",
    ("amazon-q-developer", "q-organizations-policy"): "for organisations",
    ("instagram", "sharing-and-reuse-switch"): "only: US",
}


REFUSABLE = use("chats", UNLESS)


def label(*offers, uses=(REFUSABLE,), day=TODAY, **asked):
    switch = control("switch", "chats", offered=tuple(offers))
    facts = PlatformFacts("p", "P", "Operator", tuple(uses), (switch,))
    return offer_words(offers_on(facts, Question(day, **asked))["switch"])


@pytest.mark.parametrize(
    ("offers", "asked", "expected"),
    [
        ([OfferFacts()], {}, ""),
        ([OfferFacts(people=ORGANISATION)], {}, "for organisations"),
        ([OfferFacts(people=ORGANISATION)], {"place": "DE"}, "for organisations"),
        ([OfferFacts(people=ORGANISATION)], {"people": People.ORGANISATION}, ""),
        ([OfferFacts(people=NO_ACCOUNT)], {}, "for people without an account"),
        ([OfferFacts(people=ORGANISATION, plans=("Team",))], {}, "for organisations on Team"),
        ([OfferFacts(plans=("Pro",))], {}, "only with Pro"),
        (
            [OfferFacts(people=ORGANISATION, who="organisations with Labs")],
            {"people": People.ORGANISATION},
            "only for: organisations with Labs",
        ),
        ([OfferFacts(EUROPE)], {}, "only: EU and UK"),
        ([OfferFacts(EUROPE)], {"place": "US"}, "only: EU and UK"),
        ([OfferFacts(EUROPE)], {"place": "DE"}, ""),
        ([OfferFacts(EUROPE, ORGANISATION)], {}, "for organisations, only: EU and UK"),
        ([OfferFacts(until=TODAY)], {}, "ended on 25 November 2026"),
        ([OfferFacts(until=TODAY)], {"place": "US"}, "ended on 25 November 2026"),
        ([OfferFacts(until=TOMORROW)], {}, ""),
        ([OfferFacts(since=TOMORROW)], {}, "not offered yet"),
        ([OfferFacts(until=YESTERDAY), OfferFacts(people=ORGANISATION)], {}, "for organisations"),
        ([OfferFacts(until=YESTERDAY), OfferFacts(since=TOMORROW)], {}, "not offered yet"),
    ],
)
def test_a_way_out_says_whom_it_is_for(offers, asked, expected):
    assert label(*offers, **asked) == expected


@pytest.mark.parametrize(
    ("branches", "expected"),
    [
        ([branch(UNCLEAR)], "not known where it is offered"),
        ([branch(NO_WAY_OUT)], "not known where it is offered"),
        ([branch(NO_WAY_OUT), branch(UNLESS, people=(People.CREATORS,))], "for creators"),
        ([branch(NO_WAY_OUT), branch(UNLESS, where=GERMANY)], "only: Germany"),
    ],
)
def test_one_without_terms_is_for_those_whose_use_can_be_refused(branches, expected):
    assert label(uses=[use("chats", *branches)]) == expected


@pytest.fixture(scope="module")
def platforms():
    return whole_catalog()


def test_the_ways_out_of_the_catalog_are_called_ended_only_after_an_end(platforms):
    ended = 0
    for facts in platforms:
        for people in (None, *People):
            for place in ("", "DE", "US", "GB"):
                offers = offers_on(facts, Question(TODAY, place, people))
                for each in facts.controls:
                    has_ended = bool(each.offered) and all(
                        offer.until and offer.until <= TODAY for offer in each.offered
                    )
                    for language in LANGUAGES:
                        with translation.override(language):
                            words = offer_words(offers[each.key])
                        says_so = ENDED[language] in words
                        assert says_so == has_ended, (facts.slug, each.key, people, place, words)
                        ended += has_ended
    assert ended


def test_ways_out_offered_to_others_say_to_whom(platforms):
    shown = {
        (facts.slug, key): offer_words(offered)
        for facts in platforms
        for key, offered in offers_on(facts, Question(TODAY)).items()
    }
    assert {key: shown[key] for key in OFFERED_TO_OTHERS} == OFFERED_TO_OTHERS


#: Effects of an entry that closes an offer: the way out went, or another took its place.
CLOSING = {
    "opt-out-removed",
    "opt-out-changed",
    "withdrawn",
    "use-removed",
    "paused",
    "default-off",
}
#: Of these the sources only say what came after.
SAID_OTHERWISE = {
    "chatgpt/opt-out-form-2023",
    "le-chat/general-objection",
    "le-chat/objection-email",
    "le-chat/support-chatbot-request",
}


def test_an_end_of_an_offer_rests_on_an_entry_with_a_source_that_says_so():
    files = {
        path.stem: yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
        for path in sorted(CATALOG.glob("[a-z]*.yaml"))
    }
    entries = {each["key"]: each for file in files.values() for each in file.get("entries", ())}
    ends = [
        (f"{slug}/{control['slug']}", entries.get(offer.get("closed_by"), {}))
        for slug, file in files.items()
        for control in file.get("controls", ())
        for offer in control.get("offered", ())
        if "until" in offer
    ]
    assert len(ends) > 15
    unproven = {
        control
        for control, entry in ends
        if not entry.get("sources") or CLOSING.isdisjoint(entry["effects"])
    }
    assert unproven <= SAID_OTHERWISE


@pytest.mark.parametrize(("place", "name"), [("GB", "UK")])
def test_a_guide_for_people_in_europe_names_where_else_in_it_the_way_out_is_offered(place, name):
    named_otherwise = []
    for path in sorted(CATALOG.glob("[a-z]*.yaml")):
        guides = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader).get(
            "guides", ()
        )
        limited = [guide for guide in guides if re.search(r"\bE(U|EA)\b", guide.get("who", ""))]
        if not limited:
            continue
        offered = offered_controls(read(path), Question(dt.date(2026, 11, 30), place))
        for guide in limited:
            is_offered = Coverage.SURELY in map(offered.get, guide["controls"])
            if is_offered and not re.search(rf"\b{name}\b", guide["who"]):
                named_otherwise.append(guide["slug"])
    assert named_otherwise == []
