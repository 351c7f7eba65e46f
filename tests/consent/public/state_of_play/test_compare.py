"""Platforms side by side: /compare and its form, as people choose and read them."""

import csv
import io

import pytest
from bs4 import BeautifulSoup

from platforms.models import Platform
from tests.factories import (
    make_branch,
    make_control,
    make_guide,
    make_platform,
    make_state,
    make_use,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def platforms():
    x = make_platform("x", name="X", aliases=["Twitter"], category="social")
    poe = make_platform("poe", name="Poe", category="social")
    posts = make_use(x, title="Your posts train Grok", data_kinds=["public-posts"])
    make_state(posts, "unless-refused")
    make_guide(x, make_control(posts, label="Allow Grok"), minutes=2)
    chats = make_use(poe, title="Your chats train Poe", data_kinds=["chats"])
    make_state(chats, "no-way-out")
    make_platform("bare", name="Bare", category="media")


def opened(client, address):
    response = client.get(address, follow=True)
    assert response.status_code == 200
    return BeautifulSoup(response.text, "lxml")


def rows(page):
    """Return the table by the heads of its rows."""
    return {
        row.th.get_text(): [cell.get_text(" ", strip=True) for cell in row.select("td")]
        for row in page.select(".compared-platforms tbody tr")
    }


def test_names_that_are_typed_lead_to_an_address_with_the_choice(client):
    matrix = opened(client, "/matrix?place=DE&category=assistant&asof=2026-01-01")
    (link,) = matrix.select('main a[href^="/compare"]')
    assert link["href"] == "/compare?place=DE&asof=2026-01-01"
    form = opened(client, "/compare?place=DE").select_one("form.compare-form")
    fields = [(field["name"], "") for field in form.select("input:not([type=hidden])")]
    kept = [(field["name"], field["value"]) for field in form.select("input[type=hidden]")]
    assert [name for name, _ in fields] == ["p"] * 5
    typed = {"p": ["twitter", "Poe", "", "", ""], **dict(kept)}
    response = client.get(form["action"], typed)
    assert (response.status_code, response["Location"]) == (302, "/compare?p=x&p=poe&place=DE")


def test_each_column_has_the_answer_the_way_out_and_what_happens_by_kind_of_data(client):
    page = opened(client, "/compare?p=x&p=poe&p=bare")
    heads = [head.get_text() for head in page.select(".compared-platforms thead th")]
    assert heads == ["X", "Poe", "Bare"]
    table = rows(page)
    assert table["Trains AI on your data?"][:2] == [
        "Yes, unless you opt out",
        "Yes, and there is no way out",
    ]
    assert "2 minutes" in table["How to refuse"][0]
    assert "Your posts train Grok unless you refuse" in table["Public posts"][0]
    assert table["Public posts"][1:] == ["nothing on record"] * 2
    assert "Your chats train Poe" in table["Chats"][1]


def test_kinds_of_data_with_one_answer_are_one_row(client):
    for slug in ("jay", "wren"):
        use = make_use(make_platform(slug), data_kinds=["chats", "files", "voice"])
        make_state(use, "unless-refused")
    make_state(make_use(Platform.objects.get(slug="wren"), data_kinds=["voice"]), "no-way-out")
    table = rows(opened(client, "/compare?p=jay&p=wren"))
    assert [*table][4:] == ["Chats, files", "Voice"]


def test_one_platform_is_offered_others_of_its_kind(client):
    page = opened(client, "/compare?p=x&place=DE")
    (link,) = page.select('section[aria-labelledby="others"] a')
    assert link["href"] == "/compare?p=x&p=poe&place=DE"
    assert len(rows(opened(client, link["href"]))["Chats"]) == 2


def test_a_name_that_nobody_has_is_said_and_leads_to_the_search(client):
    page = opened(client, "/compare?p=x&p=<giraffe>")
    assert "<giraffe>" in page.select_one(".error-summary").get_text()
    assert [field["value"] for field in page.select('input[list="compare-names"]')][:2] == [
        "X",
        "<giraffe>",
    ]


def test_of_more_than_five_the_first_five_are_shown_and_each_once(client):
    slugs = [make_platform(f"p{number}", name=f"P{number}").slug for number in range(6)]
    response = client.get("/compare", {"p": ["p0", *slugs]})
    assert response["Location"] == "/compare?p=p0&p=p1&p=p2&p=p3&p=p4"


def test_pages_of_platforms_and_the_search_lead_here(client):
    for address, query in (("/platforms/x?place=DE", "p=x&place=DE"), ("/search?q=poe", "p=poe")):
        assert opened(client, address).select_one(f'a[href="/compare?{query}"]'), address
    page = opened(client, "/search?q=x+or+poe")
    assert page.select_one('a[href="/compare?p=x&p=poe"]')


def test_as_csv_it_has_the_columns_of_the_matrix(client):
    link = opened(client, "/compare?p=x&p=poe").select_one('a[href^="/compare.csv"]')["href"]
    read = list(csv.DictReader(io.StringIO(client.get(link).text)))
    assert {row.pop("plan") for row in read} == {""}
    whole = list(csv.DictReader(io.StringIO(client.get("/matrix.csv").text)))
    assert read == sorted(whole, key=lambda row: row["platform"] != "X")
    assert client.get("/compare.csv?p=giraffe").status_code == 400


def test_ways_out_are_links_to_the_steps(client):
    page = opened(client, "/compare?p=x&p=poe")
    links = page.select(".compared-platforms a.button")
    assert [link.get_text().split(":")[0] for link in links] == ["Turn it off · 2 min"]
    assert links[0]["href"].endswith("#steps")


REFUSING = {
    "": (
        "How to refuse",
        [
            "There is no way out",
            "Nothing to refuse: the answer is no",
            "Nothing to refuse unless you agree",
            "Nothing to refuse unless your organisation agrees",
            "No way to refuse is on record",
        ],
    ),
    "/de": (
        "Wie Sie widersprechen",
        [
            "Widerspruch ist nicht möglich",
            "Kein Widerspruch nötig: Die Antwort ist Nein",
            "Kein Widerspruch nötig, solange Sie nicht zustimmen",
            "Kein Widerspruch nötig, solange Ihre Organisation nicht zustimmt",
            "Kein Weg zum Widersprechen ist verzeichnet",
        ],
    ),
    "/fr": (
        "Comment refuser",
        [
            "Aucun refus possible",
            "Rien à refuser\u00a0: la réponse est non",
            "Rien à refuser tant que vous n’acceptez pas",
            "Rien à refuser tant que votre organisation n’accepte pas",
            "Aucun moyen de refuser n’est consigné",
        ],
    ),
}


@pytest.mark.parametrize("prefix", REFUSING)
def test_where_nothing_can_be_refused_it_is_said_why(client, prefix):
    make_state(make_use(make_platform("mute", name="Mute")), "not-used")
    make_state(make_use(make_platform("ask", name="Ask")), "only-if-agreed")
    work = make_use(make_platform("work", name="Work"), people=["organisation"])
    make_state(work, "only-if-agreed")
    page = opened(client, f"{prefix}/compare?p=poe&p=mute&p=ask&p=work&p=bare")
    head, said = REFUSING[prefix]
    assert rows(page)[head] == said


def test_where_it_is_on_in_some_places_alone_without_a_way_out_it_is_said_where(client):
    some = make_use(make_platform("some", name="Some"))
    some.branches.update(places=["US"])
    make_state(some, "no-way-out")
    make_state(make_branch(some, except_places=["US"]), "not-used")
    told = rows(opened(client, "/compare?p=some&p=x"))["How to refuse"][0]
    assert told == "Where it is on, there is no way out"


def test_a_row_about_a_use_of_one_platform_says_nothing_of_the_others(client):
    x = Platform.objects.get(slug="x")
    make_state(make_use(x, short={"en": "health chats"}), "only-if-agreed")
    told = rows(opened(client, "/compare?p=x&p=poe"))["Health chats"]
    assert told == ["Only if you agree", "no such use on record"]
    x.plans = [
        {"name": "Free", "people": ["personal"]},
        {"name": "Work", "people": ["organisation"]},
    ]
    x.save()
    told = rows(opened(client, "/compare?p=x&plan=Free&plan=Work"))["Health chats"]
    assert told == ["Only if you agree", "nothing on record"]


def test_what_is_not_on_record_is_said_to_be_no_promise(client):
    note = "does not mean that this data is not used"
    assert note in opened(client, "/compare?p=x&p=poe").main.text
    chats = make_use(make_platform("talk", name="Talk"), data_kinds=["chats"])
    make_state(chats, "not-used")
    assert note not in opened(client, "/compare?p=talk&p=poe").main.text


def columns_of(page):
    heads = [head.get_text() for head in page.select(".compared-platforms thead th")]
    return dict(zip(heads, rows(page)["Trains AI on your data?"], strict=True))


def test_two_plans_of_one_platform_are_compared_by_its_form(client):
    use = Platform.objects.get(slug="x").uses.get()
    make_state(make_branch(use, people=["organisation"], plans=["Business"]), "not-used")
    make_state(make_branch(use, plans=["Premium"]), "no-way-out")
    form = opened(client, "/compare?p=x").select_one('form:has([name="plan"])')
    offered = {option.get_text() for option in form.select("select[name=plan] option")}
    assert offered >= {"Business", "Premium"}
    chosen = fields_of_form(form) | {"plan": ["Premium", "Business"]}
    response = client.get(form["action"], chosen)
    page = BeautifulSoup(response.text, "lxml")
    assert columns_of(page) == {
        "X · Premium": "Yes, and there is no way out",
        "X · Business": "No",
    }
    (premium, business) = page.select(".compared-platforms thead a")
    assert premium["href"] == "/platforms/x?plan=Premium"
    assert rows(page)["Public posts"][1].startswith("No")
    for each in opened(client, "/compare?p=x&plan=Premium").select("section .views a"):
        assert client.get(each["href"]).status_code == 200
    hidden = page.select("form:has([list=compare-names]) input[type=hidden]")
    assert "plan" not in {field["name"] for field in hidden}
    assert opened(client, business["href"]).select_one("option[selected][value=Business]")


def test_two_places_of_one_platform_are_compared_by_their_names(client):
    use = make_use(make_platform("z", name="Z"), except_places=["DE"], data_kinds=["chats"])
    make_state(use, "unless-refused")
    make_state(make_branch(use, places=["DE"]), "not-used")
    form = opened(client, "/de/compare?p=z").select_one('form:has([name="place"][list])')
    chosen = fields_of_form(form) | {"place": ["Deutschland", "Frankreich"]}
    page = BeautifulSoup(client.get(form["action"], chosen).text, "lxml")
    heads = [head.get_text() for head in page.select(".compared-platforms thead th")]
    assert heads == ["Z · Deutschland", "Z · Frankreich"]
    germany, france = page.select(".compared-platforms tbody tr:first-child td")
    assert "Nein" in germany.text
    assert "Ja" in france.text


def test_a_plan_that_the_platform_does_not_have_is_refused(client):
    response = client.get("/compare", {"p": "x", "plan": ["Gold", "Silver"]})
    assert response.status_code == 400
    assert "Gold" in response.text


def fields_of_form(form):
    return {field["name"]: field["value"] for field in form.select("input[type=hidden]")}


def test_an_empty_comparison_leads_to_sets_that_people_weigh(client):
    make_platform("bluesky", name="Bluesky")
    page = opened(client, "/compare")
    sets = {link.get_text(): link["href"] for link in page.select(".compare-sets a")}
    assert sets["X, Bluesky"] == "/compare?p=x&p=bluesky"
    assert rows(opened(client, sets["X, Bluesky"]))


def test_an_unknown_name_never_keeps_back_the_others(client):
    page = opened(client, "/compare?p=x&p=poe&p=xyzzyplugh")
    assert "xyzzyplugh" in page.select_one("[role=alert]").get_text()
    assert rows(page)


def test_each_answer_names_its_platform_for_screens_where_they_are_below_each_other(client):
    page = opened(client, "/compare?p=x&p=poe")
    for row in page.select(".compared-platforms tbody tr"):
        assert [cell["data-platform"] for cell in row.select("td")] == ["X", "Poe"]
