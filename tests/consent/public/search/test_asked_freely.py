"""Questions in words of people who know no word of the site: legal, worst, scraped, no way out."""

import datetime as dt
import re

import pytest
from bs4 import BeautifulSoup

from consent.public.questions.asked_question import read_question
from consent.search.asked_day import asked_day
from consent.search.asked_people import asked_people
from consent.search.pages import asks_how_told
from consent.search.plain_words import words
from consent.vocabulary import People
from tests.sweeps import some

catalog = [pytest.mark.django_db, pytest.mark.usefixtures("whole_catalog"), pytest.mark.few_cases]


def page(client, question, language="en"):
    before = "" if language == "en" else f"/{language}"
    response = client.get(f"{before}/answers", {"q": question}, follow=True)
    assert response.status_code == 200
    return BeautifulSoup(response.text, "lxml").select_one("main")


class TestLegality:
    pytestmark = catalog

    @pytest.mark.parametrize(
        ("language", "question", "said"),
        [
            ("en", "is it legal for meta to train on my posts", "We give no legal advice."),
            ("en", "can x legally use my tweets for grok", "We give no legal advice."),
            ("de", "ist das legal dass linkedin meine posts nimmt", "keine Rechtsberatung"),
            ("de", "darf reddit das", "keine Rechtsberatung"),
            ("fr", "linkedin a-t-il le droit d'utiliser mes posts", "pas de conseil juridique"),
        ],
    )
    def test_begins_with_what_was_decided_and_then_answers(self, client, language, question, said):
        main = page(client, question, language)
        legal = main.select_one(".legal")
        assert said in legal.text
        assert legal.select("a")
        assert legal.find_next(class_="box-answer")

    def test_of_no_service_leads_to_what_courts_and_regulators_did(self, client):
        legal = page(client, "is it legal to train ai on my posts").select_one(".legal")
        assert "topic=enforcement" in legal.a["href"]

    @pytest.mark.parametrize(
        "question",
        ["darf ich chatgpt in der arbeit nutzen", "is a post against meta legally binding"],
    )
    def test_is_not_asked_of_what_people_may_do_themselves(self, client, question):
        assert not page(client, question).select(".legal")


class TestEachCountry:
    pytestmark = catalog

    @pytest.mark.parametrize(
        ("language", "question"),
        some(
            [
                ("en", "instagram since when in each country"),
                ("en", "does instagram train in all countries"),
                ("de", "Instagram seit wann in jedem Land"),
                ("fr", "instagram dans tous les pays"),
                ("fr", "Instagram depuis quand dans chaque pays"),
            ],
            3,
        ),
    )
    def test_is_about_places_and_not_about_every_kind_of_people(self, client, language, question):
        main = page(client, question, language)
        assert len(main.select(".box-answer")) == 1
        assert not main.select(".box-people")

    def test_is_the_question_of_each_place_in_other_words(self, client):
        by_country, by_place = (
            page(client, f"instagram since when in each {what}").select_one(".box-answer").text
            for what in ("country", "place")
        )
        assert by_country == by_place


class TestNoWayOut:
    pytestmark = catalog

    @pytest.mark.parametrize(
        ("language", "question"),
        [
            ("de", "bei welchen apps komm ich gar nicht raus"),
            ("en", "where can't i opt out"),
            ("de", "wo kann ich nicht widersprechen"),
            ("fr", "quelles applis ne permettent pas de refuser"),
            ("en", "which services can you not refuse"),
            ("de", "bei wem kann man nicht nein sagen"),
            ("de", "welche dienste lassen kein nein zu"),
        ],
    )
    def test_is_answered_by_the_list_of_those_that_leave_none(self, client, language, question):
        main = page(client, question, language)
        assert main.select_one(".asked-counts a[href*='figure=no-way-out']")
        assert main.select(".counts-named a")


class TestTwoPlaces:
    @pytest.mark.parametrize(
        ("question", "places"),
        [
            ("who trains in the uk but not in the eu", ["GB", "EU"]),
            ("wer trainiert in den usa aber nicht in deutschland", ["US", "DE"]),
            ("qui entraîne au royaume-uni mais pas dans l'ue", ["GB", "EU"]),
            ("chatgpt us vs germany", ["US", "DE"]),
            ("linkedin uk or us", ["GB", "US"]),
            ("which apps train in america but not in europe", ["US", "EU"]),
            ("usa oder deutschland instagram", ["US", "DE"]),
            ("instagram france ou états-unis", ["FR", "US"]),
        ],
    )
    def test_are_both_read(self, question, places):
        assert list(read_question(question).places) == places

    @pytest.mark.parametrize(
        "question", ["tell us or i ask germany", "does slack train outside the eu"]
    )
    def test_are_not_read_where_one_is_no_place(self, question):
        assert read_question(question).places == ()

    @pytest.mark.django_db
    @pytest.mark.usefixtures("whole_catalog")
    def test_who_trains_in_one_alone_is_listed_first(self, client):
        first = page(client, "who trains in the uk but not in the eu").select_one(".only-in")
        assert "the UK" in first.text or "UK" in first.text


class TestRanking:
    pytestmark = catalog

    @pytest.mark.parametrize(
        ("language", "question", "said", "category"),
        [
            ("en", "which social network is the worst", "We do not rank", "social"),
            ("en", "rank chatbots by privacy", "We do not rank", "assistant"),
            ("en", "top chatbots for privacy", "We do not rank", "assistant"),
            ("de", "schlimmstes soziales netzwerk", "keine Rangliste", "social"),
            ("en", "which ai is safest", "We do not rank", "assistant"),
            ("de", "beste ki für datenschutz", "keine Rangliste", "assistant"),
            ("fr", "quel réseau social est le pire", "pas de classement", "social"),
        ],
    )
    def test_is_refused_and_answers_are_counted(self, client, language, question, said, category):
        main = page(client, question, language)
        ranking = main.select_one(".ranking")
        assert said in ranking.text
        links = [link["href"] for link in ranking.select("a[data-count]")]
        assert all(f"category={category}" in link for link in links)
        figures = [link.partition("figure=")[2].partition("&")[0] for link in links]
        assert figures[0] == "no"
        assert "no-way-out" in figures
        assert not main.select(".hits")

    def test_of_a_part_of_a_kind_is_not_of_the_whole_kind(self, client):
        main = page(client, "which messenger is best")
        assert "We do not rank" in main.select_one(".ranking").text
        names = [name.text for name in main.select(".hit-title")]
        assert "Signal" in names
        assert "Pinterest" not in names


class TestScraping:
    pytestmark = catalog

    @pytest.mark.parametrize(
        ("language", "question", "crawler"),
        [
            ("en", "can openai scrape my website", "GPTBot"),
            ("en", "does google scrape my blog for gemini", "Google-Extended"),
            ("de", "hält robots.txt gptbot auf", "GPTBot"),
            ("fr", "openai peut-il aspirer mon site", "GPTBot"),
            ("de", "liest anthropic meine webseite aus", "ClaudeBot"),
            ("de", "wie sperre ich ki-crawler auf meiner website", "GPTBot"),
        ],
    )
    def test_begins_with_the_crawlers_of_the_company(self, client, language, question, crawler):
        main = page(client, question, language)
        crawlers = main.select_one(".crawlers-asked")
        assert crawler in crawlers.text
        assert crawlers.select("a[href*='crawlers.csv']")
        assert not crawlers.find_previous(class_="box-answer")

    @pytest.mark.parametrize(
        "question",
        [
            "my photos on flickr were scraped",
            "does wordpress use my blog to train ai",
            "who is the operator of reddit",
        ],
    )
    def test_is_not_asked_of_what_is_on_a_service(self, client, question):
        assert not page(client, question).select(".crawlers-asked")


class TestSchools:
    @pytest.mark.parametrize(
        "question",
        [
            *("klasse 7b nutzt teams und canva", "die 5a macht was mit chatgpt"),
            *("my year 5 class uses canva", "canva en classe de 6e"),
        ],
    )
    def test_a_class_with_a_number_is_one_of_minors(self, question):
        asked = asked_people(words(question))
        assert asked.people == People.MINORS
        assert asked.at_school

    @pytest.mark.django_db
    @pytest.mark.usefixtures("whole_catalog")
    @pytest.mark.parametrize(
        ("language", "question"),
        [
            ("de", "darf die schule klassenfotos hochladen"),
            ("fr", "l'école peut-elle publier des photos de classe"),
            ("en", "can the school upload class photos"),
        ],
    )
    def test_photos_of_a_class_lead_to_the_sheets(self, client, language, question):
        main = page(client, question, language)
        links = [link["href"] for link in main.select(".pages-for-it a")]
        assert any("/for/teachers" in link for link in links)
        assert any("/for/parents" in link for link in links)
        assert not main.select(".hits")


class TestSeasons:
    @pytest.mark.parametrize(
        ("question", "first", "last"),
        [
            ("what changed this summer", "2026-06-01", "2026-08-31"),
            ("changes since last summer", "2026-06-01", "2026-12-01"),
            ("was hat sich seit dem frühjahr geändert", "2026-03-01", "2026-12-01"),
            ("qu'est-ce qui a changé depuis cet hiver", "2025-12-01", "2026-12-01"),
            ("änderungen im letzten herbst", "2026-09-01", "2026-11-30"),
            ("changes in summer 2023", "2023-06-01", "2023-08-31"),
        ],
    )
    def test_are_months(self, question, first, last):
        asked = asked_day(words(question), dt.date(2026, 12, 1))
        assert [asked.first.isoformat(), asked.last.isoformat()] == [first, last]

    @pytest.mark.parametrize(
        "question", ["linkedin a été condamné", "when did the user fall asleep"]
    )
    def test_are_not_read_from_other_words(self, question):
        assert asked_day(words(question), dt.date(2026, 12, 1)) is None


class TestTold:
    @pytest.mark.django_db
    @pytest.mark.usefixtures("whole_catalog")
    @pytest.mark.parametrize(
        ("question", "first"),
        [
            ("was i told when slack started", "As far as is known, nobody was told before."),
            ("did x ask before grok", "Nobody was asked when it began ("),
        ],
    )
    def test_tells_how_people_were_told_after_the_yes(self, client, question, first):
        main = page(client, question)
        told = main.select_one(".box-first")
        assert first in told.text
        assert "Yes" in told.find_previous(class_="box-answer").text

    @pytest.mark.parametrize(
        "question",
        [
            "was i told when slack started",
            "did x ask before grok",
            "wurde ich gefragt bevor linkedin angefangen hat",
            "reddit a-t-il prévenu avant de vendre les posts",
            "m'a-t-on demandé mon avis pour slack",
            "did anyone warn us before linkedin switched it on",
        ],
    )
    def test_is_asked_in_the_words_of_those_who_were_not(self, question):
        assert asks_how_told(words(question))


class TestApis:
    pytestmark = catalog

    @pytest.mark.parametrize(
        ("language", "question"),
        [
            ("en", "which ai api is safe for my company"),
            ("de", "welche ki api kann meine firma sicher nutzen"),
            ("fr", "quelle api d'ia est sûre pour mon entreprise"),
            ("en", "best llm api for business privacy"),
            ("de", "ki-schnittstelle für unternehmen ohne training"),
            ("de", "welche llm-schnittstelle trainiert nicht"),
        ],
    )
    def test_lead_to_the_plans_that_do_not_train(self, client, language, question):
        main = page(client, question, language)
        assert "/providers?default=no" in main.select_one(".lead-on a")["href"]
        assert not main.select(".hits")

    @pytest.mark.parametrize(
        ("language", "question"),
        [
            ("en", "Which API does not use my data: OpenAI, Anthropic, Gemini?"),
            ("en", "API: ChatGPT, Claude, Gemini"),
            ("de", "Welche API nutzt meine Daten nicht: OpenAI, Anthropic, Gemini?"),
            ("fr", "Quelle API n'utilise pas mes données : OpenAI, Anthropic, Gemini ?"),
        ],
    )
    def test_of_each_name_in_a_list_are_meant(self, client, language, question):
        names = [name.text for name in page(client, question, language).select(".box-name")]
        assert list(dict.fromkeys(names)) == [
            "ChatGPT",
            "Claude",
            "Gemini API & Google AI Studio",
        ]

    @pytest.mark.parametrize("question", ["openai api", "openai-api", "OpenAI-Schnittstelle"])
    def test_are_read_beside_a_company(self, client, question):
        answer = page(client, question).select_one(".box-answer").text
        assert "on API" in answer

    def test_of_a_company_are_its_platforms_with_plans_for_apis(self, client):
        names = [name.text for name in page(client, "google api").select(".box-name")]
        assert {*names} <= {
            "Gemini API & Google AI Studio",
            "Gemini Enterprise Agent Platform (Vertex AI)",
        }

    def test_are_weighed_against_the_app_that_is_named_beside(self, client):
        names = [
            name.text for name in page(client, "Gemini API, Google Gemini").select(".box-name")
        ]
        assert {*names} == {"Gemini API & Google AI Studio", "Google Gemini"}

    @pytest.mark.parametrize(
        ("language", "question"),
        some(
            [
                (
                    "en",
                    "Does the Gemini API train on my prompts, free or paid?"
                    " Which API providers do not?",
                ),
                ("en", "does the gemini api train, and which other providers don't?"),
                ("en", "does the gemini api train? Which AI providers don't?"),
                ("de", "Trainiert die Gemini API damit? Welche API-Anbieter tun das nicht?"),
                ("fr", "L'API Gemini entraîne-t-elle ? Quels fournisseurs ne le font pas ?"),
            ],
            5,
        ),
    )
    def test_beside_one_leads_to_those_that_do_not_train(self, client, language, question):
        main = page(client, question, language)
        assert main.select_one(".box-name").text == "Gemini API & Google AI Studio"
        no, names = main.select_one(".lead-on a"), main.select_one(".lead-on + p")
        agreed = names.find_next("a")
        assert agreed["href"].endswith("only-if-agreed")
        for link in (no, agreed):
            table = BeautifulSoup(client.get(link["href"]).text, "lxml").select_one("main")
            (chosen,) = table.select("[aria-current=true][data-count]")
            assert chosen["data-count"] == re.findall(r"\d+", link.text)[-1]
        told = re.split(r", | and | und | et ", re.sub(r" \(.*?\)", "", names.text))
        assert str(len(told)) == re.findall(r"\d+", no.text)[0]

    @pytest.mark.parametrize(
        "question", ["Does the Gemini API not train?", "gemini api, which data is not used?"]
    )
    def test_alone_leads_to_no_others(self, client, question):
        assert not page(client, question).select(".lead-on")


class TestEverydayWords:
    pytestmark = catalog

    @pytest.mark.parametrize(
        ("language", "question"),
        [
            ("de", "welche apps trainieren ki mit sachen von kindern unter 16"),
            ("en", "which platforms have ai training switched on by default in the uk"),
        ],
    )
    def test_who_trains_is_counted(self, client, language, question):
        assert page(client, question, language).select(".asked-counts")

    def test_a_company_that_is_named_comes_before_another_with_the_same_product(self, client):
        question = "mon patron a mis copilot dans teams est ce que microsoft apprend avec nos mails"
        names = [each.text for each in page(client, question, "fr").select(".box-name")]
        assert names == ["Microsoft Teams", "Microsoft Copilot"]

    def test_home_and_work_are_answered_beside_each_other(self, client):
        names = page(client, "canva à la maison ou au travail", "fr").select(".box-name")
        assert len(names) == 2

    def test_a_day_without_a_year_is_that_on_which_something_changed(self, client):
        main = page(client, "ab 27 mai nimmt meta alles für ki", "de")
        assert "27. Mai 2025" in main.select_one(".box-first").text

    def test_a_price_is_in_the_answer(self, client):
        assert "60 million" in page(client, "reddit sells posts to google, how much").text

    def test_an_unknown_name_at_the_end_of_a_row_is_said_to_be_unknown(self, client):
        assert "“cara”" in page(client, "deviantart artstation behance cara for ai").text

    def test_of_a_kind_of_which_none_refrains_all_answers_are_counted(self, client):
        ranking = page(client, "which art sites dont train ai on your work").select_one(".ranking")
        assert ranking.select_one("a[href*='figure=no&']")["data-count"] == "0"
