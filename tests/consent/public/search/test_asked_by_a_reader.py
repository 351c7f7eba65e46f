"""Questions in a reader's own words: fines, rumours, work against free, accounts of schools."""

import pytest
from bs4 import BeautifulSoup

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("whole_catalog")]


def page(client, question, address="/answers", **more):
    response = client.get(address, {"q": question, **more}, follow=True)
    assert response.status_code == 200
    return BeautifulSoup(response.text, "lxml").select_one("main")


def headings(main):
    return [heading["id"] for heading in main.select("h2[id]")]


@pytest.mark.parametrize(
    "question",
    [
        "free chatgpt vs the company version my employer pays for, same for claude",
        "kostenloses ChatGPT oder die Firmenversion, dasselbe bei Claude",
        "chatgpt gratuit ou la version entreprise, et claude",
    ],
)
def test_free_is_weighed_against_work_for_each_service(client, question):
    main = page(client, question)
    assert [name.text for name in main.select(".box-name")] == ["ChatGPT"] * 2 + ["Claude"] * 2
    answers = [answer.text for answer in main.select(".box-answer")]
    assert "(Free)" in answers[0]
    assert "(Free)" in answers[2]
    assert "organisations" in answers[1]
    assert "organisations" in answers[3]
    (compare,) = [link["href"] for link in main.select("a") if "/compare" in link["href"]]
    columns = BeautifulSoup(client.get(compare).text, "lxml").select("thead th")
    assert [column.text.strip() for column in columns if column.text.strip()] == [
        *("ChatGPT · Free", "ChatGPT · organisations", "Claude · Free", "Claude · organisations"),
    ]


def test_the_work_version_alone_is_weighed_against_free(client):
    main = page(client, "is the work version of claude safer than the free one?")
    free, work = [answer.text for answer in main.select(".box-answer")]
    assert "(Free)" in free
    assert "organisations" in work


@pytest.mark.parametrize(
    "question",
    [
        "my friend posted that thing on facebook saying meta is not allowed to use her photos, "
        "does that work?",
        "does posting that you forbid facebook to use your photos work?",
        "is that copy and paste message on facebook against meta ai legal?",
        "facebook status declaration privacy hoax",
        "Hilft der Kettenbrief auf Facebook gegen Meta?",
        "Hilft ein Statuspost gegen die KI von Meta?",
        "le message à copier-coller sur facebook contre meta, est-ce valable ?",
    ],
)
def test_the_rumour_of_the_forbidding_post_is_answered_by_its_claim_first(client, question):
    main = page(client, question)
    first = main.select_one("#claims, .box-name, #platforms")
    assert first["id"] == "claims"
    assert main.select_one(".hit-title")["href"].startswith("/claims/forbidding-post")


@pytest.mark.parametrize(
    "question",
    [
        "which posting times does facebook prefer",
        "does youtube train on my channel",
        "facebook posts",
        "nutzt facebook mein posting",
        "facebook utilise-t-il mes annonces",
    ],
)
def test_other_questions_about_posts_begin_with_no_claim(client, question):
    main = page(client, question)
    assert main.select_one("#claims, .box-name, #platforms").get("id") != "claims"


@pytest.mark.parametrize(
    ("question", "claim"),
    [
        ("is slack feeding our messages to ai", "slack-trains-on-messages"),
        ("trainiert slack ki mit unseren nachrichten", "slack-trains-on-messages"),
        ("linkedin private messages lawsuit", "linkedin-trained-on-private-messages"),
        ("advanced chat privacy whatsapp needed against ai?", "whatsapp-reads-all-chats"),
        ("chatgpt payant entraîne-t-il", "paying-for-chatgpt-stops-training"),
        ("is the opt out retroactive", "opting-out-takes-back"),
    ],
)
def test_a_claim_is_found_in_other_words_than_its_own(client, question, claim):
    links = [link["href"] for link in page(client, question).select("#claims ~ ul .hit-title")]
    assert any(claim in link for link in links)


@pytest.mark.parametrize(
    "question",
    [
        "has anyone fined meta, x or clearview over ai training",
        "which watchdogs went after meta",
        "wer hat Meta und X bestraft",
        "Bußgeld gegen Clearview",
        "meta, x et clearview condamnés ?",
    ],
)
def test_who_was_fined_is_answered_by_acts(client, question):
    main = page(client, question)
    assert headings(main)[0] == "cases"
    assert len(main.select("section[aria-labelledby=platforms] .hit")) <= 1
    counted = main.select_one(".result-count")
    listed = len(main.select(".act"))
    assert counted.get_text().startswith(f"{listed} of ")  # of acts, not of platforms


def test_all_acts_are_not_followed_by_nothing_found(client):
    main = page(client, "regulators meta x clearview", "/search", acts="all")
    assert len(main.select("section[aria-labelledby=cases] article.row")) > 8
    assert "Nothing found" not in main.text
    assert "Request this platform" not in main.text
    assert main.select_one(".box-examples") is None


@pytest.mark.parametrize(
    "question",
    [
        "my students use chatgpt and gemini with their school logins",
        "chatgpt and gemini with a school email",
        "class accounts on chatgpt and gemini",
        "ChatGPT und Gemini mit dem Schul-Login",
        "chatgpt et gemini avec le compte du lycée",
    ],
)
def test_accounts_of_a_school_are_those_of_an_organisation(client, question):
    main = page(client, question)
    assert "Answers for organisations" in main.text
    assert "organisation" in main.select_one(".box-answer").text


@pytest.mark.parametrize(
    "question",
    [
        "X: did they tell anyone?",
        "was it announced on X",
        "Hat X das jemandem gesagt?",
        "X a-t-il prévenu quelqu'un ?",
    ],
)
def test_whether_people_were_told_is_in_the_answer(client, question):
    lines = [line.text for line in page(client, question).select(".box-first")]
    assert lines[0].startswith("Announced 30 August 2023")
    assert any("People were not told (7 May 2024)" in line for line in lines)
    assert any("Came to light 26 July 2024" in line for line in lines)


def test_how_people_were_told_is_beside_the_change_on_the_page_of_a_platform(client):
    main = page(client, "", "/platforms/x")
    since = main.select_one("#grok-training > .branch")
    assert "checkbox against Grok" in since.text
    assert "People were not told" in since.text
