"""A branch may be about fewer kinds of data than its use; pages tell no more of it."""

import pytest
from bs4 import BeautifulSoup

from tests.factories import make_branch, make_platform, make_state, make_use

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def tiktok():
    tiktok = make_platform("tiktok", name="TikTok")
    kinds = ["public-posts", "private-messages"]
    use = make_use(tiktok, slug="training", places=["US"], data_kinds=kinds)
    make_state(use, "no-way-out")
    make_state(make_use(make_platform("x"), data_kinds=["public-posts"]), "not-used")
    europe = make_branch(use, except_places=["US"], only_kinds=["public-posts"])
    make_state(europe, "unless-refused")


def words(client, address):
    page = BeautifulSoup(client.get(address).text, "lxml").main
    return page.get_text(" ", strip=True)


def compared(client, place):
    page = client.get(f"/compare?p=tiktok&p=x&place={place}").text
    rows = BeautifulSoup(page, "lxml").select("tbody tr")
    return {row.th.get_text(): row.td.get_text(" ", strip=True) for row in rows if row.td}


def test_compare_knows_nothing_of_kinds_that_the_branch_does_not_name(client):
    told = compared(client, "FR")
    assert told["Public posts"].startswith("Yes")
    assert "Yes" not in told.get("Private messages", "")
    assert compared(client, "US")["Private messages"].startswith("Yes")


def test_the_matrix_says_of_each_kind_what_its_branch_says(client):
    table = client.get("/matrix.csv?place=FR").text.splitlines()
    assert any("public-posts" in line and ",yes" in line for line in table)
    assert not any("private-messages" in line and ",yes" in line for line in table)


def test_the_card_names_the_kinds_of_the_branch(client):
    page = BeautifulSoup(client.get("/platforms/tiktok?place=FR").text, "lxml")
    card = page.select_one("#training .branch").get_text(" ", strip=True).lower()
    assert "public posts" in card
    assert "messages" not in card


def test_a_list_of_platforms_that_train_on_messages_leaves_it_out(client):
    question = "/search?q=who+trains+on+my+private+messages&place="
    assert "TikTok" in words(client, question + "US")
    assert "TikTok" not in words(client, question + "FR")


def test_the_api_has_the_kinds_of_each_branch(client):
    (use,) = client.get("/api/v1/uses?platform=tiktok").json()["items"]
    assert [branch["data_kinds"] for branch in use["branches"]] == [
        ["public-posts", "private-messages"],
        ["public-posts"],
    ]


def test_a_question_about_a_kind_of_data_begins_with_its_answer(client):
    question = "/answers?q=does+tiktok+train+on+my+private+messages"
    line = BeautifulSoup(client.get(question + "+in+france").text, "lxml").select_one(".box-line")
    told = line.get_text(" ", strip=True)
    first = "TikTok Private messages: We do not know: nothing on record"
    place = "Answers for people in France. Elsewhere: Your public posts train TikTok's models"
    assert told.startswith(f"{first} {place}")
    assert told.index("(US)") < told.index("All uses")
    assert "Private messages: " not in words(client, question + "+in+the+us")


def test_a_kind_of_data_of_which_nothing_is_on_record_is_not_told_like_the_others(client):
    line = words(client, "/answers?q=does+tiktok+train+on+my+photos")
    assert "Images and video: nothing on record" in line
    make_state(make_use(make_platform("photos", name="My Photos")), "unless-refused")
    assert "Images and video" not in words(client, "/answers?q=my+photos")
