"""Questions as people type them: with a place, with slips, with further words, about everybody."""

import pytest
from bs4 import BeautifulSoup

from tests.factories import (
    make_branch,
    make_control,
    make_entry,
    make_guide,
    make_platform,
    make_state,
    make_use,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def platforms():
    linkedin = make_platform("linkedin", name="LinkedIn", operator="LinkedIn (Microsoft)")
    use = make_use(linkedin, except_places=["GB"], data_kinds=["public-posts"])
    make_state(use, "unless-refused")
    make_state(make_branch(use, places=["GB"]), "not-used")
    make_state(make_branch(use, people=["minors"]), "not-used")
    make_state(make_branch(use, people=["organisation"], plans=["Recruiter"]), "no-way-out")
    make_guide(linkedin, make_control(use), minutes=1, slug="off-on-linkedin")
    for name in ("ChatGPT", "Facebook"):
        make_platform(name.lower(), name=name)
    for number in range(14):
        photos = make_use(make_platform(f"album-{number}"), data_kinds=["images-and-video"])
        make_state(photos, "unless-refused")
    make_entry(linkedin, title="LinkedIn answers a question of the Garante")


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


def test_a_place_that_somebody_chose_goes_before_the_one_in_the_question(client):
    assert "Yes" in found(client, "linkedin uk", place="DE").select_one(".hit .chip").text


@pytest.mark.parametrize(
    ("query", "name"),
    [("chat gtp", "ChatGPT"), ("face book", "Facebook"), ("linked in", "LinkedIn")],
)
def test_names_written_apart_and_with_slips_are_found(client, query, name):
    assert names(found(client, query)) == [name]


def test_a_question_about_everybody_leads_to_the_whole_list(client):
    page = found(client, "which apps train on my photos in germany")
    assert len(names(page, "trainers")) == 14


def test_a_question_about_no_kind_of_data_leads_to_all_that_train(client):
    page = found(client, "who trains AI by default")
    link = page.find("a", string="All platforms that train AI by default")
    assert link["href"].startswith("/platforms?figure=trains")


def test_further_words_lower_a_result_and_never_remove_it(client):
    page = found(client, "garante question zebra quince")
    assert "Garante" in page.select_one("section[aria-labelledby=changes]").text


def test_a_platform_that_is_found_has_its_way_out_as_a_button(client):
    button = found(client, "linkedin").select_one(".hit .button")
    assert button.text.startswith("Turn it off · 1 min")
    assert button["href"] == "/guides/off-on-linkedin#steps"


@pytest.mark.parametrize("address", ["/search", "/answers"])
@pytest.mark.parametrize(
    ("query", "answer"),
    [
        ("linkedin recruiter", "Yes"),
        ("my child is on linkedin", "No"),
        ("i'm 14, does linkedin train on me", "No"),
        ("my son is 14, linkedin", "No"),
        ("I administer LinkedIn for our company", "Yes, "),
        ("LinkedIn bei unserem Arbeitgeber", "Yes, "),
        ("does linkedin train outside the united kingdom", "Depends on your country"),
    ],
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
    adults = page.find("a", string="people with an account of their own")["href"]
    chip = BeautifulSoup(client.get(adults).text, "lxml").select_one(".hit .chip")
    assert chip.text == "Depends on your country"
