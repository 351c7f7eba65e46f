"""Answers on the eight example files, with the text that a reader sees."""

import datetime as dt

import pytest
from django.utils import translation

from consent.ledger.answers import Answer, Axis
from consent.ledger.question import Question
from consent.ledger.scope_words import headline, since_words
from consent.ledger.verdict import matrix_row, uses_by_stance, verdict
from consent.ledger.verdict_words import sentence_words, ways_words
from consent.vocabulary import DataKind, People
from tests.consent.ledger.catalog_facts import read
from tests.shared_data import shared_file

pytestmark = pytest.mark.shared

TODAY = dt.date(2026, 11, 25)
NAMES = ("amazon-alexa", "chatgpt", "facebook", "linkedin", "slack", "substack", "whatsapp", "x")


def facts_of(name):
    return read(shared_file(f"examples/format2/{name}.yaml"))


def shown(name, *, day=TODAY, language="en", **asked):
    """The headline, since when, the way out, and the sentences below."""
    facts = facts_of(name)
    answer = verdict(facts, Question(day, **asked))
    with translation.override(language):
        return [
            headline(answer),
            since_words(answer.since) if answer.since else "",
            ways_words(answer),
            *(sentence_words(sentence, facts.operator) for sentence in answer.sentences),
        ]


def test_whatsapp_differs_and_both_sentences_are_printed():
    assert shown("whatsapp") == [
        "It differs (by place and use)",
        "",
        "The way out differs by place",
        "Your personal WhatsApp messages do not train Meta's models",
        "What you send to Meta AI on WhatsApp trains Meta's models, and there is no way out"
        " (outside the EU, EEA and UK)",
        "What you send to Meta AI on WhatsApp trains Meta's models unless you refuse"
        " (EU, EEA and UK)",
    ]


def test_whatsapp_in_one_country_differs_by_use():
    assert shown("whatsapp", place="DE") == [
        "It differs (by use)",
        "",
        "Send the form: Objection form of WhatsApp",
        "Your personal WhatsApp messages do not train Meta's models",
        "What you send to Meta AI on WhatsApp trains Meta's models unless you refuse",
    ]
    assert shown("whatsapp", place="US")[2:] == [
        "Turn on “Incognito Chat” each time, if it is offered to you · 1 minute",
        "Your personal WhatsApp messages do not train Meta's models",
        "What you send to Meta AI on WhatsApp trains Meta's models, and there is no way out",
    ]


GROK_SWITCH = (
    "Turn off “Allow your public data as well as your interactions, inputs, and results with Grok"
    " and xAI to be used for training and fine-tuning” · 2 minutes"
)


def test_x_is_on_worldwide_and_disputed_in_europe_only():
    assert shown("x") == [
        "Yes, unless you opt out",
        "since when differs by place (disputed in some places)",
        GROK_SWITCH,
        "Your public posts and Grok chats train xAI's models unless you refuse"
        " (disputed: EU and EEA)",
    ]
    assert shown("x", place="US") == [
        "Yes, unless you opt out",
        "since 16 July 2024",
        GROK_SWITCH,
        "Your public posts and Grok chats train xAI's models unless you refuse",
    ]
    assert shown("x", place="IE")[1] == "since 20 March 2025 at the latest (disputed)"


def test_x_in_europe_had_no_way_out_before_the_switch():
    assert shown("x", place="FR", day=dt.date(2024, 7, 1)) == [
        "Yes, and there is no way out",
        "since 7 May 2024",
        "",
        "Your public posts and Grok chats train xAI's models, and there is no way out",
    ]
    assert shown("x", place="FR", day=dt.date(2024, 9, 1))[0] == "We do not know"


def test_linkedin_in_germany_turned_on_by_3_november_2025():
    assert shown("linkedin", place="DE", day=dt.date(2025, 11, 2)) == [
        "It differs (by use)",
        "",
        "Send the form: Data processing objection form · 10 minutes",
        "Your profile and posts do not train LinkedIn's generative AI",
        "Your profile and activity train LinkedIn's ranking and safety models unless you ask and"
        " LinkedIn agrees",
    ]
    assert shown("linkedin", place="DE", day=dt.date(2025, 11, 3)) == [
        "Yes, unless you opt out",
        "since 3 November 2025",
        "Turn off “Data for Generative AI Improvement”, and 1 more · 11 minutes",
        "Your profile and posts train LinkedIn's generative AI unless you refuse",
        "Your profile and activity train LinkedIn's ranking and safety models unless you ask and"
        " LinkedIn agrees",
    ]


def test_linkedin_gives_posts_to_microsoft_in_the_uk_alone():
    assert shown("linkedin")[3:] == [
        "Your profile and posts train LinkedIn's generative AI unless you refuse",
        "LinkedIn gives your posts to Microsoft to train its AI unless you refuse (UK)",
        "Your profile and activity train LinkedIn's ranking and safety models unless you ask and"
        " LinkedIn agrees",
    ]


def test_slack_is_about_organisations_and_only_owners_can_act():
    assert shown("slack") == shown("slack", people=People.ORGANISATION)
    assert shown("slack") == [
        "Yes, unless your organisation opts out (organisations)",
        "since September 2023 at the latest",
        "Write to feedback@slack.com · 5 minutes",
        "Your workspace's messages and files train Slack's global models unless your organisation"
        " refuses (workspaces, free and paid)",
    ]
    assert shown("slack", people=People.PERSONAL)[0] == "We do not know: nothing on record"


def test_slack_in_german():
    assert shown("slack", language="de") == [
        "Ja, sofern Ihre Organisation nicht widerspricht (Organisationen)",
        "spätestens seit September 2023",
        "An feedback@slack.com schreiben · 5 Minuten",
        "Your workspace's messages and files train Slack's global models, sofern Ihre Organisation"
        " nicht widerspricht (Workspaces, kostenlose und bezahlte)",
    ]


def test_chatgpt_has_one_use_with_a_switch_not_three_things_that_are_on():
    assert shown("chatgpt") == [
        "Yes, unless you opt out",
        "since 1 March 2023 at the latest",
        "Turn off “Improve the model for everyone” · 1 minute",
        "Your ChatGPT chats and uploads train OpenAI's models unless you refuse (personal plans)",
    ]


def test_chatgpt_answers_each_kind_of_people_by_itself():
    assert shown("chatgpt", people=People.ORGANISATION, plan="API") == [
        "Only if your organisation agrees (organisations on API)",
        "",
        "",
        "Your ChatGPT chats and uploads train OpenAI's models only if your organisation agrees",
    ]
    assert shown("chatgpt", people=People.NO_ACCOUNT)[:3] == [
        "Yes, unless you opt out (people without an account)",
        "since 1 April 2024",
        "Turn off “Improve the model for everyone” on each device · 1 minute",
    ]
    assert shown("chatgpt", people=People.MINORS)[0] == "We do not know: nothing on record (minors)"
    assert shown("chatgpt", people=People.CREATORS)[0] == "Yes, unless you opt out (creators)"


def test_alexa_counts_its_recordings_once_and_not_their_storage():
    assert shown("amazon-alexa") == [
        "Yes, unless you opt out",
        "since when differs by place",
        "Turn off: Use of voice recordings · 2 minutes",
        "Amazon trains on your Alexa recordings and has people listen to some unless you refuse",
    ]
    assert shown("amazon-alexa", place="US")[1] == "since 15 December 2023 at the latest"
    assert shown("amazon-alexa", place="DE")[1] == "start not known"


def test_substack_asks_its_writers_to_turn_a_switch_on():
    assert shown("substack") == [
        "Yes, unless you opt out (creators)",
        "since October 2023 at the latest",
        "Turn on “Block AI training” · 1 minute",
        "Substack leaves your posts open to AI training by others unless you refuse"
        " (owners of a publication)",
    ]


def test_facebook_has_no_way_out_in_the_us_and_two_forms_in_germany():
    assert shown("facebook", place="US") == [
        "Yes, and there is no way out",
        "since 15 June 2023 at the latest",
        "",
        "Your public posts and Meta AI chats train Meta's models, and there is no way out",
    ]
    assert shown("facebook", place="DE")[:3] == [
        "Yes, unless you opt out",
        "since 27 May 2025",
        "Send “Object to your information being used for AI at Meta”, and 1 more · 15 minutes",
    ]
    assert shown("facebook", people=People.MINORS)[:1] == ["No (minors)"]
    assert shown("facebook", people=People.NO_ACCOUNT)[0] == (
        "Yes, unless you ask and Meta Platforms agrees (people without an account)"
    )


def test_uses_count_once_by_answer_and_only_those_for_training():
    found = uses_by_stance(map(facts_of, NAMES), Question(TODAY, "DE"))
    assert {answer: [use.key for _, use in uses] for answer, uses in found.items() if uses} == {
        Answer.YES_UNLESS_REFUSED: [
            "recordings-training",
            "chat-training",
            "ai-training",
            "third-party-information",
            "generative-ai",
            "non-content-models",
            "global-models",
            "open-to-training",
            "meta-ai-messages",
            "grok-training",
        ],
        Answer.ONLY_IF_AGREED: ["atlas-browsing-training", "generative-ai"],
        Answer.NO: ["personal-message-training"],
        Answer.UNKNOWN: ["collaborator-training"],
    }


def test_the_matrix_answers_for_each_kind_of_data():
    facts = facts_of("whatsapp")
    row = matrix_row(facts, facts.uses, Question(TODAY, "US"))
    assert {kind: cell.answer for kind, cell in row.items()} == {
        DataKind.PRIVATE_MESSAGES: Answer.NO,
        DataKind.CHATS: Answer.YES_NO_WAY_OUT,
    }
    row = matrix_row(facts, facts.uses, Question(TODAY))
    assert row[DataKind.CHATS].differs_by == (Axis.PLACE,)
    with translation.override("en"):
        assert headline(row[DataKind.CHATS]) == "It differs by place (Meta AI)"
