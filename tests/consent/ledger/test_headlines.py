"""Headlines of all answers of the catalog: short, and never two answers in the same words."""

import datetime as dt
import re
from collections import defaultdict

import pytest
from django.utils import translation
from django.utils.translation import gettext

from consent.ledger.answers import Stance
from consent.ledger.headline_words import (
    MOST_IN_HEADLINE,
    MOST_IN_SHORT,
    headline,
    operator_in_brief,
    short_words,
    since_words,
)
from consent.ledger.place_words import is_in_page_language
from consent.ledger.question import Question, plans_of
from consent.ledger.verdict import verdict
from consent.vocabulary import People
from consent.web.date_words import format_date
from tests.consent.ledger.catalog_facts import whole_catalog
from tests.sweeps import some

pytestmark = pytest.mark.xdist_group("catalog facts")

pytestmark = pytest.mark.xdist_group("headlines")  # whose answers are worked out once

_DAY = dt.date(2026, 11, 25)
LANGUAGES = ("en", "de", "fr")
PLACES = ("", "DE", "US", "GB")


@pytest.fixture(scope="module")
def verdicts():
    found = []
    for facts in some(whole_catalog(), 60):
        for people in (None, *People):
            for place in PLACES:
                plans = ("", *plans_of(facts, people)) if people or place == "" else ("",)
                found += [verdict(facts, Question(_DAY, place, people, plan)) for plan in plans]
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_headlines_and_short_forms_are_short(verdicts, language):
    with translation.override(language):
        headlines = {headline(each) for each in verdicts}
        shorts = {short_words(each) for each in verdicts}
    assert sorted(each for each in headlines if len(each) > MOST_IN_HEADLINE) == []
    assert sorted(each for each in shorts if len(each) > MOST_IN_SHORT) == []
    assert len(headlines) > 100


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_headline_names_a_group_in_the_language_of_its_page(verdicts, language):
    with translation.override(language):
        lacking = {each.who for each in verdicts if not is_in_page_language(each.who)}
    assert lacking == set(), "add them to platforms/catalog/_words.de.toml and _words.fr.toml"


def test_a_date_in_french_has_one_article(verdicts):
    with translation.override("fr"):
        starts = {since_words(each.since) for each in verdicts if each.since}
        day = format_date(dt.date(2026, 5, 3))
        ends = gettext("ended on %(date)s") % {"date": day}
        shown = gettext("first shown here %(day)s") % {"day": day}
    wrong = re.compile(r"\ble le\b|\ble [a-zû]+ \d{4}|\ble \d{4}")
    assert sorted(each for each in {*starts, ends, shown} if wrong.search(each)) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_two_different_answers_never_share_a_headline(verdicts, language):
    meant = defaultdict(set)
    with translation.override(language):
        for each in verdicts:
            said = headline(each).partition(" (")[0]
            # A part that is told rests on its own word.
            tells_parts = each.stance == Stance.DEPENDS and ":" in said
            word = each.parts[0].word if tells_parts else each.word
            meant[said].add((each.stance, each.way, each.reason, word, each.by_axes))
    assert {said: found for said, found in meant.items() if len(found) > 1} == {}


def test_plans_are_called_other_only_after_the_plans_that_are_named(verdicts):
    headlines = {headline(each) for each in verdicts}
    backwards = [each for each in headlines if re.search(r"other plans[^(]*[,;] \w", each)]
    assert backwards == []
    assert any("on all personal plans but" in each for each in headlines)


def test_what_depends_on_the_use_is_not_called_an_answer_on_a_plan(verdicts):
    headlines = {headline(each) for each in verdicts}
    assert [each for each in headlines if "it depends on the use on" in each] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_headline_with_one_part_of_what_depends_names_one_with_a_yes(verdicts, language):
    with translation.override(language):
        yes, rest = gettext("yes"), gettext("otherwise %(answer)s").partition("%")[0]
        depending = [each for each in verdicts if each.stance == Stance.DEPENDS]
        said = {headline(each).partition(" (")[0]: each for each in depending}
    parts = {words: words.partition(": ")[2] for words in said}
    calm = [
        words
        for words, told in parts.items()
        if told and yes not in told and not re.search(rf"[,;] |{rest}", told)
    ]
    assert calm == []


def test_who_agrees_is_not_said_to_agree_on_a_plan(verdicts):
    headlines = {headline(each) for each in verdicts}
    assert [each for each in headlines if re.search(r"agrees? on (?!all)", each)] == []


@pytest.mark.parametrize(
    ("operator", "brief"),
    [
        ("Meta Platforms, Inc. (in Europe: Meta Platforms Ireland Limited)", "Meta Platforms"),
        ("OpenAI", "OpenAI"),
        ("Jasper AI, Inc.", "Jasper AI"),
        ("Mistral AI SAS", "Mistral AI"),
        ("SoundCloud Global Limited & Co. KG", "SoundCloud Global"),
        ("Viber Media S.à r.l.", "Viber Media"),
        ("Bolt Operations OÜ", "Bolt Operations"),
        ("fal - Features & Labels, Inc.", "fal"),
        ("Beijing Some Very Long Name Technology Company", "Doubao"),
    ],
)
def test_an_operator_is_named_without_its_legal_form(operator, brief):
    assert operator_in_brief(operator, "Doubao") == brief
