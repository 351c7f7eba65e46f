"""Questions about no service lead to the list, the timeline or the checklist that answers them."""

import datetime as dt

import pytest
from bs4 import BeautifulSoup
from django.utils import timezone

from consent.vocabulary import Effect
from tests.factories import make_entry, make_platform, make_state, make_use

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def platforms():
    trains = make_platform("chirp", name="Chirp")
    last_month = timezone.localdate() - dt.timedelta(days=40)
    turned_on = make_entry(trains, title="Chirp turns it on", effective_on=last_month)
    opened = {"starts_on": last_month, "opened_by": turned_on}
    use = make_use(trains, data_kinds=["public-posts"])
    make_state(use, "not-used")
    make_state(use, "unless-refused", **opened)
    make_state(make_use(make_platform("quiet", name="Quiet")), "not-used")
    enforcement = {"effects": [Effect.REGULATOR_ACTION.value], "topic": "enforcement"}
    make_entry(trains, title="The Garante acts", places=["IT"], **enforcement)
    make_entry(trains, title="Canada acts", places=["CA"], **enforcement)


def asked(client, typed, prefix=""):
    page = client.get(f"{prefix}/answers", {"q": typed}, follow=True)
    assert page.status_code == 200
    return BeautifulSoup(page.text, "lxml").main


def lead(client, typed, prefix=""):
    links = asked(client, typed, prefix).select(".lead-on a")
    return links[0]["href"] if links else ""


@pytest.mark.parametrize(
    ("prefix", "typed"),
    [
        ("", "Which apps do not train on my data?"),
        ("", "services that don't train AI"),
        ("", "platforms without training"),
        ("", "who does not train on what I write"),
        ("/de", "Welche Apps trainieren nicht mit meinen Daten?"),
        ("/de", "Dienste ohne KI-Training"),
        ("/fr", "Quelles applis n'entraînent pas d'IA ?"),
    ],
)
def test_who_does_not_train_is_the_list_of_those_that_do_not(client, prefix, typed):
    assert lead(client, typed, prefix) == f"{prefix}/platforms?figure=no"
    assert not asked(client, typed, prefix).select("a[href*='figure=trains']")


@pytest.mark.parametrize(
    "typed",
    [
        "Why does Chirp not train?",
        "which platforms train",
        "I want chirp to not train on me",
        "how do I train a model",
    ],
)
def test_other_questions_do_not_lead_to_the_list_of_those_that_do_not(client, typed):
    assert "figure=no" not in lead(client, typed)


@pytest.mark.parametrize(
    ("prefix", "typed"),
    [
        ("", "opt out of everything"),
        ("", "opt out of all"),
        ("", "how can I opt out everywhere at once"),
        ("/de", "überall widersprechen"),
        ("/fr", "tout refuser"),
    ],
)
def test_refusing_everything_leads_to_the_checklist(client, prefix, typed):
    assert lead(client, typed, prefix) == f"{prefix}/checklist"


@pytest.mark.parametrize(
    ("prefix", "typed"),
    [
        ("", "Which platforms switched training on for everybody in the last twelve months"),
        ("", "who turned training on in the past 12 months?"),
        (
            "/de",
            "Wer hat in den letzten zwölf Monaten das Training eingeschaltet?",
        ),
        ("/fr", "Qui a commencé à entraîner ces douze derniers mois ?"),
    ],
)
def test_what_was_turned_on_is_that_view_of_the_timeline_with_its_changes(client, prefix, typed):
    page = asked(client, typed, prefix)
    link = page.select_one(".lead-on a")
    since = timezone.localdate().replace(year=timezone.localdate().year - 1)
    assert link["href"].startswith(f"{prefix}/timeline?turned=on&since={since}")
    assert link.text.endswith("1")
    assert "Chirp turns it on" in page.text
    assert "We did not understand" not in page.text


def test_a_month_alone_leads_to_its_changes(client):
    assert lead(client, "July 2024") == "/timeline?since=2024-07-01&until=2024-07-31"
    of_germany = "/timeline?since=2025-01-01&until=2025-12-31&place=DE"
    assert lead(client, "what changed in Germany in 2025") == of_germany


@pytest.mark.parametrize(
    ("typed", "acted", "not_there"),
    [
        ("which regulators acted in the EU", "The Garante acts", "Canada acts"),
        ("regulators in Canada", "Canada acts", "The Garante acts"),
        ("Welche Behörden handelten in Italien", "The Garante acts", "Canada acts"),
    ],
)
def test_authorities_of_a_place_are_those_of_that_place(client, typed, acted, not_there):
    page = asked(client, typed)
    cases = page.select_one("[aria-labelledby=cases]")
    assert acted in cases.text
    assert not_there not in cases.text
    assert "place=" in cases.select("p a")[-1]["href"]


def test_authorities_of_europe_are_those_of_the_uk_and_switzerland_too(client):
    act = {"topic": "enforcement", "effects": ["regulator-action"]}
    make_entry(make_platform("quark"), title="The ICO acts", places=["GB"], **act)
    cases = asked(client, "which regulators acted in Europe").select_one("[aria-labelledby=cases]")
    assert {row.text.strip() for row in cases.select("h3")} == {"The Garante acts", "The ICO acts"}


@pytest.mark.parametrize("typed", ["Chirp US", "chirp in the US", "Chirp, US"])
def test_us_in_capitals_is_the_place(client, typed):
    page = asked(client, typed)
    assert page.select_one("select[name=place] option[selected]")["value"] == "US"


@pytest.mark.parametrize(
    "typed",
    ["tell us about Chirp", "does chirp train on us", "CHIRP TELL US", "Chirp a-t-il eu tort"],
)
def test_us_is_no_place_among_other_words(client, typed):
    page = asked(client, typed)
    chosen = page.select_one("select[name=place] option[selected]")
    assert chosen is None or not chosen["value"]


@pytest.mark.parametrize("typed", ["claude pro 2024", "Chirp Pro", "Chirp plus ou moins"])
def test_the_name_of_a_plan_makes_no_question_french(client, typed):
    page = BeautifulSoup(client.get("/search", {"q": typed}).text, "lxml")
    links = page.main.find_all("a", string="Cette page en français")
    assert bool(links) == ("ou" in typed.split())
