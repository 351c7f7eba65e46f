"""The box finds each service that a question names, and none that it does not name."""

from itertools import chain
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import yaml
from bs4 import BeautifulSoup

from consent.search.questions import NONE_WATCHED, unwatched_kinds
from tests.factories import make_branch, make_entry, make_platform, make_state, make_use
from tests.sweeps import some

pytestmark = [pytest.mark.django_db, pytest.mark.few_cases]

QUESTIONS = yaml.safe_load(
    Path(__file__).with_name("named_services.yaml").read_text(encoding="utf-8")
)


def page(client, question, prefix=""):
    response = client.get(f"{prefix}/answers", {"q": question}, follow=True)
    return BeautifulSoup(response.text, "lxml").main


def named(main):
    """Return the services that are answered for, without those of mere words."""
    heading = main.select_one("#platforms")
    if heading and heading.text != "Platforms":
        return []
    links = main.select(".box-name a, section[aria-labelledby=platforms] .hit-title")
    found = [link["href"].partition("?")[0].rpartition("/")[2] for link in links]
    return list(dict.fromkeys(found))


def said(main):
    return [" ".join(each.get_text(" ").split()) for each in main.select(".notice strong")]


@pytest.mark.usefixtures("whole_catalog")
def test_each_service_that_a_question_names_is_found_or_said_not_to_be_watched(client):
    wrong = {}
    for asked in chain.from_iterable(some(cases, 3) for cases in QUESTIONS.values()):
        main = page(client, asked["q"])
        missing = [
            name
            for name in asked.get("unwatched", ())
            if not any(name in each for each in said(main))
        ]
        if missing or named(main) != asked.get("named", []) or "know no service" in main.text:
            wrong[asked["q"]] = (named(main), missing)
    assert wrong == {}


def test_a_product_beside_other_services_leads_to_its_company_and_hides_no_answer(client):
    for slug, name in (("gemini", "Gemini"), ("photos", "Google Photos"), ("mail", "Gmail")):
        make_platform(slug, name=name, operator="Google")
    make_platform("siri", name="Siri")
    main = page(client, "siri google home")
    assert named(main) == ["siri"]
    assert said(main) == ["Google Home is not on record by itself. It belongs to Google."]
    assert main.select_one(".notice a")["href"] == "/operators/google"


def test_beside_services_that_nobody_watches_those_of_their_kind_are_offered(client):
    make_platform("toyota", name="Toyota", category="vehicle")
    main = page(client, "car makers toyota bmw")
    assert named(main) == ["toyota"]
    links = {link.text: link["href"] for link in main.select("a")}
    assert links["All platforms of this kind: Vehicles"].endswith("/platforms#vehicle")


def test_of_a_company_what_people_use_comes_before_what_programs_use(client):
    make_platform("builder", name="Builder", operator="Microsoft", category="developer")
    make_platform("docs", name="Docs", operator="Microsoft", category="workplace")
    main = page(client, "skype")
    assert [each.text for each in main.select(".box-name a")] == ["Docs", "Builder"]
    make_platform(
        "cards", name="Cards", operator="Cards", owners=[{"name": "Microsoft"}], category="social"
    )
    main = BeautifulSoup(client.get("/search", {"q": "skype"}).text, "lxml").main
    assert [each.text for each in main.select(".hit-title")] == ["Docs", "Cards", "Builder"]


def test_a_product_of_a_company_with_many_platforms_leads_to_the_company_alone(client):
    for slug in ("copilot", "linkedin", "devops"):
        make_platform(slug, operator="Microsoft")
    main = page(client, "microsoft rewards")
    assert named(main) == []
    assert said(main) == ["Microsoft Rewards is not on record by itself. It belongs to Microsoft."]
    assert main.select_one(".notice a")["href"] == "/operators/microsoft"


@pytest.mark.parametrize(
    ("prefix", "question", "category", "unwatched"),
    [
        ("/de", "autos: welche trainieren mit meinen fahrdaten, und vw??", "vehicle", ["VW"]),
        ("", "which bank trains, n26 or klarna", "payment", ["N26", "Klarna"]),
        ("/fr", "quels constructeurs entraînent, et renault", "vehicle", ["Renault"]),
    ],
)
def test_who_is_not_watched_hides_nobody_of_the_kind_that_is_asked_about(
    client, prefix, question, category, unwatched
):
    make_platform("one", name="One", category=category)
    make_platform("another", name="Another", category="games")
    main = page(client, question, prefix)
    assert [each.text for each in main.select(".hit-title")] == ["One"]
    assert all(any(name in each for each in said(main)) for name in unwatched)


def test_the_search_says_which_services_of_a_question_are_not_watched(client):
    make_platform("flickr", name="Flickr")
    text = client.get("/search", {"q": "flickr 500px"}).text
    assert "We do not watch 500px yet." in text


@pytest.mark.parametrize(
    ("prefix", "question", "sentence"),
    some(
        [
            ("", "which bank trains ai with customer data", "We watch no banks yet."),
            ("", "do toys that talk record my child", "We watch no toys yet."),
            (
                "/de",
                "welche bank trainiert ki mit kundendaten",
                "Wir beobachten noch keine Banken.",
            ),
            ("/de", "Spielzeug, das mithört", "Wir beobachten noch kein Spielzeug."),
            ("/fr", "ma banque en ligne", "Nous ne suivons encore aucune banque."),
            ("/fr", "jouet peluche qui parle", "Nous ne suivons encore aucun jouet."),
        ],
        3,
    ),
)
def test_a_kind_of_services_that_nobody_watches_is_said_to_be_one(
    client, prefix, question, sentence
):
    make_entry(make_platform("line", name="LINE"), title="A bank of customer data")
    main = page(client, question, prefix)
    assert said(main) == [sentence]
    assert main.select(f".notice a[href='{prefix}/report/platform']")
    assert "customer data" not in main.text


def test_each_kind_that_nobody_watches_has_its_sentence():
    assert set(unwatched_kinds().values()) == NONE_WATCHED.keys()


@pytest.mark.parametrize(
    ("prefix", "question", "category"),
    some(
        [
            ("", "which car makers use driving data", "vehicle"),
            ("", "are smart speakers always on", "device"),
            ("", "video games", "games"),
            ("/de", "autohersteller: welche nehmen unsere fahrdaten", "vehicle"),
            ("/de", "lautsprecher", "device"),
            ("/fr", "jeux video", "games"),
            ("/fr", "enceinte connectée dans le salon", "device"),
            ("/fr", "assistant vocal", "device"),
        ],
        3,
    ),
)
def test_words_for_a_kind_of_services_lead_to_those_of_that_kind(
    client, prefix, question, category
):
    for each in ("vehicle", "device", "games", "assistant"):
        make_platform(f"of-{each}", name="Zyx", category=each)
    main = page(client, question, prefix)
    (hit,) = main.select("section[aria-labelledby=platforms] .hit-title")
    assert hit["href"] == f"{prefix}/platforms/of-{category}"


def test_an_english_word_is_no_slip_of_a_service_but_may_be_one_alone(client):
    make_platform("claude", name="Claude")
    make_platform("salesforce", name="Salesforce")
    assert named(page(client, "which clause says so")) == []
    assert named(page(client, "salesforce training, which clause")) == ["salesforce"]
    assert named(page(client, "clause")) == ["claude"]


def test_a_plan_is_known_by_its_name_without_that_of_the_service(client):
    platform = make_platform(
        "deepl",
        name="DeepL",
        plans=[
            {"name": "DeepL Free", "people": ["personal"]},
            {"name": "DeepL Pro", "people": ["personal"], "paid": True},
        ],
    )
    make_state(make_use(platform, plans=["DeepL Free"]), "no-way-out")
    main = page(client, "deepl free vs pro do they keep our texts")
    names = [each.get_text(" ", strip=True) for each in main.select(".box-line")]
    assert len(names) == 2
    assert "Private messages" not in main.text


def test_minors_at_a_school_are_answered_for_on_its_plan_and_it_is_on_record(client):
    edu = {"name": "Edu", "people": ["organisation"], "paid": True, "kind": "education"}
    chat = make_platform("chat", name="Chat", plans=[edu])
    use = make_use(chat, people=["minors"])
    make_state(use, "unless-refused")
    make_state(make_branch(use, people=["organisation"], plans=["Edu"]), "not-used")
    main = page(client, "chat edu at school, pupils of 15")
    assert len(main.select(".box-line")) == 2
    assert "no record of a plan" not in main.text


@pytest.mark.parametrize(
    ("prefix", "question", "name"),
    [
        ("", "pottery corner", "pottery corner"),
        ("", "i upload thru distrokid", "DistroKid"),
        ("/fr", "Kahoot en classe : les données des élèves", "Kahoot"),
        ("", "flickr, i upload to distrokid", "DistroKid"),
        ("/de", "flickr, machen Banken das auch? Sparkasse", "Sparkasse"),
        ("/de", "welche schaut mir hier beim Gärtnern zu", None),
        ("/fr", "flickr, Kahoot en classe : les données des élèves", "Kahoot"),
    ],
)
def test_a_request_for_a_service_has_its_name_and_no_sentence(client, prefix, question, name):
    make_platform("flickr", name="Flickr")
    links = page(client, question, prefix).select("a[href*='/report/platform']")
    names = [parse_qs(urlsplit(link["href"]).query).get("name", [None])[0] for link in links]
    assert names == ([name] if name else [])
