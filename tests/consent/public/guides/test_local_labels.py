"""What the product calls a control in the language of the page stands beside the English words."""

import pytest
from bs4 import BeautifulSoup
from django.utils import translation

from consent.ledger.facts import act_facts
from consent.ledger.verdict_words import act_words
from tests.factories import make_control, make_guide, make_platform, make_state, make_use

pytestmark = pytest.mark.django_db

GERMAN = {
    "label": "Das Modell für alle verbessern",
    "path": "Einstellungen › Datenkontrollen › Das Modell für alle verbessern",
    "source": "https://news.example/anleitung",
}


@pytest.fixture
def control():
    use = make_use(make_platform("x", name="X"), slug="posts")
    make_state(use)
    control = make_control(use, label="Improve the model for everyone", labels={"de": GERMAN})
    make_guide(control.platform, control, slug="x-off")
    return control


PAGES = ("/platforms/x", "/guides/x-off", "/checklist?p=x")


@pytest.mark.parametrize("path", PAGES)
def test_german_pages_name_the_german_label_with_the_english_one(client, control, path):
    page = BeautifulSoup(client.get(f"/de{path}").content, "lxml").main
    text = " ".join(page.get_text(" ", strip=True).split())
    assert GERMAN["label"] in text
    assert "Improve the model for everyone" in text
    assert page.select_one('[lang="en"]:-soup-contains("Improve the model for everyone")')
    (item,) = (each for each in page.select("li") if each.get_text().startswith("Deutsch: "))
    assert GERMAN["path"] in item.get_text()
    assert item.a["href"] == GERMAN["source"]


@pytest.mark.parametrize("path", PAGES)
def test_the_english_menus_beside_the_german_ones_are_called_so(client, control, path):
    def menus(address):
        page = BeautifulSoup(client.get(address).content, "lxml").main
        return [" ".join(each.parent.text.split()) for each in page.select(".menu-path")]

    assert menus(f"/de{path}")[-1].endswith("Training (auf Englisch)")
    assert not any("auf Englisch" in each for each in menus(f"/de{path}")[:-1])
    assert not any("English" in each for each in menus(path))
    assert not any("anglais" in each for each in menus(f"/fr{path}"))


def test_a_regulator_is_named_in_the_language_of_the_page_where_its_page_has_it(client, control):
    def regulators(address):
        page = BeautifulSoup(client.get(address).content, "lxml").main
        item = page.select_one('#cannot-find ~ ul a[href*="edpb"]').parent
        return item.select_one("a")["href"][-3:], " ".join(item.text.split())

    language, said = regulators("/de/guides/x-off")
    assert language == "_de"
    assert said.endswith(
        "EU und EWR, Vereinigtes Königreich (auf Englisch), anderswo (auf Englisch)."
    )
    language, said = regulators("/guides/x-off")
    assert (language, "in English" in said) == ("_en", False)


@pytest.mark.parametrize("path", PAGES)
def test_english_pages_name_the_english_label_alone(client, control, path):
    assert GERMAN["label"] not in client.get(path).text


def test_a_language_without_a_label_shows_the_english_one(control):
    with translation.override("fr"):
        assert GERMAN["label"] not in act_words(act_facts(control))
    control.labels["fr"] = GERMAN | {"label": "Améliorer le modèle pour tous"}
    with translation.override("fr"):
        assert "Améliorer le modèle pour tous" in act_words(act_facts(control))


def test_an_act_has_both_labels_in_text(control):
    with translation.override("de"):
        words = act_words(act_facts(control))
    assert "„Das Modell für alle verbessern“ („Improve the model for everyone“)" in words


def test_programs_get_the_labels_of_all_languages(client, control):
    (item,) = client.get("/api/v1/controls").json()["items"]
    assert item["labels"] == [{"language": "de"} | GERMAN]
