"""What stands beside a headline that says less than is asked: private accounts, agreement."""

import pytest
from bs4 import BeautifulSoup

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("whole_catalog")]


@pytest.mark.parametrize(
    ("prefix", "asked", "told"),
    [
        ("", "is my private Instagram account used for AI?", "posts or accounts that are private"),
        ("", "my account on X is protected, do they train on it", "posts of protected accounts"),
        ("", "TikTok private account AI", "Whether private accounts are left out is not on record"),
        (
            "/de",
            "Mein Instagram-Profil ist privat, trainiert Meta?",
            "Konten, die privat sind",
        ),
        ("/fr", "mon compte Instagram est privé, Meta l’utilise ?", "comptes privés"),
    ],
)
def test_whether_private_accounts_are_left_out_is_said_first(client, prefix, asked, told):
    page = BeautifulSoup(client.get(f"{prefix}/answers", {"q": asked}, follow=True).text, "lxml")
    line = page.select_one(".box-line")
    first = line.select_one(".box-first")
    assert told in " ".join(first.text.split())
    assert first.find_next(class_="box-answer")


def test_what_is_left_out_comes_first_only_where_private_accounts_are_named(client):
    page = BeautifulSoup(client.get("/answers", {"q": "Instagram"}).text, "lxml")
    assert not page.select_one(".box-line .box-first")


def test_where_it_is_set_is_shown_if_one_of_several_uses_needs_agreement(client):
    page = BeautifulSoup(client.get("/answers", {"q": "stop google reading my gmail"}).text, "lxml")
    button = page.select_one(".box-line a[href*='/guides/']")
    assert button["href"].startswith("/guides/gmail")
    assert "Where it is set" in button.text


def test_the_start_of_the_main_use_is_told_where_only_another_one_needs_agreement(client):
    asked = "does the Gemini API train on my prompts, paid? which providers do not?"
    page = BeautifulSoup(client.get("/answers", {"q": asked}).text, "lxml")
    paid = page.find("strong", string=lambda text: text and text.startswith("No for prompts"))
    since = paid.find_next(class_="muted").get_text(" ", strip=True)
    assert since.startswith("Prompts: said since 17 October 2024 at the latest")
    links = page.select("a[href*='/developers/providers?default=']")
    assert [link.text.split(":")[0] for link in links] == [
        "Plans for programs that do not train AI on what is sent",
        "Only if you agree",
    ]


def test_the_apis_that_do_not_train_are_named_with_their_plans_below_their_number(client):
    asked = "does the Gemini API train on my prompts, paid? which providers do not?"
    page = BeautifulSoup(client.get("/answers", {"q": asked}).text, "lxml")
    names = page.select_one("a[href*='/developers/providers?default=no']").find_next("p")
    told = " ".join(names.text.split())
    assert names.find_next("a")["href"].endswith("?default=only-if-agreed")
    assert "Amazon Bedrock, Cerebras Inference" in told
    assert "IBM watsonx Assistant (Enterprise, Enterprise with Data Isolation)" in told
    assert "Meta Model API (Standard Services)" in told
    assert "Perplexity (API)" in told
    assert "Meta Platforms" not in told


def test_adults_are_named_beside_minors_who_refuse_in_another_way(client):
    page = BeautifulSoup(client.get("/answers", {"q": "my son is 14, ChatGPT"}).text, "lxml")
    told = [" ".join(each.text.split()) for each in page.select(".answer-more")]
    assert "Adults: Yes, unless you opt out" in told


def test_a_city_stands_for_its_country(client):
    page = BeautifulSoup(
        client.get("/answers", {"q": "LinkedIn in Hamburg and London"}).text, "lxml"
    )
    told = " ".join(page.select_one(".box-lines").text.split())
    assert "Germany: Yes" in told
    assert "UK: Yes" in told


def test_the_terms_of_a_past_day_are_told_of_all_uses(client):
    asked = "Did Zoom train on calls, and what did its terms say on 8 August 2023?"
    page = BeautifulSoup(client.get("/answers", {"q": asked}).text, "lxml")
    assert "10.2" in page.select_one(".box-lines").text


@pytest.mark.parametrize(
    ("language", "told"),
    [("", "here and elsewhere: as for Facebook."), ("/de", "hier und anderswo: wie bei Facebook.")],
)
def test_of_two_services_alike_what_happens_is_told_once(client, language, told):
    asked = {"q": "Facebook, Instagram", "place": "DE"}
    page = BeautifulSoup(client.get(f"{language}/answers", asked).text, "lxml")
    first, second = page.select(".box-line")
    assert told not in first.text
    assert told in second.text
    assert len(first.select(".verdict-sentences li")) > 1
    assert not second.select(".verdict-sentences, .answer-data, .answer-place")
    assert second.select_one(".box-way a.button")


def test_the_same_data_of_two_places_is_named_once(client):
    page = BeautifulSoup(
        client.get("/answers", {"q": "LinkedIn in Hamburg and London"}).text, "lxml"
    )
    first, second = page.select(".box-line .answer-data")
    assert len(first.text) > 200
    assert " ".join(second.text.split()).startswith("Data: as above")


def test_a_plan_with_one_answer_for_all_its_people_is_told_once(client):
    asked = "Does the Gemini API train on my prompts?"
    page = BeautifulSoup(client.get("/answers", {"q": asked}).text, "lxml")
    headlines = [
        " ".join(each.text.split()) for each in page.select(".box-answer, .verdict-others li")
    ]
    assert [each.rpartition("(")[2] for each in headlines] == ["Unpaid Services)", "Paid Services)"]


@pytest.mark.parametrize(
    ("prefix", "asked", "told"),
    [
        ("", "Facebook and Instagram", "Facebook’s form does the same for linked accounts."),
        ("/de", "Facebook und Instagram", "verknüpfte Konten"),
    ],
)
def test_a_form_that_does_for_another_service_says_so_where_both_are_named(
    client, prefix, asked, told
):
    page = BeautifulSoup(client.get(f"{prefix}/answers", {"q": asked}).text, "lxml")
    for folded in page.select("details"):
        folded.extract()
    assert told in " ".join(page.select(".box-line")[1].text.split())
    assert len(page.select(".box-first")) == 1
    alone = BeautifulSoup(client.get(f"{prefix}/answers", {"q": "Instagram"}).text, "lxml")
    assert told not in alone.select_one("main").text


def test_before_a_form_is_sent_it_is_said_that_one_does_for_both(client):
    asked = (
        "Ich wohne in Deutschland und will nicht, dass Facebook und Instagram mit meinen Fotos"
        " trainieren. Was ist mit dem, was schon genommen wurde?"
    )
    page = BeautifulSoup(client.get("/de/answers", {"q": asked}).text, "lxml")
    for folded in page.select("details"):
        folded.extract()
    _facebook, card = page.select(".box-line")
    instagram = " ".join(card.text.split())
    one_form = instagram.index("Das Formular von Facebook bewirkt dasselbe für verknüpfte Konten.")
    assert one_form < instagram.index("Formular senden")
    assert "Zu dem, was vorher gegeben wurde: wie bei Facebook." in instagram
