"""Questions as people type them: with a place, with slips, with further words, about everybody."""

import datetime as dt

import pytest
from bs4 import BeautifulSoup
from django.utils import timezone

from platforms.models import Platform
from tests.factories import (
    make_branch,
    make_control,
    make_entry,
    make_guide,
    make_platform,
    make_state,
    make_use,
)
from tests.sweeps import in_turn, some

pytestmark = [pytest.mark.django_db, pytest.mark.few_cases]


@pytest.fixture(autouse=True)
def platforms():
    linkedin = make_platform(
        "linkedin", name="LinkedIn", operator="LinkedIn", owners=[{"name": "Microsoft"}]
    )
    use = make_use(linkedin, except_places=["GB"], data_kinds=["public-posts"])
    make_state(use, "unless-refused")
    make_state(make_branch(use, places=["GB"]), "not-used")
    make_state(make_branch(use, people=["minors"]), "not-used")
    make_state(make_branch(use, people=["organisation"], plans=["Recruiter"]), "no-way-out")
    make_guide(linkedin, make_control(use), minutes=1, slug="off-on-linkedin")
    for name in ("ChatGPT", "Facebook"):
        make_platform(name.lower(), name=name)
    make_entry(linkedin, title="LinkedIn answers a question of the Garante")


@pytest.fixture
def albums():
    """Fourteen platforms that train on photos."""
    for number in range(14):
        photos = make_use(make_platform(f"album-{number}"), data_kinds=["images-and-video"])
        make_state(photos, "unless-refused")


def found(client, query, **more):
    return BeautifulSoup(client.get("/search", {"q": query, **more}).text, "lxml")


def names(page, section="platforms"):
    return [hit.text for hit in page.select(f"section[aria-labelledby={section}] .hit-title")]


@pytest.mark.parametrize(
    "query", ["linkedin uk", "does LinkedIn train in the United Kingdom", "linkedin england"]
)
def test_a_place_in_the_question_is_the_place_of_the_answer(client, query):
    page = found(client, query)
    assert names(page) == ["LinkedIn"]
    assert "No" in page.select_one(".hit .chip").text
    assert "Answers for people in" in page.text
    anywhere = page.find("a", string="Show them for anywhere")["href"]
    assert anywhere.endswith("&place=")
    assert "Depends on your country" in BeautifulSoup(client.get(anywhere).text, "lxml").text


@pytest.mark.parametrize(
    ("address", "query", "meant"),
    in_turn(
        ["/search", "/answers"],
        [
            ("linkedin georgia", ["GE", "US-GA"]),
            ("does LinkedIn train in Georgia?", ["GE", "US-GA"]),
            ("linkedin, congo", ["CD", "CG"]),
            ("trainiert linkedin im Kongo", ["CD", "CG"]),
        ],
    ),
)
def test_the_reader_is_asked_which_of_several_places_of_a_name_is_meant(
    client, address, query, meant
):
    response = client.get(address, {"q": query})
    page = BeautifulSoup(response.text, "lxml")
    assert response.status_code == 200
    assert page.h1.text == "Which place do you mean?"
    assert "is several places" in page.select_one("main .lead").text
    links = [link["href"] for link in page.select("main .active-filters a")]
    assert sorted(link.partition("place=")[2].partition("&")[0] for link in links) == meant
    chosen = client.get(f"{address}{links[0]}")
    assert chosen.status_code == 200
    assert BeautifulSoup(chosen.text, "lxml").select_one(".hit .chip, .box-answer")
    assert client.get(address, {"q": query, "place": ""}).status_code == 200


def test_a_name_of_several_places_means_the_one_that_the_record_of_a_service_names(client):
    linkedin = Platform.objects.get(slug="linkedin")
    make_state(make_branch(make_use(linkedin), places=["US-GA"]), "unless-refused")
    response = client.get("/answers", {"q": "LinkedIn Georgia"})
    assert response.status_code == 200
    main = BeautifulSoup(response.text, "lxml").select_one("main").text
    assert "We take the place to be Georgia (US)" in main
    # Of another service nothing says which of them is meant.
    for query in ("LinkedIn Congo", "ChatGPT Georgia"):
        assert "Which place do you mean?" in client.get("/answers", {"q": query}).text
    fined = client.get("/search", {"q": "was ChatGPT fined in Georgia"})
    assert "Which place do you mean?" in fined.text


@pytest.mark.parametrize(
    "query", ["linkedin, korea", "was LinkedIn fined in Korea", "linkedin corée"]
)
def test_korea_is_the_south_unless_the_north_is_named(client, query):
    page = client.get("/search", {"q": query}, follow=True)
    assert page.status_code == 200
    assert "in South Korea" in page.text
    assert "in North Korea" in client.get("/search", {"q": "linkedin, north korea"}).text


def test_a_place_that_may_be_several_is_a_word_like_others_where_no_answer_is_asked(client):
    assert client.get("/search", {"q": "georgia"}).status_code == 200
    assert client.get("/search", {"q": "garante georgia"}).status_code == 200


def test_a_place_that_somebody_chose_goes_before_the_one_in_the_question(client):
    assert "Yes" in found(client, "linkedin uk", place="DE").select_one(".hit .chip").text


@pytest.mark.parametrize(
    ("query", "name"),
    [("chat gtp", "ChatGPT"), ("face book", "Facebook"), ("linked in", "LinkedIn")],
)
def test_names_written_apart_and_with_slips_are_found(client, query, name):
    assert names(found(client, query)) == [name]


def test_a_question_about_everybody_leads_to_the_whole_list(client, albums):
    page = found(client, "which apps train on my photos in germany")
    assert len(names(page, "trainers")) == 14


@pytest.mark.parametrize(
    "query", ["who trains AI by default", "for our company: which platforms train"]
)
def test_a_question_about_no_kind_of_data_leads_to_all_that_train(client, query):
    make_platform("threads", name="Threads", operator="Meta Platforms")
    page = found(client, query)
    link = page.find("a", string="All platforms that train AI by default")
    assert link["href"].startswith("/platforms?figure=trains")


def test_further_words_lower_a_result_and_never_remove_it(client):
    page = found(client, "garante question zebra quince")
    assert "Garante" in page.select_one("section[aria-labelledby=changes]").text


def test_a_platform_that_is_found_has_its_way_out_as_a_button(client):
    button = found(client, "linkedin").select_one(".hit .button")
    assert button.text.startswith("Turn it off · 1 min")
    assert button["href"] == "/guides/off-on-linkedin#steps"


@pytest.mark.parametrize(
    ("address", "query", "answer"),
    in_turn(
        ["/search", "/answers"],
        [
            ("linkedin recruiter", "Yes"),
            ("my child is on linkedin", "No"),
            ("i'm 14, does linkedin train on me", "No"),
            ("my son is 14, linkedin", "No"),
            ("I administer LinkedIn for our company", "Yes, "),
            ("LinkedIn bei unserem Arbeitgeber", "Yes, "),
            ("does linkedin train outside the united kingdom", "Depends on your country"),
        ],
    ),
)
def test_search_and_the_box_read_plans_ages_and_excluded_places_alike(
    client, address, query, answer
):
    page = BeautifulSoup(client.get(address, {"q": query}).text, "lxml")
    said = page.select_one(".hit .chip, .box-answer").get_text(" ", strip=True)
    assert said.startswith(answer), said


def test_an_answer_for_a_plan_names_the_plan(client):
    hit = found(client, "linkedin recruiter").select_one(".hit")
    assert "With an account on Recruiter:" in hit.get_text(" ", strip=True)
    assert "Recruiter" not in found(client, "linkedin").select_one(".hit").text


def test_an_answer_for_minors_leads_to_the_one_for_adults(client):
    page = found(client, "linkedin for teens")
    adults = page.find("a", string="adults with an account of their own")["href"]
    chip = BeautifulSoup(client.get(adults).text, "lxml").select_one(".hit .chip")
    assert chip.text == "Depends on your country"


def links(page, section):
    return [link["href"] for link in page.select(f"section[aria-labelledby={section}] a[href]")]


@pytest.mark.parametrize(
    ("address", "query", "offered"),
    in_turn(
        ["/search", "/answers"],
        [
            ("Trainiert LinkedIn mit meinen Beiträgen?", "Diese Seite auf Deutsch"),
            ("linkedin abschalten", "Diese Seite auf Deutsch"),
            ("est-ce que LinkedIn utilise mes données", "Cette page en français"),
            ("comment désactiver linkedin", "Cette page en français"),
        ],
    ),
)
def test_a_question_in_another_language_finds_its_service_and_offers_the_page_in_it(
    client, address, query, offered
):
    page = BeautifulSoup(client.get(address, {"q": query}).text, "lxml")
    assert page.select_one(".hit-title, .box-name").text == "LinkedIn"
    link = page.select_one(".box-language a")
    assert link.text == offered
    there = BeautifulSoup(client.get(link["href"]).text, "lxml")
    assert there.html["lang"] == link["lang"]
    assert not there.select(".box-language")
    assert there.select_one("main input[name=q]")["value"] == query


@pytest.mark.parametrize("query", ["does linkedin train on my posts", "linkedin"])
def test_a_question_in_the_language_of_the_page_offers_no_other(client, query):
    assert not found(client, query).select(".box-language")


def test_the_box_offers_the_language_of_the_browser(client):
    page = client.get("/answers", {"q": "linkedin"}, headers={"accept-language": "de-AT,en;q=0.5"})
    assert "Diese Seite auf Deutsch" in page.text
    english = client.get("/answers", {"q": "linkedin"}, headers={"accept-language": "en-GB,de"})
    assert "Diese Seite auf Deutsch" not in english.text


@pytest.mark.parametrize(
    ("query", "slug"),
    some(
        [
            ("copyright notice", "forbidding-post"),
            ("Kettenbrief", "forbidding-post"),
            ("GPC", "global-privacy-control-stops-training"),
            ("does Slack train on messages", "slack-trains-on-messages"),
            ("slack", "slack-trains-on-messages"),
            ("opting out takes back", "opting-out-takes-back"),
        ],
        3,
    ),
)
def test_a_claim_is_found_by_its_words_and_by_what_people_call_it(client, query, slug):
    assert f"/claims/{slug}" in links(found(client, query), "claims")


@pytest.mark.parametrize("prefix", ["", "/de", "/fr"])
def test_a_claim_about_a_remedy_without_effect_comes_before_the_answer(client, prefix):
    page = BeautifulSoup(
        client.get(f"{prefix}/search", {"q": "forbidding post on Facebook"}).text, "lxml"
    )
    sections = [each["aria-labelledby"] for each in page.select("main section[aria-labelledby]")]
    assert sections[:2] == ["claims", "platforms"]


@pytest.mark.parametrize(
    ("prefix", "query"),
    [
        ("", "How many platforms train on photos?"),
        ("/de", "Wie viele Plattformen trainieren mit Fotos?"),
        ("/fr", "Combien de plateformes s’entraînent sur mes photos ?"),
    ],
)
def test_how_many_train_on_a_kind_of_data_is_the_list_of_those_with_their_number(
    client, albums, prefix, query
):
    page = BeautifulSoup(client.get(f"{prefix}/search", {"q": query}).text, "lxml")
    trainers = page.select("section[aria-labelledby=trainers] .hit")
    assert len(trainers) == 14
    assert page.select_one("#trainers + p")["data-count"] == "14"
    assert not page.select(".pages-for-it [href*='figure=trains']")


def test_a_claim_is_not_found_by_one_word_of_several(client):
    assert links(found(client, "slack zebra"), "claims") == []


@pytest.mark.parametrize("query", ["people", "who", "do people use it"])
def test_a_small_word_leads_to_no_company_of_that_name_before_the_pages(client, query):
    make_platform("people-inc", name="People Inc.", aliases=["People"])
    page = found(client, query)
    assert "We did not understand this question." in page.main.text
    assert page.find(attrs={"aria-labelledby": "platforms"}) is None or (
        page.select_one("#platforms").text == "Platforms with these words in their record"
    )


def test_a_company_with_the_name_of_a_small_word_is_found_by_its_whole_name(client):
    make_platform("people-inc", name="People Inc.", aliases=["People"])
    assert names(found(client, "people inc")) == ["People Inc."]


@pytest.mark.parametrize(
    "query",
    some(
        [
            "linkedin deadline",
            "when must I object by on linkedin",
            "until when can I opt out of LinkedIn",
            "Bis wann kann ich bei LinkedIn widersprechen?",
            "linkedin jusqu'à quand puis-je refuser",
        ],
        2,
    ),
)
@pytest.mark.parametrize("address", ["/search", "/answers"])
def test_a_question_for_the_deadline_gets_the_day_or_that_none_is_known(client, address, query):
    def deadlines():
        page = client.get(address, {"q": query}, follow=True).text
        section = BeautifulSoup(page, "lxml").select_one("section[aria-labelledby=deadlines]")
        return " ".join(section.get_text(" ").split())

    assert "no deadline ahead is on record." in deadlines()
    linkedin = Platform.objects.get(slug="linkedin")
    today = timezone.localdate()
    make_entry(linkedin, title="LinkedIn set a day", deadline_on=today - dt.timedelta(days=9))
    assert "The last one is over" in deadlines()
    assert "LinkedIn set a day" in deadlines()
    make_entry(linkedin, title="LinkedIn sets a day", deadline_on=today + dt.timedelta(days=9))
    assert "no deadline ahead" not in deadlines()


def test_how_long_data_is_kept_asks_for_no_deadline(client):
    typed = "LinkedIn : combien de temps les données sont-elles conservées ?"
    page = BeautifulSoup(client.get("/fr/answers", {"q": typed}).text, "lxml")
    assert not page.select("section[aria-labelledby=deadlines]")
    assert "Rien n’est annoncé" not in page.main.text


def test_platforms_without_a_deadline_share_one_sentence(client):
    linkedin = Platform.objects.get(slug="linkedin")
    page = client.get("/answers", {"q": "LinkedIn, ChatGPT: until when could I object"}).text
    (sentence,) = BeautifulSoup(page, "lxml").select("section[aria-labelledby=deadlines] li")
    words = " ".join(sentence.get_text().split())
    assert words == "LinkedIn, ChatGPT: no deadline ahead is on record."
    assert sentence.select_one(f"a[href='{linkedin.get_absolute_url()}']")


@pytest.mark.parametrize(
    ("address", "query"),
    [
        ("/search", "until when can I object to LinkedIn?"),
        ("/answers", "until when can I object to LinkedIn?"),
        ("/answers", "LinkedIn, ChatGPT: until when can I object"),  # a list stays in the box
    ],
)
def test_until_when_people_can_object_is_said_with_how_sure_it_is(client, address, query):
    linkedin = Platform.objects.get(slug="linkedin")
    make_entry(linkedin, title="A feature comes", due_on=dt.date(2098, 1, 1), effective_on=None)
    said = {"deadline_on": dt.date(2099, 6, 1), "deadline_precision": "month", "basis": "reported"}

    def sentences():
        page = BeautifulSoup(client.get(address, {"q": query}, follow=True).text, "lxml")
        return " ".join(page.select_one("section[aria-labelledby=deadlines]").get_text(" ").split())

    assert "no deadline ahead is on record." in sentences()
    make_entry(linkedin, title="LinkedIn sets a day", **said)
    assert "You can object until June 2099 (reported by others)" in sentences()
    assert "no deadline" not in sentences().split("ChatGPT")[0]


@pytest.mark.parametrize(
    ("address", "query"),
    in_turn(
        ["/search", "/answers"],
        [
            "delete my ChatGPT chats",
            "how do I erase chatgpt conversations",
            "ChatGPT Chats löschen",
        ],
    ),
)
def test_a_question_how_to_delete_leads_to_what_deletes(client, address, query):
    chatgpt = Platform.objects.get(slug="chatgpt")
    use = make_use(chatgpt, data_kinds=["chats"])
    make_guide(chatgpt, make_control(use), title="Turn off training on ChatGPT chats", minutes=1)
    history = make_control(use, label="", name="Chat history", refuse="delete")
    make_guide(chatgpt, history, title="Clear your history", slug="clear-history")
    elsewhere = make_use(Platform.objects.get(slug="facebook"))
    make_guide(
        elsewhere.platform,
        make_control(elsewhere, refuse="delete", label="", name="Deletion"),
        title="Delete your ChatGPT chats on Facebook",
        slug="chatgpt-on-facebook",
    )
    page = BeautifulSoup(client.get(address, {"q": query}, follow=True).text, "lxml")
    first = "section[aria-labelledby=guides] a" if address == "/search" else ".box-first a"
    guides = [link["href"] for link in page.select(first)]
    assert set(guides[:2]) == {"/guides/clear-history", "/guides/chatgpt-on-facebook"}
    if address == "/search":
        assert "/platforms/chatgpt#" in " ".join(links(page, "controls"))


def test_what_people_can_give_up_is_nothing_that_deletes(client):
    use = make_use(Platform.objects.get(slug="chatgpt"), data_kinds=["chats"])
    make_control(use, refuse="leave", label="", name="Make the account private")
    make_control(use, refuse="leave", label="", name="Delete the account")
    page = BeautifulSoup(client.get("/answers", {"q": "delete my ChatGPT chats"}).text, "lxml")
    first = page.select_one(".box-first").text
    assert "Delete the account" in first
    assert "Make the account private" not in first


@pytest.mark.parametrize(
    ("query", "role"),
    [
        ("teacher", "teachers"),
        ("as a teacher, does ChatGPT use my essays", "teachers"),
        ("Ich bin Lehrerin, ChatGPT", "teachers"),
        ("notre entreprise et ChatGPT", "companies"),
        ("my kids and ChatGPT", "parents"),
    ],
)
def test_a_question_of_a_role_leads_to_its_sheet(client, query, role):
    page = BeautifulSoup(client.get("/answers", {"q": query}, follow=True).text, "lxml")
    sheets = [a["href"] for a in page.select("main .views a") if "/for/" in a["href"]]
    assert sheets[0].partition("?")[0] == f"/for/{role}"


@pytest.mark.parametrize(
    ("page", "address", "query"),
    in_turn(
        ["/search", "/answers"],
        [
            ("", "What did authorities do about LinkedIn's training?"),
            ("", "Was LinkedIn fined?"),
            ("", "linkedin court"),
            ("/de", "Was haben die Behörden gegen LinkedIn unternommen?"),
            ("/de", "Gab es ein Bußgeld gegen LinkedIn?"),
            ("/fr", "Qu'ont fait les autorités contre LinkedIn ?"),
            ("/fr", "LinkedIn a-t-il eu une amende ?"),
        ],
    ),
)
def test_a_question_about_authorities_gets_their_acts_first(client, page, address, query):
    act = {"topic": "training", "effects": ["regulator-action"]}
    make_entry(Platform.objects.get(slug="linkedin"), title="A regulator stops it", **act)
    make_entry(Platform.objects.get(slug="chatgpt"), title="Another regulator asks", **act)
    response = client.get(f"{address}{page}", {"q": query}, follow=True)
    first = BeautifulSoup(response.text, "lxml").main.select("section")[0]
    assert first["aria-labelledby"] == "cases"
    assert [row.text.strip() for row in first.select("h3")] == ["A regulator stops it"]
    assert first.select('a[href*="/timeline?topic=enforcement&platform=linkedin"]')


def test_a_question_about_authorities_and_no_service_gets_all_their_acts(client):
    act = {"topic": "enforcement", "effects": ["regulator-action"]}
    make_entry(Platform.objects.get(slug="chatgpt"), title="A regulator asks", **act)
    page = found(client, "What have courts and regulators decided about AI training?")
    first = page.main.select("section")[0]
    assert "A regulator asks" in first.text
    assert first.select('a[href="/timeline?topic=enforcement"]')


class TestNamesWithinNames:
    @pytest.fixture(autouse=True)
    def microsoft(self):
        make_platform("microsoft-365", name="Microsoft 365 connected experiences")
        make_platform("github-copilot", name="GitHub Copilot", aliases=["Copilot"])
        copilot = {"aliases": ["Copilot"], "parts": ["Microsoft 365 Copilot", "Voice"]}
        make_platform("microsoft-copilot", name="Microsoft Copilot", **copilot)
        for name in ("Gmail", "Gemini", "Google Photos"):
            make_platform(name.lower().replace(" ", "-"), name=name, operator="Google")
        make_platform("reddit", name="Reddit")

    @pytest.mark.parametrize(
        "query", ["Microsoft 365 Copilot", "does microsoft 365 copilot train on my mail"]
    )
    def test_a_part_that_bears_the_name_of_its_platform_means_that_one(self, client, query):
        assert names(found(client, query)) == ["Microsoft Copilot"]

    def test_a_shorter_name_still_means_all_that_bear_it(self, client):
        assert set(names(found(client, "copilot"))) == {"GitHub Copilot", "Microsoft Copilot"}
        assert names(found(client, "microsoft 365")) == ["Microsoft 365 connected experiences"]
        assert "Microsoft Copilot" not in names(found(client, "voice"))

    @pytest.mark.parametrize(
        "query",
        [
            "Did Reddit sell my posts to Google without asking?",
            "Does Reddit share posts with Google?",
            "Hat Reddit Beiträge an Google verkauft?",
            "Reddit a-t-il vendu mes messages à Google ?",
        ],
    )
    def test_a_company_that_is_given_data_stands_for_none_of_its_platforms(self, client, query):
        assert names(found(client, query)) == ["Reddit"]

    @pytest.mark.parametrize("query", ["Reddit or Google", "reddit, google", "Google and Reddit"])
    def test_a_company_in_a_list_stands_for_its_platforms(self, client, query):
        assert len(names(found(client, query))) == 4

    def test_a_company_alone_after_a_preposition_stands_for_its_platforms(self, client):
        assert len(names(found(client, "what I give to Google"))) == 3
