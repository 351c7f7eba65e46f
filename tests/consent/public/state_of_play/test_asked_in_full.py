"""What careful readers ask in whole sentences: each thing is told, and once."""

import pytest
from bs4 import BeautifulSoup

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("whole_catalog"),
    pytest.mark.few_cases,
]


def card(client, question, prefix="", name=""):
    response = client.get(f"{prefix}/answers", {"q": question}, follow=True)
    assert response.status_code == 200
    found = BeautifulSoup(response.text, "lxml").select(".box-line")
    return next(each for each in found if not name or each.select_one(".box-name").text == name)


def said(part):
    return " ".join(part.text.split())


def test_a_company_that_was_renamed_has_the_name_of_each_day(client):
    told = said(card(client, "Who is behind Zoom's AI training on 31 December 2023 and today?"))
    then, _today, now = told.partition(" Today ")
    assert "Who runs Zoom: Zoom Video Communications" in then
    assert "Who runs Zoom: Zoom Communications" in now


def test_what_terms_said_on_a_past_day_is_told_once(client):
    told = said(
        card(
            client,
            "Did Zoom train on calls on 31 December 2023? What did it say on 8 August 2023?",
        )
    )
    assert told.count("Section 10.4 said") == 1


EDITOR = (
    "An editor here: did X announce Grok training, who provides it today and in July 2024,"
    " since when, and can people delete their Grok chats?"
)


def test_the_newest_announcement_and_those_that_widened_training_are_told(client):
    shown = card(client, EDITOR, name="X")
    for fold in shown.select("details"):
        fold.decompose()
    (announced,) = [each for each in shown.select(".box-first") if "Announced" in each.text]
    assert [link.text for link in announced.select("a")] == [
        "Privacy policy, 30 August 2023 at the latest, for 29 September 2023",
        "Terms, 16 October 2024, for 15 November 2024",
        "Terms, 17 December 2025 at the latest, for 15 January 2026",
    ]
    page = client.get(announced.select("a")[-1]["href"]).content.decode()
    assert "X terms treat prompts and AI outputs as user content" in page


def test_a_state_that_sources_contradict_is_said_to_be_disputed(client):
    shown = card(client, EDITOR, name="X")
    assert "no way out (disputed)" in said(shown.select_one(".box-day"))


def test_nobody_was_asked_where_only_the_way_out_is_disputed(client):
    told = said(card(client, "Was anybody asked before X trained Grok on posts on 1 July 2024?"))
    assert "Nobody was asked; it was on from the start." in told
    told = said(card(client, "I live in Lisbon: was I asked before X trained Grok on my posts?"))
    assert "Nobody was asked when it began (7 May 2024)." in told


@pytest.mark.parametrize(
    ("prefix", "named"),
    [
        ("", "; elsewhere (EU and EEA) later"),
        ("/de", "; anderswo (EU und EWR) später"),
        ("/fr", " ; ailleurs (UE et EEE) plus tard"),
    ],
)
def test_where_it_began_later_is_named(client, prefix, named):
    assert named in said(card(client, "X", prefix))


@pytest.mark.parametrize(
    ("prefix", "question", "told"),
    [
        (
            "",
            "Administrator of Google Workspace for a company of 60 in Austria: does Gemini train on"
            " our mail and files, who can set what?",
            "Turn off: Workspace Intelligence data sources · Workspace Intelligence: on by default"
            " since 22 April 2026",
        ),
        (
            "/de",
            "Administrator von Google Workspace für eine Firma in Österreich: Trainiert Gemini mit"
            " unseren Mails, wer kann was einstellen?",
            "Ausschalten: Datenquellen von Workspace Intelligence · Workspace Intelligence:"
            " standardmäßig an seit 22. April 2026",
        ),
        (
            "/fr",
            "Administratrice de Google Workspace en Autriche : Gemini s’entraîne-t-il avec nos"
            " mails, qui peut régler quoi ?",
            "Désactiver : Sources de données de Workspace Intelligence · Workspace Intelligence :"
            " activé par défaut depuis le 22 avril 2026",
        ),
    ],
)
def test_who_can_set_what_is_told_open_with_its_default(client, prefix, question, told):
    shown = card(client, question, prefix, name="Gmail & Google Workspace")
    for fold in shown.select("details"):
        fold.decompose()
    assert told in said(shown)


def test_each_switch_says_its_default_though_another_has_the_same(client):
    question = "Google Workspace of our company of 60 in Austria: who can set what about Gemini?"
    told = said(card(client, question, name="Gmail & Google Workspace"))
    assert "other Google products (off by default since 25 January 2022)" in told
    assert "Gmail, Chat, and Meet (off by default since 25 January 2022)" in told


@pytest.mark.parametrize(
    ("prefix", "question"),
    [
        ("", "Ana, Lisbon, X, only the app"),
        ("", "I am Ana in Lisbon and use X only in the app on this phone: how do I stop it?"),
        ("/de", "Ich nutze X nur in der App: Wie widerspreche ich dem Training?"),
        ("/fr", "J’utilise X seulement dans l’application : comment refuser ?"),
    ],
)
def test_who_has_the_app_alone_is_led_to_the_steps_for_the_app(client, prefix, question):
    button = card(client, question, prefix, name="X").select_one(".box-way .button")
    address, _, part = button["href"].partition("#")
    assert part in ("ios", "android")
    guide = BeautifulSoup(client.get(address).text, "lxml")
    assert "Settings and support" in guide.select_one(f"#{part}").text


def test_the_disputes_of_each_time_are_told_beside_the_starts(client):
    told = said(card(client, "Since when does X train Grok on posts?", name="X"))
    assert "Disputed · Grok: Said of public posts" in told
    assert "Disputed · Grok (EU and EEA): By the Swiss regulator" in told


@pytest.mark.parametrize(
    ("prefix", "asked", "told"),
    [
        (
            *("", "If I delete my Grok conversations, are they really gone?"),
            "Deleting: Whether it reaches what was already used for training is not said.",
        ),
        (
            *("/de", "Sind gelöschte Grok-Unterhaltungen wirklich weg?"),
            "Löschen: Ob es für das gilt, was bereits zum Training genutzt wurde, wird nicht",
        ),
    ],
)
def test_of_what_is_deleted_it_is_said_what_becomes_of_training_that_has_been(
    client, prefix, asked, told
):
    shown = card(client, asked, prefix)
    for folded in shown.select("details"):
        folded.decompose()
    assert said(shown).count(told) == 1
