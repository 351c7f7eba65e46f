"""The words of answers of the catalog can be read at once and do not contradict themselves."""

import datetime as dt
import re
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from django.utils import translation

from consent.ledger.answers import Word
from consent.ledger.headline_words import (
    doubts,
    headline,
    on_whose_word,
    short_words,
    since_told,
    since_words,
)
from consent.ledger.question import Question
from consent.ledger.verdict import elsewhere, short_answer, verdict
from consent.ledger.verdict_words import (
    Titles,
    kind_labels,
    note_beside,
    sentence_words,
    ways_html,
    ways_words,
)
from consent.ledger.way_buttons import way_buttons
from consent.vocabulary import People, StateValue
from platforms.places import Where
from tests.consent.ledger.catalog_facts import read, whole_catalog

pytestmark = pytest.mark.xdist_group("catalog facts")
_CATALOG = Path(__file__).parents[3] / "platforms" / "catalog"
_DAY = dt.date(2026, 11, 25)


def test_a_title_within_a_sentence_begins_with_a_capital_only_if_that_is_a_name():
    catalog = whole_catalog()
    names = " ".join(
        part for facts in catalog for part in (facts.name, facts.operator, *facts.parts)
    )
    names = {*re.findall(r"[\w.-]+", names), *re.findall(r"[\w-]+", names)}
    capital = set()
    for facts in catalog:
        for use in facts.uses:
            begun = Titles(use.title, use.title_if_not, is_english=True).begun_small
            word = re.sub(r"(['’]s?|,)$", "", begun.partition(" ")[0])
            if word[0].isupper() and not word.isupper() and word not in names:
                capital.add(word)
    assert capital == set()


def answered(name, place="", people=None, plan=""):
    return verdict(read(_CATALOG / f"{name}.yaml"), Question(_DAY, place, people, plan))


def test_a_headline_names_each_plan_once():
    assert headline(answered("deepl")) == (
        "Depends on your plan, as reported: yes on DeepL Free, no on DeepL Pro"
    )


def test_leaving_is_no_way_to_refuse_where_people_can_object():
    answer = answered("midjourney", "DE")

    assert headline(answer) == "Yes, unless Midjourney accepts your objection"
    assert answer.ways[0].control.key == "objection"


@pytest.mark.parametrize(
    ("name", "people", "plan", "whole", "short"),
    [
        (
            *("gemini-api", None, "Paid Services"),
            "No for prompts, only if you agree for logs that you share (personal, Paid Services)",
            "No; in part only if you agree",
        ),
        (
            *("microsoft-365", None, ""),
            "No for documents, only if you agree for diagnostic data, as reported",
            "No; in part only if you agree",
        ),
        (
            *("microsoft-copilot", People.ORGANISATION, ""),
            "No; in part only if your organisation agrees, as reported (organisations)",
            "No; in part only if you agree",
        ),
    ],
)
def test_what_is_off_comes_before_a_part_that_needs_agreement(name, people, plan, whole, short):
    answer = answered(name, people=people, plan=plan)
    assert (headline(answer), short_words(answer)) == (whole, short)


@pytest.mark.parametrize("place", ["", "DE"])
def test_lists_say_what_a_page_says_of_a_part_that_needs_agreement(place):
    facts = read(_CATALOG / "samsung.yaml")
    question = Question(_DAY, place, None, "")
    assert short_words(short_answer(facts, question)) == short_words(verdict(facts, question))


@pytest.fixture(scope="module")
def verdicts():
    return {facts.slug: verdict(facts, Question(_DAY, "", None, "")) for facts in whole_catalog()}


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "You cannot refuse, only stay away. Do without"),
        ("de", "Sie können nicht widersprechen, nur fernbleiben. Auf"),
    ],
)
def test_staying_away_is_no_way_to_refuse(language, words):
    with translation.override(language):
        poe = answered("poe", "US")
        assert ways_words(poe).startswith(words)
        assert words.rpartition(".")[0] in ways_html(poe)


def test_an_answer_that_depends_on_the_use_names_the_uses_where_there_is_room():
    assert headline(answered("whatsapp", "US")) == (
        "Yes without a way out for Meta AI chats, as reported; no for personal messages, Meta says"
    )
    assert headline(answered("whatsapp")) == (
        "Yes for Meta AI chats except in some countries, as reported; no for personal messages"
    )
    assert headline(answered("gmail-workspace")) == (
        "No for Gemini models; for Gmail's smart features it depends on the country, as reported"
    )
    on_plan = answered("gmail-workspace", people=People.ORGANISATION, plan="Google Workspace")
    assert headline(on_plan) == (
        "Only if your organisation agrees, according to Google (Google Workspace)"
    )
    copilot = headline(answered("github-copilot", people=People.ORGANISATION))
    assert copilot.startswith("Yes without a way out for public repositories, otherwise no")
    adobe = headline(answered("adobe", people=People.CREATORS))
    assert adobe.startswith("Yes for content analysis and Adobe Stock images, no for generative AI")


def test_an_answer_names_the_group_that_it_is_limited_to_in_full_where_there_is_room():
    business = answered("grammarly", people=People.ORGANISATION, plan="Business")
    assert headline(business) == (
        "Only if your organisation agrees, Superhuman says (Business, under a Business Agreement)"
    )
    minors = answered("honkai-star-rail", people=People.MINORS)
    assert headline(minors) == (
        "Depends on your country: elsewhere yes, in the US no for some (minors)"
    )
    (_elsewhere, in_the_us) = minors.parts
    assert in_the_us.groups == ("people identified as children under US law, under 13",)


def test_a_part_of_an_answer_is_not_told_as_if_it_held_for_more_than_its_group():
    grammarly = headline(answered("grammarly", people=People.ORGANISATION))
    assert grammarly == (
        "Yes on Pro, disputed; otherwise only if your organisation agrees for some (organisations)"
    )


def test_no_two_sentences_below_an_answer_say_the_same():
    twice = [
        (facts.slug, people, words)
        for facts in whole_catalog()
        for people in (None, *People)
        for words, count in Counter(
            sentence_words(each)
            for each in verdict(facts, Question(_DAY, "", people, "")).sentences
        ).items()
        if count > 1
    ]
    assert not twice


@pytest.mark.parametrize(
    ("platform", "words"),
    [
        (
            "roblox",
            "In some countries only if you agree for voice chat, otherwise not known (minors)",
        ),
        (
            "gemini",
            "Only if you agree for chats and uploads, as reported; rest not known"
            " (minors, disputed)",
        ),
        (
            "samsung",
            "No for Galaxy AI, only if you agree for health data, as reported"
            " (inferred for minors)",
        ),
    ],
)
def test_what_is_known_for_minors_is_said_with_for_what(platform, words):
    assert headline(answered(platform, people=People.MINORS)) == words


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("de", "Chats und Uploads nur mit Zustimmung, laut Berichten; Rest offen"),
        ("fr", "Sur accord pour échanges et fichiers, selon des tiers\u202f; reste inconnu"),
    ],
)
def test_every_language_names_for_what_something_is_known_for_minors(language, words):
    with translation.override(language):
        assert headline(answered("gemini", people=People.MINORS)).startswith(f"{words} (")


def test_nothing_is_said_of_adults_where_only_organisations_are_on_record():
    slack = headline(answered("slack", people=People.MINORS))
    assert slack == "We do not know: nothing on record for minors"


def test_a_way_that_opens_at_times_is_a_way_out_of_a_part():
    assert headline(answered("udemy")) == (
        "Yes, as reported; you can opt out of some of it (creators)"
    )


def test_a_switch_is_a_way_to_refuse():
    assert ways_words(answered("x")).startswith("Turn off")


def test_limits_that_are_lists_are_kept_apart():
    sentence = answered("x").sentences[0]
    limited = replace(sentence, wheres=(Where(("US", "BR", "JP")),), who="artists")
    assert "(US, Brazil and Japan; artists; disputed: " in sentence_words(limited)


def test_a_sentence_names_no_long_list_of_places_left_out():
    sentences = [sentence_words(each) for each in answered("microsoft-copilot").sentences]
    assert any("certain other countries" in each for each in sentences), sentences
    assert all(len(each.partition("; disputed")[0]) < 170 for each in sentences), sentences


def test_no_sentence_names_a_switch_before_what_happens(verdicts):
    refusable = [
        (name, sentence.use.title)
        for name, each in verdicts.items()
        for sentence in each.sentences
        if sentence.value == StateValue.UNLESS_REFUSED
    ]
    assert len(refusable) > 50
    # "… a ban … unless you refuse" would mean that refusing ends the ban.
    backwards = [title for _name, title in refusable if " ban " in title]
    assert backwards == []


@pytest.mark.parametrize("name", ["suno", "poe"])
def test_no_text_of_a_platform_denies_the_way_that_it_names(name):
    text = (_CATALOG / f"{name}.yaml").read_text(encoding="utf-8")
    assert "no way out;" not in text
    assert "no opt-out was found" not in text


def test_a_no_that_others_report_is_said_on_the_word_of_the_operator():
    assert headline(answered("gmail-workspace")) == (
        "No for Gemini models; for Gmail's smart features it depends on the country, as reported"
    )
    assert on_whose_word(answered("gmail-workspace")) == "Reported by others"


def test_a_maker_by_the_name_of_its_product_is_no_reporter():
    for name, asked in (("airtable", {}), ("z-ai", {}), ("fathom", {"plan": "Free"})):
        answer = answered(name, people=People.PERSONAL, **asked)
        assert answer.word == Word.REPORTED
        assert on_whose_word(answer) == "Reported by others", name
        assert doubts(answer)[0] == "Reported by others", name
        assert "reported by" not in headline(answer), name
        facts = next(facts for facts in whole_catalog() if facts.slug == name)
        question = Question(answer.day, people=People.PERSONAL, **asked)
        assert doubts(short_answer(facts, question)) == doubts(answer), name


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", "as reported by the Swiss data protection authority"),
        ("de", "Ja, laut Berichten, sofern Sie nicht widersprechen (strittig)"),
        ("fr", "Oui, selon des tiers, sauf si vous refusez (contesté)"),
    ],
)
def test_a_headline_spells_an_authority_out(language, expected):
    with translation.override(language):
        said = headline(answered("x", place="DE"))
    assert expected in said
    assert "FDPIC" not in said


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["Minors, as reported: no for generative AI,", "; adults: yes"]),
        ("de", ["Minderjährige, laut Berichten: generative KI nein,", "; Erwachsene: ja"]),
        ("fr", ["Mineurs, selon des tiers : non pour", " ; adultes : oui"]),
    ],
)
def test_what_holds_for_adults_is_no_part_of_what_is_said_of_minors(language, words):
    minors, adults = words
    with translation.override(language):
        said = headline(answered("linkedin", people=People.MINORS))
    said = said.replace("\u202f", " ").replace("\xa0", " ")
    assert said.startswith(minors)
    assert said.endswith(adults)


def test_a_way_out_of_one_country_alone_is_named_with_that_country():
    answer = answered("tiktok", people=People.MINORS)
    assert ways_words(answer).endswith("(only: US)")
    assert ways_html(answer).endswith("(only: US)")


def test_a_way_out_of_a_part_alone_is_named_with_that_part():
    assert "models” (only for: Muse), and 1 more" in ways_words(answered("meta-ai", "US"))


@pytest.mark.parametrize("name", ["facebook", "instagram"])
@pytest.mark.parametrize(
    ("language", "adults"),
    [("en", "adults: yes"), ("de", "Erwachsene: ja"), ("fr", "adultes\xa0: oui")],
)
def test_adults_in_brazil_have_room_beside_minors(name, language, adults):
    with translation.override(language):
        said = headline(answered(name, "BR", People.MINORS))
    assert said.endswith(adults)


def test_no_headline_has_an_abbreviation_of_an_authority_in_it():
    for facts in whole_catalog():
        for place in ("", "DE", "CH", "BR", "CA", "HK"):
            for people in (None, *People):
                said = headline(verdict(facts, Question(_DAY, place, people)))
                assert not re.search(r"\b(?:ANPD|FDPIC|PCPD|DPC|ICO|FTC)\b", said), said


def test_a_switch_of_a_part_about_which_nothing_is_clear_does_not_turn_training_off():
    answer = answered("chatgpt", people=People.PERSONAL, plan="Teachers")
    facts = next(facts for facts in whole_catalog() if facts.slug == "chatgpt")
    (button, *_) = way_buttons(facts, answer, {})
    assert (button.act, button.to_whom) == ("Refuse anyway", "only for: Codex environments")


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "en",
            "said since 28 October 2019; for other uses later,"
            " last on 18 September 2026 at the latest",
        ),
        (
            "de",
            "so erklärt seit 28. Oktober 2019; für andere Nutzungen später,"
            " zuletzt spätestens am 18. September 2026",
        ),
        (
            "fr",
            "affirmé depuis le 28 octobre 2019\u202f; pour d’autres usages plus tard,"
            " en dernier lieu le 18 septembre 2026 au plus tard",
        ),
    ],
)
def test_what_began_later_for_other_uses_did_not_begin_later_elsewhere(language, words):
    with translation.override(language):
        assert since_words(answered("apple-siri", "").since) == words


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "said since 15 May 2023, for all uses together"),
        ("de", "so erklärt seit 15. Mai 2023, für alle Nutzungen zusammen"),
        ("fr", "affirmé depuis le 15 mai 2023, pour tous les usages réunis"),
    ],
)
def test_a_start_of_several_uses_says_so_where_one_of_them_began_earlier(language, words):
    with translation.override(language):
        assert since_words(answered("evernote", "FR").since) == words
        assert words.rpartition(",")[2] not in since_words(answered("x", "US").since)


@pytest.mark.parametrize("place", ["", "US"])
def test_whose_agreement_it_needs_is_the_same_in_all_places(place):
    said = headline(answered("gmail-workspace", place, People.ORGANISATION)).casefold()
    assert "only if your organisation agrees, " in said


@pytest.mark.parametrize(
    ("name", "people", "language", "words"),
    [
        ("ideogram", People.ORGANISATION, "en", "API: said since 30 August 2026 at the latest"),
        ("deepl", None, "en", "DeepL Free: since 2026 at the latest"),
        ("hubspot", None, "en", "All but Sensitive Data: since 14 April 2026 at the latest"),
        ("spotify", None, "de", "USA: spätestens seit 12. Mai 2025"),
        ("google-photos", None, "fr", "L’IA hors de Photos\u00a0: affirmé depuis le 5"),
        ("chatgpt", None, "en", "since 1 March 2023 at the latest"),
    ],
)
def test_the_start_of_an_answer_that_differs_is_said_with_the_part_that_began_then(
    name, people, language, words
):
    with translation.override(language):
        assert since_told(answered(name, people=people)).startswith(words)


def test_what_holds_in_a_place_is_not_said_of_elsewhere():
    differs = elsewhere(answered("gemini-api", "DE"), answered("gemini-api"))
    assert [said.value for said in differs.sentences] == [StateValue.NO_WAY_OUT]


def test_within_the_places_of_a_part_nothing_is_said_to_be_elsewhere():
    words = since_told(answered("xai-grok"))
    assert words.startswith("Outside the EU, EEA and UK: since 5 September 2024")
    assert "elsewhere" not in words


@pytest.mark.parametrize(
    ("name", "kinds"),
    [
        ("bandcamp", ["music"]),
        ("soundcloud", ["music", "voice", "images and video"]),
        ("duolingo", ["voice"]),
    ],
)
def test_recordings_are_music_where_the_record_calls_them_so(name, kinds):
    lead = answered(name).lead
    assert kind_labels([lead], lead.data_kinds) == kinds


def test_what_is_offered_no_more_is_said_with_what_stays_open():
    told = note_beside(answered("character-ai", people=People.MINORS))
    assert told.startswith("Open-ended chats only; stories, videos and characters stay open")
    assert note_beside(answered("bumble", people=People.MINORS)) == ""


def test_what_the_record_says_of_minors_or_a_plan_alone_stands_beside_their_answer():
    told = note_beside(answered("chatgpt", people=People.MINORS))
    assert told.endswith("We found no source that says whether teens can do so themselves.")
    assert note_beside(answered("chatgpt", people=People.PERSONAL)) == ""
    for place in ("DE", "US"):
        told = note_beside(answered("gemini-api", place, People.PERSONAL, "Unpaid Services"))
        assert "must use paid services" in told


def test_whose_company_was_followed_by_another_is_named_with_that_one():
    assert on_whose_word(answered("xai-grok")) == "Stated by xAI (later SpaceXAI)"
    assert on_whose_word(answered("zoom")) == "Stated by Zoom"
