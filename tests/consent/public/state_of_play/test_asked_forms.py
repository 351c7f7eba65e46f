"""Questions for a form of the answer: a sheet for a class, a list to print, a table."""

import pytest
from bs4 import BeautifulSoup

from tests.factories import make_branch, make_platform, make_state, make_use
from tests.sweeps import in_turn, some

pytestmark = [pytest.mark.django_db, pytest.mark.few_cases]


@pytest.fixture(autouse=True)
def services():
    plans = [
        {"name": "Edu", "people": ["organisation"]},
        {"name": "Business", "people": ["organisation"]},
        {
            "name": "Teachers",
            "aliases": ["ChatGPT for Teachers"],
            "people": ["personal", "organisation"],
            "kind": "education",
        },
    ]
    for slug, name, of_plans in (("chatgpt", "ChatGPT", plans), ("gemini", "Google Gemini", [])):
        platform = make_platform(slug, name=name, plans=of_plans, aliases=[slug.title()])
        use = make_use(platform)
        make_state(use, "unless-refused")
        make_state(make_branch(use, people=["organisation"]), "not-used")
        if of_plans:
            make_state(make_branch(use, people=["minors"]), "unless-refused")
            make_state(make_branch(use, people=["personal"], plans=["Teachers"]), "not-used")


def asked(client, typed, prefix=""):
    response = client.get(f"{prefix}/answers", {"q": typed}, follow=True)
    assert response.status_code == 200
    return BeautifulSoup(response.text, "lxml").main


def plans_shown(page):
    return [answer.text for answer in page.select(".box-answer") if "Teachers" in answer.text]


@pytest.mark.parametrize(
    ("prefix", "typed"),
    some(
        [
            ("", "sheet for teachers ChatGPT Gemini school accounts"),
            ("", "sheet to print for my pupils with chatgpt and gemini"),
            ("", "handout for my class about chatgpt and gemini"),
            ("", "for teachers: chatgpt, gemini"),
            ("", "letter to parents from a teacher: ChatGPT, Gemini"),
            ("/de", "Blatt für Lehrer ChatGPT Gemini Schulkonten"),
            ("/de", "Blatt zum Ausdrucken für meine Schüler mit ChatGPT und Gemini"),
            ("/de", "Merkblatt für meine Klasse zu ChatGPT und Gemini"),
            ("/de", "Merkblatt ChatGPT Gemini Schulkonto"),
            ("/de", "Elternbrief der Schule, ChatGPT, Gemini"),
            ("/fr", "fiche pour les enseignants, chatgpt et gemini"),
            ("/fr", "fiche à imprimer pour mes élèves sur ChatGPT et Gemini"),
            ("/fr", "lettre aux parents d'élèves, ChatGPT, Gemini"),
        ],
        5,
    ),
)
def test_a_sheet_for_a_class_is_that_of_teachers_with_the_services(client, prefix, typed):
    page = asked(client, typed, prefix)
    sheet = page.select_one(".answers-sheet a")["href"]
    assert sheet.startswith(f"{prefix}/for/teachers?p=chatgpt&p=gemini")
    assert {name.text for name in page.select(".box-name")} == {"ChatGPT", "Google Gemini"}
    assert not plans_shown(page)
    assert not page.select(".notice")


@pytest.mark.parametrize(
    ("prefix", "typed"),
    [
        ("", "school accounts chatgpt gemini"),
        ("/de", "Schulkonten ChatGPT Gemini"),
        ("/fr", "comptes de l'école ChatGPT Gemini"),
    ],
)
def test_accounts_of_a_school_are_answered_as_such(client, prefix, typed):
    page = asked(client, typed, prefix)
    assert page.select_one(".answers-sheet a")["href"].endswith("people=organisation")
    plans = [link.text for link in page.select("a[href*='/platforms/'][href*='plan=']")]
    assert plans == ["Edu"]  # none for companies, and not that of a teacher's own account


@pytest.mark.parametrize(
    "typed",
    [
        "ChatGPT Teachers",
        "ChatGPT for Teachers",
        "chatgpt teachers plan",
        "is ChatGPT for teachers safe",
        "does the teachers version of chatgpt train",
    ],
)
def test_a_plan_for_teachers_is_one_where_it_is_called_so(client, typed):
    assert plans_shown(asked(client, typed))


@pytest.mark.parametrize(
    ("typed", "prefix", "form"),
    in_turn(
        ("ChatGPT, Gemini, {}", "ChatGPT, Gemini: {}", "chatgpt gemini {}"),
        [
            *(
                ("", form)
                for form in ("side by side", "sheet to print", "as a table", "a printable list")
            ),
            *(
                ("", form)
                for form in ("to print", "pdf please", "summary", "letter", "short overview")
            ),
            *(
                ("/de", form)
                for form in ("nebeneinander", "Liste zum Ausdrucken", "als Tabelle", "Merkblatt")
            ),
            *(("/de", form) for form in ("zum Drucken", "Übersicht als PDF", "Brief")),
            *(
                ("/fr", form)
                for form in ("côte à côte", "fiche à imprimer", "en tableau", "une liste")
            ),
            *(("/fr", form) for form in ("à imprimer", "résumé", "lettre", "comparatif")),
        ],
    ),
)
def test_words_for_a_form_of_the_answer_name_no_service(client, typed, prefix, form):
    make_state(make_use(make_platform("airtable", name="Airtable")), "not-used")
    page = asked(client, typed.format(form), prefix)
    assert not page.select(".notice")
    assert [name.text for name in page.select(".box-name")] == ["ChatGPT", "Google Gemini"]


@pytest.mark.parametrize(
    ("prefix", "typed", "first"),
    some(
        [
            ("", "chatgpt, gemini side by side", "/compare?"),
            ("", "a table of chatgpt and gemini", "/compare?"),
            ("/de", "ChatGPT und Gemini nebeneinander", "/de/compare?"),
            ("/fr", "ChatGPT et Gemini côte à côte", "/fr/compare?"),
            ("", "chatgpt and gemini, list to print", "/checklist?"),
            ("/de", "ChatGPT, Gemini: Liste zum Ausdrucken", "/de/checklist?"),
            ("/fr", "ChatGPT et Gemini, une liste à imprimer", "/fr/checklist?"),
        ],
        few=3,
    ),
)
def test_the_form_that_is_asked_for_is_linked_first(client, prefix, typed, first):
    page = asked(client, typed, prefix)
    (link,) = page.select(".answers-sheet a")
    assert link["href"].startswith(f"{first}p=chatgpt&p=gemini")
    assert client.get(link["href"]).status_code == 200


@pytest.mark.parametrize(
    ("prefix", "typed"), [("", "my resume on chatgpt"), ("/fr", "mon CV, chatgpt")]
)
def test_a_curriculum_is_no_form_of_an_answer(client, prefix, typed):
    page = asked(client, typed, prefix)
    assert not page.select(".answers-sheet")


def test_a_summary_in_french_is_no_curriculum(client):
    page = asked(client, "un résumé pour chatgpt et gemini", "/fr")
    assert "Profil" not in page.text
    assert page.select_one(".answers-sheet a")["href"].startswith("/fr/checklist?")


def test_a_name_that_nobody_knows_is_said_to_be_unknown_beside_a_form(client):
    page = asked(client, "ChatGPT, Gemini, Blubbrix, list to print")
    assert [notice.strong.text for notice in page.select(".notice")] == [
        "We know no service called “Blubbrix”."
    ]


@pytest.mark.parametrize(
    ("prefix", "typed"),
    some(
        [
            ("", "my daughter is 15 and uses chatgpt"),
            ("", "15 yo on chatgpt, is it learning from her chats"),
            ("/de", "Meine Tochter ist 15 und nutzt ChatGPT"),
            ("/fr", "ma fille a 15 ans et utilise ChatGPT"),
            ("", "ten year old on chatgpt"),
            ("", "is chatgpt all right for a twelve-year-old"),
            ("/de", "Zehnjährige nutzt ChatGPT"),
            ("/de", "Er ist elf Jahre alt und nutzt ChatGPT"),
        ],
        4,
    ),
)
def test_a_child_at_home_is_shown_no_plan_for_schools(client, prefix, typed):
    page = asked(client, typed, prefix)
    assert not page.select("a[href*='plan=']")
    sheets = [link["href"] for link in page.select(".views a") if "/for/" in link["href"]]
    assert sheets[0].startswith(f"{prefix}/for/parents?")


@pytest.mark.parametrize(
    "typed", ["chatgpt ten years ago", "chatgpt is two years old", "zehn Jahre ChatGPT"]
)
def test_years_that_are_no_age_name_no_minors(client, typed):
    assert "/for/parents" not in str(asked(client, typed))


def test_the_page_of_a_service_shows_minors_no_plan_for_schools(client):
    page = BeautifulSoup(client.get("/platforms/chatgpt?people=minors").text, "lxml").main
    assert "/for/parents" in str(page)
    assert "Plans meant for this" not in page.text


def test_a_pupil_with_an_account_of_the_school_is_shown_them(client):
    page = asked(client, "my daughter uses chatgpt with her school account")
    assert "Edu" in [link.text for link in page.select("a[href*='plan=']")]
